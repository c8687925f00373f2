/* picture.h - a part of the web of trust as a small graph that can be drawn.
 *
 *     struct picture p = PICTURE_EMPTY(100);
 *     TRY(picture_add_answer(&p, subject, user_id, 120, &answer));
 *     TRY(picture_add_edges(&p, &edges, false));
 *     TRY(picture_dot(&p, &text));
 *
 * Certificates and edges are borrowed from the web of trust, names are untrusted and as they
 * are: each writer escapes them in its own way.  All writers append to a buf.
 */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "cli/report.h"
#include "cli/terminal.h"
#include "keyring/trust.h"

enum picture_state {
    PICTURE_ROOT,
    PICTURE_INTRODUCER, /* the answer goes through it */
    PICTURE_REACHED,    /* as much as was asked for reaches it */
    PICTURE_PARTLY,     /* some does */
    PICTURE_MISSED,     /* it was asked about, and nothing does */
    PICTURE_PLAIN,
    PICTURE_INVALID, /* expired or revoked */
    PICTURE_ABSENT,  /* not in the keyring */
    PICTURE_STATES,
};

struct picture_node {
    const struct trust_cert *cert;
    struct slice name; /* a user ID to show; may be empty */
    bool is_target;    /* it was asked about */
    bool is_judged;    /* how much reaches it is known: */
    unsigned amount;
    bool introduces; /* the answer goes through it */
};

/* Everything alike that one certificate says about another. */
struct picture_edge {
    size_t from, to;               /* nodes */
    const struct trust_edge *edge; /* the strongest of them */
    size_t n;                      /* how many they are */
    double flow;                   /* how much of the answer they carry */
};

struct picture {
    VEC(struct picture_node) nodes;
    VEC(struct picture_edge) edges;
    size_t max_nodes, max_edges; /* more are left out */
    size_t nodes_left_out, edges_left_out;
    size_t passed_over; /* edges back and across: without them one sees more */
    bool all_broken;    /* also what does not count */
    bool gossip;        /* nothing is authenticated by it */
    bool any_depth;     /* everything reaches as far as one likes: that is not told */
    bool apart;         /* nothing is drawn together */
    unsigned asked;     /* what authenticates */
    int64_t at;
    struct buf title; /* plain text */
};

enum { PICTURE_EDGES_PER_NODE = 8, PICTURE_NONE = -1 };

#define PICTURE_EMPTY(limit)                                                                       \
    ((struct picture){.max_nodes = (limit),                                                        \
                      .max_edges = (size_t)PICTURE_EDGES_PER_NODE * (limit),                       \
                      .asked = TRUST_FULL,                                                         \
                      .title = BUF_EMPTY(1 << 16)})

void picture_clear(struct picture *p);

/* Where the certificate stands among the nodes, or PICTURE_NONE. */
int picture_find(const struct picture *p, const struct fingerprint *fpr);

/* Adds it unless it is there; *index (may be NULL) is PICTURE_NONE where there is no room. */
MUST_USE err *picture_add_cert(struct picture *p, const struct trust_cert *c, int *index);

/* Adds the subject, and all paths that carry the answer. */
MUST_USE err *picture_add_answer(struct picture *p, const struct trust_cert *subject,
                                 struct slice user_id, const struct trust_answer *a);

/* Adds edges and the certificates at their ends; or where only_between only those whose ends
 * are there.  What does not count is passed over unless all_broken, and what a certificate
 * says about itself always is. */
MUST_USE err *picture_add_edges(struct picture *p, const struct trust_edges *edges,
                                bool only_between);

/* Says how much reaches one. */
void picture_judge(struct picture *p, size_t node, unsigned amount);

enum picture_state picture_state_of(const struct picture *p, const struct picture_node *n);

/* "authenticated", "partly authenticated". */
const char *picture_state_words(enum picture_state s);

/* Does the edge count, for all that is known? */
bool picture_edge_counts(const struct picture_edge *e);

/* Appends what to call a node: its name, or the ID of its key. */
void picture_label(const struct picture_node *n, size_t columns, const char *dots, struct buf *out);

/* Appends the end of the fingerprint, by which one recognizes it. */
void picture_short_id(const struct picture_node *n, struct buf *out);

/* Appends an amount with at most one decimal place. */
void picture_amount(double amount, struct buf *out);

/* Appends the amount beside an edge: "60", or "60 of 120" where it could carry more. */
void picture_edge_amount(const struct picture_edge *e, struct buf *out);

/* Appends how far it goes, or why it does not count. */
void picture_edge_details(const struct picture *p, const struct picture_edge *e, struct buf *out);

/* The amount that an edge carries, or could. */
double picture_edge_weight(const struct picture_edge *e);

/* Appends how much is not drawn, and why; nothing where all is. */
void picture_cut_note(const struct picture *p, struct buf *out);

MUST_USE err *picture_dot(const struct picture *p, struct buf *out);
MUST_USE err *picture_mermaid(const struct picture *p, struct buf *out);
MUST_USE err *picture_json(const struct picture *p, struct buf *out);
/* By way of Graphviz.  ERR_UNSUPPORTED: it is not installed. */
MUST_USE err *picture_svg(const struct picture *p, struct buf *out);

MUST_USE err *picture_text(const struct picture *p, const struct terminal *t, struct buf *out);

/* The same as picture_json, as members of the current object. */
void picture_put(const struct picture *p, struct report *r);

#endif
