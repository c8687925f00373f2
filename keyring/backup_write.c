#include "keyring/backup.h"

#include <stdlib.h>

#include "base/mem.h"
#include "keyring/store.h"
#include "pgp/unlock.h"

enum {
    BATCH = 1 << 16,    /* bytes of certificates that are shown at once */
    SETTINGS = 1 << 16, /* bytes of settings in one packet, or few more */
};

struct writer {
    struct source source;
    struct keyring *k;
    const struct backup_revocation *revocations;
    size_t n_revocations;
    struct backup_content *content;
    VEC(int64_t) own;       /* rows of certificates with secret keys, in order */
    size_t n_own;           /* how many of them are written */
    struct db_query *certs; /* the certificates from here on; NULL: there are none */
    struct buf block;       /* what is shown, from `at` on */
    struct buf settings;    /* of which no packet has been made yet */
    size_t at;
    bool ended;
};

void backup_content_clear(struct backup_content *c)
{
    vec_free(&c->held);
}

/* Certificates. */

static err *note_held(struct backup_content *content, const struct cert *c)
{
    content->summary.keys += cert_has_secret(c);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (unlock_is_here(x))
            TRY(VEC_PUSH(&content->held, x->key.fpr));
    }
    return NULL;
}

static err *write_own(struct writer *w, struct slice bytes)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(store_parse(w->k, bytes, true, &c));
    w->n_own++;
    cert_write(c, CERT_SECRET | CERT_LOCAL, &w->block);
    return note_held(w->content, c);
}

/* One that cannot be read would be noticed too late. */
static err *write_other(struct writer *w, struct slice bytes)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(cert_parse(bytes, &c));
    buf_bytes(&w->block, bytes);
    return NULL;
}

static err *write_cert(struct writer *w, int64_t id, struct slice bytes)
{
    bool own = w->n_own < w->own.n && w->own.items[w->n_own] == id;
    err *e = own ? write_own(w, bytes) : write_other(w, bytes);
    w->content->summary.certs++;
    return err_hint(e, "bulla keyring check finds out what is damaged");
}

/* What is no certificate. */

static void write_private(struct writer *w, enum backup_kind kind, struct slice fields)
{
    packet_write_header(&w->block, BACKUP_PRIVATE, 1 + fields.len);
    buf_u8(&w->block, (uint8_t)kind);
    buf_bytes(&w->block, fields);
}

static void write_name(const struct fingerprint *f, struct buf *b)
{
    buf_u8(b, (uint8_t)(1 + f->len));
    buf_u8(b, f->version);
    buf_bytes(b, fingerprint_view(f));
}

static void write_settings(struct writer *w)
{
    if (w->settings.len > 0)
        write_private(w, BACKUP_SETTINGS, buf_view(&w->settings));
    buf_reset(&w->settings);
}

static err *add_setting(void *context, const struct trust_setting *t)
{
    struct writer *w = context;
    write_name(&t->fpr, &w->settings);
    buf_u8(&w->settings, (uint8_t)t->kind);
    buf_u8(&w->settings, (uint8_t)t->amount);
    w->content->summary.settings++;
    TRY(buf_end(&w->settings));
    if (w->settings.len >= SETTINGS)
        write_settings(w);
    return NULL;
}

static err *write_revocations(struct writer *w)
{
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(CERT_PACKET_MAX - 1);
    for (size_t i = 0; i < w->n_revocations; i++) {
        buf_reset(&fields);
        write_name(&w->revocations[i].fpr, &fields);
        buf_bytes(&fields, w->revocations[i].file);
        TRY(buf_end(&fields));
        write_private(w, BACKUP_REVOCATION, buf_view(&fields));
    }
    w->content->summary.revocations = w->n_revocations;
    return NULL;
}

static err *write_summary(struct writer *w)
{
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(64);
    const struct backup_summary *s = &w->content->summary;
    buf_u8(&fields, BACKUP_VERSION);
    buf_u64(&fields, (uint64_t)s->made_at);
    buf_u64(&fields, s->certs);
    buf_u64(&fields, s->keys);
    buf_u64(&fields, s->settings);
    buf_u64(&fields, s->revocations);
    TRY(buf_end(&fields));
    write_private(w, BACKUP_SUMMARY, buf_view(&fields));
    return NULL;
}

static err *write_rest(struct writer *w)
{
    w->ended = true;
    packet_write(&w->block, PACKET_PUBLIC_KEY, BACKUP_DIVIDER);
    TRY(keyring_trust_each(w->k, add_setting, w));
    write_settings(w);
    TRY(write_revocations(w));
    return write_summary(w);
}

/* The source. */

static err *next(struct writer *w)
{
    bool row = false;
    if (w->certs != NULL)
        TRY(db_step(w->certs, &row));
    TRY(row ? write_cert(w, db_int(w->certs, 0), db_blob(w->certs, 1)) : write_rest(w));
    return buf_end(&w->block);
}

static err *writer_fill(struct source *s, struct slice *view)
{
    struct writer *w = (struct writer *)s;
    if (w->at == w->block.len) {
        buf_reset(&w->block);
        w->at = 0;
        while (w->block.len < BATCH && !w->ended)
            TRY(next(w));
    }
    *view = slice_from(buf_view(&w->block), w->at);
    return NULL;
}

static void writer_consume(struct source *s, size_t n)
{
    ((struct writer *)s)->at += n;
}

static void writer_close(struct source *s)
{
    struct writer *w = (struct writer *)s;
    db_done(w->certs);
    keyring_end_read(w->k);
    buf_clear(&w->block);
    buf_clear(&w->settings);
    vec_free(&w->own);
    free(w);
}

static const struct source_ops writer_ops = {"backup", writer_fill, writer_consume, writer_close};

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The rows of certificates with secret keys. */
static err *find_own(struct writer *w)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    if (w->k->secrets == NULL)
        return NULL;
    TRY(db_query(w->k->secrets, "SELECT DISTINCT cert FROM secret", &q));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        int64_t id = 0;
        TRY(db_step(q, &row));
        if (!row)
            break;
        if (w->k->certs != NULL)
            TRY(store_find(w->k, db_blob(q, 0), &id, &c));
        w->content->left += id == 0;
        if (id != 0)
            TRY(VEC_PUSH(&w->own, id));
    }
    if (w->own.n > 0)
        qsort(w->own.items, w->own.n, sizeof *w->own.items, by_number);
    return NULL;
}

static err *start(struct writer *w)
{
    TRY(keyring_begin_read(w->k));
    TRY(find_own(w));
    return w->k->certs == NULL
               ? NULL
               : db_query(w->k->certs, "SELECT id, bytes FROM cert ORDER BY id", &w->certs);
}

err *backup_source_new(struct keyring *k, int64_t now, const struct backup_revocation *revocations,
                       size_t n_revocations, struct backup_content *content, struct source **out)
{
    struct writer *w = NULL;
    TRY(MEM_NEW(w));
    source_init(&w->source, &writer_ops, NULL);
    *content = (struct backup_content){.summary = {.made_at = now}};
    w->k = k;
    w->revocations = revocations;
    w->n_revocations = n_revocations;
    w->content = content;
    w->block = BUF_EMPTY(2 * (size_t)CERT_MAX);
    w->settings = BUF_EMPTY(2 * SETTINGS);
    err *e = start(w);
    if (e != NULL) {
        source_close(&w->source);
        return e;
    }
    *out = &w->source;
    return NULL;
}
