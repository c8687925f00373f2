#include "early.h"

const char early_certs[] =
    "CREATE TABLE cert (id INTEGER PRIMARY KEY, fpr BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);"
    "CREATE TABLE key (fpr BLOB NOT NULL, keyid BLOB NOT NULL,"
    " cert INTEGER NOT NULL REFERENCES cert ON DELETE CASCADE, PRIMARY KEY (fpr, cert))"
    " WITHOUT ROWID;"
    "CREATE INDEX key_by_id ON key (keyid);"
    "CREATE INDEX key_by_cert ON key (cert);"
    "CREATE TABLE userid (cert INTEGER NOT NULL REFERENCES cert ON DELETE CASCADE,"
    " text TEXT NOT NULL, email TEXT);"
    "CREATE INDEX userid_by_email ON userid (email) WHERE email IS NOT NULL;"
    "CREATE INDEX userid_by_cert ON userid (cert);";

const char early_secrets[] =
    "CREATE TABLE secret (cert BLOB NOT NULL, fpr BLOB NOT NULL, type INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY (cert, fpr, type)) WITHOUT ROWID;";
