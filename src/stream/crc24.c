#include "stream/crc24.h"

#include "stream/radix64.h"

/* What is left of a byte b, i bytes before the end, when the generator polynomial P is divided
 * out: b(x) * x^(24 + 8i) mod P is remainders[i][b].  The sum over sixteen bytes takes sixteen
 * steps at once.
 *
 * A remainder is the sum of those of the byte's bits, so that a table is made of eight of them:
 * x^(24 + n) mod P for n from 8i on, each twice the one before it, less P where that has
 * become too large. */
#define STEP 16

#define SUM1(s, a)                   (s), (s) ^ (a)
#define SUM2(s, a, b)                SUM1(s, a), SUM1((s) ^ (b), a)
#define SUM3(s, a, b, c)             SUM2(s, a, b), SUM2((s) ^ (c), a, b)
#define SUM4(s, a, b, c, d)          SUM3(s, a, b, c), SUM3((s) ^ (d), a, b, c)
#define SUM5(s, a, b, c, d, e)       SUM4(s, a, b, c, d), SUM4((s) ^ (e), a, b, c, d)
#define SUM6(s, a, b, c, d, e, f)    SUM5(s, a, b, c, d, e), SUM5((s) ^ (f), a, b, c, d, e)
#define SUM7(s, a, b, c, d, e, f, g) SUM6(s, a, b, c, d, e, f), SUM6((s) ^ (g), a, b, c, d, e, f)
#define TABLE(a, b, c, d, e, f, g, h)                                                              \
    {                                                                                              \
        SUM7(0, a, b, c, d, e, f, g), SUM7(h, a, b, c, d, e, f, g)                                 \
    }

static const uint32_t remainders[STEP][256] = {
    TABLE(0x864CFB, 0x8AD50D, 0x93E6E1, 0xA18139, 0xC54E89, 0x0CD1E9, 0x19A3D2, 0x3347A4),
    TABLE(0x668F48, 0xCD1E90, 0x1C71DB, 0x38E3B6, 0x71C76C, 0xE38ED8, 0x41514B, 0x82A296),
    TABLE(0x8309D7, 0x805F55, 0x86F251, 0x8BA859, 0x911C49, 0xA47469, 0xCEA429, 0x1B04A9),
    TABLE(0x360952, 0x6C12A4, 0xD82548, 0x36066B, 0x6C0CD6, 0xD819AC, 0x367FA3, 0x6CFF46),
    TABLE(0xD9FE8C, 0x35B1E3, 0x6B63C6, 0xD6C78C, 0x2BC3E3, 0x5787C6, 0xAF0F8C, 0xD853E3),
    TABLE(0x36EB3D, 0x6DD67A, 0xDBACF4, 0x311513, 0x622A26, 0xC4544C, 0x0EE463, 0x1DC8C6),
    TABLE(0x3B918C, 0x772318, 0xEE4630, 0x5AC09B, 0xB58136, 0xED4E97, 0x5CD1D5, 0xB9A3AA),
    TABLE(0xF50BAF, 0x6C5BA5, 0xD8B74A, 0x37226F, 0x6E44DE, 0xDC89BC, 0x3F5F83, 0x7EBF06),
    TABLE(0xFD7E0C, 0x7CB0E3, 0xF961C6, 0x748F77, 0xE91EEE, 0x547127, 0xA8E24E, 0xD78867),
    TABLE(0x295C35, 0x52B86A, 0xA570D4, 0xCCAD53, 0x1F165D, 0x3E2CBA, 0x7C5974, 0xF8B2E8),
    TABLE(0x77292B, 0xEE5256, 0x5AE857, 0xB5D0AE, 0xEDEDA7, 0x5D97B5, 0xBB2F6A, 0xF0122F),
    TABLE(0x6668A5, 0xCCD14A, 0x1FEE6F, 0x3FDCDE, 0x7FB9BC, 0xFF7378, 0x78AA0B, 0xF15416),
    TABLE(0x64E4D7, 0xC9C9AE, 0x15DFA7, 0x2BBF4E, 0x577E9C, 0xAEFD38, 0xDBB68B, 0x3121ED),
    TABLE(0x6243DA, 0xC487B4, 0x0F4393, 0x1E8726, 0x3D0E4C, 0x7A1C98, 0xF43930, 0x6E3E9B),
    TABLE(0xDC7D36, 0x3EB697, 0x7D6D2E, 0xFADA5C, 0x73F843, 0xE7F086, 0x49ADF7, 0x935BEE),
    TABLE(0xA0FB27, 0xC7BAB5, 0x093991, 0x127322, 0x24E644, 0x49CC88, 0x939910, 0xA17EDB),
};

/* Four bytes, of which the last is `i` bytes before the end. */
static inline uint32_t sum_of_four(const uint8_t *p, size_t i)
{
    return remainders[i + 3][p[0]] ^ remainders[i + 2][p[1]] ^ remainders[i + 1][p[2]] ^
           remainders[i][p[3]];
}

uint32_t crc24_portable(uint32_t crc, struct slice s)
{
    for (; s.len >= STEP; s = slice_from(s, STEP)) {
        const uint8_t *p = s.data;
        crc = remainders[15][p[0] ^ crc >> 16] ^ remainders[14][p[1] ^ (crc >> 8 & 0xFF)] ^
              remainders[13][p[2] ^ (crc & 0xFF)] ^ remainders[12][p[3]] ^ sum_of_four(p + 4, 8) ^
              sum_of_four(p + 8, 4) ^ sum_of_four(p + 12, 0);
    }
    for (; s.len > 0; s = slice_from(s, 1))
        crc = (crc << 8 & 0xFFFFFF) ^ remainders[0][s.data[0] ^ crc >> 16];
    return crc;
}

uint32_t crc24_update(uint32_t crc, struct slice s)
{
    return radix64_best()->crc24(crc, s);
}
