/* The brainpool curves and secp256k1, which Nettle lacks.  Nothing that takes a secret
 * branches on it or looks up memory by it; see field.h and group.h. */
#include "crypto/curve.h"

#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/group.h"
#include "crypto/mpi.h"
#include "crypto/nonce.h"
#include "crypto/random.h"

#define GROUP(name, c)                                                                             \
    CLEANUP(group_clear) struct group name;                                                        \
    group_init(&name, (c)->parameters)

/* A number of secret bytes on the stack. */
struct number {
    uint8_t bytes[FIELD_LEN_MAX];
};

static void number_clear(struct number *n)
{
    mem_wipe(n, sizeof *n);
}

#define NUMBER(name) CLEANUP(number_clear) struct number name = {{0}}

/* The z of a multiple tells something about the scalar. */
static void point_clear(struct point *p)
{
    mem_wipe(p, sizeof *p);
}

#define POINT(name) CLEANUP(point_clear) struct point name

static err *malformed(const struct curve *c, const char *what)
{
    return err_new(ERR_MALFORMED, "%s: impossible %s", c->name, what);
}

/* 04 x y */
static err *load_point(const struct curve *c, struct group *g, struct slice bytes, struct point *p)
{
    size_t len = c->field_len;
    if (bytes.len != 1 + 2 * len || bytes.data[0] != 0x04 ||
        !group_load(g, bytes.data + 1, bytes.data + 1 + len, p))
        return malformed(c, "point");
    return NULL;
}

static void store_point(const struct curve *c, struct group *g, const struct point *p,
                        struct buf *out)
{
    size_t len = c->field_len;
    buf_u8(out, 0x04);
    uint8_t *room = buf_extend(out, 2 * len);
    if (room != NULL)
        group_store(g, p, room, room + len);
}

/* Is it from 1 to the order - 1?  Only the answer shows. */
static bool is_scalar(struct group *g, const uint8_t *bytes)
{
    struct residue r;
    bool below = field_load(&g->scalars, bytes, &r);
    bool good = below && !field_is_zero(&r);
    mem_wipe(&r, sizeof r);
    return good;
}

static err *load_scalar(const struct curve *c, struct group *g, struct slice bytes,
                        struct number *out)
{
    if (!mpi_pad(bytes, out->bytes, c->field_len) || !is_scalar(g, out->bytes))
        return malformed(c, "secret key");
    return NULL;
}

static void mul(struct group *g, const uint8_t *scalar, const struct point *p, struct point *out)
{
    const struct group_term term = {scalar, p};
    group_sum(g, &term, 1, out);
}

static err *draw_scalar(struct group *g, const struct world *w, uint8_t *scalar)
{
    CLEANUP(random_clear) struct random_source random = {0};
    TRY(random_init(&random, w));
    do {
        random_fill(&random, g->scalars.len, scalar);
    } while (!is_scalar(g, scalar));
    return NULL;
}

static err *generate(const struct curve *c, const struct world *w, struct buf *point,
                     struct secret **scalar)
{
    GROUP(g, c);
    AUTO(secret_free) struct secret *s = NULL;
    POINT(p);
    TRY(secret_new(c->field_len, &s));
    TRY(draw_scalar(&g, w, secret_data(s)));
    mul(&g, secret_view(s).data, &g.base, &p);
    store_point(c, &g, &p, point);
    *scalar = TAKE(s);
    return NULL;
}

static err *check(const struct curve *c, struct slice point, struct slice scalar)
{
    GROUP(g, c);
    NUMBER(s);
    POINT(p);
    CLEANUP(buf_clear) struct buf expected = BUF_EMPTY(POINT_MAX);
    TRY(load_scalar(c, &g, scalar, &s));
    mul(&g, s.bytes, &g.base, &p);
    store_point(c, &g, &p, &expected);
    TRY(buf_end(&expected));
    return slice_equal(buf_view(&expected), point) ? NULL : malformed(c, "key pair");
}

/* The order is a prime, so that no multiple that load_scalar allows is neutral. */
static err *shared(const struct curve *c, struct slice point, struct slice scalar,
                   struct secret **out)
{
    GROUP(g, c);
    NUMBER(s);
    NUMBER(y);
    POINT(p);
    AUTO(secret_free) struct secret *x = NULL;
    TRY(load_point(c, &g, point, &p));
    TRY(load_scalar(c, &g, scalar, &s));
    TRY(secret_new(c->field_len, &x));
    mul(&g, s.bytes, &p, &p);
    group_store(&g, &p, secret_data(x), y.bytes);
    *out = TAKE(x);
    return NULL;
}

