/* early.h - the databases of earlier versions, as they were. */
#ifndef TESTS_EARLY_H
#define TESTS_EARLY_H

/* Version 1: SQL of keyring.db, and of secrets.db, which had the secret keys then. */
extern const char early_certs[], early_secrets[];

/* keyring.db of version 3. */
extern const char early_3[];

#endif
