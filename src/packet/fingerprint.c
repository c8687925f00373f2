#include "packet/fingerprint.h"

#include <string.h>

#include "base/text.h"

size_t fingerprint_len(uint8_t version)
{
    switch (version) {
    case 2:
    case 3:
        return FPR_V3_LEN;
    case 4:
        return FPR_V4_LEN;
    case 5:
    case 6:
        return FPR_V6_LEN;
    default:
        return 0;
    }
}

bool fingerprint_from(uint8_t version, struct slice bytes, struct fingerprint *out)
{
    *out = (struct fingerprint){0};
    if (bytes.len == 0 || bytes.len != fingerprint_len(version))
        return false;
    out->version = version;
    out->len = (uint8_t)bytes.len;
    memcpy(out->bytes, bytes.data, bytes.len);
    return true;
}

struct slice fingerprint_view(const struct fingerprint *f)
{
    return slice_of(f->bytes, f->len);
}

bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->version == b->version && slice_equal(fingerprint_view(a), fingerprint_view(b));
}

struct key_id fingerprint_key_id(const struct fingerprint *f)
{
    struct key_id id = {{0}};
    if (f->version == 4)
        memcpy(id.bytes, f->bytes + FPR_V4_LEN - KEY_ID_LEN, KEY_ID_LEN);
    else if (f->version > 4)
        memcpy(id.bytes, f->bytes, KEY_ID_LEN);
    return id;
}

void fingerprint_text(const struct fingerprint *f, char text[static FPR_TEXT_SIZE])
{
    text_hex(fingerprint_view(f), text);
}

void key_id_text(const struct key_id *id, char text[static KEY_ID_TEXT_SIZE])
{
    text_hex(SLICE_OF(id->bytes), text);
}

bool key_id_equal(const struct key_id *a, const struct key_id *b)
{
    return memcmp(a->bytes, b->bytes, KEY_ID_LEN) == 0;
}

bool key_id_is_zero(const struct key_id *id)
{
    static const struct key_id zero;
    return key_id_equal(id, &zero);
}

struct key_handle key_handle_of(const struct fingerprint *f)
{
    return (struct key_handle){.fpr = *f, .id = fingerprint_key_id(f)};
}

bool key_handle_is_empty(const struct key_handle *h)
{
    return h->fpr.version == 0 && key_id_is_zero(&h->id);
}

bool key_handle_matches(const struct key_handle *h, const struct fingerprint *f,
                        const struct key_id *id)
{
    if (h->fpr.version != 0)
        return fingerprint_equal(&h->fpr, f);
    return !key_id_is_zero(&h->id) && key_id_equal(&h->id, id);
}

void key_handle_text(const struct key_handle *h, char text[static FPR_TEXT_SIZE])
{
    if (h->fpr.version != 0)
        fingerprint_text(&h->fpr, text);
    else
        key_id_text(&h->id, text);
}
