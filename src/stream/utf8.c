#include "stream/utf8.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { CHARACTER_MAX = 4 }; /* bytes of the longest character */

struct utf8 {
    struct source source;
    struct source *upstream;
    size_t checked; /* unread bytes that are known to be text */
};

/* Looks at what upstream shows, beyond what is checked.  The last character may go on
 * in what it shows next. */
static err *check_view(struct utf8 *u, struct slice *text)
{
    u->checked = text_utf8_len(*text);
    if (u->checked > 0 || text->len == 0)
        return NULL;
    TRY(source_fill(u->upstream, CHARACTER_MAX, text));
    u->checked = text_utf8_len(*text);
    if (u->checked == 0)
        return err_new(ERR_EXPECTED_TEXT, "is no text: byte %llu is not UTF-8",
                       (unsigned long long)u->upstream->offset);
    return NULL;
}

/* Whoever reads word by word asks often: every byte is looked at once. */
static err *utf8_fill(struct source *s, struct slice *view)
{
    struct utf8 *u = (struct utf8 *)s;
    struct slice text;
    TRY(source_fill(u->upstream, 1, &text));
    if (u->checked == 0)
        TRY(check_view(u, &text));
    *view = slice_of(text.data, text.len < u->checked ? text.len : u->checked);
    return NULL;
}

static void utf8_consume(struct source *s, size_t n)
{
    struct utf8 *u = (struct utf8 *)s;
    u->checked -= n;
    source_consume(u->upstream, n);
}

static void utf8_close(struct source *s)
{
    source_close(((struct utf8 *)s)->upstream);
    free(s);
}

static const struct source_ops utf8_ops = {"utf8", utf8_fill, utf8_consume, utf8_close};

err *utf8_new(struct source *upstream, struct source **out)
{
    struct utf8 *u = NULL;
    if (MEM_NEW(u) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    source_init(&u->source, &utf8_ops, upstream);
    u->upstream = upstream;
    *out = &u->source;
    return NULL;
}
