#include "pgp/signatures.h"

#include "packet/packet.h"
#include "stream/armor.h"

static void tap_clear(struct tap_digest *t)
{
    digest_free(t->digest);
    digest_free(t->loose);
}

void signatures_clear(struct signatures *s)
{
    for (size_t i = 0; i < s->n; i++) {
        buf_clear(&s->items[i].body);
        buf_clear(&s->items[i].sig_body);
        err_free(s->items[i].unusable);
    }
    for (size_t i = 0; i < s->n_taps; i++)
        tap_clear(&s->taps[i]);
    buf_clear(&s->literal);
    s->n = s->n_taps = 0;
}

/* Digests. */

static bool same_digest(const struct signatures *s, size_t i, uint8_t hash, bool text,
                        struct slice salt)
{
    return digest_hash(s->taps[i].digest) == hash && s->taps[i].text == text &&
           slice_equal(s->salts[i], salt);
}

/* Finds or starts the digest for a pending signature. */
static err *attach_digest(struct signatures *s, struct pending *p, uint8_t hash, uint8_t type,
                          struct slice salt)
{
    bool text = type == SIG_TEXT;
    for (size_t i = 0; i < s->n_taps && !p->has_tap; i++) {
        p->has_tap = same_digest(s, i, hash, text, salt);
        p->tap = i;
    }
    if (p->has_tap)
        return NULL;
    struct tap_digest *t = &s->taps[s->n_taps];
    *t = (struct tap_digest){.text = text};
    TRY(sig_digest_start(hash, salt, &t->digest));
    s->salts[s->n_taps] = salt;
    p->tap = s->n_taps++;
    if (text)
        TRY(digest_copy(t->digest, &t->loose));
    p->has_tap = true;
    return NULL;
}

/* What is wrong with one signature must not stop the others [RFC9580 5.2.5]. */
static err *note_unusable(struct pending *p, err *e)
{
    if (e == NULL || err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (p->unusable == NULL)
        p->unusable = e;
    else
        err_free(e);
    return NULL;
}

static err *take(struct signatures *s, struct buf *body, unsigned level, struct pending **out)
{
    if (s->n == SIGNATURES_MAX)
        return err_new(ERR_LIMIT, "more than %d signatures on one document", SIGNATURES_MAX);
    struct pending *p = &s->items[s->n++];
    *p = (struct pending){.level = level, .body = *body};
    *body = BUF_EMPTY(body->max);
    *out = p;
    return NULL;
}

err *signatures_add_onepass(struct signatures *s, struct buf *body, unsigned level)
{
    struct pending *p = NULL;
    TRY(take(s, body, level, &p));
    p->has_onepass = true;
    struct reader r = reader_init(buf_view(&p->body), "one-pass signature packet");
    err *e = onepass_parse(&r, &p->onepass);
    if (e == NULL)
        e = attach_digest(s, p, p->onepass.hash_algo, p->onepass.type, p->onepass.salt);
    return note_unusable(p, e);
}

err *signatures_add(struct signatures *s, struct buf *body, unsigned level)
{
    struct pending *p = NULL;
    TRY(take(s, body, level, &p));
    err *e = sig_parse(buf_view(&p->body), &p->sig);
    p->has_sig = e == NULL;
    if (e == NULL)
        e = attach_digest(s, p, p->sig.hash_algo, p->sig.type, p->sig.salt);
    return note_unusable(p, e);
}

static struct pending *last_open(struct signatures *s, unsigned level)
{
    for (size_t i = s->n; i > 0; i--) {
        struct pending *p = &s->items[i - 1];
        if (p->has_onepass && p->level == level && p->sig_body.data == NULL)
            return p;
    }
    return NULL;
}

/* The one-pass packet has told how to hash; the signature must be of that kind
 * [RFC9580 5.2.5, 5.4].  The issuer of the signature is the one that counts. */
static err *check_pair(const struct pending *p)
{
    const struct onepass *o = &p->onepass;
    const struct sig *s = &p->sig;
    bool versions = o->version == 6 ? s->version == 6 : s->version < 6;
    if (!versions || o->type != s->type || o->hash_algo != s->hash_algo ||
        !slice_equal(o->salt, s->salt))
        return err_new(ERR_MALFORMED, "it does not fit its one-pass packet");
    return NULL;
}

err *signatures_close(struct signatures *s, struct buf *body, unsigned level)
{
    struct pending *p = last_open(s, level);
    if (p == NULL)
        return err_new(ERR_MALFORMED, "a signature without its one-pass packet");
    p->sig_body = *body;
    *body = BUF_EMPTY(body->max);
    err *e = sig_parse(buf_view(&p->sig_body), &p->sig);
    p->has_sig = e == NULL;
    if (e == NULL && p->unusable == NULL)
        e = check_pair(p);
    return note_unusable(p, e);
}

size_t signatures_open(const struct signatures *s, unsigned level)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct pending *p = &s->items[i];
        n += p->has_onepass && p->level == level && p->sig_body.data == NULL;
    }
    return n;
}

