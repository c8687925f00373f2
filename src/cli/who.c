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

/* One line of candidates, with what is wrong with it. */
static err *list_one(struct app *app, const struct cert *c, struct buf *list)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE], problem[512];
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    TRY(who_name(app, c, &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    buf_printf(list, "\n  %s  %s", fpr, name);
    if (bound_problem(b) != NULL)
        buf_printf(list, "  [%s]", err_text(bound_problem(b), problem, sizeof problem));
    return NULL;
}

/* The candidates stand in the hint, behind the advice. */
static err *ambiguous(struct app *app, const char *who, const struct cert_list *found,
                      const char *advice)
{
    CLEANUP(buf_clear) struct buf list = BUF_EMPTY(1 << 20);
    for (size_t i = 0; i < found->n && i < CANDIDATES_SHOWN; i++)
        TRY(list_one(app, found->items[i], &list));
    if (found->n > CANDIDATES_SHOWN)
        buf_printf(&list, "\n  and %zu more", found->n - CANDIDATES_SHOWN);
    buf_u8(&list, 0);
    TRY(buf_end(&list));
    return err_hint(err_new(ERR_AMBIGUOUS, "%s: fits %zu certificates", who, found->n), "%s:%s",
                    advice, (const char *)list.data);
}

/* How well a name fits a certificate. */
enum fit { FIT_INVALID, FIT_PART, FIT_WHOLE };

bool who_is_fingerprint(const char *who, const struct cert *c)
{
    uint8_t bytes[FPR_MAX];
    struct slice fpr = fingerprint_view(cert_fingerprint(c));
    return text_hex_digits(who) == 2 * fpr.len && text_unhex(who, bytes, fpr.len) &&
           slice_equal(slice_of(bytes, fpr.len), fpr);
}

/* A key's name: the primary key before a subkey, which must be bound. */
static enum fit fit_of_key(const struct bound_cert *b, const char *who)
{
    uint8_t bytes[FPR_MAX];
    size_t len = text_hex_digits(who) / 2;
    struct slice name = slice_of(bytes, len);
    enum fit best = FIT_INVALID;
    if (len > FPR_MAX || !text_unhex(who, bytes, len))
        return FIT_INVALID;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        const struct pubkey *k = &x->component->key;
        bool same = slice_equal(fingerprint_view(&k->fpr), name) ||
                    slice_equal(SLICE_OF(k->id.bytes), name);
        if (same && x->component->kind == COMPONENT_PRIMARY)
            return FIT_WHOLE;
        if (same && x->component->kind == COMPONENT_SUBKEY && x->binding != NULL)
            best = FIT_PART;
    }
    return best;
}

/* A person's name: in a user ID that the key's owner has signed and not revoked. */
static err *fit_of_user(const struct bound_cert *b, const char *who, enum fit *fit, const err **why)
{
    *fit = FIT_INVALID;
    for (size_t i = 0; i < b->n && *fit == FIT_INVALID; i++) {
        const struct bound *x = &b->items[i];
        bool named = false;
        if (x->component->kind == COMPONENT_USER_ID)
            TRY(keyring_name_fits(who, x->component->packet.body, &named));
        if (named && x->problem == NULL)
            *fit = FIT_WHOLE;
        else if (named)
            *why = x->problem;
    }
    return NULL;
}

/* Why a certificate of this name does not count. */
static err *not_valid(const struct cert *c, const char *who, const err *why)
{
    char fpr[FPR_TEXT_SIZE], text[512];
    fingerprint_text(cert_fingerprint(c), fpr);
    err_text(why, text, sizeof text);
    return err_hint(err_new(ERR_NOT_FOUND, "%s: only in certificate %s, and not valid there%s%s",
                            who, fpr, text[0] != '\0' ? ": " : "", text),
                    "if you mean that certificate, name it by its fingerprint");
}

