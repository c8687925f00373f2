#include "pgp/regex.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

enum { STRAY = 0x110000 }; /* and an octet: one that is no UTF-8, so no character has that number */

/* An expression is a graph of nodes.  Some take a character of the text; the others are passed
 * without one. */
enum node_kind {
    NODE_ONE,   /* takes the character `value`, or its other case */
    NODE_ANY,   /* takes any character */
    NODE_IN,    /* takes one in `other` ranges, from the range `value` on */
    NODE_OUT,   /* takes one outside of them */
    NODE_PASS,  /* leads on */
    NODE_FORK,  /* leads to two nodes, `next` and `other` */
    NODE_BEGIN, /* leads on at the beginning of the text */
    NODE_END,   /* leads on at its end */
    NODE_MATCH, /* the expression has matched */
};

struct node {
    uint8_t kind;
    uint16_t next, other;
    uint32_t value;
};

struct range {
    uint32_t from, to;
};

struct regex {
    VEC(struct node) nodes;
    VEC(struct range) ranges;
    uint16_t start;

    /* For matching: room for each node, once something is matched. */
    uint64_t *reached_at; /* the turn in which a node was last reached */
    uint16_t *open;       /* reached in this turn, but not yet gone on from */
    uint16_t *takers;     /* reached in this turn; they wait for a character */
    uint64_t turn;
    size_t n_open, n_takers;
};

void regex_free(struct regex *r)
{
    if (r == NULL)
        return;
    vec_free(&r->nodes);
    vec_free(&r->ranges);
    free(r->reached_at);
    free(r->open);
    free(r->takers);
    free(r);
}

