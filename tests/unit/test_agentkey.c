/* Secret keys in the files of GnuPG's agent become packets: each form, wrong passphrases,
 * and no file that has been touched. */
#include "unit.h"
#include "craft.h"
#include "keys.h"

#include "crypto/mpi.h"
#include "keyring/agentkey.h"
#include "pgp/cert.h"

static const struct s2k_limits limits = {.argon2_kib = 1 << 10, .work_kib = 1 << 12};

static struct agentkey *parsed(struct slice file)
{
    struct agentkey *k = NULL;
    OK(agentkey_parse(file, &k));
    return k;
}

static struct cert *cert_in(const char *file)
{
    struct cert *c = NULL;
    OK(cert_parse(unit_vector(file), &c));
    return c;
}

/* The component of c whose key is in the file. */
static const struct component *owner(const struct cert *c, const struct agentkey *k)
{
    const struct component *found = NULL;
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
        if (is_key && agentkey_is_of(k, &x->key)) {
            assert_null(found);
            found = x;
        }
    }
    return found;
}

static err *write_with(const struct agentkey *k, const struct pubkey *p, const char *passphrase,
                       struct buf *body)
{
    AUTO(secret_free) struct secret *s = NULL;
    if (passphrase != NULL)
        s = unit_secret(slice_of_string(passphrase));
    return agentkey_write(k, p, PACKET_SECRET_SUBKEY, s, &limits, keys_world(), body);
}

/* The packet opens with this passphrase, and with no other. */
static void expect_packet(struct slice body, const struct pubkey *p, const char *passphrase)
{
    AUTO(secret_free) struct secret *s = NULL, *fields = NULL, *wrong = NULL;
    struct reader r = reader_init(body, "packet");
    struct seckey k;
    OK(seckey_parse(&r, PACKET_SECRET_SUBKEY, &k));
    SAME(k.public.body, p->body);
    assert_int_equal(k.state, passphrase == NULL ? SECKEY_UNPROTECTED : SECKEY_PROTECTED);
    s = unit_secret(slice_of_string(passphrase == NULL ? "" : passphrase));
    OK(seckey_unlock(&k, s, &s2k_default_limits, &fields));
    wrong = unit_secret(SLICE_TEXT("wrong"));
    if (passphrase != NULL)
        FAILS(ERR_LOCKED, seckey_unlock(&k, wrong, &s2k_default_limits, &fields));
}

static const struct {
    const char *cert, *key;
} protected[] = {
    {"gnupg/2.2-cert.pgp", "gnupg/2.2-ed25519.key"},
    {"gnupg/2.2-cert.pgp", "gnupg/2.2-cv25519.key"},
    {"gnupg/2.2-cert.pgp", "gnupg/2.2-rsa.key"},
    {"gnupg/2.4-cert.pgp", "gnupg/2.4-ed25519.key"},
    {"gnupg/2.4-cert.pgp", "gnupg/2.4-cv25519.key"},
    {"gnupg/2.4-cert.pgp", "gnupg/2.4-p256.key"},
    {"gnupg/2.4-cert.pgp", "gnupg/2.4-rsa.key"},
};
enum { N_PROTECTED = sizeof protected / sizeof *protected };

static void by_passphrase(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PROTECTED; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
        AUTO(cert_free) struct cert *c = cert_in(protected[i].cert);
        AUTO(agentkey_free) struct agentkey *k = parsed(unit_vector(protected[i].key));
        const struct component *x = owner(c, k);
        assert_non_null(x);
        assert_int_equal(agentkey_form(k), AGENTKEY_SEALED);
        FAILS(ERR_LOCKED, write_with(k, &x->key, NULL, &body));
        FAILS(ERR_LOCKED, write_with(k, &x->key, "Secret", &body));
        FAILS(ERR_LOCKED, write_with(k, &x->key, "", &body));
        assert_int_equal(body.len, 0);
        OK(write_with(k, &x->key, "secret", &body));
        expect_packet(buf_view(&body), &x->key, "secret");
    }
}

