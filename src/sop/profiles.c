#include "sop/profiles.h"

#include <string.h>

#include "pgp/encrypt.h"
#include "pgp/keygen.h"

static void put(struct buf *b, const char *name, const char *summary, const char *aliases)
{
    buf_printf(b, "%s: %s", name, summary);
    if (aliases != NULL)
        buf_printf(b, " (%s: %s)", strchr(aliases, ',') != NULL ? "aliases" : "alias", aliases);
    buf_text(b, "\n");
}

err *profiles_list(const char *command, struct buf *out)
{
    if (strcmp(command, "generate-key") == 0) {
        for (const struct keygen_profile *p = keygen_profiles; p->name != NULL; p++)
            put(out, p->name, p->summary, p->aliases);
    } else if (strcmp(command, "encrypt") == 0) {
        for (const struct encrypt_profile *p = encrypt_profiles; p->name != NULL; p++)
            put(out, p->name, p->summary, p->aliases);
    } else {
        return err_hint(err_new(ERR_PROFILE, "%s: has no profiles", command),
                        "generate-key and encrypt have some");
    }
    return buf_end(out);
}

err *profiles_unknown(const char *command, const char *name)
{
    return err_hint(err_new(ERR_PROFILE, "%s: no such profile", name), "bulla sop list-profiles %s",
                    command);
}
