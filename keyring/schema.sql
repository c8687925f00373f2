-- keyring.db, version 5: certificates, where to find them, what the user has decided about
-- them, what they say about one another, secret keys, and which of these are in a backup.  This is the whole schema of a new
-- database; keyring/schemas.c brings older ones here.

-- A certificate is stored whole, as canonical packets.  The four tables after it are its
-- index, which can be made again from it at any time (keyring/index.c).
CREATE TABLE cert (
    id    INTEGER PRIMARY KEY,   -- in the order of their coming
    bytes BLOB NOT NULL
);

-- Every key of every certificate, by its key ID, read as a signed big-endian number: the
-- fingerprint is in the certificate, so a lookup by that finds few rows here, mostly one,
-- and then looks.  A subkey may belong to several certificates.  Of a key of version 3,
-- whose key ID is not in its fingerprint, a second row has the fingerprint's first 8 bytes.
CREATE TABLE key (
    id     INTEGER NOT NULL,
    subkey INTEGER NOT NULL,     -- 0: the primary key, 1: a subkey
    cert   INTEGER NOT NULL,
    PRIMARY KEY (id, subkey, cert)
) WITHOUT ROWID;

-- The user IDs of a certificate, each followed by a zero byte, with letters folded to one
-- case (base/fold.h): for searching by part.  None for a certificate without.
CREATE TABLE userid (
    cert INTEGER PRIMARY KEY,
    text BLOB NOT NULL
);

-- The e-mail addresses in user IDs, folded, with the domain in front: "example.org@alice";
-- an internationalised domain is in letters, not in its "xn--" form.
CREATE TABLE address (
    name BLOB NOT NULL,
    cert INTEGER NOT NULL,
    PRIMARY KEY (name, cert)
) WITHOUT ROWID;

-- Which certificates bear a signature that is said to be made by another's key: where to go on
-- from the roots of the web of trust.  What is not true here is found out when it is verified.
CREATE TABLE signer (
    id        INTEGER NOT NULL,  -- of the key, as in `key`
    delegates INTEGER NOT NULL,  -- 1: it lets its subject certify others
    cert      INTEGER NOT NULL,
    PRIMARY KEY (id, delegates, cert)
) WITHOUT ROWID;

-- What the web of trust needs of a certificate, in the form of keyring/dossier.h, with which of
-- its signatures have been verified.  Made when first needed, gone when the certificate
-- changes.
CREATE TABLE dossier (
    cert  INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
);

-- What the user has decided about certificates, whether these are here or not.
CREATE TABLE trust (
    fpr    BLOB PRIMARY KEY,     -- key version, then the fingerprint
    kind   INTEGER NOT NULL,     -- 1: root, 2: introducer, 3: never, 4: local root
    amount INTEGER NOT NULL      -- 1 to 120; 0 for never
) WITHOUT ROWID;

-- Secret key packets, one for each key.  A secret belongs to the certificate that it came
-- with alone: anybody may put the public part of the key into another one.  Early keyrings
-- had this table in a file of its own, see apart.h.
CREATE TABLE secret (
    cert BLOB NOT NULL,          -- fingerprint of the primary key
    fpr  BLOB NOT NULL,          -- of the key
    type INTEGER NOT NULL,       -- packet type: 5 or 7
    body BLOB NOT NULL,          -- packet body, as protected as it came
    PRIMARY KEY (cert, fpr, type)
) WITHOUT ROWID;

-- The keys of which a backup has the secret part, each primary key and subkey by itself: a
-- subkey that came later is not in it.
CREATE TABLE backup (
    fpr     BLOB PRIMARY KEY,    -- of the key
    made_at INTEGER NOT NULL     -- when the newest backup with it was made
) WITHOUT ROWID;
