#include "keyring/apart.h"

#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

static const char
    create[] = "CREATE TABLE secret (cert BLOB NOT NULL, fpr BLOB NOT NULL, type INTEGER NOT NULL,"
               " body BLOB NOT NULL, PRIMARY KEY (cert, fpr, type)) WITHOUT ROWID;";
static const struct db_schema schema = {create, NULL, 1};

static err *path_in(const char *home, char **out)
{
    return fs_join(home, "secrets.db", out);
}

/* One that has nothing in it yet is as good as none. */
err *apart_open(const char *home, struct db **out)
{
    AUTO(free) char *path = NULL;
    *out = NULL;
    TRY(path_in(home, &path));
    err *e = db_open(path, DB_READ, &schema, out);
    if (err_kind_of(e) != ERR_NOT_FOUND)
        return e;
    err_free(e);
    return NULL;
}

static err *copy_row(struct db_query *from, struct db *into)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(
        into, "INSERT OR IGNORE INTO secret (cert, fpr, type, body) VALUES (?1, ?2, ?3, ?4)", &q));
    db_bind_blob(q, 1, db_blob(from, 0));
    db_bind_blob(q, 2, db_blob(from, 1));
    db_bind_int(q, 3, db_int(from, 2));
    db_bind_blob(q, 4, db_blob(from, 3));
    return db_run(q);
}

static err *copy_rows(struct db *from, struct db *into)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(from, "SELECT cert, fpr, type, body FROM secret", &q));
    for (;;) {
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(copy_row(q, into));
    }
}

/* Within a transaction, so that of several processes the first one does it: a later one
 * would bring back what has been deleted since. */
static err *copy(const char *home, struct db *into)
{
    AUTO(db_close) struct db *from = NULL;
    TRY(apart_open(home, &from));
    return from != NULL ? copy_rows(from, into) : NULL;
}

/* The log of the last one who closed it in peace is gone already. */
static err *remove_files(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        AUTO(free) char *name = NULL;
        TRY(mem_printf(&name, "%s%s", path, endings[i]));
        unlink(name);
    }
    return NULL;
}

err *apart_take_over(const char *home, struct db *into)
{
    AUTO(free) char *path = NULL;
    TRY(path_in(home, &path));
    if (!fs_exists(path))
        return NULL;
    TRY(db_begin(into));
    err *e = copy(home, into);
    if (e != NULL) {
        db_rollback(into);
        return e;
    }
    TRY(db_commit(into));
    return remove_files(path);
}
