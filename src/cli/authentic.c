#include "cli/authentic.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/trusttell.h"

/* User IDs that are looked at cost time, and their owner may have made any number. */
enum { CANDIDATES_SHOWN = 10, USERS_MAX = 1000 };

err *authentic_open(struct app *app, const char *how, struct authentic *out)
{
    bool always = how != NULL && strcmp(how, "always") == 0;
    *out = (struct authentic){.app = app, .always = always};
    if (how != NULL && !always && strcmp(how, "web") != 0)
        return err_new(ERR_USAGE, "--trust: %s: not web or always", how);
    if (!always)
        return NULL;
    report_remark(&app->report, "note: --trust always: not checked whose key this is");
    report_string(&app->report, "trust", "always");
    return NULL;
}

void authentic_rest(struct authentic *a)
{
    trusting_clear(&a->net);
    a->net = (struct trusting){0};
}

void authentic_clear(struct authentic *a)
{
    authentic_rest(a);
    claims_clear(&a->claims);
}

/* User IDs. */

void authentic_user_clear(struct authentic_user *u)
{
    trust_answer_clear(&u->answer);
}

bool authentic_is_sure(const struct authentic_user *u)
{
    return u->answer.amount >= TRUST_FULL;
}

struct search {
    struct trust *trust;
    const char *who;
    struct slice preferred;
    struct authentic_user *best;
    size_t n_asked;
};

static bool is_better(const struct search *s, struct slice user_id, const struct trust_answer *a)
{
    const struct trust_answer *b = &s->best->answer;
    bool counts = a->fault == TRUST_COUNTS, did = b->fault == TRUST_COUNTS;
    if (s->n_asked == 1 || a->amount != b->amount)
        return s->n_asked == 1 || a->amount > b->amount;
    return counts != did ? counts : slice_equal(user_id, s->preferred);
}

static err *look_at_user(void *context, const struct trust_cert *c, struct slice user_id)
{
    struct search *s = context;
    struct trust_answer a;
    bool fits = s->who == NULL, done = authentic_is_sure(s->best) || s->n_asked >= USERS_MAX;
    if (done && !slice_equal(user_id, s->preferred))
        return NULL;
    if (!fits)
        TRY(keyring_name_fits(s->who, user_id, &fits));
    if (!fits)
        return NULL;
    TRY(trust_check(s->trust, &c->fpr, user_id, TRUST_FULL, &a));
    s->n_asked++;
    if (!is_better(s, user_id, &a)) {
        trust_answer_clear(&a);
        return NULL;
    }
    authentic_user_clear(s->best);
    *s->best = (struct authentic_user){user_id, a};
    return NULL;
}

/* By a key's name all user IDs are meant. */
static const char *name_of_user(const char *who)
{
    enum keyring_name kind = who != NULL ? keyring_name_kind(who) : KEYRING_FPR;
    return kind == KEYRING_FPR || kind == KEYRING_KEY_ID ? NULL : who;
}

/* Without a user ID there is nothing to be certified; but the user relies on his roots. */
static err *look_at_root(struct trust *t, const struct fingerprint *fpr, struct authentic_user *out)
{
    const struct trust_cert *c = NULL;
    TRY(trust_cert(t, fpr, &c));
    if (c == NULL || c->root == 0)
        return NULL;
    out->answer.fault = c->fault;
    out->answer.amount = c->fault == TRUST_COUNTS ? c->root : 0;
    return NULL;
}

static err *open_network(struct authentic *a)
{
    const struct trusting_opts none = {0};
    return a->net.trust == NULL ? trusting_open(a->app, &none, &a->net) : NULL;
}

err *authentic_find_user(struct authentic *a, const struct fingerprint *fpr, const char *who,
                         struct slice preferred, struct authentic_user *out)
{
    *out = (struct authentic_user){.answer.fault = TRUST_UNKNOWN};
    TRY(open_network(a));
    struct search s = {a->net.trust, name_of_user(who), preferred, out, 0};
    TRY(trust_each_user(a->net.trust, fpr, look_at_user, &s));
    return s.n_asked == 0 && s.who == NULL ? look_at_root(a->net.trust, fpr, out) : NULL;
}

