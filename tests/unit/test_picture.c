/* Pictures of the web of trust: what is in them, and names that try to break out of them. */
#include "unit.h"

#include "cli/filter.h"
#include "cli/label.h"
#include "cli/picture.h"

/* A network in which A relies on B and C, who certify D; E has once, and F is not here. */
struct network {
    struct trust_cert certs[6];
    struct trust_edge ab, ac, bd, cd, ed, fd, dd;
};

enum { A, B, C, D, E, F };

static struct trust_edge edge(const struct trust_cert *from, const struct trust_cert *to,
                              uint8_t depth, uint8_t amount)
{
    return (struct trust_edge){.issuer = from,
                               .subject = to,
                               .user_id = to->name,
                               .depth = depth,
                               .amount = amount,
                               .created_at = 1600000000};
}

static void network_init(struct network *n)
{
    static const char *const names[] = {"Ada <ada@example.org>",      "Bob <bob@example.org>",
                                        "Cleo <cleo@example.org>",    "Dora <dora@example.org>",
                                        "Emil (old) <e@example.org>", ""};
    memset(n, 0, sizeof *n);
    for (size_t i = 0; i < 6; i++) {
        n->certs[i].name = slice_of_string(names[i]);
        n->certs[i].is_here = i != F;
        n->certs[i].fault = i == F ? TRUST_NO_ISSUER : TRUST_COUNTS;
        n->certs[i].fpr = (struct fingerprint){.version = 4, .len = FPR_V4_LEN};
        memset(n->certs[i].fpr.bytes, 0xA0 + (int)i, FPR_V4_LEN);
    }
    n->certs[A].root = TRUST_FULL;
    n->ab = edge(&n->certs[A], &n->certs[B], 2, 60);
    n->ac = edge(&n->certs[A], &n->certs[C], TRUST_UNLIMITED, 120);
    n->bd = edge(&n->certs[B], &n->certs[D], 0, 120);
    n->cd = edge(&n->certs[C], &n->certs[D], 0, 40);
    n->ed = edge(&n->certs[E], &n->certs[D], 0, 120);
    n->ed.fault = TRUST_EXPIRED;
    n->ed.expires_at = 1700000000;
    n->fd = edge(&n->certs[F], &n->certs[D], 0, 120);
    n->fd.fault = TRUST_NO_ISSUER;
    n->dd = edge(&n->certs[D], &n->certs[D], 0, 120);
}

/* The answer for Dora: 60 by way of Bob, 40 by way of Cleo. */
static void add_answer(struct picture *p, const struct network *n)
{
    const struct trust_edge *by_bob[] = {&n->ab, &n->bd}, *by_cleo[] = {&n->ac, &n->cd};
    struct trust_path paths[] = {{&n->certs[A], by_bob, 2, 60}, {&n->certs[A], by_cleo, 2, 40}};
    const struct trust_answer a = {.amount = 100, .paths = {paths, 2, 2}};
    OK(picture_add_answer(p, &n->certs[D], n->certs[D].name, &a));
}

static void add_edges(struct picture *p, const struct network *n, bool only_between)
{
    const struct trust_edge *all[] = {&n->ab, &n->ac, &n->bd, &n->cd, &n->ed, &n->fd, &n->dd};
    const struct trust_edges edges = {all, 7, 7};
    OK(picture_add_edges(p, &edges, only_between));
}

static enum picture_state state(const struct picture *p, const struct network *n, int which)
{
    int i = picture_find(p, &n->certs[which].fpr);
    assert_true(i >= 0);
    return picture_state_of(p, &p->nodes.items[i]);
}

static void an_answer_is_what_carries_it(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10);
    add_answer(&p, &n);
    assert_int_equal(p.nodes.n, 4);
    assert_int_equal(p.edges.n, 4);
    assert_int_equal(state(&p, &n, A), PICTURE_ROOT);
    assert_int_equal(state(&p, &n, B), PICTURE_INTRODUCER);
    assert_int_equal(state(&p, &n, D), PICTURE_PARTLY);
    p.asked = 100;
    assert_int_equal(state(&p, &n, D), PICTURE_REACHED);
    add_answer(&p, &n); /* the same edges carry more */
    assert_int_equal(p.edges.n, 4);
    assert_int_equal(p.edges.items[0].n, 1);
    assert_int_equal(p.edges.items[0].flow, 120);
}

