#include "cli/picture.h"

#include "base/text.h"
#include "cli/filter.h"
#include "cli/label.h"
#include "cli/trusttell.h"
#include "cli/trustwords.h"

/* The language of Graphviz.  Labels are of its HTML-like kind, for which an XML parser is
 * asked: only characters that XML knows, and no markup but ours. */

enum {
    NAME_COLUMNS = 30,
    EMAIL_COLUMNS = 36,
};

struct look {
    const char *fill, *border, *text, *style;
};

static const struct look looks[] = {
    [PICTURE_ROOT] = {"#cfe2f7", "#1f5fae", "#0b2e59", "rounded,filled,bold"},
    [PICTURE_INTRODUCER] = {"#eef5fc", "#6d94c2", "#12395f", "rounded,filled"},
    [PICTURE_REACHED] = {"#d8f3dc", "#2e8540", "#12401d", "rounded,filled"},
    [PICTURE_PARTLY] = {"#fff0c7", "#b7791f", "#5c3a06", "rounded,filled"},
    [PICTURE_MISSED] = {"#ffffff", "#b3261e", "#7a1812", "rounded,filled"},
    [PICTURE_PLAIN] = {"#f4f4f4", "#8a8a8a", "#222222", "rounded,filled"},
    [PICTURE_INVALID] = {"#fbe6e4", "#b3261e", "#7a1812", "rounded,filled,dashed"},
    [PICTURE_ABSENT] = {"#ffffff", "#9a9a9a", "#666666", "rounded,filled,dotted"},
};

/* Text that is escaped for a terminal, as XML. */
static void xml_to(struct buf *out, struct slice text)
{
    uint32_t c = 0;
    while (text.len > 0) {
        size_t n = text_utf8_next(text, &c);
        if (c == '\\') /* else it begins what Graphviz replaces */
            buf_text(out, "&#92;&#92;");
        else if (c == '<' || c == '>' || c == '&' || c == '"')
            buf_printf(out, "&#%u;", (unsigned)c);
        else if (n > 0 && (c & 0xFFFE) != 0xFFFE)
            buf_bytes(out, slice_of(text.data, n));
        else
            buf_u8(out, '?');
        text = slice_from(text, n > 0 ? n : 1);
    }
}

static void xml_cut(struct buf *out, struct slice text, size_t columns)
{
    CLEANUP(buf_clear) struct buf cut = BUF_EMPTY(SIZE_MAX);
    label_cut(text, columns, "\xE2\x80\xA6", &cut);
    xml_to(out, buf_view(&cut));
}

/* The text of an attribute between quotes, where references stand for characters, too. */
static void quoted_to(struct buf *out, struct slice text)
{
    CLEANUP(buf_clear) struct buf escaped = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&escaped, text);
    xml_to(out, buf_view(&escaped));
}

static void put_name(struct buf *out, const struct picture_node *n)
{
    struct slice name = label_name_of(n->name), email = text_email_of(n->name);
    if (name.len == 0)
        name = email;
    if (name.len > 0) {
        buf_text(out, "<b>");
        xml_cut(out, name, NAME_COLUMNS);
        buf_text(out, "</b><br/>");
    }
    if (email.len > 0 && email.data != name.data) {
        buf_text(out, "<font point-size=\"9\">");
        xml_cut(out, email, EMAIL_COLUMNS);
        buf_text(out, "</font><br/>");
    }
}

/* "120 of 120", "root, amount 60". */
static void put_standing(struct buf *out, const struct picture *p, const struct picture_node *n)
{
    if (n->cert->root > 0 && n->cert->root < TRUST_FULL)
        buf_printf(out, "<font point-size=\"9\">root for %u</font><br/>", n->cert->root);
    else if (n->is_judged && (n->is_target || (n->amount > 0 && n->amount < p->asked)))
        buf_printf(out, "<font point-size=\"10\"><b>%u of %u</b></font><br/>", n->amount, p->asked);
}

