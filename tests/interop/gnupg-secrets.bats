#!/usr/bin/env bats
# Secret keys that move between GnuPG and bulla, with and without a passphrase, and
# do their work on the other side.

# shellcheck disable=SC2094 # nothing is written to what is read

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key rsa2048 rsa2048 rsa2048
    gnupg_key rsa3072 rsa3072 rsa3072
    gnupg_key ed25519 ed25519 cv25519
    gnupg_key nistp256 nistp256 nistp256
    gnupg_key nistp384 nistp384 nistp384
    gnupg_key nistp521 nistp521 nistp521
    gnupg_key brainpoolp256 brainpoolP256r1 brainpoolP256r1
    gnupg_key brainpoolp384 brainpoolP384r1 brainpoolP384r1
    gnupg_key brainpoolp512 brainpoolP512r1 brainpoolP512r1
    gnupg_key secp256k1 secp256k1 secp256k1
    gnupg_key dsa2048 dsa2048 elg2048
    gnupg_key locked ed25519 cv25519 --passphrase "open sesame"
    gnupg_key lockedrsa rsa2048 rsa2048 --passphrase "open sesame"
    gnupg_key lockedp256 nistp256 nistp256 --passphrase "Sésam, ouvre-toi"
    gnupg_key lockedp512 brainpoolP512r1 brainpoolP512r1 --passphrase "open sesame"
    echo "correct horse" >pass
    new_key "default <default@bulla.test>"
    new_key "rsa <rsa@bulla.test>" --profile compatibility
    bulla key generate -q --new-passphrase-file pass "shut <shut@bulla.test>" >/dev/null
    bulla key generate -q --new-passphrase-file pass --profile compatibility \
        "shutrsa <shutrsa@bulla.test>" >/dev/null
    introduce
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# GnuPG's secret key works here: it opens what GnuPG encrypted to it and signs what
# GnuPG then verifies: moves_here NAME [PASSPHRASE]
moves_here() {
    local who=$1@gnupg.test passphrase=${2:-} fingerprint
    fingerprint=$(gnupg_fingerprint "$who")
    gnupg --passphrase "$passphrase" --export-secret-keys "$who" >key
    succeeds bulla key import key
    remarks "$fingerprint"
    gnupg -o letter.gpg -r "$who" --encrypt letter
    bulla_opens_with "$passphrase" letter.gpg letter
    PASS=$passphrase succeeds bulla sign -u "$who" --passphrase-file @ENV:PASS letter
    gnupg_verifies letter.sig letter "$fingerprint"
}

# Our secret key works there: moves_there NAME [PASSPHRASE]
moves_there() {
    local who=$1@bulla.test passphrase=${2:-} fingerprint
    fingerprint=$(fingerprint_of "$who")
    bulla key export --binary "$who" >key
    new_gnupg_home
    gnupg --passphrase "$passphrase" --import key
    status_says "IMPORT_OK 17 $fingerprint" # a new key, with its secret parts
    succeeds bulla encrypt --profile rfc4880 --no-self -r "$who" letter
    gnupg_opens_with "$passphrase" letter.pgp letter
    gnupg --passphrase "$passphrase" -o letter.sig -u "$who" --detach-sign letter
    bulla_verifies letter.sig letter "$fingerprint"
}

@test "GnuPG's RSA 2048 key works here" {
    moves_here rsa2048
}

@test "GnuPG's RSA 3072 key works here" {
    moves_here rsa3072
}

@test "GnuPG's Curve25519 key works here" {
    moves_here ed25519
}

@test "GnuPG's NIST P-256 key works here" {
    moves_here nistp256
}

@test "GnuPG's NIST P-384 key works here" {
    moves_here nistp384
}

@test "GnuPG's NIST P-521 key works here" {
    moves_here nistp521
}

@test "GnuPG's brainpoolP256r1 key works here" {
    moves_here brainpoolp256
}

@test "GnuPG's brainpoolP384r1 key works here" {
    moves_here brainpoolp384
}

@test "GnuPG's brainpoolP512r1 key works here" {
    moves_here brainpoolp512
}

@test "GnuPG's secp256k1 key works here" {
    moves_here secp256k1
}

# GnuPG 2.4 writes the numbers of protected elliptic curve keys with their leading
# zero bits.
@test "GnuPG's Curve25519 key with a passphrase works here" {
    moves_here locked "open sesame"
}

@test "GnuPG's RSA 2048 key with a passphrase works here" {
    moves_here lockedrsa "open sesame"
}

@test "GnuPG's NIST P-256 key with a passphrase beyond ASCII works here" {
    moves_here lockedp256 "Sésam, ouvre-toi"
}

@test "GnuPG's brainpoolP512r1 key with a passphrase works here" {
    moves_here lockedp512 "open sesame"
}

