/* cert: other people's certificates. */
#include "cli/command.h"
#include "cli/exchange.h"
#include "cli/import.h"

struct delete_opts {
    bool yes;
};

struct look_opts {
    struct moment_opts moment;
};

static const struct opt export_options[] = {
    OPT_TEXT('o', "output", struct export_opts, output, "FILE",
             "write to FILE instead of standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct export_opts, force, "replace an existing output file"),
    OPT_FLAG('a', "armor", struct export_opts, armor, "write text; this is the default"),
    OPT_FLAG(0, "binary", struct export_opts, binary, "write bytes instead of text"),
    OPT_FLAG(0, "local", struct export_opts, local,
             "also write certifications that are marked as local"),
    OPT_FLAG(0, "minimal", struct export_opts, minimal, "only write what recipients need now"),
};

static const struct opt_conflict export_conflicts[] = {
    {"armor", "binary", "choose one"},
    {"minimal", "local", "local certifications are by others, which --minimal leaves out"},
    {NULL, NULL, NULL},
};

static const struct opt look_options[] = {
    OPT_MOMENT(struct look_opts, moment),
};

static const struct opt delete_options[] = {
    OPT_FLAG('y', "yes", struct delete_opts, yes, "do not ask"),
};

static err *run_import(struct app *app, const void *options, const struct args *args)
{
    (void)options;
    return import_files(app, IMPORT_CERTS, args);
}

static err *run_update(struct app *app, const void *options, const struct args *args)
{
    (void)options;
    return import_files(app, IMPORT_UPDATES, args);
}

static err *run_export(struct app *app, const void *options, const struct args *args)
{
    return exchange_export(app, options, args);
}

static err *run_list(struct app *app, const void *options, const struct args *args)
{
    TRY(moment_apply(app, &((const struct look_opts *)options)->moment));
    return exchange_list(app, false, args);
}

static err *run_show(struct app *app, const void *options, const struct args *args)
{
    TRY(moment_apply(app, &((const struct look_opts *)options)->moment));
    return exchange_show(app, false, args);
}

static err *run_delete(struct app *app, const void *options, const struct args *args)
{
    return exchange_delete(app, false, ((const struct delete_opts *)options)->yes, args);
}

const struct command cmd_cert_import = {
    .noun = "cert",
    .name = "import",
    .summary = "add certificates from files to the keyring",
    .synopsis = "[FILE...]",
    .details =
        "A certificate that is there already gets what is new in the file, and loses "
        "nothing. One that cannot be read is reported and does not stop the others. Files "
        "may be armored or not, keyrings, GnuPG's keyboxes (pubring.kbx), or mails with "
        "an Autocrypt header; in those, nothing but that header is looked at.\n\n"
        "Others can flood a certificate with signatures. There is room for 2 MiB of what its "
        "owner has not signed: first for certifications by those whose certificates are "
        "here, then for revocations, then for the newest. How many were left out is told.",
    .examples = "bulla cert import alice.asc\n"
                "curl https://example.org/key.asc | bulla cert import\n"
                "bulla cert import ~/.gnupg/pubring.kbx",
    .values = "FILE",
    .needs = NEEDS_WRITE,
    .run = run_import,
};

const struct command cmd_cert_update = {
    .noun = "cert",
    .name = "update",
    .summary = "bring certificates in the keyring up to date from files",
    .synopsis = "[FILE...]",
    .details = "As bulla cert import, but only for certificates that are here already: others in "
               "the file are told and left out. Use it with what a server or a colleague has "
               "given, of which not everything is wanted.",
    .examples = "bulla cert update keyring.pgp",
    .values = "FILE",
    .needs = NEEDS_WRITE,
    .run = run_update,
};

const struct command cmd_cert_export = {
    .noun = "cert",
    .name = "export",
    .summary = "write certificates, to give them to others",
    .synopsis = "[WHO...]",
    .details =
        "Without WHO, all certificates are written. Nothing secret is among them. Local "
        "certifications are not for others: --local is for another home of one's own.\n\n"
        "--minimal writes the primary key, the user IDs and subkeys that are valid, each with "
        "the self-signature that counts, and the revocations of keys: enough to encrypt to "
        "and to verify new signatures. Certifications by others stay behind, and so does what has "
        "expired, "
        "which older signatures may need. Whoever has an older copy does not "
        "learn from it that a user ID was revoked.",
    .examples = "bulla cert export alice@example.org > alice.asc\n"
                "bulla cert export --minimal --binary -o alice.pgp alice@example.org\n"
                "bulla cert export --binary -o all.pgp",
    .values = "CERT",
    COMMAND_OPTIONS(export_options, struct export_opts),
    .conflicts = export_conflicts,
    .needs = DATA_ON_STDOUT,
    .run = run_export,
};

const struct command cmd_cert_list = {
    .noun = "cert",
    .name = "list",
    .summary = "list the certificates in the keyring",
    .synopsis = "[WHO...]",
    .details = "WHO is a fingerprint or key ID of any key in the certificate, an e-mail address, "
               "@domain for all addresses there, or any part of a user ID. Case does not matter, "
               "and an internationalised domain may stand in either of its forms.",
    .examples = "bulla cert list\n"
                "bulla cert list @example.org",
    .values = "CERT",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_list,
};

const struct command cmd_cert_show = {
    .noun = "cert",
    .name = "show",
    .summary = "show a certificate: its keys, user IDs, and what is wrong with them",
    .synopsis = "WHO...",
    .details = "First in a few words: who, until when, how strong, and which programs can use it. "
               "Then every key and user ID, why it is valid or why not, and who certifies it of "
               "those whose certificates are here.",
    .examples = "bulla cert show alice@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_show,
};

const struct command cmd_cert_delete = {
    .noun = "cert",
    .name = "delete",
    .summary = "remove certificates from the keyring",
    .synopsis = "[--yes] WHO...",
    .examples = "bulla cert delete alice@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(delete_options, struct delete_opts),
    .needs = NEEDS_WRITE,
    .run = run_delete,
};
