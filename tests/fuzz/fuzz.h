/* fuzz.h - what the targets share.
 *
 * A target is one function, which libFuzzer calls with one input after the other, or
 * replay.c with those of files.  What it must not do (crash, hang, leak, take much
 * memory) the sanitizers notice; what must hold besides is asserted by tests/unit/feed.h.
 * An input decides alone what happens: nothing is kept from one to the next.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "feed.h"

/* Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keys and passphrases that open some of the seeds, made once. */
const struct feed *fuzz_feed(void);

/* The same, but input comes in small pieces. */
const struct feed *fuzz_feed_pieces(void);

#endif
