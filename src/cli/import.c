#include "cli/import.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/authentic.h"
#include "cli/certinput.h"
#include "cli/job.h"
#include "cli/output.h"
#include "keyring/settings.h"
#include "pgp/prune.h"
#include "stream/spool.h"

struct import {
    struct app *app;
    enum import_mode mode;
    size_t n[3]; /* by enum keyring_put */
    size_t left_out, rejected;
    size_t pending;       /* bytes of certificates that are not committed yet */
    enum err_kind reason; /* for the last of them */
    enum { ROOTS_UNKNOWN, ROOTS_NONE, ROOTS_SOME } roots;
    struct claims suspects; /* certificates with an address that another one has, too */
};

/* Whose address it is takes a look at the web of trust: in a large keyring, where people have
 * old and new certificates, not for all. */
enum { SUSPECTS_MAX = 256 };

/* Bytes of certificates in one transaction: it is in the log as a whole until it is
 * committed, and the more there are, the less often the same pages of the index change. */
enum { BATCH = 32 << 20 };

static const char *const put_names[] = {"new", "changed", "unchanged"};

/* `place` may be NULL, where no certificate is what is wrong. */
static err *reject(struct import *x, const char *file, const struct certfile_place *place,
                   const err *why)
{
    char text[1024];
    err_text(why, text, sizeof text);
    x->rejected++;
    x->reason = err_kind_of(why);
    report_warning(&x->app->report, "rejected   %s: %s", file, text);
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "result", "rejected");
    report_string(&x->app->report, "file", file);
    if (place != NULL && place->number > 0)
        report_number(&x->app->report, "number", place->number);
    if (place != NULL && place->offset != CERTFILE_NOWHERE)
        report_number(&x->app->report, "byte", (int64_t)place->offset);
    report_string(&x->app->report, "reason", text);
    report_end_object(&x->app->report);
    return NULL;
}

void import_tell_left_out(struct report *r, size_t n)
{
    if (n > 0)
        report_remark(r,
                      "           left out %zu signatures or user IDs that its owner has not made: "
                      "there is room for %d MiB of them",
                      n, PRUNE_ROOM >> 20);
}

/* A user ID of the certificate in the keyring, or else of c: bare ones come from servers. */
static err *name_of(const struct cert *c, const struct cert *stored, struct slice *bytes,
                    char **text)
{
    *bytes = cert_any_user_id(c);
    if (bytes->len == 0 && stored != NULL)
        *bytes = cert_any_user_id(stored);
    TRY(mem_string_of(*bytes, text));
    return NULL;
}

static err *tell(struct import *x, const struct cert *c, const struct cert *stored,
                 const char *result, size_t left_out)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    struct slice user_id;
    TRY(name_of(c, stored, &user_id, &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    report_remark(&x->app->report, "%-9s  %s  %s", result, fpr,
                  name[0] != '\0' ? name : "(no user ID)");
    import_tell_left_out(&x->app->report, left_out);
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "result", result);
    report_fingerprint(&x->app->report, "fingerprint", cert_fingerprint(c));
    report_bytes(&x->app->report, "userid", user_id);
    report_bool(&x->app->report, "secret", cert_has_secret(c));
    report_number(&x->app->report, "left_out", (int64_t)left_out);
    report_end_object(&x->app->report);
    return NULL;
}

static err *see_setting(void *context, const struct trust_setting *t)
{
    (void)t;
    *(bool *)context = true;
    return NULL;
}

static err *see_key(void *context, const struct cert *c)
{
    (void)c;
    *(bool *)context = true;
    return NULL;
}

/* Is there anybody by whom an address could be authenticated? */
static err *find_roots(struct import *x, struct keyring *k)
{
    bool any = false;
    TRY(keyring_trust_each(k, see_setting, &any));
    if (!any)
        TRY(keyring_each(k, true, see_key, &any));
    x->roots = any ? ROOTS_SOME : ROOTS_NONE;
    return NULL;
}

/* Notes the addresses for which it is not the only one. */
static err *suspect(struct import *x, struct keyring *k, const struct cert *c)
{
    if (x->roots == ROOTS_UNKNOWN)
        TRY(find_roots(x, k));
    if (x->roots == ROOTS_NONE)
        return NULL;
    for (size_t i = 0; i < c->components.n && x->suspects.n < SUSPECTS_MAX; i++) {
        const struct component *user = &c->components.items[i];
        AUTO(free) char *email = NULL;
        bool shared;
        if (user->kind != COMPONENT_USER_ID)
            continue;
        TRY(keyring_shares_address(k, user->packet.body, &shared));
        if (!shared)
            continue;
        TRY(mem_string_of(text_email_of(user->packet.body), &email));
        TRY(claims_add(&x->suspects, email, cert_fingerprint(c)));
    }
    return NULL;
}

