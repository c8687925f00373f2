/* db.h - a SQLite database: opening, migrations, statements, transactions.
 *
 * The only user of SQLite.  Databases use write-ahead logging and are synced in
 * full: what a committed transaction wrote survives power loss, readers never
 * block, writers wait for one another up to DB_BUSY_SECONDS.
 */
#ifndef KEYRING_DB_H
#define KEYRING_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

enum { DB_BUSY_SECONDS = 30 };

struct db;

enum db_mode {
    DB_READ,  /* must exist; works in directories that cannot be written to, with a copy of
               * its own if it is of an older version */
    DB_WRITE, /* is created (mode 0600) and migrated if need be */
};

/* Brings a database to the next version. */
struct db_step {
    const char *sql;
    err *(*then)(struct db *d); /* what SQL cannot do; or NULL */
};

struct db_schema {
    const char *create;          /* SQL: all of today's version */
    const struct db_step *steps; /* from version 1 on; NULL where there is no older one */
    int version;                 /* today's */
};

/* ERR_NOT_FOUND (DB_READ: no such file, or nothing in it yet), ERR_UNSUPPORTED (made by a newer
 * program), ERR_BUSY, ERR_IO. */
MUST_USE err *db_open(const char *path, enum db_mode mode, const struct db_schema *schema,
                      struct db **out);

/* A database of another program, to read: nothing of it is changed.  ERR_NO_INPUT. */
MUST_USE err *db_open_foreign(const char *path, struct db **out);

/* A new one that is nowhere but in memory, and gone when it is closed. */
MUST_USE err *db_open_memory(const struct db_schema *schema, struct db **out);

/* Rolls back what is not committed.  NULL is allowed. */
void db_close(struct db *d);
AUTO_DEFINE(db_close, struct db *)

/* For messages. */
const char *db_path(const struct db *d);

/* A write transaction.  ERR_BUSY if others hold the database for too long. */
MUST_USE err *db_begin(struct db *d);

/* The same for what need not be written: *begun is false where others hold the database, or a
 * transaction has begun already. */
MUST_USE err *db_begin_at_once(struct db *d, bool *begun);

/* Reads the database as it is now until db_rollback, whatever others write. */
MUST_USE err *db_begin_read(struct db *d);

MUST_USE err *db_commit(struct db *d);
void db_rollback(struct db *d);

/* A statement, kept prepared by the database for the next time.  Parameters are
 * numbered from 1, columns from 0.  One use at a time; db_done ends it. */
struct db_query;

MUST_USE err *db_query(struct db *d, const char *sql, struct db_query **out);
void db_bind_blob(struct db_query *q, int parameter, struct slice value);
void db_bind_text(struct db_query *q, int parameter, struct slice value);
void db_bind_int(struct db_query *q, int parameter, int64_t value);
void db_bind_null(struct db_query *q, int parameter);

/* The next row; *row is false at the end. */
MUST_USE err *db_step(struct db_query *q, bool *row);

/* Valid until the next step. */
struct slice db_blob(struct db_query *q, int column);
int64_t db_int(struct db_query *q, int column);

/* Ends the use of the statement.  NULL is allowed. */
void db_done(struct db_query *q);
AUTO_DEFINE(db_done, struct db_query *)

/* Runs a statement that yields no rows. */
MUST_USE err *db_run(struct db_query *q);

int64_t db_last_rowid(struct db *d);

/* Writes the whole anew, without what has been deleted, and empties the log; not within a
 * transaction.  *emptied is false if the log could not be, since others read what is in it.
 * Killed at any moment, it has changed nothing that can be read.  ERR_BUSY, ERR_OUTPUT. */
MUST_USE err *db_compact(struct db *d, bool *emptied);

#endif
