#include "crypto/backend.h"

#include <argon2.h>
#include <gmp.h>
#include <nettle/version.h>

void backend_version(struct buf *out)
{
    buf_printf(out, "Nettle %d.%d\n", nettle_version_major(), nettle_version_minor());
}

void backend_versions(struct buf *out)
{
    backend_version(out);
    buf_printf(out, "GMP %s\n", gmp_version);
    buf_printf(out, "Argon2 %d.%d\n", ARGON2_VERSION_NUMBER >> 4, ARGON2_VERSION_NUMBER & 15);
}