static err *tell_put(struct import *x, const struct cert *c, enum keyring_put result)
{
    AUTO(cert_free) struct cert *stored = NULL;
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    size_t left_out = keyring_left_out(k);
    if (cert_any_user_id(c).len == 0)
        TRY(keyring_get(k, cert_fingerprint(c), false, &stored));
    x->n[result]++;
    if (result != KEYRING_UNCHANGED && x->mode != IMPORT_KEYS)
        TRY(suspect(x, k, c));
    return tell(x, c, stored, put_names[result], left_out);
}

/* Is it to be left out, since it is not here? */
static err *is_left_out(struct import *x, struct keyring *k, const struct cert *c, bool *out)
{
    AUTO(cert_free) struct cert *stored = NULL;
    *out = false;
    if (x->mode != IMPORT_UPDATES)
        return NULL;
    TRY(keyring_get(k, cert_fingerprint(c), false, &stored));
    *out = stored == NULL;
    x->left_out += *out;
    return *out ? tell(x, c, NULL, "not here", 0) : NULL;
}

static void remark_secret(struct import *x, const char *file, const struct cert *c)
{
    if (x->mode != IMPORT_KEYS && cert_has_secret(c))
        report_remark(&x->app->report,
                      "The secret key in %s is left out; bulla key import takes it, too", file);
}

static err *import_cert(struct import *x, const char *file, const struct certfile_place *place,
                        const struct cert *c)
{
    struct keyring *k = NULL;
    enum keyring_put result;
    bool keys = x->mode == IMPORT_KEYS, left_out;
    TRY(app_begin(x->app, &k));
    if (keys && !cert_has_secret(c)) {
        AUTO(err_free) err *why = err_new(ERR_MALFORMED, "no secret key in it; bulla cert import "
                                                         "takes certificates");
        return reject(x, file, place, why);
    }
    TRY(is_left_out(x, k, c, &left_out));
    if (left_out)
        return NULL;
    remark_secret(x, file, c);
    TRY(keys ? keyring_put_key(k, c, &result) : keyring_put_cert(k, c, &result));
    return tell_put(x, c, result);
}

/* What is told has been committed: a long list in parts. */
static err *settle(struct import *x)
{
    x->pending = 0;
    TRY(app_commit(x->app));
    report_release(&x->app->report);
    return NULL;
}

static size_t n_taken(const struct import *x)
{
    return x->n[KEYRING_NEW] + x->n[KEYRING_CHANGED] + x->n[KEYRING_UNCHANGED];
}

/* Revocation certificates. */

/* The primary key and the signature, which merging puts where it belongs. */
static err *revoked_key(const struct cert *c, struct slice revocation, struct cert **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(CERT_MAX);
    packet_write(&b, PACKET_PUBLIC_KEY, cert_primary(c)->body);
    packet_write(&b, PACKET_SIGNATURE, revocation);
    TRY(buf_end(&b));
    return cert_parse(buf_view(&b), out);
}

static err *apply(struct import *x, const struct cert *c, const struct sig *s, bool *good)
{
    AUTO(cert_free) struct cert *revoked = NULL;
    const struct target t = cert_target(c, &c->components.items[0]);
    struct keyring *k = NULL;
    enum keyring_put result;
    TRY(target_verify(&t, s, cert_primary(c), good));
    if (!*good)
        return NULL;
    TRY(revoked_key(c, s->body, &revoked));
    TRY(app_begin(x->app, &k));
    TRY(keyring_put_cert(k, revoked, &result));
    return tell_put(x, c, result);
}

static err *not_revoked(const struct sig *s, bool known)
{
    char issuer[FPR_TEXT_SIZE];
    key_handle_text(&s->issuer, issuer);
    if (known)
        return err_new(ERR_NO_SIGNATURE, "it does not revoke key %s: the signature is wrong",
                       issuer);
    return err_new(ERR_NOT_FOUND, "it revokes key %s: import its certificate first", issuer);
}

static err *import_revocation(struct import *x, const char *title, const struct sig *s)
{
    CLEANUP(cert_list_clear) struct cert_list certs = {0};
    struct keyring *k = NULL;
    bool good = false;
    TRY(app_keyring(x->app, &k));
    TRY(keyring_find_certs(k, &s->issuer, &certs));
    for (size_t i = 0; i < certs.n && !good; i++)
        TRY(apply(x, certs.items[i], s, &good));
    if (good)
        return NULL;
    AUTO(err_free) err *why = not_revoked(s, certs.n > 0);
    return reject(x, title, NULL, why);
}

