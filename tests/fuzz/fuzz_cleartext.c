/* fuzz_cleartext - the cleartext signature framework: stream/lines, pgp/cleartext, signatures */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(feed_result_clear) struct feed_result whole, pieces;
    feed_cleartext(fuzz_feed(), slice_of(data, size), &whole);
    feed_cleartext(fuzz_feed_pieces(), slice_of(data, size), &pieces);
    assert_true(whole.whole == pieces.whole && whole.n_good == pieces.n_good);
    if (whole.whole)
        SAME(buf_view(&whole.text), buf_view(&pieces.text));
    return 0;
}