static void broken_edges_only_where_they_are_asked_for(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10);
    add_answer(&p, &n);
    add_edges(&p, &n, false);
    assert_int_equal(p.edges.n, 4);
    p.all_broken = true;
    add_edges(&p, &n, true);
    assert_int_equal(p.edges.n, 4);
    add_edges(&p, &n, false);
    assert_int_equal(p.edges.n, 6);
    assert_int_equal(state(&p, &n, E), PICTURE_PLAIN);
    assert_int_equal(state(&p, &n, F), PICTURE_ABSENT);
}

static void what_is_alike_is_one_line(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    struct trust_edge other = n.cd, more = n.cd;
    other.user_id = SLICE_TEXT("Dora at work <dora@work.example>");
    other.amount = 90;
    more.depth = 1;
    const struct trust_edge *all[] = {&n.cd, &other, &more, &other};
    const struct trust_edges edges = {all, 4, 4};
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10), apart = PICTURE_EMPTY(10);
    OK(picture_add_edges(&p, &edges, false));
    assert_int_equal(p.edges.n, 2);
    assert_ptr_equal(p.edges.items[0].edge, &other);
    assert_int_equal(p.edges.items[0].n, 2);
    apart.apart = true;
    OK(picture_add_edges(&apart, &edges, false));
    assert_int_equal(apart.edges.n, 3);
}

static void a_picture_has_a_limit(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(3);
    p.all_broken = true;
    add_edges(&p, &n, false);
    assert_int_equal(p.nodes.n, 3);
    assert_int_equal(p.nodes_left_out, 4);
    CLEANUP(buf_clear) struct buf note = BUF_EMPTY(1000);
    picture_cut_note(&p, &note);
    SAME(buf_view(&note), SLICE_TEXT("not all is drawn: 4 edges are left out, the limit is 3 "
                                     "certificates"));
}

/* Terminal. */

static struct slice drawn(const struct picture *p, bool utf8, bool colour, size_t columns)
{
    struct buf *out = unit_keep();
    const struct terminal t = {.utf8 = utf8, .colour = colour, .columns = columns};
    OK(picture_text(p, &t, out));
    return buf_view(out);
}

static void a_tree_from_the_root(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    n.ab.expires_at = 1800000000;
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10);
    p.all_broken = true;
    add_answer(&p, &n);
    add_edges(&p, &n, false);
    SAME(drawn(&p, true, false, SIZE_MAX),
         SLICE_TEXT("● Ada <ada@example.org> [root]\n"
                    "├──60→ Bob <bob@example.org>  depth 2, until 2027-01-15\n"
                    "│  └──60→ Dora <dora@example.org> [100 of 120]\n"
                    "└──40→ Cleo <cleo@example.org>  any depth\n"
                    "   └──40→ Dora <dora@example.org> [100 of 120]\n"
                    "● Emil (old) <e@example.org>\n"
                    "└╌╌╌╌→ Dora <dora@example.org> [100 of 120]  expired 2023-11-14\n"
                    "● A5A5A5A5A5A5A5A5 [not here]\n"
                    "└╌╌╌╌→ Dora <dora@example.org> [100 of 120]  issuer is not here\n"));
}

static void a_narrow_tree_without_line_characters(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10);
    add_answer(&p, &n);
    SAME(drawn(&p, false, false, 34), SLICE_TEXT("* Ada <ada@example.org> [root]\n"
                                                 "|--60> Bob <bob@example.org>\n"
                                                 "|     depth 2\n"
                                                 "|  `--60> Dora <dora@example.org>\n"
                                                 "|        [100 of 120]\n"
                                                 "`--40> Cleo <cleo@example.org>\n"
                                                 "      any depth\n"
                                                 "   `--40> Dora <dora@example.org>\n"
                                                 "         [100 of 120]\n"));
}

