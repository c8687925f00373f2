#include "pgp/sigcache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "crypto/algo.h"
#include "crypto/digest.h"
#include "pgp/policy.h"

enum {
    HEADER = 48,     /* bytes before the entries */
    ORDERED_AT = 32, /* where it says how many of them are in order */
    READ_AFTER = 32, /* questions: then the whole file is read */
    TAIL_MOST = 256, /* entries that are not in order: more, and all are put in order */
    SLOTS_FIRST = 128,
    NEW_MOST = 1 << 18,    /* of one process: 4 MiB */
    ENTRIES_MOST = 1 << 20 /* in the file: 16 MiB; then it starts anew */
};

static const char magic[16] = {'b', 'u', 'l', 'l', 'a', '-', 'v', 'e',
                               'r', 'i', 'f', 'i', 'e', 'd', '-', '2'};

struct sigcache {
    pthread_mutex_t mutex; /* for all that follows */
    size_t holders, asked;
    char *path;
    bool looked;                   /* for the file */
    int fd;                        /* of the file, if it is today's, else -1 */
    size_t n_ordered;              /* its entries that are in order */
    struct sigcache_id *known;     /* those, when they have been read */
    VEC(struct sigcache_id) added; /* the file's latest, then those of this process */
    size_t n_tail;                 /* the file's among them */
    uint32_t *slots;               /* where in `added`, counted from 1, by hash; 0: none */
    size_t n_slots;                /* a power of two, more than half of them empty */
};

err *sigcache_new(const char *path, struct sigcache **out)
{
    AUTO(sigcache_release) struct sigcache *v = NULL;
    TRY(MEM_NEW(v));
    pthread_mutex_init(&v->mutex, NULL);
    v->holders = 1;
    v->fd = -1;
    TRY(mem_strdup(path, &v->path));
    *out = TAKE(v);
    return NULL;
}

struct sigcache *sigcache_hold(struct sigcache *v)
{
    if (v == NULL)
        return NULL;
    pthread_mutex_lock(&v->mutex);
    v->holders++;
    pthread_mutex_unlock(&v->mutex);
    return v;
}

void sigcache_release(struct sigcache *v)
{
    if (v == NULL)
        return;
    pthread_mutex_lock(&v->mutex);
    size_t left = --v->holders;
    pthread_mutex_unlock(&v->mutex);
    if (left > 0)
        return;
    pthread_mutex_destroy(&v->mutex);
    if (v->fd >= 0)
        close(v->fd);
    free(v->known);
    vec_free(&v->added);
    free(v->slots);
    free(v->path);
    free(v);
}

/* With another policy, or another program, nothing is known any more. */
static err *header(size_t n_ordered, uint8_t out[static HEADER])
{
    const struct policy *p = &policy_default;
    uint8_t digest[DIGEST_MAX];
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(256);
    buf_printf(&b, "%s %lld %lld %lld %u", BULLA_VERSION, (long long)p->md5_until,
               (long long)p->sha1_data_until, (long long)p->sha1_certs_until, p->rsa_bits_min);
    TRY(buf_end(&b));
    TRY(digest_of(HASH_SHA256, buf_view(&b), digest));
    b.len = 0;
    buf_bytes(&b, SLICE_OF(magic));
    buf_bytes(&b, slice_of(digest, ORDERED_AT - sizeof magic));
    buf_u64(&b, n_ordered);
    buf_u64(&b, 0);
    TRY(buf_end(&b));
    memcpy(out, b.data, HEADER);
    return NULL;
}