static err *no_user_id(const struct fingerprint *fpr)
{
    char name[FPR_TEXT_SIZE];
    fingerprint_text(fpr, name);
    return err_hint(err_new(ERR_UNAUTHENTICATED,
                            "%s: not authenticated: it has no user ID that could be", name),
                    "compare the fingerprint with one that the owner has given you, and name the "
                    "certificate by it");
}

err *authentic_miss(struct authentic *a, const struct fingerprint *fpr,
                    const struct authentic_user *u)
{
    const struct trusting_user user = {*fpr, u->user_id};
    char text[1024], name[FPR_TEXT_SIZE];
    if (u->user_id.len == 0)
        return no_user_id(fpr);
    AUTO(err_free) err *e = trusttell_miss(&a->net, &user, &u->answer);
    if (u->answer.fault == TRUST_COUNTS)
        return TAKE(e);
    err_text(e, text, sizeof text);
    fingerprint_text(fpr, name);
    return err_hint(err_new(err_kind_of(e), "%s", text),
                    "bulla cert show %s says why; if you mean it all the same, name it by this "
                    "fingerprint",
                    name);
}

/* Names. */

struct candidate {
    struct cert *cert;
    bool valid;
    struct authentic_user user;
};
struct candidates {
    struct candidate *items;
    size_t n, capacity;
};

static void candidates_clear(struct candidates *c)
{
    for (size_t i = 0; i < c->n; i++) {
        cert_free(c->items[i].cert);
        authentic_user_clear(&c->items[i].user);
    }
    vec_free(c);
}

/* Takes the certificate out of the list. */
static err *add_candidate(struct authentic *a, const char *who, struct cert **cert,
                          struct candidates *out)
{
    struct candidate x = {0};
    TRY(who_is_valid(a->app, *cert, &x.valid));
    TRY(VEC_PUSH(out, x));
    struct candidate *c = &out->items[out->n - 1];
    c->cert = TAKE(*cert);
    return authentic_find_user(a, cert_fingerprint(c->cert), who, cert_any_user_id(c->cert),
                               &c->user);
}

static size_t count(const struct candidates *c, bool (*test)(const struct candidate *))
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += test(&c->items[i]);
    return n;
}

static bool is_sure(const struct candidate *c)
{
    return authentic_is_sure(&c->user);
}

static bool is_valid(const struct candidate *c)
{
    return c->valid;
}

/* All that fit, with what is the matter with each. */
static err *list_unsure(struct authentic *a, const char *who, const struct candidates *c)
{
    CLEANUP(buf_clear) struct buf list = BUF_EMPTY(1 << 20);
    for (size_t i = 0; i < c->n && i < CANDIDATES_SHOWN; i++) {
        const struct candidate *x = &c->items[i];
        AUTO(free) char *name = NULL;
        char fpr[FPR_TEXT_SIZE];
        TRY(who_name(a->app, x->cert, &name));
        fingerprint_text(cert_fingerprint(x->cert), fpr);
        buf_printf(&list, "\n  %s  %s  ", fpr, name);
        if (x->valid)
            buf_printf(&list, "[%u of %u]", x->user.answer.amount, a->net.asked);
        else
            buf_text(&list, "[not valid]");
    }
    if (c->n > CANDIDATES_SHOWN)
        buf_printf(&list, "\n  and %zu more", c->n - CANDIDATES_SHOWN);
    buf_u8(&list, 0);
    TRY(buf_end(&list));
    return err_hint(err_new(ERR_UNAUTHENTICATED,
                            "%s: fits %zu certificates, none of which is authenticated", who, c->n),
                    "compare their fingerprints with one that the owner has given you; the right "
                    "one: bulla cert accept FINGERPRINT%s",
                    (const char *)list.data);
}