/* The next packet of r if it is a signature that revokes a key. */
static bool next_revocation(struct reader *r, struct sig *out)
{
    struct packet p;
    err *e = packet_next(r, &p);
    if (e == NULL)
        e = sig_parse(p.body, out);
    bool good = e == NULL && p.type == PACKET_SIGNATURE && out->type == SIG_KEY_REVOCATION;
    err_free(e);
    return good;
}

/* Those of version 6 come with their key [RFC9580 10.1.2]; before, programs wrote the
 * signature alone.  Other strays are left to be reported. */
static err *import_revocations(struct import *x, const char *title, struct certfile *f)
{
    struct slice strays;
    struct sig s;
    TRY(err_wrap(certfile_strays(f, &strays), "%s", title));
    struct reader r = reader_init(strays, "revocation certificate"), again = r;
    while (reader_left(&r) > 0) {
        if (!next_revocation(&r, &s))
            return NULL;
    }
    while (next_revocation(&again, &s))
        TRY(import_revocation(x, title, &s));
    certfile_take_strays(f);
    return NULL;
}

static err *import_certs(struct import *x, const char *title, struct certinput *i)
{
    size_t taken = n_taken(x), left_out = x->left_out, rejected = x->rejected;
    if (x->mode != IMPORT_KEYS && certinput_file(i) != NULL)
        TRY(import_revocations(x, title, certinput_file(i)));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        AUTO(err_free) err *bad = NULL;
        TRY(interrupt_check());
        TRY(err_wrap(certinput_next(i, &c, &bad), "%s", title));
        const struct certfile_place place = certinput_place(i);
        if (bad != NULL)
            TRY(reject(x, title, &place, bad));
        else if (c != NULL)
            TRY(import_cert(x, title, &place, c));
        else
            break;
        x->pending += c != NULL ? c->bytes.len : 0;
        if (x->pending >= BATCH)
            TRY(settle(x));
    }
    if (n_taken(x) > taken)
        return NULL;
    if (x->left_out > left_out)
        return err_hint(err_new(ERR_NOT_FOUND, "%s: nothing in it is here already", title),
                        "bulla cert import takes what is new, too");
    if (x->rejected > rejected)
        return err_new(x->reason, "%s: nothing could be imported", title);
    return err_new(ERR_MALFORMED, "%s: no certificate found", title);
}

/* A pipe is read to its end before the keyring is locked for writing. */
static err *import_file(void *context, const char *name)
{
    struct import *x = context;
    AUTO(certinput_close) struct certinput *i = NULL;
    struct source *input = NULL;
    TRY(job_open(x->app, name, "importing", &input));
    if (!input_is_regular(name))
        TRY(spool_whole(TAKE(input), app_temporary_directory(), &input));
    TRY(input_error(certinput_open(input, &i), name));
    return import_certs(x, input_title(name), i);
}

/* Once all is stored: who of them claims an address that is known to be somebody else's? */
static err *tell_claims(struct import *x)
{
    CLEANUP(authentic_clear) struct authentic a = {0};
    TRY(authentic_open(x->app, NULL, &a));
    TRY(authentic_sift(&a, &x->suspects));
    claims_tell(&x->app->report, &a.claims);
    if (a.claims.n > 0 && x->suspects.n >= SUSPECTS_MAX)
        report_remark(&x->app->report,
                      "note: only the first %d that share an address were looked "
                      "at; bulla trust lookup EMAIL tells whose it is",
                      SUSPECTS_MAX);
    report_release(&x->app->report);
    return NULL;
}

static void import_clear(struct import *x)
{
    claims_clear(&x->suspects);
}

/* What was reported as imported stays, whatever comes after it. */
err *import_files(struct app *app, enum import_mode mode, const struct args *args)
{
    CLEANUP(import_clear) struct import x = {.app = app, .mode = mode};
    report_hold(&app->report);
    report_array(&app->report, "imported");
    AUTO(err_free) err *e = job_each(app, args, import_file, &x);
    report_end_array(&app->report);
    for (int i = 0; i < 3; i++)
        report_number(&app->report, put_names[i], (int64_t)x.n[i]);
    if (mode == IMPORT_UPDATES)
        report_number(&app->report, "not_here", (int64_t)x.left_out);
    report_number(&app->report, "rejected", (int64_t)x.rejected);
    TRY(settle(&x));
    TRY(tell_claims(&x));
    return TAKE(e);
}
