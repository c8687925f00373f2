/* terminal.h - what can be shown where the output goes. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct terminal {
    bool colour;    /* escape sequences for colours may be written */
    bool utf8;      /* the locale says so: lines can be drawn */
    size_t columns; /* SIZE_MAX: it is no terminal, and lines may be as long as they are */
};

/* Standard output: colours where it is a terminal, unless NO_COLOR is set or TERM is "dumb"; the
 * width from the terminal, or from COLUMNS. */
struct terminal terminal_of_output(void);

enum terminal_style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_GOOD,
    STYLE_DOUBTFUL,
    STYLE_BAD,
    STYLE_LINK,
};

/* What is appended between these has that style; nothing where there are no colours. */
void terminal_style(const struct terminal *t, enum terminal_style style, struct buf *out);
void terminal_plain(const struct terminal *t, enum terminal_style style, struct buf *out);

/* Dots that stand for what was cut. */
const char *terminal_dots(const struct terminal *t);

#endif
