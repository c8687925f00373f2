/* zip.h - deflate, zlib and bzip2 both ways; the only user of their libraries.
 *
 * [RFC9580 5.6, 9.4]
 */
#ifndef STREAM_ZIP_H
#define STREAM_ZIP_H

#include "stream/source.h"

/* How much may come out of little.  Deflate gives at most 1032 bytes for one; bzip2, and
 * layers inside one another, as much as they like.  All layers of a message share one of
 * these, and what goes into the outermost of them counts. */
struct zip_budget {
    uint64_t free;   /* bytes that are always allowed */
    uint64_t factor; /* beyond them, times what went in; 0: no limit */
    uint64_t in;     /* so far; starts with 0 */
    bool taken;      /* the outermost layer is there; starts with false */
};
extern const struct zip_budget zip_default_budget;

/* Both take upstream over, also on failure.  `algorithm` is a compression_id of
 * crypto/algo.h; ERR_UNSUPPORTED for others. */

/* level 1 to 9 */
MUST_USE err *zip_compress(struct source *upstream, uint8_t algorithm, int level,
                           struct source **out);

/* ERR_MALFORMED for bad data; bytes behind its end are passed over.  ERR_LIMIT when more
 * comes out than the budget allows, which is borrowed; NULL is no limit.  What is stored
 * uncompressed (algorithm 0) is upstream itself. */
MUST_USE err *zip_expand(struct source *upstream, uint8_t algorithm, struct zip_budget *budget,
                         struct source **out);

#endif
