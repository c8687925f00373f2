#!/usr/bin/env bats
# Keys of every algorithm that GnuPG and bulla both have: exchanged, encrypted to,
# verified with.

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key rsa2048 rsa2048 rsa2048
    gnupg_key rsa3072 rsa3072 rsa3072
    gnupg_key rsa4096 rsa4096 rsa4096
    gnupg_key ed25519 ed25519 cv25519
    gnupg_key nistp256 nistp256 nistp256
    gnupg_key nistp384 nistp384 nistp384
    gnupg_key nistp521 nistp521 nistp521
    gnupg_key dsa2048 dsa2048 elg2048
    gnupg_key brainpoolp256 brainpoolP256r1 brainpoolP256r1
    gnupg_key brainpoolp384 brainpoolP384r1 brainpoolP384r1
    gnupg_key brainpoolp512 brainpoolP512r1 brainpoolP512r1
    gnupg_key secp256k1 secp256k1 secp256k1
    new_key "default <default@bulla.test>"
    new_key "rsa <rsa@bulla.test>" --profile compatibility
    introduce
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# A message of ours to a key of GnuPG's opens there; our signature is good there.
they_open() {
    local key=$1 signer=${2:-default}
    succeeds bulla encrypt -r "$key@gnupg.test" -s -u "$signer@bulla.test" letter
    has_shape letter.pgp "1.3 1.3 18.1" # to them and to ourselves
    gnupg_opens letter.pgp letter "$(fingerprint_of "$signer@bulla.test")"
}

# A message to us, signed with a key of GnuPG's, opens here.
we_open() {
    local signer=$1 key=${2:-default}
    gnupg -o letter.gpg -u "$signer@gnupg.test" -r "$key@bulla.test" --sign --encrypt letter
    bulla_opens letter.gpg letter "$(gnupg_fingerprint "$signer@gnupg.test")"
    sealed_as 1
}

# And a signature beside a file; a changed file is refused.
we_verify() {
    local signer=$1
    gnupg -o letter.sig -u "$signer@gnupg.test" --detach-sign letter
    bulla_verifies letter.sig letter "$(gnupg_fingerprint "$signer@gnupg.test")"
    flip letter 3
    fails 3 "bad signature" bulla verify letter.sig letter
}

they_verify() {
    local signer=$1
    succeeds bulla sign -u "$signer@bulla.test" letter
    gnupg_verifies letter.sig letter "$(fingerprint_of "$signer@bulla.test")"
    flip letter 3
    gnupg_refuses --verify letter.sig letter
    status_says BADSIG
}

@test "GnuPG opens our message to its RSA 2048 key" {
    they_open rsa2048
}

@test "GnuPG opens our message to its RSA 3072 key" {
    they_open rsa3072
}

@test "GnuPG opens our message to its RSA 4096 key" {
    they_open rsa4096
}

@test "GnuPG opens our message to its Curve25519 key" {
    they_open ed25519
}

@test "GnuPG opens our message to its NIST P-256 key" {
    they_open nistp256
}

@test "GnuPG opens our message to its NIST P-384 key" {
    they_open nistp384
}

@test "GnuPG opens our message to its NIST P-521 key" {
    they_open nistp521
}

@test "GnuPG opens our message to its brainpoolP256r1 key" {
    they_open brainpoolp256
}

@test "GnuPG opens our message to its brainpoolP384r1 key" {
    they_open brainpoolp384
}

@test "GnuPG opens our message to its brainpoolP512r1 key" {
    they_open brainpoolp512
}

@test "GnuPG opens our message to its secp256k1 key" {
    they_open secp256k1
}

@test "GnuPG opens our message signed with RSA 3072" {
    they_open ed25519 rsa
}

@test "we open a message signed with GnuPG's RSA 2048" {
    we_open rsa2048
}

@test "we open a message signed with GnuPG's RSA 3072" {
    we_open rsa3072
}

@test "we open a message signed with GnuPG's RSA 4096" {
    we_open rsa4096
}

@test "we open a message signed with GnuPG's Ed25519" {
    we_open ed25519
}

@test "we open a message signed with GnuPG's NIST P-256" {
    we_open nistp256
}

