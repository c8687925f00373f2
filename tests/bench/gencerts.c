/* gencerts - many distinct certificates, for measuring what keyrings do with them.
 *
 *     gencerts [--flood M] COUNT [FIRST]
 *
 * Writes COUNT certificates to standard output, numbered from FIRST (1) on: version 4,
 * Ed25519 and Curve25519, "User 000123 <user000123@d23.example>".  A number always gives
 * the same bytes.  Self-signatures are good.  The subkeys decrypt nothing: any 32 bytes are
 * a public key, and nobody has the secret one.  With --flood the user ID of the first
 * certificate bears M certifications by keys that do not exist.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/algo.h"
#include "crypto/pk.h"
#include "packet/packet.h"
#include "pgp/issue.h"
#include "pgp/keygen.h"
#include "steady.h"

enum { MADE_AT = 1767225600 /* 2026-01-01 */, DOMAINS = 100, BODY_MAX = 1 << 12 };

static int64_t now(void *context)
{
    (void)context;
    return MADE_AT;
}

/* One certificate in the making. */
struct maker {
    struct world world;
    unsigned number; /* the same bytes for the same number */
    struct steady random;
    struct newkey primary;
    struct signer signer;
    struct buf packets;
};

static err *add_signature(struct maker *m, enum sig_type type, const struct target *t,
                          const struct buf *subpackets)
{
    TRY(buf_end(subpackets));
    const struct issue i = {.signer = &m->signer,
                            .type = type,
                            .target = *t,
                            .subpackets = buf_view(subpackets),
                            .world = &m->world};
    return issue_packet(&i, &m->packets);
}

static err *add_user(struct maker *m)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(BODY_MAX);
    char name[64];
    unsigned n = m->number;
    snprintf(name, sizeof name, "User %06u <user%06u@d%02u.example>", n, n, n % DOMAINS);
    const struct target t = {
        .primary = m->primary.public.body, .user = slice_of_string(name), .has_user = true};
    packet_write(&m->packets, PACKET_USER_ID, t.user);
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, FLAG_CERTIFY | FLAG_SIGN);
    keygen_write_preferences(FEATURE_SEIPD1 | FEATURE_SEIPD2, &subpackets);
    return add_signature(m, SIG_CERT_POSITIVE, &t, &subpackets);
}

/* The fields of an ECDH key [RFC9580 5.5.5.6] around a random point. */
static err *add_subkey(struct maker *m)
{
    static const uint8_t oid[] = {0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01};
    static const uint8_t kdf[] = {3, 1, HASH_SHA256, CIPHER_AES128};
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(BODY_MAX), body = BUF_EMPTY(BODY_MAX);
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(BODY_MAX);
    uint8_t point[33] = {0x40};
    TRY(world_random(&m->world, point + 1, 32));
    point[32] &= 0x7F; /* it is below 2^255 [RFC7748 5] */
    buf_u8(&fields, sizeof oid);
    buf_bytes(&fields, SLICE_OF(oid));
    buf_u16(&fields, 7 + 8 * 32);
    buf_bytes(&fields, SLICE_OF(point));
    buf_bytes(&fields, SLICE_OF(kdf));
    pubkey_write(&body, 4, MADE_AT, PK_ECDH, buf_view(&fields));
    TRY(buf_end(&body));
    const struct target t = {.primary = m->primary.public.body, .subkey = buf_view(&body)};
    packet_write(&m->packets, PACKET_PUBLIC_SUBKEY, t.subkey);
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, FLAG_ENCRYPT);
    return add_signature(m, SIG_SUBKEY_BINDING, &t, &subpackets);
}

