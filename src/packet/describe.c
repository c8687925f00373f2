#include "packet/describe.h"

#include <stdio.h>

#include "packet/attribute.h"
#include "packet/onepass.h"
#include "packet/pkesk.h"
#include "packet/pubkey.h"
#include "packet/seckey.h"
#include "packet/sig.h"
#include "packet/skesk.h"
#include "packet/words.h"

enum { FIELDS_MAX = 64 };

struct describer {
    describe_show *show;
    void *context;
    unsigned depth;
    const uint8_t **at; /* up to here every byte has been shown */
};

static struct describer inside(const struct describer *d)
{
    return (struct describer){d->show, d->context, d->depth + 1, d->at};
}

static err *put_up_to(const struct describer *d, const uint8_t *end, const char *label)
{
    const struct describe_field f = {.kind = DESCRIBE_FRAME,
                                     .depth = d->depth,
                                     .label = label,
                                     .value = "",
                                     .bytes = slice_of(*d->at, (size_t)(end - *d->at))};
    if (f.bytes.len == 0)
        return NULL;
    *d->at = end;
    return d->show(d->context, &f);
}

/* What no field has claimed, in front of this one, is a frame. */
static err *put_as(const struct describer *d, enum describe_kind kind, const char *label,
                   const char *value, struct slice bytes)
{
    const struct describe_field f = {kind, d->depth, label, value, bytes};
    if (bytes.len > 0)
        TRY(put_up_to(d, bytes.data, "frame"));
    if (bytes.len > 0 && kind != DESCRIBE_GROUP)
        *d->at = bytes.data + bytes.len;
    return d->show(d->context, &f);
}

static err *put(const struct describer *d, const char *label, const char *value, struct slice bytes)
{
    return put_as(d, DESCRIBE_VALUE, label, value, bytes);
}

static err *describe_at(const struct describer *d, uint8_t type, struct slice body);

static err *describe_subpacket(const struct describer *d, const struct subpacket *p)
{
    CLEANUP(buf_clear) struct buf label = BUF_EMPTY(256), value = BUF_EMPTY(SIZE_MAX);
    buf_printf(&label, "%s%s", subpacket_name(p->type), p->critical ? " (critical)" : "");
    if (!subpacket_is_known(p->type))
        buf_printf(&label, " (type %u)", p->type);
    buf_u8(&label, 0);
    if (p->type != SUB_EMBEDDED)
        words_subpacket(&value, p->type, p->body);
    buf_u8(&value, 0);
    TRY(buf_end(&label));
    TRY(buf_end(&value));
    TRY(put_up_to(d, p->body.data, "subpacket length and type"));
    bool nested = p->type == SUB_EMBEDDED && d->depth < 4;
    TRY(put_as(d, nested ? DESCRIBE_GROUP : DESCRIBE_VALUE, (const char *)label.data,
               (const char *)value.data, p->body));
    const struct describer inner = inside(d);
    return nested ? describe_at(&inner, PACKET_SIGNATURE, p->body) : NULL;
}

static err *describe_area(const struct describer *d, struct slice area)
{
    const struct describer inner = inside(d);
    struct reader r = reader_init(area, "subpackets");
    while (reader_left(&r) > 0) {
        struct subpacket p = subpacket_next(&r);
        if (reader_failed(&r)) {
            TRY(put_up_to(&inner, area.data + area.len, "not understood"));
            return put(&inner, "malformed", "the subpackets end here", SLICE_EMPTY);
        }
        TRY(describe_subpacket(&inner, &p));
    }
    return NULL;
}

/* Packets. */

static err *describe_fields(const struct describer *d, const struct reader_trace *trace)
{
    for (size_t i = 0; i < trace->n; i++) {
        const struct reader_field *f = &trace->fields[i];
        CLEANUP(buf_clear) struct buf value = BUF_EMPTY(SIZE_MAX);
        bool area = strcmp(f->label, "hashed subpackets") == 0 ||
                    strcmp(f->label, "unhashed subpackets") == 0;
        if (area)
            buf_printf(&value, "%zu bytes", f->bytes.len);
        else
            words_field(&value, f->label, f->bytes);
        buf_u8(&value, 0);
        TRY(buf_end(&value));
        TRY(put_as(d, area ? DESCRIBE_GROUP : DESCRIBE_VALUE, f->label, (const char *)value.data,
                   f->bytes));
        if (area)
            TRY(describe_area(d, f->bytes));
    }
    return NULL;
}

static err *describe_key(const struct describer *d, const struct pubkey *k)
{
    char fpr[FPR_TEXT_SIZE], id[KEY_ID_TEXT_SIZE], kind[PK_DESCRIPTION_MAX];
    if (k->fpr.version == 0)
        return NULL;
    fingerprint_text(&k->fpr, fpr);
    key_id_text(&k->id, id);
    pubkey_describe(k, kind);
    TRY(put(d, "kind", kind, SLICE_EMPTY));
    TRY(put(d, "fingerprint", fpr, SLICE_EMPTY));
    return put(d, "key ID", id, SLICE_EMPTY);
}

/* The parser for a type; what it reads is of interest only through the trace. */
static err *parse(uint8_t type, struct reader *r, struct pubkey *key, const char **flaw)
{
    struct seckey secret;
    struct sig sig;
    struct onepass onepass;
    struct pkesk pkesk;
    struct skesk skesk;
    err *e = NULL;
    switch (type) {
    case PACKET_PUBLIC_KEY:
    case PACKET_PUBLIC_SUBKEY:
        TRY(pubkey_parse(r, key));
        return reader_end(r);
    case PACKET_SECRET_KEY:
    case PACKET_SECRET_SUBKEY:
        e = seckey_parse(r, type, &secret);
        *key = secret.public;
        return e;
    case PACKET_SIGNATURE:
        e = sig_parse_from(r, &sig);
        *flaw = sig.flaw;
        return e;
    case PACKET_ONE_PASS:
        return onepass_parse(r, &onepass);
    case PACKET_PKESK:
        return pkesk_parse(r, &pkesk);
    case PACKET_SKESK:
        return skesk_parse(r, &skesk);
    case PACKET_USER_ATTRIBUTE:
        return attribute_parse(r);
    case PACKET_USER_ID:
        reader_mark(r, "user ID");
        break;
    default:
        reader_mark(r, "content");
        break;
    }
    reader_rest(r);
    return NULL;
}

static err *describe_at(const struct describer *d, uint8_t type, struct slice body)
{
    struct reader_field fields[FIELDS_MAX];
    struct reader_trace trace = {.fields = fields, .max = FIELDS_MAX};
    struct reader r = reader_init(body, packet_name(type));
    struct pubkey key = {0};
    const char *flaw = NULL;
    char text[512];
    r.trace = &trace;
    AUTO(err_free) err *problem = parse(type, &r, &key, &flaw);
    if (err_kind_of(problem) == ERR_NO_MEMORY)
        return TAKE(problem);
    TRY(describe_key(d, &key));
    TRY(describe_fields(d, &trace));
    if (body.len > 0)
        TRY(put_up_to(d, body.data + body.len, "not understood"));
    if (flaw != NULL)
        TRY(put(d, "flaw", flaw, SLICE_EMPTY));
    if (problem != NULL)
        TRY(put(d, "problem", err_text(problem, text, sizeof text), SLICE_EMPTY));
    return NULL;
}

err *describe_packet(uint8_t type, struct slice body, describe_show *show, void *context)
{
    const uint8_t *at = body.data;
    const struct describer d = {show, context, 0, &at};
    return describe_at(&d, type, body);
}
