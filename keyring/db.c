#include "keyring/db.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/vec.h"
#include "keyring/holder.h"

struct db_query {
    sqlite3_stmt *statement;
    const char *sql; /* as given: literals, compared by address */
    struct db *db;
};

struct db {
    sqlite3 *handle;
    char *path;
    bool writes, unwritable, in_transaction;
    VEC(struct db_query *) queries;
};

/* SQLite calls a full disk an I/O error where it meets it unprepared. */
static bool is_full(const struct db *d, int code)
{
    int why = d->handle != NULL ? sqlite3_system_errno(d->handle) : 0;
    if ((code & 0xFF) != SQLITE_IOERR && (code & 0xFF) != SQLITE_CANTOPEN)
        return (code & 0xFF) == SQLITE_FULL;
    return why == ENOSPC || why == EDQUOT || why == EFBIG;
}

enum { BUSY_STEP_MS = 10, INSTRUCTIONS_BETWEEN = 100000 };

/* Called when another process holds a lock for the (tried+1)-th time: 0 gives up. */
static int wait_for_lock(void *context, int tried)
{
    (void)context;
    if (interrupt_flag != 0 || tried >= DB_BUSY_SECONDS * 1000 / BUSY_STEP_MS)
        return 0;
    sqlite3_sleep(BUSY_STEP_MS);
    return 1;
}

/* Called now and then within a statement: other than 0 stops it. */
static int is_interrupted(void *context)
{
    (void)context;
    return interrupt_flag != 0;
}

static err *busy(const struct db *d)
{
    AUTO(free) char *holder = NULL;
    TRY(interrupt_check());
    TRY(holder_of(d->path, &holder));
    return err_hint(err_new(ERR_BUSY, "%s: %s is writing to it", d->path,
                            holder != NULL ? holder : "another process"),
                    "try again when it has finished");
}

/* What forbids writing to the file or creating others beside it: an errno, or 0. */
static err *why_unwritable(const char *path, int *why)
{
    AUTO(free) char *directory = NULL;
    const char *slash = strrchr(path, '/');
    size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    TRY(mem_string_of(len > 0 ? slice_of(path, len) : SLICE_TEXT("."), &directory));
    *why = access(path, W_OK) != 0 || access(directory, W_OK) != 0 ? errno : 0;
    return NULL;
}

static err *no_room(const struct db *d, int code)
{
    errno = (code & 0xFF) == SQLITE_FULL ? ENOSPC : sqlite3_system_errno(d->handle);
    return err_hint(err_system(ERR_OUTPUT, "%s", d->path), "make room there, then do it again");
}

/* SQLite may not write: it was to, or it needs to so that it can read. */
static err *unwritable(const struct db *d, const char *text)
{
    int why = 0;
    if (d->unwritable)
        return err_hint(err_new(ERR_IO,
                                "%s: the last changes are in %s-wal, which cannot be read where "
                                "nothing can be written",
                                d->path, d->path),
                        "use it once where it can be written to");
    TRY(why_unwritable(d->path, &why));
    errno = why;
    return err_hint(why != 0 ? err_system(ERR_OUTPUT, "%s: cannot be changed", d->path)
                             : err_new(ERR_OUTPUT, "%s: cannot be changed: %s", d->path, text),
                    "it can be read all the same; to change it, you must be able to write to "
                    "this file and its folder");
}

static err *failure(struct db *d, int code)
{
    const char *text = d->handle != NULL ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code);
    if (is_full(d, code))
        return no_room(d, code);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return busy(d);
    case SQLITE_NOMEM:
        return err_no_memory();
    case SQLITE_INTERRUPT:
        TRY(interrupt_check());
        return err_new(ERR_INTERRUPTED, "interrupted");
    case SQLITE_READONLY:
        return unwritable(d, text);
    case SQLITE_CANTOPEN: /* a log that cannot be created, say */
        return d->writes || d->unwritable ? unwritable(d, text)
                                          : err_new(ERR_IO, "%s: %s", d->path, text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_new(ERR_MALFORMED, "%s: %s", d->path, text);
    default:
        return err_new(ERR_IO, "%s: %s", d->path, text);
    }
}

static err *exec(struct db *d, const char *sql)
{
    int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? NULL : failure(d, code);
}

/* A statement that is left over would keep the database open. */
static void query_free(struct db_query *q)
{
    if (q == NULL)
        return;
    sqlite3_finalize(q->statement);
    free(q);
}
AUTO_DEFINE(query_free, struct db_query *)

static err *log_is_empty(const char *path, bool *out)
{
    AUTO(free) char *log = NULL;
    struct stat st;
    TRY(mem_printf(&log, "%s-wal", path));
    *out = stat(log, &st) != 0 || st.st_size == 0;
    return NULL;
}

