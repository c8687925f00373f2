/* trust whatif: what would be otherwise without somebody, at another time, with a file. */
#include "cli/command.h"
#include "cli/keywords.h"
#include "cli/trustchange.h"

#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/when.h"

struct whatif_opts {
    struct trusting_opts trusting;
    struct opt_list without, imports;
};

static const struct opt options_of[] = {
    OPT_LIST(0, "without", struct whatif_opts, without, "FPR",
             "as if this certificate were not there", OPT_CERT),
    OPT_LIST(0, "import", struct whatif_opts, imports, "FILE",
             "as if the certificates in FILE were there, too", OPT_INPUT),
    OPT_TRUSTING(struct whatif_opts, trusting),
};

struct whatif {
    struct trusting trusting; /* as it is; the network is not opened in it */
    VEC(struct fingerprint) without;
    struct trustchange_side before, after;
};

static void whatif_clear(struct whatif *w)
{
    trustchange_side_clear(&w->before);
    trustchange_side_clear(&w->after);
    vec_free(&w->without);
    trusting_clear(&w->trusting);
}

static err *read_without(struct whatif *w, const struct opt_list *given)
{
    for (size_t i = 0; i < given->n; i++) {
        struct fingerprint fpr;
        TRY(err_wrap(keywords_fingerprint(w->trusting.keyring, given->items[i], &fpr),
                     "--without"));
        TRY(VEC_PUSH(&w->without, fpr));
    }
    return NULL;
}

/* To put certificates in and take them out again the keyring is opened for writing, if there
 * is one. */
static err *open_keyring(struct app *app, const struct whatif_opts *o)
{
    AUTO(free) char *path = NULL;
    const struct opt_list none = {0};
    if (o->imports.n == 0 || o->trusting.keyrings.n > 0)
        return NULL;
    if (app->home != NULL)
        TRY(fs_join(app->home, "keyring.db", &path));
    app->writes = path != NULL && fs_exists(path);
    return app->writes ? NULL : trusting_use_memory(app, &none);
}

static err *import(struct whatif *w, const struct opt_list *files)
{
    struct keyring *k = w->trusting.keyring;
    if (files->n == 0)
        return NULL;
    TRY(keyring_begin(k));
    for (size_t i = 0; i < files->n; i++)
        TRY(trusting_read_file(w->trusting.app, k, files->items[i]));
    return NULL;
}

/* What is in the keyring by then is forgotten with the app. */
static err *look_again(struct whatif *w, const struct whatif_opts *o)
{
    struct trust_opts changed = w->trusting.opts;
    if (o->trusting.moment.at != NULL)
        TRY(err_wrap(when_parse(o->trusting.moment.at, &changed.at), "--at"));
    if (o->trusting.moment.at != NULL)
        report_time(&w->trusting.app->report, "at", changed.at);
    changed.without = w->without.items;
    changed.n_without = w->without.n;
    TRY(import(w, &o->imports));
    return trustchange_look(&w->trusting, &changed, &w->after);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct whatif_opts *o = options;
    CLEANUP(whatif_clear) struct whatif w = {0};
    struct trusting_opts now = o->trusting;
    now.moment.at = NULL;
    TRY(args_check(args, 0, 0, ""));
    if (o->without.n == 0 && o->imports.n == 0 && o->trusting.moment.at == NULL)
        return err_hint(err_new(ERR_MISSING_ARG, "what if what?"),
                        "give --without FPR, --at DATE, or --import FILE");
    TRY(open_keyring(app, o));
    TRY(trusting_prepare(app, &now, &w.trusting));
    TRY(read_without(&w, &o->without));
    TRY(trustchange_look(&w.trusting, &w.trusting.opts, &w.before));
    TRY(look_again(&w, o));
    return trustchange_tell(&w.trusting, &w.before, &w.after);
}

const struct command cmd_trust_whatif = {
    .noun = "trust",
    .name = "whatif",
    .summary = "tell what would change: without somebody, at another time, with a file",
    .synopsis = "[--without FPR] [--at DATE] [--import FILE]",
    .details =
        "Compares what bulla trust list shows now with what it would show: without a certificate "
        "and all that it says, since its key was stolen, say; at a time to come, when "
        "certifications have expired; or with what a file would bring. Each user ID whose amount "
        "changes is shown, with both amounts. Nothing is changed: what --import puts into the "
        "keyring is taken out again, and others who want to write wait until "
        "then.\n\n" TRUSTING_DETAILS,
    .examples = "bulla trust whatif --without 0123456789ABCDEF0123456789ABCDEF01234567\n"
                "bulla trust whatif --at 2028-01-01\n"
                "bulla trust whatif --import colleagues.pgp",
    COMMAND_OPTIONS(options_of, struct whatif_opts),
    .run = run,
};
