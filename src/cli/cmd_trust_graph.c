/* trust graph: a picture of the web of trust, or of a part of it. */
#include "cli/command.h"

#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "cli/keywords.h"
#include "cli/label.h"
#include "cli/output.h"
#include "cli/trustadvice.h"
#include "cli/trustrows.h"
#include "cli/trustwalk.h"

enum {
    LIMIT_DEFAULT = 100,
    LIMIT_MAX = 5000,
    HOPS_MAX = 255,
    MISSES_DRAWN = 8,
    FLOW_MAX = 10000, /* more than roots can say */
    TITLE_COLUMNS = 80,
};

struct graph_opts {
    struct trusting_opts trusting;
    bool roots, all_edges, force;
    const char *hops, *limit, *output, *format;
};

static const struct opt graph_options[] = {
    OPT_FLAG(0, "all-edges", struct graph_opts, all_edges,
             "also what does not count, dashed, with the reason"),
    OPT_FLAG('f', "force", struct graph_opts, force, "replace an existing output file"),
    OPT_WORD(0, "format", struct graph_opts, format, "NAME",
             "text, dot, svg, mmd (Mermaid) or json; else the output file's ending says it",
             "text dot svg mmd json"),
    OPT_TEXT(0, "hops", struct graph_opts, hops, "N",
             "all that is at most N steps away from WHO, or from the roots", OPT_ANY),
    OPT_TEXT(0, "limit", struct graph_opts, limit, "N", "at most N certificates; 100 unless said",
             OPT_ANY),
    OPT_TEXT('o', "output", struct graph_opts, output, "FILE",
             "write to FILE: .svg, .dot, .mmd, .json or .txt", OPT_PLACE),
    OPT_FLAG(0, "roots", struct graph_opts, roots,
             "with WHO: all that the roots can say, not only as much as is needed"),
    OPT_TRUSTING(struct graph_opts, trusting),
};

static const struct opt_conflict graph_conflicts[] = {
    {"roots", "hops", "they draw different parts"},
    {NULL, NULL, NULL},
};

/* Formats. */

static err *plain_text(const struct picture *p, struct buf *out)
{
    struct terminal t = terminal_of_output();
    t.colour = false;
    t.columns = SIZE_MAX;
    return picture_text(p, &t, out);
}

struct format {
    const char *name, *ending;
    err *(*write)(const struct picture *p, struct buf *out);
};
static const struct format formats[] = {
    {"text", ".txt", plain_text}, {"dot", ".dot", picture_dot},     {"dot", ".gv", picture_dot},
    {"svg", ".svg", picture_svg}, {"mmd", ".mmd", picture_mermaid}, {"json", ".json", picture_json},
    {NULL, NULL, NULL},
};

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), n = strlen(ending);
    return len > n && strcmp(name + len - n, ending) == 0;
}

/* NULL: drawn on the terminal. */
static err *choose_format(const struct graph_opts *o, const struct format **out)
{
    *out = NULL;
    if (o->format == NULL && output_is_standard(o->output))
        return NULL;
    for (const struct format *f = formats; f->name != NULL && *out == NULL; f++) {
        if (o->format != NULL ? strcmp(f->name, o->format) == 0 : ends_with(o->output, f->ending))
            *out = f;
    }
    if (*out == NULL)
        return err_hint(err_new(ERR_USAGE, "%s: which format?", o->output),
                        "let its name end with .svg, .dot, .mmd, .json or .txt, or give --format");
    return NULL;
}

/* What is drawn. */

struct graph {
    const struct graph_opts *opts;
    const struct format *format;
    unsigned hops, limit; /* hops 0: not said */
    struct trusting trusting;
    struct trusting_users users;
    struct trustrows rows;
    struct picture picture;
};

static void graph_clear(struct graph *g)
{
    picture_clear(&g->picture);
    trustrows_clear(&g->rows);
    vec_free(&g->users);
    trusting_clear(&g->trusting);
}

static void add_date(struct graph *g)
{
    char date[WHEN_TEXT_SIZE];
    when_date(g->picture.at, date);
    buf_printf(&g->picture.title, ", %s", date);
    if (g->trusting.opts.gossip)
        buf_text(&g->picture.title, " (gossip: proves nothing)");
}

