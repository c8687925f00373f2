/* exchange.h - what `key` and `cert` share, listing, showing, deletion, and the export of
 * certificates.  Import is in import.h. */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "cli/app.h"

/* Lists certificates (or one's own keys): all, or those that the arguments name. */
MUST_USE err *exchange_list(struct app *app, bool secret, const struct args *args);

/* Shows each that the arguments name. */
MUST_USE err *exchange_show(struct app *app, bool secret, const struct args *args);

struct export_opts {
    bool binary, armor, force;
    bool local;   /* with signatures that are not for others */
    bool minimal; /* only what recipients need now */
    const char *output;
};

/* Exports the certificates that the arguments name; all if there are none. */
MUST_USE err *exchange_export(struct app *app, const struct export_opts *o,
                              const struct args *args);

/* Deletes those that the arguments name, after asking (unless `yes`). */
MUST_USE err *exchange_delete(struct app *app, bool secret, bool yes, const struct args *args);

#endif
