#include "keyring/trustjudge.h"

#include "base/mem.h"
#include "pgp/target.h"

/* Ranges. */

struct net_range net_range_at(const struct net_node *subject, size_t first)
{
    const struct dossier *d = &subject->dossier;
    struct net_range r = {.first = first};
    while (first + r.n < d->n_statements &&
           d->statements[first + r.n].issuer == d->statements[first].issuer)
        r.n++;
    return r;
}

struct net_range net_by_issuer(const struct net_node *subject, int64_t key)
{
    const struct dossier *d = &subject->dossier;
    size_t low = 0, high = d->n_statements;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->statements[middle].issuer < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == d->n_statements || d->statements[low].issuer != key)
        return (struct net_range){.first = low};
    return net_range_at(subject, low);
}

/* Verifying. */

static err *check_signature(struct net *n, struct net_node *subject,
                            const struct dossier_statement *s, struct net_node *issuer, bool *good)
{
    TRY(net_parse(n, subject));
    TRY(net_parse(n, issuer));
    const struct cert *c = subject->parsed;
    *good = false;
    if (s->component >= c->components.n || s->sig >= c->components.items[s->component].sigs.n)
        return NULL; /* it has changed since: the dossier will be made again */
    const struct component *on = &c->components.items[s->component];
    const struct cert_sig *sig = &on->sigs.items[s->sig];
    const struct target t = cert_target(c, on);
    if (!sig->parsed || !pubkey_matches(cert_primary(issuer->parsed), &sig->sig.issuer))
        return NULL;
    return target_verify(&t, &sig->sig, cert_primary(issuer->parsed), good);
}

static err *is_genuine(struct net *n, struct net_node *subject, struct dossier_statement *s,
                       struct net_node *issuer, bool *good)
{
    bool known = s->verdict != DOSSIER_UNKNOWN && dossier_is_about(s, &issuer->dossier.fpr);
    *good = known && s->verdict == DOSSIER_GOOD;
    if (known || s->verdict == DOSSIER_GOOD) /* another's then */
        return NULL;
    TRY(check_signature(n, subject, s, issuer, good));
    dossier_note(subject->bytes.data, s, *good ? DOSSIER_GOOD : DOSSIER_BAD, &issuer->dossier.fpr);
    subject->changed = true;
    return NULL;
}

err *net_verify(struct net *n, struct net_node *subject, size_t statement, struct net_node *issuer)
{
    bool good;
    TRY(is_genuine(n, subject, &subject->dossier.statements[statement], issuer, &good));
    if (!good)
        subject->edges[statement].fault = TRUST_BAD;
    return NULL;
}

/* Judging. */

struct judge {
    struct net *n;
    struct net_node *subject, *issuer;
    size_t from, to; /* the statements about one user ID */
};

/* When the issuer has last taken back what it had said until then, whatever the reason: what it
 * says later counts.  That the revocation itself may have expired changes nothing. */
static err *find_revocation(const struct judge *j, int64_t *at)
{
    *at = -1;
    for (size_t i = j->from; i < j->to; i++) {
        struct dossier_statement *s = &j->subject->dossier.statements[i];
        bool good = false;
        if (s->kind == DOSSIER_REVOKES && s->created_at <= j->n->opts.at && s->created_at > *at)
            TRY(is_genuine(j->n, j->subject, s, j->issuer, &good));
        if (good)
            *at = s->created_at;
    }
    return NULL;
}

static bool was_valid(const struct net_node *x, int64_t at)
{
    return x->now != NULL && at >= x->dossier.created_at && life_is_valid(x->now, at);
}

/* What speaks against a statement, whoever has made it. */
static enum trust_fault fault_of(const struct judge *j, const struct dossier_statement *s)
{
    const struct trust_opts *o = &j->n->opts;
    if (s->created_at > o->at)
        return TRUST_NOT_YET;
    if (s->expires_at != 0 && s->expires_at <= o->at)
        return TRUST_EXPIRED;
    if (!j->issuer->cert.is_here)
        return TRUST_NO_ISSUER;
    if (j->subject->left_out)
        return TRUST_SUBJECT_INVALID;
    if (j->issuer->refused)
        return TRUST_ISSUER_REFUSED;
    if (!was_valid(j->issuer, s->created_at))
        return TRUST_ISSUER_INVALID;
    if (!was_valid(j->subject, s->created_at))
        return TRUST_SUBJECT_INVALID;
    return policy_accepts_hash(o->policy, s->hash, POLICY_CERTS, s->created_at) ? TRUST_COUNTS
                                                                                : TRUST_WEAK;
}

