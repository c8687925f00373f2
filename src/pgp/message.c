#include "pgp/message.h"

#include "base/mem.h"
#include "packet/body.h"
#include "packet/packet.h"
#include "pgp/messagekey.h"
#include "pgp/signatures.h"
#include "stream/cfb.h"
#include "stream/tap.h"
#include "stream/zip.h"

/* One container: where its packets come from. */
struct level {
    struct source *source; /* owned; borrows from the level before */
    bool encrypted;        /* its packets came out of an encryption container */
    bool has_esks;         /* encrypted session keys were seen: encrypted data must follow */
};

struct message {
    struct message_params params;
    struct level levels[MESSAGE_DEPTH_MAX];
    unsigned n_levels;
    struct zip_budget budget;
    struct esk_list esks;
    struct session session;
    struct signatures signatures;
    struct source *literal; /* the body of the literal packet; owned */
    struct source *body;    /* with the digests; owned */
    unsigned n_packets;
    struct message_info info;
};

static struct level *innermost(struct message *m)
{
    return &m->levels[m->n_levels - 1];
}

/* Takes source over, also on failure. */
static err *push(struct message *m, struct source *source, bool encrypted)
{
    if (m->n_levels == MESSAGE_DEPTH_MAX) {
        source_close(source);
        return err_new(ERR_LIMIT, "more than %d packets inside one another", MESSAGE_DEPTH_MAX);
    }
    m->levels[m->n_levels++] = (struct level){.source = source, .encrypted = encrypted};
    return NULL;
}

/* Encryption containers. */

static err *open_chunks(struct message *m, const struct encdata *h, const struct session *s,
                        struct source *body, struct source **out)
{
    AUTO(source_close) struct source *owner = body;
    struct chunks_params params;
    TRY(message_key(h, s->key, m->params.pool, &params));
    return chunks_open(TAKE(owner), &params, out);
}

static err *open_cfb(const struct message *m, const struct encdata *h, const struct session *s,
                     struct source *body, struct source **out)
{
    AUTO(source_close) struct source *owner = body;
    struct cipher *c = NULL;
    TRY(cipher_new(s->cipher, secret_view(s->key), &c));
    return h->kind == ENCDATA_MDC ? cfb_open_new(TAKE(owner), c, m->params.pool, out)
                                  : cfb_open_unprotected(TAKE(owner), c, m->params.pool, out);
}

/* Takes the session over. */
static void note_session(struct message *m, const struct encdata *h, struct session *s)
{
    m->info.encrypted = true;
    m->info.encdata = *h;
    m->info.cipher = s->cipher;
    m->info.by_passphrase = s->by_passphrase;
    m->info.key_fpr = s->key_fpr;
    m->info.primary_fpr = s->primary_fpr;
    m->session = *s;
    *s = (struct session){0};
}

static err *find_session(struct message *m, const struct encdata *h, struct source *body,
                         struct session *out)
{
    struct session_params p = {.finder = m->params.finder,
                               .known = m->params.session,
                               .limits = m->params.limits,
                               .policy = m->params.policy,
                               .now = world_now(m->params.world)};
    if (!encdata_names_cipher(h))
        TRY(source_fill(body, BLOCK_MAX + 2, &p.start));
    return session_find(&m->esks, h, &p, out);
}

static err *enter_encrypted(struct message *m, const struct packet_header *header)
{
    AUTO(source_close) struct source *body = NULL;
    CLEANUP(session_clear) struct session session = {0};
    struct source *plain = NULL;
    struct encdata h;
    if (m->info.encrypted)
        return err_new(ERR_MALFORMED, "an encrypted message inside an encrypted message");
    TRY(body_read_new(innermost(m)->source, header, &body));
    TRY(encdata_read(body, header->type, &h));
    TRY(find_session(m, &h, body, &session));
    if (encdata_names_cipher(&h))
        TRY(open_chunks(m, &h, &session, TAKE(body), &plain));
    else
        TRY(open_cfb(m, &h, &session, TAKE(body), &plain));
    note_session(m, &h, &session);
    return push(m, plain, true);
}

static err *add_esk(struct message *m, const struct packet_header *header)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(ESK_PACKET_MAX);
    TRY(packet_read_body(innermost(m)->source, header, &body));
    innermost(m)->has_esks = true;
    return esk_list_add(&m->esks, header->type, &body);
}

/* Other packets. */

static err *enter_compressed(struct message *m, const struct packet_header *header)
{
    AUTO(source_close) struct source *body = NULL;
    struct source *plain = NULL;
    uint8_t algorithm;
    TRY(body_read_new(innermost(m)->source, header, &body));
    TRY(compressed_read(body, &algorithm));
    TRY(zip_expand(TAKE(body), algorithm, &m->budget, &plain));
    m->info.compressed = true;
    return push(m, plain, innermost(m)->encrypted);
}

