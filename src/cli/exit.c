#include "cli/exit.h"

/* Where the Stateless OpenPGP interface has a number, it is that; ours start at 110, and
 * are 1 in that interface, which knows nothing of them.  Of a wrong command line it
 * tells more than a user at the terminal needs. */
const struct exit_code exit_codes[] = {
    {ERR_NONE, 0, 0, "ok", "success"},
    {ERR_FAILED, 1, 1, "failed", "anything that has no number of its own"},
    {ERR_IO, 1, 1, "io", "the system refused to read"},
    {ERR_NO_MEMORY, 1, 1, "no-memory", "out of memory"},
    {ERR_BUG, 1, 1, "bug", "a mistake in the program"},
    {ERR_USAGE, 2, 1, "usage", "the command line is wrong"},
    {ERR_MISSING_ARG, 2, 19, "usage", "an argument, an option or its value is missing"},
    {ERR_UNKNOWN_OPTION, 2, 37, "usage", "there is no such option, or not with this value"},
    {ERR_UNKNOWN_COMMAND, 2, 69, "usage", "there is no such command"},
    {ERR_NO_SIGNATURE, 3, 3, "no-signature", "no good signature"},
    {ERR_UNSUPPORTED, 13, 13, "unsupported", "an algorithm or version that is not supported"},
    {ERR_CANNOT_ENCRYPT, 17, 17, "cannot-encrypt", "a certificate cannot be encrypted to"},
    {ERR_INCOMPLETE, 23, 23, "incomplete", "an option is missing that another one needs"},
    {ERR_CANNOT_DECRYPT, 29, 29, "cannot-decrypt", "no key or passphrase opens the message"},
    {ERR_BAD_PASSPHRASE, 31, 31, "bad-passphrase", "a new passphrase is not usable text"},
    {ERR_NO_DATA, 41, 41, "no-data", "there is no OpenPGP data in it"},
    {ERR_MALFORMED, 41, 41, "bad-data", "the data is malformed"},
    {ERR_INTEGRITY, 41, 41, "tampered", "the data was changed or cut short"},
    {ERR_LIMIT, 41, 41, "limit", "the data asks for more than is allowed"},
    {ERR_EXPECTED_TEXT, 53, 53, "expected-text", "the data is to be text, and is not"},
    {ERR_EXISTS, 59, 59, "output-exists", "what is to be made exists already"},
    {ERR_NO_INPUT, 61, 61, "missing-input", "an input file cannot be read"},
    {ERR_LOCKED, 67, 67, "key-is-protected", "a key needs a passphrase, or another one"},
    {ERR_BAD_DESIGNATOR, 71, 71, "bad-designator", "an unknown or empty @NAME: designator"},
    {ERR_AMBIGUOUS_INPUT, 73, 73, "ambiguous-input", "a designator is the name of a file, too"},
    {ERR_CANNOT_SIGN, 79, 79, "cannot-sign", "the key cannot sign"},
    {ERR_INCOMPATIBLE, 83, 83, "incompatible-options", "options that exclude one another"},
    {ERR_PROFILE, 89, 89, "unsupported-profile", "an unknown profile"},
    {ERR_NO_CARD, 97, 97, "no-card", "the secret key is on a card that is not here"},
    {ERR_BAD_PRIMARY, 103, 103, "bad-primary-key", "the primary key is too weak, or revoked"},
    {ERR_NO_USER_ID, 107, 107, "no-user-id", "no such user ID, or nobody vouches for it"},
    {ERR_CANNOT_CERTIFY, 109, 109, "cannot-certify", "the key cannot certify user IDs"},
    {ERR_UNAUTHENTICATED, 110, 1, "not-authenticated", "it is not certain whose key this is"},
    {ERR_AMBIGUOUS, 111, 1, "ambiguous", "a name fits several certificates"},
    {ERR_NOT_FOUND, 112, 1, "not-found", "nothing in the keyring has this name"},
    {ERR_BUSY, 113, 1, "busy", "another process holds the keyring"},
    {ERR_POLICY, 114, 1, "policy", "refused: too weak, expired, revoked, or unsafe"},
    {ERR_ATTENTION, 115, 1, "attention", "a check found something to look after"},
    {ERR_OUTPUT, 116, 1, "output-failed", "the output could not be written"},
    {ERR_INTERRUPTED, 130, 130, "interrupted", "interrupted by the user"},
    {ERR_KINDS, -1, -1, NULL, NULL},
};

const struct exit_code *exit_code_of(enum err_kind kind)
{
    for (const struct exit_code *x = exit_codes; x->code >= 0; x++) {
        if (x->kind == kind)
            return x;
    }
    return &exit_codes[1];
}
