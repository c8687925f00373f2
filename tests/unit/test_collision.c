/* Signatures over texts and keys that were made to have a digest in common. */
#include "unit.h"
#include "collisions.h"
#include "craft.h"
#include "keys.h"
#include "kit.h"

#include "crypto/algo.h"
#include "pgp/verify.h"

/* When SHA-1 was still accepted in certificates; in documents it is by this policy. */
enum { MADE_AT = CRAFT_SUBKEYS, POLICY_OF = 1388534399 /* 2013-12-31 */ };

/* A SHA-1 signature by Dave, as a packet. */
static struct slice sign_document(struct slice document)
{
    const struct craft_key *by = craft_key(DAVE);
    struct buf *hashed = unit_keep(), *body = unit_keep(), *fields = unit_keep();
    struct buf *packet = unit_keep();
    uint8_t digest[DIGEST_MAX];
    AUTO(digest_free) struct digest *d = NULL;
    subpacket_write_u32(hashed, SUB_CREATED, true, MADE_AT);
    subpacket_write_fingerprint(hashed, SUB_ISSUER_FPR, false, &by->public.fpr);
    const struct sig_draft draft = {
        4, SIG_BINARY, by->public.algo, HASH_SHA1, buf_view(hashed), SLICE_EMPTY, SLICE_EMPTY};
    sig_write_signed_part(body, &draft);
    OK(digest_new(HASH_SHA1, &d));
    digest_update(d, document);
    sig_digest_trailer_of(d, draft.version, buf_view(body));
    struct slice value = digest_final(d, digest);
    OK(pk_sign(by->public.algo, by->public.material, by->secret, world_system(), HASH_SHA1, value,
               fields));
    sig_write_rest(body, &draft, value, buf_view(fields));
    packet_write(packet, PACKET_SIGNATURE, buf_view(body));
    return buf_view(packet);
}

static struct cert *certificate_of_dave(void)
{
    struct craft c = craft_start(craft_key(DAVE));
    craft_user(&c, "Dave");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                          .at = CRAFT_START,
                                          .flags = FLAG_CERTIFY | FLAG_SIGN});
    return craft_cert(&c);
}

static void check(struct slice sig, struct slice document, enum verdict_status status,
                  const char *reason)
{
    char text[256];
    AUTO(cert_free) struct cert *dave = certificate_of_dave();
    struct key_ring ring = {.certs = {dave}};
    keys_ring(&ring);
    const struct policy policy = policy_as_of(POLICY_OF);
    const struct verify_params v = {
        .finder = &ring.finder, .policy = &policy, .world = keys_world()};
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(source_close) struct source *sigs = kit_pieces(sig);
    AUTO(source_close) struct source *doc = kit_pieces(document);
    OK(verify_detached(sigs, doc, &v, &verdicts));
    assert_int_equal(verdicts.n, 1);
    assert_int_equal(verdicts.items[0].status, status);
    err_text(verdicts.items[0].reason, text, sizeof text);
    assert_non_null(strstr(text, reason));
}

/* The signature over one is right for the other, and good for neither. */
static void documents(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COLLISIONS; i++) {
        struct slice sig = sign_document(collision(i));
        for (unsigned k = 0; k < 2; k++)
            check(sig, collision(i ^ k), VERDICT_REJECTED, "collision attack");
        check(sig, unit_flipped(collision(i), 7), VERDICT_BAD, "was changed");
    }
}

/* What is no attack is good as before. */
static void honest_document(void **state)
{
    struct slice text = unit_flipped(collision(0), 8 * 319);
    (void)state;
    check(sign_document(text), text, VERDICT_GOOD, "");
    check(sign_document(SLICE_EMPTY), SLICE_EMPTY, VERDICT_GOOD, "");
}

/* Dave certifies that the key belongs to somebody. */
static bool certifies(struct slice key)
{
    const struct target t = {.primary = key, .user = SLICE_TEXT("Mallory"), .has_user = true};
    const struct craft_sig what = {.type = SIG_CERT_GENERIC, .at = MADE_AT, .hash = HASH_SHA1};
    struct sig s;
    bool good;
    OK(sig_parse(craft_sign(craft_key(DAVE), &t, &what), &s));
    OK(target_verify(&t, &s, &craft_key(DAVE)->public, &good));
    return good;
}

/* The body of a key, as long as it says in front of it. */
static struct slice key_of(unsigned i)
{
    struct slice start = collision(i);
    struct buf *body = unit_keep();
    buf_bytes(body, slice_from(start, 3));
    buf_fill(body, 0x5A, (size_t)(start.data[1] << 8 | start.data[2]) - body->len);
    return buf_view(body);
}

static void keys(void **state)
{
    (void)state;
    for (unsigned i = 2; i < COLLISIONS; i++) {
        assert_false(certifies(key_of(i)));
        assert_true(certifies(unit_flipped(key_of(i), 8 * 600)));
        assert_true(certifies(unit_flipped(key_of(i), 8 * 100)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(honest_document),
        cmocka_unit_test(keys),
    };
    return cmocka_run_group_tests_name("collision", tests, NULL, NULL);
}
