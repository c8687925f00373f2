#include "cli/trusting.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/certinput.h"
#include "cli/job.h"
#include "cli/keywords.h"
#include "cli/output.h"
#include "cli/who.h"
#include "keyring/settings.h"

enum { ASKED_MAX = 10000 };

/* Reading options. */

static err *read_root(struct keyring *k, const char *text, struct trust_root *out)
{
    AUTO(free) char *name = NULL;
    const char *colon = strchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
    out->amount = TRUST_FULL;
    TRY(mem_string_of(slice_of(text, len), &name));
    TRY(err_wrap(keywords_fingerprint(k, name, &out->fpr), "--root"));
    return keywords_number("--root: the amount", colon != NULL ? colon + 1 : NULL, TRUST_FULL,
                           &out->amount);
}

static err *add_root(struct trusting *x, const struct trust_root *root)
{
    for (size_t i = 0; i < x->roots.n; i++) {
        if (fingerprint_equal(&x->roots.items[i].fpr, &root->fpr))
            return err_new(ERR_USAGE, "--root: named twice");
    }
    return VEC_PUSH(&x->roots, *root);
}

static err *read_roots(struct trusting *x, const struct opt_list *given)
{
    for (size_t i = 0; i < given->n; i++) {
        struct trust_root root;
        TRY(read_root(x->keyring, given->items[i], &root));
        TRY(add_root(x, &root));
    }
    return NULL;
}

/* Certificates from files. */

static void reject(struct app *app, const char *title, unsigned number, const err *why)
{
    char text[1024];
    err_text(why, text, sizeof text);
    report_warning(&app->report, "Passed over certificate %u of %s: %s", number, title, text);
}

err *trusting_read_file(struct app *app, struct keyring *k, const char *path)
{
    AUTO(certinput_close) struct certinput *in = NULL;
    struct source *input = NULL;
    enum keyring_put result;
    bool any = false;
    TRY(job_open(app, path, "reading", &input));
    TRY(input_error(certinput_open(input, &in), path));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        AUTO(err_free) err *bad = NULL;
        TRY(interrupt_check());
        TRY(err_wrap(certinput_next(in, &c, &bad), "%s", input_title(path)));
        if (c == NULL && bad == NULL)
            break;
        if (c != NULL)
            TRY(keyring_put_local(k, c, &result));
        else
            reject(app, input_title(path), certinput_place(in).number, bad);
        any = any || c != NULL;
    }
    return any ? NULL : err_new(ERR_NO_DATA, "%s: no certificate found", input_title(path));
}

/* What the user has decided goes to the keyring in memory, with the certificates that it is
 * about. */
struct copying {
    struct keyring *from, *to;
};

static err *copy_cert(const struct copying *y, const struct fingerprint *fpr)
{
    AUTO(cert_free) struct cert *c = NULL;
    enum keyring_put result;
    TRY(keyring_get(y->from, fpr, false, &c));
    return c != NULL ? keyring_put_local(y->to, c, &result) : NULL;
}

static err *copy_setting(void *context, const struct trust_setting *t)
{
    const struct copying *y = context;
    TRY(keyring_trust_put(y->to, t));
    return copy_cert(y, &t->fpr);
}

static err *copy_own_key(void *context, const struct cert *c)
{
    const struct copying *y = context;
    const struct trust_setting own = {*cert_fingerprint(c), TRUST_ROOT, TRUST_FULL};
    bool decided;
    TRY(keyring_trust_has(y->to, &own.fpr, &decided));
    if (!decided)
        TRY(keyring_trust_put(y->to, &own));
    return copy_cert(y, &own.fpr);
}

static err *fill(struct app *app, struct keyring *memory, const struct opt_list *files)
{
    struct copying y = {app->keyring, memory};
    TRY(keyring_trust_each(y.from, copy_setting, &y));
    TRY(keyring_each(y.from, true, copy_own_key, &y));
    for (size_t i = 0; i < files->n; i++)
        TRY(trusting_read_file(app, memory, files->items[i]));
    return NULL;
}

err *trusting_use_memory(struct app *app, const struct opt_list *files)
{
    AUTO(keyring_close) struct keyring *memory = NULL;
    struct keyring *stored = NULL;
    TRY(app_keyring(app, &stored));
    TRY(keyring_open_memory(stored, &memory));
    TRY(keyring_begin(memory));
    TRY(fill(app, memory, files));
    TRY(keyring_commit(memory));
    keyring_close(stored);
    app->keyring = TAKE(memory);
    return NULL;
}

/* Opening. */

err *trusting_prepare(struct app *app, const struct trusting_opts *o, struct trusting *out)
{
    *out = (struct trusting){.app = app, .asked = TRUST_FULL};
    TRY(moment_apply(app, &o->moment));
    TRY(keywords_number("--amount", o->amount, ASKED_MAX, &out->asked));
    if (o->keyrings.n > 0)
        TRY(trusting_use_memory(app, &o->keyrings));
    TRY(app_keyring(app, &out->keyring));
    TRY(read_roots(out, &o->roots));
    out->opts = (struct trust_opts){.policy = app->policy,
                                    .at = world_now(app->world),
                                    .roots = out->roots.items,
                                    .n_roots = out->roots.n,
                                    .certification_network = o->certification_network,
                                    .gossip = o->gossip};
    return NULL;
}

