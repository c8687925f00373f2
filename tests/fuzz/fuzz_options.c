/* fuzz_options - words of a command line: cli/opt, commands */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_options(fuzz_feed(), slice_of(data, size));
    return 0;
}
