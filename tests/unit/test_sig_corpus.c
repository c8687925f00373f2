/* Every signature of the vectors, read and written again byte for byte. */
#include "unit.h"
#include "corpus.h"

#include "packet/packet.h"
#include "packet/sig.h"

struct tally {
    size_t n, v3, v4, v5, v6, other, malformed, flawed;
};

/* The parts follow one another and make the whole. */
static void check_parts(const struct sig *s, struct slice body)
{
    struct buf *b = unit_keep();
    SAME(s->body, body);
    assert_ptr_equal(s->fields.data + s->fields.len, body.data + body.len);
    if (s->version == 3) {
        assert_int_equal(s->fields.data - body.data, 19);
        assert_int_equal(s->hashed.len + s->unhashed.len, 0);
        return;
    }
    const struct sig_draft d = {s->version, s->type,     s->pk_algo, s->hash_algo,
                                s->hashed,  s->unhashed, s->salt};
    sig_write_signed_part(b, &d);
    SAME(buf_view(b), s->signed_part);
    sig_write_rest(b, &d, SLICE_OF(s->left16), s->fields);
    SAME(buf_view(b), body);
}

static void check_one(struct tally *t, struct slice body)
{
    struct sig s;
    err *e = sig_parse(body, &s);
    t->n++;
    if (err_kind_of(e) == ERR_UNSUPPORTED) {
        uint8_t version = body.data[0];
        assert_true(version < 3 || version > 6);
        t->other++;
    } else if (err_kind_of(e) == ERR_MALFORMED) {
        t->malformed++;
    } else {
        assert_null(e);
        check_parts(&s, body);
        t->flawed += s.flaw != NULL;
        size_t *const counts[] = {NULL, NULL, NULL, &t->v3, &t->v4, &t->v5, &t->v6};
        ++*counts[s.version];
    }
    err_free(e);
}

/* Signature packets, the embedded ones too. */
static void check_file(void *context, const char *path, struct slice bytes)
{
    struct reader r = reader_init(corpus_packets(bytes), "file");
    (void)path;
    while (reader_left(&r) > 0) {
        struct packet p;
        err *e = packet_next(&r, &p);
        err_free(e);
        if (e != NULL)
            return;
        if (p.type != PACKET_SIGNATURE)
            continue;
        check_one(context, p.body);
        struct sig s;
        struct subpacket embedded;
        size_t cursor = 0;
        e = sig_parse(p.body, &s);
        while (e == NULL && sig_next(&s, SUB_EMBEDDED, &cursor, &embedded))
            check_one(context, embedded.body);
        err_free(e);
    }
}

static void signatures_of_the_rfc(void **state)
{
    (void)state;
    struct tally t = {0};
    assert_true(corpus_vectors(check_file, &t) >= 30);
    /* A.2; two each in A.3, A.4 and A.5; A.6 and A.7. */
    assert_int_equal(t.v4, 1);
    assert_int_equal(t.v6, 8);
    assert_int_equal(t.n, 9);
    assert_int_equal(t.flawed, 0);
}

static void signatures_of_other_programs(void **state)
{
    (void)state;
    struct tally t = {0};
    assert_true(corpus_specdata("fixtures", check_file, &t) > 200);
    corpus_specdata("interop-certificates", check_file, &t);
    assert_true(t.v3 >= 9 && t.v4 >= 536 && t.v6 >= 20);
    assert_int_equal(t.v5, 9);        /* LibrePGP's */
    assert_int_equal(t.other, 4);     /* versions 7 and 10 */
    assert_int_equal(t.malformed, 1); /* cleartext/rnp-malformed-mpi.asc */
    assert_int_equal(t.flawed, 3);    /* two with SM2, one with a critical notation */
    assert_int_equal(t.n, t.v3 + t.v4 + t.v5 + t.v6 + t.other + t.malformed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_the_rfc),
        cmocka_unit_test(signatures_of_other_programs),
    };
    return cmocka_run_group_tests_name("sig corpus", tests, NULL, NULL);
}
