#include "keys.h"

static int64_t test_now(void *context)
{
    (void)context;
    return TEST_NOW;
}

static err *system_random(void *context, void *dst, size_t len)
{
    (void)context;
    return world_random(world_system(), dst, len);
}

const struct world *keys_world(void)
{
    static const struct world w = {.now = test_now, .random = system_random};
    return &w;
}

struct cert *keys_make(const char *profile, const char *user_id, const char *passphrase)
{
    AUTO(secret_free) struct secret *s = NULL;
    struct cert *c = NULL;
    struct slice id = slice_of_string(user_id != NULL ? user_id : "");
    struct keygen_params p = {.profile = keygen_profile_find(profile),
                              .user_ids = &id,
                              .n_user_ids = user_id != NULL,
                              .world = keys_world()};
    if (passphrase != NULL)
        OK(secret_of(slice_of_string(passphrase), &s));
    p.passphrase = s;
    OK(keygen_make(&p, &c));
    return c;
}

struct signer keys_signer(const struct cert *c)
{
    struct signer s = {.cert = c, .key = cert_primary(c)};
    OK(seckey_unlock(&c->components.items[0].secret, NULL, &s2k_default_limits, &s.secret));
    return s;
}

static err *add_copy(const struct cert *c, struct cert_list *out)
{
    AUTO(cert_free) struct cert *copy = NULL;
    TRY(cert_parse(buf_view(&c->bytes), &copy));
    TRY(VEC_PUSH(out, copy));
    copy = NULL;
    return NULL;
}

static bool has_key(const struct cert *c, const struct key_handle *h)
{
    for (size_t i = 0; i < c->components.n; i++) {
        if (pubkey_matches(&c->components.items[i].key, h))
            return true;
    }
    return false;
}

static err *find(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct key_ring *ring = context;
    for (size_t i = 0; i < KEY_RING_MAX && ring->certs[i] != NULL; i++) {
        if (key_handle_is_empty(h) || has_key(ring->certs[i], h))
            TRY(add_copy(ring->certs[i], out));
    }
    return NULL;
}

static err *offer(void *context, const struct passphrase_request *request, struct secret **out)
{
    struct key_ring *ring = context;
    ring->asked++;
    if (request->attempt >= 4 || ring->passphrases[request->attempt] == NULL)
        return NULL;
    return secret_of(slice_of_string(ring->passphrases[request->attempt]), out);
}

void keys_ring(struct key_ring *ring)
{
    ring->asked = 0;
    ring->finder = (struct key_finder){
        .context = ring, .certs = find, .secrets = find, .passphrase = offer};
}
