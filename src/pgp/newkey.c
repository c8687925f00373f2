#include "pgp/newkey.h"

err *newkey_make(const struct newkey_kind *kind, uint32_t created_at, const struct world *w,
                 struct newkey *out)
{
    CLEANUP(buf_clear) struct buf material = BUF_EMPTY(PK_FIELDS_MAX);
    out->body = BUF_EMPTY(PK_FIELDS_MAX + 16);
    TRY(pk_generate(kind->algo, kind->variant, w, &material, &out->secret));
    pubkey_write(&out->body, kind->version, created_at, kind->algo, buf_view(&material));
    TRY(buf_end(&out->body));
    struct reader r = reader_init(buf_view(&out->body), "new key");
    TRY(pubkey_parse(&r, &out->public));
    return reader_end(&r);
}

err *newkey_write(const struct newkey *k, uint8_t packet_type, const struct secret *passphrase,
                  const struct world *w, struct buf *packets)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(2 * PK_FIELDS_MAX);
    TRY(seckey_write(&body, &k->public, packet_type, k->secret, passphrase, w));
    packet_write(packets, packet_type, buf_view(&body));
    return buf_end(packets);
}

void newkey_clear(struct newkey *k)
{
    buf_clear(&k->body);
    secret_free(k->secret);
    k->secret = NULL;
}
