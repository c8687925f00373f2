#include "pgp/edit.h"

#include "base/mem.h"
#include "base/text.h"
#include "pgp/bind.h"
#include "pgp/unlock.h"

err *edit_add(const struct cert *c, struct slice packets, struct cert **out)
{
    CLEANUP(buf_clear) struct buf all = BUF_EMPTY(CERT_MAX);
    AUTO(cert_free) struct cert *additions = NULL;
    bool changed;
    packet_write(&all, PACKET_PUBLIC_KEY, cert_primary(c)->body);
    buf_bytes(&all, packets);
    TRY(buf_end(&all));
    TRY(cert_parse(buf_view(&all), &additions));
    return cert_merge(c, additions, out, &changed);
}

err *edit_without(const struct cert *c, edit_test *drop, const void *context, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        buf_bytes(&packets, x->packet.whole);
        for (size_t k = 0; k < x->sigs.n; k++) {
            if (!drop(context, x, k))
                buf_bytes(&packets, x->sigs.items[k].packet.whole);
        }
    }
    TRY(buf_end(&packets));
    return cert_parse(buf_view(&packets), out);
}

static bool is_weak(const void *policy, const struct component *on, size_t i)
{
    const struct cert_sig *s = &on->sigs.items[i];
    return s->parsed && !sig_is_revocation(s->sig.type) &&
           !policy_accepts_hash(policy, s->sig.hash_algo, POLICY_CERTS, s->sig.created_at);
}

err *edit_without_weak(const struct cert *c, const struct policy *p, struct cert **out)
{
    return edit_without(c, is_weak, p, out);
}

/* Passphrases. */

/* Version 3 has its own way to encrypt, which is not written any more. */
static err *check_rewritable(const struct pubkey *key, bool protect)
{
    if (key->version >= 4 || !protect)
        return NULL;
    return err_new(ERR_UNSUPPORTED, "secret keys of version %u are not written", key->version);
}

static err *protect_again(const struct cert *c, const struct component *x,
                          const struct signer_params *p, const struct secret *passphrase,
                          struct buf *packets)
{
    AUTO(secret_free) struct secret *fields = NULL;
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(2 * PK_FIELDS_MAX);
    TRY(check_rewritable(&x->key, passphrase != NULL));
    TRY(unlock_key(c, x, p->finder, p->limits, &fields));
    TRY(seckey_write(&body, &x->key, x->packet.type, fields, passphrase, p->world));
    packet_write(packets, x->packet.type, buf_view(&body));
    return buf_end(packets);
}

/* GnuPG's stubs, and keys that are unprotected already. */
static bool stays_as_it_is(const struct component *x, const struct secret *passphrase)
{
    if (!x->has_secret || x->secret.s2k.type == S2K_GNU)
        return true;
    return passphrase == NULL && x->secret.state == SECKEY_UNPROTECTED;
}

/* A protection that is not known is one that cannot be taken off. */
static err *write_component(const struct cert *c, const struct component *x,
                            const struct signer_params *p, const struct secret *passphrase,
                            struct buf *packets)
{
    char id[KEY_ID_TEXT_SIZE];
    if (stays_as_it_is(x, passphrase)) {
        buf_bytes(packets, x->packet.whole);
        return NULL;
    }
    if (unlock_is_here(x))
        return protect_again(c, x, p, passphrase, packets);
    key_id_text(&x->key.id, id);
    return err_new(ERR_LOCKED, "key %s is protected in a way that is not supported", id);
}

err *edit_passphrase(const struct cert *c, const struct signer_params *p,
                     const struct component *only, const struct secret *passphrase,
                     struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (only == NULL || x == only)
            TRY(write_component(c, x, p, passphrase, &packets));
        else
            buf_bytes(&packets, x->packet.whole);
        for (size_t k = 0; k < x->sigs.n; k++)
            buf_bytes(&packets, x->sigs.items[k].packet.whole);
    }
    TRY(buf_end(&packets));
    return cert_parse(buf_view(&packets), out);
}

/* Subkeys alone. */

static bool has_secret_subkey(const struct cert *c)
{
    for (size_t i = 1; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (x->kind == COMPONENT_SUBKEY && unlock_is_here(x))
            return true;
    }
    return false;
}

static err *check_subkeys(const struct cert *c)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(c), fpr);
    if (cert_primary(c)->version != 4)
        return err_hint(err_new(ERR_UNSUPPORTED,
                                "%s: in version %u there is no form for a key without its "
                                "primary secret part",
                                fpr, cert_primary(c)->version),
                        "give that machine a key of its own, or a version 4 key");
    if (!has_secret_subkey(c))
        return err_new(ERR_NOT_FOUND, "%s: it has no subkey whose secret part is here", fpr);
    return NULL;
}

