#include "cli/userpick.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "keyring/keyring.h"

void userpicks_clear(struct userpicks *p)
{
    for (size_t i = 0; i < p->n; i++)
        err_free(p->items[i].problem);
    vec_free(p);
}

static struct slice name_of(const struct userpick *x)
{
    return x->user->packet.body;
}

/* Those that can be meant, a line for each. */
static err *list(const struct userpicks *p, struct buf *out)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->items[i].problem != NULL)
            continue;
        buf_text(out, "\n  ");
        text_escape_to(out, name_of(&p->items[i]));
    }
    buf_u8(out, 0);
    return buf_end(out);
}

/* Takes e over. */
static err *with_list(const struct userpicks *p, const char *advice, err *e)
{
    CLEANUP(buf_clear) struct buf names = BUF_EMPTY(1 << 20);
    err *trouble = list(p, &names);
    if (trouble == NULL)
        return err_hint(e, "%s%s", advice, (const char *)names.data);
    err_free(e);
    return trouble;
}

static size_t count(const struct userpicks *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        n += p->items[i].problem == NULL;
    return n;
}

static err *problem_of(const struct userpick *x)
{
    AUTO(free) char *shown = NULL;
    TRY(text_escape(name_of(x), &shown));
    return err_wrap(err_copy(x->problem), "%s", shown);
}

/* By address among those that can be meant, else among all, to tell why not. */
static err *find_by_email(struct userpicks *p, const char *name, bool also_bad,
                          struct userpick **out, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool fits;
        TRY(keyring_name_fits(name, name_of(&p->items[i]), &fits));
        if (!fits || (p->items[i].problem != NULL && !also_bad))
            continue;
        *out = &p->items[i];
        (*n)++;
    }
    return NULL;
}

static struct userpick *find_exact(struct userpicks *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++) {
        if (slice_equal(name_of(&p->items[i]), slice_of_string(name)))
            return &p->items[i];
    }
    return NULL;
}

static err *choose_named(struct userpicks *p, const char *name)
{
    AUTO(free) char *shown = NULL;
    struct userpick *x = find_exact(p, name);
    bool email = keyring_name_kind(name) == KEYRING_EMAIL;
    size_t n = x != NULL;
    TRY(text_escape(slice_of_string(name), &shown));
    if (n == 0 && email)
        TRY(find_by_email(p, name, false, &x, &n));
    if (n == 0 && email)
        TRY(find_by_email(p, name, true, &x, &n));
    if (n == 0)
        return with_list(p, "give it whole, or its e-mail address; there are:",
                         err_new(ERR_NO_USER_ID, "there is no user ID %s", shown));
    if (n > 1)
        return with_list(p, "give it whole; there are:",
                         err_new(ERR_AMBIGUOUS, "%s: fits %zu user IDs", shown, n));
    x->chosen = true;
    return x->problem == NULL ? NULL : problem_of(x);
}

static err *choose_all(struct userpicks *p, bool all)
{
    size_t n = count(p);
    if (p->n == 0)
        return err_new(ERR_NO_USER_ID, "it has no user ID");
    if (n == 0)
        return problem_of(&p->items[0]);
    if (n > 1 && !all)
        return with_list(p, "name those that you mean, or say --all:",
                         err_new(ERR_MISSING_ARG, "which of its %zu user IDs?", n));
    for (size_t i = 0; i < p->n; i++)
        p->items[i].chosen = p->items[i].problem == NULL;
    return NULL;
}

err *userpicks_choose(struct userpicks *p, const struct args *names, bool all)
{
    if (names->n > 0 && all)
        return err_new(ERR_USAGE, "--all, and some by name: one of the two");
    if (names->n == 0)
        return choose_all(p, all);
    for (size_t i = 0; i < names->n; i++)
        TRY(choose_named(p, names->items[i]));
    return NULL;
}
