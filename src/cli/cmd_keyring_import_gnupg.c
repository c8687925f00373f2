/* keyring import-gnupg: everything that is in the home of GnuPG. */
#include "cli/command.h"
#include "cli/gnupg.h"

struct import_opts {
    bool dry_run;
    struct opt_list passphrase_files;
};

static const struct opt import_options[] = {
    OPT_FLAG('n', "dry-run", struct import_opts, dry_run, "only show what would change"),
    OPT_LIST(0, "passphrase-file", struct import_opts, passphrase_files, "F",
             "take a passphrase from F: a file, @FD:n or @ENV:NAME; may be repeated", OPT_INPUT),
};

static err *run_import(struct app *app, const void *options, const struct args *args)
{
    const struct import_opts *o = options;
    TRY(args_check(args, 0, 1, "DIR"));
    app_set_passphrases(app, &o->passphrase_files, "--passphrase-file");
    return gnupg_take_over(app, args->n == 1 ? args->items[0] : NULL, o->dry_run);
}

const struct command cmd_keyring_import_gnupg = {
    .noun = "keyring",
    .name = "import-gnupg",
    .summary = "take over the keys, certificates and trust of GnuPG",
    .synopsis = "[DIR]",
    .details =
        "DIR is the home of GnuPG: $GNUPGHOME unless it is named, or else ~/.gnupg. GnuPG is not "
        "run, and nothing in DIR is changed. Taken over are the certificates (pubring.kbx, "
        "pubring.gpg, pubring.db) with signatures that are only for you, the secret keys "
        "(private-keys-v1.d, or secring.gpg of old versions), and whom you trust to certify keys "
        "(trustdb.gpg). Revocation certificates are copied to where those of keys made here "
        "are.\n\n"
        "The passphrase of a secret key is asked for, each one once, since bulla protects keys in "
        "another way; the key has the same passphrase afterwards. What is here already stays as "
        "it is, so that the command can be run again.\n\n"
        "What cannot be taken over is listed with the reason. If that is something which ought to "
        "be taken, as a key whose passphrase is not known, the command fails in the end, but all "
        "else is there.",
    .examples = "bulla keyring import-gnupg\n"
                "bulla keyring import-gnupg --dry-run --json /mnt/old/home/.gnupg\n"
                "bulla keyring import-gnupg --passphrase-file work --passphrase-file private",
    .values = "FILE",
    COMMAND_OPTIONS(import_options, struct import_opts),
    .needs = NEEDS_WRITE,
    .run = run_import,
};
