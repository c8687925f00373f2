/* sop merge-certs */
#include "cli/command.h"
#include "sop/certs.h"

struct merge_opts {
    bool no_armor;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct merge_opts, no_armor, "write bytes instead of text"),
};

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct merge_opts *o = options;
    CLEANUP(certs_clear) struct certs certs = {0}, others = {0};
    TRY(certs_load(&others, WANT_CERTS, args->items, args->n));
    TRY(certs_read(&certs, WANT_CERTS));
    TRY(certs_unite(&certs));
    TRY(certs_merge(&certs, &others));
    return certs_put(app, &certs, CERT_LOCAL, o->no_armor);
}

const struct command cmd_sop_merge_certs = {
    .noun = "sop",
    .name = "merge-certs",
    .summary = "add what is new in other copies of certificates",
    .synopsis = "[CERTS...] < CERTS > CERTS",
    .details = "Writes the certificates on standard input, each once, with what the files know of "
               "them besides: new subkeys, user IDs, certifications, revocations. Certificates "
               "that only the files have are left out.",
    .examples = "bulla sop merge-certs downloaded.cert < alice.cert > fresh.cert",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct merge_opts),
    .run = run,
};
