#include "keyring/gnupgcerts.h"

#include "base/mem.h"
#include "keyring/db.h"
#include "keyring/keybox.h"
#include "pgp/certfile.h"
#include "stream/input.h"

enum { TYPE_OPENPGP = 1, TYPE_X509 = 2 };

struct gnupgcerts {
    struct keybox *box;    /* a keybox, */
    struct db *db;         /* or a database, */
    struct db_query *rows; /* of which these are left; */
    struct certfile *file; /* or packets: those of the file, or of the last row */
    size_t n_x509;
};

static bool is_database(struct slice start)
{
    return slice_starts_with(start, SLICE_OF("SQLite format 3"));
}

static err *open_database(struct gnupgcerts *g, const char *path)
{
    TRY(db_open_foreign(path, &g->db));
    return db_query(g->db, "SELECT type, keyblob FROM pubkey WHERE NOT ephemeral ORDER BY rowid",
                    &g->rows);
}

/* Empty files are what older versions leave behind. */
static err *open_format(struct gnupgcerts *g, struct source **input, const char *path)
{
    struct slice start;
    TRY(source_fill(*input, 16, &start));
    if (start.len == 0)
        return NULL;
    if (is_database(start))
        return open_database(g, path);
    return keybox_is(start) ? keybox_open(TAKE(*input), &g->box)
                            : certfile_open(TAKE(*input), &g->file);
}

err *gnupgcerts_open(struct source *input, const char *path, struct gnupgcerts **out)
{
    AUTO(source_close) struct source *owned = input;
    AUTO(gnupgcerts_close) struct gnupgcerts *g = NULL;
    TRY(MEM_NEW(g));
    TRY(open_format(g, &owned, path));
    *out = TAKE(g);
    return NULL;
}

void gnupgcerts_close(struct gnupgcerts *g)
{
    if (g == NULL)
        return;
    keybox_close(g->box);
    certfile_close(g->file);
    db_done(g->rows);
    db_close(g->db);
    free(g);
}

size_t gnupgcerts_n_x509(const struct gnupgcerts *g)
{
    return g->n_x509 + (g->box != NULL ? keybox_n_x509(g->box) : 0);
}

/* What is wrong with one row alone never costs the others. */
static err *keep_bad(err *e, err **bad)
{
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    *bad = e;
    return NULL;
}

static err *next_row(struct gnupgcerts *g, bool *row, err **bad)
{
    struct source *s = NULL;
    TRY(db_step(g->rows, row));
    if (!*row)
        return NULL;
    int64_t type = db_int(g->rows, 0);
    g->n_x509 += type == TYPE_X509;
    if (type != TYPE_OPENPGP)
        return NULL;
    struct slice packets = db_blob(g->rows, 1);
    if (packets.len == 0)
        return keep_bad(err_new(ERR_MALFORMED, "no certificate in it"), bad);
    TRY(input_from_copy(packets, &s));
    return keep_bad(certfile_open(s, &g->file), bad);
}

static err *next_in_row(struct gnupgcerts *g, struct cert **out, err **bad)
{
    err *e = certfile_next(g->file, out, bad);
    if (*out == NULL && *bad == NULL)
        certfile_close(TAKE(g->file));
    return e != NULL ? keep_bad(e, bad) : NULL;
}

static err *next_in_database(struct gnupgcerts *g, struct cert **out, err **bad)
{
    bool row = true;
    while (row && *out == NULL && *bad == NULL) {
        if (g->file == NULL)
            TRY(next_row(g, &row, bad));
        else
            TRY(next_in_row(g, out, bad));
    }
    return NULL;
}

err *gnupgcerts_next(struct gnupgcerts *g, struct cert **out, err **bad)
{
    *out = NULL;
    *bad = NULL;
    if (g->box != NULL)
        return keybox_next(g->box, out, bad);
    if (g->db != NULL)
        return next_in_database(g, out, bad);
    return g->file != NULL ? certfile_next(g->file, out, bad) : NULL;
}
