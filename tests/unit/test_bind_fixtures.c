/* The validity of other programs' certificates: what their authors say it is. */
#include "unit.h"
#include "craft.h"
#include "kit.h"
#include "corpus.h"

#include "base/when.h"
#include "pgp/certfile.h"

struct expectation {
    const char *file;
    unsigned cert, component; /* by number, from 0 */
    const char *at;
    const char *problem; /* part of it; NULL: none */
};

#define NOW "2026-11-23"

/* fixtures/keys-validity/cases.txt says why.  Left out: the subkeys of primary keys that
 * have expired, whose problem is not their own; and case 13, where a user ID says that
 * the key never expires, which counts here more than what the direct key signature
 * says. */
static const struct expectation rnp_cases[] = {
    {"keys-validity/alice-case01.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case02.gpg", 0, 0, NOW, "no valid self-signature"},
    {"keys-validity/alice-case02.gpg", 1, 0, NOW, NULL},
    {"keys-validity/alice-case03.gpg", 0, 0, NOW, "no valid self-signature"},
    {"keys-validity/alice-case04.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case04.gpg", 0, 2, NOW, "the signature is wrong"},
    {"keys-validity/alice-case05.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case05.gpg", 0, 2, NOW, "subkey without a valid binding signature"},
    {"keys-validity/alice-case06.gpg", 0, 0, NOW, "revoked on 2020-01-03"},
    {"keys-validity/alice-case07.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case07.gpg", 0, 2, NOW, "compromised: Subkey is revoked."},
    {"keys-validity/alice-case08.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case08.gpg", 0, 1, NOW, NULL},
    {"keys-validity/alice-case09.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case09.gpg", 0, 2, NOW, NULL},
    {"keys-validity/alice-case10.gpg", 0, 0, NOW, "expired on 2019-12-26"},
    {"keys-validity/alice-case11.gpg", 0, 0, NOW, "expired on 2019-12-26"},
    {"keys-validity/alice-case12.gpg", 0, 0, NOW, "expired on 2019-12-26"},
    {"keys-validity/alice-case14.gpg", 0, 0, NOW, "expired on 2019-12-26"},
    {"keys-validity/alice-case15.gpg", 0, 0, NOW, NULL},
    {"keys-validity/alice-case15.gpg", 0, 2, NOW, "does not confirm its binding"},
};

static const struct expectation others[] = {
    {"keys-validity/adsk-pub.asc", 0, 0, NOW, NULL},
    {"keys-validity/adsk-pub.asc", 0, 2, NOW, NULL},
    {"keys-validity/adsk-pub.asc", 0, 2, "2028-02-18", "expired on 2028-02-17"},
    {"keys-validity/five-octet-subpacket-lengths.cert", 0, 0, NOW, NULL},
    {"keys-validity/five-octet-subpacket-lengths.cert", 0, 2, NOW, NULL},
    {"keys-validity/ecc-p256-revoked-key.asc", 0, 0, NOW, "revoked on 2019-05-02: superseded"},
    {"keys-validity/ecc-p256-revoked-key.asc", 0, 0, "2019-05-01", NULL},
    {"keys-validity/ecc-p256-revoked-sub.asc", 0, 0, NOW, NULL},
    {"keys-validity/ecc-p256-revoked-sub.asc", 0, 2, NOW, "revoked on 2019-04-30: compromised"},
    {"keys-validity/ecc-p256-revoked-sub.asc", 0, 2, "2019-04-29", "revoked on 2019-04-30"},
    {"keys-validity/ecc-p256-revoked-uid.asc", 0, 1, NOW, NULL},
    {"keys-validity/ecc-p256-revoked-uid.asc", 0, 2, NOW, "no longer valid: UID revocation test."},
    {"keys-validity/rsa-revoked-sec.asc", 0, 0, NOW, "revoked on 2021-05-28"},
    {"keys-validity/expired-key.asc", 0, 1, NOW, "expired"},
    {"keys-validity/future-key.asc", 0, 0, NOW, "created in the future, on 2038-01-01"},
    {"keys-validity/p256-forged-self-sig.pgp", 0, 0, NOW, "no valid self-signature"},
    {"keys-validity/p256-no-binding.pgp", 0, 2, NOW, "subkey without a valid binding signature"},
    {"keys-validity/critical-notation-self-sig.pgp", 0, 0, NOW, "no valid self-signature"},
    {"keys-validity/colliding-keyid-1.asc", 0, 0, NOW, NULL},
    {"keys-validity/colliding-keyid-2.asc", 0, 0, NOW, NULL},
    {"keys-rsa/rsa1024-sec.gpg", 0, 0, NOW, "RSA with 1024 bits is too weak"},
    {"keys-rsa/rsa4096-sec.gpg", 0, 0, NOW, NULL},
    {"keys-rsa/rsa-small-sig-sec.asc", 0, 0, NOW, NULL},
    {"keys-ecc/ecc-bp256-sec.asc", 0, 0, NOW, NULL},
    {"keys-ecc/ecc-bp384-sec.asc", 0, 2, NOW, NULL},
    {"keys-ecc/ecc-bp512-sec.asc", 0, 2, NOW, NULL},
    {"keys-ecc/ecc-secp256k1-sec.asc", 0, 2, NOW, NULL},
    {"keys-ecc/sm2-pub.asc", 0, 0, NOW, "the primary key cannot sign"},
    {"keys-v3/pgp263-test.pub.asc", 0, 1, NOW, "made with MD5, which is broken"},
    {"messages-signed/expired-signing-key-pub.asc", 0, 0, NOW, "expired on 2021-06-11"},
    {"messages-signed/key-rsas-rsae.asc", 0, 0, NOW, NULL},
};

