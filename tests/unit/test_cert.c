/* Certificates from packets and back: nothing is lost, nothing is made up
 * [RFC9580 10.1]. */
#include "unit.h"
#include "craft.h"
#include "keys.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS };

static const struct craft_sig user = {.type = SIG_CERT_POSITIVE, .at = START, .flags = 3};
static const struct craft_sig binding = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12};

static struct craft alice(void)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START});
    craft_user(&c, "Alice");
    craft_sign_it(&c, &user);
    craft_sign_it(&c,
                  &(struct craft_sig){.type = SIG_CERT_GENERIC, .at = START, .by = craft_key(BOB)});
    craft_packet(&c, PACKET_USER_ATTRIBUTE, unit_hex("02 64 00"));
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &binding);
    return c;
}

static struct slice written(const struct cert *c, unsigned flags)
{
    struct buf *b = unit_keep();
    cert_write(c, flags, b);
    OK(buf_end(b));
    return buf_view(b);
}

static struct cert *parse(struct slice bytes)
{
    struct cert *c = NULL;
    OK(cert_parse(bytes, &c));
    return c;
}

static void packets_become_components(void **state)
{
    (void)state;
    struct craft packets = alice();
    AUTO(cert_free) struct cert *c = craft_cert(&packets);
    static const enum component_kind kinds[] = {COMPONENT_PRIMARY, COMPONENT_USER_ID,
                                                COMPONENT_USER_ATTRIBUTE, COMPONENT_SUBKEY};
    static const size_t sigs[] = {1, 2, 0, 1};
    assert_int_equal(c->components.n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(c->components.items[i].kind, kinds[i]);
        assert_int_equal(c->components.items[i].sigs.n, sigs[i]);
        for (size_t k = 0; k < sigs[i]; k++)
            assert_true(c->components.items[i].sigs.items[k].parsed);
    }
    SAME(cert_primary(c)->body, craft_key(ALICE)->public.body);
    SAME(fingerprint_view(cert_fingerprint(c)), fingerprint_view(&craft_key(ALICE)->public.fpr));
    SAME(c->components.items[3].key.body, craft_key(ALICE_ENCRYPT)->public.body);
    SAME(cert_any_user_id(c), SLICE_TEXT("Alice"));
    assert_false(cert_has_secret(c));
    SAME(written(c, CERT_PUBLIC), buf_view(packets.packets));
    SAME(written(c, CERT_SECRET | CERT_LOCAL), buf_view(packets.packets));
}

/* It keeps its own copy of the bytes. */
static void bytes_are_copied(void **state)
{
    (void)state;
    struct craft packets = alice();
    struct slice before = unit_joined(buf_view(packets.packets), SLICE_EMPTY);
    AUTO(cert_free) struct cert *c = craft_cert(&packets);
    memset(packets.packets->data, 0, packets.packets->len);
    SAME(written(c, CERT_PUBLIC), before);
}

static void targets_are_what_signatures_sign(void **state)
{
    (void)state;
    struct craft packets = alice();
    AUTO(cert_free) struct cert *c = craft_cert(&packets);
    struct target t = cert_target(c, &c->components.items[0]);
    SAME(t.primary, craft_key(ALICE)->public.body);
    assert_true(t.subkey.len == 0 && !t.has_user);
    t = cert_target(c, &c->components.items[1]);
    SAME(t.user, SLICE_TEXT("Alice"));
    assert_true(t.has_user && !t.is_attribute && t.subkey.len == 0);
    t = cert_target(c, &c->components.items[2]);
    assert_true(t.has_user && t.is_attribute);
    t = cert_target(c, &c->components.items[3]);
    SAME(t.subkey, craft_key(ALICE_ENCRYPT)->public.body);
    for (size_t i = 0; i < 4; i += i == 1 ? 2 : 1) {
        bool good = false;
        t = cert_target(c, &c->components.items[i]);
        OK(target_verify(&t, &c->components.items[i].sigs.items[0].sig, cert_primary(c), &good));
        assert_true(good);
        t.primary = craft_key(BOB)->public.body;
        OK(target_verify(&t, &c->components.items[i].sigs.items[0].sig, cert_primary(c), &good));
        assert_false(good);
    }
}

/* [RFC9580 5.8, 5.10, 5.14] */
static void markers_padding_and_trust_are_left_out(void **state)
{
    (void)state;
    struct craft plain = alice();
    struct buf *b = unit_keep();
    struct reader r = reader_init(buf_view(plain.packets), "packets");
    packet_write(b, PACKET_MARKER, SLICE_TEXT("PGP"));
    packet_write(b, PACKET_PADDING, SLICE_TEXT("xxxx"));
    while (reader_left(&r) > 0) {
        struct packet p;
        OK(packet_next(&r, &p));
        buf_bytes(b, p.whole);
        packet_write(b, PACKET_TRUST, unit_hex("0600"));
        packet_write(b, PACKET_PADDING, SLICE_TEXT("xxxx"));
    }
    AUTO(cert_free) struct cert *c = parse(buf_view(b));
    SAME(written(c, CERT_PUBLIC), buf_view(plain.packets));
}

