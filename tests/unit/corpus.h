/* corpus.h - all files of a folder, and the packets in them. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include "unit.h"

typedef void corpus_visit(void *context, const char *path, struct slice bytes);

/* Calls visit for every file of tests/vectors/rfc9580, or of a folder of the
 * collection at $SPECDATA (and those in it); skips the running test where that is
 * absent.  In the order of names.  Returns the number of files. */
size_t corpus_vectors(corpus_visit *visit, void *context);
size_t corpus_specdata(const char *folder, corpus_visit *visit, void *context);

/* The packets in a file, armored (behind the text of a cleartext signature, too)
 * or not; as far as they can be read.  Lives until the program ends. */
struct slice corpus_packets(struct slice file);

#endif
