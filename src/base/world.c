#include "base/world.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/interrupt.h"

static int64_t system_now(void *context)
{
    (void)context;
    return (int64_t)time(NULL);
}

static err *system_random(void *context, void *dst, size_t len)
{
    (void)context;
    uint8_t *p = dst;
    while (len > 0) {
        ssize_t n = getrandom(p, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_system(ERR_IO, "random numbers");
        p += n;
        len -= (size_t)n;
    }
    return NULL;
}

static err *system_wait(void *context, int64_t until)
{
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    while (system_now(context) < until) {
        TRY(interrupt_check());
        (void)nanosleep(&moment, NULL);
    }
    return NULL;
}

const struct world *world_system(void)
{
    static const struct world w = {.now = system_now, .random = system_random, .wait = system_wait};
    return &w;
}

static int64_t fixed_now(void *context)
{
    return *(const int64_t *)context;
}

struct world world_fixed(const int64_t *at)
{
    return (struct world){.context = (void *)at, .now = fixed_now, .random = system_random};
}

int64_t world_now(const struct world *w)
{
    return w->now(w->context);
}

err *world_wait(const struct world *w, int64_t until)
{
    return w->wait != NULL ? w->wait(w->context, until) : NULL;
}

err *world_random(const struct world *w, void *dst, size_t len)
{
    err *e = w->random(w->context, dst, len);
    if (e != NULL)
        memset(dst, 0, len);
    return e;
}

err *world_random_secret(const struct world *w, size_t len, struct secret **out)
{
    AUTO(secret_free) struct secret *s = NULL;
    TRY(secret_new(len, &s));
    TRY(world_random(w, secret_data(s), len));
    *out = TAKE(s);
    return NULL;
}
