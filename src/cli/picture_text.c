#include "cli/picture.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/label.h"

/* A tree from each root, in which a certificate is drawn with all that hangs on it where it is
 * nearest to a root; elsewhere it is only named. */

enum {
    STEP = 3,         /* columns that one level is further to the right */
    LABEL_LEAST = 24, /* columns that are left for names, however deep it is */
};

struct lines {
    const char *branch, *last, *down, *line, *broken, *arrow, *bullet;
};

static const struct lines drawn = {"├", "└", "│", "─", "╌", "→", "●"};
static const struct lines ascii = {"|", "`", "|", "-", ".", ">", "*"};

struct tree {
    const struct picture *picture;
    const struct terminal *terminal;
    const struct lines *lines;
    struct buf *out;
    struct buf prefix;               /* of the lines under the current one */
    const struct picture_edge **way; /* to each node the one under which it is drawn */
    size_t *queue;                   /* nodes in the order in which they are reached */
    size_t n_queued;
    bool *reached; /* for each node */
    bool *twin;    /* for each node: another has the same name */
};

static enum terminal_style style_of(enum picture_state s)
{
    static const enum terminal_style styles[] = {
        [PICTURE_ROOT] = STYLE_BOLD,    [PICTURE_INTRODUCER] = STYLE_LINK,
        [PICTURE_REACHED] = STYLE_GOOD, [PICTURE_PARTLY] = STYLE_DOUBTFUL,
        [PICTURE_MISSED] = STYLE_BAD,   [PICTURE_PLAIN] = STYLE_PLAIN,
        [PICTURE_INVALID] = STYLE_BAD,  [PICTURE_ABSENT] = STYLE_DIM,
    };
    return styles[s];
}

static void styled(const struct tree *t, enum terminal_style style, struct slice text)
{
    terminal_style(t->terminal, style, t->out);
    buf_bytes(t->out, text);
    terminal_plain(t->terminal, style, t->out);
}

static size_t columns_left(const struct tree *t, size_t used)
{
    size_t all = t->terminal->columns;
    return all == SIZE_MAX ? all : all > used + LABEL_LEAST ? all - used : LABEL_LEAST;
}

/* Behind the name: "[root]", "[60 of 120]", and how it is otherwise. */
static void add_standing(const struct tree *t, const struct picture_node *n, struct buf *out)
{
    enum picture_state s = picture_state_of(t->picture, n);
    if (n->cert->root > 0)
        buf_printf(out, n->cert->root < TRUST_FULL ? "[root for %u]" : "[root]", n->cert->root);
    else if (s == PICTURE_INVALID || s == PICTURE_ABSENT)
        buf_printf(out, "[%s]", picture_state_words(s));
    else if (n->is_judged)
        buf_printf(out, "[%u of %u]", n->amount, t->picture->asked);
}

static void add_remark(struct buf *remarks, struct slice text)
{
    if (text.len > 0 && remarks->len > 0)
        buf_text(remarks, ", ");
    buf_bytes(remarks, text);
}

/* What is said by the line that leads here, and which of several is meant. */
static void add_remarks(const struct tree *t, size_t node, const struct picture_edge *e, bool again,
                        struct buf *out)
{
    const struct picture_node *n = &t->picture->nodes.items[node];
    CLEANUP(buf_clear) struct buf details = BUF_EMPTY(SIZE_MAX), id = BUF_EMPTY(SIZE_MAX);
    if (e != NULL)
        picture_edge_details(t->picture, e, &details);
    if (t->twin[node] && n->name.len > 0)
        picture_short_id(n, &id);
    add_remark(out, buf_view(&id));
    add_remark(out, buf_view(&details));
    if (again)
        add_remark(out, SLICE_TEXT("drawn elsewhere"));
}

/* Remarks stand behind the name, or where that is too long on a line of their own. */
static void put_remarks(const struct tree *t, struct slice remarks, size_t room)
{
    CLEANUP(buf_clear) struct buf cut = BUF_EMPTY(SIZE_MAX);
    size_t indent = label_columns(buf_view(&t->prefix)) + STEP;
    if (label_columns(remarks) + 2 <= room) {
        buf_text(t->out, "  ");
        styled(t, STYLE_DIM, remarks);
        return;
    }
    label_cut(remarks, columns_left(t, indent), terminal_dots(t->terminal), &cut);
    buf_u8(t->out, '\n');
    buf_bytes(t->out, buf_view(&t->prefix));
    buf_fill(t->out, ' ', STEP);
    styled(t, STYLE_DIM, buf_view(&cut));
}

