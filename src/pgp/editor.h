/* editor.h - one's own key edited: several edits, one after the other, of which the result
 * is one new state of the key.
 *
 *     CLEANUP(editor_clear) struct editor e = {0};
 *     TRY(editor_open(c, &params, &e));
 *     TRY(editor_add_user(&e, id, false));
 *     TRY(editor_set_expiry(&e, NULL, ends_at));
 *     TRY(editor_finish(&e, &edited));
 *
 * All signatures are made at one moment, which is later than that of every signature that
 * the owner has made before: which of two signatures of the same second counts, programs do
 * not agree on.  What is edited twice is signed once.  Where an edit fails, the editor is
 * of no use any more.
 */
#ifndef PGP_EDITOR_H
#define PGP_EDITOR_H

#include "pgp/owner.h"

struct editor {
    struct owner owner;
    struct cert *latest; /* after the edits so far; NULL: before the first */
};

/* c and what p points to are borrowed.  Waits for the next second where it must.  Errors are
 * those of owner_open, and ERR_INTERRUPTED. */
MUST_USE err *editor_open(const struct cert *c, const struct signer_params *p, struct editor *out);
void editor_clear(struct editor *e);

/* Hands the edited key over. */
MUST_USE err *editor_finish(struct editor *e, struct cert **out);

/* User IDs. */

/* A new user ID, or one that was revoked or never signed.  In v4 it says about the key what
 * the primary user ID says.  That one stays the primary one unless `primary`.  ERR_USAGE: it
 * is empty, too long or not UTF-8; ERR_EXISTS. */
MUST_USE err *editor_add_user(struct editor *e, struct slice id, bool primary);

/* Takes a user ID back.  REVOKED_USER_ID is the usual reason.  ERR_NO_USER_ID: there is no such
 * one; ERR_EXISTS: it is revoked already. */
MUST_USE err *editor_revoke_user(struct editor *e, struct slice id, enum revocation_reason reason,
                                 const char *words);

/* Makes a user ID that holds the primary one.  ERR_NO_USER_ID. */
MUST_USE err *editor_set_primary_user(struct editor *e, struct slice id);

/* For the files of the editor. */

/* The packets gathered by the owner become part of the key. */
MUST_USE err *editor_apply(struct editor *e);

#endif
