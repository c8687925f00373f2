/* replay - runs a target over files, without libFuzzer:
 *
 *     build/fuzz/fuzz_certs FILE...
 */
#include "fuzz.h"

#include "base/fs.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
        OK(fs_read_file(argv[i], &file));
        fprintf(stderr, "%s\n", argv[i]);
        LLVMFuzzerTestOneInput(file.data, file.len);
    }
    return 0;
}