static void a_circle_ends(void **unused)
{
    (void)unused;
    struct network n;
    network_init(&n);
    struct trust_edge ba = edge(&n.certs[B], &n.certs[A], 1, 120);
    const struct trust_edge *all[] = {&n.ab, &ba};
    const struct trust_edges edges = {all, 2, 2};
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(10);
    OK(picture_add_edges(&p, &edges, false));
    SAME(drawn(&p, true, false, SIZE_MAX),
         SLICE_TEXT("● Ada <ada@example.org> [root]\n"
                    "└──60→ Bob <bob@example.org>  depth 2\n"
                    "   └─120→ Ada <ada@example.org> [root]  depth 1, drawn elsewhere\n"));
}

/* Names that are made to break out. */

static const char *const hostile[] = {
    "\" -> n1; n0 [label=\"pwned\"] \\",
    "<b>&amp;</b>]]>\\N\\G",
    "a\nb --> c[\"x\"]:::root|\"|",
    "\x1B[31mred\x07\x9B",
    "\xFF\xFE broken \xC3",
    "\xE2\x80\xAE gnp.exe \xEF\xBF\xBF",
    "%%{init: {}}%% #quot; `code` {}();",
    "</text><script>alert(1)</script>",
};
enum { N_HOSTILE = sizeof hostile / sizeof *hostile };

struct hostile_network {
    struct trust_cert certs[N_HOSTILE];
    struct trust_edge edges[N_HOSTILE - 1];
};

static void add_hostile(struct picture *p, struct hostile_network *n)
{
    const struct trust_edge *all[N_HOSTILE - 1];
    memset(n, 0, sizeof *n);
    for (size_t i = 0; i < N_HOSTILE; i++) {
        n->certs[i] = (struct trust_cert){.name = slice_of_string(hostile[i]), .is_here = true};
        n->certs[i].fpr = (struct fingerprint){.version = 4, .len = FPR_V4_LEN};
        memset(n->certs[i].fpr.bytes, (int)i, FPR_V4_LEN);
    }
    for (size_t i = 0; i + 1 < N_HOSTILE; i++) {
        n->edges[i] = edge(&n->certs[i], &n->certs[i + 1], 1, 120);
        n->edges[i].scopes = slice_of(hostile[i], strlen(hostile[i]) + 1);
        all[i] = &n->edges[i];
    }
    const struct trust_edges edges = {all, N_HOSTILE - 1, N_HOSTILE - 1};
    buf_text(&p->title, hostile[2]);
    OK(picture_add_edges(p, &edges, false));
}

static bool has(struct slice text, const char *what)
{
    return memmem(text.data, text.len, what, strlen(what)) != NULL;
}

/* Line ends are the writer's own: their number is known. */
static size_t lines(struct slice text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        n += text.data[i] == '\n';
        assert_true(text.data[i] == '\n' || text.data[i] >= 0x20);
    }
    assert_true(text_is_utf8(text));
    return n;
}

static void hostile_names_stay_names_in_dot(void **unused)
{
    (void)unused;
    struct hostile_network n;
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(20);
    add_hostile(&p, &n);
    struct buf *out = unit_keep(), *svg = unit_keep();
    OK(picture_dot(&p, out));
    assert_int_equal(lines(buf_view(out)), 4 + 1 + N_HOSTILE + N_HOSTILE - 1 + 3);
    assert_false(has(buf_view(out), "pwned\"]"));
    assert_false(has(buf_view(out), "<script"));
    assert_true(has(buf_view(out), "&#38;amp;"));
    err *e = picture_svg(&p, svg);
    if (err_kind_of(e) == ERR_UNSUPPORTED) { /* no Graphviz here */
        err_free(e);
        skip();
    }
    OK(e);
    assert_true(has(buf_view(svg), "</svg>"));
    assert_false(has(buf_view(svg), "<script"));
    assert_true(has(buf_view(svg), "<title>n7</title>"));
    assert_true(has(buf_view(svg), "]]&gt;\\N\\G</text>"));
    assert_false(has(buf_view(svg), "<title>n8</title>"));
    assert_true(has(buf_view(svg), "0707070707070707070707070707070707070707"));
}

static void hostile_names_stay_names_in_mermaid(void **unused)
{
    (void)unused;
    struct hostile_network n;
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(20);
    add_hostile(&p, &n);
    struct buf *out = unit_keep();
    OK(picture_mermaid(&p, out));
    assert_int_equal(lines(buf_view(out)), 4 + N_HOSTILE + N_HOSTILE - 1 + 8);
    assert_true(has(buf_view(out), "n0[\"#34; #45;#62; n1#59; n0"));
    assert_false(has(buf_view(out), "<script"));
    assert_false(has(buf_view(out), "%%"));
    assert_false(has(buf_view(out), "`"));
}

