/* The network of trust in a keyring: what counts and why not, and what is kept of it. */
#include "unit.h"
#include "craft.h"
#include "home.h"

#include "crypto/algo.h"
#include "keyring/settings.h"
#include "keyring/store.h"
#include "keyring/trust.h"

enum { DAY = 86400, SAID = CRAFT_START + 10 * DAY, NOW = CRAFT_START + 100 * DAY };

/* What somebody says about somebody's user ID. */
struct word {
    enum craft_who by;
    uint8_t depth, amount; /* 0, 0: no trust subpacket */
    struct craft_sig sig;
};

static struct slice trust_subpacket(const struct word *w)
{
    const uint8_t body[2] = {w->depth, w->amount};
    return w->depth == 0 && w->amount == 0 ? SLICE_EMPTY
                                           : craft_sub(SUB_TRUST, true, SLICE_OF(body));
}

static void say(struct craft *c, const struct word *w)
{
    struct craft_sig s = w->sig;
    s.type = s.type != 0 ? s.type : SIG_CERT_GENERIC;
    s.at = s.at != 0 ? s.at : SAID;
    s.by = craft_key(w->by);
    s.hashed = unit_joined(trust_subpacket(w), s.hashed);
    craft_sign_it(c, &s);
}

static struct cert *person(enum craft_who who, const char *id, const struct word *words, size_t n)
{
    struct craft c = craft_start(craft_key(who));
    if (craft_key(who)->public.version == 6)
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = CRAFT_START});
    craft_user(&c, id);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    for (size_t i = 0; i < n; i++)
        say(&c, &words[i]);
    return craft_cert(&c);
}

