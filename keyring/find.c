#include "keyring/store.h"

#include "base/text.h"
#include "base/vec.h"

/* Adds the certificates of a query whose only column is their bytes. */
static err *collect(struct keyring *k, struct db_query *q, bool secret, struct cert_list *out)
{
    bool row;
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(store_parse(k, db_blob(q, 0), secret, &c));
        if (secret && !cert_has_secret(c))
            continue;
        TRY(VEC_PUSH(out, c));
        c = NULL;
    }
}

static err *find_blob(struct keyring *k, const char *sql, struct slice value, bool secret,
                      struct cert_list *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->certs, sql, &q));
    db_bind_blob(q, 1, value);
    return collect(k, q, secret, out);
}

static const char by_fpr[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM key WHERE "
                             "fpr = ?1) ORDER BY id";
static const char by_keyid[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM key WHERE "
                               "keyid = ?1) ORDER BY id";
static const char by_email[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM userid WHERE "
                               "email = ?1) ORDER BY id";
static const char by_part[] = "SELECT bytes FROM cert WHERE id IN (SELECT cert FROM userid WHERE "
                              "text LIKE ?1 ESCAPE '\\') ORDER BY id";

static err *find_email(struct keyring *k, const char *who, bool secret, struct cert_list *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    CLEANUP(buf_clear) struct buf email = BUF_EMPTY(4096);
    text_lower_to(&email, text_email_of(slice_of_string(who)));
    TRY(buf_end(&email));
    TRY(db_query(k->certs, by_email, &q));
    db_bind_text(q, 1, buf_view(&email));
    return collect(k, q, secret, out);
}

/* Part of a user ID; ASCII letters match in either case. */
static err *find_part(struct keyring *k, const char *who, bool secret, struct cert_list *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    CLEANUP(buf_clear) struct buf pattern = BUF_EMPTY(1 << 16);
    buf_text(&pattern, "%");
    for (; *who != '\0'; who++) {
        if (strchr("%_\\", *who) != NULL)
            buf_u8(&pattern, '\\');
        buf_u8(&pattern, (uint8_t)*who);
    }
    buf_text(&pattern, "%");
    TRY(buf_end(&pattern));
    TRY(db_query(k->certs, by_part, &q));
    db_bind_text(q, 1, buf_view(&pattern));
    return collect(k, q, secret, out);
}

enum keyring_name keyring_name_kind(const char *who)
{
    size_t digits = text_hex_digits(who), len = digits / 2;
    if (digits % 2 == 0 && (len == FPR_V3_LEN || len == FPR_V4_LEN || len == FPR_V6_LEN))
        return KEYRING_FPR;
    if (digits % 2 == 0 && len == KEY_ID_LEN)
        return KEYRING_KEY_ID;
    return text_email_of(slice_of_string(who)).len > 0 ? KEYRING_EMAIL : KEYRING_PART;
}

bool keyring_name_fits(const char *who, struct slice user_id)
{
    struct slice name = slice_of_string(who);
    if (keyring_name_kind(who) != KEYRING_EMAIL)
        return text_contains_nocase(user_id, name);
    struct slice address = text_email_of(user_id);
    return address.len > 0 && text_equal_nocase(address, text_email_of(name));
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
        return find_blob(k, len == KEY_ID_LEN ? by_keyid : by_fpr, slice_of(bytes, len), secret,
                         out);
    case KEYRING_EMAIL:
        return find_email(k, who, secret, out);
    default:
        return find_part(k, who, secret, out);
    }
}

static err *find_handle(struct keyring *k, const struct key_handle *h, bool secret,
                        struct cert_list *out)
{
    if (k->certs == NULL)
        return NULL;
    if (h->fpr.version != 0)
        return find_blob(k, by_fpr, fingerprint_view(&h->fpr), secret, out);
    return find_blob(k, by_keyid, SLICE_OF(h->id.bytes), secret, out);
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
