#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/fields.h"
#include "cli/job.h"
#include "cli/output.h"
#include "crypto/algo.h"
#include "packet/body.h"
#include "packet/container.h"
#include "packet/describe.h"
#include "pgp/cleartext.h"
#include "stream/armor.h"
#include "stream/lines.h"
#include "stream/record.h"
#include "stream/spool.h"
#include "stream/zip.h"

/* A few bytes of compressed data can become millions of packets, all to be shown. */
enum { BODY_MAX = 8 << 20, DEPTH_MAX = 16, INSIDE_MAX = 8192 };

struct inspect_opts {
    bool hex;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "hex", struct inspect_opts, hex,
             "show the bytes of every field, secret ones included, and where they stand"),
};

struct inspection {
    struct app *app;
    struct fields fields;
    struct zip_budget budget;
    size_t n_inside;       /* packets so far that were in compressed data */
    struct source *record; /* with --hex: the packets that are being read; borrowed */
};

/* Fields that are read from a stream.  Their bytes are at hand only with --hex. */

static struct slice consumed(struct inspection *x)
{
    return x->record == NULL ? SLICE_EMPTY : record_view(x->record);
}

static void drop_consumed(struct inspection *x)
{
    if (x->record != NULL)
        record_drop(x->record);
}

/* What has been consumed since the last time. */
static err *show_consumed(struct inspection *x, const char *label)
{
    const struct describe_field f = {DESCRIBE_FRAME, 0, label, "", consumed(x)};
    if (f.bytes.len > 0)
        TRY(fields_show(&x->fields, &f));
    drop_consumed(x);
    return NULL;
}

/* The fields in front of a packet's data: n bytes, unless a part ends amid them. */
static err *begin_fields(struct inspection *x, size_t n, struct slice *bytes)
{
    *bytes = consumed(x);
    if (bytes->len == n)
        return NULL;
    *bytes = SLICE_EMPTY;
    return show_consumed(x, "fields");
}

static err *show_field(struct inspection *x, const char *label, const char *value,
                       struct slice *bytes, size_t n)
{
    struct slice field = slice_of(bytes->data, bytes->len < n ? bytes->len : n);
    const struct describe_field f = {DESCRIBE_VALUE, 0, label, value, field};
    *bytes = slice_from(*bytes, field.len);
    return fields_show(&x->fields, &f);
}

static err *show_text(struct inspection *x, const char *label, struct slice text,
                      struct slice *bytes)
{
    AUTO(free) char *escaped = NULL;
    TRY(text_escape(text, &escaped));
    return show_field(x, label, escaped, bytes, text.len);
}

/* Moves the data to a spool, which may be NULL; each piece of it is shown, and what
 * stands between the parts of a body. */
static err *move_data(struct inspection *x, const char *label, struct source *body,
                      struct spool *to, uint64_t *n)
{
    struct slice view;
    *n = 0;
    do {
        TRY(source_fill(body, 1, &view));
        TRY(show_consumed(x, "length of a part"));
        if (to != NULL)
            TRY(spool_write(to, view));
        *n += view.len;
        source_consume(body, view.len);
        TRY(show_consumed(x, label));
    } while (view.len > 0);
    return NULL;
}

static err *show_data(struct inspection *x, const char *label, struct source *body)
{
    char text[64];
    uint64_t n;
    struct slice none = SLICE_EMPTY;
    TRY(move_data(x, label, body, NULL, &n));
    snprintf(text, sizeof text, "%llu bytes", (unsigned long long)n);
    return show_field(x, label, text, &none, 0);
}

/* Packets. */

