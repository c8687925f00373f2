#include "crypto/random.h"

#include <string.h>

#include "base/mem.h"

err *random_init(struct random_source *r, const struct world *w)
{
    static const uint8_t nonce[CHACHA_NONCE_SIZE];
    AUTO(secret_free) struct secret *seed = NULL;
    TRY(world_random_secret(w, CHACHA_KEY_SIZE, &seed));
    chacha_set_key(&r->chacha, secret_view(seed).data);
    chacha_set_nonce(&r->chacha, nonce);
    return NULL;
}

void random_clear(struct random_source *r)
{
    mem_wipe(r, sizeof *r);
}

/* What is left of the last block is not used: each call begins with a new one. */
void random_fill(void *context, size_t len, uint8_t *dst)
{
    struct random_source *r = context;
    memset(dst, 0, len);
    chacha_crypt(&r->chacha, len, dst, dst);
}
