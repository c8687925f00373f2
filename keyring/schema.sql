-- keyring.db, version 1: certificates and where to find them.
--
-- A certificate is stored whole, as canonical packets; everything else here can
-- be made again from those.  Fingerprints are blobs of 16 (v3), 20 (v4) or 32
-- (v6) bytes, which tells the versions apart.

CREATE TABLE cert (
    id    INTEGER PRIMARY KEY,
    fpr   BLOB NOT NULL UNIQUE,  -- of the primary key
    bytes BLOB NOT NULL
);

-- Every key of a certificate, the primary one included.  A subkey may belong to
-- several certificates.
CREATE TABLE key (
    fpr   BLOB NOT NULL,
    keyid BLOB NOT NULL,         -- 8 bytes
    cert  INTEGER NOT NULL REFERENCES cert ON DELETE CASCADE,
    PRIMARY KEY (fpr, cert)
) WITHOUT ROWID;
CREATE INDEX key_by_id ON key (keyid);
CREATE INDEX key_by_cert ON key (cert);

-- User IDs: the text for searching by part, the address for searching by e-mail.
CREATE TABLE userid (
    cert  INTEGER NOT NULL REFERENCES cert ON DELETE CASCADE,
    text  TEXT NOT NULL,
    email TEXT                   -- lower case; NULL if there is none
);
CREATE INDEX userid_by_email ON userid (email) WHERE email IS NOT NULL;
CREATE INDEX userid_by_cert ON userid (cert);