static void of_another_certificate(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    AUTO(cert_free) struct cert *c = cert_in("gnupg/2.2-cert.pgp");
    AUTO(agentkey_free) struct agentkey *k = parsed(unit_vector("gnupg/2.4-ed25519.key"));
    assert_null(owner(c, k));
    FAILS(ERR_MALFORMED, write_with(k, cert_primary(c), "secret", &body));
}

/* Files made from a key of ours. */

struct made {
    const char *algo;  /* the list's beginning, up to the parameters */
    const char *names; /* of the parameters in the order of the packet */
    size_t n_public;   /* of these are public */
    size_t skipped;    /* octets before the first in the packet */
    enum craft_who who;
};

static const struct made rsa = {"(rsa ", "nedpqu", 2, 0, DAVE};
static const struct made ed25519 = {"(ecc (curve Ed25519)(flags eddsa)", "qd", 1, 10, ALICE};

/* "(n #..#)(e #..#)" from the next n integers of r. */
static void add_params(struct buf *b, struct reader *r, const char *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "(%c #", names[i]);
        text_hex_to(b, mpi_read(r));
        buf_text(b, "#)\n ");
    }
}

static struct reader public_fields(const struct made *m)
{
    struct reader r = reader_init(craft_key(m->who)->public.material, "public");
    reader_bytes(&r, m->skipped);
    return r;
}

/* "(private-key (rsa ...", open for what follows the parameters; and its end. */
static struct buf *begin_file(const struct made *m, const char *title)
{
    struct buf *b = unit_keep();
    struct reader r = public_fields(m);
    buf_printf(b, "Label: x\nkey:(%s %s", title, m->algo);
    add_params(b, &r, m->names, m->n_public);
    return b;
}

static struct slice end_file(struct buf *b)
{
    buf_text(b, "))\nToken: more\n");
    return buf_view(b);
}

static struct slice open_file(const struct made *m)
{
    struct buf *b = begin_file(m, "private-key");
    struct reader r = reader_init(secret_view(craft_key(m->who)->secret), "secret");
    add_params(b, &r, m->names + m->n_public, strlen(m->names) - m->n_public);
    return end_file(b);
}

static void expect_form(struct slice file, enum agentkey_form form, enum craft_who who,
                        struct buf *body)
{
    AUTO(agentkey_free) struct agentkey *k = parsed(file);
    assert_int_equal(agentkey_form(k), form);
    OK(write_with(k, &craft_key(who)->public, NULL, body));
}

static void not_protected(void **state)
{
    (void)state;
    static const struct made *const made[] = {&rsa, &ed25519};
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
        expect_form(open_file(made[i]), AGENTKEY_OPEN, made[i]->who, &body);
        expect_packet(buf_view(&body), &craft_key(made[i]->who)->public, NULL);
    }
}

/* The same key as one of version 5, which GnuPG makes on some curves. */
static void of_version_5(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(1 << 16);
    const struct pubkey *alice = &craft_key(ALICE)->public;
    static const char *const passphrases[] = {NULL, "secret"};
    struct pubkey v5;
    buf_u8(&public, 5);
    buf_u32(&public, alice->created_at);
    buf_u8(&public, alice->algo);
    buf_u32(&public, (uint32_t)alice->material.len);
    buf_bytes(&public, alice->material);
    struct reader r = reader_init(buf_view(&public), "public");
    OK(pubkey_parse(&r, &v5));
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
        AUTO(secret_free) struct secret *s = NULL;
        if (passphrases[i] != NULL)
            s = unit_secret(slice_of_string(passphrases[i]));
        OK(seckey_write(&body, &v5, PACKET_SECRET_SUBKEY, craft_key(ALICE)->secret, s,
                        keys_world()));
        expect_packet(buf_view(&body), &v5, passphrases[i]);
    }
    CLEANUP(buf_clear) struct buf taken = BUF_EMPTY(1 << 16);
    AUTO(agentkey_free) struct agentkey *k = parsed(open_file(&ed25519));
    OK(write_with(k, &v5, NULL, &taken));
    expect_packet(buf_view(&taken), &v5, NULL);
}

