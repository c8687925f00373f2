#include "cli/picture.h"

#include "cli/trusttell.h"

static void put_node(struct report *r, const struct picture *p, const struct picture_node *n)
{
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", &n->cert->fpr);
    report_bytes(r, "userid", n->name);
    report_string(r, "state", picture_state_words(picture_state_of(p, n)));
    report_bool(r, "target", n->is_target);
    report_number(r, "root", n->cert->root);
    if (n->is_judged)
        report_number(r, "amount", n->amount);
    else
        report_string(r, "amount", NULL);
    report_end_object(r);
}

static void put_edge(struct report *r, const struct picture_edge *e)
{
    report_object(r, NULL);
    trusttell_put_edge(r, e->edge);
    report_fraction(r, "carries", e->flow);
    report_end_object(r);
}

void picture_put(const struct picture *p, struct report *r)
{
    report_time(r, "at", p->at);
    report_number(r, "required", p->asked);
    report_array(r, "nodes");
    for (size_t i = 0; i < p->nodes.n; i++)
        put_node(r, p, &p->nodes.items[i]);
    report_end_array(r);
    report_array(r, "edges");
    for (size_t i = 0; i < p->edges.n; i++)
        put_edge(r, &p->edges.items[i]);
    report_end_array(r);
    report_number(r, "left_out", (int64_t)(p->nodes_left_out + p->edges_left_out));
}

err *picture_json(const struct picture *p, struct buf *out)
{
    CLEANUP(report_clear) struct report r;
    report_init(&r, true, true);
    picture_put(p, &r);
    TRY(buf_end(&r.object));
    buf_bytes(out, buf_view(&r.object));
    buf_text(out, "}\n");
    return buf_end(out);
}