static void put_cert(void *home, const struct cert *c)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    enum keyring_put ignored;
    OK(keyring_open(home, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    OK(keyring_put_local(k, c, &ignored));
    OK(keyring_commit(k));
}

static void put(void *home, enum craft_who who, const char *id, const struct word *words, size_t n)
{
    AUTO(cert_free) struct cert *c = person(who, id, words, n);
    put_cert(home, c);
}

/* Alice trusts Bob to introduce, for 60 of 120; Bob certifies Dave. */
static void put_chain(void *home)
{
    const struct word to_bob = {ALICE, 1, 60, {0}}, to_dave = {BOB, 0, 0, {0}};
    put(home, ALICE, "Alice", NULL, 0);
    put(home, BOB, "Bob", &to_bob, 1);
    put(home, DAVE, "Dave", &to_dave, 1);
}

static const struct fingerprint *fpr(enum craft_who who)
{
    return &craft_key(who)->public.fpr;
}

struct view {
    struct keyring *k;
    struct trust *t;
};

static void view_clear(struct view *v)
{
    trust_close(v->t);
    keyring_close(v->k);
}

/* With Alice as the root. */
static struct view look_with(void *home, const struct trust_opts *opts)
{
    const struct trust_root alice = {*fpr(ALICE), TRUST_FULL};
    struct trust_opts o = *opts;
    struct view v;
    o.policy = &policy_default;
    o.at = o.at != 0 ? o.at : NOW;
    o.roots = &alice;
    o.n_roots = 1;
    OK(keyring_open(home, KEYRING_READ, &v.k));
    OK(trust_open(v.k, &o, &v.t));
    return v;
}

static struct view look(void *home)
{
    return look_with(home, &(struct trust_opts){0});
}

static unsigned amount_in(const struct view *v, enum craft_who who, const char *id)
{
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    OK(trust_check(v->t, fpr(who), slice_of_string(id), TRUST_FULL, &a));
    return a.amount;
}

static unsigned amount_at(void *home, int64_t at, enum craft_who who, const char *id)
{
    CLEANUP(view_clear) struct view v = look_with(home, &(struct trust_opts){.at = at});
    return amount_in(&v, who, id);
}

static unsigned amount(void *home, enum craft_who who, const char *id)
{
    return amount_at(home, NOW, who, id);
}

/* The only thing that is said about somebody. */
static const struct trust_edge *only_edge(const struct view *v, enum craft_who who)
{
    struct trust_edges all = {0};
    OK(trust_edges_to(v->t, fpr(who), NULL, &all));
    assert_int_equal(all.n, 1);
    const struct trust_edge *e = all.items[0];
    vec_free(&all);
    return e;
}

static enum trust_fault fault_of(void *home, enum craft_who who)
{
    CLEANUP(view_clear) struct view v = look(home);
    return only_edge(&v, who)->fault;
}

static void trust_flows_along_a_chain(void **state)
{
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    put_chain(*state);
    CLEANUP(view_clear) struct view v = look(*state);
    OK(trust_check(v.t, fpr(DAVE), SLICE_TEXT("Dave"), TRUST_FULL, &a));
    assert_int_equal(a.amount, 60);
    assert_int_equal(a.paths.n, 1);
    const struct trust_path *p = &a.paths.items[0];
    assert_true(fingerprint_equal(&p->root->fpr, fpr(ALICE)));
    assert_int_equal(p->n_edges, 2);
    assert_true(fingerprint_equal(&p->edges[0]->subject->fpr, fpr(BOB)));
    assert_int_equal(p->edges[0]->depth, 1);
    SAME(p->edges[1]->user_id, SLICE_TEXT("Dave"));
    assert_int_equal(amount_in(&v, ALICE, "Alice"), 120);
    assert_int_equal(amount_in(&v, BOB, "Bob"), 60);
    assert_int_equal(amount_in(&v, DAVE, "Bob"), 0);
    assert_int_equal(amount_in(&v, CAROL, "Carol"), 0);
}

static void without_somebody_others_are_not_reached(void **state)
{
    put_chain(*state);
    CLEANUP(view_clear)
    struct view v = look_with(*state, &(struct trust_opts){.without = fpr(BOB), .n_without = 1});
    assert_int_equal(amount_in(&v, DAVE, "Dave"), 0);
    assert_int_equal(amount_in(&v, BOB, "Bob"), 0);
    assert_int_equal(amount_in(&v, ALICE, "Alice"), 120);
}

static void certifications_alone_carry_where_all_are_delegations(void **state)
{
    const struct word to_bob = {ALICE, 0, 0, {0}}, to_dave = {BOB, 0, 0, {0}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", &to_bob, 1);
    put(*state, DAVE, "Dave", &to_dave, 1);
    assert_int_equal(amount(*state, DAVE, "Dave"), 0);
    CLEANUP(view_clear)
    struct view v = look_with(*state, &(struct trust_opts){.certification_network = true});
    assert_int_equal(amount_in(&v, DAVE, "Dave"), 120);
}

/* What the user trusts by himself, as GnuPG's owner trust. */
static void an_introducer_must_be_certified(void **state)
{
    const struct trust_setting bob = {*fpr(BOB), TRUST_INTRODUCER, 40};
    const struct trust_setting alice = {*fpr(ALICE), TRUST_ROOT, 120};
    const struct word to_bob = {ALICE, 0, 0, {0}}, to_dave = {BOB, 0, 0, {0}};
    const struct trust_opts o = {.policy = &policy_default, .at = NOW};
    AUTO(keyring_close) struct keyring *k = NULL;
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", NULL, 0);
    put(*state, DAVE, "Dave", &to_dave, 1);
    OK(keyring_open(*state, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    OK(keyring_trust_put(k, &alice));
    OK(keyring_trust_put(k, &bob));
    OK(keyring_commit(k));
    for (unsigned expected = 0; expected <= 40; expected += 40) {
        struct view v = {.k = k};
        OK(trust_open(k, &o, &v.t));
        assert_int_equal(amount_in(&v, DAVE, "Dave"), expected);
        trust_close(v.t);
        put(*state, BOB, "Bob", &to_bob, 1);
    }
}

/* Why it does not count. */

static void expect_fault(void *home, const struct word *about_bob, enum trust_fault expected)
{
    put(home, ALICE, "Alice", NULL, 0);
    put(home, BOB, "Bob", about_bob, 1);
    assert_int_equal(fault_of(home, BOB), expected);
    assert_int_equal(amount(home, BOB, "Bob"), expected == TRUST_COUNTS ? 120 : 0);
}

static void one_that_counts(void **state)
{
    expect_fault(*state, &(struct word){ALICE, 0, 0, {0}}, TRUST_COUNTS);
}

static void forgeries_do_not_count(void **state)
{
    expect_fault(*state, &(struct word){ALICE, 0, 0, {.forged = true}}, TRUST_BAD);
}

static void what_has_expired_does_not_count(void **state)
{
    expect_fault(*state, &(struct word){ALICE, 0, 0, {.expires = DAY}}, TRUST_EXPIRED);
    assert_int_equal(amount_at(*state, SAID + DAY - 1, BOB, "Bob"), 120);
    assert_int_equal(amount_at(*state, SAID + DAY, BOB, "Bob"), 0);
}

static void the_future_does_not_count(void **state)
{
    expect_fault(*state, &(struct word){ALICE, 0, 0, {.at = NOW + 1}}, TRUST_NOT_YET);
}

static void who_is_not_here_does_not_count(void **state)
{
    expect_fault(*state, &(struct word){CAROL, 0, 0, {0}}, TRUST_NO_ISSUER);
}

static void amount_0_takes_trust_away(void **state)
{
    const struct word words[] = {{ALICE, 1, 120, {0}}, {ALICE, 1, 0, {.at = SAID + 1}}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", words, 2);
    assert_int_equal(amount_at(*state, SAID, BOB, "Bob"), 120);
    assert_int_equal(amount(*state, BOB, "Bob"), 0);
}

static void the_newest_counts(void **state)
{
    const struct word words[] = {{ALICE, 1, 120, {0}}, {ALICE, 0, 30, {.at = SAID + 1}}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", words, 2);
    assert_int_equal(amount(*state, BOB, "Bob"), 30);
}

/* A forged one must not take the place of a true one. */
static void a_newer_forgery_replaces_nothing(void **state)
{
    const struct word words[] = {{ALICE, 1, 120, {0}},
                                 {ALICE, 1, 0, {.at = SAID + 1, .forged = true}}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", words, 2);
    assert_int_equal(amount(*state, BOB, "Bob"), 120);
}

static void what_is_taken_back_counts_until_then(void **state)
{
    const struct word words[] = {
        {ALICE, 0, 0, {0}},
        {ALICE, 0, 0, {.type = SIG_CERT_REVOCATION, .at = SAID + DAY}},
        {ALICE, 0, 70, {.at = SAID + 2 * DAY}},
    };
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", words, 2);
    assert_int_equal(amount_at(*state, SAID + DAY - 1, BOB, "Bob"), 120);
    assert_int_equal(amount_at(*state, SAID + DAY, BOB, "Bob"), 0);
    assert_int_equal(fault_of(*state, BOB), TRUST_TAKEN_BACK);
    put(*state, BOB, "Bob", words, 3);
    assert_int_equal(amount(*state, BOB, "Bob"), 70);
}

/* Bob, who has retired his key on the 20th day; Alice has trusted him `said_at`. */
static void put_retired_bob(void *home, uint32_t said_at)
{
    struct craft c = craft_start(craft_key(BOB));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION,
                                          .at = CRAFT_START + 20 * DAY,
                                          .reason = SLICE_TEXT("\x03")});
    craft_user(&c, "Bob");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    say(&c, &(struct word){ALICE, 1, 60, {.at = said_at}});
    AUTO(cert_free) struct cert *made = craft_cert(&c);
    put_cert(home, made);
}

/* What Bob said while he was valid counts, if he was trusted then. */
static void nobody_can_be_trusted_who_has_retired(void **state)
{
    const struct word to_dave = {BOB, 0, 0, {0}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, DAVE, "Dave", &to_dave, 1);
    put_retired_bob(*state, CRAFT_START + 30 * DAY);
    assert_int_equal(amount(*state, DAVE, "Dave"), 0);
    assert_int_equal(fault_of(*state, BOB), TRUST_SUBJECT_INVALID);
    put_retired_bob(*state, CRAFT_START + 10 * DAY);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    assert_int_equal(amount(*state, BOB, "Bob"), 0);
}

static void weak_hashes_count_as_long_as_they_were_good(void **state)
{
    enum { LAST = 1675209599 }; /* the last second of SHA-1: pgp/policy.c */
    const struct word to_dave = {ALICE, 1, 120, {0}};
    const struct word then = {DAVE, 0, 0, {.at = LAST, .hash = HASH_SHA1}};
    const struct word later = {DAVE, 0, 0, {.at = LAST + 1, .hash = HASH_SHA1}};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, DAVE, "Dave", &to_dave, 1);
    put(*state, BOB, "Bob", &later, 1);
    assert_int_equal(amount_at(*state, LAST + DAY, BOB, "Bob"), 0);
    put(*state, BOB, "Bob", &then, 1);
    assert_int_equal(amount_at(*state, LAST + DAY, BOB, "Bob"), 120);
}

static void who_is_never_trusted_says_nothing(void **state)
{
    const struct trust_setting never = {*fpr(BOB), TRUST_NEVER, 0};
    AUTO(keyring_close) struct keyring *k = NULL;
    put_chain(*state);
    OK(keyring_open(*state, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    OK(keyring_trust_put(k, &never));
    OK(keyring_commit(k));
    assert_int_equal(fault_of(*state, DAVE), TRUST_ISSUER_REFUSED);
    assert_int_equal(amount(*state, DAVE, "Dave"), 0);
    assert_int_equal(amount(*state, BOB, "Bob"), 60);
}

static void a_miss_tells_what_is_in_the_way(void **state)
{
    const struct word to_bob = {ALICE, 0, 0, {0}}, to_dave = {BOB, 0, 0, {0}};
    struct trust_edges misses = {0};
    put(*state, ALICE, "Alice", NULL, 0);
    put(*state, BOB, "Bob", &to_bob, 1);
    put(*state, DAVE, "Dave", &to_dave, 1);
    CLEANUP(view_clear) struct view v = look(*state);
    OK(trust_misses(v.t, fpr(DAVE), SLICE_TEXT("Dave"), 10, &misses));
    assert_int_equal(misses.n, 1);
    assert_int_equal(misses.items[0]->fault, TRUST_TOO_SHORT);
    assert_true(fingerprint_equal(&misses.items[0]->subject->fpr, fpr(BOB)));
    vec_free(&misses);
}

/* What is kept. */

static size_t dossiers(void *home)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    OK(keyring_open(home, KEYRING_READ, &k));
    OK(db_query(k->certs, "SELECT count(*) FROM dossier", &q));
    OK(db_step(q, &row));
    return (size_t)db_int(q, 0);
}

/* Spoils every signature by turning over its last bit, behind the keyring's back. */
static void spoil_signatures(void *home)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    OK(keyring_open(home, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    for (int64_t id = 1; id <= 3; id++) {
        AUTO(db_done) struct db_query *read = NULL, *write = NULL;
        CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(1 << 20);
        bool row;
        OK(db_query(k->certs, "SELECT bytes FROM cert WHERE id = ?1", &read));
        db_bind_int(read, 1, id);
        OK(db_step(read, &row));
        assert_true(row);
        buf_bytes(&bytes, db_blob(read, 0));
        bytes.data[bytes.len - 1] ^= 1;
        OK(db_query(k->certs, "UPDATE cert SET bytes = ?2 WHERE id = ?1", &write));
        db_bind_int(write, 1, id);
        db_bind_blob(write, 2, buf_view(&bytes));
        OK(db_run(write));
    }
    OK(keyring_commit(k));
}

static void nothing_is_verified_twice(void **state)
{
    put_chain(*state);
    assert_int_equal(dossiers(*state), 0);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    assert_int_equal(dossiers(*state), 3);
    spoil_signatures(*state);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
}

static void a_changed_certificate_is_looked_at_anew(void **state)
{
    const struct word words[] = {{BOB, 0, 0, {0}}, {BOB, 0, 20, {.at = SAID + 1}}};
    put_chain(*state);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    put(*state, DAVE, "Dave", words, 2);
    assert_int_equal(dossiers(*state), 2);
    assert_int_equal(amount(*state, DAVE, "Dave"), 20);
}

static void damaged_dossiers_are_made_again(void **state)
{
    put_chain(*state);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    {
        AUTO(keyring_close) struct keyring *k = NULL;
        AUTO(db_done) struct db_query *q = NULL;
        OK(keyring_open(*state, KEYRING_WRITE, &k));
        OK(keyring_begin(k));
        OK(db_query(k->certs, "UPDATE dossier SET bytes = substr(bytes, 1, length(bytes) - 7)",
                    &q));
        OK(db_run(q));
        OK(keyring_commit(k));
    }
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
}

/* Another process has changed a certificate since it was looked at. */
static void what_has_changed_meanwhile_is_not_stored(void **state)
{
    const struct word words[] = {{BOB, 0, 0, {0}}, {BOB, 0, 20, {.at = SAID + 1}}};
    put_chain(*state);
    {
        CLEANUP(view_clear) struct view v = look(*state);
        assert_int_equal(amount_in(&v, DAVE, "Dave"), 60);
        put(*state, DAVE, "Dave", words, 2);
    }
    assert_int_equal(dossiers(*state), 2);
    assert_int_equal(amount(*state, DAVE, "Dave"), 20);
}

/* Bob, who may revoke Dave's key and has done so, comes later. */
static void a_revoker_may_come_later(void **state)
{
    const struct word to_dave = {ALICE, 0, 0, {0}};
    struct buf *revoker = unit_keep();
    buf_u8(revoker, 0x80);
    buf_u8(revoker, craft_key(BOB)->public.algo);
    buf_bytes(revoker, fingerprint_view(fpr(BOB)));
    struct craft c = craft_start(craft_key(DAVE));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_DIRECT_KEY,
                                .at = CRAFT_START,
                                .hashed = craft_sub(SUB_REVOCATION_KEY, true, buf_view(revoker))});
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = SAID + DAY, .by = craft_key(BOB)});
    craft_user(&c, "Dave");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    say(&c, &to_dave);
    AUTO(cert_free) struct cert *dave = craft_cert(&c);
    put(*state, ALICE, "Alice", NULL, 0);
    put_cert(*state, dave);
    assert_int_equal(amount(*state, DAVE, "Dave"), 120);
    put(*state, BOB, "Bob", NULL, 0);
    assert_int_equal(amount(*state, DAVE, "Dave"), 0);
}

/* Another process may be writing: the answer does not wait for it. */
static void a_question_waits_for_nobody(void **state)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    put_chain(*state);
    OK(keyring_open(*state, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    OK(keyring_commit(k));
    assert_int_equal(dossiers(*state), 0);
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
    assert_int_equal(dossiers(*state), 3);
}

/* Before version 5 nobody knew who has signed what. */
static void keyrings_of_version_4_learn_it(void **state)
{
    put_chain(*state);
    {
        AUTO(keyring_close) struct keyring *k = NULL;
        static const char *const back[] = {"DROP TABLE signer", "DROP TABLE dossier",
                                           "PRAGMA user_version = 4"};
        OK(keyring_open(*state, KEYRING_WRITE, &k));
        for (size_t i = 0; i < 3; i++) {
            AUTO(db_done) struct db_query *q = NULL;
            OK(db_query(k->certs, back[i], &q));
            OK(db_run(q));
        }
    }
    assert_int_equal(amount(*state, DAVE, "Dave"), 60);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(trust_flows_along_a_chain),
        IN_HOME(without_somebody_others_are_not_reached),
        IN_HOME(certifications_alone_carry_where_all_are_delegations),
        IN_HOME(an_introducer_must_be_certified),
        IN_HOME(one_that_counts),
        IN_HOME(forgeries_do_not_count),
        IN_HOME(what_has_expired_does_not_count),
        IN_HOME(the_future_does_not_count),
        IN_HOME(who_is_not_here_does_not_count),
        IN_HOME(amount_0_takes_trust_away),
        IN_HOME(the_newest_counts),
        IN_HOME(a_newer_forgery_replaces_nothing),
        IN_HOME(what_is_taken_back_counts_until_then),
        IN_HOME(nobody_can_be_trusted_who_has_retired),
        IN_HOME(weak_hashes_count_as_long_as_they_were_good),
        IN_HOME(who_is_never_trusted_says_nothing),
        IN_HOME(a_miss_tells_what_is_in_the_way),
        IN_HOME(nothing_is_verified_twice),
        IN_HOME(a_changed_certificate_is_looked_at_anew),
        IN_HOME(damaged_dossiers_are_made_again),
        IN_HOME(what_has_changed_meanwhile_is_not_stored),
        IN_HOME(a_revoker_may_come_later),
        IN_HOME(a_question_waits_for_nobody),
        IN_HOME(keyrings_of_version_4_learn_it),
    };
    return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
