/* Keyboxes: blobs made here and those of GnuPG; one that cannot be read costs nothing
 * but itself. */
#include "unit.h"
#include "craft.h"
#include "feed.h"
#include "kit.h"

#include "keyring/keybox.h"

/* A blob's head; its keyblock is at `offset`. */
struct blob {
    uint8_t type, flags;
    uint32_t offset;
    struct slice packets;
};

enum { OFFSET = 32 };

static void header(struct buf *b)
{
    buf_u32(b, 32);
    buf_u32(b, 0x01010000);
    buf_text(b, "KBXf");
    buf_fill(b, 0, 20);
}

static void blob(struct buf *b, const struct blob *x)
{
    size_t start = b->len;
    buf_u32(b, (uint32_t)(OFFSET + x->packets.len + 20));
    buf_u8(b, x->type);
    buf_u8(b, 1);
    buf_u16(b, x->flags);
    buf_u32(b, x->offset);
    buf_u32(b, (uint32_t)x->packets.len);
    buf_fill(b, 0xEE, OFFSET - (b->len - start));
    buf_bytes(b, x->packets);
    buf_fill(b, 0xEE, 20);
}

static struct slice cert_of(enum craft_who who)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "someone");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    return buf_view(c.packets);
}

static void good(struct buf *b, enum craft_who who)
{
    blob(b, &(struct blob){2, 0, OFFSET, cert_of(who)});
}

static struct keybox *opened(struct slice bytes)
{
    struct keybox *k = NULL;
    OK(keybox_open(kit_pieces(bytes), &k));
    return k;
}

static void expect_cert(struct keybox *k, enum craft_who who)
{
    AUTO(cert_free) struct cert *c = NULL;
    err *bad = NULL;
    OK(keybox_next(k, &c, &bad));
    OK(bad);
    assert_non_null(c);
    SAME(buf_view(&c->bytes), cert_of(who));
}

static void expect_bad(struct keybox *k, enum err_kind kind, const char *text)
{
    struct cert *c = NULL;
    err *bad = NULL;
    char got[512];
    OK(keybox_next(k, &c, &bad));
    assert_null(c);
    assert_int_equal(err_kind_of(bad), kind);
    err_text(bad, got, sizeof got);
    if (strstr(got, text) != got)
        fail_msg("%s\nnot: %s", got, text);
    err_free(bad);
}

static void expect_end(struct keybox *k)
{
    struct cert *c = NULL;
    err *bad = NULL;
    OK(keybox_next(k, &c, &bad));
    OK(bad);
    assert_null(c);
}

static void fails(struct keybox *k, enum err_kind kind)
{
    struct cert *c = NULL;
    err *bad = NULL;
    FAILS(kind, keybox_next(k, &c, &bad));
    assert_null(c);
    assert_null(bad);
}

static void in_order(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    good(&b, ALICE);
    blob(&b, &(struct blob){3, 0, OFFSET, SLICE_TEXT("X.509")});
    blob(&b, &(struct blob){0, 0, OFFSET, cert_of(DAVE)});
    blob(&b, &(struct blob){2, 2, OFFSET, cert_of(DAVE)}); /* ephemeral */
    good(&b, BOB);
    AUTO(keybox_close) struct keybox *k = opened(buf_view(&b));
    expect_cert(k, ALICE);
    expect_cert(k, BOB);
    expect_end(k);
    expect_end(k);
    assert_int_equal(keybox_n_x509(k), 1);
}

static void two_in_one(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    blob(&b, &(struct blob){2, 0, OFFSET, unit_joined(cert_of(ALICE), cert_of(CAROL))});
    AUTO(keybox_close) struct keybox *k = opened(buf_view(&b));
    expect_cert(k, ALICE);
    expect_cert(k, CAROL);
    expect_end(k);
}

static void bad_ones_cost_nothing_else(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    blob(&b, &(struct blob){2, 0, OFFSET, SLICE_TEXT("no packets")});
    good(&b, ALICE);
    blob(&b, &(struct blob){2, 0, 9999, cert_of(DAVE)});
    blob(&b, &(struct blob){2, 0, OFFSET, SLICE_EMPTY});
    blob(&b, &(struct blob){2, 0, OFFSET, unit_hex("CD 01 41")}); /* a user ID alone */
    blob(&b, &(struct blob){2, 0, OFFSET, unit_hex("C6 7F 04")}); /* a packet cut off */
    good(&b, BOB);
    buf_u32(&b, 10); /* no room for where the packets are */
    buf_u32(&b, 0x02010000);
    buf_u16(&b, 0);
    good(&b, CAROL);
    AUTO(keybox_close) struct keybox *k = opened(buf_view(&b));
    expect_bad(k, ERR_NO_DATA, "blob 2: no OpenPGP data");
    expect_cert(k, ALICE);
    expect_bad(k, ERR_MALFORMED, "blob 4: keybox blob: cut short");
    expect_bad(k, ERR_MALFORMED, "blob 5: no certificate in it");
    expect_bad(k, ERR_MALFORMED, "blob 6: byte 0: a certificate starts with a key");
    expect_bad(k, ERR_INTEGRITY, "blob 7: certificate 1 (byte 0): at byte 0: cut short");
    expect_cert(k, BOB);
    expect_bad(k, ERR_MALFORMED, "blob 9: keybox blob: cut short");
    expect_cert(k, CAROL);
    expect_end(k);
}