static void show_header(struct inspection *x, const struct packet_header *h)
{
    struct report *r = &x->app->report;
    char margin[64], len[32];
    static const char *const lengths[] = {"", "in parts, first of ", "of indeterminate length"};
    fields_indent(x->fields.nesting, margin);
    snprintf(len, sizeof len, h->length == PACKET_INDETERMINATE ? "%.0u" : "%u bytes", h->len);
    report_say(r, "%s%s packet (type %u), %s%s at %llu%s", margin, packet_name(h->type), h->type,
               lengths[h->length], len, (unsigned long long)h->offset,
               h->legacy ? ", old format" : "");
    report_string(r, "packet", packet_name(h->type));
    report_number(r, "type", h->type);
    report_number(r, "offset", (int64_t)h->offset);
    report_string(r, "format", h->legacy ? "old" : "new");
    if (h->length == PACKET_FIXED)
        report_number(r, "length", h->len);
}

static err *inspect_literal(struct inspection *x, struct source *body)
{
    struct literal l;
    struct slice bytes;
    char name_len[8], date[WHEN_TEXT_SIZE];
    TRY(literal_read(body, &l));
    TRY(begin_fields(x, 2 + (size_t)l.name_len + 4, &bytes));
    TRY(show_text(x, "format", slice_of(&l.format, 1), &bytes));
    snprintf(name_len, sizeof name_len, "%u", l.name_len);
    TRY(show_field(x, "file name length", name_len, &bytes, 1));
    TRY(show_text(x, "file name", slice_of(l.name, l.name_len), &bytes));
    when_text(l.date, date);
    TRY(show_field(x, "date", l.date == 0 ? "none" : date, &bytes, 4));
    drop_consumed(x);
    return show_data(x, "data", body);
}

static err *show_chunk_fields(struct inspection *x, const struct encdata *d, struct slice *bytes)
{
    char text[64];
    TRY(show_field(x, "cipher", algo_cipher_name(d->cipher), bytes, 1));
    TRY(show_field(x, "AEAD mode", algo_aead_name(d->aead), bytes, 1));
    snprintf(text, sizeof text, "2^%u bytes", d->chunk_octet + 6U);
    TRY(show_field(x, "chunk size", text, bytes, 1));
    bool salted = d->kind == ENCDATA_AEAD;
    size_t n = salted ? ENCDATA_SALT : algo_aead(d->aead)->nonce_len;
    char hex[2 * ENCDATA_SALT + 1];
    text_hex(slice_of(d->salt, n), hex);
    return show_field(x, salted ? "salt" : "nonce", hex, bytes, n);
}

static err *inspect_encrypted(struct inspection *x, uint8_t type, struct source *body)
{
    struct encdata d;
    struct slice bytes;
    uint64_t start = body->offset;
    TRY(encdata_read(body, type, &d));
    TRY(begin_fields(x, (size_t)(body->offset - start), &bytes));
    if (d.kind != ENCDATA_NOTHING)
        TRY(show_field(x, "version", d.kind == ENCDATA_AEAD ? "2" : "1", &bytes, 1));
    if (encdata_names_cipher(&d))
        TRY(show_chunk_fields(x, &d, &bytes));
    drop_consumed(x);
    return show_data(x, "encrypted data", body);
}

static err *inspect_stream(struct inspection *x, struct source *s);

/* With --hex the compressed bytes are shown before what is in them. */
static err *expand(struct inspection *x, uint8_t algorithm, struct source *body,
                   struct spool *spool, struct source **out)
{
    uint64_t n;
    AUTO(source_close) struct source *owner = body;
    struct source *compressed = NULL;
    if (spool == NULL)
        return zip_expand(TAKE(owner), algorithm, &x->budget, out);
    TRY(move_data(x, "compressed data", body, spool, &n));
    TRY(spool_source(spool, &compressed));
    return zip_expand(compressed, algorithm, &x->budget, out);
}

static err *inspect_inside(struct inspection *x, struct source *plain)
{
    struct source *record = x->record;
    uint64_t at = x->fields.at;
    report_end_array(&x->app->report);
    report_array(&x->app->report, "packets");
    x->fields.nesting++;
    x->fields.at = 0;
    err *e = inspect_stream(x, plain);
    x->fields.nesting--;
    x->fields.at = at;
    x->record = record;
    return e;
}

