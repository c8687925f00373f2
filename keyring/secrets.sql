-- secrets.db, version 1: secret key packets.
--
-- One row for each key; the certificate that the key belongs to is in keyring.db.

CREATE TABLE secret (
    fpr     BLOB PRIMARY KEY,     -- of the key
    cert    BLOB NOT NULL,        -- fingerprint of the primary key
    type    INTEGER NOT NULL,     -- packet type: 5 or 7
    body    BLOB NOT NULL         -- packet body, as protected as it came
) WITHOUT ROWID;
CREATE INDEX secret_by_cert ON secret (cert);