/* The log and its index stay when the last process has done with them: making and removing two
 * files took longer than what a reader wants.  But the log is to be empty then. */
static void keep_log(struct db *d)
{
    int on = 1;
    sqlite3_file_control(d->handle, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
}

static void leave_log_empty(struct db *d)
{
    bool empty = true;
    err_free(log_is_empty(d->path, &empty));
    if (!empty)
        sqlite3_exec(d->handle, "PRAGMA journal_size_limit = 0", NULL, NULL, NULL);
}

void db_close(struct db *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->queries.n; i++)
        query_free(d->queries.items[i]);
    vec_free(&d->queries);
    if (d->handle != NULL)
        leave_log_empty(d);
    sqlite3_close(d->handle);
    free(d->path);
    free(d);
}

/* Opening. */

/* "file:PATH?immutable=1" with everything escaped that would not be the path's. */
static err *immutable_uri(const char *path, char **out)
{
    CLEANUP(buf_clear) struct buf uri = BUF_EMPTY(SIZE_MAX);
    buf_text(&uri, "file:");
    for (const char *p = path; *p != '\0'; p++) {
        if (strchr("%?#", *p) != NULL)
            buf_printf(&uri, "%%%02x", (unsigned char)*p);
        else
            buf_u8(&uri, (uint8_t)*p);
    }
    buf_text(&uri, "?immutable=1");
    TRY(buf_end(&uri));
    return mem_string_of(buf_view(&uri), out);
}

/* Before its first use: no memory that is touched only so that it is there, and no counting of
 * what is allocated, with a lock each time.  Later calls are refused, and change nothing. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 128, 64);
}

/* Where SQLite cannot create the log's index it reads only what it is told not to
 * change; what is in a log that is not empty would be missed so. */
static err *open_handle(struct db *d, enum db_mode mode)
{
    AUTO(free) char *uri = NULL;
    bool settled = true;
    int why = 0, flags = SQLITE_OPEN_READWRITE | (mode == DB_WRITE ? SQLITE_OPEN_CREATE : 0);
    if (mode == DB_READ)
        TRY(why_unwritable(d->path, &why));
    d->unwritable = d->unwritable || why != 0;
    if (d->unwritable) {
        flags = SQLITE_OPEN_READONLY;
        TRY(log_is_empty(d->path, &settled));
    }
    if (d->unwritable && settled) {
        flags |= SQLITE_OPEN_URI;
        TRY(immutable_uri(d->path, &uri));
    }
    configure();
    int code = sqlite3_open_v2(uri != NULL ? uri : d->path, &d->handle, flags | SQLITE_OPEN_NOMUTEX,
                               NULL);
    if (code != SQLITE_OK)
        return failure(d, code);
    sqlite3_extended_result_codes(d->handle, 1);
    sqlite3_busy_handler(d->handle, wait_for_lock, NULL);
    sqlite3_progress_handler(d->handle, INSTRUCTIONS_BETWEEN, is_interrupted, NULL);
    keep_log(d);
    /* It would open for reading what it may not write, and find out late. */
    return mode == DB_WRITE && sqlite3_db_readonly(d->handle, "main") != 0
               ? unwritable(d, sqlite3_errstr(SQLITE_READONLY))
               : NULL;
}

static err *version_of(struct db *d, int *version)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(d->handle, "PRAGMA user_version", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    err *e = code == SQLITE_ROW ? NULL : failure(d, code);
    if (e == NULL)
        *version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return e;
}

static err *upgrade(struct db *d, const struct db_schema *schema, int version)
{
    for (; version < schema->version; version++) {
        const struct db_step *step = &schema->steps[version - 1];
        TRY(exec(d, step->sql));
        if (step->then != NULL)
            TRY(step->then(d));
    }
    return NULL;
}

/* To today's version, from one that may be 0: nothing in it yet. */
static err *bring_up(struct db *d, const struct db_schema *schema)
{
    AUTO(free) char *mark = NULL;
    int version;
    TRY(db_begin(d));
    TRY(version_of(d, &version)); /* another process may have been quicker */
    TRY(version == 0 ? exec(d, schema->create) : upgrade(d, schema, version));
    TRY(mem_printf(&mark, "PRAGMA user_version = %d", schema->version));
    TRY(exec(d, mark));
    return db_commit(d);
}

/* This statement alone does not wait by itself where another process is about to do
 * the same. */
static err *set_wal(struct db *d)
{
    err *e = exec(d, "PRAGMA journal_mode = WAL");
    for (int tried = 0; err_kind_of(e) == ERR_BUSY && wait_for_lock(NULL, tried) != 0; tried++) {
        err_free(e);
        e = exec(d, "PRAGMA journal_mode = WAL");
    }
    return e;
}