/* Takes the first character off a text that is not empty. */
static uint32_t take(struct slice *text)
{
    uint32_t c;
    size_t n = text_utf8_next(*text, &c);
    if (n == 0) {
        n = 1;
        c = (uint32_t)(STRAY + text->data[0]);
    }
    *text = slice_from(*text, n);
    return c;
}

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static uint32_t upper(uint32_t c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* Reading. */

/* A part of the graph: where it begins, and the node whose `next` will be what follows. */
struct part {
    uint16_t first, last;
};

/* What is being read, between parentheses or outside of all. */
struct level {
    struct part branches, branch, piece; /* branches: those before this one */
    bool has_branches, has_piece;
    bool may_repeat; /* the piece is an atom yet */
};

struct reading {
    struct regex *r;
    struct slice rest;
    VEC(struct level) levels;
};

static err *malformed(const char *why)
{
    return err_new(ERR_MALFORMED, "regular expression: %s", why);
}

static err *add_node(struct regex *r, struct node n, struct part *out)
{
    TRY(VEC_PUSH(&r->nodes, n));
    out->first = out->last = (uint16_t)(r->nodes.n - 1);
    return NULL;
}

static void lead(struct regex *r, uint16_t from, uint16_t to)
{
    r->nodes.items[from].next = to;
}

static struct level *top(struct reading *x)
{
    return &x->levels.items[x->levels.n - 1];
}

/* Begins a branch, with a node that leads on: it may be empty. */
static err *begin_branch(struct reading *x)
{
    struct level *l = top(x);
    l->has_piece = l->may_repeat = false;
    return add_node(x->r, (struct node){.kind = NODE_PASS}, &l->branch);
}

static err *open_level(struct reading *x)
{
    TRY(VEC_PUSH(&x->levels, (struct level){0}));
    return begin_branch(x);
}

static void end_piece(struct reading *x)
{
    struct level *l = top(x);
    if (!l->has_piece)
        return;
    lead(x->r, l->branch.last, l->piece.first);
    l->branch.last = l->piece.last;
    l->has_piece = false;
}

static err *end_branch(struct reading *x)
{
    struct level *l = top(x);
    struct part fork, join;
    end_piece(x);
    if (!l->has_branches) {
        l->branches = l->branch;
        l->has_branches = true;
        return NULL;
    }
    TRY(add_node(x->r, (struct node){.kind = NODE_PASS}, &join));
    lead(x->r, l->branches.last, join.first);
    lead(x->r, l->branch.last, join.first);
    const struct node n = {.kind = NODE_FORK, .next = l->branches.first, .other = l->branch.first};
    TRY(add_node(x->r, n, &fork));
    l->branches = (struct part){fork.first, join.last};
    return NULL;
}

static void put_atom(struct reading *x, struct part atom)
{
    struct level *l = top(x);
    end_piece(x);
    l->piece = atom;
    l->has_piece = l->may_repeat = true;
}

static err *close_level(struct reading *x)
{
    if (x->levels.n == 1)
        return malformed("a ) without its (");
    TRY(end_branch(x));
    const struct part atom = top(x)->branches;
    x->levels.n--;
    put_atom(x, atom);
    return NULL;
}

/* The fork goes into the atom again, or on; before it for *, behind it for +. */
static err *repeat(struct reading *x, uint32_t how)
{
    struct level *l = top(x);
    struct part fork, join;
    if (!l->has_piece || !l->may_repeat)
        return malformed("nothing that *, + or ? could repeat");
    l->may_repeat = false;
    TRY(add_node(x->r, (struct node){.kind = NODE_FORK, .other = l->piece.first}, &fork));
    if (how == '?') {
        TRY(add_node(x->r, (struct node){.kind = NODE_PASS}, &join));
        lead(x->r, fork.first, join.first);
        lead(x->r, l->piece.last, join.first);
        l->piece = (struct part){fork.first, join.last};
        return NULL;
    }
    lead(x->r, l->piece.last, fork.first);
    l->piece = (struct part){how == '*' ? fork.first : l->piece.first, fork.first};
    return NULL;
}

static bool next_is(struct slice rest, char c)
{
    return rest.len > 0 && rest.data[0] == (uint8_t)c;
}

/* One character of a range, or two with a - between them.  The first of two may be the second
 * of the two before. */
static err *read_range(struct slice *rest, uint32_t before, struct range *out)
{
    out->from = out->to = take(rest);
    if (out->from == '-' && before != UINT32_MAX && !next_is(*rest, ']'))
        out->from = before;
    else if (next_is(*rest, '-') && rest->len > 1 && rest->data[1] != ']')
        take(rest);
    else
        return NULL;
    if (rest->len == 0)
        return malformed("a [ without its ]");
    out->to = take(rest);
    return out->from > out->to ? malformed("the ends of a range are the wrong way round") : NULL;
}

static err *read_set(struct reading *x, struct part *out)
{
    struct regex *r = x->r;
    struct node n = {.kind = NODE_IN, .value = (uint32_t)r->ranges.n};
    uint32_t before = UINT32_MAX;
    if (next_is(x->rest, '^')) {
        n.kind = NODE_OUT;
        take(&x->rest);
    }
    do {
        struct range range;
        if (x->rest.len == 0)
            return malformed("a [ without its ]");
        TRY(read_range(&x->rest, before, &range));
        TRY(VEC_PUSH(&r->ranges, range));
        before = range.to;
    } while (!next_is(x->rest, ']'));
    take(&x->rest);
    n.other = (uint16_t)(r->ranges.n - n.value);
    return add_node(r, n, out);
}

static err *read_atom(struct reading *x, uint32_t c)
{
    struct node n = {.kind = NODE_ONE, .value = lower(c)};
    struct part atom;
    if (c == '[') {
        TRY(read_set(x, &atom));
        put_atom(x, atom);
        return NULL;
    }
    if (c == '\\') {
        if (x->rest.len == 0)
            return malformed("nothing behind the last \\");
        n.value = lower(take(&x->rest));
    } else if (c == '.') {
        n.kind = NODE_ANY;
    } else if (c == '^') {
        n.kind = NODE_BEGIN;
    } else if (c == '$') {
        n.kind = NODE_END;
    }
    TRY(add_node(x->r, n, &atom));
    put_atom(x, atom);
    return NULL;
}

static err *read_character(struct reading *x)
{
    uint32_t c = take(&x->rest);
    switch (c) {
    case '(':
        return open_level(x);
    case ')':
        return close_level(x);
    case '|':
        TRY(end_branch(x));
        return begin_branch(x);
    case '*':
    case '+':
    case '?':
        return repeat(x, c);
    default:
        return read_atom(x, c);
    }
}

static err *read_whole(struct reading *x)
{
    struct part match;
    TRY(open_level(x));
    while (x->rest.len > 0)
        TRY(read_character(x));
    if (x->levels.n > 1)
        return malformed("a ( without its )");
    TRY(end_branch(x));
    TRY(add_node(x->r, (struct node){.kind = NODE_MATCH}, &match));
    lead(x->r, top(x)->branches.last, match.first);
    x->r->start = top(x)->branches.first;
    return NULL;
}

err *regex_new(struct slice expression, struct regex **out)
{
    AUTO(regex_free) struct regex *r = NULL;
    *out = NULL;
    if (expression.len > REGEX_MAX)
        return err_new(ERR_LIMIT, "regular expression: of more than %d bytes", REGEX_MAX);
    TRY(MEM_NEW(r));
    struct reading x = {.r = r, .rest = expression};
    err *e = read_whole(&x);
    vec_free(&x.levels);
    TRY(e);
    *out = TAKE(r);
    return NULL;
}

/* Matching: all nodes that the text so far can lead to are followed side by side, each once for
 * every character. */

static err *make_room(struct regex *r)
{
    if (r->reached_at == NULL)
        TRY(MEM_ARRAY(r->reached_at, r->nodes.n));
    if (r->open == NULL)
        TRY(MEM_ARRAY(r->open, r->nodes.n));
    if (r->takers == NULL)
        TRY(MEM_ARRAY(r->takers, r->nodes.n));
    return NULL;
}

static void next_turn(struct regex *r)
{
    r->turn++;
    r->n_open = 0;
}

static void reach(struct regex *r, uint16_t node)
{
    if (r->reached_at[node] == r->turn)
        return;
    r->reached_at[node] = r->turn;
    r->open[r->n_open++] = node;
}

/* Goes on without a character, as far as that leads.  Is there a match? */
static bool go_on(struct regex *r, bool at_begin, bool at_end)
{
    r->n_takers = 0;
    while (r->n_open > 0) {
        uint16_t i = r->open[--r->n_open];
        const struct node *n = &r->nodes.items[i];
        switch (n->kind) {
        case NODE_MATCH:
            return true;
        case NODE_FORK:
            reach(r, n->next);
            reach(r, n->other);
            break;
        case NODE_PASS:
            reach(r, n->next);
            break;
        case NODE_BEGIN:
        case NODE_END:
            if (n->kind == NODE_BEGIN ? at_begin : at_end)
                reach(r, n->next);
            break;
        default:
            r->takers[r->n_takers++] = i;
        }
    }
    return false;
}

static bool is_in(const struct regex *r, const struct node *n, uint32_t c)
{
    uint32_t small = lower(c), large = upper(c);
    for (uint16_t i = 0; i < n->other; i++) {
        const struct range *x = &r->ranges.items[n->value + i];
        if ((small >= x->from && small <= x->to) || (large >= x->from && large <= x->to))
            return true;
    }
    return false;
}

static bool takes(const struct regex *r, const struct node *n, uint32_t c)
{
    switch (n->kind) {
    case NODE_ONE:
        return n->value == lower(c);
    case NODE_IN:
        return is_in(r, n, c);
    case NODE_OUT:
        return !is_in(r, n, c);
    default:
        return true;
    }
}

err *regex_match(struct regex *r, struct slice text, bool *out)
{
    struct slice rest = text;
    *out = false;
    TRY(make_room(r));
    next_turn(r);
    for (;;) {
        reach(r, r->start);
        *out = go_on(r, rest.len == text.len, rest.len == 0);
        if (*out || rest.len == 0)
            return NULL;
        const uint32_t c = take(&rest);
        next_turn(r);
        for (size_t i = 0; i < r->n_takers; i++) {
            const struct node *n = &r->nodes.items[r->takers[i]];
            if (takes(r, n, c))
                reach(r, n->next);
        }
    }
}
