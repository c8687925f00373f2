#include "crypto/sha1_suspect.h"

#include <stdbool.h>
#include <string.h>

/* One word of each block. */
typedef uint32_t lanes __attribute__((vector_size(4 * SHA1_LANES)));

enum { FIRST_STEP = 33, LAST_STEP = 64 }; /* of the conditions: one bit each */

/* Bit t - FIRST_STEP of column[b] is bit b of w[t], where the conditions ask for it. */
struct column {
    uint8_t bit, from, to;
};
static const struct column columns[] = {
    {0, 36, 38}, {1, 35, 56}, {2, 61, 63},  {3, 41, 44},  {4, 35, 60},  {5, 37, 39},
    {6, 36, 55}, {7, 62, 64}, {28, 45, 48}, {29, 39, 64}, {30, 41, 43},
};

static void load(const uint8_t *blocks, lanes w[LAST_STEP + 1])
{
    for (unsigned t = 0; t < 16; t++, blocks += 4)
        w[t] = (lanes){sha1_word(blocks), sha1_word(blocks + SHA1_BLOCK),
                       sha1_word(blocks + 2 * SHA1_BLOCK), sha1_word(blocks + 3 * SHA1_BLOCK)};
    for (unsigned t = 16; t <= LAST_STEP; t++) {
        lanes x = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];
        w[t] = x << 1 | x >> 31;
    }
}

static void gather(const lanes *w, lanes column[32])
{
    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct column *c = &columns[i];
        lanes bits = {0};
        for (unsigned t = c->to; t >= c->from; t--)
            bits = bits << 1 | (w[t] >> c->bit & 1);
        column[c->bit] = bits << (c->from - FIRST_STEP);
    }
}

/* Bit x of step K + at and bit y of step K + also must be equal, or differ, for the
 * vectors of the family in `scope`. */
struct condition {
    uint8_t x, y;
    int8_t at, also;
    bool differ;
    uint32_t scope;
};

/* K from .. to in a family that begins with `first`. */
#define SCOPE(first, from, to) ((2U << ((to) - (first))) - (1U << ((from) - (first))))

#define EQUAL(x, at, y, also, from, to)                                                            \
    {                                                                                              \
        x, y, at, also, false, SCOPE(FIRST, from, to)                                              \
    }
#define DIFFERS(x, at, y, also, from, to)                                                          \
    {                                                                                              \
        x, y, at, also, true, SCOPE(FIRST, from, to)                                               \
    }

#define FIRST 43
static const struct condition of_type_1_bit_0[] = {
    DIFFERS(4, -6, 4, -4, 43, 52), EQUAL(4, -6, 29, -4, 44, 52),   EQUAL(4, -6, 29, -3, 43, 52),
    EQUAL(4, -6, 4, -2, 43, 52),   DIFFERS(4, -6, 29, -1, 43, 52), DIFFERS(4, -6, 4, 0, 43, 52),
    EQUAL(4, -6, 29, 1, 43, 52),   DIFFERS(4, -6, 29, 3, 43, 52),  DIFFERS(4, -6, 29, 4, 43, 52),
    EQUAL(4, -10, 29, -8, 48, 52), EQUAL(4, -10, 29, -7, 47, 52),  EQUAL(4, -10, 29, -6, 45, 52),
};
#undef FIRST
#define FIRST 46
static const struct condition of_type_1_bit_2[] = {
    DIFFERS(1, -7, 6, -6, 46, 51),  DIFFERS(1, -7, 6, -4, 46, 51), DIFFERS(1, -7, 6, -2, 46, 51),
    DIFFERS(1, -7, 6, 0, 46, 51),   DIFFERS(1, -7, 1, 1, 46, 51),  DIFFERS(1, -11, 6, -10, 46, 51),
    DIFFERS(1, -11, 1, -9, 49, 51), DIFFERS(2, 15, 7, 16, 46, 48),
};
static const struct condition of_type_2_bit_2[] = {
    EQUAL(1, 5, 6, 4, 46, 51),       EQUAL(1, 5, 6, 2, 46, 51),     DIFFERS(1, 5, 1, 1, 46, 51),
    DIFFERS(1, -5, 6, -4, 46, 51),   DIFFERS(1, -5, 1, -3, 46, 51), DIFFERS(1, -10, 6, -9, 46, 51),
    DIFFERS(1, -10, 1, -8, 49, 51),  DIFFERS(2, 15, 7, 16, 46, 46), DIFFERS(0, -13, 5, -12, 49, 51),
    DIFFERS(0, -13, 30, -8, 49, 51),
};
#undef FIRST
#define FIRST 45
static const struct condition of_type_2_bit_0[] = {
    EQUAL(29, 8, 29, 7, 45, 52),   DIFFERS(29, 8, 29, 5, 45, 53), EQUAL(29, 8, 4, 4, 45, 56),
    DIFFERS(29, 8, 29, 4, 45, 53), DIFFERS(29, 8, 4, 2, 45, 53),  EQUAL(4, -4, 29, -2, 45, 56),
    EQUAL(4, -4, 29, -1, 45, 56),  EQUAL(4, -4, 29, 0, 45, 56),   EQUAL(4, -9, 29, -7, 47, 56),
    EQUAL(4, -9, 29, -6, 46, 56),  EQUAL(4, -9, 29, -5, 45, 56),  EQUAL(3, -12, 28, -8, 53, 56),
    EQUAL(4, 2, 29, 4, 54, 55),    EQUAL(4, 2, 29, 5, 54, 54)};
#undef FIRST

const struct sha1_vector sha1_families[SHA1_FAMILIES] = {
    {1, 43, 0}, {1, 46, 2}, {2, 45, 0}, {2, 46, 2}};

static const struct {
    const struct condition *conditions;
    unsigned n;
    uint32_t members;
} families[SHA1_FAMILIES] = {
#define FAMILY(conditions, members)                                                                \
    {                                                                                              \
        conditions, sizeof(conditions) / sizeof *(conditions), members                             \
    }
    FAMILY(of_type_1_bit_0, SCOPE(43, 43, 52)),
    FAMILY(of_type_1_bit_2, SCOPE(46, 46, 51)),
    FAMILY(of_type_2_bit_0, SCOPE(45, 45, 56)),
    FAMILY(of_type_2_bit_2, SCOPE(46, 46, 46) | SCOPE(46, 49, 51)),
};

/* The members of a family whose conditions all hold. */
static lanes possible(unsigned family, const lanes column[32])
{
    unsigned first = sha1_families[family].k - FIRST_STEP;
    lanes broken = {0};
    for (unsigned i = 0; i < families[family].n; i++) {
        const struct condition *c = &families[family].conditions[i];
        lanes differ = column[c->x] >> (first + (unsigned)c->at) ^
                       column[c->y] >> (first + (unsigned)c->also);
        broken |= (c->differ ? ~differ : differ) & c->scope;
    }
    return ~broken & families[family].members;
}

void sha1_suspect(const uint8_t *blocks, struct sha1_suspects *out)
{
    lanes w[LAST_STEP + 1], column[32];
    load(blocks, w);
    gather(w, column);
    for (unsigned f = 0; f < SHA1_FAMILIES; f++) {
        lanes mask = possible(f, column);
        memcpy(out->masks[f], &mask, sizeof mask);
    }
}