/* ECDSA [FIPS 186-4 6.4, SEC 1 4.1] */

/* The leftmost bits of the digest, as many as the order has, as a number modulo it. */
static void load_digest(struct group *g, struct slice digest, struct residue *e)
{
    uint8_t bytes[FIELD_LEN_MAX];
    size_t len = g->scalars.len;
    mpi_pad(digest.len < len ? digest : slice_of(digest.data, len), bytes, len);
    field_reduce(&g->scalars, bytes, e);
}

static err *draw_nonce(struct group *g, const struct world *w, const struct number *scalar,
                       const struct residue *e, struct number *k)
{
    CLEANUP(nonce_clear) struct nonce nonce;
    AUTO(secret_free) struct secret *random = NULL;
    uint8_t digest[FIELD_LEN_MAX];
    size_t len = g->scalars.len;
    field_store(&g->scalars, e, digest);
    TRY(world_random_secret(w, DIGEST_MAX, &random));
    TRY(nonce_start(&nonce, HASH_SHA512, slice_of(scalar->bytes, len), slice_of(digest, len),
                    secret_view(random)));
    do {
        TRY(nonce_next(&nonce, k->bytes, len));
    } while (!is_scalar(g, k->bytes));
    return NULL;
}

/* What must not outlive a signature. */
struct signing {
    struct point point;
    struct residue e, d, k, r, s;
};

static void signing_clear(struct signing *s)
{
    mem_wipe(s, sizeof *s);
}

/* r = the x coordinate of k * G; s = (e + r d) / k.  Either is zero once in 2^256
 * signatures; then pk_sign, which verifies them, refuses it. */
static void compute(struct group *g, struct signing *m, const struct number *scalar,
                    const struct number *k)
{
    struct field *f = &g->scalars;
    NUMBER(x);
    NUMBER(y);
    mul(g, k->bytes, &g->base, &m->point);
    group_store(g, &m->point, x.bytes, y.bytes);
    field_reduce(f, x.bytes, &m->r);
    field_load(f, scalar->bytes, &m->d);
    field_load(f, k->bytes, &m->k);
    field_mul(f, &m->r, &m->d, &m->s);
    field_add(f, &m->s, &m->e, &m->s);
    field_invert(f, &m->k, &m->k);
    field_mul(f, &m->s, &m->k, &m->s);
}

static void put_number(struct field *f, const struct residue *a, struct buf *b)
{
    uint8_t bytes[FIELD_LEN_MAX];
    field_store(f, a, bytes);
    mpi_write(b, slice_of(bytes, f->len));
}

static err *sign(const struct curve *c, struct slice scalar, const struct world *w,
                 struct slice digest, struct buf *signature)
{
    GROUP(g, c);
    NUMBER(d);
    NUMBER(k);
    CLEANUP(signing_clear) struct signing m = {0};
    TRY(load_scalar(c, &g, scalar, &d));
    load_digest(&g, digest, &m.e);
    TRY(draw_nonce(&g, w, &d, &m.e, &k));
    compute(&g, &m, &d, &k);
    put_number(&g.scalars, &m.r, signature);
    put_number(&g.scalars, &m.s, signature);
    return NULL;
}

/* a * b modulo the order, as a scalar. */
static void mul_scalars(struct group *g, const struct residue *a, const struct residue *b,
                        uint8_t *out)
{
    struct residue product = {0};
    field_mul(&g->scalars, a, b, &product);
    field_store(&g->scalars, &product, out);
}

/* Is the x coordinate of e/s * G + r/s * Q, modulo the order, r? */
static bool fits(struct group *g, const struct residue *e, const struct residue *r,
                 const struct residue *s, const struct point *q)
{
    uint8_t u1[FIELD_LEN_MAX], u2[FIELD_LEN_MAX], x[FIELD_LEN_MAX], y[FIELD_LEN_MAX];
    struct residue inverse, found;
    struct point sum;
    const struct group_term terms[] = {{u1, &g->base}, {u2, q}};
    field_invert(&g->scalars, s, &inverse);
    mul_scalars(g, e, &inverse, u1);
    mul_scalars(g, r, &inverse, u2);
    group_sum(g, terms, 2, &sum);
    group_store(g, &sum, x, y);
    field_reduce(&g->scalars, x, &found);
    return field_equal(&found, r);
}

