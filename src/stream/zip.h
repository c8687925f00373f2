/* zip.h - deflate, zlib and bzip2 both ways; the only user of their libraries.
 *
 * [RFC9580 5.6, 9.4]
 */
#ifndef STREAM_ZIP_H
#define STREAM_ZIP_H

#include "stream/source.h"

/* Both take upstream over, also on failure.  `algorithm` is a compression_id of
 * crypto/algo.h; ERR_UNSUPPORTED for others. */

/* level 1 to 9 */
MUST_USE err *zip_compress(struct source *upstream, uint8_t algorithm, int level,
                           struct source **out);

/* ERR_MALFORMED for bad data and for bytes behind its end; ERR_LIMIT when more
 * than `limit` bytes come out (0: no limit). */
MUST_USE err *zip_expand(struct source *upstream, uint8_t algorithm, uint64_t limit,
                         struct source **out);

#endif
