#include "pgp/autocrypt.h"

#include "base/text.h"
#include "stream/base64.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice trimmed(struct slice s)
{
    while (s.len > 0 && is_blank(s.data[0]))
        s = slice_from(s, 1);
    while (s.len > 0 && is_blank(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* What stands before the first `end`, which is dropped from *rest; all of it if there is
 * none. */
static struct slice take_until(struct slice *rest, uint8_t end)
{
    const uint8_t *at = rest->len == 0 ? NULL : memchr(rest->data, end, rest->len);
    size_t n = at == NULL ? rest->len : (size_t)(at - rest->data);
    struct slice part = slice_of(rest->data, n);
    *rest = slice_from(*rest, n + 1);
    return part;
}

/* Header fields. */

/* The length of a field's name [RFC5322 2.2]; 0: none starts here. */
static size_t name_len(struct slice text)
{
    size_t n = 0;
    while (n < text.len && text.data[n] > ' ' && text.data[n] < 127 && text.data[n] != ':')
        n++;
    return n < text.len && text.data[n] == ':' ? n : 0;
}

bool autocrypt_may_start(struct slice text)
{
    return name_len(text) > 0 || slice_starts_with(text, SLICE_TEXT("From "));
}

size_t autocrypt_headers_len(struct slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        size_t next = i + 1 + (text.data[i + 1] == '\r');
        if (text.data[i] == '\n' && next < text.len && text.data[next] == '\n')
            return next + 1;
    }
    return 0;
}

/* The next field, with the lines that it is folded into [RFC5322 2.2.3]. */
static struct slice next_field(struct slice *rest)
{
    struct slice field = take_until(rest, '\n');
    while (rest->len > 0 && (rest->data[0] == ' ' || rest->data[0] == '\t')) {
        struct slice more = take_until(rest, '\n');
        field.len = (size_t)(more.data + more.len - field.data);
    }
    return field;
}

static bool is_field(struct slice field, struct slice name, struct slice *value)
{
    size_t n = name_len(field);
    *value = slice_from(field, n + 1);
    return n > 0 && text_equal_nocase(slice_of(field.data, n), name);
}

/* The address that the mail is from; empty if that is not said. */
static struct slice sender(struct slice headers)
{
    while (headers.len > 0) {
        struct slice value;
        if (is_field(next_field(&headers), SLICE_TEXT("From"), &value))
            return text_email_of(trimmed(value));
    }
    return SLICE_EMPTY;
}

/* One Autocrypt header. */

struct header {
    struct slice addr, keydata;
};

static err *take_attribute(struct slice attribute, struct header *h)
{
    struct slice value = attribute, name = trimmed(take_until(&value, '='));
    if (text_equal_nocase(name, SLICE_TEXT("addr")))
        h->addr = trimmed(value);
    else if (text_equal_nocase(name, SLICE_TEXT("keydata")))
        h->keydata = trimmed(value);
    else if (name.len > 0 && name.data[0] != '_' &&
             !text_equal_nocase(name, SLICE_TEXT("prefer-encrypt")))
        return err_new(ERR_UNSUPPORTED, "a critical attribute that is not known");
    return NULL;
}

static err *parse_header(struct slice value, struct header *h)
{
    while (value.len > 0)
        TRY(take_attribute(take_until(&value, ';'), h));
    if (h->addr.len == 0 || h->keydata.len == 0)
        return err_new(ERR_MALFORMED, "no attribute %s", h->addr.len == 0 ? "addr" : "keydata");
    return NULL;
}

static err *decode(struct slice keydata, struct buf *out)
{
    struct base64 state = {0};
    size_t used, made;
    uint8_t *room = buf_extend(out, keydata.len / 4 * 3 + 6);
    TRY(buf_end(out));
    enum base64_stop stop = base64_decode(&state, keydata, &used, room, &made);
    bool complete = stop == BASE64_PADDED || (stop == BASE64_MORE && state.n == 0);
    if (!complete || trimmed(slice_from(keydata, used)).len > 0)
        return err_new(ERR_MALFORMED, "keydata is no base64");
    out->len = made;
    return NULL;
}

static err *read_header(struct slice value, struct slice from, struct cert **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(AUTOCRYPT_HEADERS_MAX);
    struct header h = {0};
    TRY(parse_header(value, &h));
    if (from.len > 0 && !text_equal_nocase(from, h.addr))
        return err_new(ERR_MALFORMED, "it is for another address than the mail is from");
    TRY(decode(h.keydata, &packets));
    return cert_parse(buf_view(&packets), out);
}

/* What the headers have come to. */
struct found {
    struct cert *cert; /* of the first that counts */
    unsigned n;        /* of those that count */
    err *why;          /* the last that does not, does not */
};

static void found_clear(struct found *f)
{
    cert_free(f->cert);
    err_free(f->why);
}

static err *take_header(struct slice value, struct slice from, struct found *f)
{
    AUTO(cert_free) struct cert *c = NULL;
    err *e = read_header(value, from, &c);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (e != NULL) {
        err_free(f->why);
        f->why = e;
    } else if (f->n++ == 0) {
        f->cert = TAKE(c);
    }
    return NULL;
}

err *autocrypt_find(struct slice headers, struct cert **out, err **bad)
{
    CLEANUP(found_clear) struct found f = {0};
    struct slice from = sender(headers), value;
    while (headers.len > 0) {
        if (is_field(next_field(&headers), SLICE_TEXT("Autocrypt"), &value))
            TRY(take_header(value, from, &f));
    }
    /* Of several none counts: nobody can tell which is meant. */
    *out = f.n == 1 ? TAKE(f.cert) : NULL;
    err *e = f.n > 1 ? err_new(ERR_MALFORMED, "there are several") : f.n == 0 ? TAKE(f.why) : NULL;
    *bad = err_wrap(e, "Autocrypt header");
    return NULL;
}
