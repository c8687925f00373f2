#include "cli/import.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/job.h"
#include "cli/output.h"
#include "pgp/certfile.h"
#include "stream/spool.h"

struct import {
    struct app *app;
    bool secret;
    size_t n[3]; /* by enum keyring_put */
    size_t rejected;
    enum err_kind reason; /* for the last of them */
};

enum { HELD_MAX = 1 << 20 }; /* bytes of what is to be told */

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
    if (place != NULL)
        report_number(&x->app->report, "byte", (int64_t)place->offset);
    report_string(&x->app->report, "reason", text);
    report_end_object(&x->app->report);
    return NULL;
}

static err *tell(struct import *x, const struct cert *c, enum keyring_put result)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    TRY(mem_string_of(cert_any_user_id(c), &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    x->n[result]++;
    report_remark(&x->app->report, "%-9s  %s  %s", put_names[result], fpr,
                  name[0] != '\0' ? name : "(no user ID)");
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "result", put_names[result]);
    report_fingerprint(&x->app->report, "fingerprint", cert_fingerprint(c));
    report_bytes(&x->app->report, "userid", cert_any_user_id(c));
    report_bool(&x->app->report, "secret", cert_has_secret(c));
    report_end_object(&x->app->report);
    return NULL;
}

static err *import_cert(struct import *x, const char *file, const struct certfile_place *place,
                        const struct cert *c)
{
    struct keyring *k = NULL;
    enum keyring_put result;
    TRY(app_begin(x->app, &k));
    if (x->secret && !cert_has_secret(c)) {
        AUTO(err_free) err *why = err_new(ERR_MALFORMED, "no secret key in it; bulla cert import "
                                                         "takes certificates");
        return reject(x, file, place, why);
    }
    if (!x->secret && cert_has_secret(c))
        report_remark(&x->app->report,
                      "The secret key in %s is left out; bulla key import takes "
                      "it, too",
                      file);
    TRY(x->secret ? keyring_put_key(k, c, &result) : keyring_put_cert(k, c, &result));
    return tell(x, c, result);
}

/* What is told has been committed: a long list in parts. */
static err *settle(struct import *x)
{
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
    return tell(x, c, result);
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

static err *import_certs(struct import *x, const char *title, struct certfile *f)
{
    size_t taken = n_taken(x), rejected = x->rejected;
    if (!x->secret)
        TRY(import_revocations(x, title, f));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        AUTO(err_free) err *bad = NULL;
        TRY(interrupt_check());
        TRY(err_wrap(certfile_next(f, &c, &bad), "%s", title));
        const struct certfile_place place = certfile_place(f);
        if (bad != NULL)
            TRY(reject(x, title, &place, bad));
        else if (c != NULL)
            TRY(import_cert(x, title, &place, c));
        else
            break;
        if (report_held(&x->app->report) > HELD_MAX)
            TRY(settle(x));
    }
    if (n_taken(x) > taken)
        return NULL;
    if (x->rejected > rejected)
        return err_new(x->reason, "%s: nothing could be imported", title);
    return err_new(ERR_MALFORMED, "%s: no certificate found", title);
}

/* A pipe is read to its end before the keyring is locked for writing. */
static err *import_file(void *context, const char *name)
{
    struct import *x = context;
    AUTO(certfile_close) struct certfile *f = NULL;
    struct source *input = NULL;
    TRY(job_open(x->app, name, "importing", &input));
    if (!input_is_regular(name))
        TRY(spool_whole(TAKE(input), app_temporary_directory(), &input));
    TRY(input_error(certfile_open(input, &f), name));
    return import_certs(x, input_title(name), f);
}

/* What was reported as imported stays, whatever comes after it. */
err *import_files(struct app *app, bool secret, const struct args *args)
{
    struct import x = {.app = app, .secret = secret};
    report_hold(&app->report);
    report_array(&app->report, "imported");
    AUTO(err_free) err *e = job_each(app, args, import_file, &x);
    report_end_array(&app->report);
    for (int i = 0; i < 3; i++)
        report_number(&app->report, put_names[i], (int64_t)x.n[i]);
    report_number(&app->report, "rejected", (int64_t)x.rejected);
    TRY(settle(&x));
    return TAKE(e);
}
