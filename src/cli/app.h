/* app.h - what every command works with: settings, report, keyring, passphrases. */
#ifndef CLI_APP_H
#define CLI_APP_H

#include "base/pool.h"
#include "base/world.h"
#include "cli/moment.h"
#include "cli/opt.h"
#include "cli/passphrase.h"
#include "cli/report.h"
#include "keyring/keyring.h"
#include "pgp/finder.h"
#include "pgp/policy.h"

struct app {
    const char *title; /* of the command: "key import" */
    const struct world *world;
    const struct policy *policy;
    struct moment moment; /* where the options ask for another time and policy */
    struct s2k_limits limits;
    struct report report;
    char *home;                    /* of the keyring; NULL where it could not be found out */
    bool writes;                   /* the command changes the keyring */
    bool in_transaction;           /* and has begun to */
    bool data_on_stdout;           /* standard output carries data */
    struct keyring *keyring;       /* NULL until asked for */
    struct pool *pool;             /* NULL until asked for */
    struct progress_sum *progress; /* of all files at work at the same time; borrowed, or NULL */
    struct passphrases passphrases;
    char passphrase_hint[128];
    size_t n_failures; /* of files that were reported and passed over */
    enum err_kind first_failure;
};

/* title and common are borrowed. */
MUST_USE err *app_init(struct app *app, const char *title, const struct common_opts *common);
void app_clear(struct app *app);

/* The keyring; opened when it is first asked for. */
MUST_USE err *app_keyring(struct app *app, struct keyring **out);

/* The same for changes, all of which belong to one transaction.  Others wait until it
 * ends: ask the user before, not within. */
MUST_USE err *app_begin(struct app *app, struct keyring **out);

/* Commits what the command has changed so far: at its end if it succeeds, earlier
 * where what it has reported as done must stay. */
MUST_USE err *app_commit(struct app *app);

/* Forgets what it has changed since: for a dry run. */
void app_rollback(struct app *app);

MUST_USE err *app_pool(struct app *app, struct pool **out);

/* Reads this input ahead with that pool; it must be closed before the app is cleared. */
MUST_USE err *app_read_ahead(struct app *app, struct source *input);

/* Passphrases to unlock with come from the files (borrowed) of this option, else from
 * the terminal. */
void app_set_passphrases(struct app *app, const struct opt_list *files, const char *option);

/* For the secrets_hint of a key_finder. */
#define APP_SECRETS_HINT "import the secret key with: bulla key import FILE"

/* A finder over the keyring and those passphrases.  Valid as long as the app; set them
 * before. */
struct key_finder app_finder(struct app *app);

/* Reports the failure of one of several files or keys and goes on; frees e (NULL is
 * allowed).  The command fails in the end. */
void app_note_failure(struct app *app, err *e);

/* The failure of the whole, if any was noted; what failed in words: "files". */
MUST_USE err *app_failures(const struct app *app, const char *what);

/* Prints "bulla: error" and its hint.  What could disturb a terminal is escaped; only
 * hints have lines, whose parts were escaped by whoever made them. */
void app_print_error(const err *e);

/* Where plaintext waits that may not be shown yet. */
const char *app_temporary_directory(void);

#endif
