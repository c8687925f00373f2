#include "home.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int home_make(void **state)
{
    char *path = strdup("/tmp/bulla-home.XXXXXX");
    *state = path;
    return path == NULL || mkdtemp(path) == NULL ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *walk)
{
    (void)st;
    (void)flag;
    (void)walk;
    return remove(path);
}

int home_remove(void **state)
{
    int result = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return result;
}

const char *home_file(void *state, const char *name)
{
    struct buf *b = unit_keep();
    buf_text(b, state);
    buf_text(b, "/");
    buf_bytes(b, slice_of(name, strlen(name) + 1));
    return (const char *)b->data;
}

mode_t home_mode(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

void home_write(const char *path, struct slice bytes)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    if (bytes.len > 0)
        assert_int_equal(fwrite(bytes.data, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
}
