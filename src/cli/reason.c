#include "cli/reason.h"

#include <string.h>

#include "base/text.h"

enum { MESSAGE_MAX = 2048 };

static const struct {
    const char *word;
    enum revocation_reason reason;
} reasons[] = {
    {"compromised", REVOKED_COMPROMISED},
    {"superseded", REVOKED_SUPERSEDED},
    {"retired", REVOKED_RETIRED},
    {"unspecified", REVOKED_NO_REASON},
};

static err *find(const char *word, enum revocation_reason *out)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].word, word) != 0)
            continue;
        *out = reasons[i].reason;
        return NULL;
    }
    return err_hint(err_new(ERR_USAGE, "--reason %s: no such reason", word),
                    "there are: compromised, superseded, retired, unspecified");
}

err *reason_parse(const struct reason_opts *o, enum revocation_reason otherwise,
                  enum revocation_reason *reason, const char **message)
{
    *reason = otherwise;
    *message = o->message != NULL ? o->message : "";
    if (o->reason != NULL)
        TRY(find(o->reason, reason));
    if (!text_is_utf8(slice_of_string(*message)))
        return err_new(ERR_USAGE, "--message: it is not UTF-8");
    if (strlen(*message) > MESSAGE_MAX)
        return err_new(ERR_USAGE, "--message: it is longer than %d bytes", MESSAGE_MAX);
    return NULL;
}
