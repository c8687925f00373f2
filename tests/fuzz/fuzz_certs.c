/* fuzz_certs - certificates and keys: pgp/certfile, cert, bind, merge; packet/pubkey, seckey, sig */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_certs(fuzz_feed(), slice_of(data, size), NULL, NULL);
    return 0;
}