/* What those say about the user ID whom the picture has already. */
static err *add_said(struct graph *g, const struct trusting_user *u)
{
    struct trust_edges edges = {0};
    size_t kept = 0;
    err *e = trust_edges_to(g->trusting.trust, &u->fpr, &u->user_id, &edges);
    for (size_t i = 0; i < edges.n; i++) {
        if (slice_equal(edges.items[i]->user_id, u->user_id))
            edges.items[kept++] = edges.items[i];
    }
    edges.n = kept;
    if (e == NULL)
        e = picture_add_edges(&g->picture, &edges, true);
    vec_free(&edges);
    return e;
}

/* What does not count leads to somebody who would count otherwise. */
static err *add_misses(struct graph *g, const struct trustrow *row)
{
    struct trust_edges misses = {0};
    err *e = trustadvice_find(&g->trusting, &row->user, MISSES_DRAWN, &misses);
    g->picture.all_broken = true;
    if (e == NULL)
        e = picture_add_edges(&g->picture, &misses, false);
    if (e == NULL)
        e = add_said(g, &row->user);
    g->picture.all_broken = g->opts->all_edges;
    vec_free(&misses);
    return e;
}

static err *add_whole_answer(struct graph *g, const struct trust_cert *subject,
                             const struct trustrow *row)
{
    CLEANUP(trust_answer_clear) struct trust_answer all = {0};
    if (!g->opts->roots)
        return picture_add_answer(&g->picture, subject, row->user.user_id, &row->answer);
    TRY(trust_check(g->trusting.trust, &row->user.fpr, row->user.user_id, FLOW_MAX, &all));
    return picture_add_answer(&g->picture, subject, row->user.user_id, &all);
}

static err *add_neighbours(struct graph *g, const struct trustrow *row)
{
    struct trustwalk w = {.trusting = &g->trusting,
                          .picture = &g->picture,
                          .of_user = &row->user.user_id,
                          .backwards = true};
    if (g->hops > 0)
        TRY(trustwalk_go(&w, 1, g->hops));
    if (g->opts->all_edges)
        TRY(trustwalk_join(&w));
    return g->hops > 0 ? trustwalk_judge(&w) : NULL;
}

/* The certificate that is asked about comes first, so that there is room for it. */
static err *draw_answer(struct graph *g, const struct trustrow *row)
{
    const struct trust_cert *subject = NULL;
    TRY(trust_cert(g->trusting.trust, &row->user.fpr, &subject));
    if (subject == NULL)
        return err_new(ERR_NOT_FOUND, "the certificate is not here");
    label_user(row->user.user_id, TITLE_COLUMNS, "...", &g->picture.title);
    buf_printf(&g->picture.title, ": %u of %u", row->answer.amount, g->trusting.asked);
    add_date(g);
    TRY(add_whole_answer(g, subject, row));
    if (row->answer.amount < g->trusting.asked && row->answer.fault == TRUST_COUNTS)
        TRY(add_misses(g, row));
    return add_neighbours(g, row);
}

static err *find_and_draw(struct graph *g, const char *who, const char *user_id)
{
    TRY(trusting_find(&g->trusting, who, user_id, &g->users));
    TRY(trustrows_ask(&g->trusting, &g->users, &g->rows));
    const struct trustrow *best = trustrows_best(&g->rows);
    if (best == NULL)
        return err_new(ERR_NO_USER_ID, "%s: there is no user ID", who);
    return draw_answer(g, best);
}

static err *draw_roots(struct graph *g)
{
    const struct trust_certs *roots = trust_roots(g->trusting.trust);
    struct trustwalk w = {.trusting = &g->trusting,
                          .picture = &g->picture,
                          .only_introducers = g->hops == 0,
                          .only_onwards = !g->opts->all_edges};
    if (roots->n == 0)
        return err_hint(err_new(ERR_NOT_FOUND, "there are no roots to start from"),
                        "bulla trust root add FPR makes one, --root FPR takes one this time");
    buf_text(&g->picture.title,
             g->hops == 0 ? "The roots, and whom they let certify others" : "What the roots say");
    add_date(g);
    for (size_t i = 0; i < roots->n; i++)
        TRY(picture_add_cert(&g->picture, roots->items[i], NULL));
    TRY(trustwalk_go(&w, g->picture.nodes.n, g->hops > 0 ? g->hops : HOPS_MAX));
    if (g->opts->all_edges)
        TRY(trustwalk_join(&w));
    return trustwalk_judge(&w);
}