/* A certification with the shape of a real one, by a key that does not exist. */
static err *add_stray(struct maker *m)
{
    CLEANUP(buf_clear) struct buf hashed = BUF_EMPTY(BODY_MAX), unhashed = BUF_EMPTY(BODY_MAX);
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(BODY_MAX), fields = BUF_EMPTY(BODY_MAX);
    struct fingerprint issuer = {.version = 4, .len = FPR_V4_LEN};
    uint8_t numbers[64], digest[2];
    TRY(world_random(&m->world, issuer.bytes, issuer.len));
    TRY(world_random(&m->world, numbers, sizeof numbers));
    TRY(world_random(&m->world, digest, sizeof digest));
    numbers[0] = (uint8_t)(numbers[0] | 0x80);
    numbers[32] = (uint8_t)(numbers[32] | 0x80);
    const struct key_id id = fingerprint_key_id(&issuer);
    subpacket_write_u32(&hashed, SUB_CREATED, true, MADE_AT);
    subpacket_write_fingerprint(&hashed, SUB_ISSUER_FPR, false, &issuer);
    subpacket_write(&unhashed, SUB_ISSUER, false, SLICE_OF(id.bytes));
    for (size_t i = 0; i < 2; i++) {
        buf_u16(&fields, 256);
        buf_bytes(&fields, slice_of(numbers + 32 * i, 32));
    }
    const struct sig_draft draft = {.version = 4,
                                    .type = SIG_CERT_GENERIC,
                                    .pk_algo = PK_EDDSA_LEGACY,
                                    .hash_algo = HASH_SHA512,
                                    .hashed = buf_view(&hashed),
                                    .unhashed = buf_view(&unhashed)};
    sig_write_signed_part(&body, &draft);
    sig_write_rest(&body, &draft, SLICE_OF(digest), buf_view(&fields));
    packet_write(&m->packets, PACKET_SIGNATURE, buf_view(&body));
    return buf_end(&body);
}

static err *make(struct maker *m, unsigned number, unsigned long flood)
{
    const struct newkey_kind kind = {4, PK_EDDSA_LEGACY, 0};
    m->number = number;
    m->random = (struct steady){.words = {number}, .n = 2};
    m->world = (struct world){.context = &m->random, .now = now, .random = steady_random};
    TRY(newkey_make(&kind, MADE_AT, &m->world, &m->primary));
    m->signer = (struct signer){.key = &m->primary.public, .secret = m->primary.secret};
    packet_write(&m->packets, PACKET_PUBLIC_KEY, m->primary.public.body);
    TRY(add_user(m));
    for (; flood > 0; flood--)
        TRY(add_stray(m));
    TRY(add_subkey(m));
    return buf_end(&m->packets);
}

static err *write_cert(unsigned number, unsigned long flood)
{
    struct maker m = {.packets = BUF_EMPTY(SIZE_MAX)};
    err *e = make(&m, number, flood);
    if (e == NULL && fwrite(m.packets.data, 1, m.packets.len, stdout) != m.packets.len)
        e = err_system(ERR_OUTPUT, "standard output");
    newkey_clear(&m.primary);
    buf_clear(&m.packets);
    return e;
}

static int complain(err *e)
{
    char text[512];
    err_text(e, text, sizeof text);
    fprintf(stderr, "gencerts: %s\n", text);
    err_free(e);
    return 1;
}

int main(int argc, char **argv)
{
    bool flooded = argc > 2 && strcmp(argv[1], "--flood") == 0;
    unsigned long flood = flooded ? strtoul(argv[2], NULL, 10) : 0;
    char **words = argv + (flooded ? 3 : 1);
    unsigned long count = words[0] != NULL ? strtoul(words[0], NULL, 10) : 0;
    unsigned long first = count > 0 && words[1] != NULL ? strtoul(words[1], NULL, 10) : 1;
    if (count == 0)
        return complain(err_new(ERR_USAGE, "gencerts [--flood M] COUNT [FIRST]"));
    pk_init();
    for (unsigned long i = 0; i < count; i++) {
        err *e = write_cert((unsigned)(first + i), i == 0 ? flood : 0);
        if (e != NULL)
            return complain(e);
    }
    return fflush(stdout) == 0 ? 0 : complain(err_system(ERR_OUTPUT, "standard output"));
}