static err *add_signature(struct message *m, const struct packet_header *header)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(SIGNATURE_PACKET_MAX);
    TRY(packet_read_body(innermost(m)->source, header, &body));
    if (header->type == PACKET_ONE_PASS)
        return signatures_add_onepass(&m->signatures, &body, m->n_levels);
    return signatures_add(&m->signatures, &body, m->n_levels);
}

static err *enter_literal(struct message *m, const struct packet_header *header)
{
    TRY(body_read_new(innermost(m)->source, header, &m->literal));
    TRY(literal_read(m->literal, &m->info.literal));
    m->info.n_signatures = m->signatures.n;
    TRY(signatures_set_literal(&m->signatures, &m->info.literal));
    return signatures_tap(&m->signatures, m->literal, m->params.pool, &m->body);
}

static err *skip(struct message *m, const struct packet_header *header)
{
    AUTO(source_close) struct source *body = NULL;
    if (header->length != PACKET_FIXED)
        return err_new(ERR_MALFORMED, "%s packet without a definite length",
                       packet_name(header->type));
    TRY(body_read_new(innermost(m)->source, header, &body));
    return source_drain(body);
}

static err *read_marker(struct message *m, const struct packet_header *header)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(3);
    TRY(packet_read_body(innermost(m)->source, header, &body));
    if (!slice_equal(buf_view(&body), SLICE_TEXT("PGP")))
        return err_new(ERR_MALFORMED, "a marker packet with wrong content");
    return NULL;
}

static err *unexpected(uint8_t type, const char *where)
{
    return err_new(ERR_MALFORMED, "a %s packet (type %u) %s", packet_name(type), type, where);
}

/* [RFC9580 5.7]: data that anybody on the way may have changed, or made to talk. */
static err *enter_unprotected(struct message *m, const struct packet_header *h)
{
    if (!m->params.allow_legacy)
        return err_hint(err_new(ERR_POLICY, "the message is encrypted without protection "
                                            "against changes (Symmetrically Encrypted Data)"),
                        "ask for it again from a newer program, or open it at your own risk "
                        "with: bulla decrypt --allow-legacy");
    return enter_encrypted(m, h);
}

static err *is_encrypted(void)
{
    return err_hint(err_new(ERR_MALFORMED, "the message is encrypted"),
                    "bulla decrypt FILE decrypts it and checks who signed it");
}

/* [RFC9580 10.3] */
static err *read_packet(struct message *m, const struct packet_header *h)
{
    bool encrypted_next = innermost(m)->has_esks && h->type != PACKET_MARKER &&
                          !packet_is_ignored(h->type);
    switch (h->type) {
    case PACKET_PKESK:
    case PACKET_SKESK:
        return m->params.only_signed ? is_encrypted() : add_esk(m, h);
    case PACKET_SEIPD:
    case PACKET_OCB_ENCRYPTED:
        return m->params.only_signed ? is_encrypted() : enter_encrypted(m, h);
    case PACKET_SED:
        return m->params.only_signed ? is_encrypted() : enter_unprotected(m, h);
    default:
        break;
    }
    if (encrypted_next)
        return unexpected(h->type, "where encrypted data must follow");
    switch (h->type) {
    case PACKET_COMPRESSED:
        return enter_compressed(m, h);
    case PACKET_ONE_PASS:
    case PACKET_SIGNATURE:
        return add_signature(m, h);
    case PACKET_LITERAL:
        return enter_literal(m, h);
    case PACKET_MARKER:
        return read_marker(m, h);
    default:
        return packet_is_ignored(h->type) ? skip(m, h) : unexpected(h->type, "in a message");
    }
}

/* There are signatures, and they are all. */
static bool is_detached(const struct message *m)
{
    return m->params.only_signed && m->n_levels == 1 && m->signatures.n > 0 &&
           signatures_open(&m->signatures, 1) == 0;
}

static err *nothing_here(struct message *m)
{
    m->info.detached = is_detached(m);
    if (m->info.detached)
        return NULL;
    if (m->n_packets == 0 && m->n_levels == 1)
        return err_new(ERR_NO_DATA, "no OpenPGP data found");
    return err_new(ERR_MALFORMED, "the message ends before its data");
}

static err *read_headers(struct message *m)
{
    while (m->body == NULL && !m->info.detached) {
        struct packet_header h;
        bool end;
        TRY(packet_read_header(innermost(m)->source, &h, &end));
        if (end) {
            TRY(nothing_here(m));
            continue;
        }
        if (++m->n_packets > MESSAGE_PACKETS_MAX)
            return err_new(ERR_LIMIT, "more than %d packets before the data", MESSAGE_PACKETS_MAX);
        TRY(read_packet(m, &h));
    }
    return NULL;
}

