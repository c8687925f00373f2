#include "pgp/certfile.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "crypto/pk.h"
#include "stream/armor.h"

enum {
    SEARCH_STEP = 1 << 16, /* bytes read at once while looking for a key */
    KEY_LEN_MAX = 1 << 16, /* of a key that is looked for */
};

/* What has been read and not handed out yet is kept as it stands in the file: where
 * lengths turn out to be wrong, the next key is looked for in all of it. */
struct certfile {
    struct source *packets;
    bool is_text, ended;
    bool damaged;    /* ended only because the armor is damaged there */
    bool resumed;    /* behind a damaged frame */
    uint64_t offset; /* bytes read so far, of all frames */
    struct buf raw;
    struct buf clean; /* the packets of what was gathered, without those that say nothing */
    size_t start, at; /* in raw: of what is being gathered, and of its next packet */
    unsigned number;  /* of certificates so far, from 1 */
    bool has_key;     /* what is being gathered starts with a primary key */
    err *broken;      /* why it cannot be kept */
    err *damage;      /* of the armor, if not told yet */
    struct certfile_place place;
};

/* Input. */

/* The frames behind the damaged one. */
static err *next_frames(struct certfile *f)
{
    struct source *rest = armor_release(TAKE(f->packets));
    f->damaged = f->ended = false;
    f->resumed = true;
    return armor_decode(rest, ARMOR_NONE, ARMOR_SALVAGE, &f->packets);
}

err *certfile_open(struct source *input, struct certfile **out)
{
    AUTO(certfile_close) struct certfile *f = NULL;
    if (MEM_NEW(f) != NULL) {
        source_close(input);
        return err_no_memory();
    }
    f->packets = input;
    f->raw = BUF_EMPTY(2 * (size_t)CERT_MAX);
    f->clean = BUF_EMPTY(CERT_MAX);
    TRY(armor_is_text(input, &f->is_text));
    if (f->is_text)
        TRY(armor_decode(TAKE(f->packets), ARMOR_NONE, ARMOR_SALVAGE, &f->packets));
    *out = TAKE(f);
    return NULL;
}

void certfile_close(struct certfile *f)
{
    if (f == NULL)
        return;
    source_close(f->packets);
    buf_clear(&f->raw);
    buf_clear(&f->clean);
    err_free(f->broken);
    err_free(f->damage);
    free(f);
}

/* A frame that is damaged ends there; others may follow. */
static err *note_end(struct certfile *f, err *e)
{
    bool armor = f->is_text && err_kind_of(e) == ERR_MALFORMED;
    bool none_left = f->resumed && err_kind_of(e) == ERR_NO_DATA;
    if (e != NULL && !armor && !none_left)
        return e;
    f->ended = true;
    f->damaged = armor;
    if (armor)
        f->damage = e;
    else
        err_free(e);
    return NULL;
}

/* Reads until raw has `upto` bytes, or all that there are. */
static err *read_up_to(struct certfile *f, size_t upto)
{
    while (f->raw.len < upto && !f->ended) {
        struct slice view;
        err *e = source_fill(f->packets, 1, &view);
        if (e != NULL || view.len == 0)
            return note_end(f, e);
        size_t n = upto - f->raw.len < view.len ? upto - f->raw.len : view.len;
        buf_bytes(&f->raw, slice_of(view.data, n));
        source_consume(f->packets, n);
        f->offset += n;
        TRY(buf_end(&f->raw));
    }
    return NULL;
}

/* Forgets what is in front of `start`, once that is most of it. */
static void forget(struct certfile *f)
{
    if (f->start == 0 || f->start < f->raw.len / 2)
        return;
    f->raw.len -= f->start;
    memmove(f->raw.data, f->raw.data + f->start, f->raw.len);
    f->at -= f->start;
    f->start = 0;
}

static uint64_t offset_of(const struct certfile *f, size_t index)
{
    return f->offset - (f->raw.len - index);
}

static struct slice from(const struct certfile *f, size_t index)
{
    return slice_from(buf_view(&f->raw), index);
}

/* Gathering. */