/* Where it goes. */

static err *write_out(struct app *app, const struct graph *g)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(REPORT_MAX);
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(g->format->write(&g->picture, &text));
    TRY(output_open(app, g->opts->output, g->opts->force, &sink));
    return output_write_all(sink, buf_view(&text));
}

static err *show(struct app *app, const struct graph *g)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(REPORT_MAX), title = BUF_EMPTY(SIZE_MAX);
    const struct terminal t = terminal_of_output();
    text_escape_to(&title, buf_view(&g->picture.title));
    report_say(&app->report, "%.*s", (int)title.len, (const char *)title.data);
    TRY(picture_text(&g->picture, &t, &text));
    report_drawing(&app->report, buf_view(&text));
    return NULL;
}

static void remark(struct app *app, const struct graph *g)
{
    CLEANUP(buf_clear) struct buf note = BUF_EMPTY(SIZE_MAX);
    picture_cut_note(&g->picture, &note);
    if (note.len > 0 && g->format != NULL)
        report_remark(&app->report, "%.*s", (int)note.len, (const char *)note.data);
}

static err *read_options(struct graph *g)
{
    TRY(choose_format(g->opts, &g->format));
    TRY(keywords_number("--hops", g->opts->hops, HOPS_MAX, &g->hops));
    return keywords_number("--limit", g->opts->limit, LIMIT_MAX, &g->limit);
}

static err *run_graph(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(graph_clear)
    struct graph g = {.opts = options, .limit = LIMIT_DEFAULT};
    TRY(args_check(args, 0, 2, "WHO"));
    TRY(read_options(&g));
    output_expect(app, g.opts->output, g.format != NULL);
    TRY(trusting_open(app, &g.opts->trusting, &g.trusting));
    g.picture = PICTURE_EMPTY(g.limit);
    g.picture.all_broken = g.opts->all_edges;
    g.picture.asked = g.trusting.asked;
    g.picture.gossip = g.opts->trusting.gossip;
    g.picture.any_depth = g.opts->trusting.certification_network;
    g.picture.at = g.trusting.opts.at;
    if (args->n == 0)
        TRY(draw_roots(&g));
    else
        TRY(find_and_draw(&g, args->items[0], args->n > 1 ? args->items[1] : NULL));
    picture_put(&g.picture, &app->report);
    TRY(g.format != NULL ? write_out(app, &g) : show(app, &g));
    remark(app, &g);
    return NULL;
}

const struct command cmd_trust_graph = {
    .noun = "trust",
    .name = "graph",
    .summary = "draw the web of trust, or the part that matters for a certificate",
    .synopsis = "[--hops N | --roots] [-o FILE] [WHO [USER-ID]]",
    .details =
        "Without WHO it draws the roots, and those whom they let certify others; with --hops N "
        "all that they certify in N steps. Lines go away from the roots; --all-edges draws those "
        "back and across, too. With WHO it draws what carries the answer of bulla "
        "trust check, and where that is not enough what would be needed; with --roots all that "
        "the roots can say about it, with --hops N all that is near it.\n\n"
        "Lines are labelled with the amount that they carry (of that they could), depth, scope "
        "and end; certifications alike of one certificate by another are one line. Names stand "
        "for certificates that nobody need have authenticated: the colours tell. It is drawn on "
        "the terminal, or written to a file: .dot for Graphviz, .svg by way of Graphviz's "
        "program dot, .mmd for Mermaid, as in Markdown, .json for other programs. At most "
        "--limit certificates are drawn.\n\n" TRUSTING_DETAILS "\n\n" MOMENT_DETAILS,
    .examples = "bulla trust graph\n"
                "bulla trust graph alice@example.org -o alice.svg\n"
                "bulla trust graph --hops 2 --all-edges alice@example.org -o around.svg\n"
                "bulla trust graph --hops 3 --limit 500 --format dot | dot -Tpdf -o all.pdf",
    .values = "CERT",
    COMMAND_OPTIONS(graph_options, struct graph_opts),
    .conflicts = graph_conflicts,
    .needs = DATA_ON_STDOUT,
    .run = run_graph,
};
