#include "stream/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/interrupt.h"
#include "stream/ahead.h"
#include "stream/window.h"

enum {
    FILE_BLOCK = 1 << 18,
    AHEAD_BLOCK = 1 << 20, /* long: each wakes a thread, and the writer of a pipe */
    PAGE = 4096,
    AHEAD_FROM = 1 << 20, /* bytes: what is shorter is not worth a thread */
};

struct file_input {
    struct source source;
    int fd;
    bool own_fd, ended; /* a terminal could go on behind its end */
    char *name;
    struct window window;
    struct pool *pool; /* to read ahead, until that has begun; or NULL */
    struct ahead *ahead;
};

static err *start_ahead(struct file_input *f)
{
    if (f->pool == NULL || f->source.offset < AHEAD_FROM || f->window.capacity < FILE_BLOCK)
        return NULL;
    TRY(ahead_new(f->fd, AHEAD_BLOCK, TAKE(f->pool), &f->ahead));
    if (f->ahead == NULL)
        return NULL;
    window_clear(&f->window);
    return window_init(&f->window, AHEAD_BLOCK);
}

/* Of read(2), with its errno; it may be tried again. */
static err *failed_read(const struct file_input *f)
{
    return errno == EINTR ? NULL : err_system(ERR_IO, "%s", f->name);
}

/* The next bytes into the window, which is empty; none at the end. */
static err *read_next(struct file_input *f)
{
    TRY(start_ahead(f));
    if (f->ahead != NULL) {
        errno = ahead_next(f->ahead, &f->window);
        if (errno != 0)
            return failed_read(f);
    } else {
        ssize_t n = read(f->fd, window_room(&f->window), window_room_len(&f->window));
        if (n < 0)
            return failed_read(f);
        window_add(&f->window, (size_t)n);
    }
    f->ended = window_len(&f->window) == 0;
    return NULL;
}

static err *file_fill(struct source *s, struct slice *view)
{
    struct file_input *f = (struct file_input *)s;
    while (window_len(&f->window) == 0 && !f->ended) {
        TRY(interrupt_check());
        TRY(read_next(f));
    }
    *view = window_view(&f->window);
    return NULL;
}

static void file_consume(struct source *s, size_t n)
{
    window_drop(&((struct file_input *)s)->window, n);
}

/* Long pieces only: others would cost a call each. */
static err *file_read(struct source *s, uint8_t *dst, size_t n, size_t *got)
{
    struct file_input *f = (struct file_input *)s;
    ssize_t done = -1;
    if (n < FILE_BLOCK || window_len(&f->window) > 0 || f->ahead != NULL)
        return NULL;
    while (done < 0 && !f->ended) {
        TRY(interrupt_check());
        done = read(f->fd, dst, n);
        if (done < 0)
            TRY(failed_read(f));
        f->ended = done == 0;
    }
    *got = done > 0 ? (size_t)done : 0;
    return NULL;
}

static void file_close(struct source *s)
{
    struct file_input *f = (struct file_input *)s;
    ahead_free(f->ahead);
    if (f->own_fd)
        close(f->fd);
    window_clear(&f->window);
    free(f->name);
    free(f);
}

static const struct source_ops file_ops = {"input", file_fill, file_consume, file_close};

/* What a file is read by: a small one at once, and its end with it. */
static size_t block_for(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size >= FILE_BLOCK - PAGE)
        return FILE_BLOCK;
    return ((size_t)st.st_size / PAGE + 1) * PAGE;
}

err *input_from_fd(int fd, bool own_fd, const char *name, struct source **out)
{
    struct file_input *f = NULL;
    err *e = MEM_NEW(f);
    if (e == NULL) {
        source_init(&f->source, &file_ops, NULL);
        f->source.read = file_read;
        f->fd = fd;
        f->own_fd = own_fd;
        e = mem_strdup(name, &f->name);
    }
    size_t block = block_for(fd);
    if (e == NULL)
        e = window_init(&f->window, block);
    if (e != NULL) {
        if (f != NULL)
            source_close(&f->source);
        else if (own_fd)
            close(fd);
        return e;
    }
    if (block == FILE_BLOCK)
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    fs_widen_pipe(fd);
    *out = &f->source;
    return NULL;
}

void input_read_ahead(struct source *s, struct pool *pool)
{
    if (s->ops == &file_ops)
        ((struct file_input *)s)->pool = pool;
}

err *input_from_file(const char *path, struct source **out)
{
    int fd;
    TRY(fs_open_input(path, &fd));
    return input_from_fd(fd, true, path, out);
}

struct memory_input {
    struct source source;
    struct slice rest;
    uint8_t *copy; /* NULL if the bytes are borrowed */
    size_t copy_len;
};

static err *memory_fill(struct source *s, struct slice *view)
{
    *view = ((struct memory_input *)s)->rest;
    return NULL;
}

static void memory_consume(struct source *s, size_t n)
{
    struct memory_input *m = (struct memory_input *)s;
    m->rest = slice_from(m->rest, n);
}

static void memory_close(struct source *s)
{
    struct memory_input *m = (struct memory_input *)s;
    mem_free_wiped(m->copy, m->copy_len);
    free(m);
}

static const struct source_ops memory_ops = {"memory", memory_fill, memory_consume, memory_close};

err *input_from_memory(struct slice s, struct source **out)
{
    struct memory_input *m = NULL;
    TRY(MEM_NEW(m));
    source_init(&m->source, &memory_ops, NULL);
    m->rest = s;
    *out = &m->source;
    return NULL;
}

err *input_from_copy(struct slice s, struct source **out)
{
    AUTO(free) char *copy = NULL;
    TRY(mem_string_of(s, &copy));
    TRY(input_from_memory(slice_of(copy, s.len), out));
    struct memory_input *m = (struct memory_input *)*out;
    m->copy = (uint8_t *)TAKE(copy);
    m->copy_len = s.len;
    return NULL;
}
