/* sop version */
#include "cli/command.h"
#include "crypto/backend.h"
#include "sop/data.h"

struct version_opts {
    bool backend, extended, sop_spec, sopv;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "backend", struct version_opts, backend,
             "of the library that does the mathematics"),
    OPT_FLAG(0, "extended", struct version_opts, extended, "of everything, a line each"),
    OPT_FLAG(0, "sop-spec", struct version_opts, sop_spec, "of the interface that this follows"),
    OPT_FLAG(0, "sopv", struct version_opts, sopv, "of its subset that only verifies"),
};

static const struct opt_conflict conflicts[] = {
    {"backend", "extended", "choose one"},
    {"backend", "sop-spec", "choose one"},
    {"backend", "sopv", "choose one"},
    {"extended", "sop-spec", "choose one"},
    {"extended", "sopv", "choose one"},
    {"sop-spec", "sopv", "choose one"},
    {NULL, NULL, NULL},
};

/* The tilde says that not all of it is there. */
static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct version_opts *o = options;
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(4096);
    TRY(args_check(args, 0, 0, NULL));
    if (o->sop_spec)
        buf_text(&text, "~draft-dkg-openpgp-stateless-cli-16\n");
    else if (o->sopv)
        buf_text(&text, "1.0\n");
    else if (o->backend)
        backend_version(&text);
    else
        buf_text(&text, "bulla " BULLA_VERSION "\n");
    if (o->extended)
        backend_versions(&text);
    TRY(buf_end(&text));
    return data_put_bytes(app, buf_view(&text));
}

const struct command cmd_sop_version = {
    .noun = "sop",
    .name = "version",
    .summary = "show the version of this program",
    .synopsis = "[--backend | --extended | --sop-spec | --sopv] > TEXT",
    .examples = "bulla sop version --extended",
    COMMAND_OPTIONS(opts, struct version_opts),
    .conflicts = conflicts,
    .needs = ONLY_VERIFIES,
    .run = run,
};
