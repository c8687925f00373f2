#include "sop/sessionkey.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "cli/designator.h"
#include "sop/data.h"

enum { SESSION_KEY_TEXT_MAX = 1 << 12 };

void session_keys_clear(struct session_keys *l)
{
    for (size_t i = 0; i < l->n; i++)
        session_clear(&l->items[i]);
    vec_free(l);
}

static err *malformed(void)
{
    return err_hint(err_new(ERR_MALFORMED, "not a session key"),
                    "it is written CIPHER:HEX, as 9:FCA4BEAF...");
}

static err *parse(const char *text, struct session *out)
{
    AUTO(secret_free) struct secret *key = NULL;
    char *colon = NULL;
    unsigned long cipher = strtoul(text, &colon, 10);
    if (colon == text || *colon != ':' || cipher > UINT8_MAX)
        return malformed();
    size_t digits = text_hex_digits(colon + 1);
    if (digits == 0 || digits % 2 != 0)
        return malformed();
    TRY(secret_new(digits / 2, &key));
    if (!text_unhex(colon + 1, secret_data(key), digits / 2))
        return malformed();
    *out = (struct session){.key = TAKE(key), .cipher = (uint8_t)cipher};
    return NULL;
}

static err *read_text(const char *name, struct buf *b)
{
    TRY(designator_read(name, b));
    while (b->len > 0 && strchr(" \t\r\n", b->data[b->len - 1]) != NULL)
        b->len--;
    buf_u8(b, 0);
    return buf_end(b);
}

static err *read_one(const char *name, struct session *out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SESSION_KEY_TEXT_MAX);
    TRY(read_text(name, &b));
    return err_wrap(parse((const char *)b.data, out), "%s", name);
}

err *session_keys_read(const struct opt_list *names, struct session_keys *out)
{
    for (size_t i = 0; i < names->n; i++) {
        CLEANUP(session_clear) struct session s = {0};
        TRY(read_one(names->items[i], &s));
        TRY(VEC_PUSH(out, s));
        s = (struct session){0};
    }
    return NULL;
}

err *session_key_put(struct sink *k, uint8_t cipher, const struct secret *key)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SESSION_KEY_TEXT_MAX);
    buf_printf(&b, "%u:", cipher);
    text_hex_to(&b, secret_view(key));
    buf_text(&b, "\n");
    TRY(buf_end(&b));
    return data_aside_put(k, buf_view(&b));
}