static void fill(const struct judge *j, const struct dossier_statement *s, struct trust_edge *e)
{
    bool all = j->n->opts.certification_network;
    *e = (struct trust_edge){
        .issuer = &j->issuer->cert,
        .subject = &j->subject->cert,
        .depth = all ? TRUST_UNLIMITED : s->depth,
        .amount = s->amount,
        .created_at = s->created_at,
        .expires_at = s->expires_at,
        .scopes = all ? SLICE_EMPTY : s->scopes,
    };
    if (s->user != DOSSIER_NONE)
        e->user_id = j->subject->dossier.users[s->user].id;
}

/* Not where its place is another key's with the same number. */
static bool is_by_issuer(const struct judge *j, const struct dossier_statement *s)
{
    return s->kind == DOSSIER_SAYS &&
           (s->verdict != DOSSIER_GOOD || dossier_is_about(s, &j->issuer->dossier.fpr));
}

/* Of statements that count, the latest first, the first sets the time: older ones are
 * replaced by it. */
static err *judge_one(const struct judge *j, size_t i, int64_t revoked_at, int64_t *newest)
{
    struct dossier_statement *s = &j->subject->dossier.statements[i];
    struct trust_edge *e = &j->subject->edges[i];
    bool good;
    fill(j, s, e);
    e->fault = fault_of(j, s);
    if (e->fault == TRUST_COUNTS && s->created_at <= revoked_at)
        e->fault = TRUST_TAKEN_BACK;
    if (e->fault == TRUST_COUNTS && s->created_at < *newest)
        e->fault = TRUST_REPLACED;
    if (e->fault != TRUST_COUNTS)
        return NULL;
    TRY(is_genuine(j->n, j->subject, s, j->issuer, &good));
    if (!good) {
        e->fault = TRUST_BAD;
        return NULL;
    }
    *newest = s->created_at;
    if (s->amount == 0)
        e->fault = TRUST_NOTHING;
    return NULL;
}

static err *judge_user(const struct judge *j)
{
    int64_t revoked_at = -1, newest = -1;
    if (j->issuer->cert.is_here)
        TRY(find_revocation(j, &revoked_at));
    for (size_t i = j->from; i < j->to; i++) {
        if (is_by_issuer(j, &j->subject->dossier.statements[i]))
            TRY(judge_one(j, i, revoked_at, &newest));
    }
    return NULL;
}

static err *make_edges(struct net_node *x)
{
    if (x->edges != NULL)
        return NULL;
    TRY(MEM_ARRAY(x->judged, x->dossier.n_statements + 1));
    return MEM_ARRAY(x->edges, x->dossier.n_statements + 1);
}

err *net_judge(struct net *n, struct net_node *subject, struct net_range range,
               struct net_node *issuer)
{
    struct judge j = {.n = n, .subject = subject, .issuer = issuer, .from = range.first};
    const struct dossier_statement *all = subject->dossier.statements;
    TRY(make_edges(subject));
    /* One number may be that of several keys: each looks at what is its own. */
    if (range.n == 0 || (subject->judged[range.first] && issuer->next == NULL))
        return NULL;
    subject->judged[range.first] = true;
    for (size_t i = range.first; i < range.first + range.n; i++) {
        bool last = i + 1 == range.first + range.n || all[i + 1].user != all[i].user;
        if (!last)
            continue;
        j.to = i + 1;
        TRY(judge_user(&j));
        j.from = i + 1;
    }
    return NULL;
}

/* User IDs. */

static const struct life_state *user_state(const struct net *n, const struct net_node *x,
                                           size_t user)
{
    const struct dossier_states *life = &x->dossier.users[user].life;
    return life_at(life->items, life->n, n->opts.at);
}

bool net_user_stands(const struct net *n, const struct net_node *x, size_t user)
{
    const struct life_state *s = user_state(n, x, user);
    return s == NULL || s->revoked_at == 0;
}

bool net_user_is_own(const struct net *n, const struct net_node *x, size_t user)
{
    const struct life_state *s = user_state(n, x, user);
    return s != NULL && s->ok && s->revoked_at == 0;
}
