#include "cli/leftovers.h"

#include "base/mem.h"

static err *add(struct leftovers *l, const char *what, const char *why, enum err_kind kind)
{
    AUTO(free) char *a = NULL, *b = NULL;
    TRY(mem_strdup(what, &a));
    TRY(mem_strdup(why, &b));
    TRY(VEC_PUSH(&l->items, ((struct leftover){a, b, kind})));
    a = b = NULL;
    return NULL;
}

err *leftovers_add(struct leftovers *l, const char *what, err *why)
{
    enum err_kind kind = err_kind_of(why);
    char text[1024];
    if (kind == ERR_NO_MEMORY || kind == ERR_INTERRUPTED)
        return why;
    err_text(why, text, sizeof text);
    err_free(why);
    return add(l, what, text, kind);
}

err *leftovers_note(struct leftovers *l, const char *what, const char *why)
{
    return add(l, what, why, ERR_NONE);
}

void leftovers_report(const struct leftovers *l, struct report *r)
{
    report_array(r, "left");
    for (size_t i = 0; i < l->items.n; i++) {
        const struct leftover *x = &l->items.items[i];
        if (x->kind == ERR_NONE)
            report_remark(r, "left       %s: %s", x->what, x->why);
        else
            report_warning(r, "left       %s: %s", x->what, x->why);
        report_object(r, NULL);
        report_string(r, "what", x->what);
        report_string(r, "reason", x->why);
        report_bool(r, "failure", x->kind != ERR_NONE);
        report_end_object(r);
    }
    report_end_array(r);
}

err *leftovers_failure(const struct leftovers *l)
{
    enum err_kind first = ERR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < l->items.n; i++) {
        enum err_kind kind = l->items.items[i].kind;
        n += kind != ERR_NONE;
        if (first == ERR_NONE)
            first = kind;
    }
    if (n == 0)
        return NULL;
    return err_new(first, "%zu %s not be taken over", n, n == 1 ? "thing could" : "things could");
}

void leftovers_clear(struct leftovers *l)
{
    for (size_t i = 0; i < l->items.n; i++) {
        free(l->items.items[i].what);
        free(l->items.items[i].why);
    }
    vec_free(&l->items);
}
