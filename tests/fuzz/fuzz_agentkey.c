/* fuzz_agentkey - secret keys of GnuPG's agent: keyring/sexp, agentkey, agentseal, agentnative */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_agentkey(fuzz_feed(), slice_of(data, size));
    return 0;
}