/* The certificate with this number in a file; the caller frees. */
static struct cert *load(const char *path, unsigned number)
{
    struct certfile *f = NULL;
    struct cert *c = NULL;
    err *bad = NULL;
    OK(certfile_open(kit_pieces(unit_specdata(path)), &f));
    for (unsigned i = 0; i <= number; i++) {
        cert_free(c);
        OK(certfile_next(f, &c, &bad));
        assert_null(bad);
        assert_non_null(c);
    }
    certfile_close(f);
    return c;
}

static void check(const struct expectation *e)
{
    int64_t at;
    char path[256]; /* nothing to free where the test is skipped */
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    snprintf(path, sizeof path, "fixtures/%s", e->file);
    OK(when_parse(e->at, &at));
    AUTO(cert_free) struct cert *c = load(path, e->cert);
    OK(bind_cert(c, &policy_default, at, &b));
    assert_true(e->component < b->n);
    craft_problem(b->items[e->component].problem, e->problem, e->file, (int)e->component);
}

static void rnp_cases_are_judged_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rnp_cases / sizeof *rnp_cases; i++)
        check(&rnp_cases[i]);
}

static void certificates_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        check(&others[i]);
}

/* A signing subkey that rnp and GnuPG have bound, whose confirmation is in the
 * unhashed area. */
static void signing_subkeys_of_other_programs(void **state)
{
    (void)state;
    struct policy lenient = policy_default;
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    lenient.rsa_bits_min = 1024;
    AUTO(cert_free) struct cert *c = load("fixtures/keyrings/rnp-pubring.gpg", 0);
    OK(bind_cert(c, &lenient, 1501545600, &b)); /* 2017-08-01 */
    const struct bound *x = bound_find_key(b, FLAG_SIGN, PK_SIGNS);
    assert_non_null(x);
    assert_int_equal(x->component->kind, COMPONENT_SUBKEY);
}

/* The revocation certificate stands by itself, and goes behind the primary key. */
static void check_revoked(const char *cert_path, const char *revocation_path)
{
    struct slice cert = corpus_packets(unit_specdata(cert_path));
    struct slice revocation = corpus_packets(unit_specdata(revocation_path));
    struct buf *all = unit_keep();
    struct packet primary;
    struct reader r = reader_init(cert, "certificate");
    AUTO(cert_free) struct cert *c = NULL;
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(packet_next(&r, &primary));
    buf_bytes(all, primary.whole);
    buf_bytes(all, revocation);
    buf_bytes(all, slice_from(cert, primary.whole.len));
    OK(cert_parse(buf_view(all), &c));
    OK(bind_cert(c, &policy_default, 1795440493, &b));
    PROBLEM(bound_problem(b), "revoked on ");
}

static void revocation_certificates_revoke(void **state)
{
    (void)state;
    check_revoked("interop-certificates/alice.pgp", "interop-certificates/alice-revocation.pgp");
    check_revoked("interop-certificates/bob.pgp", "interop-certificates/bob-revocation.pgp");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rnp_cases_are_judged_alike),
        cmocka_unit_test(certificates_are_judged),
        cmocka_unit_test(signing_subkeys_of_other_programs),
        cmocka_unit_test(revocation_certificates_revoke),
    };
    return cmocka_run_group_tests_name("bind fixtures", tests, NULL, NULL);
}