/* Signature packets, and what may stand between them [RFC9580 10.4]. */
static err *read_packets(struct signatures *s, struct source *stream)
{
    for (;;) {
        struct packet_header h;
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(SIGNATURE_PACKET_MAX);
        bool end;
        TRY(packet_read_header(stream, &h, &end));
        if (end)
            return NULL;
        TRY(packet_read_body(stream, &h, &body));
        if (h.type == PACKET_SIGNATURE)
            TRY(signatures_add(s, &body, 0));
        else if (h.type != PACKET_MARKER && !packet_is_ignored(h.type))
            return err_new(ERR_MALFORMED, "a %s packet among signatures", packet_name(h.type));
    }
}

err *signatures_read(struct signatures *s, struct source *stream)
{
    struct source *borrowed = NULL;
    AUTO(source_close) struct source *packets = NULL;
    TRY(source_borrow(stream, &borrowed));
    TRY(armor_open(borrowed, ARMOR_MANY, &packets));
    return read_packets(s, packets);
}

err *signatures_tap(struct signatures *s, struct source *upstream, struct pool *pool,
                    struct source **out)
{
    struct source *borrowed = NULL;
    TRY(source_borrow(upstream, &borrowed));
    return tap_new(borrowed, s->taps, s->n_taps, pool, out);
}

void signatures_update(struct signatures *s, struct slice data)
{
    for (size_t i = 0; i < s->n_taps; i++)
        tap_update(&s->taps[i], data);
}

err *signatures_set_literal(struct signatures *s, const struct literal *l)
{
    s->literal = BUF_EMPTY(LITERAL_FIELDS_MAX);
    literal_write(l, &s->literal);
    return buf_end(&s->literal);
}

/* Of a detached signature it is zeros. */
static struct slice literal_of(const struct signatures *s)
{
    static const uint8_t none[6];
    return s->literal.len > 0 ? buf_view(&s->literal) : SLICE_OF(none);
}

err *signatures_write(const struct signatures *s, struct buf *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct pending *p = &s->items[i];
        packet_write(out, PACKET_SIGNATURE, buf_view(p->has_onepass ? &p->sig_body : &p->body));
    }
    return buf_end(out);
}

/* A text is also tried as GnuPG and RNP hash it. */
static err *judge_usable(struct signatures *s, struct pending *p,
                         const struct verify_params *params, struct verdict *out)
{
    const struct tap_digest *t = &s->taps[p->tap];
    TRY(verify_signature(&p->sig, t->digest, literal_of(s), params, out));
    if (out->status != VERDICT_BAD || t->loose == NULL)
        return NULL;
    verdict_clear(out);
    return verify_signature(&p->sig, t->loose, literal_of(s), params, out);
}

static err *judge_one(struct signatures *s, struct pending *p, const struct verify_params *params,
                      struct verdict *out)
{
    *out = (struct verdict){0};
    if (p->unusable == NULL && !p->has_sig)
        p->unusable = err_new(ERR_MALFORMED, "the signature is missing");
    if (p->unusable == NULL)
        return judge_usable(s, p, params, out);
    verdict_unusable(out, TAKE(p->unusable));
    if (p->has_sig) {
        out->issuer = p->sig.issuer;
        out->made_at = p->sig.created_at;
        out->type = p->sig.type;
        out->hash_algo = p->sig.hash_algo;
    } else if (p->has_onepass) {
        out->issuer = p->onepass.issuer;
    }
    return NULL;
}

err *signatures_judge(struct signatures *s, const struct verify_params *p, struct verdict_list *out)
{
    for (size_t i = 0; i < s->n; i++) {
        CLEANUP(verdict_clear) struct verdict v = {0};
        TRY(judge_one(s, &s->items[i], p, &v));
        TRY(VEC_PUSH(out, v));
        v = (struct verdict){0};
    }
    return NULL;
}