static void put_node(const struct tree *t, size_t node, const struct picture_edge *e, size_t used,
                     bool again)
{
    const struct picture_node *n = &t->picture->nodes.items[node];
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(SIZE_MAX), standing = BUF_EMPTY(SIZE_MAX),
                                  remarks = BUF_EMPTY(SIZE_MAX);
    size_t room = columns_left(t, used);
    add_standing(t, n, &standing);
    bool fits = room > LABEL_LEAST + standing.len + 1;
    if (!fits)
        add_remark(&remarks, buf_view(&standing));
    picture_label(n, fits && standing.len > 0 ? room - standing.len - 1 : room,
                  terminal_dots(t->terminal), &name);
    if (fits && standing.len > 0) {
        buf_u8(&name, ' ');
        buf_bytes(&name, buf_view(&standing));
    }
    add_remarks(t, node, e, again, &remarks);
    styled(t, style_of(picture_state_of(t->picture, n)), buf_view(&name));
    size_t columns = label_columns(buf_view(&name));
    if (remarks.len > 0)
        put_remarks(t, buf_view(&remarks), room > columns ? room - columns : 0);
    buf_u8(t->out, '\n');
}

static bool leads_on(const struct picture *p, size_t node)
{
    for (size_t i = 0; i < p->edges.n; i++) {
        if (p->edges.items[i].from == node)
            return true;
    }
    return false;
}

static bool is_before(const struct picture_edge *a, const struct picture_edge *b)
{
    if (a->flow > b->flow || a->flow < b->flow)
        return a->flow > b->flow;
    if (picture_edge_counts(a) != picture_edge_counts(b))
        return picture_edge_counts(a);
    return picture_edge_weight(a) > picture_edge_weight(b);
}

/* The edge that comes after `last` (NULL: the first) among those of a node: what carries most
 * comes first. */
static const struct picture_edge *next_edge(const struct picture *p, size_t node,
                                            const struct picture_edge *last)
{
    const struct picture_edge *best = NULL;
    for (size_t i = 0; i < p->edges.n; i++) {
        const struct picture_edge *e = &p->edges.items[i];
        bool after = last == NULL || is_before(last, e) || (!is_before(e, last) && e > last);
        if (e->from == node && e != last && after && (best == NULL || is_before(e, best)))
            best = e;
    }
    return best;
}

/* "├──60→ ".  Returns its columns. */
static size_t put_branch(const struct tree *t, const struct picture_edge *e, bool last)
{
    CLEANUP(buf_clear) struct buf amount = BUF_EMPTY(SIZE_MAX);
    const char *line = picture_edge_counts(e) ? t->lines->line : t->lines->broken;
    enum terminal_style style = e->flow > 0 ? STYLE_GOOD : STYLE_DIM;
    if (picture_edge_counts(e))
        picture_amount(picture_edge_weight(e), &amount);
    buf_text(t->out, last ? t->lines->last : t->lines->branch);
    terminal_style(t->terminal, style, t->out);
    for (size_t n = label_columns(buf_view(&amount)); n < 4; n++)
        buf_text(t->out, line);
    buf_bytes(t->out, buf_view(&amount));
    buf_text(t->out, t->lines->arrow);
    terminal_plain(t->terminal, style, t->out);
    buf_u8(t->out, ' ');
    return 3 + (amount.len > 4 ? amount.len : 4);
}

