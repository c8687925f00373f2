/* What is to be thought of a signature over a document: each rule by itself, with a
 * signature or a certificate that breaks it [RFC9580 5.2.3.10, 5.2.5, 9.5, 10.3.2.2]. */
#include "unit.h"
#include "craft.h"
#include "keys.h"
#include "kit.h"

#include "crypto/algo.h"
#include "pgp/verify.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400 };
enum { SIGNED = START + 100 * DAY, NOW = START + 1000 * DAY };

static const char document[] = "The meeting is at noon.\n";

/* How a signature is judged; what is not said is usual. */
struct question {
    struct slice packet;
    const struct craft *cert, *second; /* those at hand */
    const struct policy *policy;
    int64_t now;
    const struct fingerprint *recipient; /* of the message that it was in */
    bool encrypted;
};

static struct verdict_list judged(const struct question *q)
{
    struct key_ring ring = {.certs = {craft_cert(q->cert)}};
    struct world world = unit_world(q->now != 0 ? q->now : NOW, 1);
    struct verdict_list verdicts = {0};
    struct source *sigs = kit_pieces(q->packet);
    struct source *text = kit_pieces(slice_of_string(document));
    if (q->second != NULL)
        ring.certs[1] = craft_cert(q->second);
    keys_ring(&ring);
    struct verify_params p = {.finder = &ring.finder,
                              .policy = q->policy != NULL ? q->policy : &policy_default,
                              .world = &world,
                              .encrypted = q->encrypted};
    if (q->recipient != NULL)
        p.recipient = *q->recipient;
    OK(verify_detached(sigs, text, &p, &verdicts));
    source_close(sigs);
    source_close(text);
    cert_free(ring.certs[0]);
    cert_free(ring.certs[1]);
    assert_int_equal(verdicts.n, 1);
    return verdicts;
}

/* text is part of the reason, or of the remark where the signature is good. */
static void expect_answer(const struct question *q, enum verdict_status status, const char *text)
{
    char said[512];
    CLEANUP(verdict_list_clear) struct verdict_list l = judged(q);
    const struct verdict *v = &l.items[0];
    err_text(status == VERDICT_GOOD ? v->remark : v->reason, said, sizeof said);
    if (v->status != status || (text == NULL ? said[0] != '\0' : strstr(said, text) == NULL))
        fail_msg("%s: %s\nnot %s: %s", verdict_status_name(v->status), said,
                 verdict_status_name(status), text == NULL ? "nothing to say" : text);
}

static struct slice signed_by(enum craft_who who, struct craft_sig sig)
{
    sig.at = sig.at != 0 ? sig.at : SIGNED;
    return craft_sign_document(craft_key(who), slice_of_string(document), &sig);
}

/* A certificate whose primary key signs; with this on the primary key, if it has a type. */
static struct craft signer(enum craft_who who, const struct craft_sig *more)
{
    struct craft c = craft_start(craft_key(who));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .flags = 3});
    if (more != NULL)
        craft_sign_it(&c, more);
    return c;
}

static void expect_sig(enum craft_who who, struct craft_sig sig, enum verdict_status status,
                       const char *text)
{
    struct craft c = signer(who, NULL);
    expect_answer(&(struct question){.packet = signed_by(who, sig), .cert = &c}, status, text);
}

/* The signature itself */

static void good_signatures_are_good(void **state)
{
    (void)state;
    expect_sig(ALICE, (struct craft_sig){0}, VERDICT_GOOD, NULL);
    expect_sig(CAROL, (struct craft_sig){0}, VERDICT_GOOD, NULL);
    expect_sig(DAVE, (struct craft_sig){0}, VERDICT_GOOD, NULL);
    expect_sig(ALICE, (struct craft_sig){.forged = true}, VERDICT_BAD, "was changed");
}

