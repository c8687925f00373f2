#include "stream/ahead.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"

struct ahead {
    int fd;
    struct pool *pool; /* of one thread */
    struct job job;
    struct window next; /* belongs to the job while that runs */
    ssize_t got;
    int failure; /* an errno */
};

static void read_block(void *arg)
{
    struct ahead *a = arg;
    do
        a->got = read(a->fd, a->next.data, a->next.capacity);
    while (a->got < 0 && errno == EINTR);
    a->failure = a->got < 0 ? errno : 0;
}

static bool is_worth_it(int fd)
{
    struct stat st;
    return pool_default_threads() > 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_size >= AHEAD_MIN;
}

err *ahead_new(int fd, size_t block, struct ahead **out)
{
    struct ahead *a = NULL;
    if (!is_worth_it(fd))
        return NULL;
    TRY(MEM_NEW(a));
    a->fd = fd;
    a->job = (struct job){.run = read_block, .arg = a};
    err *e = window_init(&a->next, block);
    if (e == NULL)
        e = pool_new(1, &a->pool);
    if (e != NULL) {
        ahead_free(a);
        return e;
    }
    pool_submit(a->pool, &a->job);
    *out = a;
    return NULL;
}

int ahead_next(struct ahead *a, struct window *w)
{
    struct window used = *w;
    pool_wait(a->pool, &a->job);
    if (a->got < 0)
        return a->failure;
    *w = a->next;
    w->end = (size_t)a->got;
    a->next = used;
    if (a->got > 0)
        pool_submit(a->pool, &a->job);
    return 0;
}

void ahead_free(struct ahead *a)
{
    if (a == NULL)
        return;
    pool_free(a->pool);
    a->next.end = a->got > 0 ? (size_t)a->got : 0;
    window_clear(&a->next);
    free(a);
}
