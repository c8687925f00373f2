#include "pgp/sign.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "packet/body.h"
#include "packet/container.h"
#include "packet/onepass.h"
#include "packet/packet.h"
#include "pgp/armored.h"
#include "stream/crlf.h"
#include "stream/input.h"
#include "stream/join.h"
#include "stream/lines.h"
#include "stream/tap.h"
#include "stream/utf8.h"

/* Signatures in the making while the document goes by. */
struct signing {
    struct source source; /* so that closing the pipeline frees this, too */
    struct source *pipeline;
    struct sigmaker makers[SIGNERS_MAX];
    struct tap_digest taps[SIGNERS_MAX];
    size_t n;
    const struct world *world;
};

static err *signing_fill(struct source *s, struct slice *view)
{
    return source_fill(((struct signing *)s)->pipeline, 1, view);
}

static void signing_consume(struct source *s, size_t n)
{
    source_consume(((struct signing *)s)->pipeline, n);
}

static void signing_close(struct source *s)
{
    struct signing *x = (struct signing *)s;
    source_close(x->pipeline);
    for (size_t i = 0; i < x->n; i++)
        sigmaker_clear(&x->makers[i]);
    free(x);
}

static const struct source_ops signing_ops = {"sign", signing_fill, signing_consume, signing_close};

static void signing_free(struct signing *s)
{
    if (s != NULL)
        source_close(&s->source);
}
AUTO_DEFINE(signing_free, struct signing *)

static err *start_makers(struct signing *s, const struct sign_params *p, bool hash_text)
{
    for (size_t i = 0; i < p->n_signers; i++) {
        struct sigmaker *m = &s->makers[i];
        s->n = i + 1;
        TRY(sigmaker_start(m, &p->signers[i], p->text ? SIG_TEXT : SIG_BINARY, p->world));
        for (size_t k = 0; k < p->n_intended; k++)
            subpacket_write_fingerprint(&m->hashed, SUB_INTENDED_RECIPIENT,
                                        p->signers[i].key->version == 6, &p->intended[k]);
        s->taps[i] = (struct tap_digest){.digest = m->digest, .text = hash_text};
    }
    return NULL;
}

static err *signing_new(const struct sign_params *p, bool hash_text, struct signing **out)
{
    AUTO(signing_free) struct signing *s = NULL;
    if (p->n_signers == 0 || p->n_signers > SIGNERS_MAX)
        return err_new(ERR_USAGE, "%zu signers; 1 to %d are possible", p->n_signers, SIGNERS_MAX);
    TRY(MEM_NEW(s));
    source_init(&s->source, &signing_ops, NULL);
    s->world = p->world;
    TRY(start_makers(s, p, hash_text));
    *out = TAKE(s);
    return NULL;
}

/* The signature packets, the first signer's first or (behind one-pass packets)
 * last. */
static err *write_signatures(struct signing *s, bool reversed, struct buf *out)
{
    uint32_t now = (uint32_t)world_now(s->world);
    for (size_t i = 0; i < s->n; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(PK_FIELDS_MAX + (1 << 17));
        struct sigmaker *m = &s->makers[reversed ? s->n - 1 - i : i];
        TRY(sigmaker_finish(m, s->world, now, &body));
        packet_write(out, PACKET_SIGNATURE, buf_view(&body));
    }
    return buf_end(out);
}

err *sign_detached(struct source *document, const struct sign_params *p, struct buf *out)
{
    AUTO(signing_free) struct signing *s = NULL;
    TRY(signing_new(p, p->text, &s));
    struct source *borrowed = NULL;
    TRY(source_borrow(document, &borrowed));
    /* There is nothing else to do, unless there are several digests. */
    TRY(tap_new(borrowed, s->taps, s->n, s->n > 1 ? p->pool : NULL, &s->pipeline));
    TRY(source_drain(s->pipeline));
    return write_signatures(s, false, out);
}

/* Inline. */

static err *onepass_packets(const struct signing *s, struct source **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIGNERS_MAX * 256);
    for (size_t i = 0; i < s->n; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(256);
        const struct sigmaker *m = &s->makers[i];
        const struct pubkey *key = m->signer->key;
        const struct onepass packet = {
            .version = key->version == 6 ? 6 : 3,
            .type = m->type,
            .hash_algo = m->hash_algo,
            .pk_algo = key->algo,
            .salt = slice_of(m->salt, m->salt_len),
            .issuer = {.fpr = key->fpr, .id = key->id},
            .last = i + 1 == s->n,
        };
        onepass_write(&packet, &body);
        TRY(buf_end(&body));
        packet_write(&packets, PACKET_ONE_PASS, buf_view(&body));
    }
    TRY(buf_end(&packets));
    return input_from_copy(buf_view(&packets), out);
}

