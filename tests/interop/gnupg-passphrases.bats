#!/usr/bin/env bats
# Messages under a passphrase between GnuPG and bulla.

load ../cli/lib
load peers
load gnupg

PASSPHRASE="correct horse, Gruß & Kuß"

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key gina ed25519 cv25519
    new_key "bella <bella@bulla.test>"
    introduce
}

setup() {
    begin_with_peers
    printf '%s\n' "$PASSPHRASE" >pass
    echo "wrong horse" >wrong
}

teardown_file() {
    end_gnupg_file
}

# Under the passphrase, and with these options: they_seal OPTION...
they_seal() {
    gnupg --passphrase "$PASSPHRASE" -o message "$@" --symmetric letter
}

we_open() {
    bulla_opens_with "$PASSPHRASE" message letter
    [ "$(json '.files[0].passphrase' <<<"$output")" = true ]
}

# Several ways, each with one option: we_open_each OPTION VALUE...
we_open_each() {
    local option=$1 value
    shift
    for value in "$@"; do
        echo "with $option $value"
        they_seal "$option" "$value"
        we_open
    done
}

@test "we open what GnuPG seals by default" {
    they_seal
    has_shape message "3.4 18.1"
    we_open
}

@test "we open what GnuPG seals, armored" {
    they_seal --armor
    we_open
}

@test "we open what GnuPG seals, however compressed" {
    we_open_each --compress-algo zip zlib bzip2 none
}

@test "we open what GnuPG seals under every current cipher" {
    we_open_each --cipher-algo AES AES192 AES256 TWOFISH CAMELLIA128 CAMELLIA192 CAMELLIA256
}

@test "we open what GnuPG seals, however the passphrase is hashed" {
    we_open_each --s2k-digest-algo SHA1 SHA224 SHA256 SHA384 SHA512 RIPEMD160
}

@test "we open what GnuPG seals, whether the hash is iterated or only salted" {
    we_open_each --s2k-mode 1 3
    we_open_each --s2k-count 1024 65536 1000000 65011712
}

@test "we open GnuPG's message with a passphrase and a recipient, by either" {
    they_seal -r bella@bulla.test --encrypt
    bulla_opens message letter
    rm -r "$BULLA_HOME"
    we_open
}

@test "we open GnuPG's message to somebody else, by its passphrase" {
    they_seal -r gina@gnupg.test --encrypt
    we_open
}

@test "we open GnuPG's signed message with a passphrase" {
    they_seal -u gina@gnupg.test --sign
    bulla_opens_with "$PASSPHRASE" message letter "$(gnupg_fingerprint gina@gnupg.test)"
}

@test "a wrong passphrase does not open GnuPG's message" {
    they_seal
    fails 29 "message" bulla decrypt --passphrase-file wrong -o copy message
    absent copy
}

@test "we refuse GnuPG's message with a bit changed" {
    they_seal
    flip message $(($(stat -c %s message) - 10))
    fails 41 "message" bulla decrypt --passphrase-file pass -o copy message
    absent copy
}

@test "GnuPG opens what we seal" {
    succeeds bulla encrypt -p --passphrase-file pass letter
    has_shape letter.pgp "3.4 18.1"
    gnupg_opens_with "$PASSPHRASE" letter.pgp letter
}

@test "GnuPG opens what we seal, armored" {
    succeeds bulla encrypt -p -a --passphrase-file pass letter
    gnupg_opens_with "$PASSPHRASE" letter.asc letter
}

@test "GnuPG opens what we seal, compressed" {
    for how in zip zlib bzip2; do
        echo "with $how"
        succeeds bulla encrypt -f -p --compress "$how" --passphrase-file pass letter
        gnupg_opens_with "$PASSPHRASE" letter.pgp letter
    done
}

@test "GnuPG opens our message with a passphrase and a recipient, by either" {
    succeeds bulla encrypt -p --passphrase-file pass --no-self -r gina@gnupg.test letter
    has_shape letter.pgp "1.3 3.4 18.1"
    # Its key has no passphrase; GnuPG 2.4 fails at an empty one for the message.
    gnupg_opens_with "wrong horse" letter.pgp letter
    new_gnupg_home
    gnupg_opens_with "$PASSPHRASE" letter.pgp letter
}

@test "GnuPG opens our signed message with a passphrase" {
    succeeds bulla encrypt -p --passphrase-file pass --profile rfc4880 -s -u bella@bulla.test letter
    gnupg_opens_with "$PASSPHRASE" letter.pgp letter "$(fingerprint_of bella@bulla.test)"
}

@test "a wrong passphrase does not open our message in GnuPG" {
    succeeds bulla encrypt -p --passphrase-file pass letter
    gnupg_refuses --passphrase "wrong horse" -o copy --decrypt letter.pgp
    absent copy
}

@test "GnuPG refuses our message with a bit changed" {
    succeeds bulla encrypt -p --passphrase-file pass letter
    flip letter.pgp $(($(stat -c %s letter.pgp) - 10))
    gnupg_refuses --passphrase "$PASSPHRASE" -o copy --decrypt letter.pgp
}

@test "we open LibrePGP's messages for a passphrase" {
    "$GNUPG" --dump-options | grep -qx -e --force-ocb || skip "this GnuPG makes no OCB packets"
    they_seal --force-ocb
    has_shape message "3.5 20.1"
    we_open
    refuses 29 "wrong passphrase" bulla decrypt --passphrase-file wrong -o copy message
}
