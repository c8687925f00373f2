#include "pgp/sshkey.h"

#include <string.h>

#include "crypto/curve.h"
#include "crypto/mpi.h"
#include "stream/base64.h"

enum { NATIVE_POINT = 0x40, BLOB_MAX = PK_FIELDS_MAX };

/* RFC 4251 5: strings, and integers with a sign. */

static void write_string(struct buf *b, struct slice s)
{
    buf_u32(b, (uint32_t)s.len);
    buf_bytes(b, s);
}

static void write_name(struct buf *b, const char *name)
{
    write_string(b, slice_of_string(name));
}

static void write_integer(struct buf *b, struct slice magnitude)
{
    bool looks_negative = magnitude.len > 0 && (magnitude.data[0] & 0x80) != 0;
    buf_u32(b, (uint32_t)(magnitude.len + looks_negative));
    if (looks_negative)
        buf_u8(b, 0);
    buf_bytes(b, magnitude);
}

/* One kind of key each: *name is what it begins with, also in the line. */

static err *write_rsa(struct reader *r, struct buf *blob, const char **name)
{
    struct slice n = mpi_read(r), e = mpi_read(r);
    TRY(reader_end(r));
    *name = "ssh-rsa";
    write_name(blob, *name);
    write_integer(blob, e);
    write_integer(blob, n);
    return NULL;
}

static err *write_ed25519(struct slice point, struct buf *blob, const char **name)
{
    *name = "ssh-ed25519";
    write_name(blob, *name);
    write_string(blob, point);
    return NULL;
}

static err *write_eddsa_legacy(struct reader *r, struct buf *blob, const char **name)
{
    (void)reader_bytes(r, reader_u8(r)); /* its curve: there is only one */
    struct slice point = mpi_read(r);
    TRY(reader_end(r));
    if (point.len == 0 || point.data[0] != NATIVE_POINT)
        return err_new(ERR_MALFORMED, "the point of the key is damaged");
    return write_ed25519(slice_from(point, 1), blob, name);
}

static const struct {
    enum pk_curve curve;
    const char *name, *curve_name;
} ecdsa_names[] = {
    {CURVE_P256, "ecdsa-sha2-nistp256", "nistp256"},
    {CURVE_P384, "ecdsa-sha2-nistp384", "nistp384"},
    {CURVE_P521, "ecdsa-sha2-nistp521", "nistp521"},
};

static err *not_known(const struct pubkey *k)
{
    char kind[PK_DESCRIPTION_MAX];
    pubkey_describe(k, kind);
    return err_hint(err_new(ERR_UNSUPPORTED, "OpenSSH knows no %s keys", kind),
                    "it knows Ed25519, RSA, and ECDSA on the NIST curves");
}

static err *write_ecdsa(const struct pubkey *k, struct reader *r, struct buf *blob,
                        const char **name)
{
    const struct curve *curve = curve_of(k->material);
    (void)reader_bytes(r, reader_u8(r));
    struct slice point = mpi_read(r);
    TRY(reader_end(r));
    for (size_t i = 0; i < sizeof ecdsa_names / sizeof *ecdsa_names; i++) {
        if (curve == NULL || curve->id != ecdsa_names[i].curve)
            continue;
        *name = ecdsa_names[i].name;
        write_name(blob, *name);
        write_name(blob, ecdsa_names[i].curve_name);
        write_string(blob, point);
        return NULL;
    }
    return not_known(k);
}

static err *write_blob(const struct pubkey *k, struct buf *blob, const char **name)
{
    struct reader r = reader_init(k->material, "public key");
    switch (k->algo) {
    case PK_RSA:
    case PK_RSA_SIGN_ONLY:
        return write_rsa(&r, blob, name);
    case PK_ED25519:
        return write_ed25519(k->material, blob, name);
    case PK_EDDSA_LEGACY:
        return write_eddsa_legacy(&r, blob, name);
    case PK_ECDSA:
        return write_ecdsa(k, &r, blob, name);
    default:
        return not_known(k);
    }
}

err *sshkey_write(const struct pubkey *k, struct buf *line)
{
    CLEANUP(buf_clear) struct buf blob = BUF_EMPTY(BLOB_MAX);
    const char *name = NULL;
    TRY(write_blob(k, &blob, &name));
    TRY(buf_end(&blob));
    buf_printf(line, "%s ", name);
    uint8_t *room = buf_extend(line, (blob.len + 2) / 3 * 4);
    if (room != NULL)
        base64_encode(buf_view(&blob), (char *)room);
    return buf_end(line);
}