static bool load_half(struct group *g, struct slice half, struct residue *out)
{
    uint8_t bytes[FIELD_LEN_MAX];
    return mpi_pad(half, bytes, g->scalars.len) && is_scalar(g, bytes) &&
           field_load(&g->scalars, bytes, out);
}

static bool verify(const struct curve *c, struct slice point, struct slice digest, struct slice r,
                   struct slice s)
{
    GROUP(g, c);
    struct point q;
    struct residue e, r_residue, s_residue;
    err *wrong = load_point(c, &g, point, &q);
    load_digest(&g, digest, &e);
    bool good = wrong == NULL && load_half(&g, r, &r_residue) && load_half(&g, s, &s_residue) &&
                fits(&g, &e, &r_residue, &s_residue, &q);
    err_free(wrong);
    return good;
}

/* [RFC5639 3.4, 3.6, 3.7] */

static const struct group_parameters bp256 = {
    .len = 32,
    .p = "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
    .a = "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
    .b = "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
    .n = "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7",
    .x = "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262",
    .y = "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997",
};

static const struct group_parameters bp384 = {
    .len = 48,
    .p = "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123"
         "ACD3A729901D1A71874700133107EC53",
    .a = "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F"
         "8AA5814A503AD4EB04A8C7DD22CE2826",
    .b = "04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D5"
         "7CB4390295DBC9943AB78696FA504C11",
    .n = "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7"
         "CF3AB6AF6B7FC3103B883202E9046565",
    .x = "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8"
         "E826E03436D646AAEF87B2E247D4AF1E",
    .y = "8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF9912928"
         "0E4646217791811142820341263C5315",
};

static const struct group_parameters bp512 = {
    .len = 64,
    .p = "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330871"
         "7D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
    .a = "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC"
         "2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA",
    .b = "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A7"
         "2BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723",
    .n = "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870"
         "553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069",
    .x = "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098E"
         "FF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822",
    .y = "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111"
         "B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892",
};

/* [SEC 2, 2.4.1] */
static const struct group_parameters k256 = {
    .len = 32,
    .p = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F",
    .a = "0000000000000000000000000000000000000000000000000000000000000000",
    .b = "0000000000000000000000000000000000000000000000000000000000000007",
    .n = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141",
    .x = "79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798",
    .y = "483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8",
};

#define OID(...)                                                                                   \
    {                                                                                              \
        (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})                     \
    }

#define FUNCTIONS                                                                                  \
    .generate = generate, .check = check, .shared = shared, .sign = sign, .verify = verify

const struct curve curve_brainpool_p256 = {
    .id = CURVE_BRAINPOOL_P256,
    .name = "brainpoolP256r1",
    .oid = OID(0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07),
    .bits = 256,
    .field_len = 32,
    .kdf_hash = HASH_SHA256,
    .kek_cipher = CIPHER_AES128,
    .parameters = &bp256,
    FUNCTIONS,
};

const struct curve curve_brainpool_p384 = {
    .id = CURVE_BRAINPOOL_P384,
    .name = "brainpoolP384r1",
    .oid = OID(0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B),
    .bits = 384,
    .field_len = 48,
    .kdf_hash = HASH_SHA384,
    .kek_cipher = CIPHER_AES192,
    .parameters = &bp384,
    FUNCTIONS,
};

const struct curve curve_brainpool_p512 = {
    .id = CURVE_BRAINPOOL_P512,
    .name = "brainpoolP512r1",
    .oid = OID(0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D),
    .bits = 512,
    .field_len = 64,
    .kdf_hash = HASH_SHA512,
    .kek_cipher = CIPHER_AES256,
    .parameters = &bp512,
    FUNCTIONS,
};

/* Not in [RFC9580]; the parameters are those that other programs write. */
const struct curve curve_secp256k1 = {
    .id = CURVE_SECP256K1,
    .name = "secp256k1",
    .oid = OID(0x2B, 0x81, 0x04, 0x00, 0x0A),
    .bits = 256,
    .field_len = 32,
    .kdf_hash = HASH_SHA256,
    .kek_cipher = CIPHER_AES128,
    .parameters = &k256,
    FUNCTIONS,
};