/* The framing of others becomes ours. */
static void legacy_framing_is_read(void **state)
{
    (void)state;
    struct craft plain = alice();
    struct buf *b = unit_keep();
    struct reader r = reader_init(buf_view(plain.packets), "packets");
    while (reader_left(&r) > 0) {
        struct packet p;
        OK(packet_next(&r, &p));
        if (p.type < 16) {
            buf_u8(b, (uint8_t)(0x82 | p.type << 2));
            buf_u32(b, (uint32_t)p.body.len);
            buf_bytes(b, p.body);
        } else {
            buf_bytes(b, p.whole);
        }
    }
    AUTO(cert_free) struct cert *c = parse(buf_view(b));
    SAME(written(c, CERT_PUBLIC), buf_view(plain.packets));
}

/* What is not understood */

static struct slice with_version(struct slice body, uint8_t version)
{
    struct buf *b = unit_keep();
    buf_bytes(b, body);
    b->data[0] = version;
    return buf_view(b);
}

static void unknown_things_are_kept(void **state)
{
    (void)state;
    struct craft packets = alice();
    struct slice future = with_version(craft_sign(craft_key(ALICE), &packets.target, &binding), 9);
    craft_packet(&packets, PACKET_SIGNATURE, future);
    craft_packet(&packets, PACKET_SIGNATURE, unit_hex("04"));
    craft_packet(&packets, PACKET_SIGNATURE, SLICE_EMPTY);
    craft_packet(&packets, 60, SLICE_TEXT("for later"));
    craft_sign_it(&packets, &user);
    craft_packet(&packets, PACKET_PUBLIC_SUBKEY, with_version(craft_key(BOB)->public.body, 5));
    craft_sign_it(&packets, &binding);
    craft_packet(&packets, PACKET_PUBLIC_SUBKEY, SLICE_TEXT("\x04 cut"));
    /* [RFC9580 10.1.3] */
    craft_packet(&packets, PACKET_PUBLIC_SUBKEY, craft_key(CAROL_ENCRYPT)->public.body);
    AUTO(cert_free) struct cert *c = craft_cert(&packets);
    assert_int_equal(c->components.n, 8);
    assert_int_equal(c->components.items[3].kind, COMPONENT_SUBKEY);
    assert_int_equal(c->components.items[3].sigs.n, 4);
    for (size_t k = 1; k < 4; k++)
        assert_false(c->components.items[3].sigs.items[k].parsed);
    for (size_t i = 4; i < 8; i++)
        assert_int_equal(c->components.items[i].kind, COMPONENT_UNKNOWN);
    assert_int_equal(c->components.items[4].sigs.n, 1);
    assert_int_equal(c->components.items[5].sigs.n, 1);
    SAME(written(c, CERT_PUBLIC), buf_view(packets.packets));
}

static void expect_refused(enum err_kind kind, struct slice bytes)
{
    struct cert *c = NULL;
    FAILS(kind, cert_parse(bytes, &c));
    assert_null(c);
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    struct slice good = buf_view(alice().packets);
    expect_refused(ERR_MALFORMED, SLICE_EMPTY);
    expect_refused(ERR_MALFORMED, unit_hex("CA 03 504750"));
    expect_refused(ERR_MALFORMED, SLICE_TEXT("hello"));
    expect_refused(ERR_MALFORMED, slice_from(good, craft_key(ALICE)->public.body.len + 2));
    expect_refused(ERR_MALFORMED, unit_hex("C6 05 04 01020304"));
    expect_refused(ERR_UNSUPPORTED, unit_hex("C6 06 07 01020304 01"));
    expect_refused(ERR_MALFORMED, unit_joined(good, SLICE_TEXT("text")));
    /* A second primary key, and what has no place in a certificate. */
    expect_refused(ERR_MALFORMED, unit_joined(good, good));
    expect_refused(ERR_MALFORMED, unit_joined(good, unit_hex("CB 06 62 00 00000000")));
    /* Unknown types that are critical condemn the whole [RFC9580 4.3]. */
    for (unsigned type = 22; type < 64; type++) {
        const uint8_t packet[] = {(uint8_t)(0xC0 | type), 0};
        struct slice bytes = unit_joined(good, SLICE_OF(packet));
        struct cert *c = NULL;
        if (type < 40)
            expect_refused(ERR_MALFORMED, bytes);
        else
            OK(cert_parse(bytes, &c));
        cert_free(c);
    }
}

