#include "pgp/verify.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crypto/algo.h"
#include "pgp/signatures.h"
#include "stream/armor.h"
#include "stream/pump.h"

/* Where the signer is not hashed anybody may have added others in front or behind. */
enum { ISSUERS_TRIED = 8 };

const char *verdict_status_name(enum verdict_status s)
{
    static const char *const names[] = {"good", "bad", "unknown-signer", "rejected", "unusable"};
    return names[s];
}

void verdict_clear(struct verdict *v)
{
    free(v->user_id);
    err_free(v->reason);
    err_free(v->remark);
    *v = (struct verdict){0};
}

void verdict_list_clear(struct verdict_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        verdict_clear(&l->items[i]);
    vec_free(l);
}

size_t verdict_count(const struct verdict_list *l, enum verdict_status s)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->items[i].status == s;
    return n;
}

void verdict_unusable(struct verdict *out, err *reason)
{
    *out = (struct verdict){.status = VERDICT_UNUSABLE, .reason = reason};
}

static struct verdict verdict_about(const struct sig *s)
{
    return (struct verdict){
        .issuer = s->issuer, .made_at = s->created_at, .type = s->type, .hash_algo = s->hash_algo};
}

/* Takes reason over. */
static err *conclude(struct verdict *v, enum verdict_status status, err *reason)
{
    v->status = status;
    v->reason = reason;
    return NULL;
}

/* Is the signature itself, apart from its signer, one to rely on? */
static err *check_signature(const struct sig *s, const struct verify_params *p, int64_t now)
{
    if (s->created_at > now)
        return err_hint(err_new(ERR_POLICY, "made in the future"),
                        "check the date, and this computer's clock");
    if (sig_expires_at(s) != 0 && sig_expires_at(s) <= now)
        return err_new(ERR_POLICY, "the signature has expired");
    return policy_check_hash(p->policy, s->hash_algo, POLICY_DATA, s->created_at);
}

/* If the signature says for whom it was made, it is good for nobody else. */
static err *check_recipient(const struct sig *s, const struct verify_params *p)
{
    struct subpacket intended;
    struct fingerprint f;
    size_t cursor = 0;
    bool any = false, fits = false;
    while (sig_next(s, SUB_INTENDED_RECIPIENT, &cursor, &intended)) {
        any = true;
        fits |= subpacket_read_fingerprint(intended.body, &f) &&
                fingerprint_equal(&f, &p->recipient);
    }
    bool by_passphrase = p->encrypted && p->recipient.version == 0;
    if (!any || fits || by_passphrase)
        return NULL;
    return err_new(ERR_POLICY, "%s",
                   p->encrypted ? "it was made for another recipient"
                                : "it was made for an encrypted message");
}

/* Was the key allowed to sign documents when it did? */
static err *check_signer(const struct bound_cert *then, const struct bound *key)
{
    const err *problem = bound_problem(then) != NULL ? bound_problem(then) : key->problem;
    if (key->component->key.created_at > then->at)
        return err_new(ERR_POLICY, "made before the key that is said to have made it");
    if (problem != NULL)
        return err_wrap(err_copy(problem), "the signing key was not valid");
    if ((key->key_flags & FLAG_SIGN) == 0)
        return err_new(ERR_POLICY, "the key is not meant for signing documents");
    return NULL;
}

/* What has changed since then, and does not take the signature away. */
static err *remark_on(const struct cert *c, const struct key_handle *h,
                      const struct verify_params *p, int64_t at, err **out)
{
    AUTO(bound_cert_free) struct bound_cert *now = NULL;
    TRY(bind_cert(c, p->policy, at, &now));
    const struct bound *key = bound_key(now, h);
    const err *problem = bound_problem(now);
    if (problem == NULL && key != NULL)
        problem = key->problem;
    if (problem != NULL)
        *out = err_wrap(err_copy(problem), "the signing key is not valid any more");
    return NULL;
}

/* The mathematics fit: everything else. */
static err *judge(const struct sig *s, const struct cert *c, const struct verify_params *p,
                  struct verdict *v)
{
    AUTO(bound_cert_free) struct bound_cert *then = NULL;
    struct key_handle h = key_handle_of(&v->key);
    /* The document may have taken long to come, and its signer's clock may be fast. */
    int64_t now = world_now(p->world);
    now = s->created_at > now && s->created_at <= now + CLOCK_SKEW_SECONDS ? s->created_at : now;
    TRY(bind_cert_past(c, p->policy, s->created_at, now, &then));
    TRY(text_escape(bound_user_id(then), &v->user_id));
    const struct bound *key = bound_key(then, &h);
    err *reason = check_signature(s, p, now);
    if (reason == NULL)
        reason = check_recipient(s, p);
    if (reason == NULL)
        reason = key != NULL ? check_signer(then, key) : err_new(ERR_BUG, "no such key");
    if (reason != NULL)
        return conclude(v, VERDICT_REJECTED, reason);
    TRY(remark_on(c, &h, p, now, &v->remark));
    return conclude(v, VERDICT_GOOD, NULL);
}

/* Then nobody need have changed anything. */
static bool hash_is_too_short(const struct sig *s, const struct pubkey *k)
{
    const struct hash_algo *hash = algo_hash(s->hash_algo);
    return hash != NULL && hash->digest_len < pk_digest_min(k->algo, k->material);
}

