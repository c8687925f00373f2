#include "corpus.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit.h"

#include "base/fs.h"
#include "stream/armor.h"

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t walk(const char *folder, corpus_visit *visit, void *context)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, visible, alphasort);
    size_t visited = 0;
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        AUTO(free) char *path = NULL;
        CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
        struct stat st;
        OK(fs_join(folder, entries[i]->d_name, &path));
        free(entries[i]);
        assert_int_equal(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            visited += walk(path, visit, context);
            continue;
        }
        OK(fs_read_file(path, &file));
        visit(context, path, buf_view(&file));
        visited++;
    }
    free(entries);
    return visited;
}

size_t corpus_vectors(corpus_visit *visit, void *context)
{
    return walk("tests/vectors/rfc9580", visit, context);
}

size_t corpus_specdata(const char *folder, corpus_visit *visit, void *context)
{
    AUTO(free) char *path = NULL;
    const char *directory = getenv("SPECDATA");
    if (directory == NULL || access(directory, R_OK) != 0)
        skip();
    OK(fs_join(directory, folder, &path));
    return walk(path, visit, context);
}

struct slice corpus_packets(struct slice file)
{
    static const char signature[] = "-----BEGIN PGP SIGNATURE-----";
    struct buf *b = unit_keep();
    struct source *s = NULL;
    struct slice view;
    const uint8_t *at = file.len == 0 ? NULL
                                      : memmem(file.data, file.len, signature, strlen(signature));
    err *e = armor_open(kit_pieces(slice_from(file, at == NULL ? 0 : (size_t)(at - file.data))),
                        ARMOR_MANY, &s);
    while (e == NULL && (e = source_fill(s, 1, &view)) == NULL && view.len > 0) {
        buf_bytes(b, view);
        source_consume(s, view.len);
    }
    err_free(e);
    source_close(s);
    return buf_view(b);
}
