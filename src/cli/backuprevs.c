#include "cli/backuprevs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/revocert.h"

enum {
    FILE_MAX = 1 << 20, /* bytes of one */
    ALL_MAX = 64 << 20, /* bytes of all */
};

void backuprevs_init(struct backuprevs *r)
{
    *r = (struct backuprevs){.files = BUF_EMPTY(ALL_MAX)};
}

void backuprevs_clear(struct backuprevs *r)
{
    for (size_t i = 0; i < r->written.n; i++)
        free(r->written.items[i]);
    vec_free(&r->written);
    vec_free(&r->items);
    vec_free(&r->ends);
    buf_clear(&r->files);
}

err *backuprevs_add(struct backuprevs *r, const struct backup_revocation *one)
{
    if (one->file.len > FILE_MAX)
        return err_new(ERR_LIMIT, "a revocation certificate of more than %d bytes", FILE_MAX);
    buf_bytes(&r->files, one->file);
    TRY(buf_end(&r->files));
    TRY(VEC_PUSH(&r->ends, r->files.len));
    return VEC_PUSH(&r->items, *one);
}

/* The buffer may have moved while it grew. */
static void settle(struct backuprevs *r)
{
    size_t start = 0;
    for (size_t i = 0; i < r->items.n; i++) {
        r->items.items[i].file = slice_of(r->files.data + start, r->ends.items[i] - start);
        start = r->ends.items[i];
    }
}

/* Reading. */

/* The key that a file is named after; keys of versions 5 and 6 have names of one length. */
static bool key_of(const char *name, struct fingerprint *out)
{
    uint8_t bytes[FPR_MAX];
    AUTO(free) char *text = NULL;
    size_t len = strlen(name) - strlen(".asc");
    if (len != 2 * FPR_V4_LEN && len != 2 * FPR_V6_LEN)
        return false;
    err *e = mem_string_of(slice_of(name, len), &text);
    bool good = e == NULL && text_unhex(text, bytes, len / 2);
    err_free(e);
    return good && fingerprint_from(len == 2 * FPR_V4_LEN ? 4 : 6, slice_of(bytes, len / 2), out);
}

static err *read_one(const char *directory, const char *name, struct backuprevs *r)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(FILE_MAX);
    AUTO(free) char *path = NULL;
    struct backup_revocation one = {0};
    if (!key_of(name, &one.fpr))
        return NULL;
    TRY(fs_join(directory, name, &path));
    TRY(fs_read_file(path, &file));
    one.file = buf_view(&file);
    return err_wrap(backuprevs_add(r, &one), "%s", path);
}

err *backuprevs_read(struct app *app, struct backuprevs *r)
{
    CLEANUP(fs_names_clear) struct fs_names names = {0};
    AUTO(free) char *directory = NULL;
    TRY(revocert_directory(app, &directory));
    if (!fs_exists(directory))
        return NULL;
    TRY(fs_list(directory, ".asc", &names));
    for (size_t i = 0; i < names.n; i++)
        TRY(read_one(directory, names.items[i], r));
    settle(r);
    return NULL;
}

/* Writing. */

static err *write_one(struct app *app, const struct backup_revocation *one, struct backuprevs *r)
{
    AUTO(free) char *path = NULL;
    AUTO(sink_close) struct sink *k = NULL;
    TRY(revocert_path(app, &one->fpr, &path));
    if (fs_exists(path))
        return NULL;
    TRY(output_open_private(app, path, false, &k));
    TRY(output_write_all(k, one->file));
    TRY(VEC_PUSH(&r->written, path));
    path = NULL;
    return NULL;
}

err *backuprevs_write(struct app *app, struct backuprevs *r)
{
    AUTO(free) char *directory = NULL;
    if (r->items.n == 0)
        return NULL;
    settle(r);
    TRY(revocert_directory(app, &directory));
    TRY(fs_private_directory(directory));
    for (size_t i = 0; i < r->items.n; i++)
        TRY(write_one(app, &r->items.items[i], r));
    return NULL;
}

void backuprevs_undo(struct backuprevs *r)
{
    for (size_t i = 0; i < r->written.n; i++)
        unlink(r->written.items[i]);
}
