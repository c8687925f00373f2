/* pathtext.h - a path from a root in words, one certificate under the other:
 *
 *     ● Ada <ada@example.org> [root]
 *     │ certifies; may certify others in example.org, until 2027-01-31
 *     ● Bob <bob@example.org>
 *     │ certifies
 *     ◎ Dora <dora@example.org>
 */
#ifndef CLI_PATHTEXT_H
#define CLI_PATHTEXT_H

#include "cli/terminal.h"
#include "keyring/trust.h"

/* Appends it; user_id is what it leads to. */
void pathtext_add(const struct trust_path *p, struct slice user_id, const struct terminal *t,
                  struct buf *out);

/* Appends words, broken into lines that fit the terminal, each behind `prefix`. */
void pathtext_wrap(struct slice words, const char *prefix, const struct terminal *t,
                   struct buf *out);

#endif
