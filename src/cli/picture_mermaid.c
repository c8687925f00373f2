#include "cli/picture.h"

#include "base/text.h"
#include "cli/label.h"

/* Mermaid, as Markdown pages show it.  Within quotes "#59;" stands for a character; what could
 * be read as its syntax, as Markdown or as HTML is written so. */

enum { COLUMNS = 40 };

static bool is_harmless(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == ',' || c == '@' || (c >= 0xA0 && (c & 0xFFFE) != 0xFFFE);
}

static void mermaid_to(struct buf *out, struct slice text)
{
    uint32_t c = 0;
    while (text.len > 0) {
        size_t n = text_utf8_next(text, &c);
        if (n > 0 && is_harmless(c))
            buf_bytes(out, slice_of(text.data, n));
        else
            buf_printf(out, "#%u;", n > 0 ? (unsigned)c : '?');
        text = slice_from(text, n > 0 ? n : 1);
    }
}

static const char *const class_names[] = {
    [PICTURE_ROOT] = "root",       [PICTURE_INTRODUCER] = "introducer",
    [PICTURE_REACHED] = "reached", [PICTURE_PARTLY] = "partly",
    [PICTURE_MISSED] = "missed",   [PICTURE_PLAIN] = "plain",
    [PICTURE_INVALID] = "invalid", [PICTURE_ABSENT] = "absent",
};

static const char classes[] =
    "  classDef root fill:#cfe2f7,stroke:#1f5fae,stroke-width:2px,color:#0b2e59\n"
    "  classDef introducer fill:#eef5fc,stroke:#6d94c2,color:#12395f\n"
    "  classDef reached fill:#d8f3dc,stroke:#2e8540,color:#12401d\n"
    "  classDef partly fill:#fff0c7,stroke:#b7791f,color:#5c3a06\n"
    "  classDef missed fill:#ffffff,stroke:#b3261e,stroke-width:2px,color:#7a1812\n"
    "  classDef plain fill:#f4f4f4,stroke:#8a8a8a,color:#222222\n"
    "  classDef invalid fill:#fbe6e4,stroke:#b3261e,stroke-dasharray:5 3,color:#7a1812\n"
    "  classDef absent fill:#ffffff,stroke:#9a9a9a,stroke-dasharray:2 3,color:#666666\n";

static void put_node(struct buf *out, const struct picture *p, size_t i)
{
    const struct picture_node *n = &p->nodes.items[i];
    enum picture_state state = picture_state_of(p, n);
    CLEANUP(buf_clear) struct buf label = BUF_EMPTY(SIZE_MAX), id = BUF_EMPTY(SIZE_MAX);
    picture_label(n, COLUMNS, "\xE2\x80\xA6", &label);
    buf_printf(out, "  n%zu[\"", i);
    mermaid_to(out, buf_view(&label));
    if (n->is_judged && state != PICTURE_REACHED && state != PICTURE_ROOT)
        buf_printf(out, "<br/>%u of %u", n->amount, p->asked);
    if (n->name.len > 0) {
        picture_short_id(n, &id);
        buf_text(out, "<br/><small>");
        mermaid_to(out, buf_view(&id));
        buf_text(out, "</small>");
    }
    buf_printf(out, "\"]:::%s\n", class_names[state]);
}

static void put_edge(struct buf *out, const struct picture *p, const struct picture_edge *e)
{
    bool counts = picture_edge_counts(e);
    CLEANUP(buf_clear) struct buf details = BUF_EMPTY(SIZE_MAX);
    picture_edge_details(p, e, &details);
    buf_printf(out, "  n%zu %s|\"", e->from, counts ? "-->" : "-.->");
    if (counts) {
        picture_edge_amount(e, out);
        buf_text(out, details.len > 0 ? "<br/>" : "");
    }
    mermaid_to(out, buf_view(&details));
    buf_printf(out, "\"| n%zu\n", e->to);
}

static void put_line_style(struct buf *out, const struct picture_edge *e, size_t i)
{
    if (e->flow > 0)
        buf_printf(out, "  linkStyle %zu stroke:#2e7d46,stroke-width:%.1fpx\n", i,
                   1 + 4 * picture_edge_weight(e) / TRUST_FULL);
    else if (!picture_edge_counts(e))
        buf_printf(out, "  linkStyle %zu stroke:#b9b9b9,color:#9b3a33\n", i);
}

err *picture_mermaid(const struct picture *p, struct buf *out)
{
    CLEANUP(buf_clear) struct buf note = BUF_EMPTY(SIZE_MAX), title = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&title, buf_view(&p->title));
    picture_cut_note(p, &note);
    buf_text(out, "---\ntitle: ");
    text_json_to(out, buf_view(&title));
    buf_text(out, "\n---\nflowchart LR\n");
    if (note.len > 0)
        buf_printf(out, "  %%%% %.*s\n", (int)note.len, (const char *)note.data);
    for (size_t i = 0; i < p->nodes.n; i++)
        put_node(out, p, i);
    for (size_t i = 0; i < p->edges.n; i++)
        put_edge(out, p, &p->edges.items[i]);
    buf_text(out, classes);
    for (size_t i = 0; i < p->edges.n; i++)
        put_line_style(out, &p->edges.items[i], i);
    return buf_end(out);
}
