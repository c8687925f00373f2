-- keyring.db, version 2: secret key packets.
--
-- One row for each key.  A secret belongs to the certificate that it came with alone:
-- anybody may put the public part of the key into another one.  Early keyrings had this
-- table in a file of its own, see apart.h.

CREATE TABLE secret (
    cert    BLOB NOT NULL,        -- fingerprint of the primary key
    fpr     BLOB NOT NULL,        -- of the key
    type    INTEGER NOT NULL,     -- packet type: 5 or 7
    body    BLOB NOT NULL,        -- packet body, as protected as it came
    PRIMARY KEY (cert, fpr, type)
) WITHOUT ROWID;
