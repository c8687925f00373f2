/* certinput.h - certificates from whatever they come in: packets, armor, GnuPG's keyboxes,
 * the Autocrypt header of a mail.  What it is shows in the first bytes, not in the name. */
#ifndef CLI_CERTINPUT_H
#define CLI_CERTINPUT_H

#include "pgp/certfile.h"

struct certinput;

/* Takes input over, also on failure. */
MUST_USE err *certinput_open(struct source *input, struct certinput **out);

/* As certfile_next. */
MUST_USE err *certinput_next(struct certinput *i, struct cert **out, err **bad);
struct certfile_place certinput_place(const struct certinput *i);

/* For what stands before the first certificate; NULL where it is no file of packets. */
struct certfile *certinput_file(struct certinput *i);

/* NULL is allowed. */
void certinput_close(struct certinput *i);
AUTO_DEFINE(certinput_close, struct certinput *)

#endif
