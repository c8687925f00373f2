#include "sop/range.h"

#include <string.h>

#include "base/when.h"

err *range_time(const char *text, const struct world *w, int64_t *out)
{
    if (strcmp(text, "now") != 0)
        return when_parse(text, out);
    *out = world_now(w);
    return NULL;
}

static err *parse(const char *text, int64_t unlimited, const struct world *w, int64_t *out)
{
    *out = unlimited;
    if (text == NULL || strcmp(text, "-") == 0)
        return NULL;
    return range_time(text, w, out);
}

/* What was made in the future is refused anyway, so that --not-after need not say it. */
err *range_parse(const char *not_before, const char *not_after, const struct world *w,
                 struct range *out)
{
    TRY(err_wrap(parse(not_before, INT64_MIN, w, &out->from), "not before"));
    return err_wrap(parse(not_after, INT64_MAX, w, &out->until), "not after");
}

void range_apply(const struct range *r, struct verdict_list *l)
{
    char at[WHEN_TEXT_SIZE];
    for (size_t i = 0; i < l->n; i++) {
        struct verdict *v = &l->items[i];
        bool early = v->made_at < r->from;
        if (v->status != VERDICT_GOOD || (!early && v->made_at <= r->until))
            continue;
        when_text(v->made_at, at);
        v->status = VERDICT_REJECTED;
        v->reason = err_new(ERR_POLICY, "made at %s, too %s for what is asked", at,
                            early ? "early" : "late");
    }
}