static void hostile_names_stay_names_in_json(void **unused)
{
    (void)unused;
    struct hostile_network n;
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(20);
    add_hostile(&p, &n);
    struct buf *out = unit_keep();
    OK(picture_json(&p, out));
    assert_int_equal(lines(buf_view(out)), 1);
    assert_true(has(buf_view(out), "\"userid\":\"\\\" -> n1; n0 [label=\\\"pwned\\\"] \\\\\""));
    assert_true(has(buf_view(out), "\\u001b[31mred\\u0007"));
    assert_true(has(buf_view(out), "\\u202e gnp.exe"));
}

static void hostile_names_do_not_reach_the_terminal(void **unused)
{
    (void)unused;
    struct hostile_network n;
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(20);
    add_hostile(&p, &n);
    struct slice text = drawn(&p, true, false, 60);
    lines(text);
    assert_true(has(text, "\\x1B[31mred\\x07"));
    assert_false(has(text, "\xE2\x80\xAE"));
    assert_true(has(drawn(&p, true, true, 60), "\033[2m"));
}

/* Names in little room. */

static void shortened(const char *user_id, size_t columns, const char *expected)
{
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(1000);
    label_user(slice_of_string(user_id), columns, "…", &out);
    SAME(buf_view(&out), slice_of_string(expected));
    assert_true(label_columns(buf_view(&out)) <= columns);
}

static void names_are_shortened_where_they_say_least(void **unused)
{
    (void)unused;
    const char *id = "Maximiliane Mustermann (for work) <max@example.org>";
    shortened(id, 60, id);
    shortened(id, 42, "Maximiliane Mustermann <max@example.org>");
    shortened(id, 30, "Maximili…ann <max@example.org>");
    shortened(id, 20, "max@example.org");
    shortened(id, 10, "max@ex…org");
    shortened("a bare name that is long", 10, "a bare…ong");
    shortened("bare.address@example.org", 14, "bare.addr….org");
    shortened("日本語の名前です", 9, "日本語…す");
    shortened("e\xCC\x81toile", 10, "e\xCC\x81toile");
    shortened("\x1B[0m", 7, "\\x1B[0m");
}

/* Other programs. */

static void a_filter_gets_and_gives_bytes(void **unused)
{
    (void)unused;
    static const char *const upper[] = {"tr", "a-z", "A-Z", NULL}, *none[] = {"no-such-1", NULL},
                             *fails[] = {"ls", "/no/such/file", NULL},
                             *much[] = {"cat", "/dev/zero", NULL};
    struct buf *out = unit_keep();
    CLEANUP(buf_clear) struct buf small = BUF_EMPTY(1000);
    OK(filter_run(upper, SLICE_TEXT("abc"), out));
    SAME(buf_view(out), SLICE_TEXT("ABC"));
    FAILS(ERR_UNSUPPORTED, filter_run(none, SLICE_EMPTY, out));
    FAILS(ERR_FAILED, filter_run(fails, SLICE_EMPTY, out));
    FAILS(ERR_LIMIT, filter_run(much, SLICE_EMPTY, &small));
    SAME(buf_view(out), SLICE_TEXT("ABC"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_what_carries_it),
        cmocka_unit_test(broken_edges_only_where_they_are_asked_for),
        cmocka_unit_test(what_is_alike_is_one_line),
        cmocka_unit_test(a_picture_has_a_limit),
        cmocka_unit_test(a_tree_from_the_root),
        cmocka_unit_test(a_narrow_tree_without_line_characters),
        cmocka_unit_test(a_circle_ends),
        cmocka_unit_test(hostile_names_stay_names_in_dot),
        cmocka_unit_test(hostile_names_stay_names_in_mermaid),
        cmocka_unit_test(hostile_names_stay_names_in_json),
        cmocka_unit_test(hostile_names_do_not_reach_the_terminal),
        cmocka_unit_test(names_are_shortened_where_they_say_least),
        cmocka_unit_test(a_filter_gets_and_gives_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