/* Errors that the content of a message can cause. */
static bool is_of_content(const err *e)
{
    enum err_kind kind = err_kind_of(e);
    return kind != ERR_NONE && kind != ERR_IO && kind != ERR_NO_MEMORY && kind != ERR_INTERRUPTED;
}

/* The outermost container whose integrity shows only at its end; or NULL. */
static struct source *deferred_container(const struct message *m)
{
    for (unsigned i = 0; i < m->n_levels; i++) {
        if (m->levels[i].encrypted && m->levels[i].source->deferred)
            return m->levels[i].source;
    }
    return NULL;
}

/* Such a container, read to its end, tells whether it was damaged.  If it was, that is
 * the error: what its content looked like is nobody's business [RFC9580 13.7]. */
static err *prefer_damage(struct message *m, err *e)
{
    struct source *s = deferred_container(m);
    if (s == NULL || !is_of_content(e))
        return e;
    err *damage = s->failed ? cfb_damaged() : source_drain(s);
    if (damage == NULL)
        return e;
    err_free(e);
    if (!is_of_content(damage))
        return damage;
    err_free(damage);
    return cfb_damaged();
}

err *message_open(struct source *packets, const struct message_params *p, struct message **out)
{
    AUTO(message_close) struct message *m = NULL;
    if (MEM_NEW(m) != NULL) {
        source_close(packets);
        return err_no_memory();
    }
    m->params = *p;
    m->budget = p->any_expansion ? (struct zip_budget){0} : zip_default_budget;
    TRY(push(m, packets, false));
    TRY(prefer_damage(m, read_headers(m)));
    *out = TAKE(m);
    return NULL;
}

err *message_set_document(struct message *m, struct source *document)
{
    m->info.n_signatures = m->signatures.n;
    return signatures_tap(&m->signatures, document, m->params.pool, &m->body);
}

struct source *message_body(struct message *m)
{
    return m->body;
}

const struct message_info *message_info(const struct message *m)
{
    return &m->info;
}

const struct session *message_session(const struct message *m)
{
    return m->info.encrypted ? &m->session : NULL;
}

/* Behind the data: the signatures that one-pass packets have announced, then
 * nothing but what may be anywhere. */
static err *read_trailer_packet(struct message *m, const struct packet_header *h)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(SIGNATURE_PACKET_MAX);
    switch (h->type) {
    case PACKET_SIGNATURE:
        TRY(packet_read_body(innermost(m)->source, h, &body));
        return signatures_close(&m->signatures, &body, m->n_levels);
    case PACKET_MARKER:
        return read_marker(m, h);
    default:
        return packet_is_ignored(h->type) ? skip(m, h) : unexpected(h->type, "behind the message");
    }
}

static err *read_trailers(struct message *m)
{
    for (; m->n_levels > 0; m->n_levels--) {
        bool end = false;
        while (!end) {
            struct packet_header h;
            TRY(packet_read_header(innermost(m)->source, &h, &end));
            if (!end)
                TRY(read_trailer_packet(m, &h));
        }
        if (signatures_open(&m->signatures, m->n_levels) > 0)
            return err_new(ERR_MALFORMED, "a signature is announced but missing");
        source_close(innermost(m)->source);
    }
    return NULL;
}

static err *judge(struct message *m)
{
    const struct verify_params p = {
        .finder = m->params.finder,
        .policy = m->params.policy,
        .world = m->params.world,
        .recipient = m->info.primary_fpr,
        .encrypted = m->info.encrypted,
    };
    return signatures_judge(&m->signatures, &p, &m->info.verdicts);
}

err *message_finish(struct message *m, err *body_error)
{
    TRY(prefer_damage(m, body_error));
    TRY(prefer_damage(m, read_trailers(m)));
    return judge(m);
}

err *message_write_signatures(const struct message *m, struct buf *out)
{
    return signatures_write(&m->signatures, out);
}

void message_take_verdicts(struct message *m, struct verdict_list *out)
{
    *out = m->info.verdicts;
    m->info.verdicts = (struct verdict_list){0};
}

void message_close(struct message *m)
{
    if (m == NULL)
        return;
    source_close(m->body);
    source_close(m->literal);
    for (; m->n_levels > 0; m->n_levels--)
        source_close(innermost(m)->source);
    signatures_clear(&m->signatures);
    esk_list_clear(&m->esks);
    session_clear(&m->session);
    verdict_list_clear(&m->info.verdicts);
    free(m);
}
