#include "keyring/trustscope.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct scope {
    struct slice text;
    VEC(struct regex *) regexes;
    uint64_t question; /* that the result is about */
    bool result;
};

static void scope_free(struct scope *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->regexes.n; i++)
        regex_free(s->regexes.items[i]);
    vec_free(&s->regexes);
    free(s);
}
AUTO_DEFINE(scope_free, struct scope *)

void scopes_clear(struct scopes *s)
{
    for (size_t i = 0; i < s->items.n; i++)
        scope_free(s->items.items[i]);
    vec_free(&s->items);
    trustmap_clear(&s->by_hash);
}

void scopes_ask(struct scopes *s, struct slice user_id)
{
    s->user_id = user_id;
    s->question++;
}

static err *add_expression(struct scope *s, struct slice text)
{
    AUTO(regex_free) struct regex *r = NULL;
    err *e = regex_new(text, &r);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (e != NULL) {
        err_free(e);
        return NULL;
    }
    TRY(VEC_PUSH(&s->regexes, r));
    r = NULL;
    return NULL;
}

static err *compile(struct slice text, struct scope **out)
{
    AUTO(scope_free) struct scope *s = NULL;
    TRY(MEM_NEW(s));
    s->text = text;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *zero = memchr(text.data + at, 0, text.len - at);
        size_t end = zero != NULL ? (size_t)(zero - text.data) : text.len;
        TRY(add_expression(s, slice_of(text.data + at, end - at)));
        at = end + 1;
    }
    *out = TAKE(s);
    return NULL;
}

/* FNV-1a */
static int64_t hash(struct slice text)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < text.len; i++)
        h = (h ^ text.data[i]) * UINT64_C(0x100000001B3);
    return (int64_t)h;
}

static err *find(struct scopes *s, struct slice text, struct scope **out)
{
    int64_t key = hash(text);
    for (;; key = (int64_t)((uint64_t)key + 1)) {
        int32_t number = trustmap_get(&s->by_hash, key);
        AUTO(scope_free) struct scope *made = NULL;
        if (number >= 0 && slice_equal(s->items.items[number]->text, text)) {
            *out = s->items.items[number];
            return NULL;
        }
        if (number >= 0)
            continue;
        TRY(compile(text, &made));
        TRY(VEC_PUSH(&s->items, made));
        *out = TAKE(made);
        return trustmap_put(&s->by_hash, key, (int32_t)s->items.n - 1);
    }
}

err *scopes_fit(struct scopes *s, struct slice expressions, bool *out)
{
    struct scope *found = NULL;
    *out = true;
    if (expressions.len == 0)
        return NULL;
    TRY(find(s, expressions, &found));
    if (found->question != s->question) {
        bool fits = false, short_enough = s->user_id.len <= REGEX_MAX;
        for (size_t i = 0; i < found->regexes.n && !fits && short_enough; i++)
            TRY(regex_match(found->regexes.items[i], s->user_id, &fits));
        found->question = s->question;
        found->result = fits;
    }
    *out = found->result;
    return NULL;
}
