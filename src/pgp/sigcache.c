#include "pgp/sigcache.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "crypto/algo.h"
#include "crypto/digest.h"
#include "pgp/policy.h"

enum {
    HEADER = 32,     /* bytes before the entries */
    READ_AFTER = 32, /* questions: fewer are not worth reading the file for */
    SAVE_FROM = 256, /* new ones: fewer are not worth writing it for */
    SLOTS_FIRST = 128,
    NEW_MOST = 1 << 18,    /* of one process: 4 MiB */
    ENTRIES_MOST = 1 << 20 /* in the file: 16 MiB; then it starts anew */
};

static const char magic[16] = {'b', 'u', 'l', 'l', 'a', '-', 'v', 'e',
                               'r', 'i', 'f', 'i', 'e', 'd', '-', '1'};

struct sigcache {
    size_t holders, asked;
    char *path;
    bool read;
    struct buf known; /* the file, if it is today's */
    VEC(struct sigcache_id) added;
    uint32_t *slots; /* where in `added`, counted from 1, by hash; 0: none */
    size_t n_slots;  /* a power of two, more than half of them empty */
};

err *sigcache_new(const char *path, struct sigcache **out)
{
    AUTO(sigcache_release) struct sigcache *v = NULL;
    TRY(MEM_NEW(v));
    v->holders = 1;
    v->known = BUF_EMPTY(HEADER + (size_t)ENTRIES_MOST * SIGCACHE_ID);
    TRY(mem_strdup(path, &v->path));
    *out = TAKE(v);
    return NULL;
}

struct sigcache *sigcache_hold(struct sigcache *v)
{
    if (v != NULL)
        v->holders++;
    return v;
}

void sigcache_release(struct sigcache *v)
{
    if (v == NULL || --v->holders > 0)
        return;
    buf_clear(&v->known);
    vec_free(&v->added);
    free(v->slots);
    free(v->path);
    free(v);
}

/* With another policy, or another program, nothing is known any more. */
static err *header(uint8_t out[static HEADER])
{
    const struct policy *p = &policy_default;
    uint8_t digest[DIGEST_MAX];
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(256);
    buf_printf(&b, "%s %lld %lld %lld %u", BULLA_VERSION, (long long)p->md5_until,
               (long long)p->sha1_data_until, (long long)p->sha1_certs_until, p->rsa_bits_min);
    TRY(buf_end(&b));
    TRY(digest_of(HASH_SHA256, buf_view(&b), digest));
    memcpy(out, magic, sizeof magic);
    memcpy(out + sizeof magic, digest, HEADER - sizeof magic);
    return NULL;
}

/* Does the file say today's policy, and hold whole entries? */
static bool is_current(const struct buf *file)
{
    uint8_t today[HEADER];
    err *e = header(today);
    bool current = e == NULL && file->len >= HEADER && (file->len - HEADER) % SIGCACHE_ID == 0 &&
                   memcmp(file->data, today, HEADER) == 0;
    err_free(e);
    return current;
}

/* A cache that cannot be read is an empty one. */
static void read_known(struct sigcache *v)
{
    v->read = true;
    err *e = fs_read_file(v->path, &v->known);
    if (e != NULL || !is_current(&v->known))
        buf_clear(&v->known);
    err_free(e);
}

/* Without the verdict. */
static int compare(const void *x, const void *y)
{
    const uint8_t *a = x, *b = y;
    int order = memcmp(a, b, SIGCACHE_ID - 1);
    return order != 0 ? order : (a[SIGCACHE_ID - 1] >> 1) - (b[SIGCACHE_ID - 1] >> 1);
}

static size_t n_known(const struct sigcache *v)
{
    return v->known.len > HEADER ? (v->known.len - HEADER) / SIGCACHE_ID : 0;
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

bool sigcache_know(struct sigcache *v, const struct sigcache_id *id, bool *good)
{
    if (know_new(v, id, good))
        return true;
    if (++v->asked <= READ_AFTER)
        return false;
    if (!v->read)
        read_known(v);
    if (n_known(v) == 0)
        return false;
    const uint8_t *found = bsearch(id, v->known.data + HEADER, n_known(v), SIGCACHE_ID, compare);
    if (found != NULL)
        *good = (found[SIGCACHE_ID - 1] & 1) != 0;
    return found != NULL;
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

/* What does not fit is left out: it is only a cache. */
void sigcache_add(struct sigcache *v, const struct sigcache_id *id, bool good)
{
    struct sigcache_id entry = *id;
    uint8_t *last = &entry.bytes[SIGCACHE_ID - 1];
    *last = (uint8_t)((*last & 0xFE) | good);
    if (v->added.n < NEW_MOST)
        err_free(add(v, &entry));
}

/* The new ones among the old, in order. */
static err *merge(struct sigcache *v, struct buf *out)
{
    uint8_t first[HEADER];
    size_t old = n_known(v) + v->added.n > ENTRIES_MOST ? 0 : n_known(v), n = old + v->added.n;
    AUTO(free) struct sigcache_id *all = NULL;
    TRY(header(first));
    TRY(MEM_ARRAY(all, n));
    if (old > 0)
        memcpy(all, v->known.data + HEADER, old * SIGCACHE_ID);
    memcpy(all + old, v->added.items, v->added.n * SIGCACHE_ID);
    qsort(all, n, SIGCACHE_ID, compare);
    buf_bytes(out, SLICE_OF(first));
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare(&all[i], &all[i - 1]) != 0)
            buf_bytes(out, SLICE_OF(all[i].bytes));
    }
    return buf_end(out);
}

static err *save(struct sigcache *v)
{
    const struct fs_output_options options = {.replace = true, .owner_only = true};
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    AUTO(fs_output_close) struct fs_output *f = NULL;
    TRY(merge(v, &file));
    TRY(fs_output_open(v->path, &options, &f));
    TRY(fs_output_write(f, buf_view(&file)));
    return fs_output_commit(f);
}

void sigcache_save(struct sigcache *v)
{
    if (v == NULL || v->added.n < SAVE_FROM)
        return;
    err_free(save(v)); /* in a home that cannot be written to, say */
    v->added.n = 0;
    v->n_slots = 0;
}