static err *not_found(const char *who, bool secret)
{
    if (secret)
        return err_hint(err_new(ERR_NOT_FOUND, "%s: no secret key of this name", who),
                        "bulla key list shows those that there are");
    return err_hint(err_new(ERR_NOT_FOUND, "%s: no certificate of this name", who),
                    "bulla cert list shows those that there are; bulla cert import FILE adds one");
}

static err *fit_of(struct app *app, const struct cert *c, const char *who, enum fit *fit, err **why)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const err *problem = NULL;
    enum keyring_name kind = keyring_name_kind(who);
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    if (kind == KEYRING_FPR || kind == KEYRING_KEY_ID)
        *fit = fit_of_key(b, who);
    else
        TRY(fit_of_user(b, who, fit, &problem));
    if (*fit == FIT_INVALID && *why == NULL)
        *why = not_valid(c, who, problem);
    return NULL;
}

/* Moves those that fit best to out. */
static err *sort_out(struct app *app, const char *who, struct cert_list *found,
                     struct cert_list *out, err **why)
{
    enum fit best = FIT_PART;
    for (size_t i = 0; i < found->n; i++) {
        enum fit fit;
        TRY(fit_of(app, found->items[i], who, &fit, why));
        if (fit > best) {
            cert_list_clear(out);
            best = fit;
        }
        if (fit < best)
            continue;
        TRY(VEC_PUSH(out, found->items[i]));
        found->items[i] = NULL;
    }
    return NULL;
}

err *who_all(struct app *app, const char *who, bool secret, struct cert_list *out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    AUTO(err_free) err *why = NULL;
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_find(k, who, secret, &found));
    if (found.n == 0)
        return not_found(who, secret);
    TRY(sort_out(app, who, &found, out, &why));
    return out->n > 0 ? NULL : TAKE(why);
}

err *who_is_valid(struct app *app, const struct cert *c, bool *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    *out = bound_problem(b) == NULL;
    return NULL;
}

/* The only valid one of several, if there is only one. */
static err *choose_valid(struct app *app, struct cert_list *l, struct cert **out)
{
    size_t chosen = 0, n_valid = 0;
    for (size_t i = 0; i < l->n; i++) {
        bool valid;
        TRY(who_is_valid(app, l->items[i], &valid));
        chosen = valid ? i : chosen;
        n_valid += valid;
    }
    *out = n_valid == 1 ? TAKE(l->items[chosen]) : NULL;
    return NULL;
}

/* Takes the one that is meant out of l. */
static err *choose(struct app *app, const char *who, enum who_for purpose, const char *advice,
                   struct cert_list *l, struct cert **out)
{
    *out = NULL;
    if (l->n == 1)
        *out = TAKE(l->items[0]);
    else if (purpose == WHO_TO_USE)
        TRY(choose_valid(app, l, out));
    return *out != NULL ? NULL : ambiguous(app, who, l, advice);
}

err *who_choose(struct app *app, const char *who, enum who_for purpose, struct cert_list *l,
                struct cert **out)
{
    return choose(app, who, purpose, "name one by its fingerprint", l, out);
}

static err *find_one(struct app *app, const char *who, bool secret, enum who_for purpose,
                     struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    TRY(who_all(app, who, secret, &found));
    return who_choose(app, who, purpose, &found, out);
}

err *who_cert(struct app *app, const char *who, enum who_for purpose, struct cert **out)
{
    return find_one(app, who, false, purpose, out);
}

err *who_key(struct app *app, const char *who, enum who_for purpose, struct cert **out)
{
    return find_one(app, who, true, purpose, out);
}

err *who_own_key(struct app *app, const char *advice, struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list own = {0};
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_find_keys(k, &own));
    if (own.n == 0)
        return err_hint(err_new(ERR_NOT_FOUND, "there is no key of your own"),
                        "make one: bulla key generate \"Your Name <you@example.org>\"");
    return choose(app, "your own key", WHO_TO_USE, advice, &own, out);
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