@test "we open a message signed with GnuPG's NIST P-384" {
    we_open nistp384
}

@test "we open a message signed with GnuPG's NIST P-521" {
    we_open nistp521
}

@test "we open a message signed with GnuPG's brainpoolP256r1" {
    we_open brainpoolp256
}

@test "we open a message signed with GnuPG's brainpoolP384r1" {
    we_open brainpoolp384
}

@test "we open a message signed with GnuPG's brainpoolP512r1" {
    we_open brainpoolp512
}

@test "we open a message signed with GnuPG's secp256k1" {
    we_open secp256k1
}

@test "we open a message signed with GnuPG's DSA 2048" {
    we_open dsa2048
}

@test "we open a message to our RSA 3072 key" {
    we_open ed25519 rsa
}

@test "we verify GnuPG's RSA 2048" {
    we_verify rsa2048
}

@test "we verify GnuPG's RSA 3072" {
    we_verify rsa3072
}

@test "we verify GnuPG's RSA 4096" {
    we_verify rsa4096
}

@test "we verify GnuPG's Ed25519" {
    we_verify ed25519
}

@test "we verify GnuPG's NIST P-256" {
    we_verify nistp256
}

@test "we verify GnuPG's NIST P-384" {
    we_verify nistp384
}

@test "we verify GnuPG's NIST P-521" {
    we_verify nistp521
}

@test "we verify GnuPG's brainpoolP256r1" {
    we_verify brainpoolp256
}

@test "we verify GnuPG's brainpoolP384r1" {
    we_verify brainpoolp384
}

@test "we verify GnuPG's brainpoolP512r1" {
    we_verify brainpoolp512
}

@test "we verify GnuPG's secp256k1" {
    we_verify secp256k1
}

@test "we verify GnuPG's DSA 2048" {
    we_verify dsa2048
}

@test "GnuPG verifies our Ed25519" {
    they_verify default
}

@test "GnuPG verifies our RSA 3072" {
    they_verify rsa
}

# Elgamal is for reading old messages only.
@test "we refuse to encrypt to GnuPG's Elgamal key" {
    fails 17 "Elgamal" bulla encrypt -r dsa2048@gnupg.test letter
    absent letter.pgp
}

# There and back, nothing may be lost; GnuPG writes what it compares, since the two
# programs write the headers of packets differently.
@test "GnuPG's certificates arrive whole, as bytes and as text" {
    gnupg --export rsa2048@gnupg.test nistp384@gnupg.test >binary
    gnupg --armor --export rsa2048@gnupg.test nistp384@gnupg.test >text
    for form in binary text; do
        succeeds as "home-$form" bulla cert import "$form"
        remarks "$(gnupg_fingerprint rsa2048@gnupg.test)"
        remarks "$(gnupg_fingerprint nistp384@gnupg.test)"
        as "home-$form" bulla cert export --binary >"$form.back"
    done
    new_gnupg_home
    gnupg --import binary.back text.back
    status_says "IMPORT_RES 4 0 2 0 2" # four read, two new, two unchanged
    gnupg --export rsa2048@gnupg.test nistp384@gnupg.test >back
    same binary back
}

@test "our certificates arrive whole at GnuPG, as bytes and as text" {
    bulla cert export --binary default@bulla.test rsa@bulla.test >binary
    bulla cert export default@bulla.test rsa@bulla.test >text
    for form in binary text; do
        new_gnupg_home
        gnupg --import "$form"
        status_says "IMPORT_OK 1 $(fingerprint_of default@bulla.test)"
        status_says "IMPORT_OK 1 $(fingerprint_of rsa@bulla.test)"
        gnupg --export >back
        succeeds as "home-$form" bulla cert import back
        as "home-$form" bulla cert export --binary default@bulla.test rsa@bulla.test >"$form.back"
        same binary "$form.back"
    done
}

@test "GnuPG finds nothing wrong with our certificates" {
    for key in default rsa; do
        gnupg --with-colons --check-signatures "$key@bulla.test" >listing
        grep -q '^sig:!:' listing
        run ! grep -qE '^(sig|rev):[^!]' listing
        # A primary key that certifies and signs, a subkey that encrypts.
        [ "$(awk -F: '$1 == "pub" || $1 == "sub" { print $1, $12 }' listing)" = $'pub scESC\nsub e' ]
    done
}

