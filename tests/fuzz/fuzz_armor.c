/* fuzz_armor - radix-64 and what stands around it: stream/armor, base64 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_of(data, size);
    CLEANUP(buf_clear) struct buf whole = BUF_EMPTY(SIZE_MAX), pieces = BUF_EMPTY(SIZE_MAX);
    feed_armor(fuzz_feed(), bytes);
    bool ok = feed_dearmor(fuzz_feed(), bytes, &whole);
    assert_true(feed_dearmor(fuzz_feed_pieces(), bytes, &pieces) == ok);
    if (ok)
        SAME(buf_view(&whole), buf_view(&pieces));
    return 0;
}
