#include "cli/keptcerts.h"

#include <string.h>

void kept_certs_clear(struct kept_certs *k)
{
    for (size_t i = 0; i < k->n; i++)
        cert_list_clear(&k->items[i].certs);
    k->n = 0;
}

static bool is_same(const struct key_handle *a, const struct key_handle *b)
{
    return fingerprint_equal(&a->fpr, &b->fpr) &&
           memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes) == 0;
}

const struct cert_list *kept_certs_find(const struct kept_certs *k, const struct key_handle *h,
                                        bool secret)
{
    for (size_t i = 0; i < k->n; i++) {
        if (k->items[i].secret == secret && is_same(&k->items[i].handle, h))
            return &k->items[i].certs;
    }
    return NULL;
}

const struct cert_list *kept_certs_keep(struct kept_certs *k, const struct key_handle *h,
                                        bool secret, struct cert_list *certs)
{
    size_t bytes = 0;
    for (size_t i = 0; i < certs->n; i++)
        bytes += certs->items[i]->bytes.len;
    if (k->n == KEPT_CERTS_MAX || bytes > KEPT_CERTS_BYTES)
        return NULL;
    struct kept_answer *a = &k->items[k->n++];
    *a = (struct kept_answer){.handle = *h, .secret = secret, .certs = *certs};
    *certs = (struct cert_list){0};
    return &a->certs;
}

err *kept_certs_copy(const struct cert_list *from, struct cert_list *out)
{
    for (size_t i = 0; i < from->n; i++) {
        AUTO(cert_free) struct cert *copy = NULL;
        TRY(cert_copy(from->items[i], &copy));
        TRY(VEC_PUSH(out, copy));
        copy = NULL;
    }
    return NULL;
}
