/* editor.h - one's own key edited: several edits, one after the other, of which the result
 * is one new state of the key.
 *
 *     static err *edits(void *context, struct editor *e)
 *     {
 *         TRY(editor_add_user(e, id, false));
 *         return editor_set_end(e, NULL, ends_at);
 *     }
 *     TRY(editor_run(c, &params, edits, &context, &edited));
 *
 * All signatures are made at one moment, and those that take the place of others later than
 * those: which of two signatures of the same second counts, programs do not agree on.  So that
 * moment may be a little after now, and the new state of the key counts from then on.  What is
 * edited twice is signed once.
 */
#ifndef PGP_EDITOR_H
#define PGP_EDITOR_H

#include "pgp/keygen.h"
#include "pgp/owner.h"

struct editor {
    struct owner owner;
    struct cert *latest; /* after the edits so far; NULL: before the first */
};

typedef err *editor_edits(void *context, struct editor *e);

/* Hands over what the edits make of c.  They are made again where the moment was not late
 * enough.  Errors are those of owner_open and of the edits; ERR_BUSY where there have been
 * too many edits within seconds. */
MUST_USE err *editor_run(const struct cert *c, const struct signer_params *p, editor_edits *edits,
                         void *context, struct cert **out);

/* When the state of a key counts: now, or when its latest signatures have been made, if that is
 * within a minute. */
int64_t editor_moment(const struct cert *c, int64_t now);

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

/* Subkeys.  A handle that means none of them: ERR_NOT_FOUND; the primary key: ERR_USAGE. */

struct editor_subkey {
    uint8_t key_flags; /* FLAG_SIGN, FLAG_AUTHENTICATE or both, or FLAG_ENCRYPT */
    const struct keygen_profile *profile; /* which says what kind it is; NULL: that of the key */
    bool has_end;                         /* otherwise it ends with the key */
    int64_t ends_at;                      /* 0: never */
};

/* A new one, under the passphrase of the primary key; one that signs confirms that it belongs
 * there.  ERR_PROFILE: the profile is one for keys of another version; ERR_USAGE. */
MUST_USE err *editor_add_subkey(struct editor *e, const struct editor_subkey *s);

/* A new one, and those that do what it does and no more end at a time of their own: now, where
 * `retire_at` is 0; with EDITOR_KEEP they stay as they are.  They go on reading what was
 * encrypted to them.  ERR_NOT_FOUND: there is none to take the place of. */
enum { EDITOR_KEEP = -1 };
MUST_USE err *editor_rotate_subkey(struct editor *e, const struct editor_subkey *s,
                                   int64_t retire_at);

/* ERR_EXISTS: it is revoked already, and not only retired or replaced where it is stolen now. */
MUST_USE err *editor_revoke_subkey(struct editor *e, const struct key_handle *subkey,
                                   enum revocation_reason reason, const char *words);

/* Ends.  Times that cannot be written: ERR_USAGE. */

/* The key (NULL), or one of its subkeys, ends at that time; 0: never.  In v4 each user ID that
 * holds says so, in v6 the direct key signature [RFC9580 5.2.3.10].  ERR_POLICY: a revoked
 * subkey, or a key where nothing is left that could say it. */
MUST_USE err *editor_set_end(struct editor *e, const struct key_handle *subkey, int64_t ends_at);

/* The key and its subkeys end at that time if they were to end, or have ended, sooner: those
 * for which there is no newer subkey, or all that are not revoked and are strong enough. */
MUST_USE err *editor_extend(struct editor *e, bool all, int64_t ends_at);

/* For the files of the editor. */

/* The subkey that a handle means. */
MUST_USE err *editor_find_subkey(const struct editor *e, const struct key_handle *h,
                                 const struct bound **out);

/* Appends a new binding of a subkey which ends at that time. */
MUST_USE err *editor_end_subkey(struct editor *e, const struct bound *subkey, int64_t ends_at);

/* When that is after the key was made, in seconds; 0 for 0.  ERR_USAGE. */
MUST_USE err *editor_time_after(const struct pubkey *key, int64_t ends_at, uint32_t *out);

/* The packets gathered by the owner become part of the key. */
MUST_USE err *editor_apply(struct editor *e);

#endif
