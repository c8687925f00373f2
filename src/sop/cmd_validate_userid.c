/* sop validate-userid */
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "pgp/vouch.h"
#include "sop/certs.h"
#include "sop/range.h"

struct validate_opts {
    bool addr_spec_only;
    const char *validate_at;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "addr-spec-only", struct validate_opts, addr_spec_only,
             "USERID is a mail address; what else is in a user ID does not matter"),
    OPT_TEXT(0, "validate-at", struct validate_opts, validate_at, "DATE",
             "judge as of then, and not of now", OPT_ANY),
};

struct validation {
    const struct app *app;
    const char *user_id;
    bool addr_spec_only;
    int64_t at;
    const struct certs *authorities;
};

/* Only the domain is the same in capitals [RFC5321 2.4]. */
static bool same_address(struct slice a, struct slice b)
{
    const uint8_t *sign = a.len == b.len && a.len > 0 ? memrchr(a.data, '@', a.len) : NULL;
    size_t local = sign != NULL ? (size_t)(sign - a.data) : 0;
    return sign != NULL && slice_equal(slice_of(a.data, local), slice_of(b.data, local)) &&
           text_equal_nocase(slice_from(a, local), slice_from(b, local));
}

static bool is_meant(const struct validation *v, const struct component *x)
{
    struct slice wanted = slice_of_string(v->user_id);
    if (x->kind != COMPONENT_USER_ID)
        return false;
    return v->addr_spec_only ? same_address(text_email_of(x->packet.body), wanted)
                             : slice_equal(x->packet.body, wanted);
}

static err *is_vouched_for(const struct validation *v, const struct bound_cert *b,
                           const struct component *user, bool *out)
{
    const struct cert_list *list = &v->authorities->list;
    for (size_t i = 0; i < list->n && !*out; i++)
        TRY(vouch_check(b, user, list->items[i], out));
    return NULL;
}

static err *no_match(const struct validation *v, const struct bound_cert *b, bool claimed)
{
    char fingerprint[FPR_TEXT_SIZE], reason[512];
    fingerprint_text(cert_fingerprint(b->cert), fingerprint);
    if (bound_problem(b) != NULL)
        return err_new(ERR_NO_USER_ID, "%s: the key: %s", fingerprint,
                       err_text(bound_problem(b), reason, sizeof reason));
    return err_new(ERR_NO_USER_ID, "%s: %s %s", fingerprint,
                   claimed ? "no authority vouches for" : "it has no valid user ID", v->user_id);
}

static err *validate(const struct validation *v, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    bool claimed = false, vouched = false;
    TRY(bind_cert_past(c, v->app->policy, v->at, world_now(v->app->world), &b));
    for (size_t i = 0; i < b->n && bound_problem(b) == NULL && !vouched; i++) {
        const struct bound *x = &b->items[i];
        if (x->problem != NULL || !is_meant(v, x->component))
            continue;
        claimed = true;
        TRY(is_vouched_for(v, b, x->component, &vouched));
    }
    return vouched ? NULL : no_match(v, b, claimed);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct validate_opts *o = options;
    CLEANUP(certs_clear) struct certs certs = {0}, authorities = {0};
    struct validation v = {
        .app = app, .addr_spec_only = o->addr_spec_only, .authorities = &authorities};
    TRY(args_check(args, 2, SIZE_MAX, "USERID CERTS..."));
    v.user_id = args->items[0];
    TRY(err_wrap(range_time(o->validate_at != NULL ? o->validate_at : "now", app->world, &v.at),
                 "validate at"));
    TRY(certs_load(&authorities, WANT_CERTS, args->items + 1, args->n - 1));
    TRY(certs_read(&certs, WANT_CERTS));
    TRY(certs_attach_revokers(&certs, &authorities));
    for (size_t i = 0; i < certs.list.n; i++)
        TRY(validate(&v, certs.list.items[i]));
    return NULL;
}

const struct command cmd_sop_validate_userid = {
    .noun = "sop",
    .name = "validate-userid",
    .summary = "check that certificates belong to a user ID",
    .synopsis = "USERID CERTS... < CERTS",
    .details =
        "Succeeds if every certificate on standard input has the user ID, signed by its owner "
        "and certified by one of the authorities, which are the certificates in the files. "
        "Otherwise the exit code is 107. Only certifications by the authorities "
        "themselves count; each vouches for its own user IDs.",
    .examples = "bulla sop validate-userid \"Bob <bob@example.org>\" alice.cert < bob.cert\n"
                "bulla sop validate-userid --addr-spec-only bob@example.org ca.cert < bob.cert",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct validate_opts),
    .run = run,
};
