/* fuzz_s2k - string-to-key specifiers: crypto/s2k */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_s2k(fuzz_feed(), slice_of(data, size));
    return 0;
}