/* The packet of a protected key, as the agent takes it apart. */
static void as_it_came(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf packet = BUF_EMPTY(1 << 16), body = BUF_EMPTY(1 << 16);
    AUTO(secret_free) struct secret *passphrase = unit_secret(SLICE_TEXT("secret"));
    const struct craft_key *key = craft_key(ALICE);
    struct seckey k;
    OK(seckey_write(&packet, &key->public, PACKET_SECRET_SUBKEY, key->secret, passphrase,
                    keys_world()));
    struct reader r = reader_init(buf_view(&packet), "packet");
    OK(seckey_parse(&r, PACKET_SECRET_SUBKEY, &k));
    struct buf *file = begin_file(&ed25519, "protected-private-key");
    buf_text(file, "(protected openpgp-native (openpgp-private-key (version \"4\")(algo EdDSA)"
                   "(skey _ #00# e #");
    text_hex_to(file, k.content);
    buf_text(file, "#)(csum \"0\")(protection sha1 AES256 #");
    text_hex_to(file, k.iv);
    buf_text(file, "# \"3\" SHA256 #");
    text_hex_to(file, slice_of(k.s2k.salt, S2K_SALT));
    buf_printf(file, "# \"%u\")))", k.s2k.count);
    expect_form(end_file(file), AGENTKEY_OPENPGP, ALICE, &body);
    SAME(buf_view(&body), buf_view(&packet));
}

static void as_it_came_without_protection(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    struct buf *file = begin_file(&ed25519, "protected-private-key");
    struct reader r = reader_init(secret_view(craft_key(ALICE)->secret), "secret");
    buf_text(file, "(protected openpgp-native (openpgp-private-key (version \"4\")(algo EdDSA)"
                   "(skey _ #00# _ #");
    text_hex_to(file, mpi_read(&r));
    buf_text(file, "#)(csum \"0\")(protection none)))");
    expect_form(end_file(file), AGENTKEY_OPENPGP, ALICE, &body);
    expect_packet(buf_view(&body), &craft_key(ALICE)->public, NULL);
}

static void on_a_card(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    struct buf *file = begin_file(&ed25519, "shadowed-private-key");
    struct seckey k;
    buf_text(file, "(shadowed t1-v1 (#D2760001240102000005000011730000# OPENPGP.1))");
    expect_form(end_file(file), AGENTKEY_CARD, ALICE, &body);
    struct reader r = reader_init(buf_view(&body), "packet");
    OK(seckey_parse(&r, PACKET_SECRET_SUBKEY, &k));
    assert_true(seckey_is_on_card(&k));
    SAME(k.content, unit_hex("10 D2760001240102000005000011730000"));
}

static void elsewhere(void **state)
{
    (void)state;
    static const char *const ends[][2] = {
        {"shadowed-private-key", "(shadowed tpm2-v1 (#01#))"},
        {"protected-private-key", "(protected openpgp-s2k4-rot13 ((x)) #00#)"},
    };
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
        struct buf *file = begin_file(&ed25519, ends[i][0]);
        buf_text(file, ends[i][1]);
        AUTO(agentkey_free) struct agentkey *k = parsed(end_file(file));
        assert_int_equal(agentkey_form(k), AGENTKEY_OTHER);
        FAILS(ERR_UNSUPPORTED, write_with(k, &craft_key(ALICE)->public, "secret", &body));
    }
}

static void no_key(void **state)
{
    (void)state;
    static const char *const files[] = {
        "",
        "Created: 20260101T000000\n",
        "()",
        "(private-key)",
        "(private-key rsa)",
        "(private-key (rsa)) more",
        "(private-key ())",
        "(public-key (rsa (n #01#)))",
        "(protected-private-key (rsa (n #01#)))",
        "(protected-private-key (rsa (n #01#)(protected)))",
        "(protected-private-key (rsa (n #01#)(protected openpgp-native)))",
        "(shadowed-private-key (rsa (n #01#)))",
        "Key: (private-key (rsa (n #01#)))\nKey: (private-key (rsa (n #01#)))\nKey: (\n (",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct agentkey *k = NULL;
        bool last = i == sizeof files / sizeof *files - 1; /* the first one counts */
        err *e = agentkey_parse(slice_of_string(files[i]), &k);
        assert_int_equal(err_kind_of(e), last ? ERR_NONE : ERR_MALFORMED);
        err_free(e);
        agentkey_free(k);
    }
}