/* Where nobody is authenticated: the one that would be meant otherwise. */
static err *choose_unsure(struct authentic *a, const char *who, enum who_for purpose,
                          struct candidates *c, struct cert **out)
{
    struct candidate *chosen = c->n == 1 ? &c->items[0] : NULL;
    bool by_validity = chosen == NULL && count(c, is_valid) == 1;
    for (size_t i = 0; i < c->n && by_validity; i++)
        chosen = c->items[i].valid ? &c->items[i] : chosen;
    if (chosen == NULL)
        return list_unsure(a, who, c);
    if (chosen->valid || purpose != WHO_TO_USE)
        return authentic_miss(a, cert_fingerprint(chosen->cert), &chosen->user);
    *out = TAKE(chosen->cert);
    return NULL;
}

/* The others claim an address that is known to be somebody else's. */
static err *choose_sure(struct authentic *a, const char *who, struct candidates *c,
                        struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list sure = {0};
    for (size_t i = 0; i < c->n; i++) {
        struct candidate *x = &c->items[i];
        if (is_sure(x)) {
            TRY(VEC_PUSH(&sure, x->cert));
            x->cert = NULL;
        } else if (x->valid) {
            TRY(claims_add(&a->claims, who, cert_fingerprint(x->cert)));
        }
    }
    return who_choose(a->app, who, WHO_TO_USE, &sure, out);
}

/* Which of several has an e-mail address the network decides.  Other names mean too many
 * people for that. */
static err *find_certs(struct authentic *a, const char *who, enum who_for purpose,
                       struct cert_list *out)
{
    CLEANUP(cert_list_clear) struct cert_list all = {0};
    AUTO(cert_free) struct cert *chosen = NULL;
    if (keyring_name_kind(who) == KEYRING_EMAIL)
        return who_all(a->app, who, false, out);
    TRY(who_all(a->app, who, false, &all));
    TRY(who_choose(a->app, who, purpose, &all, &chosen));
    TRY(VEC_PUSH(out, chosen));
    chosen = NULL; /* it is the list's now */
    return NULL;
}

err *authentic_cert(struct authentic *a, const char *who, enum who_for purpose, struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    CLEANUP(candidates_clear) struct candidates candidates = {0};
    if (a->always)
        return who_cert(a->app, who, purpose, out);
    TRY(find_certs(a, who, purpose, &found));
    if (found.n == 1 && who_is_fingerprint(who, found.items[0])) {
        *out = TAKE(found.items[0]);
        return NULL;
    }
    for (size_t i = 0; i < found.n; i++)
        TRY(add_candidate(a, who, &found.items[i], &candidates));
    return count(&candidates, is_sure) > 0 ? choose_sure(a, who, &candidates, out)
                                           : choose_unsure(a, who, purpose, &candidates, out);
}

/* Claims. */

/* All that have the address. */
static err *find_candidates(struct authentic *a, const char *email, struct candidates *out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    err *e = who_all(a->app, email, false, &found);
    if (err_kind_of(e) == ERR_NOT_FOUND) {
        err_free(e);
        return NULL;
    }
    TRY(e);
    for (size_t i = 0; i < found.n; i++)
        TRY(add_candidate(a, email, &found.items[i], out));
    return NULL;
}

static err *sift_address(struct authentic *a, const char *email, const struct claims *suspects)
{
    CLEANUP(candidates_clear) struct candidates c = {0};
    TRY(find_candidates(a, email, &c));
    if (count(&c, is_sure) == 0)
        return NULL;
    for (size_t i = 0; i < c.n; i++) {
        const struct fingerprint *fpr = cert_fingerprint(c.items[i].cert);
        bool claims = c.items[i].valid && !is_sure(&c.items[i]);
        if (claims && claims_have(suspects, email, fpr))
            TRY(claims_add(&a->claims, email, fpr));
    }
    return NULL;
}

err *authentic_sift(struct authentic *a, const struct claims *suspects)
{
    for (size_t i = 0; i < suspects->n; i++) {
        const char *email = suspects->items[i].email;
        bool again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = strcmp(suspects->items[j].email, email) == 0;
        if (!again)
            TRY(sift_address(a, email, suspects));
    }
    return NULL;
}