/* Does the file say today's policy, and hold whole entries, few of them not in order? */
static bool is_current(int fd, size_t *n_ordered, size_t *n_tail)
{
    uint8_t first[HEADER], today[HEADER];
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < HEADER || !fs_read_at(fd, 0, first, HEADER))
        return false;
    struct reader r = reader_init(slice_of(first + ORDERED_AT, sizeof(uint64_t)), "cache");
    uint64_t all = ((uint64_t)st.st_size - HEADER) / SIGCACHE_ID, ordered = reader_u64(&r);
    err *e = header((size_t)ordered, today);
    bool current = e == NULL && memcmp(first, today, HEADER) == 0 &&
                   ((uint64_t)st.st_size - HEADER) % SIGCACHE_ID == 0 && ordered <= ENTRIES_MOST &&
                   ordered <= all && all - ordered <= 2 * TAIL_MOST;
    err_free(e);
    *n_ordered = current ? (size_t)ordered : 0;
    *n_tail = current ? (size_t)(all - ordered) : 0;
    return current;
}

/* Without the verdict. */
static int compare(const void *x, const void *y)
{
    const uint8_t *a = x, *b = y;
    int order = memcmp(a, b, SIGCACHE_ID - 1);
    return order != 0 ? order : (a[SIGCACHE_ID - 1] >> 1) - (b[SIGCACHE_ID - 1] >> 1);
}

/* The slot of an entry among the new ones, or the empty one where it belongs.  Ids are hashes
 * already. */
static uint32_t *slot_of(const struct sigcache *v, const struct sigcache_id *id)
{
    size_t at = 0;
    memcpy(&at, id->bytes, sizeof at);
    for (at &= v->n_slots - 1; v->slots[at] != 0; at = (at + 1) & (v->n_slots - 1)) {
        if (compare(&v->added.items[v->slots[at] - 1], id) == 0)
            break;
    }
    return &v->slots[at];
}

static bool know_new(const struct sigcache *v, const struct sigcache_id *id, bool *good)
{
    uint32_t place = v->n_slots > 0 ? *slot_of(v, id) : 0;
    if (place > 0)
        *good = (v->added.items[place - 1].bytes[SIGCACHE_ID - 1] & 1) != 0;
    return place > 0;
}

static err *make_slots(struct sigcache *v, size_t n)
{
    uint32_t *slots;
    TRY(MEM_ARRAY(slots, n));
    free(v->slots);
    v->slots = slots;
    v->n_slots = n;
    for (size_t i = 0; i < v->added.n; i++)
        *slot_of(v, &v->added.items[i]) = (uint32_t)i + 1;
    return NULL;
}

static err *add(struct sigcache *v, const struct sigcache_id *entry)
{
    if (v->n_slots <= 2 * v->added.n)
        TRY(make_slots(v, v->n_slots > 0 ? 2 * v->n_slots : SLOTS_FIRST));
    uint32_t *slot = slot_of(v, entry);
    if (*slot != 0)
        return NULL;
    TRY(VEC_PUSH(&v->added, *entry));
    *slot = (uint32_t)v->added.n;
    return NULL;
}

/* The latest entries of a file that is today's. */
static err *read_tail(struct sigcache *v, size_t n)
{
    struct sigcache_id tail[2 * TAIL_MOST];
    uint64_t at = HEADER + (uint64_t)v->n_ordered * SIGCACHE_ID;
    if (!fs_read_at(v->fd, at, tail, n * SIGCACHE_ID))
        return NULL;
    for (size_t i = 0; i < n; i++)
        TRY(add(v, &tail[i]));
    return NULL;
}

/* A cache that cannot be read is an empty one. */
static void look(struct sigcache *v)
{
    size_t n_tail;
    v->looked = true;
    v->fd = fs_open_log(v->path);
    if (v->fd >= 0 && !is_current(v->fd, &v->n_ordered, &n_tail)) {
        close(v->fd);
        v->fd = -1;
    }
    if (v->fd >= 0)
        err_free(read_tail(v, n_tail));
    v->n_tail = v->added.n;
}

static err *read_ordered(struct sigcache *v)
{
    AUTO(free) struct sigcache_id *all = NULL;
    if (v->known != NULL || v->n_ordered == 0)
        return NULL;
    TRY(MEM_ARRAY(all, v->n_ordered));
    if (fs_read_at(v->fd, HEADER, all, v->n_ordered * SIGCACHE_ID))
        v->known = TAKE(all);
    return NULL;
}

