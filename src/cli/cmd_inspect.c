#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/job.h"
#include "cli/output.h"
#include "crypto/algo.h"
#include "packet/body.h"
#include "packet/container.h"
#include "packet/describe.h"
#include "stream/armor.h"
#include "stream/lines.h"
#include "stream/zip.h"

enum { BODY_MAX = 8 << 20, DEPTH_MAX = 16 };

struct inspection {
    struct app *app;
    unsigned depth; /* of nesting */
    struct zip_budget budget;
};

static void indent(unsigned depth, char text[static 64])
{
    size_t n = depth * 4 < 60 ? depth * 4 : 60;
    for (size_t i = 0; i < n; i++)
        text[i] = ' ';
    text[n] = '\0';
}

static err *show_line(void *context, unsigned depth, const char *label, const char *value,
                      struct slice bytes)
{
    struct inspection *x = context;
    char margin[64];
    (void)bytes;
    indent(x->depth + depth + 1, margin);
    report_say(&x->app->report, "%s%s: %s", margin, label, value);
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "name", label);
    report_string(&x->app->report, "value", value);
    report_number(&x->app->report, "depth", depth);
    report_end_object(&x->app->report);
    return NULL;
}

static err *show_text(struct inspection *x, const char *label, struct slice text)
{
    AUTO(free) char *escaped = NULL;
    TRY(text_escape(text, &escaped));
    return show_line(x, 0, label, escaped, SLICE_EMPTY);
}

static void show_header(struct inspection *x, const struct packet_header *h)
{
    struct report *r = &x->app->report;
    char margin[64], len[32];
    static const char *const lengths[] = {"", "in parts, first of ", "of indeterminate length"};
    indent(x->depth, margin);
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

static err *inspect_packets(struct inspection *x, struct source *s);

static err *count(struct source *s, uint64_t *n)
{
    struct slice view;
    *n = 0;
    do {
        TRY(source_fill(s, 1, &view));
        *n += view.len;
        source_consume(s, view.len);
    } while (view.len > 0);
    return NULL;
}

static err *show_rest(struct inspection *x, const char *label, struct source *body)
{
    char text[64];
    uint64_t n;
    TRY(count(body, &n));
    snprintf(text, sizeof text, "%llu bytes", (unsigned long long)n);
    return show_line(x, 0, label, text, SLICE_EMPTY);
}

static err *inspect_literal(struct inspection *x, struct source *body)
{
    struct literal l;
    char text[WHEN_TEXT_SIZE];
    TRY(literal_read(body, &l));
    TRY(show_text(x, "format", slice_of(&l.format, 1)));
    TRY(show_text(x, "file name", slice_of(l.name, l.name_len)));
    when_text(l.date, text);
    TRY(show_line(x, 0, "date", l.date == 0 ? "none" : text, SLICE_EMPTY));
    return show_rest(x, "data", body);
}

static err *inspect_encrypted(struct inspection *x, uint8_t type, struct source *body)
{
    struct encdata h;
    char text[64];
    TRY(encdata_read(body, type, &h));
    if (h.kind != ENCDATA_NOTHING)
        TRY(show_line(x, 0, "version", h.kind == ENCDATA_AEAD ? "2" : "1", SLICE_EMPTY));
    if (encdata_names_cipher(&h)) {
        TRY(show_line(x, 0, "cipher", algo_cipher_name(h.cipher), SLICE_EMPTY));
        TRY(show_line(x, 0, "AEAD mode", algo_aead_name(h.aead), SLICE_EMPTY));
        snprintf(text, sizeof text, "2^%u bytes", h.chunk_octet + 6U);
        TRY(show_line(x, 0, "chunk size", text, SLICE_EMPTY));
    }
    return show_rest(x, "encrypted data", body);
}

static err *inspect_compressed(struct inspection *x, struct source **body)
{
    uint8_t algorithm;
    struct source *plain = NULL;
    if (x->depth == 0)
        x->budget = zip_default_budget;
    TRY(compressed_read(*body, &algorithm));
    TRY(show_line(x, 0, "algorithm", algo_compression_name(algorithm), SLICE_EMPTY));
    if (x->depth >= DEPTH_MAX)
        return err_new(ERR_LIMIT, "more than %d packets inside one another", DEPTH_MAX);
    TRY(zip_expand(TAKE(*body), algorithm, &x->budget, &plain));
    *body = plain;
    report_end_array(&x->app->report);
    report_array(&x->app->report, "packets");
    x->depth++;
    err *e = inspect_packets(x, plain);
    x->depth--;
    return e;
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
    return describe_packet(h->type, buf_view(&b), show_line, x);
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
        return show_rest(x, "padding", *body);
    default:
        return inspect_small(x, h, *body);
    }
}

static err *inspect_packet(struct inspection *x, struct source *s, const struct packet_header *h)
{
    AUTO(source_close) struct source *body = NULL;
    report_object(&x->app->report, NULL);
    show_header(x, h);
    report_array(&x->app->report, "fields");
    err *e = body_read_new(s, h, &body);
    if (e == NULL)
        e = inspect_body(x, h, &body);
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
        TRY(inspect_packet(x, s, &h));
    }
}

/* The text of a cleartext signed message is passed over. */
static err *skip_cleartext(struct source *s)
{
    AUTO(source_close) struct source *lines = NULL;
    TRY(lines_unescape(s, &lines));
    return source_drain(lines);
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
        TRY(skip_cleartext(s));
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
        e = inspect_packets(x, packets);
    report_end_array(&x->app->report);
    return input_error(e, input);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    struct inspection x = {.app = app};
    (void)options;
    if (args->n > 1)
        return err_new(ERR_USAGE, "one file at a time");
    return inspect(&x, args->n == 1 ? args->items[0] : NULL);
}

const struct command cmd_inspect = {
    .name = "inspect",
    .summary = "show what a file is, packet by packet; needs no keys",
    .synopsis = "[FILE]",
    .details = "Shows every packet of a message, certificate, key or signature with its fields. "
               "What is encrypted stays so.",
    .examples = "bulla inspect message.pgp\n"
                "bulla inspect --json key.asc",
    .values = "FILE",
    .run = run,
};
