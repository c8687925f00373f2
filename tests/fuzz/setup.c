#include "fuzz.h"

#include <unistd.h>

#include "base/fs.h"
#include "crypto/pk.h"
#include "stream/armor.h"
#include "stream/input.h"

/* Unprotected secret keys; those of the collection at $SPECDATA count where it is. */
static const char *const collected[] = {
    "interop-certificates/alice-secret.pgp",
    "interop-certificates/bob-secret.pgp",
    "interop-certificates/carol-secret.pgp",
    "fixtures/keys-new-formats/v4-ed25519-x25519-tsk.asc",
    "fixtures/keys-new-formats/v6-ed448-x448-tsk.asc",
    "fixtures/keys-new-formats/v6-nistp-tsk.asc",
};

static struct cert *key_in(const char *path)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX), packets = BUF_EMPTY(SIZE_MAX);
    const struct feed plain = {0};
    struct cert *c = NULL;
    OK(fs_read_file(path, &file));
    assert_true(feed_dearmor(&plain, buf_view(&file), &packets));
    OK(cert_parse(buf_view(&packets), &c));
    return c;
}

static void add_collected(struct key_ring *ring, size_t n)
{
    const char *directory = getenv("SPECDATA");
    for (size_t i = 0; directory != NULL && i < sizeof collected / sizeof *collected; i++) {
        AUTO(free) char *path = NULL;
        OK(fs_join(directory, collected[i], &path));
        if (access(path, R_OK) == 0)
            ring->certs[n++] = key_in(path);
    }
}

static void make(struct feed *f)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1);
    pk_init();
    f->allow_legacy = true;
    f->document = unit_vector("rfc9580/hello-world.txt");
    f->ring.certs[0] = key_in("tests/vectors/rfc9580/A.4-v6-secret-key.asc");
    f->ring.passphrases[0] = "password";
    f->ring.certs[1] = key_in("tests/vectors/gnupg/2.4-cert.pgp");
    add_collected(&f->ring, 2);
    keys_ring(&f->ring);
    OK(pool_new(0, &f->pool));
}

const struct feed *fuzz_feed(void)
{
    static struct feed f;
    if (f.pool == NULL)
        make(&f);
    return &f;
}

const struct feed *fuzz_feed_pieces(void)
{
    static struct feed f;
    if (f.pool == NULL) {
        f = *fuzz_feed();
        f.in_pieces = true;
        keys_ring(&f.ring);
    }
    return &f;
}