/* If k has made the signature, what is it worth? */
static err *try_key(const struct sig *s, struct slice digest, const struct cert *c,
                    const struct pubkey *k, const struct verify_params *p, struct verdict *v)
{
    char kind[PK_DESCRIPTION_MAX];
    v->key = k->fpr;
    v->primary = *cert_fingerprint(c);
    pk_describe(k->algo, k->material, kind);
    if (pk_bits(k->algo, k->material) == 0)
        return conclude(v, VERDICT_UNUSABLE,
                        err_new(ERR_UNSUPPORTED,
                                "the signer's key is of a kind that is not "
                                "supported: %s",
                                kind));
    if (hash_is_too_short(s, k))
        return conclude(v, VERDICT_REJECTED,
                        err_new(ERR_POLICY, "made with %s, which is too short for its key",
                                algo_hash_name(s->hash_algo)));
    if (!sig_version_fits(s->version, k->version) || !sig_verify_digest(s, k, digest))
        return conclude(v, VERDICT_BAD,
                        err_new(ERR_NO_SIGNATURE, "the text or the signature was changed"));
    return judge(s, c, p, v);
}

/* Which of two verdicts about the same signature tells more. */
static bool is_better(const struct verdict *a, const struct verdict *b)
{
    static const uint8_t rank[] = {
        [VERDICT_UNKNOWN_SIGNER] = 0, [VERDICT_UNUSABLE] = 1, [VERDICT_BAD] = 2,
        [VERDICT_REJECTED] = 3,       [VERDICT_GOOD] = 4,
    };
    return rank[a->status] > rank[b->status];
}

/* Does the signature say that k has made it? */
static bool names(const struct sig *s, const struct pubkey *k)
{
    struct key_handle h;
    size_t cursor = 0;
    for (int i = 0; i < ISSUERS_TRIED && sig_next_issuer(s, &cursor, &h); i++) {
        if (pubkey_matches(k, &h))
            return true;
    }
    return false;
}

/* Tries the keys of c that the issuer may mean; the best verdict stays in *best. */
static err *try_cert(const struct sig *s, struct slice digest, const struct cert *c,
                     const struct verify_params *p, struct verdict *best)
{
    for (size_t i = 0; i < c->components.n && best->status != VERDICT_GOOD; i++) {
        const struct component *x = &c->components.items[i];
        bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
        CLEANUP(verdict_clear) struct verdict v = verdict_about(s);
        if (!is_key || !names(s, &x->key))
            continue;
        TRY(try_key(s, digest, c, &x->key, p, &v));
        if (is_better(&v, best)) {
            verdict_clear(best);
            *best = v;
            v = (struct verdict){0};
        }
    }
    return NULL;
}

/* Those of everybody who is said to have made it; one may come more than once. */
static err *find_certs(const struct sig *s, const struct key_finder *f, struct cert_list *out)
{
    struct key_handle h;
    size_t cursor = 0;
    if (f->certs == NULL)
        return NULL;
    for (int i = 0; i < ISSUERS_TRIED && sig_next_issuer(s, &cursor, &h); i++) {
        if (!key_handle_is_empty(&h))
            TRY(f->certs(f->context, &h, out));
    }
    return NULL;
}

/* The digest with the trailer in it. */
static err *digest_all(const struct sig *s, const struct digest *d, struct slice literal,
                       struct digest **out)
{
    TRY(digest_copy(d, out));
    sig_digest_trailer(*out, s, literal);
    return NULL;
}

/* What the signer has seen may have been another text with the same digest. */
static void reject_attacked(struct verdict *v)
{
    if (v->status != VERDICT_GOOD && v->status != VERDICT_REJECTED)
        return;
    err_free(v->reason);
    v->status = VERDICT_REJECTED;
    v->reason = err_new(ERR_POLICY, "the text shows signs of a collision attack on SHA-1");
}

/* Neither key IDs nor names are proof of anything: others may have put the signer's key
 * into a certificate of their own, which must not decide. */
err *verify_signature(const struct sig *s, const struct digest *d, struct slice literal,
                      const struct verify_params *p, struct verdict *out)
{
    uint8_t bytes[DIGEST_MAX];
    AUTO(digest_free) struct digest *whole = NULL;
    CLEANUP(cert_list_clear) struct cert_list certs = {0};
    *out = verdict_about(s);
    if (pk_find(s->pk_algo) == NULL)
        return conclude(
            out, VERDICT_UNUSABLE,
            err_new(ERR_UNSUPPORTED, "public-key algorithm %u is not supported", s->pk_algo));
    if (s->flaw != NULL)
        return conclude(out, VERDICT_UNUSABLE, err_new(ERR_POLICY, "%s", s->flaw));
    if (s->type != SIG_BINARY && s->type != SIG_TEXT)
        return conclude(out, VERDICT_UNUSABLE,
                        err_new(ERR_POLICY, "a %s signature says nothing about a document",
                                sig_type_name(s->type)));
    TRY(digest_all(s, d, literal, &whole));
    struct slice digest = digest_final(whole, bytes);
    TRY(find_certs(s, p->finder, &certs));
    out->status = VERDICT_UNKNOWN_SIGNER;
    for (size_t i = 0; i < certs.n && out->status != VERDICT_GOOD; i++)
        TRY(try_cert(s, digest, certs.items[i], p, out));
    if (out->status == VERDICT_UNKNOWN_SIGNER)
        out->reason = err_new(ERR_NOT_FOUND, "the signer's certificate is not here");
    if (digest_saw_attack(whole))
        reject_attacked(out);
    return NULL;
}

err *verify_detached(struct source *signatures, struct source *document,
                     const struct verify_params *p, struct verdict_list *out)
{
    CLEANUP(signatures_clear) struct signatures sigs = {0};
    AUTO(source_close) struct source *tap = NULL;
    TRY(err_wrap(signatures_read(&sigs, signatures), "signature"));
    if (sigs.n == 0)
        return err_new(ERR_MALFORMED, "signature: no signature found");
    TRY(signatures_tap(&sigs, document, sigs.n_taps > 1 ? p->pool : NULL, &tap));
    TRY(source_drain(tap));
    return signatures_judge(&sigs, p, out);
}
