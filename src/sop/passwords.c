#include "sop/passwords.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/designator.h"

enum { PASSWORD_MAX = 1 << 16 };

void passwords_clear(struct passwords *p)
{
    for (size_t i = 0; i < p->n; i++)
        secret_free(p->items[i]);
    vec_free(p);
}

static err *read_one(const char *name, struct buf *out)
{
    return err_wrap(designator_read(name, out), "password");
}

static struct slice trimmed(struct slice s)
{
    while (s.len > 0 && memchr(" \t\n\v\f\r", s.data[s.len - 1], 6) != NULL)
        s.len--;
    return s;
}

static err *add(struct passwords *p, struct slice bytes)
{
    AUTO(secret_free) struct secret *s = NULL;
    TRY(secret_of(bytes, &s));
    TRY(VEC_PUSH(p, s));
    s = NULL;
    return NULL;
}

err *passwords_read(const struct opt_list *names, struct passwords *out)
{
    for (size_t i = 0; i < names->n; i++) {
        CLEANUP(buf_clear) struct buf b = BUF_EMPTY(PASSWORD_MAX);
        TRY(read_one(names->items[i], &b));
        struct slice whole = buf_view(&b), part = trimmed(whole);
        TRY(add(out, whole));
        if (part.len < whole.len)
            TRY(add(out, part));
    }
    return NULL;
}

err *passwords_next(const struct passwords *p, const struct passphrase_request *request,
                    struct secret **out)
{
    if (p == NULL || request->attempt >= p->n)
        return NULL;
    return secret_of(secret_view(p->items[request->attempt]), out);
}

static bool has_control_characters(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < 0x20 || s.data[i] == 0x7f)
            return true;
    }
    return false;
}

err *passwords_new(const char *name, struct secret **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(PASSWORD_MAX);
    if (name == NULL)
        return NULL;
    TRY(read_one(name, &b));
    struct slice s = trimmed(buf_view(&b));
    if (s.len == 0)
        return err_new(ERR_BAD_PASSPHRASE, "%s: the new password is empty", name);
    if (!text_is_utf8(s))
        return err_new(ERR_BAD_PASSPHRASE, "%s: the new password is not UTF-8 text", name);
    if (has_control_characters(s))
        return err_new(ERR_BAD_PASSPHRASE, "%s: the new password has control characters", name);
    return secret_of(s, out);
}
