/* apart.h - secrets.db, where early keyrings kept secret keys apart from certificates.
 *
 * Two files cannot be committed as one: a program that was killed in between left half of
 * what it did.  So the keys are in keyring.db now, and what is found apart moves there as
 * soon as something is written; whoever may only read reads it where it is.
 */
#ifndef KEYRING_APART_H
#define KEYRING_APART_H

#include "keyring/db.h"

/* Moves the secret keys of home to `into`, which is not in a transaction.  Does nothing
 * where there is no such file. */
MUST_USE err *apart_take_over(const char *home, struct db *into);

/* Opens that file for reading; NULL where there is none. */
MUST_USE err *apart_open(const char *home, struct db **out);

#endif