static void times_of_signatures(void **state)
{
    (void)state;
    expect_sig(ALICE, (struct craft_sig){.at = NOW + 3600}, VERDICT_REJECTED, "in the future");
    expect_sig(ALICE, (struct craft_sig){.expires = NOW - SIGNED}, VERDICT_REJECTED, "has expired");
    expect_sig(ALICE, (struct craft_sig){.expires = NOW - SIGNED + 1}, VERDICT_GOOD, NULL);
    expect_sig(ALICE, (struct craft_sig){.at = START - 1}, VERDICT_REJECTED, "made before the key");
    expect_sig(ALICE, (struct craft_sig){.at = START}, VERDICT_GOOD, NULL);
    expect_sig(ALICE, (struct craft_sig){.bare = true}, VERDICT_UNUSABLE, "when it was made");
}

static struct slice with_issuers(const struct slice *ids, size_t n)
{
    struct buf *b = unit_keep();
    for (size_t i = 0; i < n; i++)
        subpacket_write(b, SUB_ISSUER, false, ids[i]);
    return signed_by(
        ALICE, (struct craft_sig){.bare = true,
                                  .hashed = craft_sub(SUB_CREATED, true, unit_hex("5A0D0A00")),
                                  .unhashed = buf_view(b)});
}

/* What is not hashed anybody can have added, in front of the true one or behind it. */
static void others_that_are_said_to_have_signed(void **state)
{
    (void)state;
    struct craft c = signer(ALICE, NULL);
    struct slice ids[9];
    struct slice alice = SLICE_OF(craft_key(ALICE)->public.id.bytes);
    for (size_t true_at = 0; true_at < 9; true_at++) {
        for (size_t i = 0; i < 9; i++)
            ids[i] = i == true_at ? alice : unit_hex("AAAABBBBCCCCDDDD");
        struct question q = {.packet = with_issuers(ids, 9), .cert = &c};
        if (true_at < 8)
            expect_answer(&q, VERDICT_GOOD, NULL);
        else /* there is an end to trying */
            expect_answer(&q, VERDICT_UNKNOWN_SIGNER, "not here");
    }
}

/* Only two types say something about a document [RFC9580 5.2.1]. */
static void types_of_signatures(void **state)
{
    (void)state;
    static const uint8_t types[] = {SIG_STANDALONE,
                                    SIG_CERT_GENERIC,
                                    SIG_CERT_PERSONA,
                                    SIG_CERT_CASUAL,
                                    SIG_CERT_POSITIVE,
                                    SIG_SUBKEY_BINDING,
                                    SIG_PRIMARY_BINDING,
                                    SIG_DIRECT_KEY,
                                    SIG_KEY_REVOCATION,
                                    SIG_SUBKEY_REVOCATION,
                                    SIG_CERT_REVOCATION,
                                    SIG_TIMESTAMP,
                                    SIG_THIRD_PARTY,
                                    0x03,
                                    0xFF};
    for (size_t i = 0; i < sizeof types; i++)
        expect_sig(ALICE, (struct craft_sig){.type = types[i]}, VERDICT_UNUSABLE,
                   "says nothing about a document");
}

/* [RFC9580 5.2.3.7, 5.2.3.24] */
static void what_is_critical_must_be_understood(void **state)
{
    (void)state;
    struct slice note = unit_hex("80000000 0003 0001 612E62 63");
    for (int critical = 0; critical < 2; critical++) {
        const struct craft_sig unknown = {.hashed = craft_sub(99, critical, unit_hex("00"))};
        const struct craft_sig notation = {.hashed = craft_sub(SUB_NOTATION, critical, note)};
        enum verdict_status status = critical ? VERDICT_UNUSABLE : VERDICT_GOOD;
        expect_sig(ALICE, unknown, status, critical ? "a critical subpacket" : NULL);
        expect_sig(CAROL, notation, status, critical ? "a critical notation" : NULL);
    }
    /* Where it is not hashed, nobody has signed it. */
    expect_sig(ALICE, (struct craft_sig){.unhashed = craft_sub(99, true, unit_hex("00"))},
               VERDICT_GOOD, NULL);
}

