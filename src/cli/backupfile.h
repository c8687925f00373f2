/* backupfile.h - what the commands about backups share. */
#ifndef CLI_BACKUPFILE_H
#define CLI_BACKUPFILE_H

#include "cli/app.h"
#include "keyring/backup.h"

struct backupfile_reader {
    struct backup_visitor visitor;
    /* Called when the file is open, and no question comes any more; with the visitor's
     * context. */
    err *(*begin)(void *context);
    bool believes; /* warn where others may have made it */
};

/* Opens a backup (NULL or "-": standard input) with passphrases, or keys of the keyring as it is
 * before `begin`, and shows all that is in it.  That counts only if no error comes in the end:
 * before, it may not be authentic. */
MUST_USE err *backupfile_read(struct app *app, const char *name, const struct backupfile_reader *r,
                              struct backup_summary *out);

/* Members of the current object: when it was made, and how much is in it. */
void backupfile_report(struct report *r, const struct backup_summary *s);

/* The same for people: "3 certificates, ..."; the caller frees. */
MUST_USE err *backupfile_describe(const struct backup_summary *s, char **out);

#endif
