/* netbrute - the amounts in a small web of trust, the slow and plain way.
 *
 *     netbrute AT < PLAN
 *
 * Reads the plan that gennet --plan shows and prints, for each user ID of each certificate,
 * "FINGERPRINT AMOUNT USER-ID" as it is AT that time.  Shares no code with what answers that
 * question in earnest: lists every path that visits no certificate twice, and solves the
 * linear program over all of them.
 */
#include <regex.h>
#include <string.h>

#include "base/mem.h"
#include "netplan.h"
#include "packet/sig.h"

enum { CERTS_MAX = 9, UNLIMITED = 255, FULL = 120, LIVE_MAX = 64 };

/* A path is the certificates from the root to the one that certifies. */
struct path {
    int8_t certs[CERTS_MAX];
    int8_t n;
};

struct question {
    const struct net *net;
    uint32_t at;
    int32_t cert, user;
    const char *name;
    const struct net_sig *live[CERTS_MAX][CERTS_MAX][LIVE_MAX];
    size_t n_live[CERTS_MAX][CERTS_MAX];
    VEC(struct path) paths;
};

/* What holds when. */

static bool is_soft(uint8_t reason)
{
    return reason == REVOKED_SUPERSEDED || reason == REVOKED_RETIRED || reason == REVOKED_USER_ID;
}

static bool cert_is_revoked(const struct net *n, int32_t cert, uint32_t at)
{
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        if (s->issuer == cert && s->subject == cert && s->type == SIG_KEY_REVOCATION &&
            (s->at <= at || !is_soft(s->reason)))
            return true;
    }
    return false;
}

static bool cert_is_valid(const struct net *n, int32_t cert, uint32_t at)
{
    const struct net_cert *c = &n->certs.items[cert];
    return c->created <= at && (c->valid_for == 0 || at - c->created < c->valid_for) &&
           !cert_is_revoked(n, cert, at);
}

static bool user_is_revoked(const struct net *n, int32_t cert, int32_t user, uint32_t at)
{
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        if (s->issuer == cert && s->subject == cert && s->user == user &&
            s->type == SIG_CERT_REVOCATION && s->at <= at &&
            s->at >= net_user(n, cert, user)->self_at)
            return true;
    }
    return false;
}

static bool is_about_the_same(const struct net_sig *a, const struct net_sig *b)
{
    return a->issuer == b->issuer && a->subject == b->subject && a->user == b->user;
}

static bool is_taken_back(const struct net *n, const struct net_sig *sig, uint32_t at)
{
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        if (s->type == SIG_CERT_REVOCATION && is_about_the_same(s, sig) && s->at >= sig->at &&
            s->at <= at)
            return true;
    }
    return false;
}

static bool is_alive(const struct net *n, const struct net_sig *s, uint32_t at)
{
    return s->issuer >= 0 && s->issuer != s->subject && !s->is_forged &&
           !sig_is_revocation(s->type) && s->at <= at &&
           (s->valid_for == 0 || at - s->at < s->valid_for) && cert_is_valid(n, s->issuer, s->at) &&
           cert_is_valid(n, s->subject, s->at) && !is_taken_back(n, s, at);
}

static bool is_newest(const struct net *n, const struct net_sig *sig, uint32_t at)
{
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        if (is_about_the_same(s, sig) && s->at > sig->at && is_alive(n, s, at))
            return false;
    }
    return true;
}

static bool matches_one(const char *scopes, const char *name)
{
    AUTO(free) char *copy = NULL;
    char *rest;
    bool matches = false;
    if ((copy = strdup(scopes)) == NULL)
        return false;
    rest = copy;
    for (const char *one; !matches && (one = strsep(&rest, " ")) != NULL;) {
        regex_t r;
        if (regcomp(&r, one, REG_EXTENDED | REG_NOSUB | REG_ICASE) != 0)
            continue;
        matches = regexec(&r, name, 0, NULL, 0) == 0;
        regfree(&r);
    }
    return matches;
}

static bool is_in_scope(const struct question *q, const struct net_sig *s)
{
    return s->scopes == NULL || matches_one(s->scopes, q->name);
}

static void find_live(struct question *q)
{
    const struct net *n = q->net;
    memset(q->n_live, 0, sizeof q->n_live);
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        if (is_alive(n, s, q->at) && is_newest(n, s, q->at) && s->amount > 0 &&
            q->n_live[s->issuer][s->subject] < LIVE_MAX)
            q->live[s->issuer][s->subject][q->n_live[s->issuer][s->subject]++] = s;
    }
}