/* Line ends and zeros, which some put between certificates. */
static bool is_filler(uint8_t byte)
{
    return byte == 0 || byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* What is gathered cannot be kept, because of e, or of damage that led to it. */
static void give_up(struct certfile *f, err *e)
{
    if (f->damage != NULL) {
        err_free(e);
        e = TAKE(f->damage);
    }
    f->broken = err_wrap(e, "at byte %llu", (unsigned long long)offset_of(f, f->at));
}

static err *check_length(const struct certfile *f, const struct packet_header *h)
{
    if (h->length != PACKET_FIXED)
        return err_new(ERR_MALFORMED, "%s packet without a definite length", packet_name(h->type));
    if (h->len > CERT_PACKET_MAX)
        return err_new(ERR_LIMIT, "a %s packet of more than %d bytes", packet_name(h->type),
                       CERT_PACKET_MAX);
    if (f->at - f->start + h->header_len + h->len > CERT_MAX)
        return err_new(ERR_LIMIT, "more than %d bytes", CERT_MAX);
    return NULL;
}

static err *take_packet(struct certfile *f, const struct packet_header *h)
{
    size_t end = f->at + h->header_len + h->len;
    err *bad = check_length(f, h);
    if (bad == NULL) {
        TRY(read_up_to(f, end));
        if (f->raw.len >= end)
            f->at = end;
        else
            bad = err_new(ERR_INTEGRITY, "cut short");
    }
    if (bad != NULL)
        give_up(f, bad);
    return NULL;
}

/* The first octet of a primary key packet. */
static bool may_start_key(uint8_t byte)
{
    uint8_t legacy = byte & 0xFC;
    return legacy == (0x80 | PACKET_PUBLIC_KEY << 2) || legacy == (0x80 | PACKET_SECRET_KEY << 2) ||
           byte == (0xC0 | PACKET_PUBLIC_KEY) || byte == (0xC0 | PACKET_SECRET_KEY);
}

/* Takes one more packet, unless that starts something else. */
static err *gather_packet(struct certfile *f, bool *complete)
{
    struct packet_header h;
    struct reader r = reader_init(from(f, f->at), "packet header");
    bool first = f->at == f->start, key = may_start_key(f->raw.data[f->at]);
    *complete = key && !first;
    if (*complete)
        return NULL;
    if (first) {
        f->has_key = key;
        f->number += key;
    }
    err *bad = packet_parse_header(&r, &h);
    if (bad == NULL)
        return take_packet(f, &h);
    give_up(f, bad);
    return NULL;
}

/* Reads up to the next primary key, filler behind a certificate, or the end. */
static err *gather(struct certfile *f)
{
    bool complete = false;
    if (f->at == f->start && f->broken == NULL)
        f->has_key = false;
    while (!complete && f->broken == NULL) {
        TRY(read_up_to(f, f->at + PACKET_HEADER_MAX));
        if (f->at == f->raw.len) {
            if (f->damage != NULL)
                give_up(f, NULL);
            return NULL;
        }
        bool filler = f->number > 0 && is_filler(f->raw.data[f->at]);
        complete = filler && f->at > f->start;
        if (filler && !complete)
            f->start = ++f->at;
        else if (!filler)
            TRY(gather_packet(f, &complete));
    }
    return NULL;
}

/* Behind what is broken. */

/* Does the body read as a key of an algorithm that is known, or at least has lengths that
 * agree (versions 5 and 6)? */
static err *check_key(const struct packet_header *h, struct slice body)
{
    struct reader r = reader_init(body, "key");
    struct pubkey public;
    struct seckey secret;
    if (packet_is_secret(h->type)) {
        TRY(seckey_parse(&r, h->type, &secret));
        public = secret.public;
    } else {
        TRY(pubkey_parse(&r, &public));
        TRY(reader_end(&r));
    }
    bool known = pk_find(public.algo) != NULL || public.version >= 5;
    return known ? NULL : err_new(ERR_UNSUPPORTED, "an unknown algorithm");
}

/* Does a packet with a primary key stand at this index of raw? */
static err *is_key(struct certfile *f, size_t index, bool *out)
{
    struct packet_header h;
    *out = false;
    if (!may_start_key(f->raw.data[index]))
        return NULL;
    TRY(read_up_to(f, index + PACKET_HEADER_MAX));
    struct reader r = reader_init(from(f, index), "packet header");
    err *e = packet_parse_header(&r, &h);
    bool plausible = e == NULL && h.length == PACKET_FIXED && h.len <= KEY_LEN_MAX;
    size_t end = index + (plausible ? h.header_len + h.len : 0);
    err_free(e);
    TRY(read_up_to(f, end));
    if (!plausible || f->raw.len < end)
        return NULL;
    e = check_key(&h, slice_of(f->raw.data + index + h.header_len, h.len));
    *out = e == NULL;
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    err_free(e);
    return NULL;
}

/* More bytes to look at, from the next frame if need be. */
static err *read_on(struct certfile *f)
{
    TRY(interrupt_check());
    if (f->damaged)
        TRY(next_frames(f));
    return read_up_to(f, f->raw.len + SEARCH_STEP);
}

/* Moves to the next primary key behind the start of what cannot be read: a wrong length may
 * have made the next certificate part of it.  Where its own lengths end at a key there need
 * be none before. */
static err *search_within(struct certfile *f)
{
    bool found = false;
    size_t end = f->at;
    for (size_t index = f->start + 1; index < end && !found; index++) {
        TRY(is_key(f, index, &found));
        if (found)
            f->at = index;
    }
    return NULL;
}

/* The same where its lengths lead nowhere. */
static err *search(struct certfile *f)
{
    size_t index = f->start + 1;
    bool found = false;
    for (;;) {
        for (; index < f->raw.len; index++) {
            TRY(is_key(f, index, &found));
            f->at = index;
            if (found)
                return NULL;
        }
        f->start = f->at = f->raw.len;
        forget(f);
        index = 0;
        if (f->damage != NULL || (f->ended && !f->damaged))
            return NULL;
        TRY(read_on(f));
    }
}

/* Handing out. */

/* What a reader is to ignore [RFC9580 4.3, 5.8, 5.10, 5.14].  Unknown packets behind a key
 * are kept with it. */
static bool is_nothing(const struct certfile *f, uint8_t type)
{
    bool unknown = !packet_is_critical(type);
    return type == PACKET_MARKER || (packet_is_ignored(type) && (!unknown || !f->has_key));
}

static err *clean(struct certfile *f)
{
    struct reader r = reader_init(slice_of(f->raw.data + f->start, f->at - f->start),
                                  "certificate");
    buf_reset(&f->clean);
    while (reader_left(&r) > 0) {
        struct packet p;
        TRY(packet_next(&r, &p));
        if (!is_nothing(f, p.type))
            packet_write(&f->clean, p.type, p.body);
    }
    return buf_end(&f->clean);
}

static err *parse_clean(struct certfile *f, struct cert **out)
{
    TRY(clean(f));
    return f->clean.len > 0 ? cert_parse(buf_view(&f->clean), out) : NULL;
}

/* What stands before the first key belongs to nothing. */
static err *hand_out(struct certfile *f, struct cert **out, err **bad)
{
    unsigned long long at = f->place.offset;
    err *e = f->broken != NULL ? TAKE(f->broken) : parse_clean(f, out);
    if (e == NULL || err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    *bad = f->has_key ? err_wrap(e, "certificate %u (byte %llu)", f->number, at)
                      : err_wrap(e, "byte %llu", at);
    return NULL;
}

err *certfile_strays(struct certfile *f, struct slice *out)
{
    TRY(gather(f));
    *out = SLICE_EMPTY;
    if (f->has_key || f->broken != NULL)
        return NULL;
    TRY(clean(f));
    *out = buf_view(&f->clean);
    return NULL;
}

void certfile_take_strays(struct certfile *f)
{
    if (!f->has_key)
        f->start = f->at;
}

err *certfile_next(struct certfile *f, struct cert **out, err **bad)
{
    *out = NULL;
    *bad = NULL;
    while (*out == NULL && *bad == NULL) {
        forget(f);
        TRY(gather(f));
        bool broken = f->broken != NULL;
        if (f->at == f->start && !broken)
            return NULL;
        f->place = (struct certfile_place){f->has_key ? f->number : 0, offset_of(f, f->start)};
        TRY(hand_out(f, out, bad));
        if (*bad != NULL)
            TRY(broken ? search(f) : search_within(f));
        f->start = f->at;
    }
    return NULL;
}

struct certfile_place certfile_place(const struct certfile *f)
{
    return f->place;
}