err *edit_without_primary_secret(const struct cert *c, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX), body = BUF_EMPTY(CERT_MAX);
    TRY(check_subkeys(c));
    seckey_write_absent(&body, cert_primary(c));
    TRY(buf_end(&body));
    packet_write(&packets, PACKET_SECRET_KEY, buf_view(&body));
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (i > 0)
            buf_bytes(&packets, x->packet.whole);
        for (size_t k = 0; k < x->sigs.n; k++)
            buf_bytes(&packets, x->sigs.items[k].packet.whole);
    }
    TRY(buf_end(&packets));
    return cert_parse(buf_view(&packets), out);
}

/* Revocation. */

/* The primary key unlocked, to revoke itself. */
static err *open_revoker(const struct cert *c, const struct signer_params *p, struct signer *out)
{
    *out = (struct signer){.cert = c, .key = cert_primary(c)};
    return unlock_key(c, &c->components.items[0], p->finder, p->limits, &out->secret);
}

err *edit_revocation_certificate(const struct cert *c, const struct signer_params *p,
                                 enum revocation_reason reason, const char *words,
                                 struct buf *packets)
{
    CLEANUP(signer_clear) struct signer primary = {0};
    const struct target key = cert_target(c, &c->components.items[0]);
    const struct issue i = {.signer = &primary, .target = key, .world = p->world};
    TRY(open_revoker(c, p, &primary));
    return issue_revocation_certificate(&i, reason, words, packets);
}

err *edit_revoke(const struct cert *c, const struct signer_params *p, enum revocation_reason reason,
                 const char *words, struct cert **out)
{
    CLEANUP(signer_clear) struct signer primary = {0};
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    const struct target key = cert_target(c, &c->components.items[0]);
    const struct issue i = {.signer = &primary, .target = key, .world = p->world};
    TRY(open_revoker(c, p, &primary));
    TRY(issue_revocation(&i, reason, words, &packets));
    return edit_add(c, buf_view(&packets), out);
}

/* Certification. */

static const struct bound *find_user_id(const struct bound_cert *b, struct slice id)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct component *x = b->items[i].component;
        if (x->kind == COMPONENT_USER_ID && slice_equal(x->packet.body, id))
            return &b->items[i];
    }
    return NULL;
}

static err *check_user_id(const struct bound_cert *b, struct slice id)
{
    char reason[512], fingerprint[FPR_TEXT_SIZE];
    AUTO(free) char *shown = NULL;
    const struct bound *user = find_user_id(b, id);
    const err *problem = bound_problem(b);
    TRY(text_escape(id, &shown));
    fingerprint_text(cert_fingerprint(b->cert), fingerprint);
    if (user == NULL)
        return err_new(ERR_NO_USER_ID, "%s: there is no user ID %s", fingerprint, shown);
    if (problem == NULL)
        problem = user->problem;
    if (problem == NULL)
        return NULL;
    return err_new(ERR_NO_USER_ID, "%s: %s: %s", fingerprint, shown,
                   err_text(problem, reason, sizeof reason));
}

static struct issue certification_of(const struct cert *c, struct slice id, const struct signer *s,
                                     const struct edit_certify *p)
{
    return (struct issue){
        .signer = s,
        .type = SIG_CERT_GENERIC,
        .target = {.primary = cert_primary(c)->body, .user = id, .has_user = true},
        .subpackets = p->subpackets,
        .world = p->world,
        .at = p->at};
}

static err *certify(const struct cert *c, struct slice id, const struct edit_certify *p,
                    struct buf *packets)
{
    packet_write(packets, PACKET_USER_ID, id);
    for (size_t i = 0; i < p->n_signers; i++) {
        const struct issue x = certification_of(c, id, &p->signers[i], p);
        TRY(issue_packet(&x, packets));
    }
    return NULL;
}

err *edit_certify(const struct cert *c, const struct edit_certify *p, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, p->policy, world_now(p->world), &b));
    for (size_t i = 0; i < p->n_user_ids; i++) {
        if (!p->also_unsigned)
            TRY(check_user_id(b, p->user_ids[i]));
        TRY(certify(c, p->user_ids[i], p, &packets));
    }
    return edit_add(c, buf_view(&packets), out);
}

err *edit_uncertify(const struct cert *c, const struct edit_certify *p,
                    enum revocation_reason reason, const char *words, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < p->n_user_ids; i++) {
        const struct issue x = certification_of(c, p->user_ids[i], &p->signers[0], p);
        packet_write(&packets, PACKET_USER_ID, p->user_ids[i]);
        TRY(issue_revocation(&x, reason, words, &packets));
    }
    return edit_add(c, buf_view(&packets), out);
}