static struct slice created_at(uint32_t at)
{
    struct buf *b = unit_keep();
    subpacket_write_u32(b, SUB_CREATED, true, at);
    return buf_view(b);
}

/* [RFC9580 5.2.3, 10.3.2.2] */
static void versions_and_salts(void **state)
{
    (void)state;
    expect_sig(CAROL, (struct craft_sig){.more_salt = 1}, VERDICT_UNUSABLE, "the salt");
    expect_sig(ALICE, (struct craft_sig){.version = 6}, VERDICT_UNUSABLE, "another version");
    expect_sig(CAROL, (struct craft_sig){.version = 4}, VERDICT_UNUSABLE, "another version");
    /* Without the issuer's fingerprint it is the key that does not fit. */
    struct craft_sig anonymous = {.bare = true, .hashed = created_at(SIGNED)};
    anonymous.version = 4;
    anonymous.unhashed = craft_sub(SUB_ISSUER, false, SLICE_OF(craft_key(CAROL)->public.id.bytes));
    expect_sig(CAROL, anonymous, VERDICT_BAD, "was changed");
}

/* Hashes and keys: by when it was made, and by a policy of the past where one is asked. */
static void weak_hashes(void **state)
{
    (void)state;
    const struct policy past = policy_as_of(1262300000); /* 2009-12-31 */
    const struct craft_sig sha1 = {.hash = HASH_SHA1}, md5 = {.hash = HASH_MD5};
    struct craft c = signer(DAVE, NULL);
    expect_sig(DAVE, sha1, VERDICT_REJECTED, "made with SHA1, which is not accepted since 2014");
    expect_sig(DAVE, md5, VERDICT_REJECTED, "made with MD5, which is broken");
    expect_answer(&(struct question){.packet = signed_by(DAVE, sha1), .cert = &c, .policy = &past},
                  VERDICT_GOOD, NULL);
    expect_answer(&(struct question){.packet = signed_by(DAVE, md5), .cert = &c, .policy = &past},
                  VERDICT_GOOD, NULL);
}

/* Recipients [RFC9580 5.2.3.36] */

static struct slice intended(enum craft_who who)
{
    struct buf *b = unit_keep();
    subpacket_write_fingerprint(b, SUB_INTENDED_RECIPIENT, true, &craft_key(who)->public.fpr);
    return buf_view(b);
}

static void expect_for(struct slice hashed, enum craft_who reader, bool encrypted,
                       const char *problem)
{
    struct craft c = signer(ALICE, NULL);
    const struct question q = {.packet = signed_by(ALICE, (struct craft_sig){.hashed = hashed}),
                               .cert = &c,
                               .recipient = encrypted ? &craft_key(reader)->public.fpr : NULL,
                               .encrypted = encrypted};
    expect_answer(&q, problem == NULL ? VERDICT_GOOD : VERDICT_REJECTED, problem);
}

static void signatures_are_for_their_recipients(void **state)
{
    (void)state;
    struct slice bob = intended(BOB), both = unit_joined(intended(BOB), intended(CAROL));
    expect_for(bob, BOB, true, NULL);
    expect_for(both, BOB, true, NULL);
    expect_for(both, CAROL, true, NULL);
    expect_for(bob, CAROL, true, "made for another recipient");
    expect_for(bob, BOB, false, "made for an encrypted message");
    expect_for(SLICE_EMPTY, BOB, true, NULL);
}

/* The key */

static void expect_cert(const struct craft *c, enum craft_who who, enum verdict_status status,
                        const char *text)
{
    const struct question q = {.packet = signed_by(who, (struct craft_sig){0}), .cert = c};
    expect_answer(&q, status, text);
}

/* What has changed since takes nothing away, unless the key was stolen
 * [RFC9580 5.2.3.31]. */
