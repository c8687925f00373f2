#include "crypto/mpi.h"

#include <string.h>

static struct slice strip_zeros(struct slice s)
{
    while (s.len > 0 && s.data[0] == 0)
        s = slice_from(s, 1);
    return s;
}

struct slice mpi_read(struct reader *r)
{
    size_t bits = reader_u16(r);
    if (bits > MPI_BITS_MAX) {
        reader_refuse(r, "an integer of more than 16384 bits");
        return SLICE_EMPTY;
    }
    struct slice s = reader_bytes(r, (bits + 7) / 8);
    size_t real_bits = mpi_bits(s);
    bool whole_octets = !r->canonical && bits % 8 == 0 && real_bits < bits;
    if (real_bits != bits && !whole_octets) {
        reader_fail(r);
        return SLICE_EMPTY;
    }
    return strip_zeros(s);
}

size_t mpi_bits(struct slice bytes)
{
    struct slice s = strip_zeros(bytes);
    if (s.len == 0)
        return 0;
    return s.len * 8 - ((unsigned)__builtin_clz(s.data[0]) - 24);
}

void mpi_write(struct buf *b, struct slice bytes)
{
    buf_u16(b, (uint16_t)mpi_bits(bytes));
    buf_bytes(b, strip_zeros(bytes));
}

err *mpi_of_secret(struct slice bytes, struct secret **out)
{
    struct slice s = strip_zeros(bytes);
    size_t bits = mpi_bits(s);
    TRY(secret_new(2 + s.len, out));
    uint8_t *p = secret_data(*out);
    p[0] = (uint8_t)(bits >> 8);
    p[1] = (uint8_t)bits;
    if (s.len > 0)
        memcpy(p + 2, s.data, s.len);
    return NULL;
}

bool mpi_pad(struct slice bytes, uint8_t *dst, size_t dst_len)
{
    if (bytes.len > dst_len)
        return false;
    memset(dst, 0, dst_len - bytes.len);
    if (bytes.len > 0)
        memcpy(dst + (dst_len - bytes.len), bytes.data, bytes.len);
    return true;
}
