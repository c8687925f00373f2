#include "stream/ahead.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct ahead {
    int fd;
    bool is_pipe;
    struct pool *pool;
    struct job job;
    bool queued;        /* given to the pool and not yet waited for */
    struct window next; /* belongs to the job while that runs */
    int failure;        /* an errno */
};

static int read_into(int fd, struct window *w)
{
    ssize_t n = read(fd, window_room(w), window_room_len(w));
    if (n < 0)
        return errno;
    window_add(w, (size_t)n);
    return 0;
}

/* What is on a disk comes soon: who is interrupted looks after it. */
static void read_file(void *arg)
{
    struct ahead *a = arg;
    do
        a->failure = read_into(a->fd, &a->next);
    while (a->failure == EINTR);
}

/* Whatever stops it, its end and errors too, is for the read that waits. */
static void read_pipe(void *arg)
{
    struct ahead *a = arg;
    struct iovec room = {window_room(&a->next), window_room_len(&a->next)};
    ssize_t n = preadv2(a->fd, &room, 1, -1, RWF_NOWAIT);
    if (n > 0)
        window_add(&a->next, (size_t)n);
}

err *ahead_new(int fd, size_t block, struct pool *pool, struct ahead **out)
{
    struct stat st;
    struct ahead *a = NULL;
    if (pool_threads(pool) == 0 || fstat(fd, &st) != 0 ||
        (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)))
        return NULL;
    TRY(MEM_NEW(a));
    a->fd = fd;
    a->is_pipe = S_ISFIFO(st.st_mode);
    a->pool = pool;
    a->job = (struct job){.run = a->is_pipe ? read_pipe : read_file, .arg = a};
    err *e = window_init(&a->next, block);
    if (e != NULL)
        ahead_free(a);
    else
        *out = a;
    return e;
}

static void swap(struct window *a, struct window *b)
{
    struct window w = *a;
    *a = *b;
    *b = w;
}

int ahead_next(struct ahead *a, struct window *w)
{
    int failure = 0;
    if (a->queued) {
        pool_wait(a->pool, &a->job);
        failure = a->failure;
        swap(&a->next, w);
    }
    if (failure == 0 && window_len(w) == 0 && (a->is_pipe || !a->queued))
        failure = read_into(a->fd, w);
    a->queued = failure == 0 && window_len(w) > 0;
    if (a->queued)
        pool_submit(a->pool, &a->job);
    return failure;
}

void ahead_free(struct ahead *a)
{
    if (a == NULL)
        return;
    if (a->queued)
        pool_wait(a->pool, &a->job);
    window_clear(&a->next);
    free(a);
}