err *trusting_open(struct app *app, const struct trusting_opts *o, struct trusting *out)
{
    TRY(trusting_prepare(app, o, out));
    return trust_open(out->keyring, &out->opts, &out->trust);
}

void trusting_clear(struct trusting *x)
{
    trust_close(x->trust);
    vec_free(&x->roots);
}

bool trusting_is_enough(const struct trusting *x, unsigned amount)
{
    return amount >= x->asked && !x->opts.gossip;
}

/* What names mean. */

/* The user IDs of a certificate that fit. */
struct fitting {
    const char *name; /* NULL: all fit */
    bool whole;       /* it is the user ID itself, not its address or a part */
    struct trusting_users *out;
};

static err *add_fitting(void *context, const struct trust_cert *c, struct slice user_id)
{
    const struct fitting *f = context;
    bool fits = f->name == NULL || slice_equal(slice_of_string(f->name), user_id);
    const struct trusting_user u = {c->fpr, user_id};
    if (!fits && !f->whole)
        TRY(keyring_name_fits(f->name, user_id, &fits));
    return fits ? VEC_PUSH(f->out, u) : NULL;
}

static err *users_of(struct trusting *x, const struct fingerprint *fpr, const char *name,
                     bool whole, struct trusting_users *out)
{
    struct fitting f = {name, whole, out};
    return trust_each_user(x->trust, fpr, add_fitting, &f);
}

/* By a fingerprint or key ID a key is named, all user IDs of which are meant. */
static bool names_key(const char *who)
{
    enum keyring_name kind = keyring_name_kind(who);
    return kind == KEYRING_FPR || kind == KEYRING_KEY_ID;
}

/* Of a name that anybody can claim only the network says whose it is. */
static err *find_certs(struct trusting *x, const char *who, struct cert_list *out)
{
    return names_key(who) ? who_all(x->app, who, false, out)
                          : keyring_find(x->keyring, who, false, out);
}

err *trusting_find_all(struct trusting *x, const char *who, struct trusting_users *out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    TRY(find_certs(x, who, &found));
    for (size_t i = 0; i < found.n; i++)
        TRY(users_of(x, cert_fingerprint(found.items[i]), names_key(who) ? NULL : who, false, out));
    if (out->n > 0)
        return NULL;
    return err_hint(err_new(ERR_NOT_FOUND, "%s: no user ID of this name", who),
                    "bulla cert list shows those that there are; bulla cert import FILE adds one");
}

/* Is one of its user IDs of this name authenticated? */
static err *is_authenticated(struct trusting *x, const struct fingerprint *fpr, const char *name,
                             bool *out)
{
    struct trusting_users users = {0};
    err *e = users_of(x, fpr, name, false, &users);
    *out = false;
    for (size_t i = 0; i < users.n && e == NULL && !*out; i++) {
        CLEANUP(trust_answer_clear) struct trust_answer a = {0};
        e = trust_check(x->trust, fpr, users.items[i].user_id, x->asked, &a);
        *out = e == NULL && trusting_is_enough(x, a.amount);
    }
    vec_free(&users);
    return e;
}

/* The certificate that is meant; NULL: it is not clear which.  Of an address there may be
 * several since anybody can claim it. */
static err *choose(struct trusting *x, const char *who, const struct cert_list *found,
                   const struct cert **out)
{
    size_t n = 0;
    *out = found->n == 1 ? found->items[0] : NULL;
    if (found->n == 1 || keyring_name_kind(who) != KEYRING_EMAIL)
        return NULL;
    for (size_t i = 0; i < found->n; i++) {
        bool authenticated;
        TRY(is_authenticated(x, cert_fingerprint(found->items[i]), who, &authenticated));
        n += authenticated;
        *out = authenticated ? found->items[i] : *out;
    }
    *out = n <= 1 ? *out : NULL;
    return NULL;
}

/* Where there is no choice, the error is the one that other commands have. */
static err *find_cert(struct trusting *x, const char *who, struct fingerprint *out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    AUTO(cert_free) struct cert *only = NULL;
    const struct cert *chosen = NULL;
    TRY(find_certs(x, who, &found));
    TRY(choose(x, who, &found, &chosen));
    if (chosen == NULL) {
        TRY(who_cert(x->app, who, WHO_TO_LOOK_AT, &only));
        chosen = only;
    }
    *out = *cert_fingerprint(chosen);
    return NULL;
}

err *trusting_find(struct trusting *x, const char *who, const char *user_id,
                   struct trusting_users *out)
{
    struct trusting_user u = {0};
    TRY(find_cert(x, who, &u.fpr));
    if (user_id == NULL)
        return users_of(x, &u.fpr, names_key(who) ? NULL : who, false, out);
    u.user_id = slice_of_string(user_id);
    TRY(users_of(x, &u.fpr, user_id, true, out));
    if (out->n == 0 && text_email_of(u.user_id).len > 0)
        TRY(users_of(x, &u.fpr, user_id, false, out));
    return out->n == 0 ? VEC_PUSH(out, u) : NULL;
}
