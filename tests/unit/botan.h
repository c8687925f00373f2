/* botan.h - Botan's .vec files of test cases: "[Section]" headings, "Key = value"
 * lines, comments with #.  A case ends with the line of a certain key. */
#ifndef TESTS_BOTAN_H
#define TESTS_BOTAN_H

#include "json.h"

struct botan_file {
    const char *path;
    const char *last; /* the key that ends a case */
    bool keeps;       /* the other keys hold for the following cases, too */
};

/* Every case.  The heading above it is the field "section".  All cases are
 * valid, save those with "Valid = 0". */
void botan_run(struct botan_file file, record_check *check, int variant, struct tally expected);

#endif
