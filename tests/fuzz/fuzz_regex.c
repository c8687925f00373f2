/* fuzz_regex - the regular expressions of delegations: pgp/regex */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_regex(fuzz_feed(), slice_of(data, size));
    return 0;
}
