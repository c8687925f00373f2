#include "pgp/certfile.h"

#include "base/mem.h"
#include "packet/body.h"
#include "stream/armor.h"

struct certfile {
    struct source *packets;
    struct buf current; /* packets of the certificate being gathered */
    struct buf next;    /* the key packet that starts the next one */
    unsigned number;    /* of the certificate being gathered, from 1 */
    err *broken;        /* why the current one cannot be kept */
    bool ended;
};

err *certfile_open(struct source *input, struct certfile **out)
{
    struct source *packets = NULL;
    struct certfile *f = NULL;
    TRY(armor_open(input, ARMOR_MANY, &packets));
    err *e = MEM_NEW(f);
    if (e != NULL) {
        source_close(packets);
        return e;
    }
    f->packets = packets;
    f->current = f->next = BUF_EMPTY(CERT_MAX);
    *out = f;
    return NULL;
}

void certfile_close(struct certfile *f)
{
    if (f == NULL)
        return;
    source_close(f->packets);
    buf_clear(&f->current);
    buf_clear(&f->next);
    err_free(f->broken);
    free(f);
}

/* A packet that is too large is passed over, and its certificate with it. */
static err *skip_packet(struct certfile *f, const struct packet_header *h)
{
    AUTO(source_close) struct source *body = NULL;
    TRY(body_read_new(f->packets, h, &body));
    TRY(source_drain(body));
    if (f->broken == NULL)
        f->broken = err_new(ERR_LIMIT, "a %s packet of more than %d bytes", packet_name(h->type),
                            CERT_PACKET_MAX);
    return NULL;
}

/* What a reader is to ignore [RFC9580 4.3, 5.8, 5.10, 5.14].  Unknown packets behind a key
 * are kept with it. */
static bool is_nothing(const struct certfile *f, uint8_t type)
{
    bool unknown = !packet_is_critical(type);
    return type == PACKET_MARKER || (packet_is_ignored(type) && (!unknown || f->number == 0));
}

static err *read_packet(struct certfile *f, const struct packet_header *h)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(CERT_PACKET_MAX);
    struct buf *into = packet_is_primary_key(h->type) ? &f->next : &f->current;
    bool fixed = h->length == PACKET_FIXED;
    if (fixed && h->len > CERT_PACKET_MAX)
        return skip_packet(f, h);
    TRY(packet_read_body(f->packets, h, &body));
    if (is_nothing(f, h->type))
        return NULL;
    packet_write(into, h->type, buf_view(&body));
    if (into->error == ERR_LIMIT && f->broken == NULL)
        f->broken = err_new(ERR_LIMIT, "more than %d bytes", CERT_MAX);
    return into->error == ERR_LIMIT ? NULL : buf_end(into);
}

/* Reads up to the next primary key, or to the end. */
static err *gather(struct certfile *f)
{
    while (!f->ended && f->next.len == 0) {
        struct packet_header h;
        TRY(packet_read_header(f->packets, &h, &f->ended));
        if (!f->ended)
            TRY(read_packet(f, &h));
    }
    return NULL;
}

/* What stands before the first key belongs to nothing. */
static err *parse_current(struct certfile *f, struct cert **out, err **bad)
{
    err *e = TAKE(f->broken);
    if (e == NULL)
        e = cert_parse(buf_view(&f->current), out);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (e != NULL)
        *bad = err_wrap(e, "certificate %u", f->number);
    return NULL;
}

static void move_on(struct certfile *f)
{
    struct buf swap = f->current;
    buf_reset(&swap);
    f->current = f->next;
    f->next = swap;
    f->number++;
}

err *certfile_strays(struct certfile *f, struct slice *out)
{
    TRY(gather(f));
    *out = f->number == 0 && f->broken == NULL ? buf_view(&f->current) : SLICE_EMPTY;
    return NULL;
}

void certfile_take_strays(struct certfile *f)
{
    if (f->number == 0)
        buf_reset(&f->current);
}

err *certfile_next(struct certfile *f, struct cert **out, err **bad)
{
    *out = NULL;
    *bad = NULL;
    while (*out == NULL && *bad == NULL) {
        if (f->ended && f->next.len == 0 && f->current.len == 0)
            return NULL;
        TRY(gather(f));
        bool stray = f->number == 0; /* nothing came before the first key */
        if (!stray || f->current.len > 0)
            TRY(parse_current(f, out, bad));
        move_on(f);
    }
    return NULL;
}
