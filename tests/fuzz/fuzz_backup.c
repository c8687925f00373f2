/* fuzz_backup - the text of a keyring's backup: keyring/backup_read */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    feed_backup(fuzz_feed(), slice_of(data, size));
    return 0;
}
