#include "keyring/schemas.h"

#include "keyring/index.h"

static const char create[] =
#include "schema.inc"
    ;

/* Version 1 had no secret keys (apart.h). */
static const char
    to_2[] = "CREATE TABLE secret (cert BLOB NOT NULL, fpr BLOB NOT NULL, type INTEGER NOT NULL,"
             " body BLOB NOT NULL, PRIMARY KEY (cert, fpr, type)) WITHOUT ROWID;";

/* Until version 2 the index had whole fingerprints, and names were not folded. */
static const char to_3[] =
    "DROP TABLE key;"
    "DROP TABLE userid;"
    "ALTER TABLE cert RENAME TO cert_1;"
    "CREATE TABLE cert (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "INSERT INTO cert SELECT id, bytes FROM cert_1 ORDER BY id;"
    "DROP TABLE cert_1;"
    "CREATE TABLE key (id INTEGER NOT NULL, subkey INTEGER NOT NULL, cert INTEGER NOT NULL,"
    " PRIMARY KEY (id, subkey, cert)) WITHOUT ROWID;"
    "CREATE TABLE userid (cert INTEGER PRIMARY KEY, text BLOB NOT NULL);"
    "CREATE TABLE address (name BLOB NOT NULL, cert INTEGER NOT NULL, PRIMARY KEY (name, cert))"
    " WITHOUT ROWID;"
    "CREATE TABLE trust (fpr BLOB PRIMARY KEY, kind INTEGER NOT NULL, amount INTEGER NOT NULL)"
    " WITHOUT ROWID;";

/* Version 3 did not know what is in a backup. */
static const char
    to_4[] = "CREATE TABLE backup (fpr BLOB PRIMARY KEY, made_at INTEGER NOT NULL) WITHOUT ROWID;";

/* Version 4 did not know who has signed what. */
static const char to_5[] =
    "CREATE TABLE signer (id INTEGER NOT NULL, delegates INTEGER NOT NULL, cert INTEGER NOT NULL,"
    " PRIMARY KEY (id, delegates, cert)) WITHOUT ROWID;"
    "CREATE TABLE dossier (cert INTEGER PRIMARY KEY, bytes BLOB NOT NULL);";

/* The index is made once all of its tables are there. */
static const struct db_step steps[] = {{to_2, NULL}, {to_3, NULL}, {to_4, NULL}, {to_5, index_all}};

const struct db_schema schema_keyring = {create, steps, 5};