static err *not_there_yet(const char *path)
{
    return err_new(ERR_NOT_FOUND, "%s: does not exist yet", path);
}

/* In the place of a database that cannot be changed comes a copy, which SQLite keeps in a
 * file without a name. */
static err *use_copy(struct db *d)
{
    sqlite3 *copy = NULL;
    int code = sqlite3_open_v2("", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_backup *b = code == SQLITE_OK ? sqlite3_backup_init(copy, "main", d->handle, "main")
                                          : NULL;
    if (b != NULL)
        sqlite3_backup_step(b, -1);
    code = b != NULL ? sqlite3_backup_finish(b) : SQLITE_CANTOPEN;
    if (code != SQLITE_OK) {
        sqlite3_close(copy);
        return err_hint(err_new(ERR_OUTPUT,
                                "%s: made by an older version of bulla, and no copy "
                                "can be made: %s",
                                d->path, sqlite3_errstr(code)),
                        "use it once where it can be written to");
    }
    sqlite3_close(d->handle);
    d->handle = copy;
    sqlite3_extended_result_codes(copy, 1);
    return NULL;
}

static err *migrate(struct db *d, const struct db_schema *schema, enum db_mode mode)
{
    int version;
    TRY(version_of(d, &version));
    if (version > schema->version)
        return err_hint(
            err_new(ERR_UNSUPPORTED, "%s: made by a newer version of bulla (%d)", d->path, version),
            "use that version");
    if (version == 0 && mode == DB_READ)
        return not_there_yet(d->path); /* somebody is making it at this moment */
    if (version == schema->version)
        return NULL;
    TRY(d->unwritable ? use_copy(d) : set_wal(d));
    return bring_up(d, schema);
}

/* SQLite would create the file readable for others. */
static err *create_private(const char *path)
{
    mode_t before = umask(077);
    FILE *f = fopen(path, "ae");
    umask(before);
    if (f == NULL)
        return err_system(ERR_OUTPUT, "%s", path);
    fclose(f);
    return NULL;
}

static err *start(struct db *d, enum db_mode mode, const struct db_schema *schema)
{
    TRY(open_handle(d, mode));
    TRY(exec(d, mode == DB_WRITE ? "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; "
                                   "PRAGMA journal_size_limit = 8388608"
                                 : "PRAGMA synchronous = FULL"));
    return migrate(d, schema, mode);
}

/* A disk without room for the log's index is like one that cannot be written to. */
static err *start_reading(struct db *d, const struct db_schema *schema)
{
    err *e = start(d, DB_READ, schema);
    if (err_kind_of(e) != ERR_OUTPUT || d->unwritable)
        return e;
    err_free(e);
    sqlite3_close(d->handle);
    d->handle = NULL;
    d->unwritable = true;
    return start(d, DB_READ, schema);
}

err *db_open(const char *path, enum db_mode mode, const struct db_schema *schema, struct db **out)
{
    AUTO(db_close) struct db *d = NULL;
    bool exists = access(path, F_OK) == 0;
    if (!exists && mode == DB_READ)
        return not_there_yet(path);
    if (!exists)
        TRY(create_private(path));
    TRY(MEM_NEW(d));
    d->writes = mode == DB_WRITE;
    /* SQLite may take a name that starts with "file:" for a URI. */
    TRY(mem_printf(&d->path, "%s%s", strncmp(path, "file:", 5) == 0 ? "./" : "", path));
    TRY(mode == DB_READ ? start_reading(d, schema) : start(d, DB_WRITE, schema));
    *out = TAKE(d);
    return NULL;
}

err *db_open_foreign(const char *path, struct db **out)
{
    AUTO(db_close) struct db *d = NULL;
    TRY(fs_check_input(path));
    TRY(MEM_NEW(d));
    TRY(mem_printf(&d->path, "%s%s", strncmp(path, "file:", 5) == 0 ? "./" : "", path));
    int code = sqlite3_open_v2(d->path, &d->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                               NULL);
    if (code != SQLITE_OK)
        return failure(d, code);
    sqlite3_extended_result_codes(d->handle, 1);
    sqlite3_busy_handler(d->handle, wait_for_lock, NULL);
    *out = TAKE(d);
    return NULL;
}

err *db_open_memory(const struct db_schema *schema, struct db **out)
{
    AUTO(db_close) struct db *d = NULL;
    TRY(MEM_NEW(d));
    d->writes = true;
    TRY(mem_strdup(":memory:", &d->path));
    int code = sqlite3_open_v2(d->path, &d->handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX,
                               NULL);
    if (code != SQLITE_OK)
        return failure(d, code);
    sqlite3_extended_result_codes(d->handle, 1);
    sqlite3_progress_handler(d->handle, INSTRUCTIONS_BETWEEN, is_interrupted, NULL);
    TRY(bring_up(d, schema));
    *out = TAKE(d);
    return NULL;
}

const char *db_path(const struct db *d)
{
    return d->path;
}

/* Transactions. */

err *db_begin(struct db *d)
{
    TRY(exec(d, "BEGIN IMMEDIATE"));
    d->in_transaction = true;
    return NULL;
}

err *db_begin_at_once(struct db *d, bool *begun)
{
    *begun = false;
    if (d->in_transaction || d->unwritable)
        return NULL;
    sqlite3_busy_handler(d->handle, NULL, NULL);
    int code = sqlite3_exec(d->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    sqlite3_busy_handler(d->handle, wait_for_lock, NULL);
    if ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED)
        return NULL;
    if (code != SQLITE_OK)
        return failure(d, code);
    *begun = d->in_transaction = true;
    return NULL;
}

/* The statement alone would wait for the first reading. */
err *db_begin_read(struct db *d)
{
    TRY(exec(d, "BEGIN"));
    d->in_transaction = true;
    return exec(d, "SELECT count(*) FROM sqlite_master");
}

err *db_commit(struct db *d)
{
    TRY(exec(d, "COMMIT"));
    d->in_transaction = false;
    return NULL;
}

void db_rollback(struct db *d)
{
    if (d->in_transaction)
        sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
    d->in_transaction = false;
}

/* Statements. */

err *db_query(struct db *d, const char *sql, struct db_query **out)
{
    for (size_t i = 0; i < d->queries.n; i++) {
        if (d->queries.items[i]->sql == sql) {
            *out = d->queries.items[i];
            return NULL;
        }
    }
    AUTO(query_free) struct db_query *q = NULL;
    TRY(MEM_NEW(q));
    *q = (struct db_query){.sql = sql, .db = d};
    int code = sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->statement,
                                  NULL);
    if (code != SQLITE_OK)
        return failure(d, code);
    TRY(VEC_PUSH(&d->queries, q));
    *out = q;
    q = NULL;
    return NULL;
}

