#include "cli/certpool.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"
#include "stream/spool.h"

/* One copy of a certificate, and where it waits. */
struct copy {
    struct fingerprint fpr;
    uint32_t len;
    uint64_t at;
};

/* The first copy of each certificate. */
struct head {
    uint64_t at;
    size_t index; /* of it among the sorted copies */
};

struct certpool {
    struct spool *spool;
    VEC(struct copy) copies;
    VEC(struct head) heads; /* once the first is asked for */
    size_t next;            /* of the heads */
};

err *certpool_new(const char *directory, struct certpool **out)
{
    AUTO(certpool_free) struct certpool *p = NULL;
    TRY(MEM_NEW(p));
    TRY(spool_new(directory, &p->spool));
    *out = TAKE(p);
    return NULL;
}

void certpool_free(struct certpool *p)
{
    if (p == NULL)
        return;
    spool_free(p->spool);
    vec_free(&p->copies);
    vec_free(&p->heads);
    free(p);
}

err *certpool_add(struct certpool *p, const struct cert *c)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    struct copy x = {.fpr = *cert_fingerprint(c), .at = spool_len(p->spool)};
    cert_write(c, CERT_LOCAL, &packets);
    TRY(buf_end(&packets));
    x.len = (uint32_t)packets.len;
    TRY(spool_write(p->spool, buf_view(&packets)));
    return VEC_PUSH(&p->copies, x);
}

size_t certpool_n(const struct certpool *p)
{
    return p->copies.n;
}

const struct fingerprint *certpool_first(const struct certpool *p)
{
    return p->copies.n > 0 ? &p->copies.items[0].fpr : NULL;
}

static int compare_places(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_copies(const void *a, const void *b)
{
    const struct copy *x = a, *y = b;
    int order = slice_compare(fingerprint_view(&x->fpr), fingerprint_view(&y->fpr));
    return order != 0 ? order : compare_places(x->at, y->at);
}

static int compare_heads(const void *a, const void *b)
{
    return compare_places(((const struct head *)a)->at, ((const struct head *)b)->at);
}

static bool starts_group(const struct certpool *p, size_t i)
{
    return i == 0 || !fingerprint_equal(&p->copies.items[i - 1].fpr, &p->copies.items[i].fpr);
}

static err *sort(struct certpool *p)
{
    if (p->copies.n > 0)
        qsort(p->copies.items, p->copies.n, sizeof *p->copies.items, compare_copies);
    for (size_t i = 0; i < p->copies.n; i++) {
        const struct head h = {.at = p->copies.items[i].at, .index = i};
        if (starts_group(p, i))
            TRY(VEC_PUSH(&p->heads, h));
    }
    if (p->heads.n > 0)
        qsort(p->heads.items, p->heads.n, sizeof *p->heads.items, compare_heads);
    return NULL;
}

static err *fetch(const struct certpool *p, const struct copy *x, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    TRY(spool_read(p->spool, x->at, x->len, &packets));
    return cert_parse(buf_view(&packets), out);
}

/* Also a single copy is merged, with itself: within it, a component may stand twice. */
static err *merge_group(const struct certpool *p, size_t first, struct cert **out)
{
    AUTO(cert_free) struct cert *whole = NULL;
    TRY(fetch(p, &p->copies.items[first], &whole));
    size_t i = first;
    do {
        AUTO(cert_free) struct cert *copy = NULL, *merged = NULL;
        bool changed;
        TRY(fetch(p, &p->copies.items[i], &copy));
        TRY(cert_merge(whole, copy, &merged, &changed));
        cert_free(whole);
        whole = TAKE(merged);
        i++;
    } while (i < p->copies.n && !starts_group(p, i));
    *out = TAKE(whole);
    return NULL;
}

err *certpool_next(struct certpool *p, struct cert **out)
{
    *out = NULL;
    if (p->heads.n == 0)
        TRY(sort(p));
    if (p->next >= p->heads.n)
        return NULL;
    return merge_group(p, p->heads.items[p->next++].index, out);
}