@test "we see what GnuPG's keys may do, and until when" {
    gnupg --with-colons --list-keys ed25519@gnupg.test >listing
    bulla cert show --json ed25519@gnupg.test >shown
    [ "$(jq -r '.certificates[0].keys[].flags | join(", ")' shown)" = $'certify, sign\nencrypt' ]
    [ "$(jq -r '.certificates[0].keys[].expires | fromdate' shown)" = \
        "$(awk -F: '$1 == "pub" || $1 == "sub" { print $7 }' listing)" ]
}

@test "a signing subkey of GnuPG's signs for its certificate" {
    gnupg_key office ed25519 cv25519
    gnupg --quick-add-key "$(gnupg_fingerprint office@gnupg.test)" ed25519 sign 1y
    gnupg --export office@gnupg.test | bulla cert import -q
    gnupg -o letter.sig -u office@gnupg.test --detach-sign letter
    bulla_verifies letter.sig letter "$(gnupg_fingerprint office@gnupg.test)"
    [ "$(json '.signatures[0].key' <<<"$output")" != "$(gnupg_fingerprint office@gnupg.test)" ]
}

# The first import makes the key known, the second brings the news.
@test "a key that GnuPG revoked is not encrypted to" {
    gnupg_key gone ed25519 cv25519
    gnupg --export gone@gnupg.test | bulla cert import -q
    succeeds bulla encrypt --trust always -r gone@gnupg.test -o before letter
    fingerprint=$(gnupg_fingerprint gone@gnupg.test)
    sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$fingerprint.rev" >revocation
    gnupg --import revocation
    gnupg --export gone@gnupg.test | bulla cert import -q
    fails 17 "revoked" bulla encrypt -r gone@gnupg.test -o after letter
    absent after
}

@test "a key that GnuPG prolonged can be encrypted to again" {
    gnupg --faked-system-time 20200101T120000 --quick-generate-key \
        "late <late@gnupg.test>" ed25519 cert,sign 1y
    fingerprint=$(gnupg_fingerprint late@gnupg.test)
    gnupg --faked-system-time 20200101T120000 --quick-add-key "$fingerprint" cv25519 encr none
    gnupg --export late@gnupg.test | bulla cert import -q
    fails 17 "expired" bulla encrypt -r late@gnupg.test -o before letter
    gnupg --quick-set-expire "$fingerprint" 1y
    gnupg --export late@gnupg.test | bulla cert import -q
    succeeds bulla encrypt --trust always -r late@gnupg.test letter
    gnupg_opens letter.pgp letter
}

# GnuPG names him when it makes the key, and asks a few questions when he revokes it.
@test "a key that its designated revoker revoked with GnuPG is not encrypted to" {
    gnupg_key revoker ed25519 -
    printf '%s\n' %no-protection "Key-Type: EDDSA" "Key-Curve: ed25519" "Subkey-Type: ECDH" \
        "Subkey-Curve: cv25519" "Name-Email: owner@gnupg.test" \
        "Revoker: 22:$(gnupg_fingerprint revoker@gnupg.test)" >recipe
    gnupg --gen-key recipe
    gnupg --export owner@gnupg.test | bulla cert import -q
    succeeds bulla encrypt --trust always -r owner@gnupg.test -o before letter
    printf '%s\n' y 1 replaced "" y | "$GNUPG" --no-tty --yes --command-fd 0 \
        --pinentry-mode loopback --passphrase '' -o revocation --desig-revoke owner@gnupg.test
    gnupg --import revocation || skip "this GnuPG refuses its own designated revocations"
    gnupg --export owner@gnupg.test | bulla cert import -q
    succeeds bulla cert show owner@gnupg.test
    prints "note: said to be revoked"
    gnupg --export revoker@gnupg.test | bulla cert import -q
    fails 17 "by its designated revoker" bulla encrypt -r owner@gnupg.test -o after letter
    absent after
}
