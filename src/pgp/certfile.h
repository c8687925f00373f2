/* certfile.h - the certificates and keys of a file, one after the other.
 *
 * One that cannot be read never costs the others: it is reported by its number and where
 * it starts, and passed over [RFC9580 10].  Where even the lengths are wrong, reading goes on
 * at the next thing that looks like a primary key.  The file may be armored, in one frame or
 * many, of which some may be damaged.  Memory: one certificate, twice.
 */
#ifndef PGP_CERTFILE_H
#define PGP_CERTFILE_H

#include "pgp/cert.h"
#include "stream/source.h"

struct certfile;

/* Takes input over, also on failure. */
MUST_USE err *certfile_open(struct source *input, struct certfile **out);

/* The next certificate, owned by the caller; NULL at the end.  One that cannot
 * be read gives *bad instead (owned by the caller, names its number); reading
 * goes on behind it.  An error means that the file as a whole cannot be read. */
MUST_USE err *certfile_next(struct certfile *f, struct cert **out, err **bad);

/* What certfile_next gave last. */
#define CERTFILE_NOWHERE UINT64_MAX /* for others who give places: it is not known */
struct certfile_place {
    unsigned number; /* among the certificates, from 1; 0: no certificate */
    uint64_t offset; /* in the file, or in what its armor holds */
};
struct certfile_place certfile_place(const struct certfile *f);

/* The packets that stand before the first key and belong to no certificate, as the bare
 * signature that revokes a version 4 key: to be asked for first, valid until
 * certfile_next.  That reports them unless they have been taken. */
MUST_USE err *certfile_strays(struct certfile *f, struct slice *out);
void certfile_take_strays(struct certfile *f);

/* NULL is allowed. */
void certfile_close(struct certfile *f);
AUTO_DEFINE(certfile_close, struct certfile *)

#endif
