/* fuzz_detached - detached signatures over a fixed document: pgp/verify, signatures */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n_good = feed_detached(fuzz_feed(), slice_of(data, size));
    assert_int_equal(feed_detached(fuzz_feed_pieces(), slice_of(data, size)), n_good);
    return 0;
}
