-- secrets.db, version 1: secret key packets.
--
-- One row for each key; the certificate that it came with is in keyring.db.  A secret
-- belongs to that certificate alone: anybody may put the public part of the key into
-- another one.

CREATE TABLE secret (
    cert    BLOB NOT NULL,        -- fingerprint of the primary key
    fpr     BLOB NOT NULL,        -- of the key
    type    INTEGER NOT NULL,     -- packet type: 5 or 7
    body    BLOB NOT NULL,        -- packet body, as protected as it came
    PRIMARY KEY (cert, fpr, type)
) WITHOUT ROWID;