/* Binding fails only for want of memory, or for a parameter that is not there;
 * either way the step that follows reports it or finds nothing. */
void db_bind_blob(struct db_query *q, int parameter, struct slice value)
{
    const void *data = value.data != NULL ? (const void *)value.data : "";
    sqlite3_bind_blob64(q->statement, parameter, data, value.len, SQLITE_TRANSIENT);
}

void db_bind_text(struct db_query *q, int parameter, struct slice value)
{
    const char *data = value.data != NULL ? (const char *)value.data : "";
    sqlite3_bind_text64(q->statement, parameter, data, value.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void db_bind_int(struct db_query *q, int parameter, int64_t value)
{
    sqlite3_bind_int64(q->statement, parameter, value);
}

void db_bind_null(struct db_query *q, int parameter)
{
    sqlite3_bind_null(q->statement, parameter);
}

err *db_step(struct db_query *q, bool *row)
{
    int code = sqlite3_step(q->statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? NULL : failure(q->db, code);
}

struct slice db_blob(struct db_query *q, int column)
{
    const void *data = sqlite3_column_blob(q->statement, column);
    return slice_of(data, (size_t)sqlite3_column_bytes(q->statement, column));
}

int64_t db_int(struct db_query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

void db_done(struct db_query *q)
{
    if (q == NULL)
        return;
    sqlite3_reset(q->statement);
    sqlite3_clear_bindings(q->statement);
}

err *db_run(struct db_query *q)
{
    bool row;
    return db_step(q, &row);
}

int64_t db_last_rowid(struct db *d)
{
    return sqlite3_last_insert_rowid(d->handle);
}

/* Compacting. */

/* Waiting for readers would keep writers out for as long. */
static err *empty_log(struct db *d, bool *emptied)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(d, "PRAGMA wal_checkpoint(TRUNCATE)", &q));
    sqlite3_busy_handler(d->handle, NULL, NULL);
    err *e = db_step(q, &row);
    sqlite3_busy_handler(d->handle, wait_for_lock, NULL);
    *emptied = e == NULL && row && db_int(q, 0) == 0;
    return e;
}

/* The new pages go through the log like any others. */
err *db_compact(struct db *d, bool *emptied)
{
    err *e = exec(d, "VACUUM");
    if (err_kind_of(e) == ERR_OUTPUT)
        e = err_hint(e, "it needs room for a copy there, and in $TMPDIR");
    TRY(e);
    return empty_log(d, emptied);
}