/* The largest amount of what one says about another that reaches `need` further, or with
 * need 0 certifies the user ID that is asked about. */
static double capacity(const struct question *q, int32_t from, int32_t to, int need)
{
    double most = 0;
    if (need == 0 && to != q->cert)
        return 0;
    if (need == 0 && from == to)
        return net_user(q->net, to, q->user)->self_at != 0 ? FULL : 0;
    for (size_t i = 0; i < q->n_live[from][to]; i++) {
        const struct net_sig *s = q->live[from][to][i];
        bool fits = need == 0 ? s->user == q->user
                              : (s->depth == UNLIMITED || s->depth >= need) && is_in_scope(q, s);
        if (fits && s->amount > most)
            most = s->amount;
    }
    return most;
}

/* Every path. */

static bool is_usable(const struct question *q, const struct path *p)
{
    for (int i = 0; i + 1 < p->n; i++) {
        if (capacity(q, p->certs[i], p->certs[i + 1], p->n - 1 - i) == 0)
            return false;
    }
    return capacity(q, p->certs[p->n - 1], q->cert, 0) > 0;
}

static bool visits(const struct path *p, int32_t cert)
{
    return memchr(p->certs, (int)cert, (size_t)p->n) != NULL;
}

static err *extend(struct question *q, struct path *p)
{
    if (is_usable(q, p))
        TRY(VEC_PUSH(&q->paths, *p));
    for (int32_t next = 0; next < (int32_t)q->net->certs.n; next++) {
        if (visits(p, next) || capacity(q, p->certs[p->n - 1], next, 1) == 0)
            continue;
        p->certs[p->n++] = (int8_t)next;
        TRY(extend(q, p));
        p->n--;
    }
    return NULL;
}

/* The linear program: as much as possible over all paths, where each row limits a sum of some. */

struct program {
    size_t columns, rows;
    double *cells; /* rows + 1 of columns + rows + 1: the last row is the goal */
    size_t *basis;
    size_t width;
};

static double *cell(struct program *p, size_t row, size_t column)
{
    return &p->cells[row * p->width + column];
}

static void pivot(struct program *p, size_t row, size_t column)
{
    double by = *cell(p, row, column);
    for (size_t k = 0; k < p->width; k++)
        *cell(p, row, k) /= by;
    for (size_t i = 0; i <= p->rows; i++) {
        double factor = *cell(p, i, column);
        for (size_t k = 0; i != row && k < p->width; k++)
            *cell(p, i, k) -= factor * *cell(p, row, k);
    }
    p->basis[row] = column;
}

/* Bland's rule, which ends. */
static bool step(struct program *p)
{
    size_t column = 0, row = p->rows;
    double best = 0;
    while (column < p->width - 1 && *cell(p, p->rows, column) > -1e-9)
        column++;
    if (column == p->width - 1)
        return false;
    for (size_t i = 0; i < p->rows; i++) {
        if (*cell(p, i, column) < 1e-9)
            continue;
        double ratio = *cell(p, i, p->width - 1) / *cell(p, i, column);
        if (row == p->rows || ratio < best - 1e-12 ||
            (ratio < best + 1e-12 && p->basis[i] < p->basis[row])) {
            row = i;
            best = ratio;
        }
    }
    pivot(p, row, column);
    return true;
}

/* Does the path go over this pair so that this many more edges, at least, follow? */
static bool goes_over(const struct question *q, const struct path *p, int32_t from, int32_t to,
                      int need)
{
    for (int i = 0; i < p->n; i++) {
        int follow = p->n - 1 - i;
        int32_t next = follow > 0 ? p->certs[i + 1] : q->cert;
        if (p->certs[i] == from && next == to && (need == 0 ? follow == 0 : follow >= need))
            return true;
    }
    return false;
}

/* A row: those of the paths for which it is true in `member`, at most limit. */
static void add_row(struct program *p, const bool *member, double limit)
{
    for (size_t k = 0; k < p->columns; k++)
        *cell(p, p->rows, k) = member[k] ? 1 : 0;
    *cell(p, p->rows, p->width - 1) = limit;
    p->rows++;
}

