#include "base/secret.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

/* The arena: a run of 64-byte cells and a map of the cells in use.  Small,
 * since a process may lock only a little memory (64 KiB on older systems). */
enum { CELL = 64, CELLS = 512, ARENA_SIZE = CELL * CELLS };

struct secret {
    size_t len;
    size_t cells; /* in the arena; 0 if it has pages of its own */
    size_t mapped;
    uint8_t *data;
};

static struct {
    pthread_mutex_t mutex;
    uint8_t *cells;
    bool tried, refused_lock;
    bool used[CELLS];
} arena = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t len)
{
    size_t page = page_size();
    return (len + page - 1) / page * page;
}

/* Maps len bytes (whole pages) with an inaccessible page on either side. */
static uint8_t *map_guarded(size_t len)
{
    size_t page = page_size();
    uint8_t *base = mmap(NULL, len + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
        return NULL;
    if (mprotect(base + page, len, PROT_READ | PROT_WRITE) != 0) {
        munmap(base, len + 2 * page);
        return NULL;
    }
    madvise(base + page, len, MADV_DONTDUMP);
    if (mlock(base + page, len) != 0)
        __atomic_store_n(&arena.refused_lock, true, __ATOMIC_RELAXED);
    return base + page;
}

static void unmap_guarded(uint8_t *data, size_t len)
{
    size_t page = page_size();
    munmap(data - page, len + 2 * page);
}

static size_t find_free_run(size_t n)
{
    size_t run = 0;
    for (size_t i = 0; i < CELLS; i++) {
        run = arena.used[i] ? 0 : run + 1;
        if (run == n)
            return i + 1 - n;
    }
    return CELLS;
}

static bool take_cells(struct secret *s)
{
    size_t n = (s->len + CELL - 1) / CELL;
    if (n == 0 || n > CELLS)
        return false;
    pthread_mutex_lock(&arena.mutex);
    if (!arena.tried) {
        arena.tried = true;
        arena.cells = map_guarded(whole_pages(ARENA_SIZE));
    }
    size_t first = arena.cells == NULL ? CELLS : find_free_run(n);
    if (first < CELLS) {
        memset(arena.used + first, true, n);
        s->data = arena.cells + first * CELL;
        s->cells = n;
    }
    pthread_mutex_unlock(&arena.mutex);
    return first < CELLS;
}

static void release_cells(struct secret *s)
{
    size_t first = (size_t)(s->data - arena.cells) / CELL;
    pthread_mutex_lock(&arena.mutex);
    memset(arena.used + first, false, s->cells);
    pthread_mutex_unlock(&arena.mutex);
}

err *secret_new(size_t len, struct secret **out)
{
    AUTO(secret_free) struct secret *s = NULL;
    TRY(MEM_NEW(s));
    s->len = len;
    if (!take_cells(s)) {
        s->mapped = whole_pages(len == 0 ? 1 : len);
        s->data = s->mapped < len ? NULL : map_guarded(s->mapped);
        if (s->data == NULL)
            return err_no_memory();
    }
    *out = TAKE(s);
    return NULL;
}

err *secret_of(struct slice bytes, struct secret **out)
{
    TRY(secret_new(bytes.len, out));
    if (bytes.len > 0)
        memcpy((*out)->data, bytes.data, bytes.len);
    return NULL;
}

struct slice secret_view(const struct secret *s)
{
    return slice_of(s->data, s->len);
}

size_t secret_len(const struct secret *s)
{
    return s->len;
}

uint8_t *secret_data(struct secret *s)
{
    return s->data;
}

void secret_truncate(struct secret *s, size_t len)
{
    /* Cells stay taken until the secret is freed: their number is in s->cells. */
    mem_wipe(s->data + len, s->len - len);
    s->len = len;
}

void secret_free(struct secret *s)
{
    if (s == NULL)
        return;
    if (s->data != NULL)
        mem_wipe(s->data, s->len);
    if (s->cells > 0)
        release_cells(s);
    else if (s->data != NULL)
        unmap_guarded(s->data, s->mapped);
    free(s);
}

bool secret_is_locked(void)
{
    return !__atomic_load_n(&arena.refused_lock, __ATOMIC_RELAXED);
}
