/* backuprevs.h - the revocation certificates beside the keyring, on their way into a backup and
 * back. */
#ifndef CLI_BACKUPREVS_H
#define CLI_BACKUPREVS_H

#include "base/vec.h"
#include "cli/app.h"
#include "keyring/backup.h"

struct backuprevs {
    struct buf files;                    /* one behind the other */
    VEC(struct backup_revocation) items; /* valid after backuprevs_read, or _settle */
    VEC(size_t) ends;                    /* of each file */
    VEC(char *) written;                 /* paths of those that backuprevs_write has made */
};

void backuprevs_init(struct backuprevs *r);
void backuprevs_clear(struct backuprevs *r);

/* Reads all that are in their place, named by their key.  ERR_LIMIT. */
MUST_USE err *backuprevs_read(struct app *app, struct backuprevs *r);

/* Adds a copy of one. */
MUST_USE err *backuprevs_add(struct backuprevs *r, const struct backup_revocation *one);

/* Puts those that have been added in their places, where there is none yet. */
MUST_USE err *backuprevs_write(struct app *app, struct backuprevs *r);

/* Removes what backuprevs_write has put there. */
void backuprevs_undo(struct backuprevs *r);

#endif
