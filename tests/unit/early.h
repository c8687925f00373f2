/* early.h - the databases of the first version, as they were. */
#ifndef TESTS_EARLY_H
#define TESTS_EARLY_H

/* SQL of keyring.db, and of secrets.db, which had the secret keys then. */
extern const char early_certs[], early_secrets[];

#endif