/* A secret that is not that of the public key is not taken. */
static void wrong_secret(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    struct buf *file = begin_file(&ed25519, "private-key");
    struct reader r = reader_init(secret_view(craft_key(BOB)->secret), "secret");
    add_params(file, &r, "d", 1);
    AUTO(agentkey_free) struct agentkey *k = parsed(end_file(file));
    FAILS(ERR_MALFORMED, write_with(k, &craft_key(ALICE)->public, NULL, &body));
}

/* Changed files. */

/* What is accepted of it is the secret that was there. */
static void try_changed(struct slice file, const struct pubkey *p, const char *passphrase,
                        struct slice secret, size_t *accepted)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    AUTO(agentkey_free) struct agentkey *k = NULL;
    AUTO(secret_free) struct secret *s = unit_secret(slice_of_string(passphrase)), *fields = NULL;
    struct seckey packet;
    err *e = agentkey_parse(file, &k);
    if (e == NULL)
        e = write_with(k, p, passphrase, &body);
    bool good = e == NULL;
    err_free(e);
    if (!good)
        return;
    struct reader r = reader_init(buf_view(&body), "packet");
    OK(seckey_parse(&r, PACKET_SECRET_SUBKEY, &packet));
    e = seckey_unlock(&packet, s, &s2k_default_limits, &fields);
    if (packet.state != SECKEY_ABSENT) {
        OK(e);
        SAME(secret_view(fields), secret);
    }
    err_free(e);
    (*accepted)++;
}

static size_t change_all(struct slice file, size_t from, size_t step, const struct pubkey *p,
                         const char *passphrase, struct slice secret)
{
    size_t accepted = 0;
    for (size_t i = from; i < file.len; i += step) {
        try_changed(unit_flipped(file, i * 8 + i / step % 5), p, passphrase, secret, &accepted);
        try_changed(slice_of(file.data, i), p, passphrase, secret, &accepted);
    }
    return accepted;
}

static struct secret *unlocked(const struct agentkey *k, const struct pubkey *p)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 16);
    AUTO(secret_free) struct secret *s = unit_secret(SLICE_TEXT("secret"));
    struct secret *fields = NULL;
    struct seckey packet;
    OK(write_with(k, p, "secret", &body));
    struct reader r = reader_init(buf_view(&body), "packet");
    OK(seckey_parse(&r, PACKET_SECRET_SUBKEY, &packet));
    OK(seckey_unlock(&packet, s, &s2k_default_limits, &fields));
    return fields;
}

/* All is under the digest or the tag, but blanks between the elements, and the end of the
 * last line. */
static void changed_protected(void **state)
{
    (void)state;
    static const size_t steps[N_PROTECTED] = {1, 5, 7, 1, 5, 5, 11};
    for (size_t i = 0; i < N_PROTECTED; i++) {
        struct slice file = unit_vector(protected[i].key);
        AUTO(cert_free) struct cert *c = cert_in(protected[i].cert);
        AUTO(agentkey_free) struct agentkey *k = parsed(file);
        const struct component *x = owner(c, k);
        AUTO(secret_free) struct secret *s = unlocked(k, &x->key);
        size_t from = file.data[0] == '(' ? 0 : strlen("Created: 20260101T000000\nKey:");
        size_t n = change_all(file, from, steps[i], &x->key, "secret", secret_view(s));
        assert_in_range(n, 0, 2);
    }
}

/* Names of curves and the like may change; the secret may not. */
static void changed_open(void **state)
{
    (void)state;
    const struct craft_key *key = craft_key(ALICE);
    size_t n = change_all(open_file(&ed25519), 0, 1, &key->public, "", secret_view(key->secret));
    assert_in_range(n, 1, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_passphrase),
        cmocka_unit_test(of_another_certificate),
        cmocka_unit_test(not_protected),
        cmocka_unit_test(of_version_5),
        cmocka_unit_test(as_it_came),
        cmocka_unit_test(as_it_came_without_protection),
        cmocka_unit_test(on_a_card),
        cmocka_unit_test(elsewhere),
        cmocka_unit_test(no_key),
        cmocka_unit_test(wrong_secret),
        cmocka_unit_test(changed_protected),
        cmocka_unit_test(changed_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
