#include "cli/backupfile.h"

#include "base/mem.h"
#include "base/when.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/verdicts.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/spool.h"

static err *advise(err *e)
{
    if (err_kind_of(e) != ERR_MALFORMED)
        return e;
    return err_hint(e,
                    "bulla inspect FILE shows what it is; bulla cert import and bulla key import "
                    "take certificates and keys");
}

/* A pipe is read to its end before the keyring is locked for writing. */
static err *open_message(struct app *app, const char *name, const struct key_finder *finder,
                         struct message **out)
{
    struct message_params params = {
        .finder = finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
    struct source *s = NULL;
    TRY(app_pool(app, &params.pool));
    TRY(job_open(app, name, "reading", &s));
    if (!input_is_regular(name))
        TRY(spool_whole(TAKE(s), app_temporary_directory(), &s));
    TRY(armor_open(s, ARMOR_ONE, &s));
    TRY(message_open(s, &params, out));
    return message_info(*out)->encrypted
               ? NULL
               : err_new(ERR_MALFORMED, "a backup is encrypted, and this is not");
}

/* A passphrase is known to few; what a key opens, anybody may have made. */
static void warn(struct app *app, const struct message_info *info)
{
    if (!info->by_passphrase)
        report_warning(&app->report,
                       "Warning: anybody can encrypt a file to your key: be sure that "
                       "this one is your backup");
}

static err *read_message(struct app *app, struct message *m, const struct backupfile_reader *r,
                         struct backup_summary *out)
{
    TRY(r->begin(r->visitor.context));
    err *e = backup_read(message_body(m), &r->visitor, out);
    if (err_kind_of(e) == ERR_OUTPUT || err_kind_of(e) == ERR_INTERRUPTED)
        return e;
    TRY(message_finish(m, e));
    TRY(verdicts_refuse_bad(&message_info(m)->verdicts));
    if (r->believes)
        warn(app, message_info(m));
    return NULL;
}

err *backupfile_read(struct app *app, const char *name, const struct backupfile_reader *r,
                     struct backup_summary *out)
{
    AUTO(message_close) struct message *m = NULL;
    const struct key_finder finder = app_finder(app);
    err *e = open_message(app, name, &finder, &m);
    if (e == NULL)
        e = read_message(app, m, r, out);
    return input_error(advise(e), name);
}

void backupfile_report(struct report *r, const struct backup_summary *s)
{
    report_time(r, "made", s->made_at);
    report_number(r, "certificates", (int64_t)s->certs);
    report_number(r, "keys", (int64_t)s->keys);
    report_number(r, "trust", (int64_t)s->settings);
    report_number(r, "revocations", (int64_t)s->revocations);
}

static unsigned long long shown(uint64_t n)
{
    return n;
}

err *backupfile_describe(const struct backup_summary *s, char **out)
{
    return mem_printf(out,
                      "certificates: %llu, own keys: %llu, trust settings: %llu, revocation "
                      "certificates: %llu",
                      shown(s->certs), shown(s->keys), shown(s->settings), shown(s->revocations));
}
