#include "base/fold.h"

#include <string.h>

#include "base/punycode.h"
#include "base/text.h"

/* Runs of capitals: each character, or every second one, is so far from its small form. */
struct run {
    uint16_t first, last;
    uint8_t step;
    int16_t distance;
};

static const struct run runs[] = {
    {0x0041, 0x005A, 1, 32}, /* Latin */
    {0x00C0, 0x00D6, 1, 32},    {0x00D8, 0x00DE, 1, 32}, {0x0100, 0x012E, 2, 1},
    {0x0132, 0x0136, 2, 1},     {0x0139, 0x0147, 2, 1},  {0x014A, 0x0176, 2, 1},
    {0x0178, 0x0178, 1, -121},  {0x0179, 0x017D, 2, 1},  {0x017F, 0x017F, 1, -268},
    {0x01CD, 0x01DB, 2, 1},     {0x01DE, 0x01EE, 2, 1},  {0x01F8, 0x021E, 2, 1},
    {0x0222, 0x0232, 2, 1},     {0x0386, 0x0386, 1, 38}, /* Greek */
    {0x0388, 0x038A, 1, 37},    {0x038C, 0x038C, 1, 64}, {0x038E, 0x038F, 1, 63},
    {0x0391, 0x03A1, 1, 32},    {0x03A3, 0x03AB, 1, 32}, {0x03C2, 0x03C2, 1, 1},
    {0x0400, 0x040F, 1, 80}, /* Cyrillic */
    {0x0410, 0x042F, 1, 32},    {0x0460, 0x0480, 2, 1},  {0x048A, 0x04BE, 2, 1},
    {0x04C1, 0x04CD, 2, 1},     {0x04D0, 0x052E, 2, 1},  {0x0531, 0x0556, 1, 48}, /* Armenian */
    {0x1E00, 0x1E94, 2, 1}, /* Latin with accents */
    {0x1E9E, 0x1E9E, 1, -7615}, {0x1EA0, 0x1EFE, 2, 1},  {0xFF21, 0xFF3A, 1, 32}, /* full width */
};

static uint32_t fold(uint32_t c)
{
    for (size_t i = 0; i < sizeof runs / sizeof *runs && c >= runs[i].first; i++) {
        if (c <= runs[i].last && (c - runs[i].first) % runs[i].step == 0)
            return (uint32_t)((int32_t)c + runs[i].distance);
    }
    return c;
}

void fold_text_to(struct buf *b, struct slice text)
{
    while (text.len > 0) {
        uint32_t c;
        size_t n = text_utf8_next(text, &c);
        if (n == 0)
            buf_u8(b, text.data[0]);
        else
            text_utf8_to(b, fold(c));
        text = slice_from(text, n == 0 ? 1 : n);
    }
}

static const char a_label[] = "xn--";

static void fold_label_to(struct buf *b, struct slice label)
{
    uint32_t characters[PUNYCODE_MAX];
    size_t prefix = sizeof a_label - 1, n;
    bool ascii = label.len > prefix &&
                 text_equal_nocase(slice_of(label.data, prefix), slice_of_string(a_label));
    if (!ascii || !punycode_decode(slice_from(label, prefix), characters, &n)) {
        fold_text_to(b, label);
        return;
    }
    for (size_t i = 0; i < n; i++)
        text_utf8_to(b, fold(characters[i]));
}

void fold_domain_to(struct buf *b, struct slice domain)
{
    while (domain.len > 0) {
        const uint8_t *dot = memchr(domain.data, '.', domain.len);
        size_t len = dot != NULL ? (size_t)(dot - domain.data) : domain.len;
        fold_label_to(b, slice_of(domain.data, len));
        if (dot != NULL)
            buf_u8(b, '.');
        domain = slice_from(domain, dot != NULL ? len + 1 : len);
    }
}

void fold_address_to(struct buf *b, struct slice address)
{
    const uint8_t *at = memrchr(address.data, '@', address.len);
    size_t local = (size_t)(at - address.data);
    fold_domain_to(b, slice_from(address, local + 1));
    buf_u8(b, '@');
    fold_text_to(b, slice_of(address.data, local));
}
