/* sop extract-cert: the public half of keys. */
#include "cli/command.h"
#include "sop/certs.h"

struct extract_opts {
    bool no_armor;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct extract_opts, no_armor, "write bytes instead of text"),
};

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct extract_opts *o = options;
    CLEANUP(certs_clear) struct certs keys = {0};
    TRY(args_check(args, 0, 0, NULL));
    TRY(certs_read(&keys, WANT_KEYS));
    return certs_put(app, &keys, CERT_PUBLIC, o->no_armor);
}

const struct command cmd_sop_extract_cert = {
    .noun = "sop",
    .name = "extract-cert",
    .summary = "make the certificate of a key",
    .synopsis = "< KEYS > CERTS",
    .examples = "bulla sop extract-cert < alice.key > alice.cert",
    COMMAND_OPTIONS(opts, struct extract_opts),
    .run = run,
};
