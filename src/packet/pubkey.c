#include "packet/pubkey.h"

#include "crypto/curve.h"
#include "crypto/digest.h"
#include "crypto/mpi.h"

/* The octets of the next integer as they stand, leading zeros and all. */
static struct slice integer_octets(struct reader *r)
{
    const uint8_t *start = r->p + 2;
    mpi_read(r);
    return reader_failed(r) ? SLICE_EMPTY : slice_of(start, (size_t)(r->p - start));
}

/* MD5 over the integers without their lengths; the key ID is the end of the
 * modulus [RFC9580 5.5.4.1]. */
static err *fingerprint_v3(struct pubkey *k)
{
    uint8_t digest[DIGEST_MAX];
    struct reader r = reader_init(k->material, "v3 key");
    struct slice n = integer_octets(&r), e = integer_octets(&r);
    AUTO(digest_free) struct digest *d = NULL;
    TRY(reader_end(&r));
    if (n.len < KEY_ID_LEN)
        return err_new(ERR_MALFORMED, "v3 key: the modulus is too short");
    memcpy(k->id.bytes, n.data + n.len - KEY_ID_LEN, KEY_ID_LEN);
    TRY(digest_new(HASH_MD5, &d));
    digest_update(d, n);
    digest_update(d, e);
    digest_final(d, digest);
    fingerprint_from(3, slice_of(digest, FPR_V3_LEN), &k->fpr);
    return NULL;
}

size_t pubkey_hash_head(uint8_t version, size_t len, uint8_t head[static PUBKEY_HEAD_MAX])
{
    size_t width = version > 4 ? 4 : 2;
    head[0] = version == 6 ? 0x9B : version == 5 ? 0x9A : 0x99;
    for (size_t i = 0; i < width; i++)
        head[1 + i] = (uint8_t)(len >> (8 * (width - 1 - i)));
    return 1 + width;
}

/* A digest over the normalised packet [RFC9580 5.5.4.2, 5.5.4.3]. */
static err *fingerprint_v4_up(struct pubkey *k)
{
    uint8_t digest[DIGEST_MAX], head[PUBKEY_HEAD_MAX];
    AUTO(digest_free) struct digest *d = NULL;
    TRY(digest_new(k->version == 4 ? HASH_SHA1 : HASH_SHA256, &d));
    digest_update(d, slice_of(head, pubkey_hash_head(k->version, k->body.len, head)));
    digest_update(d, k->body);
    digest_final(d, digest);
    fingerprint_from(k->version, slice_of(digest, fingerprint_len(k->version)), &k->fpr);
    k->id = fingerprint_key_id(&k->fpr);
    return NULL;
}

/* The forms that live only in v4 keys [RFC9580 9.2]. */
static bool is_legacy_form(const struct pubkey *k)
{
    const struct curve *c = k->algo == PK_ECDH ? curve_of(k->material) : NULL;
    return k->algo == PK_EDDSA_LEGACY || (c != NULL && c->legacy);
}

static void read_material(struct reader *r, struct pubkey *out)
{
    const struct pk_algo *algo = pk_find(out->algo);
    const uint8_t *start = r->p;
    reader_mark(r, "key material");
    if (algo != NULL)
        algo->skip_public(r);
    else
        reader_rest(r);
    if (!reader_failed(r))
        out->material = slice_of(start, (size_t)(r->p - start));
}

static err *read_counted_fields(struct reader *r, struct pubkey *out)
{
    reader_mark(r, "key material length");
    uint32_t len = reader_u32(r);
    struct reader fields = reader_sub(r, len, "public key material");
    read_material(&fields, out);
    TRY(reader_end(&fields));
    if (out->version == 6 && is_legacy_form(out))
        return err_new(ERR_MALFORMED, "a v6 key of a kind that is for v4 only");
    return NULL;
}

err *pubkey_parse(struct reader *r, struct pubkey *out)
{
    const uint8_t *start = r->p;
    *out = (struct pubkey){0};
    reader_mark(r, "version");
    out->version = reader_u8(r);
    r->canonical = out->version == 6; /* [RFC9580 3.2] */
    TRY(reader_check(r));
    if (out->version < 2 || out->version > 6)
        return err_new(ERR_UNSUPPORTED, "key version %u is not supported", out->version);
    reader_mark(r, "created");
    out->created_at = reader_u32(r);
    if (out->version < 4) {
        reader_mark(r, "valid days");
        out->valid_days = reader_u16(r);
    }
    reader_mark(r, "public-key algorithm");
    out->algo = reader_u8(r);
    if (out->version < 4 && out->algo > PK_RSA_SIGN_ONLY)
        return err_new(ERR_MALFORMED, "a v%u key that is not RSA", out->version);
    if (out->version > 4)
        TRY(read_counted_fields(r, out));
    else
        read_material(r, out);
    TRY(reader_check(r));
    out->body = slice_of(start, (size_t)(r->p - start));
    if (out->version == 4 && out->body.len > UINT16_MAX)
        return err_new(ERR_MALFORMED, "a v4 key of %zu bytes", out->body.len);
    return out->version < 4 ? fingerprint_v3(out) : fingerprint_v4_up(out);
}

void pubkey_write(struct buf *b, uint8_t version, uint32_t created_at, uint8_t algo,
                  struct slice material)
{
    buf_u8(b, version);
    buf_u32(b, created_at);
    buf_u8(b, algo);
    if (version == 6)
        buf_u32(b, (uint32_t)material.len);
    buf_bytes(b, material);
}

struct slice pubkey_kdf_fingerprint(const struct pubkey *k)
{
    return slice_of(k->fpr.bytes, k->version == 5 ? FPR_V4_LEN : k->fpr.len);
}

void pubkey_describe(const struct pubkey *k, char text[static PK_DESCRIPTION_MAX])
{
    pk_describe(k->algo, k->material, text);
}

bool pubkey_matches(const struct pubkey *k, const struct key_handle *h)
{
    return key_handle_matches(h, &k->fpr, &k->id);
}
