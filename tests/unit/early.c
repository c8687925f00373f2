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

const char early_3[] =
    "CREATE TABLE cert (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE key (id INTEGER NOT NULL, subkey INTEGER NOT NULL, cert INTEGER NOT NULL,"
    " PRIMARY KEY (id, subkey, cert)) WITHOUT ROWID;"
    "CREATE TABLE userid (cert INTEGER PRIMARY KEY, text BLOB NOT NULL);"
    "CREATE TABLE address (name BLOB NOT NULL, cert INTEGER NOT NULL, PRIMARY KEY (name, cert))"
    " WITHOUT ROWID;"
    "CREATE TABLE trust (fpr BLOB PRIMARY KEY, kind INTEGER NOT NULL, amount INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE secret (cert BLOB NOT NULL, fpr BLOB NOT NULL, type INTEGER NOT NULL,"
    " body BLOB NOT NULL, PRIMARY KEY (cert, fpr, type)) WITHOUT ROWID;";
