#include "cli/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_LEAST = 20, COLUMNS_MOST = 10000 };

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The locale's name, rather than the locale: that may not be installed. */
static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = environment(names[i]);
        if (value != NULL)
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

static size_t columns(bool is_terminal)
{
    struct winsize size;
    const char *given = environment("COLUMNS");
    unsigned long n = given != NULL ? strtoul(given, NULL, 10) : 0;
    if (n >= COLUMNS_LEAST && n <= COLUMNS_MOST)
        return n;
    if (!is_terminal)
        return SIZE_MAX;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_LEAST;
    return known ? size.ws_col : 80;
}

struct terminal terminal_of_output(void)
{
    bool is_terminal = isatty(STDOUT_FILENO) != 0;
    const char *term = environment("TERM");
    bool is_dumb = term == NULL || strcmp(term, "dumb") == 0;
    return (struct terminal){.colour = is_terminal && !is_dumb && environment("NO_COLOR") == NULL,
                             .utf8 = is_utf8(),
                             .columns = columns(is_terminal)};
}

void terminal_style(const struct terminal *t, enum terminal_style style, struct buf *out)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "", [STYLE_BOLD] = "1",      [STYLE_DIM] = "2",   [STYLE_GOOD] = "32",
        [STYLE_BAD] = "31", [STYLE_DOUBTFUL] = "33", [STYLE_LINK] = "34",
    };
    if (t->colour && style != STYLE_PLAIN)
        buf_printf(out, "\033[%sm", codes[style]);
}

void terminal_plain(const struct terminal *t, enum terminal_style style, struct buf *out)
{
    if (t->colour && style != STYLE_PLAIN)
        buf_text(out, "\033[0m");
}

const char *terminal_dots(const struct terminal *t)
{
    return t->utf8 ? "\xE2\x80\xA6" : "...";
}