/* What hangs on a node.  As deep as the picture has nodes, of which there are few. */
static void put_tree(struct tree *t, size_t node)
{
    const struct picture *p = t->picture;
    const struct picture_edge *next = next_edge(p, node, NULL);
    size_t len = t->prefix.len, indent = label_columns(buf_view(&t->prefix));
    for (const struct picture_edge *e = next; e != NULL; e = next) {
        next = next_edge(p, node, e);
        bool here = t->way[e->to] == e, again = !here && leads_on(p, e->to);
        buf_bytes(t->out, slice_of(t->prefix.data, len));
        size_t used = indent + put_branch(t, e, next == NULL);
        if (t->terminal->columns == SIZE_MAX ||
            indent + STEP + LABEL_LEAST < t->terminal->columns) {
            buf_text(&t->prefix, next != NULL ? t->lines->down : " ");
            buf_fill(&t->prefix, ' ', STEP - 1);
        }
        put_node(t, e->to, e, used, again);
        if (here)
            put_tree(t, e->to);
        t->prefix.len = len;
    }
}

/* Finds the nearest way to all that can be reached from the start. */
static void reach(struct tree *t, size_t from)
{
    const struct picture *p = t->picture;
    for (; from < t->n_queued; from++) {
        for (size_t i = 0; i < p->edges.n; i++) {
            const struct picture_edge *e = &p->edges.items[i];
            if (e->from != t->queue[from] || t->reached[e->to])
                continue;
            t->reached[e->to] = true;
            t->way[e->to] = e;
            t->queue[t->n_queued++] = e->to;
        }
    }
}

static void add_start(struct tree *t, size_t node)
{
    if (t->reached[node])
        return;
    t->reached[node] = true;
    t->queue[t->n_queued++] = node;
}

static void put_start(struct tree *t, size_t node)
{
    if (t->way[node] != NULL)
        return;
    buf_text(t->out, t->lines->bullet);
    buf_u8(t->out, ' ');
    put_node(t, node, NULL, 2, false);
    put_tree(t, node);
}

static bool is_led_to(const struct picture *p, size_t node)
{
    for (size_t i = 0; i < p->edges.n; i++) {
        if (p->edges.items[i].to == node)
            return true;
    }
    return false;
}

static void find_twins(const struct picture *p, bool *twin)
{
    for (size_t i = 0; i < p->nodes.n; i++) {
        for (size_t j = i + 1; j < p->nodes.n; j++) {
            if (slice_equal(p->nodes.items[i].name, p->nodes.items[j].name))
                twin[i] = twin[j] = true;
        }
    }
}

/* Roots first, then what nothing leads to, then circles. */
static void reach_all(struct tree *t)
{
    const struct picture *p = t->picture;
    for (size_t i = 0; i < p->nodes.n; i++) {
        if (p->nodes.items[i].cert->root > 0)
            add_start(t, i);
    }
    reach(t, 0);
    size_t from = t->n_queued;
    for (size_t i = 0; i < p->nodes.n; i++) {
        if (!is_led_to(p, i))
            add_start(t, i);
    }
    reach(t, from);
    for (size_t i = 0; i < p->nodes.n; i++) {
        from = t->n_queued;
        add_start(t, i);
        reach(t, from);
    }
}

static err *tree_init(struct tree *t)
{
    size_t n = t->picture->nodes.n + 1;
    TRY(MEM_ARRAY(t->way, n));
    TRY(MEM_ARRAY(t->queue, n));
    TRY(MEM_ARRAY(t->reached, n));
    TRY(MEM_ARRAY(t->twin, n));
    find_twins(t->picture, t->twin);
    reach_all(t);
    return NULL;
}

static void tree_clear(struct tree *t)
{
    free(t->way);
    free(t->queue);
    free(t->reached);
    free(t->twin);
    buf_clear(&t->prefix);
}

err *picture_text(const struct picture *p, const struct terminal *terminal, struct buf *out)
{
    CLEANUP(buf_clear) struct buf note = BUF_EMPTY(SIZE_MAX);
    CLEANUP(tree_clear)
    struct tree t = {.picture = p,
                     .terminal = terminal,
                     .lines = terminal->utf8 ? &drawn : &ascii,
                     .out = out,
                     .prefix = BUF_EMPTY(SIZE_MAX)};
    TRY(tree_init(&t));
    for (size_t i = 0; i < t.n_queued; i++)
        put_start(&t, t.queue[i]);
    picture_cut_note(p, &note);
    if (note.len > 0) {
        styled(&t, STYLE_DOUBTFUL, buf_view(&note));
        buf_u8(out, '\n');
    }
    return buf_end(out);
}