static void put_node(struct buf *out, const struct picture *p, size_t i)
{
    const struct picture_node *n = &p->nodes.items[i];
    const struct look *look = &looks[picture_state_of(p, n)];
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(&n->cert->fpr, fpr);
    buf_printf(out, "  n%zu [label=<", i);
    put_name(out, n);
    put_standing(out, p, n);
    buf_text(out, "<font point-size=\"8\" color=\"#777777\">");
    picture_short_id(n, out);
    buf_printf(out, "</font>>, id=\"cert-%s\", tooltip=\"%s\\n", fpr, fpr);
    quoted_to(out, n->name);
    buf_printf(out, "\", style=\"%s\", fillcolor=\"%s\", color=\"%s\", fontcolor=\"%s\"%s];\n",
               look->style, look->fill, look->border, look->text,
               n->is_target ? ", penwidth=2.2" : "");
}

/* The amount only where it is not all, or somebody asks where the answer comes from. */
static void put_edge_label(struct buf *out, const struct picture *p, const struct picture_edge *e)
{
    bool counts = picture_edge_counts(e);
    CLEANUP(buf_clear) struct buf details = BUF_EMPTY(SIZE_MAX);
    picture_edge_details(p, e, &details);
    buf_text(out, "<");
    if (e->flow > 0 || (counts && e->edge->amount < TRUST_FULL)) {
        buf_text(out, e->flow > 0 ? "<b>" : "<font>");
        picture_edge_amount(e, out);
        buf_text(out, e->flow > 0 ? "</b>" : "</font>");
        buf_text(out, details.len > 0 ? "<br/>" : "");
    }
    if (details.len > 0) {
        buf_printf(out, "<font point-size=\"8\" color=\"%s\">", counts ? "#555555" : "#9b3a33");
        xml_to(out, buf_view(&details));
        buf_text(out, "</font>");
    }
    buf_text(out, " >");
}

static void put_edge_tooltip(struct buf *out, const struct picture *p, const struct picture_edge *e)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    picture_label(&p->nodes.items[e->from], SIZE_MAX, "", &text);
    buf_u8(&text, ' ');
    trustwords_sentence(e->edge, &text);
    buf_text(&text, ": ");
    picture_label(&p->nodes.items[e->to], SIZE_MAX, "", &text);
    if (!picture_edge_counts(e))
        buf_printf(&text, "; but this %s", trusttell_fault(e->edge->fault));
    xml_to(out, buf_view(&text));
}

/* The same said the other way round, where one line with two heads says as much. */
static const struct picture_edge *return_of(const struct picture *p, const struct picture_edge *e)
{
    for (size_t i = 0; i < p->edges.n; i++) {
        const struct picture_edge *r = &p->edges.items[i];
        if (r->from == e->to && r->to == e->from && r->flow <= 0 && e->flow <= 0 &&
            r->edge->fault == e->edge->fault && r->edge->amount == e->edge->amount &&
            r->edge->depth == e->edge->depth && slice_equal(r->edge->scopes, e->edge->scopes) &&
            r->edge->expires_at == e->edge->expires_at)
            return r;
    }
    return NULL;
}

/* What carries the answer is drawn so that it cannot be missed. */
static void put_line(struct buf *out, const struct picture_edge *e, bool both)
{
    bool counts = picture_edge_counts(e), carries = e->flow > 0;
    double part = picture_edge_weight(e) / TRUST_FULL;
    buf_printf(out, "color=\"%s\", penwidth=%.2f",
               carries  ? "#2e7d46"
               : counts ? "#8d97a3"
                        : "#b9b9b9",
               carries  ? 0.5 + 3.5 * part
               : counts ? 0.5 + part
                        : 0.8);
    if (!counts)
        buf_text(out, ", style=dashed");
    if (both)
        buf_text(out, ", dir=both");
    if (e->edge->depth == 0 && !carries)
        buf_text(out, ", arrowhead=vee, arrowtail=vee");
}

static void put_edge(struct buf *out, const struct picture *p, const struct picture_edge *e)
{
    const struct picture_edge *back = return_of(p, e);
    if (back != NULL && back < e)
        return;
    buf_printf(out, "  n%zu -> n%zu [label=", e->from, e->to);
    put_edge_label(out, p, e);
    buf_text(out, ", edgetooltip=\"");
    put_edge_tooltip(out, p, e);
    buf_text(out, "\", labeltooltip=\"");
    put_edge_tooltip(out, p, e);
    buf_text(out, "\", ");
    put_line(out, e, back != NULL);
    buf_text(out, "];\n");
}