static err *inspect_compressed(struct inspection *x, struct source **body)
{
    AUTO(spool_free) struct spool *spool = NULL;
    struct source *plain = NULL;
    struct slice bytes;
    uint8_t algorithm;
    if (x->fields.nesting == 0)
        x->budget = zip_default_budget;
    TRY(compressed_read(*body, &algorithm));
    TRY(begin_fields(x, 1, &bytes));
    TRY(show_field(x, "algorithm", algo_compression_name(algorithm), &bytes, 1));
    drop_consumed(x);
    if (x->fields.nesting >= DEPTH_MAX)
        return err_new(ERR_LIMIT, "more than %d packets inside one another", DEPTH_MAX);
    if (x->record != NULL)
        TRY(spool_new(app_temporary_directory(), &spool));
    TRY(expand(x, algorithm, TAKE(*body), spool, &plain));
    return inspect_inside(x, plain);
}

static err *inspect_small(struct inspection *x, const struct packet_header *h, struct source *body)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(BODY_MAX);
    struct slice view;
    do {
        TRY(source_fill(body, 1, &view));
        buf_bytes(&b, view);
        source_consume(body, view.len);
        TRY(buf_end(&b));
    } while (view.len > 0);
    drop_consumed(x);
    return describe_packet(h->type, buf_view(&b), fields_show, &x->fields);
}

static err *inspect_body(struct inspection *x, const struct packet_header *h, struct source **body)
{
    switch (h->type) {
    case PACKET_LITERAL:
        return inspect_literal(x, *body);
    case PACKET_SED:
    case PACKET_SEIPD:
    case PACKET_OCB_ENCRYPTED:
        return inspect_encrypted(x, h->type, *body);
    case PACKET_COMPRESSED:
        return inspect_compressed(x, body);
    case PACKET_PADDING:
        return show_data(x, "padding", *body);
    default:
        /* In parts it is malformed, and its bytes are not in one place. */
        return x->record != NULL && h->length == PACKET_PARTIAL ? show_data(x, "content", *body)
                                                                : inspect_small(x, h, *body);
    }
}

static err *inspect_packet(struct inspection *x, struct source *s, const struct packet_header *h)
{
    AUTO(source_close) struct source *body = NULL;
    report_object(&x->app->report, NULL);
    show_header(x, h);
    report_array(&x->app->report, "fields");
    err *e = show_consumed(x, "header");
    if (e == NULL)
        e = body_read_new(s, h, &body);
    if (e == NULL)
        e = inspect_body(x, h, &body);
    if (e != NULL)
        err_free(show_consumed(x, "not understood"));
    report_end_array(&x->app->report);
    report_end_object(&x->app->report);
    return e;
}

static err *inspect_packets(struct inspection *x, struct source *s)
{
    for (;;) {
        struct packet_header h;
        bool end;
        TRY(packet_read_header(s, &h, &end));
        if (end)
            return NULL;
        if (x->fields.nesting > 0 && x->n_inside++ == INSIDE_MAX)
            return err_new(ERR_LIMIT, "more than %d packets in compressed data", INSIDE_MAX);
        TRY(inspect_packet(x, s, &h));
    }
}

/* The bytes behind an error; whatever else goes wrong there does not matter. */
static err *show_remains(struct inspection *x, struct source *s)
{
    uint64_t n;
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "packet", "not understood");
    report_array(&x->app->report, "fields");
    err *e = move_data(x, "not understood", s, NULL, &n);
    report_end_array(&x->app->report);
    report_end_object(&x->app->report);
    return e;
}

