#include "netmake.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "packet/packet.h"
#include "pgp/issue.h"
#include "pgp/keygen.h"
#include "steady.h"

enum { BODY_MAX = 1 << 16, SECRET_MAX = 64 };

static int64_t now(void *context)
{
    (void)context;
    return NET_START;
}

/* One of very many keys: these do not fit into locked memory. */
struct key {
    struct buf body;
    struct pubkey public;
    size_t secret_len;
    uint8_t secret[SECRET_MAX];
};

struct maker {
    struct net *net;
    struct steady random; /* of the seed, and of what is being made */
    struct world world;
    struct key *keys; /* of the certificates, then of those that do not exist */
    size_t n_keys;
    size_t next_sig, next_user;
    struct buf packets;
};

static err *make_key(struct maker *m, size_t number, uint32_t created)
{
    static const struct newkey_kind kind = {4, PK_EDDSA_LEGACY, 0};
    CLEANUP(newkey_clear) struct newkey made = {0};
    struct key *k = &m->keys[number];
    m->random.words[1] = (uint32_t)number;
    m->random.words[2] = 0;
    TRY(newkey_make(&kind, created, &m->world, &made));
    struct slice secret = secret_view(made.secret);
    k->secret_len = secret.len < SECRET_MAX ? secret.len : SECRET_MAX;
    memcpy(k->secret, secret.data, k->secret_len);
    k->public = made.public;
    k->body = made.body;
    made.body = BUF_EMPTY(0);
    if (number < m->net->certs.n)
        m->net->certs.items[number].fpr = k->public.fpr;
    return NULL;
}

static size_t unknown_keys(const struct net *n)
{
    int32_t lowest = 0;
    for (size_t i = 0; i < n->sigs.n; i++) {
        if (n->sigs.items[i].issuer < lowest)
            lowest = n->sigs.items[i].issuer;
    }
    return (size_t)-lowest;
}

static err *make_keys(struct maker *m)
{
    m->n_keys = m->net->certs.n + unknown_keys(m->net);
    TRY(MEM_ARRAY(m->keys, m->n_keys));
    for (size_t i = 0; i < m->n_keys; i++)
        TRY(make_key(m, i, i < m->net->certs.n ? m->net->certs.items[i].created : NET_START));
    return NULL;
}

/* The subpackets of what is said about others. */

static void write_scopes(const char *scopes, struct buf *subpackets)
{
    for (size_t len; *scopes != '\0'; scopes += len + (scopes[len] == ' ')) {
        char regex[BODY_MAX];
        len = strcspn(scopes, " ");
        snprintf(regex, sizeof regex, "%.*s", (int)len, scopes);
        subpacket_write(subpackets, SUB_REGEX, true, slice_of(regex, strlen(regex) + 1));
    }
}

static void write_terms(const struct net_sig *s, struct buf *subpackets)
{
    const uint8_t trust[2] = {s->depth, s->amount};
    if (s->valid_for > 0)
        subpacket_write_u32(subpackets, SUB_EXPIRES, true, s->valid_for);
    if (s->has_trust)
        subpacket_write(subpackets, SUB_TRUST, true, SLICE_OF(trust));
    if (s->scopes != NULL)
        write_scopes(s->scopes, subpackets);
}

static void write_self(const struct net_cert *c, struct buf *subpackets)
{
    subpacket_write_u8(subpackets, SUB_KEY_FLAGS, true, FLAG_CERTIFY | FLAG_SIGN);
    if (c->valid_for > 0)
        subpacket_write_u32(subpackets, SUB_KEY_EXPIRES, true, c->valid_for);
    keygen_write_preferences(FEATURE_SEIPD1 | FEATURE_SEIPD2, subpackets);
}

static struct target target_of(const struct maker *m, const struct net_sig *s)
{
    const struct net_user *u = net_user(m->net, s->subject, s->user);
    struct target t = {.primary = m->keys[s->subject].public.body};
    if (u != NULL) {
        t.user = slice_of_string(u->name);
        t.has_user = true;
    }
    return t;
}