/* A square of its colour for each state that there is. */
static void put_states(struct buf *out, const struct picture *p)
{
    bool seen[PICTURE_STATES] = {false};
    for (size_t i = 0; i < p->nodes.n; i++)
        seen[picture_state_of(p, &p->nodes.items[i])] = true;
    for (int s = 0; s < PICTURE_STATES; s++) {
        if (seen[s])
            buf_printf(out, "<font point-size=\"13\" color=\"%s\">\xE2\x96\xA0</font> %s &#160; ",
                       looks[s].border, picture_state_words((enum picture_state)s));
    }
}

static void put_lines(struct buf *out, const struct picture *p)
{
    bool carries = false, broken = false;
    for (size_t i = 0; i < p->edges.n; i++) {
        carries |= p->edges.items[i].flow > 0;
        broken |= !picture_edge_counts(&p->edges.items[i]);
    }
    if (carries)
        buf_text(out, "green line: carries the answer, the wider the more");
    else if (p->edges.n > 0)
        buf_text(out, "line: certifies, the wider the more");
    if (broken)
        buf_text(out, "; dashed: does not count");
}

/* Each remark on a line of its own, so that they do not make a small picture wide. */
static void put_note(struct buf *out, const struct picture *p)
{
    CLEANUP(buf_clear) struct buf note = BUF_EMPTY(SIZE_MAX);
    picture_cut_note(p, &note);
    for (struct slice rest = buf_view(&note); rest.len > 0;) {
        const uint8_t *end = memchr(rest.data, ';', rest.len);
        size_t len = end != NULL ? (size_t)(end - rest.data) : rest.len;
        buf_text(out, "<br align=\"left\"/><font point-size=\"9\" color=\"#b3261e\">");
        xml_to(out, slice_of(rest.data, len));
        buf_text(out, "</font>");
        rest = slice_from(rest, len + 2); /* the blank, too */
    }
}

static void put_legend(struct buf *out, const struct picture *p)
{
    buf_text(out, "  label=<<b>");
    quoted_to(out, buf_view(&p->title));
    buf_text(out, "</b><br align=\"left\"/><font point-size=\"9\" color=\"#444444\">");
    put_states(out, p);
    put_lines(out, p);
    buf_text(out, "</font>");
    put_note(out, p);
    buf_text(out, "<br align=\"left\"/>>;\n");
}

/* From the left to the right: roots, and what is asked about. */
static void put_ranks(struct buf *out, const struct picture *p)
{
    buf_text(out, "  { rank=source;");
    for (size_t i = 0; i < p->nodes.n; i++) {
        if (p->nodes.items[i].cert->root > 0 && !p->nodes.items[i].is_target)
            buf_printf(out, " n%zu;", i);
    }
    buf_text(out, " }\n  { rank=sink;");
    for (size_t i = 0; i < p->nodes.n; i++) {
        if (p->nodes.items[i].is_target)
            buf_printf(out, " n%zu;", i);
    }
    buf_text(out, " }\n");
}

err *picture_dot(const struct picture *p, struct buf *out)
{
    buf_text(out, "digraph trust {\n"
                  "  graph [charset=\"UTF-8\", rankdir=LR, bgcolor=white, nodesep=0.25, "
                  "ranksep=0.9, pad=0.3, labelloc=t, labeljust=l, "
                  "fontname=\"Helvetica,Arial,sans-serif\", fontsize=13];\n"
                  "  node [shape=box, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, "
                  "margin=\"0.14,0.06\", height=0.3];\n"
                  "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, "
                  "fontcolor=\"#222222\", arrowsize=0.7];\n");
    put_legend(out, p);
    for (size_t i = 0; i < p->nodes.n; i++)
        put_node(out, p, i);
    for (size_t i = 0; i < p->edges.n; i++)
        put_edge(out, p, &p->edges.items[i]);
    put_ranks(out, p);
    buf_text(out, "}\n");
    return buf_end(out);
}

err *picture_svg(const struct picture *p, struct buf *out)
{
    static const char *const dot[] = {"dot", "-Tsvg", NULL};
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    TRY(picture_dot(p, &text));
    err *e = filter_run(dot, buf_view(&text), out);
    if (err_kind_of(e) == ERR_UNSUPPORTED)
        e = err_hint(e, "install Graphviz (graphviz), or take another format: -o FILE.dot");
    return e;
}