/* Takes s over. */
static err *inspect_stream(struct inspection *x, struct source *s)
{
    AUTO(source_close) struct source *packets = s;
    if (x->fields.hex) {
        TRY(record_new(TAKE(packets), &packets));
        x->record = packets;
    }
    err *e = inspect_packets(x, packets);
    if (e != NULL && x->fields.hex)
        err_free(show_remains(x, packets));
    return e;
}

static err *show_headers(struct inspection *x, struct source *s)
{
    CLEANUP(buf_clear) struct buf line = BUF_EMPTY(SOURCE_PEEK_MAX);
    for (int i = 0; i < CLEARTEXT_HEADERS_MAX; i++) {
        AUTO(free) char *escaped = NULL;
        TRY(cleartext_read_header(s, &line));
        if (line.len == 0)
            return NULL;
        TRY(text_escape(buf_view(&line), &escaped));
        report_say(&x->app->report, "    header: %s", escaped);
        report_string(&x->app->report, NULL, escaped);
    }
    return NULL;
}

/* The text itself is passed over. */
static err *show_cleartext(struct inspection *x, struct source *s)
{
    struct report *r = &x->app->report;
    AUTO(source_close) struct source *lines = NULL;
    report_array(r, "headers");
    err *e = show_headers(x, s);
    report_end_array(r);
    if (e == NULL)
        e = lines_unescape(s, &lines);
    if (e == NULL)
        e = source_drain(lines);
    if (e == NULL) {
        report_say(r, "    text: %llu bytes", (unsigned long long)lines->offset);
        report_number(r, "text_length", (int64_t)lines->offset);
    }
    return e;
}

static err *open_packets(struct inspection *x, struct source *s, struct source **out)
{
    AUTO(source_close) struct source *owner = s;
    enum armor_kind kind = ARMOR_NONE;
    bool text;
    TRY(armor_is_text(s, &text));
    if (!text) {
        *out = TAKE(owner);
        return NULL;
    }
    TRY(armor_find(s, &kind));
    if (kind != ARMOR_NONE) {
        report_say(&x->app->report, "Text: BEGIN PGP %s", armor_label(kind));
        report_string(&x->app->report, "armor", armor_label(kind));
    }
    if (kind == ARMOR_SIGNED_MESSAGE) {
        TRY(show_cleartext(x, s));
        kind = ARMOR_NONE;
    }
    return armor_decode(TAKE(owner), kind, ARMOR_MANY, out);
}

static err *nothing_here(struct source *s)
{
    struct slice view;
    TRY(source_fill(s, 1, &view));
    return view.len > 0 ? NULL : err_new(ERR_NO_DATA, "no OpenPGP data found");
}

static err *inspect(struct inspection *x, const char *input)
{
    AUTO(source_close) struct source *packets = NULL;
    struct source *s = NULL;
    TRY(job_open(x->app, input, "reading", &s));
    err *e = open_packets(x, s, &packets);
    if (e == NULL)
        e = nothing_here(packets);
    report_array(&x->app->report, "packets");
    if (e == NULL)
        e = inspect_stream(x, TAKE(packets));
    report_end_array(&x->app->report);
    return input_error(e, input);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct inspect_opts *o = options;
    struct inspection x = {.app = app, .fields = {.report = &app->report, .hex = o->hex}};
    if (args->n > 1)
        return err_new(ERR_USAGE, "one file at a time");
    return inspect(&x, args->n == 1 ? args->items[0] : NULL);
}

const struct command cmd_inspect = {
    .name = "inspect",
    .summary = "show what a file is, packet by packet; needs no keys",
    .synopsis = "[FILE]",
    .details =
        "Shows every packet of a message, certificate, key or signature with its fields. "
        "What is encrypted stays so. With --hex every byte of the (dearmored) file is shown, "
        "with the field that it belongs to: secret keys, too, if they are there.",
    .examples = "bulla inspect message.pgp\n"
                "bulla inspect --hex message.pgp\n"
                "bulla inspect --json key.asc",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct inspect_opts),
    .run = run,
};
