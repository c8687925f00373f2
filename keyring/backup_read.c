#include "keyring/backup.h"

#include "base/interrupt.h"
#include "packet/packet.h"

struct reading {
    struct source *source;
    const struct backup_visitor *visitor;
    struct buf block;            /* packets from one primary key to the next */
    struct buf body;             /* of one of them */
    struct backup_summary seen;  /* how many have come */
    struct backup_summary claim; /* how many there are to be */
    bool summed_up;
};

static void reading_clear(struct reading *x)
{
    buf_clear(&x->block);
    buf_clear(&x->body);
}

static err *no_backup(void)
{
    return err_new(ERR_MALFORMED, "this is no backup of a keyring");
}

/* The header that comes next stays where it is. */
static err *look_ahead(struct reading *x, struct packet_header *h, bool *end)
{
    struct slice view;
    TRY(source_fill(x->source, PACKET_HEADER_MAX, &view));
    *end = view.len == 0;
    if (*end)
        return NULL;
    struct reader r = reader_init(view, "packet header");
    err *e = packet_parse_header(&r, h);
    if (e == NULL || x->source->offset > 0)
        return e;
    err_free(e);
    return no_backup();
}

/* Gathers the packets from one primary key to the next, or none at the end. */
static err *next_block(struct reading *x)
{
    struct packet_header h;
    bool end;
    buf_reset(&x->block);
    for (;;) {
        TRY(look_ahead(x, &h, &end));
        bool key = !end && packet_is_primary_key(h.type);
        if (end || (key && x->block.len > 0))
            return NULL;
        if (!key && x->block.len == 0)
            return no_backup();
        TRY(packet_read_header(x->source, &h, &end));
        buf_reset(&x->body);
        TRY(packet_read_body(x->source, &h, &x->body));
        packet_write(&x->block, h.type, buf_view(&x->body));
        TRY(buf_end(&x->block));
    }
}

/* What is no certificate. */

static void read_name(struct reader *r, struct fingerprint *f)
{
    struct slice name = reader_bytes(r, reader_u8(r));
    if (name.len == 0 || !fingerprint_from(name.data[0], slice_from(name, 1), f))
        reader_refuse(r, "a fingerprint of the wrong length");
}

static err *read_settings(struct reading *x, struct reader *r)
{
    while (reader_left(r) > 0) {
        struct trust_setting t = {0};
        read_name(r, &t.fpr);
        t.kind = (enum trust_kind)reader_u8(r);
        t.amount = reader_u8(r);
        if (!trust_setting_is_sound(&t))
            reader_refuse(r, "an impossible value");
        TRY(reader_check(r));
        TRY(x->visitor->setting(x->visitor->context, &t));
        x->seen.settings++;
    }
    return NULL;
}

static err *read_revocation(struct reading *x, struct reader *r)
{
    struct backup_revocation v = {0};
    read_name(r, &v.fpr);
    v.file = reader_rest(r);
    TRY(reader_end(r));
    x->seen.revocations++;
    return x->visitor->revocation(x->visitor->context, &v);
}

static err *read_summary(struct reading *x, struct reader *r)
{
    uint8_t version = reader_u8(r);
    if (version > BACKUP_VERSION)
        return err_hint(
            err_new(ERR_UNSUPPORTED, "a backup made by a newer version of bulla (%u)", version),
            "use that version");
    x->claim.made_at = (int64_t)reader_u64(r);
    if (x->claim.made_at < 0 || x->claim.made_at > UINT32_MAX)
        reader_refuse(r, "an impossible time");
    x->claim.certs = reader_u64(r);
    x->claim.keys = reader_u64(r);
    x->claim.settings = reader_u64(r);
    x->claim.revocations = reader_u64(r);
    x->summed_up = true;
    return reader_end(r);
}

static err *read_private(struct reading *x, const struct packet *p)
{
    struct reader r = reader_init(p->body, "part of the backup");
    uint8_t kind = reader_u8(&r);
    TRY(reader_check(&r));
    if (p->type != BACKUP_PRIVATE || kind > BACKUP_REVOCATION)
        return err_new(ERR_MALFORMED, "an unknown part of the backup");
    if (kind == BACKUP_SETTINGS)
        return read_settings(x, &r);
    return kind == BACKUP_REVOCATION ? read_revocation(x, &r) : read_summary(x, &r);
}

static err *read_rest(struct reading *x, struct reader *r)
{
    struct packet p;
    while (reader_left(r) > 0) {
        if (x->summed_up)
            return err_new(ERR_MALFORMED, "the backup goes on behind its end");
        TRY(packet_next(r, &p));
        TRY(read_private(x, &p));
    }
    return NULL;
}

/* Certificates. */

static err *read_cert(struct reading *x)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(cert_parse(buf_view(&x->block), &c));
    x->seen.certs++;
    x->seen.keys += cert_has_secret(c);
    return x->visitor->cert(x->visitor->context, c);
}

/* A certificate, or (*last) what follows them. */
static err *read_block(struct reading *x, bool *last)
{
    struct reader r = reader_init(buf_view(&x->block), "backup");
    struct packet p;
    TRY(packet_next(&r, &p));
    *last = p.type == PACKET_PUBLIC_KEY && slice_equal(p.body, BACKUP_DIVIDER);
    return *last ? read_rest(x, &r) : read_cert(x);
}

static err *check_end(struct reading *x)
{
    const struct backup_summary *a = &x->claim, *b = &x->seen;
    bool complete = x->summed_up && a->certs == b->certs && a->keys == b->keys &&
                    a->settings == b->settings && a->revocations == b->revocations;
    TRY(next_block(x));
    if (x->block.len > 0)
        return err_new(ERR_MALFORMED, "the backup goes on behind its end");
    return complete ? NULL : err_new(ERR_MALFORMED, "a part of the backup is missing");
}

err *backup_read(struct source *s, const struct backup_visitor *v, struct backup_summary *out)
{
    CLEANUP(reading_clear)
    struct reading x = {.source = s,
                        .visitor = v,
                        .block = BUF_EMPTY(CERT_MAX),
                        .body = BUF_EMPTY(CERT_PACKET_MAX)};
    bool last = false;
    while (!last) {
        TRY(interrupt_check());
        TRY(next_block(&x));
        if (x.block.len == 0)
            return no_backup();
        TRY(read_block(&x, &last));
    }
    TRY(check_end(&x));
    *out = x.claim;
    return NULL;
}
