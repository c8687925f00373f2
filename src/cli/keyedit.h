/* keyedit.h - the frame of every command that changes one's own key: finds it, lets an edit
 * make the new state, checks that this holds, stores it, and says what has changed.
 *
 *     struct my_opts { struct keyedit_opts edit; ... };
 *     static const struct opt opts[] = {..., OPT_KEYEDIT(struct my_opts, edit)};
 *     return keyedit_run(app, &o->edit, args->items[0], apply, &context);
 *
 * The command has NEEDS_WRITE.  Passphrases are asked for before others are locked out; if
 * the key has changed in the meantime, the edit is applied to its new state instead.
 */
#ifndef CLI_KEYEDIT_H
#define CLI_KEYEDIT_H

#include "cli/app.h"
#include "pgp/editor.h"

struct keyedit_opts {
    bool dry_run;
    struct opt_list passphrase_files;
};

#define OPT_KEYEDIT(type, field)                                                                   \
    OPT_FLAG('n', "dry-run", type, field.dry_run, "only show what would change"),                  \
        OPT_LIST(0, "passphrase-file", type, field.passphrase_files, "F",                          \
                 "take the key's passphrase from F: a file, @FD:n or @ENV:NAME", OPT_INPUT)

/* A paragraph for a command's details. */
#define KEYEDIT_DETAILS                                                                            \
    "The key is unlocked with its passphrase, which is asked for at the terminal unless "          \
    "--passphrase-file gives it. Nothing is changed unless all of it succeeds; --dry-run only "    \
    "shows what would change. Give others your certificate again afterwards."

/* Makes the new state of a key from c; called again if that has changed. */
typedef err *keyedit_apply(void *context, const struct cert *c, const struct signer_params *p,
                           struct cert **out);

/* `who` may be NULL for the only key that there is.  ERR_POLICY where the new state does
 * not hold; ERR_NOT_FOUND, ERR_AMBIGUOUS, ERR_LOCKED and those of the edit. */
MUST_USE err *keyedit_run(struct app *app, const struct keyedit_opts *o, const char *who,
                          keyedit_apply *apply, void *context);

/* The same with an editor.  Returns when its signatures count, a second later perhaps. */
MUST_USE err *keyedit_run_editor(struct app *app, const struct keyedit_opts *o, const char *who,
                                 editor_edits *edits, void *context);

#endif
