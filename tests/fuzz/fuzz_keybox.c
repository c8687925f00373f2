/* fuzz_keybox - GnuPG's keyboxes: keyring/keybox */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_keybox(fuzz_feed(), slice_of(data, size));
    return 0;
}