static void revoked_signers(void **state)
{
    (void)state;
    static const char not_then[] = "the signing key was not valid: revoked on";
    static const char not_now[] = "the signing key is not valid any more: revoked on";
    static const struct {
        uint32_t at;
        const char *reason;
        enum verdict_status status;
        const char *text;
    } cases[] = {
        {SIGNED - DAY, "\x01", VERDICT_REJECTED, not_then},
        {SIGNED, "\x03", VERDICT_REJECTED, not_then},
        {SIGNED + DAY, "\x01", VERDICT_GOOD, not_now},
        {SIGNED + DAY, "\x03", VERDICT_GOOD, not_now},
        {SIGNED + DAY, "\x02", VERDICT_REJECTED, not_then},
        {SIGNED + DAY, "", VERDICT_REJECTED, not_then},
        {SIGNED + DAY, "\x64", VERDICT_REJECTED, not_then},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct craft c = signer(ALICE,
                                &(struct craft_sig){.type = SIG_KEY_REVOCATION,
                                                    .at = cases[i].at,
                                                    .reason = slice_of_string(cases[i].reason)});
        expect_cert(&c, ALICE, cases[i].status, cases[i].text);
    }
}

static void expired_signers(void **state)
{
    (void)state;
    struct craft_sig renewed = {
        .type = SIG_DIRECT_KEY, .at = START + 1, .flags = 3, .key_expires = SIGNED - START};
    struct craft c = signer(ALICE, &renewed);
    expect_cert(&c, ALICE, VERDICT_REJECTED, "the signing key was not valid: expired on");
    renewed.key_expires += 1;
    c = signer(ALICE, &renewed);
    expect_cert(&c, ALICE, VERDICT_GOOD, "is not valid any more: expired on");
}

static void keys_that_do_not_sign(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .flags = 1});
    expect_cert(&c, ALICE, VERDICT_REJECTED, "not meant for signing");
    c = craft_start(craft_key(ALICE));
    expect_cert(&c, ALICE, VERDICT_GOOD, NULL); /* stripped of all it said */
}

/* A subkey signs for the certificate only if both have said so. */
static void signing_subkeys(void **state)
{
    (void)state;
    struct craft_sig bind = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = FLAG_SIGN};
    struct craft good = signer(ALICE, NULL), lone = signer(ALICE, NULL), bare = signer(ALICE, NULL);
    craft_subkey(&good, craft_key(ALICE_SIGN));
    craft_subkey(&lone, craft_key(ALICE_SIGN));
    craft_subkey(&bare, craft_key(ALICE_SIGN));
    craft_sign_it(&lone, &bind);
    bind.embedded = craft_back(&good, craft_key(ALICE_SIGN), &(struct craft_sig){.at = SUBKEYS});
    craft_sign_it(&good, &bind);
    expect_cert(&good, ALICE_SIGN, VERDICT_GOOD, NULL);
    expect_cert(&lone, ALICE_SIGN, VERDICT_REJECTED, "does not confirm its binding");
    expect_cert(&bare, ALICE_SIGN, VERDICT_REJECTED, "subkey without a valid binding signature");
    /* Who puts it into his own certificate does not take it away. */
    const struct question q = {
        .packet = signed_by(ALICE_SIGN, (struct craft_sig){0}), .cert = &lone, .second = &good};
    expect_answer(&q, VERDICT_GOOD, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_signatures_are_good),
        cmocka_unit_test(times_of_signatures),
        cmocka_unit_test(others_that_are_said_to_have_signed),
        cmocka_unit_test(types_of_signatures),
        cmocka_unit_test(what_is_critical_must_be_understood),
        cmocka_unit_test(versions_and_salts),
        cmocka_unit_test(weak_hashes),
        cmocka_unit_test(signatures_are_for_their_recipients),
        cmocka_unit_test(revoked_signers),
        cmocka_unit_test(expired_signers),
        cmocka_unit_test(keys_that_do_not_sign),
        cmocka_unit_test(signing_subkeys),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