static void lost_lengths(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    good(&b, ALICE);
    buf_u32(&b, 7);
    good(&b, BOB);
    AUTO(keybox_close) struct keybox *k = opened(buf_view(&b));
    expect_cert(k, ALICE);
    fails(k, ERR_MALFORMED);
}

static void cut_anywhere(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    good(&b, ALICE);
    size_t whole = b.len;
    good(&b, BOB);
    for (size_t len = whole + 1; len < b.len; len++) {
        AUTO(keybox_close) struct keybox *k = opened(slice_of(b.data, len));
        expect_cert(k, ALICE);
        fails(k, ERR_MALFORMED);
    }
}

/* As many bytes as a length claims are not taken before they are there. */
static void too_long(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    header(&b);
    buf_u32(&b, UINT32_MAX);
    buf_u32(&b, 0x02010000);
    buf_u32(&b, 16);
    AUTO(keybox_close) struct keybox *k = opened(buf_view(&b));
    fails(k, ERR_MALFORMED);
}

static void no_keybox(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct keybox *k = NULL;
    header(&b);
    FAILS(ERR_MALFORMED, keybox_open(kit_pieces(SLICE_EMPTY), &k));
    FAILS(ERR_MALFORMED, keybox_open(kit_pieces(cert_of(ALICE)), &k));
    FAILS(ERR_MALFORMED, keybox_open(kit_pieces(slice_of(b.data, KEYBOX_START - 1)), &k));
    assert_null(k);
    assert_true(keybox_is(slice_of(b.data, KEYBOX_START)));
    FAILS(ERR_IO, keybox_open(kit_failing(buf_view(&b), 5), &k));
}

/* GnuPG's own, and what has crashed another reader: a header alone, with odd flags. */
static void of_gnupg(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t n;
        const char *first;
    } files[] = {
        {"keyrings/keybox-g23.kbx", 7, "A9E816B10DAFCA086AF878BB2651229E2D4DADF5"},
        {"keyrings/keybox-g23-v5.kbx", 5,
         "817F60336BB9D133B59F1B91FDEBE36796C1B2F47907BAB49A7EB981DC719DC0"},
        {"keyrings/keybox-mixed-g10.kbx", 12, "091C44CE9CFBC3FF7EC7A64DC8A10A7D78273E10"},
        {"keyrings/keybox-rsa.kbx", 1, "4F2E62B74E6A4CD333BC19004BE147BB22DF1E60"},
        {"fuzz/rnp-kbx-crash", 0, ""},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[100];
        snprintf(path, sizeof path, "fixtures/%s", files[i].file);
        AUTO(keybox_close) struct keybox *k = opened(unit_specdata(path));
        for (size_t n = 0; n < files[i].n; n++) {
            AUTO(cert_free) struct cert *c = NULL;
            char fpr[FPR_TEXT_SIZE];
            err *bad = NULL;
            OK(keybox_next(k, &c, &bad));
            OK(bad);
            assert_non_null(c);
            fingerprint_text(cert_fingerprint(c), fpr);
            if (n == 0)
                assert_string_equal(fpr, files[i].first);
        }
        expect_end(k);
    }
}

/* Any octet changed, and cut anywhere: it ends, and nothing is lost that lies before. */
static void changed(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    const struct feed f = {0};
    header(&b);
    good(&b, ALICE);
    good(&b, BOB);
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] ^= (uint8_t)(1 << i % 8);
        feed_keybox(&f, buf_view(&b));
        b.data[i] ^= (uint8_t)(1 << i % 8);
        feed_keybox(&f, slice_of(b.data, i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order),
        cmocka_unit_test(two_in_one),
        cmocka_unit_test(bad_ones_cost_nothing_else),
        cmocka_unit_test(lost_lengths),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(too_long),
        cmocka_unit_test(no_keybox),
        cmocka_unit_test(of_gnupg),
        cmocka_unit_test(changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
