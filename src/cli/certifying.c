#include "cli/certifying.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/terms.h"
#include "cli/who.h"
#include "pgp/signer.h"

enum { AHEAD_MAX = 60 }; /* seconds; what is said later than that must wait */

void certifying_clear(struct certifying *x)
{
    userpicks_clear(&x->picks);
    signer_clear(&x->signer);
    cert_free(x->own);
    cert_free(x->subject);
}

/* A certification of its own user IDs would be a self-signature, which says much more. */
static err *check_others(const struct certifying *x, const char *who)
{
    if (!fingerprint_equal(cert_fingerprint(x->own), cert_fingerprint(x->subject)))
        return NULL;
    return err_hint(err_new(ERR_POLICY, "%s: a key speaks for its own user IDs already", who),
                    "-u chooses another key of yours; bulla key add-uid and revoke-uid change "
                    "this one's user IDs");
}

err *certifying_find(struct certifying *x, const char *who)
{
    struct app *app = x->app;
    app_set_passphrases(app, &x->opts->passphrase_files, "--passphrase-file");
    if (x->opts->signer != NULL)
        TRY(who_key(app, x->opts->signer, WHO_TO_USE, &x->own));
    else
        TRY(who_own_key(app, "choose one with -u", &x->own));
    TRY(certifying_find_subject(x, who));
    return check_others(x, who);
}

err *certifying_find_subject(struct certifying *x, const char *who)
{
    return who_cert(x->app, who, WHO_TO_LOOK_AT, &x->subject);
}

err *certifying_use_local(struct certifying *x, struct cert *own)
{
    char fpr[FPR_TEXT_SIZE];
    x->own = own;
    x->is_local = true;
    fingerprint_text(cert_fingerprint(x->subject), fpr);
    if (fingerprint_equal(cert_fingerprint(own), cert_fingerprint(x->subject)))
        return err_new(ERR_POLICY, "%s: is the local root, by which you accept others", fpr);
    fingerprint_text(cert_fingerprint(own), fpr);
    err *e = certifying_unlock(x);
    return err_kind_of(e) != ERR_LOCKED
               ? e
               : err_hint(e, "bulla key passphrase --no-passphrase %s takes that away again", fpr);
}

err *certifying_unlock(struct certifying *x)
{
    const struct key_finder finder = app_finder(x->app);
    const struct signer_params params = {.finder = &finder,
                                         .policy = x->app->policy,
                                         .limits = &x->app->limits,
                                         .world = x->app->world};
    AUTO(free) char *name = NULL;
    TRY(who_name(x->app, x->own, &name));
    return err_wrap(signer_open_certifier(x->own, &params, &x->signer), "%s", name);
}

err *certifying_find_user(const struct cert *c, struct slice id, const struct component **out)
{
    AUTO(free) char *shown = NULL;
    for (size_t i = 0; i < c->components.n; i++) {
        *out = &c->components.items[i];
        if ((*out)->kind == COMPONENT_USER_ID && slice_equal((*out)->packet.body, id))
            return NULL;
    }
    TRY(text_escape(id, &shown));
    return err_new(ERR_NO_USER_ID, "there is no user ID %s any more", shown);
}

static err *too_late(int64_t last_at)
{
    char text[WHEN_TEXT_SIZE];
    when_text(last_at, text);
    return err_hint(err_new(ERR_BUSY, "the last thing that this key has said of it is of %s", text),
                    "try again after that, and check this computer's clock");
}

/* Of two things said in one second, programs do not agree on which counts. */
static err *choose_moment(struct certifying *x, const struct cert *c)
{
    int64_t now = world_now(x->app->world);
    x->at = now;
    for (size_t i = 0; i < x->picks.n; i++) {
        const struct userpick *p = &x->picks.items[i];
        const struct component *user;
        struct certification said;
        if (!p->chosen)
            continue;
        TRY(certifying_find_user(c, p->user->packet.body, &user));
        TRY(certification_find(c, user, cert_primary(x->own), &said));
        if (said.last_at >= now + AHEAD_MAX)
            return too_late(said.last_at);
        if (said.last_at >= x->at)
            x->at = said.last_at + 1;
    }
    return NULL;
}

/* The certificate as it is now, while nobody else can change it. */
static err *read_again(struct certifying *x, struct keyring *k, struct cert **out)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(x->subject), fpr);
    TRY(keyring_get(k, cert_fingerprint(x->subject), false, out));
    if (*out == NULL)
        return err_new(ERR_NOT_FOUND, "%s: another process has deleted it", fpr);
    return NULL;
}

/* A certificate has limited room for what others sign: what is not kept must not be told
 * as done. */
static err *check_kept(const struct certifying *x, struct keyring *k, const struct cert *after)
{
    AUTO(cert_free) struct cert *stored = NULL;
    TRY(keyring_get(k, cert_fingerprint(after), false, &stored));
    for (size_t i = 0; i < x->picks.n; i++) {
        const struct userpick *p = &x->picks.items[i];
        const struct component *made, *kept;
        struct certification said, heard;
        if (!p->chosen)
            continue;
        TRY(certifying_find_user(after, p->user->packet.body, &made));
        TRY(certifying_find_user(stored, p->user->packet.body, &kept));
        TRY(certification_find(after, made, cert_primary(x->own), &said));
        TRY(certification_find(stored, kept, cert_primary(x->own), &heard));
        if (said.last_at != heard.last_at)
            return err_new(ERR_LIMIT, "the certificate has no room for another certification");
    }
    return NULL;
}

static err *put(struct certifying *x, struct keyring *k, const struct cert *after)
{
    enum keyring_put result;
    TRY(keyring_put_local(k, after, &result));
    return check_kept(x, k, after);
}

static err *make(struct certifying *x, const struct cert *c, certifying_apply *apply, void *context,
                 struct cert **out)
{
    cert_free(*out);
    *out = NULL;
    TRY(choose_moment(x, c));
    return apply(context, c, out);
}

err *certifying_store(struct certifying *x, certifying_apply *apply, void *context)
{
    AUTO(cert_free) struct cert *fresh = NULL, *after = NULL;
    struct keyring *k = NULL;
    TRY(make(x, x->subject, apply, context, &after));
    if (x->opts->dry_run || after == NULL)
        return NULL;
    TRY(app_begin(x->app, &k));
    TRY(read_again(x, k, &fresh));
    if (!slice_equal(buf_view(&fresh->bytes), buf_view(&x->subject->bytes)))
        TRY(make(x, fresh, apply, context, &after));
    if (after != NULL)
        TRY(put(x, k, after));
    TRY(app_commit(x->app));
    return world_wait(x->app->world, x->at);
}

void certifying_put(const struct certifying *x)
{
    struct report *r = &x->app->report;
    report_fingerprint(r, "fingerprint", cert_fingerprint(x->subject));
    report_fingerprint(r, "signer", cert_fingerprint(x->own));
    report_bool(r, "dry_run", x->opts->dry_run);
}

void certifying_put_user(struct report *r, const struct userpick *p, const char *result,
                         const struct certification_terms *t)
{
    report_object(r, NULL);
    report_string(r, "result", result);
    report_bytes(r, "userid", p->user->packet.body);
    terms_put(r, t);
    report_end_object(r);
}

void certifying_remark(const struct certifying *x, bool changed, bool public)
{
    struct report *r = &x->app->report;
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(x->subject), fpr);
    if (!changed)
        report_remark(r, "Nothing to change.");
    else if (x->opts->dry_run)
        report_remark(r, "Nothing was changed: this was a dry run.");
    else if (public)
        report_remark(r, "Others learn of it from the certificate: bulla cert export %s", fpr);
}