/* With the shape of a real one, but numbers that are random. */
static err *write_forged(struct maker *m, const struct net_sig *s, const struct key *by)
{
    CLEANUP(buf_clear) struct buf hashed = BUF_EMPTY(BODY_MAX), body = BUF_EMPTY(BODY_MAX);
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(BODY_MAX);
    uint8_t random[2 + 2 * 32];
    TRY(world_random(&m->world, random, sizeof random));
    subpacket_write_u32(&hashed, SUB_CREATED, true, s->at);
    subpacket_write_fingerprint(&hashed, SUB_ISSUER_FPR, false, &by->public.fpr);
    subpacket_write(&hashed, SUB_ISSUER, false, SLICE_OF(by->public.id.bytes));
    write_terms(s, &hashed);
    for (size_t i = 0; i < 2; i++) {
        random[2 + 32 * i] |= 0x80;
        buf_u16(&fields, 256);
        buf_bytes(&fields, slice_of(random + 2 + 32 * i, 32));
    }
    const struct sig_draft draft = {.version = 4,
                                    .type = s->type,
                                    .pk_algo = PK_EDDSA_LEGACY,
                                    .hash_algo = HASH_SHA512,
                                    .hashed = buf_view(&hashed)};
    sig_write_signed_part(&body, &draft);
    sig_write_rest(&body, &draft, slice_of(random, 2), buf_view(&fields));
    packet_write(&m->packets, PACKET_SIGNATURE, buf_view(&body));
    return buf_end(&body);
}

static err *write_sig(struct maker *m, const struct net_sig *s)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(BODY_MAX);
    size_t number = s->issuer >= 0 ? (size_t)s->issuer : m->net->certs.n + (size_t)-s->issuer - 1;
    const struct key *k = &m->keys[number];
    if (s->is_forged)
        return write_forged(m, s, k);
    CLEANUP(signer_clear) struct signer signer = {.key = &k->public, .hash = s->hash};
    TRY(secret_of(slice_of(k->secret, k->secret_len), &signer.secret));
    struct issue i = {.signer = &signer,
                      .type = s->type,
                      .target = target_of(m, s),
                      .world = &m->world,
                      .at = s->at};
    bool revokes = sig_is_revocation(s->type);
    if (s->issuer == s->subject && !revokes)
        write_self(&m->net->certs.items[s->subject], &subpackets);
    else
        write_terms(s, &subpackets);
    TRY(buf_end(&subpackets));
    i.subpackets = buf_view(&subpackets);
    if (revokes)
        return issue_revocation(&i, s->reason, "", &m->packets);
    return issue_packet(&i, &m->packets);
}

static err *write_sigs(struct maker *m, int32_t subject, int32_t user)
{
    const struct net *n = m->net;
    for (; m->next_sig < n->sigs.n; m->next_sig++) {
        const struct net_sig *s = &n->sigs.items[m->next_sig];
        if (s->subject != subject || s->user != user)
            return NULL;
        TRY(write_sig(m, s));
    }
    return NULL;
}

static err *write_user(struct maker *m, int32_t cert, int32_t number)
{
    const struct net_user *u = &m->net->users.items[m->next_user];
    const struct net_sig self = {.issuer = cert,
                                 .subject = cert,
                                 .user = number,
                                 .at = u->self_at,
                                 .type = SIG_CERT_POSITIVE};
    packet_write(&m->packets, PACKET_USER_ID, slice_of_string(u->name));
    if (u->self_at != 0)
        TRY(write_sig(m, &self));
    return write_sigs(m, cert, number);
}

static err *write_cert(struct maker *m, int32_t cert, FILE *to)
{
    buf_reset(&m->packets);
    packet_write(&m->packets, PACKET_PUBLIC_KEY, m->keys[cert].public.body);
    TRY(write_sigs(m, cert, -1));
    for (int32_t i = 0; m->next_user < m->net->users.n; i++, m->next_user++) {
        if (m->net->users.items[m->next_user].cert != cert)
            break;
        TRY(write_user(m, cert, i));
    }
    TRY(buf_end(&m->packets));
    if (fwrite(m->packets.data, 1, m->packets.len, to) != m->packets.len)
        return err_system(ERR_OUTPUT, "the keyring");
    return NULL;
}

static err *make_all(struct maker *m, FILE *to)
{
    TRY(make_keys(m));
    for (size_t i = 0; i < m->net->certs.n; i++)
        TRY(write_cert(m, (int32_t)i, to));
    return NULL;
}

err *net_make(struct net *n, uint32_t seed, FILE *to)
{
    struct maker m = {
        .net = n, .random = {.words = {seed}, .n = 3}, .packets = BUF_EMPTY(SIZE_MAX)};
    m.world = (struct world){.context = &m.random, .now = now, .random = steady_random};
    err *e = make_all(&m, to);
    for (size_t i = 0; m.keys != NULL && i < m.n_keys; i++)
        buf_clear(&m.keys[i].body);
    free(m.keys);
    buf_clear(&m.packets);
    return e;
}
