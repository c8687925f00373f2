#include "keyring/agentnative.h"

#include "base/text.h"
#include "crypto/algo.h"

/* By the names of Libgcrypt. */
struct named {
    const char *name;
    uint8_t id;
};

static const struct named ciphers[] = {
    {"IDEA", CIPHER_IDEA},
    {"3DES", CIPHER_3DES},
    {"CAST5", CIPHER_CAST5},
    {"BLOWFISH", CIPHER_BLOWFISH},
    {"AES", CIPHER_AES128},
    {"AES128", CIPHER_AES128},
    {"AES192", CIPHER_AES192},
    {"AES256", CIPHER_AES256},
    {"TWOFISH", CIPHER_TWOFISH},
    {"CAMELLIA128", CIPHER_CAMELLIA128},
    {"CAMELLIA192", CIPHER_CAMELLIA192},
    {"CAMELLIA256", CIPHER_CAMELLIA256},
    {NULL, 0},
};

static const struct named hashes[] = {
    {"MD5", HASH_MD5},
    {"SHA1", HASH_SHA1},
    {"RIPEMD160", HASH_RIPEMD160},
    {"SHA256", HASH_SHA256},
    {"SHA384", HASH_SHA384},
    {"SHA512", HASH_SHA512},
    {"SHA224", HASH_SHA224},
    {NULL, 0},
};

static const struct named usages[] = {
    {"none", SECKEY_PLAIN},
    {"sha1", SECKEY_CFB},
    {"sum", SECKEY_CFB_SUM},
    {NULL, 0},
};

static err *damaged(void)
{
    return err_new(ERR_MALFORMED, "a key of which a part is missing or damaged");
}

/* The next string of the list, by its name in the table. */
static err *read_named(struct slice *list, const struct named *table, uint8_t *out)
{
    struct slice name;
    if (!sexp_next_string(list, &name))
        return damaged();
    for (; table->name != NULL; table++) {
        if (text_equal_nocase(name, slice_of_string(table->name))) {
            *out = table->id;
            return NULL;
        }
    }
    return err_new(ERR_UNSUPPORTED, "a key protected in an unknown way");
}

/* The next string of the list, a number of one octet. */
static err *read_octet(struct slice *list, uint8_t *out)
{
    struct slice text;
    unsigned n = 0;
    if (!sexp_next_string(list, &text) || text.len == 0)
        return damaged();
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return damaged();
        n = n * 10 + (unsigned)(text.data[i] - '0');
        if (n > UINT8_MAX)
            return damaged();
    }
    *out = (uint8_t)n;
    return NULL;
}

/* "PROTTYPE CIPHER IV MODE HASH SALT COUNT" */
static err *read_protection(struct slice list, struct agentnative *out)
{
    struct slice salt;
    TRY(read_named(&list, usages, &out->usage));
    if (out->usage == SECKEY_PLAIN)
        return NULL;
    TRY(read_named(&list, ciphers, &out->cipher));
    if (!sexp_next_string(&list, &out->iv))
        return damaged();
    TRY(read_octet(&list, &out->s2k.type));
    TRY(read_named(&list, hashes, &out->s2k.hash));
    if (out->s2k.type > S2K_ITERATED || out->iv.len != algo_cipher(out->cipher)->block_len ||
        !sexp_next_string(&list, &salt))
        return damaged();
    if (salt.len == S2K_SALT)
        memcpy(out->s2k.salt, salt.data, S2K_SALT);
    else if (out->s2k.type != S2K_SIMPLE)
        return damaged();
    return out->s2k.type == S2K_ITERATED ? read_octet(&list, &out->s2k.count) : NULL;
}

/* "_ P1 _ P2 ... e PN" */
static err *read_values(struct slice list, struct agentnative *out)
{
    struct slice flag, value;
    bool sealed = false;
    while (sexp_next_string(&list, &flag)) {
        if (sealed || out->n == AGENTNATIVE_VALUES || !sexp_next_string(&list, &value))
            return damaged();
        sealed = slice_equal(flag, SLICE_TEXT("e"));
        if (!sealed && !slice_equal(flag, SLICE_TEXT("_")))
            return damaged();
        out->values[out->n++] = value;
    }
    bool expected = out->usage != SECKEY_PLAIN;
    return list.len == 0 && out->n > 0 && sealed == expected ? NULL : damaged();
}

err *agentnative_parse(struct slice list, struct agentnative *out)
{
    struct sexp values, protection;
    *out = (struct agentnative){0};
    if (!slice_equal(sexp_value(list, "version"), SLICE_TEXT("4")))
        return err_new(ERR_UNSUPPORTED, "a key of another version than 4");
    if (!sexp_find(list, "skey", &values) || !sexp_find(list, "protection", &protection))
        return damaged();
    TRY(read_protection(protection.content, out));
    return read_values(values.content, out);
}

void agentnative_write(const struct agentnative *n, struct buf *body)
{
    buf_u8(body, n->usage);
    buf_u8(body, n->cipher);
    s2k_write(&n->s2k, body);
    buf_bytes(body, n->iv);
    buf_bytes(body, n->values[n->n - 1]);
}
