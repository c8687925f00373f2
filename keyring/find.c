#include "keyring/store.h"

#include <string.h>

#include "base/fold.h"
#include "base/text.h"
#include "base/vec.h"
#include "keyring/index.h"
#include "keyring/localroot.h"

enum { WHO_MAX = 1 << 16 }; /* bytes in what a user calls a key by */

/* Does one of its keys have this fingerprint or key ID? */
static bool has_key(const struct cert *c, struct slice name)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
        if (is_key && (slice_equal(fingerprint_view(&x->key.fpr), name) ||
                       slice_equal(SLICE_OF(x->key.id.bytes), name)))
            return true;
    }
    return false;
}

/* Adds the certificates of a query whose only column is their bytes; those with this key
 * where one is named, else those that any name finds. */
static err *collect(struct keyring *k, struct db_query *q, struct slice key, bool secret,
                    struct cert_list *out)
{
    CLEANUP(localroots_clear) struct localroots hidden = {0};
    bool row;
    if (key.len == 0)
        TRY(localroots_find(k, &hidden));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(store_parse(k, db_blob(q, 0), secret, &c));
        if ((secret && !cert_has_secret(c)) || (key.len > 0 && !has_key(c, key)) ||
            localroots_have(&hidden, cert_fingerprint(c)))
            continue;
        TRY(VEC_PUSH(out, c));
        c = NULL;
    }
}

static const char by_key[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM key WHERE "
                             "id = ?1) ORDER BY id";
static const char by_address[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM address "
                                 "WHERE name = ?1) ORDER BY id";
static const char by_domain[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM address "
                                "WHERE name > ?1 AND name < ?2) ORDER BY id";
static const char by_part[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM userid WHERE "
                              "instr(text, ?1)) ORDER BY id";

static const char two_by_address[] = "SELECT 1 FROM address WHERE name = ?1 LIMIT 1 OFFSET 1";

/* By a fingerprint or key ID. */
static err *find_key(struct keyring *k, struct slice name, bool secret, struct cert_list *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->certs, by_key, &q));
    db_bind_int(q, 1, index_number(name));
    return collect(k, q, name, secret, out);
}

/* By a name of another kind, in the form that the index has. */
static void fold_name_to(struct buf *b, const char *who)
{
    struct slice name = slice_of_string(who);
    switch (keyring_name_kind(who)) {
    case KEYRING_EMAIL:
        fold_address_to(b, text_email_of(name));
        break;
    case KEYRING_DOMAIN:
        fold_domain_to(b, slice_from(name, 1));
        buf_u8(b, '@');
        break;
    default:
        fold_text_to(b, name);
    }
}

static err *find_name(struct keyring *k, const char *sql, const char *who, bool secret,
                      struct cert_list *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(WHO_MAX);
    fold_name_to(&name, who);
    TRY(buf_end(&name));
    TRY(db_query(k->certs, sql, &q));
    db_bind_blob(q, 1, buf_view(&name));
    if (keyring_name_kind(who) == KEYRING_DOMAIN) { /* what starts like that */
        name.data[name.len - 1]++;
        db_bind_blob(q, 2, buf_view(&name));
    }
    return collect(k, q, SLICE_EMPTY, secret, out);
}

enum keyring_name keyring_name_kind(const char *who)
{
    size_t digits = text_hex_digits(who), len = digits / 2;
    if (digits % 2 == 0 && (len == FPR_V3_LEN || len == FPR_V4_LEN || len == FPR_V6_LEN))
        return KEYRING_FPR;
    if (digits % 2 == 0 && len == KEY_ID_LEN)
        return KEYRING_KEY_ID;
    if (who[0] == '@' && who[1] != '\0' && strpbrk(who + 1, "@ <>") == NULL)
        return KEYRING_DOMAIN;
    return text_email_of(slice_of_string(who)).len > 0 ? KEYRING_EMAIL : KEYRING_PART;
}

/* Does the name of this kind, folded, fit the user ID, folded? */
static bool fits(enum keyring_name kind, struct slice name, struct slice text)
{
    switch (kind) {
    case KEYRING_EMAIL:
        return slice_equal(name, text);
    case KEYRING_DOMAIN:
        return text.len > name.len && slice_equal(slice_of(text.data, name.len), name);
    default:
        return memmem(text.data, text.len, name.data, name.len) != NULL;
    }
}

err *keyring_name_fits(const char *who, struct slice user_id, bool *out)
{
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(WHO_MAX), text = BUF_EMPTY(CERT_MAX);
    enum keyring_name kind = keyring_name_kind(who);
    struct slice address = text_email_of(user_id);
    fold_name_to(&name, who);
    if (kind != KEYRING_EMAIL && kind != KEYRING_DOMAIN)
        fold_text_to(&text, user_id);
    else if (address.len > 0)
        fold_address_to(&text, address);
    TRY(buf_end(&name));
    TRY(buf_end(&text));
    *out = text.len > 0 && fits(kind, buf_view(&name), buf_view(&text));
    return NULL;
}

err *keyring_find(struct keyring *k, const char *who, bool secret, struct cert_list *out)
{
    uint8_t bytes[FPR_MAX];
    size_t len = text_hex_digits(who) / 2;
    if (k->certs == NULL || who[0] == '\0')
        return NULL;
    switch (keyring_name_kind(who)) {
    case KEYRING_FPR:
    case KEYRING_KEY_ID:
        if (!text_unhex(who, bytes, len))
            return NULL;
        return find_key(k, slice_of(bytes, len), secret, out);
    case KEYRING_EMAIL:
        return find_name(k, by_address, who, secret, out);
    case KEYRING_DOMAIN:
        return find_name(k, by_domain, who, secret, out);
    default:
        return find_name(k, by_part, who, secret, out);
    }
}

err *keyring_shares_address(struct keyring *k, struct slice user_id, bool *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(CERT_MAX);
    struct slice address = text_email_of(user_id);
    *out = false;
    if (k->certs == NULL || address.len == 0)
        return NULL;
    fold_address_to(&name, address);
    TRY(buf_end(&name));
    TRY(db_query(k->certs, two_by_address, &q));
    db_bind_blob(q, 1, buf_view(&name));
    return db_step(q, out);
}

static err *find_handle(struct keyring *k, const struct key_handle *h, bool secret,
                        struct cert_list *out)
{
    if (k->certs == NULL)
        return NULL;
    bool known = h->fpr.version != 0;
    return find_key(k, known ? fingerprint_view(&h->fpr) : SLICE_OF(h->id.bytes), secret, out);
}

err *keyring_find_certs(void *context, const struct key_handle *h, struct cert_list *out)
{
    return find_handle(context, h, false, out);
}

static err *add_copy(void *context, const struct cert *c)
{
    struct cert *copy = NULL;
    TRY(cert_copy(c, &copy));
    err *e = VEC_PUSH((struct cert_list *)context, copy);
    if (e != NULL)
        cert_free(copy);
    return e;
}

err *keyring_find_keys(struct keyring *k, struct cert_list *out)
{
    return keyring_each(k, true, add_copy, out);
}

err *keyring_find_secrets(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct keyring *k = context;
    if (k->certs == NULL || k->secrets == NULL)
        return NULL;
    return key_handle_is_empty(h) ? keyring_find_keys(k, out) : find_handle(k, h, true, out);
}
