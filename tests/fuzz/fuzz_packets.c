/* fuzz_packets - packet headers, bodies in one piece or in parts, and all of packet/describe */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_packets(fuzz_feed(), slice_of(data, size));
    feed_packets(fuzz_feed_pieces(), slice_of(data, size));
    return 0;
}