/* The entry of that number, from the file or what was read of it. */
static bool entry(const struct sigcache *v, size_t i, struct sigcache_id *out)
{
    if (v->known == NULL)
        return fs_read_at(v->fd, HEADER + (uint64_t)i * SIGCACHE_ID, out, SIGCACHE_ID);
    *out = v->known[i];
    return true;
}

static bool know_ordered(const struct sigcache *v, const struct sigcache_id *id, bool *good)
{
    struct sigcache_id found;
    for (size_t low = 0, high = v->n_ordered; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (!entry(v, middle, &found))
            return false;
        int order = compare(id, &found);
        if (order == 0) {
            *good = (found.bytes[SIGCACHE_ID - 1] & 1) != 0;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* What does not fit is left out: it is only a cache. */
void sigcache_add(struct sigcache *v, const struct sigcache_id *id, bool good)
{
    struct sigcache_id with = *id;
    uint8_t *last = &with.bytes[SIGCACHE_ID - 1];
    *last = (uint8_t)((*last & 0xFE) | good);
    pthread_mutex_lock(&v->mutex);
    if (!v->looked)
        look(v);
    if (v->added.n < NEW_MOST)
        err_free(add(v, &with));
    pthread_mutex_unlock(&v->mutex);
}

static bool know(struct sigcache *v, const struct sigcache_id *id, bool *good)
{
    if (!v->looked)
        look(v);
    if (know_new(v, id, good))
        return true;
    if (++v->asked > READ_AFTER)
        err_free(read_ordered(v));
    return know_ordered(v, id, good);
}

bool sigcache_know(struct sigcache *v, const struct sigcache_id *id, bool *good)
{
    pthread_mutex_lock(&v->mutex);
    bool known = know(v, id, good);
    pthread_mutex_unlock(&v->mutex);
    return known;
}

/* The new ones among the old, in order. */
static err *merge(struct sigcache *v, struct buf *out)
{
    uint8_t first[HEADER];
    TRY(read_ordered(v));
    size_t old = v->known == NULL || v->n_ordered + v->added.n > ENTRIES_MOST ? 0 : v->n_ordered;
    size_t n = old + v->added.n, kept = 0;
    AUTO(free) struct sigcache_id *all = NULL;
    TRY(MEM_ARRAY(all, n));
    if (old > 0)
        memcpy(all, v->known, old * SIGCACHE_ID);
    memcpy(all + old, v->added.items, v->added.n * SIGCACHE_ID);
    qsort(all, n, SIGCACHE_ID, compare);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare(&all[i], &all[i - 1]) != 0)
            all[kept++] = all[i];
    }
    TRY(header(kept, first));
    buf_bytes(out, SLICE_OF(first));
    buf_bytes(out, slice_of(all, kept * SIGCACHE_ID));
    return buf_end(out);
}

/* In a directory where it needs no name meanwhile, a process that is killed leaves nothing: so the
 * old one goes first. */
static err *write_anew(struct sigcache *v)
{
    const struct fs_output_options options = {.owner_only = true};
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    AUTO(fs_output_close) struct fs_output *f = NULL;
    TRY(merge(v, &file));
    unlink(v->path);
    TRY(fs_output_open(v->path, &options, &f));
    TRY(fs_output_write(f, buf_view(&file)));
    return fs_output_commit(f);
}

/* To the very file that was looked at: another that has its name now may be of another policy. */
static err *append(const struct sigcache *v)
{
    size_t n = v->added.n - v->n_tail;
    return fs_write_all(v->fd, slice_of(&v->added.items[v->n_tail], n * SIGCACHE_ID));
}

void sigcache_save(struct sigcache *v)
{
    if (v == NULL || v->added.n == v->n_tail)
        return;
    bool short_tail = v->fd >= 0 && v->added.n <= TAIL_MOST;
    err_free(short_tail ? append(v) : write_anew(v)); /* in a home that cannot be written to, say */
    v->n_tail = v->added.n;
}