# Elgamal and DSA: old messages can be read, new ones are not made.
@test "GnuPG's Elgamal key opens messages here, its DSA key does not sign" {
    gnupg --export-secret-keys dsa2048@gnupg.test | bulla key import -q
    gnupg -o letter.gpg -r dsa2048@gnupg.test --encrypt letter
    bulla_opens letter.gpg letter
    fails 79 "DSA" bulla sign -u dsa2048@gnupg.test letter
    absent letter.sig
}

@test "GnuPG's armored secret key is read" {
    gnupg --armor --export-secret-keys ed25519@gnupg.test >key.asc
    succeeds bulla key import key.asc
    gnupg -o letter.gpg -r ed25519@gnupg.test --encrypt letter
    bulla_opens letter.gpg letter
}

@test "GnuPG's key needs its own passphrase here" {
    gnupg --passphrase "open sesame" --export-secret-keys locked@gnupg.test | bulla key import -q
    gnupg -o letter.gpg -r locked@gnupg.test --encrypt letter
    echo "open barley" >wrong
    fails 67 "passphrase" bulla decrypt --passphrase-file wrong -o copy letter.gpg
    fails 67 "passphrase" bulla sign -u locked@gnupg.test --passphrase-file wrong -o copy letter
    absent copy
}

# Only the subkeys: GnuPG leaves a stub in the place of the primary key.
@test "GnuPG's subkeys without the primary key open messages here" {
    gnupg --export-secret-subkeys rsa2048@gnupg.test >subkeys
    succeeds bulla key import subkeys
    gnupg -o letter.gpg -r rsa2048@gnupg.test --encrypt letter
    bulla_opens letter.gpg letter
    fails 112 "secret part" bulla sign -u rsa2048@gnupg.test letter
    absent letter.sig
}

@test "GnuPG's subkeys without the primary key sign here" {
    gnupg_key office ed25519 cv25519
    gnupg --quick-add-key "$(gnupg_fingerprint office@gnupg.test)" rsa2048 sign 1y
    gnupg --export-secret-subkeys office@gnupg.test | bulla key import -q
    succeeds bulla sign -u office@gnupg.test letter
    gnupg_verifies letter.sig letter "$(gnupg_fingerprint office@gnupg.test)"
}

@test "our Curve25519 key works in GnuPG" {
    moves_there default
}

@test "our RSA 3072 key works in GnuPG" {
    moves_there rsa
}

@test "our Curve25519 key with a passphrase works in GnuPG" {
    moves_there shut "correct horse"
}

@test "our RSA 3072 key with a passphrase works in GnuPG" {
    moves_there shutrsa "correct horse"
}

@test "our armored secret key is read by GnuPG" {
    bulla key export default@bulla.test >key.asc
    new_gnupg_home
    gnupg --import key.asc
    status_says "IMPORT_OK 17 $(fingerprint_of default@bulla.test)"
}

@test "our key needs its passphrase in GnuPG" {
    bulla key export shut@bulla.test >key
    new_gnupg_home
    gnupg --passphrase "correct horse" --import key
    gpgconf --kill gpg-agent # which remembers passphrases
    gnupg_refuses --passphrase "wrong horse" -o letter.sig --detach-sign letter
    [ ! -s letter.sig ]
}

# There and back, through both programs' ways of protecting a key.
@test "a key with a passphrase comes back from GnuPG unharmed" {
    bulla key export shut@bulla.test >key
    new_gnupg_home
    gnupg --passphrase "correct horse" --import key
    gnupg --passphrase "correct horse" --export-secret-keys shut@bulla.test >back
    succeeds as elsewhere bulla key import back
    bulla encrypt --no-self -q -r shut@bulla.test letter
    PASS="correct horse" succeeds as elsewhere bulla decrypt --passphrase-file @ENV:PASS -o copy letter.pgp
    same letter copy
}

# Its text is keys and certificates like any others; what is not is passed over.
@test "GnuPG opens a backup of the keyring, and takes what is in it" {
    local keys certs
    bulla keyring backup -q --passphrase-file "$SHARED/pass" -o backup
    # The local root, by which the certificates of the other side were accepted, is not listed.
    keys=$(($(bulla key list | wc -l) + 1))
    certs=$(($(bulla cert list | wc -l) + 1))
    new_gnupg_home
    gnupg --passphrase "correct horse" -o plain --decrypt backup
    gnupg --import plain
    [ "$(gnupg --with-colons --list-secret-keys | grep -c ^sec)" -eq "$keys" ]
    [ "$(gnupg --with-colons --list-keys | grep -c ^pub)" -eq "$certs" ]
    # They are what they were, under their passphrases.
    bulla encrypt --profile rfc4880 --no-self -r shut@bulla.test -r default@bulla.test -o letter.pgp letter
    gnupg_opens_with "correct horse" letter.pgp letter
    gnupg -u default@bulla.test --detach-sign letter
    succeeds bulla verify --signer default@bulla.test letter.sig letter
}
