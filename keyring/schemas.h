/* schemas.h - the database of a keyring, and how older ones come to look like today's. */
#ifndef KEYRING_SCHEMAS_H
#define KEYRING_SCHEMAS_H

#include "keyring/db.h"

extern const struct db_schema schema_keyring;

#endif
