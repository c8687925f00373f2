#include "cli/userids.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void userids_clear(struct userids *u)
{
    for (size_t i = 0; i < u->n_texts; i++)
        free(u->texts[i]);
    free(u->texts);
    free(u->items);
    *u = (struct userids){0};
}

/* The address alone: "Alice <alice@example.org>" is none. */
static err *check_email(const char *email)
{
    AUTO(free) char *shown = NULL;
    const char *at = strchr(email, '@');
    bool bare = text_email_of(slice_of_string(email)).len == strlen(email);
    if (bare && at != NULL && strchr(at + 1, '@') == NULL)
        return NULL;
    TRY(text_escape(slice_of_string(email), &shown));
    return err_hint(err_new(ERR_USAGE, "--email %s: that is no e-mail address", shown),
                    "write it like alice@example.org; the name goes to --name");
}

static err *check_name(const char *name)
{
    AUTO(free) char *shown = NULL;
    if (name[0] == '\0')
        return err_new(ERR_USAGE, "--name: it is empty");
    if (strpbrk(name, "<>@") == NULL)
        return NULL;
    TRY(text_escape(slice_of_string(name), &shown));
    return err_hint(err_new(ERR_USAGE, "--name %s: that is more than a name", shown),
                    "give the address with --email, or both as one argument: "
                    "\"Alice <alice@example.org>\"");
}

static err *check(const struct userids_opts *o)
{
    for (size_t i = 0; i < o->names.n; i++)
        TRY(check_name(o->names.items[i]));
    for (size_t i = 0; i < o->emails.n; i++)
        TRY(check_email(o->emails.items[i]));
    if (o->separate || o->names.n <= 1 || o->emails.n == 0)
        return NULL;
    return err_hint(err_new(ERR_USAGE, "which name belongs to which address?"),
                    "write them as arguments: \"Alice <alice@example.org>\"; or --separate");
}

/* "<alice@example.org>" without a name. */
static err *add_combined(const char *name, const char *email, struct userids *u)
{
    char **text = &u->texts[u->n_texts];
    if (email == NULL)
        TRY(mem_strdup(name, text));
    else
        TRY(mem_printf(text, "%s%s<%s>", name != NULL ? name : "", name != NULL ? " " : "", email));
    u->n_texts++;
    u->items[u->n++] = slice_of_string(*text);
    return NULL;
}

err *userids_collect(const struct userids_opts *o, const struct args *whole, struct userids *out)
{
    CLEANUP(userids_clear) struct userids u = {0};
    size_t n = o->names.n + o->emails.n;
    bool apart = o->separate || o->emails.n == 0;
    const char *name = apart || o->names.n == 0 ? NULL : o->names.items[0];
    TRY(check(o));
    TRY(MEM_ARRAY(u.texts, n + 1));
    TRY(MEM_ARRAY(u.items, n + whole->n + 1));
    for (size_t i = 0; i < whole->n; i++)
        u.items[u.n++] = slice_of_string(whole->items[i]);
    for (size_t i = 0; apart && i < o->names.n; i++)
        TRY(add_combined(o->names.items[i], NULL, &u));
    for (size_t i = 0; i < o->emails.n; i++)
        TRY(add_combined(name, o->emails.items[i], &u));
    *out = u;
    u = (struct userids){0};
    return NULL;
}