/* Between packets it ends early; within one it is malformed. */
static void cut_certificates(void **state)
{
    (void)state;
    struct slice good = buf_view(alice().packets);
    struct reader r = reader_init(good, "packets");
    size_t at = 0, whole = 0;
    while (reader_left(&r) > 0) {
        struct packet p;
        OK(packet_next(&r, &p));
        for (size_t n = at + 1; n < at + p.whole.len; n++)
            expect_refused(ERR_MALFORMED, slice_of(good.data, n));
        at += p.whole.len;
        AUTO(cert_free) struct cert *c = parse(slice_of(good.data, at));
        SAME(written(c, CERT_PUBLIC), slice_of(good.data, at));
        whole++;
    }
    assert_int_equal(whole, 8);
}

/* Secret parts */

static void secret_parts_are_kept_apart(void **state)
{
    (void)state;
    static const char *const profiles[] = {"default", "rfc9580"};
    for (size_t i = 0; i < 2; i++) {
        AUTO(cert_free) struct cert *key = keys_make(profiles[i], "Alice", NULL);
        assert_true(cert_has_secret(key));
        assert_true(key->components.items[0].has_secret);
        SAME(written(key, CERT_SECRET), buf_view(&key->bytes));
        struct slice public = written(key, CERT_PUBLIC);
        AUTO(cert_free) struct cert *c = parse(public);
        assert_false(cert_has_secret(c));
        assert_int_equal(c->components.n, key->components.n);
        SAME(written(c, CERT_SECRET), public);
        struct reader r = reader_init(public, "packets");
        while (reader_left(&r) > 0) {
            struct packet p;
            OK(packet_next(&r, &p));
            assert_false(packet_is_secret(p.type));
        }
        /* No byte of them. */
        struct slice secret = key->components.items[0].secret.content;
        assert_null(memmem(public.data, public.len, secret.data, 16));
    }
}

/* A secret subkey of an unknown version: where its public part ends is not known,
 * so nothing of it goes to the public. */
static void unknown_secret_subkeys_stay_secret(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "Alice", NULL);
    struct buf *b = unit_keep();
    buf_bytes(b, buf_view(&key->bytes));
    packet_write(b, PACKET_SECRET_SUBKEY, SLICE_TEXT("\x05secret"));
    packet_write(b, PACKET_SIGNATURE, SLICE_TEXT("\x05its binding"));
    AUTO(cert_free) struct cert *c = parse(buf_view(b));
    SAME(written(c, CERT_SECRET), buf_view(b));
    struct slice public = written(c, CERT_PUBLIC);
    SAME(public, written(key, CERT_PUBLIC));
}

static void only_a_subkey_may_be_secret(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "Alice", NULL);
    struct buf *b = unit_keep();
    struct component *primary = &key->components.items[0];
    packet_write(b, PACKET_PUBLIC_KEY, primary->key.body);
    buf_bytes(b, slice_from(buf_view(&key->bytes), primary->packet.whole.len));
    AUTO(cert_free) struct cert *c = parse(buf_view(b));
    assert_true(cert_has_secret(c));
    assert_false(c->components.items[0].has_secret);
    SAME(written(c, CERT_SECRET), buf_view(b));
}

/* Local signatures do not leave the house [RFC9580 5.2.3.19]. */
static void local_signatures_are_not_exported(void **state)
{
    (void)state;
    struct craft packets = alice();
    struct slice public = unit_joined(buf_view(packets.packets), SLICE_EMPTY);
    struct craft_sig local = binding;
    local.local = true;
    craft_sign_it(&packets, &local);
    AUTO(cert_free) struct cert *c = craft_cert(&packets);
    SAME(written(c, CERT_PUBLIC), public);
    SAME(written(c, CERT_SECRET), public);
    SAME(written(c, CERT_LOCAL), buf_view(packets.packets));
    /* The unhashed area cannot make a signature local. */
    packets = alice();
    struct craft_sig pretended = binding;
    pretended.unhashed = unit_hex("02 84 00");
    craft_sign_it(&packets, &pretended);
    AUTO(cert_free) struct cert *d = craft_cert(&packets);
    SAME(written(d, CERT_PUBLIC), buf_view(packets.packets));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_become_components),
        cmocka_unit_test(bytes_are_copied),
        cmocka_unit_test(targets_are_what_signatures_sign),
        cmocka_unit_test(markers_padding_and_trust_are_left_out),
        cmocka_unit_test(legacy_framing_is_read),
        cmocka_unit_test(unknown_things_are_kept),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(cut_certificates),
        cmocka_unit_test(secret_parts_are_kept_apart),
        cmocka_unit_test(unknown_secret_subkeys_stay_secret),
        cmocka_unit_test(only_a_subkey_may_be_secret),
        cmocka_unit_test(local_signatures_are_not_exported),
    };
    return cmocka_run_group_tests_name("cert", tests, NULL, NULL);
}
