#include "sop/mode.h"

#include <string.h>

err *mode_parse(const char *as, enum mode last, enum mode *out)
{
    static const char *const words[] = {"binary", "text", "clearsigned"};
    *out = MODE_BINARY;
    if (as == NULL)
        return NULL;
    for (unsigned i = 0; i <= last; i++) {
        if (strcmp(as, words[i]) == 0) {
            *out = i;
            return NULL;
        }
    }
    return err_hint(err_new(ERR_UNKNOWN_OPTION, "--as=%s: no such mode", as),
                    "--help lists the modes");
}
