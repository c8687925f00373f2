#include "sop/certs.h"

#include <string.h>

#include "cli/designator.h"
#include "cli/output.h"
#include "pgp/certfile.h"
#include "pgp/revoker.h"
#include "sop/data.h"

void certs_clear(struct certs *c)
{
    cert_list_clear(&c->list);
    vec_free(&c->origins);
    err_free(c->passed_over);
}

static err *check_kind(const struct cert *c, enum certs_kind kind)
{
    bool secret = cert_has_secret(c);
    if (secret && kind == WANT_CERTS)
        return err_hint(err_new(ERR_MALFORMED, "a secret key, where a certificate is wanted"),
                        "bulla sop extract-cert makes the certificate of a key");
    if (!secret && kind == WANT_KEYS)
        return err_new(ERR_MALFORMED, "a certificate, where a secret key is wanted");
    return NULL;
}

/* Takes cert over, also on failure. */
static err *add(struct certs *c, enum certs_kind kind, struct cert *cert, const char *origin)
{
    AUTO(cert_free) struct cert *owner = cert;
    TRY(check_kind(cert, kind));
    TRY(VEC_PUSH(&c->origins, origin));
    TRY(VEC_PUSH(&c->list, owner));
    owner = NULL;
    return NULL;
}

/* Passes over what is of an unknown version. */
static err *add_next(struct certs *c, enum certs_kind kind, struct certfile *f, const char *origin,
                     bool *end)
{
    struct cert *cert = NULL;
    err *bad = NULL;
    TRY(certfile_next(f, &cert, &bad));
    *end = cert == NULL && bad == NULL;
    if (cert != NULL)
        return add(c, kind, cert, origin);
    if (err_kind_of(bad) != ERR_UNSUPPORTED)
        return bad;
    if (c->passed_over == NULL)
        c->passed_over = err_wrap(TAKE(bad), "%s", origin);
    err_free(bad);
    return NULL;
}

static err *add_all(struct certs *c, enum certs_kind kind, struct source *input, const char *origin)
{
    AUTO(certfile_close) struct certfile *f = NULL;
    size_t before = c->list.n;
    TRY(certfile_open(input, &f));
    for (bool end = false; !end;)
        TRY(add_next(c, kind, f, origin, &end));
    if (c->list.n == before)
        return err_new(ERR_NO_DATA, "no usable %s in it",
                       kind == WANT_KEYS ? "secret key" : "certificate");
    return NULL;
}

err *certs_add(struct certs *c, enum certs_kind kind, struct source *input, const char *origin)
{
    return err_wrap(add_all(c, kind, input, origin), "%s", origin);
}

err *certs_load(struct certs *c, enum certs_kind kind, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct source *input = NULL;
        TRY(designator_open(names[i], &input));
        TRY(certs_add(c, kind, input, names[i]));
    }
    return revoker_attach_among(&c->list);
}

err *certs_read(struct certs *c, enum certs_kind kind)
{
    struct source *input = NULL;
    TRY(input_open(NULL, &input));
    return certs_add(c, kind, input, "standard input");
}

err *certs_write(const struct certs *c, unsigned flags, struct buf *out)
{
    for (size_t i = 0; i < c->list.n; i++)
        cert_write(c->list.items[i], flags, out);
    return buf_end(out);
}

err *certs_put(struct app *app, const struct certs *c, unsigned flags, bool no_armor)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    bool secret = (flags & CERT_SECRET) != 0;
    TRY(certs_write(c, flags, &packets));
    return data_put_packets(app, buf_view(&packets), secret ? ARMOR_PRIVATE_KEY : ARMOR_PUBLIC_KEY,
                            no_armor);
}

void certs_replace(struct certs *c, size_t at, struct cert *by)
{
    cert_free(c->list.items[at]);
    c->list.items[at] = by;
}

static bool are_same(const struct cert *a, const struct cert *b)
{
    return fingerprint_equal(cert_fingerprint(a), cert_fingerprint(b));
}

static err *merge_into(struct certs *c, size_t at, const struct cert *other)
{
    struct cert *merged = NULL;
    bool changed;
    TRY(cert_merge(c->list.items[at], other, &merged, &changed));
    certs_replace(c, at, merged);
    return NULL;
}

err *certs_merge(struct certs *c, const struct certs *others)
{
    for (size_t i = 0; i < c->list.n; i++) {
        for (size_t k = 0; k < others->list.n; k++) {
            if (are_same(c->list.items[i], others->list.items[k]))
                TRY(merge_into(c, i, others->list.items[k]));
        }
    }
    return revoker_attach_among(&c->list);
}

err *certs_attach_revokers(struct certs *c, struct certs *others)
{
    const struct key_finder f = certs_finder(others);
    for (size_t i = 0; i < c->list.n; i++)
        TRY(revoker_attach(c->list.items[i], &f));
    return NULL;
}

static void drop(struct certs *c, size_t at)
{
    size_t rest = c->list.n - at - 1;
    cert_free(c->list.items[at]);
    memmove(c->list.items + at, c->list.items + at + 1, rest * sizeof *c->list.items);
    memmove(c->origins.items + at, c->origins.items + at + 1, rest * sizeof *c->origins.items);
    c->list.n--;
    c->origins.n--;
}

err *certs_unite(struct certs *c)
{
    for (size_t i = 0; i < c->list.n; i++) {
        for (size_t k = c->list.n; k > i + 1; k--) {
            if (!are_same(c->list.items[i], c->list.items[k - 1]))
                continue;
            TRY(merge_into(c, i, c->list.items[k - 1]));
            drop(c, k - 1);
        }
    }
    return NULL;
}

/* The finder. */

static err *add_copy(const struct cert *c, struct cert_list *out)
{
    AUTO(cert_free) struct cert *copy = NULL;
    TRY(cert_copy(c, &copy));
    TRY(VEC_PUSH(out, copy));
    copy = NULL;
    return NULL;
}

static err *find_certs(void *context, const struct key_handle *h, struct cert_list *out)
{
    const struct certs *c = context;
    if (c->signers != NULL)
        c = c->signers;
    for (size_t i = 0; i < c->list.n; i++) {
        if (cert_has_key(c->list.items[i], h))
            TRY(add_copy(c->list.items[i], out));
    }
    return NULL;
}

static err *find_secrets(void *context, const struct key_handle *h, struct cert_list *out)
{
    const struct certs *c = context;
    for (size_t i = 0; i < c->list.n; i++) {
        const struct cert *cert = c->list.items[i];
        if (cert_has_secret(cert) && (key_handle_is_empty(h) || cert_has_key(cert, h)))
            TRY(add_copy(cert, out));
    }
    return NULL;
}

static err *find_password(void *context, const struct passphrase_request *request,
                          struct secret **out)
{
    const struct certs *c = context;
    bool for_key = request->purpose == PASSPHRASE_FOR_KEY;
    return passwords_next(for_key ? c->key_passwords : c->message_passwords, request, out);
}

struct key_finder certs_finder(struct certs *c)
{
    return (struct key_finder){.context = c,
                               .certs = find_certs,
                               .secrets = find_secrets,
                               .passphrase = find_password,
                               .secrets_hint = "name a file with the secret key",
                               .passphrase_hint = c->password_hint != NULL
                                                      ? c->password_hint
                                                      : "give it with --with-key-password=F"};
}
