#include "cli/certifiers.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/when.h"
#include "cli/terms.h"
#include "cli/who.h"
#include "keyring/localroot.h"

/* A key that is said to have certified. */
struct claim {
    struct key_id id;
};

/* One that has, by a certificate that is here. */
struct voice {
    struct cert *by;
    bool own, local_root;
    struct certification said;
};

struct survey {
    struct app *app;
    const struct cert *c;
    const struct component *user;
    VEC(struct claim) claims;
    VEC(struct voice) voices;
    size_t n_unknown;
};

static void survey_clear(struct survey *s)
{
    for (size_t i = 0; i < s->voices.n; i++)
        cert_free(s->voices.items[i].by);
    vec_free(&s->voices);
    vec_free(&s->claims);
}

static int compare_claims(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct claim));
}

/* Each key once: a flood repeats them. */
static err *collect_claims(struct survey *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->user->sigs.n; i++) {
        const struct cert_sig *sig = &s->user->sigs.items[i];
        const struct claim x = {.id = sig->sig.issuer.id};
        bool other = sig->parsed && sig_is_certification(sig->sig.type) &&
                     !key_handle_is_empty(&sig->sig.issuer) &&
                     !pubkey_matches(cert_primary(s->c), &sig->sig.issuer);
        if (other)
            TRY(VEC_PUSH(&s->claims, x));
    }
    if (s->claims.n > 0)
        qsort(s->claims.items, s->claims.n, sizeof *s->claims.items, compare_claims);
    for (size_t i = 0; i < s->claims.n; i++) {
        if (n == 0 || compare_claims(&s->claims.items[n - 1], &s->claims.items[i]) != 0)
            s->claims.items[n++] = s->claims.items[i];
    }
    s->claims.n = n;
    return NULL;
}

static err *is_valid(const struct survey *s, const struct cert *by, bool *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(by, s->app->policy, world_now(s->app->world), &b));
    *out = bound_problem(b) == NULL;
    return NULL;
}

static err *know_voice(const struct survey *s, struct voice *v)
{
    AUTO(cert_free) struct cert *key = NULL;
    struct keyring *k = NULL;
    TRY(app_keyring(s->app, &k));
    TRY(keyring_get(k, cert_fingerprint(v->by), true, &key));
    v->own = key != NULL && cert_has_secret(key);
    return localroot_is(k, cert_fingerprint(v->by), &v->local_root);
}

/* Takes the certificate over if what it says holds. */
static err *listen(struct survey *s, struct cert **by)
{
    struct voice v = {.by = *by};
    bool holds;
    TRY(certification_find(s->c, s->user, cert_primary(*by), &v.said));
    holds = certification_holds(&v.said, s->app->policy, world_now(s->app->world));
    if (holds)
        TRY(is_valid(s, *by, &holds));
    if (!holds)
        return NULL;
    TRY(know_voice(s, &v));
    TRY(VEC_PUSH(&s->voices, v));
    *by = NULL;
    return NULL;
}

static bool is_primary(const struct cert *c, const struct key_id *id)
{
    return key_id_equal(&cert_primary(c)->id, id);
}

static err *find_voices(struct survey *s, const struct claim *x)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    const struct key_handle h = {.id = x->id};
    struct keyring *k = NULL;
    bool here = false;
    TRY(interrupt_check());
    TRY(app_keyring(s->app, &k));
    TRY(keyring_find_certs(k, &h, &found));
    for (size_t i = 0; i < found.n; i++) {
        if (!is_primary(found.items[i], &x->id))
            continue;
        here = true;
        TRY(listen(s, &found.items[i]));
    }
    s->n_unknown += !here;
    return NULL;
}

static int compare_voices(const void *a, const void *b)
{
    const struct voice *x = a, *y = b;
    int64_t made = x->said.newest->created_at, later = y->said.newest->created_at;
    if (x->own != y->own)
        return x->own ? -1 : 1;
    return (made > later) - (made < later);
}

static err *tell(struct survey *s, const struct voice *v)
{
    CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
    CLEANUP(buf_clear) struct buf words = BUF_EMPTY(1 << 17);
    AUTO(free) char *name = NULL, *text = NULL;
    struct report *r = &s->app->report;
    char made[WHEN_TEXT_SIZE];
    TRY(certification_read_terms(v->said.newest, &t));
    terms_words(&t, &words);
    TRY(buf_end(&words));
    TRY(mem_string_of(buf_view(&words), &text));
    TRY(who_name(s->app, v->by, &name));
    when_date(v->said.newest->created_at, made);
    report_say(r, "        %s by %s%s on %s%s%s", v->local_root ? "accepted" : "certified",
               v->local_root ? "you" : name, v->own && !v->local_root ? " (your key)" : "", made,
               text[0] != '\0' ? ": " : "", text);
    report_object(r, NULL);
    report_fingerprint(r, "signer", cert_fingerprint(v->by));
    report_string(r, "userid", name);
    report_bool(r, "own", v->own);
    report_bool(r, "local_root", v->local_root);
    report_time(r, "made", v->said.newest->created_at);
    terms_put(r, &t);
    report_end_object(r);
    return NULL;
}

static err *survey(struct survey *s)
{
    TRY(collect_claims(s));
    for (size_t i = 0; i < s->claims.n; i++)
        TRY(find_voices(s, &s->claims.items[i]));
    if (s->voices.n > 0)
        qsort(s->voices.items, s->voices.n, sizeof *s->voices.items, compare_voices);
    report_array(&s->app->report, "certifications");
    for (size_t i = 0; i < s->voices.n; i++)
        TRY(tell(s, &s->voices.items[i]));
    report_end_array(&s->app->report);
    report_number(&s->app->report, "unknown_certifiers", (int64_t)s->n_unknown);
    if (s->n_unknown > 0)
        report_say(&s->app->report, "        certified by keys that are not here: %zu",
                   s->n_unknown);
    return NULL;
}

err *certifiers_show(struct app *app, const struct cert *c, const struct component *user)
{
    CLEANUP(survey_clear) struct survey s = {.app = app, .c = c, .user = user};
    return survey(&s);
}
