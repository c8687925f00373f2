#include "cli/pathtext.h"

#include "base/text.h"
#include "cli/label.h"
#include "cli/trustwords.h"

enum { WORDS_LEAST = 20 /* columns */ };

/* The bytes of the first line, at most so wide unless its first word is wider. */
static size_t line_len(struct slice words, size_t columns)
{
    size_t len = 0;
    while (len < words.len) {
        size_t word = len + (len > 0);
        while (word < words.len && words.data[word] != ' ')
            word++;
        if (len > 0 && label_columns(slice_of(words.data, word)) > columns)
            break;
        len = word;
    }
    return len;
}

void pathtext_wrap(struct slice words, const char *prefix, const struct terminal *t,
                   struct buf *out)
{
    size_t used = label_columns(slice_of_string(prefix)), room = t->columns;
    if (room != SIZE_MAX)
        room = room > used + WORDS_LEAST ? room - used : WORDS_LEAST;
    while (words.len > 0) {
        size_t len = line_len(words, room);
        buf_text(out, prefix);
        buf_bytes(out, slice_of(words.data, len));
        buf_u8(out, '\n');
        words = slice_from(words, len + (len < words.len));
    }
}

static void put_cert(const struct trust_cert *c, struct slice name, bool ends,
                     const struct terminal *t, struct buf *out)
{
    enum terminal_style style = c->root > 0 ? STYLE_BOLD : ends ? STYLE_GOOD : STYLE_LINK;
    char fpr[FPR_TEXT_SIZE];
    size_t room = t->columns != SIZE_MAX ? t->columns - sizeof "* [root]" : SIZE_MAX;
    fingerprint_text(&c->fpr, fpr);
    buf_text(out, t->utf8 ? (ends ? "◎ " : "● ") : "* ");
    terminal_style(t, style, out);
    if (name.len > 0)
        label_user(name, room, terminal_dots(t), out);
    else
        buf_text(out, fpr);
    terminal_plain(t, style, out);
    if (c->root >= TRUST_FULL)
        buf_text(out, " [root]");
    else if (c->root > 0)
        buf_printf(out, " [root for %u]", c->root);
    buf_u8(out, '\n');
}

static void put_edge(const struct trust_edge *e, const struct terminal *t, struct buf *out)
{
    CLEANUP(buf_clear) struct buf words = BUF_EMPTY(SIZE_MAX);
    if (fingerprint_equal(&e->issuer->fpr, &e->subject->fpr))
        buf_text(&words, "says so itself");
    else
        trustwords_sentence(e, &words);
    pathtext_wrap(buf_view(&words), t->utf8 ? "│ " : "| ", t, out);
}

void pathtext_add(const struct trust_path *p, struct slice user_id, const struct terminal *t,
                  struct buf *out)
{
    put_cert(p->root, p->n_edges > 0 ? p->root->name : user_id, p->n_edges == 0, t, out);
    for (size_t i = 0; i < p->n_edges; i++) {
        bool ends = i + 1 == p->n_edges;
        const struct trust_cert *c = p->edges[i]->subject;
        put_edge(p->edges[i], t, out);
        put_cert(c, ends ? user_id : c->name, ends, t, out);
    }
}
