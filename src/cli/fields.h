/* fields.h - shows the fields of packets: for people, with their bytes, and as JSON. */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "cli/report.h"
#include "packet/describe.h"

struct fields {
    struct report *report;
    bool hex;         /* show bytes, and what only holds fields together */
    unsigned nesting; /* of packets inside others */
    uint64_t at;      /* where the next field's bytes stand among the packets */
};

/* A describe_show; context is a struct fields. */
MUST_USE err *fields_show(void *context, const struct describe_field *f);

/* Blanks for what stands in `depth` others. */
void fields_indent(unsigned depth, char text[static 64]);

#endif
