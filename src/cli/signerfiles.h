/* signerfiles.h - --signer and --signer-file: who must have signed. */
#ifndef CLI_SIGNERFILES_H
#define CLI_SIGNERFILES_H

#include "cli/signertrust.h"

/* Certificates from files, found before (or instead of) those of the keyring. */
struct signer_files {
    struct app *app;
    struct cert_list certs;
    bool asks_keyring;
    struct wanted_signers wanted;
    struct authentic authentic;
    struct key_finder finder; /* for verification; valid as long as this struct */
};

/* `who` names certificates in the keyring, which must be authenticated, `files` such that need
 * not be in it; `trust` is the value of --trust, or NULL. */
MUST_USE err *signer_files_open(struct app *app, const struct opt_list *who,
                                const struct opt_list *files, const char *trust,
                                struct signer_files *out);

void signer_files_clear(struct signer_files *s);

#endif
