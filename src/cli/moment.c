#include "cli/moment.h"

#include "base/when.h"
#include "cli/app.h"

static err *parse(const char *option, const char *text, int64_t *out)
{
    return err_wrap(when_parse(text, out), "--%s", option);
}

static err *apply_at(struct app *app, const char *text)
{
    struct moment *m = &app->moment;
    TRY(parse("at", text, &m->at));
    m->world = world_fixed(&m->at);
    app->world = &m->world;
    report_time(&app->report, "at", m->at);
    return NULL;
}

static err *apply_policy(struct app *app, const char *text)
{
    int64_t at;
    TRY(parse("policy-as-of", text, &at));
    app->moment.policy = policy_as_of(at);
    app->policy = &app->moment.policy;
    report_time(&app->report, "policy_as_of", at);
    return NULL;
}

err *moment_apply(struct app *app, const struct moment_opts *opts)
{
    if (opts->at != NULL)
        TRY(apply_at(app, opts->at));
    return opts->policy_as_of != NULL ? apply_policy(app, opts->policy_as_of) : NULL;
}