static err *make_signatures(void *context, struct source **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    TRY(write_signatures(context, true, &packets));
    return input_from_copy(buf_view(&packets), out);
}

/* Name and date stay empty: they would be protected by nothing [RFC9580 5.9]. */
static err *literal_data(struct source *document, uint8_t format, struct source **out)
{
    const struct literal plain = {.format = format};
    AUTO(source_close) struct source *owner = document;
    CLEANUP(buf_clear) struct buf header = BUF_EMPTY(16);
    struct source *fields = NULL;
    struct join *j = NULL;
    literal_write(&plain, &header);
    TRY(buf_end(&header));
    TRY(join_new(&j));
    AUTO(source_close) struct source *joined = join_source(j);
    TRY(input_from_copy(buf_view(&header), &fields));
    TRY(join_add(j, fields));
    TRY(join_add(j, TAKE(owner)));
    return body_write_new(TAKE(joined), PACKET_LITERAL, out);
}

/* Text is hashed and stored with the same line ends: some programs hash what they find
 * in the packet as it is. */
static err *as_text(struct source *document, struct source **out)
{
    TRY(utf8_new(document, &document));
    return crlf_new(document, out);
}

err *sign_nothing(struct source *document, bool text, struct source **out)
{
    if (text)
        TRY(as_text(document, &document));
    return literal_data(document, text ? 'u' : 'b', out);
}

/* Adds a part that a function makes; the part is closed with the join. */
static err *add_part(struct join *j, err *made, struct source *part)
{
    TRY(made);
    return join_add(j, part);
}

err *sign_inline(struct source *document, const struct sign_params *p, struct source **out)
{
    AUTO(source_close) struct source *owner = document;
    AUTO(signing_free) struct signing *s = NULL;
    struct source *part = NULL;
    struct join *j = NULL;
    TRY(signing_new(p, false, &s));
    TRY(join_new(&j));
    s->pipeline = join_source(j);
    err *e = onepass_packets(s, &part);
    TRY(add_part(j, e, part));
    if (p->text)
        TRY(as_text(TAKE(owner), &owner));
    TRY(tap_new(TAKE(owner), s->taps, s->n, p->pool, &part));
    e = literal_data(part, p->text ? 'u' : 'b', &part);
    TRY(add_part(j, e, part));
    TRY(join_add_later(j, make_signatures, s));
    *out = &TAKE(s)->source;
    return NULL;
}

/* Cleartext. */

/* The hash names are of use to old programs only, which know v4 signatures only
 * [RFC9580 6.2.2.3]. */
static err *cleartext_header(const struct signing *s, struct source **out)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(1024);
    uint8_t last = 0;
    buf_text(&text, "-----BEGIN PGP SIGNED MESSAGE-----\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct sigmaker *m = &s->makers[i];
        if (m->signer->key->version == 4 && m->hash_algo != last)
            buf_printf(&text, "Hash: %s\n", algo_hash_name(m->hash_algo));
        last = m->hash_algo;
    }
    buf_text(&text, "\n");
    TRY(buf_end(&text));
    return input_from_copy(buf_view(&text), out);
}

static err *make_armored_signatures(void *context, struct source **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    struct source *plain = NULL;
    TRY(write_signatures(context, false, &packets));
    TRY(input_from_copy(buf_view(&packets), &plain));
    return armored_new(plain, ARMOR_SIGNATURE, out);
}

err *sign_cleartext(struct source *document, const struct sign_params *p, struct source **out)
{
    AUTO(source_close) struct source *owner = document;
    struct sign_params text = *p;
    AUTO(signing_free) struct signing *s = NULL;
    struct source *part = NULL;
    struct join *j = NULL;
    text.text = true;
    /* The lines are made canonical before they are hashed. */
    TRY(signing_new(&text, false, &s));
    TRY(join_new(&j));
    s->pipeline = join_source(j);
    err *e = cleartext_header(s, &part);
    TRY(add_part(j, e, part));
    TRY(utf8_new(TAKE(owner), &owner));
    e = lines_escape(TAKE(owner), s->taps, s->n, &part);
    TRY(add_part(j, e, part));
    TRY(join_add_later(j, make_armored_signatures, s));
    *out = &TAKE(s)->source;
    return NULL;
}
