#include "cli/who.h"

#include "base/mem.h"
#include "base/text.h"
#include "pgp/bind.h"
#include "pgp/certfile.h"
#include "stream/input.h"

enum { CANDIDATES_SHOWN = 10 };

err *who_name(struct app *app, const struct cert *c, char **out)
{
    char fpr[FPR_TEXT_SIZE];
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    if (bound_user_id(b).len > 0)
        return text_escape(bound_user_id(b), out);
    fingerprint_text(cert_fingerprint(c), fpr);
    return mem_strdup(fpr, out);
}

/* The candidates stand in the hint, behind the advice. */
static err *ambiguous(struct app *app, const char *who, const struct cert_list *found,
                      const char *advice)
{
    CLEANUP(buf_clear) struct buf list = BUF_EMPTY(1 << 20);
    for (size_t i = 0; i < found->n && i < CANDIDATES_SHOWN; i++) {
        char fpr[FPR_TEXT_SIZE];
        AUTO(free) char *name = NULL;
        TRY(who_name(app, found->items[i], &name));
        fingerprint_text(cert_fingerprint(found->items[i]), fpr);
        buf_printf(&list, "\n  %s  %s", fpr, name);
    }
    if (found->n > CANDIDATES_SHOWN)
        buf_printf(&list, "\n  and %zu more", found->n - CANDIDATES_SHOWN);
    buf_u8(&list, 0);
    TRY(buf_end(&list));
    return err_hint(err_new(ERR_AMBIGUOUS, "%s: fits %zu certificates", who, found->n), "%s:%s",
                    advice, (const char *)list.data);
}

static err *find_one(struct app *app, const char *who, bool secret, struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_find(k, who, secret, &found));
    if (found.n > 1)
        return ambiguous(app, who, &found, "name one by its fingerprint");
    if (found.n == 0 && secret)
        return err_hint(err_new(ERR_NOT_FOUND, "%s: no secret key of this name", who),
                        "bulla key list shows those that there are");
    if (found.n == 0)
        return err_hint(err_new(ERR_NOT_FOUND, "%s: no certificate of this name", who),
                        "bulla cert list shows those that there are; bulla cert import FILE "
                        "adds one");
    *out = TAKE(found.items[0]);
    return NULL;
}

err *who_cert(struct app *app, const char *who, struct cert **out)
{
    return find_one(app, who, false, out);
}

err *who_key(struct app *app, const char *who, struct cert **out)
{
    return find_one(app, who, true, out);
}

static err *add_copy(void *context, const struct cert *c)
{
    struct cert *copy = NULL;
    TRY(cert_parse(buf_view(&c->bytes), &copy));
    return VEC_PUSH((struct cert_list *)context, copy);
}

err *who_own_key(struct app *app, struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list own = {0};
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_each(k, true, add_copy, &own));
    if (own.n == 0)
        return err_hint(err_new(ERR_NOT_FOUND, "there is no key of your own"),
                        "make one: bulla key generate \"Your Name <you@example.org>\"");
    if (own.n > 1)
        return ambiguous(app, "your own key", &own, "choose one with -u");
    *out = TAKE(own.items[0]);
    return NULL;
}

err *who_from_file(const char *path, struct cert **out)
{
    AUTO(certfile_close) struct certfile *f = NULL;
    AUTO(cert_free) struct cert *first = NULL, *second = NULL;
    AUTO(err_free) err *bad = NULL;
    struct source *input = NULL;
    TRY(input_from_file(path, &input));
    TRY(err_wrap(certfile_open(input, &f), "%s", path));
    TRY(err_wrap(certfile_next(f, &first, &bad), "%s", path));
    if (bad != NULL)
        return err_wrap(TAKE(bad), "%s", path);
    if (first == NULL)
        return err_new(ERR_MALFORMED, "%s: no certificate in it", path);
    TRY(err_wrap(certfile_next(f, &second, &bad), "%s", path));
    if (second != NULL || bad != NULL)
        return err_new(ERR_AMBIGUOUS, "%s: holds more than one certificate", path);
    *out = TAKE(first);
    return NULL;
}