static void add_pair(const struct question *q, struct program *p, int32_t from, int32_t to,
                     bool *member)
{
    double all = capacity(q, from, to, 0);
    for (int need = 0; need < CERTS_MAX; need++) {
        double limit = capacity(q, from, to, need);
        bool any = false;
        for (size_t k = 0; k < q->paths.n; k++)
            any |= member[k] = goes_over(q, &q->paths.items[k], from, to, need);
        if (any)
            add_row(p, member, limit);
        all = need == 1 && limit > all ? limit : all;
    }
    for (size_t k = 0; k < q->paths.n; k++)
        member[k] = goes_over(q, &q->paths.items[k], from, to, 0) ||
                    goes_over(q, &q->paths.items[k], from, to, 1);
    if (all > 0)
        add_row(p, member, all);
}

static void fill(const struct question *q, struct program *p, bool *member)
{
    const struct net *n = q->net;
    for (size_t i = 0; i < n->roots.n; i++) {
        if (n->roots.items[i].value >= FULL) /* limits nothing */
            continue;
        for (size_t k = 0; k < q->paths.n; k++)
            member[k] = q->paths.items[k].certs[0] == n->roots.items[i].cert;
        add_row(p, member, n->roots.items[i].value);
    }
    for (int32_t from = 0; from < (int32_t)n->certs.n; from++) {
        for (int32_t to = 0; to < (int32_t)n->certs.n; to++)
            add_pair(q, p, from, to, member);
    }
    for (size_t i = 0; i < p->rows; i++) {
        *cell(p, i, p->columns + i) = 1;
        p->basis[i] = p->columns + i;
    }
    for (size_t k = 0; k < p->columns; k++)
        *cell(p, p->rows, k) = -1;
}

static err *solve(const struct question *q, unsigned *amount)
{
    struct program p = {.columns = q->paths.n};
    AUTO(free) double *cells = NULL;
    AUTO(free) size_t *basis = NULL;
    AUTO(free) bool *member = NULL;
    size_t n = q->net->certs.n, most_rows = q->net->roots.n + n * n * (CERTS_MAX + 1);
    p.width = p.columns + most_rows + 1;
    TRY(MEM_ARRAY(cells, (most_rows + 1) * p.width));
    TRY(MEM_ARRAY(basis, most_rows));
    TRY(MEM_ARRAY(member, p.columns + 1));
    p.cells = cells;
    p.basis = basis;
    fill(q, &p, member);
    while (step(&p))
        ;
    *amount = (unsigned)(*cell(&p, p.rows, p.width - 1) + 1e-6);
    return NULL;
}

static err *answer(struct question *q, unsigned *amount)
{
    const struct net *n = q->net;
    *amount = 0;
    if (!cert_is_valid(n, q->cert, q->at) || user_is_revoked(n, q->cert, q->user, q->at))
        return NULL;
    q->paths.n = 0;
    for (size_t i = 0; i < n->roots.n; i++) {
        struct path p = {.certs = {(int8_t)n->roots.items[i].cert}, .n = 1};
        if (n->certs.items[n->roots.items[i].cert].created <= q->at)
            TRY(extend(q, &p));
    }
    return q->paths.n == 0 ? NULL : solve(q, amount);
}

static err *answer_all(const struct net *n, uint32_t at)
{
    AUTO(free) struct question *q = NULL;
    int32_t number = 0;
    if (n->certs.n > CERTS_MAX)
        return err_new(ERR_LIMIT, "more than %d certificates", CERTS_MAX);
    TRY(MEM_NEW(q));
    q->net = n;
    q->at = at;
    find_live(q);
    for (size_t i = 0; i < n->users.n; i++) {
        const struct net_user *u = &n->users.items[i];
        char text[FPR_TEXT_SIZE];
        unsigned amount;
        number = i > 0 && u[-1].cert == u->cert ? number + 1 : 0;
        q->cert = u->cert;
        q->user = number;
        q->name = u->name;
        TRY(answer(q, &amount));
        fingerprint_text(&n->certs.items[u->cert].fpr, text);
        printf("%s %u %s\n", text, amount, u->name);
    }
    vec_free(&q->paths);
    return NULL;
}

int main(int argc, char **argv)
{
    struct net n = {0};
    char text[512];
    err *e = argc == 2 ? net_read(&n, stdin) : err_new(ERR_USAGE, "netbrute AT < PLAN");
    if (e == NULL)
        e = answer_all(&n, (uint32_t)strtoul(argv[1], NULL, 10));
    net_clear(&n);
    if (e == NULL)
        return 0;
    err_text(e, text, sizeof text);
    fprintf(stderr, "netbrute: %s\n", text);
    err_free(e);
    return 1;
}
