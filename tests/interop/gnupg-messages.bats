#!/usr/bin/env bats
# Encrypted messages between GnuPG and bulla: signed or not, to one and to many, to
# hidden recipients, compressed, changed on the way.

# shellcheck disable=SC2030,SC2031 # a test is a subshell, and nothing is to outlast it

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key gina ed25519 cv25519
    gnupg_key gerd rsa2048 rsa2048
    gnupg_key aes128 ed25519 cv25519 --default-preference-list "AES128 SHA384 SHA256 Uncompressed"
    gnupg_key twofish ed25519 cv25519 --default-preference-list "TWOFISH SHA256 Uncompressed"
    gnupg_key camellia rsa2048 rsa2048 --default-preference-list "CAMELLIA192 SHA256 Uncompressed"
    gnupg_key ocb ed25519 cv25519 --compliance gnupg
    new_key "bella <bella@bulla.test>"
    new_key "ben <ben@bulla.test>" --profile compatibility
    introduce
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# GnuPG's name for what it writes, and how: gnupg_to NAME... -- OPTION...
gnupg_to() {
    local -a recipients=()
    while [ "$1" != -- ]; do
        recipients+=(-r "$1")
        shift
    done
    shift
    gnupg "${recipients[@]}" -o message "$@" --encrypt letter
}

# What GnuPG, holding the keys, sees in a message.
gnupg_sees() {
    gnupg --list-packets message >packets
    grep -q "$1" packets || {
        cat packets
        return 1
    }
}

# Exactly one of GnuPG's keys, in a home of its own: gnupg_only NAME
gnupg_only() {
    gnupg --export-secret-keys "$1@gnupg.test" >only.key
    gnupg --export >all.certs
    new_gnupg_home
    gnupg --import only.key all.certs
}

# Exactly one of ours, in a keyring of its own: bulla_only NAME
bulla_only() {
    bulla key export -f -o only.key "$1@bulla.test"
    bulla cert export -f -o all.certs
    rm -r "$BULLA_HOME"
    bulla cert import -q all.certs
    bulla key import -q only.key
}

@test "GnuPG opens a message without signature" {
    succeeds bulla encrypt -r gina@gnupg.test letter
    gnupg_opens letter.pgp letter
}

@test "GnuPG opens an armored message without signature" {
    succeeds bulla encrypt -a -r gerd@gnupg.test letter
    [ "$(head -1 letter.asc)" = "-----BEGIN PGP MESSAGE-----" ]
    gnupg_opens letter.asc letter
}

@test "GnuPG opens a signed message and names the signer" {
    succeeds bulla encrypt -r gina@gnupg.test -s -u ben@bulla.test letter
    gnupg_opens letter.pgp letter "$(fingerprint_of ben@bulla.test)"
}

@test "GnuPG opens an armored signed message and names the signer" {
    succeeds bulla encrypt -a -r gerd@gnupg.test -s -u bella@bulla.test letter
    gnupg_opens letter.asc letter "$(fingerprint_of bella@bulla.test)"
}

@test "GnuPG opens a message that is one of its own signer's" {
    gnupg --export-secret-keys gerd@gnupg.test | bulla key import -q
    succeeds bulla encrypt -r gina@gnupg.test -s -u gerd@gnupg.test letter
    gnupg_opens letter.pgp letter "$(gnupg_fingerprint gerd@gnupg.test)"
}

@test "we open a message without signature" {
    gnupg_to bella@bulla.test --
    bulla_opens message letter
}

@test "we open an armored message without signature" {
    gnupg_to ben@bulla.test -- --armor
    [ "$(head -1 message)" = "-----BEGIN PGP MESSAGE-----" ]
    bulla_opens message letter
}

@test "we open a signed message and name the signer" {
    gnupg_to bella@bulla.test -- -u gerd@gnupg.test --sign
    bulla_opens message letter "$(gnupg_fingerprint gerd@gnupg.test)"
    succeeds bulla decrypt --signer gerd@gnupg.test -o - message
    remarks "Good signature by gerd <gerd@gnupg.test>"
}

@test "we open an armored signed message and name the signer" {
    gnupg_to ben@bulla.test -- -u gina@gnupg.test --armor --sign
    bulla_opens message letter "$(gnupg_fingerprint gina@gnupg.test)"
}

@test "we open a message that two of GnuPG's keys signed" {
    gnupg_to bella@bulla.test -- -u gina@gnupg.test -u gerd@gnupg.test --sign
    bulla_opens message letter "$(gnupg_fingerprint gina@gnupg.test)" "$(gnupg_fingerprint gerd@gnupg.test)"
}

@test "we do not take one of GnuPG's signers for another" {
    gnupg_to bella@bulla.test -- -u gina@gnupg.test --sign
    fails 3 "message" bulla decrypt --signer gerd@gnupg.test -o copy message
    absent copy
}

@test "we open a message by an unknown signer, and say so" {
    gnupg_to bella@bulla.test -- -u gina@gnupg.test --sign
    bulla cert delete -q --yes gina@gnupg.test || bulla cert delete -q gina@gnupg.test
    succeeds bulla decrypt --json -o copy message
    [ "$(json '.files[0].signatures[] | .status' <<<"$output")" = unknown-signer ]
    same letter copy
}

@test "GnuPG opens a message by an unknown signer, and says so" {
    succeeds bulla encrypt -r gina@gnupg.test -s -u ben@bulla.test letter
    gnupg_only gina
    gnupg --delete-keys "$(fingerprint_of ben@bulla.test)"
    # It fails only because the signer is not known.
    run gnupg --output copy --decrypt letter.pgp
    status_says DECRYPTION_OKAY
    status_says "NO_PUBKEY"
    same letter copy
}

@test "each of many recipients opens our message" {
    succeeds bulla encrypt --no-self -r gina@gnupg.test -r bella@bulla.test -r gerd@gnupg.test -r ben@bulla.test letter
    has_shape letter.pgp "1.3 1.3 1.3 1.3 18.1"
    cp -r "$BULLA_HOME" all-keys
    bulla_only bella
    bulla_opens letter.pgp letter
    rm -r "$BULLA_HOME" && mv all-keys "$BULLA_HOME"
    bulla_only ben
    bulla_opens letter.pgp letter
    both=$GNUPGHOME
    gnupg_only gina
    gnupg_opens letter.pgp letter
    GNUPGHOME=$both
    gnupg_only gerd
    gnupg_opens letter.pgp letter
}

@test "each of many recipients opens GnuPG's message" {
    gnupg_to gina@gnupg.test bella@bulla.test gerd@gnupg.test ben@bulla.test --
    cp -r "$BULLA_HOME" all-keys
    bulla_only bella
    bulla_opens message letter
    rm -r "$BULLA_HOME" && mv all-keys "$BULLA_HOME"
    bulla_only ben
    bulla_opens message letter
    gnupg_opens message letter
}

@test "who is no recipient opens neither's message" {
    succeeds bulla encrypt --no-self -r gina@gnupg.test -o ours letter
    gnupg_to bella@bulla.test --
    gnupg_only gerd
    gnupg_refuses -o copy --decrypt ours
    absent copy
    bulla_only ben
    fails 29 "message" bulla decrypt -o copy message
    absent copy
}

# One of each algorithm: GnuPG 2.2 opens a message, and yet fails, if it had to try a
# Curve25519 key in vain.  So it does with its own messages.
@test "GnuPG opens a message to hidden recipients" {
    succeeds bulla encrypt --hide-recipients --no-self -r gina@gnupg.test -r gerd@gnupg.test letter
    run bulla inspect letter.pgp
    [ "$(grep -c "key ID: 0000000000000000" <<<"$output")" -eq 2 ]
    both=$GNUPGHOME
    gnupg_only gina
    gnupg_opens letter.pgp letter
    status_says "ENC_TO 0000000000000000 18"
    GNUPGHOME=$both
    gnupg_only gerd
    gnupg_opens letter.pgp letter
    status_says "ENC_TO 0000000000000000 1"
}

@test "we open a message to hidden recipients" {
    gnupg -R gina@gnupg.test -R ben@bulla.test -R bella@bulla.test -o message --encrypt letter
    run bulla inspect message
    prints "key ID: 0000000000000000"
    cp -r "$BULLA_HOME" all-keys
    bulla_only bella
    bulla_opens message letter
    rm -r "$BULLA_HOME" && mv all-keys "$BULLA_HOME"
    bulla_only ben
    bulla_opens message letter
}

@test "we open a message to named and hidden recipients" {
    gnupg -r gina@gnupg.test -R bella@bulla.test -o message --encrypt letter
    bulla_opens message letter
}

@test "we open a message that hides all its recipients" {
    gnupg_to gina@gnupg.test bella@bulla.test -- --throw-keyids
    bulla_opens message letter
}

@test "GnuPG opens our message compressed with zip" {
    succeeds bulla encrypt --compress zip -o message -r gina@gnupg.test letter
    gnupg_sees "compressed packet: algo=1"
    gnupg_opens message letter
}

@test "GnuPG opens our message compressed with zlib, and the signature holds" {
    succeeds bulla encrypt --compress zlib -o message -s -u ben@bulla.test -r gina@gnupg.test letter
    gnupg_sees "compressed packet: algo=2"
    gnupg_opens message letter "$(fingerprint_of ben@bulla.test)"
}

@test "GnuPG opens our message compressed with bzip2" {
    succeeds bulla encrypt --compress bzip2 -o message -r gina@gnupg.test letter
    gnupg_sees "compressed packet: algo=3"
    gnupg_opens message letter
}

# Our certificates prefer no compression; GnuPG compresses all the same if told to.
@test "we open GnuPG's message compressed with zip" {
    gnupg_to gina@gnupg.test bella@bulla.test -- --compress-algo zip
    gnupg_sees "compressed packet: algo=1"
    bulla_opens message letter
}

@test "we open GnuPG's message compressed with zlib, and the signature holds" {
    gnupg_to gina@gnupg.test bella@bulla.test -- --compress-algo zlib -u gerd@gnupg.test --sign
    gnupg_sees "compressed packet: algo=2"
    bulla_opens message letter "$(gnupg_fingerprint gerd@gnupg.test)"
}

@test "we open GnuPG's message compressed with bzip2" {
    gnupg_to gina@gnupg.test bella@bulla.test -- --compress-algo bzip2
    gnupg_sees "compressed packet: algo=3"
    bulla_opens message letter
}

@test "we open GnuPG's message that is not compressed" {
    gnupg_to gina@gnupg.test bella@bulla.test -- --compress-algo none
    gnupg --list-packets message >packets
    run ! grep "compressed packet" packets
    bulla_opens message letter
}

# What GnuPG does by default, to a key of its own making: zlib or zip.
@test "we open GnuPG's default message to a key that moved here" {
    gnupg --export-secret-keys gerd@gnupg.test | bulla key import -q
    gnupg_to gerd@gnupg.test -- -u gina@gnupg.test --sign
    gnupg_sees "compressed packet"
    bulla_opens message letter "$(gnupg_fingerprint gina@gnupg.test)"
}

# LibrePGP's OCB packet is for keys that announce it; ours announce the RFC's SEIPD
# version 2, which is another bit.  Debian's GnuPG makes keys that announce OCB, and
# its messages, only with --compliance gnupg.
@test "GnuPG does not take our keys for LibrePGP's" {
    gnupg_to bella@bulla.test -- --compliance gnupg
    has_shape message "1.3 18.1"
    gnupg_to ben@bulla.test bella@bulla.test -- --compliance gnupg
    has_shape message "1.3 1.3 18.1"
    gnupg_to ocb@gnupg.test bella@bulla.test -- --compliance gnupg
    has_shape message "1.3 1.3 18.1"
    bulla_opens message letter
}

@test "we do not take LibrePGP's keys for the RFC's" {
    succeeds bulla encrypt -r ocb@gnupg.test letter
    has_shape letter.pgp "1.3 18.1"
    gnupg_opens letter.pgp letter
}

@test "we open LibrePGP's OCB packet, and nothing that was changed in it" {
    "$GNUPG" --dump-options | grep -qx -e --force-ocb || skip "this GnuPG makes no OCB packets"
    for cipher in AES128 AES256 CAMELLIA192; do
        gnupg_to bella@bulla.test -- --force-ocb --cipher-algo "$cipher"
        has_shape message "1.3 20.1"
        bulla_opens message letter
        [ "$(json '.files[0].protection' <<<"$output")" = ocb ]
    done
    flip message $(($(wc -c <message) - 40))
    refuses 41 "authentication failed" bulla decrypt -o copy message
}

@test "we open GnuPG's messages under every current cipher" {
    for cipher in AES128 AES192 AES256 TWOFISH CAMELLIA128 CAMELLIA192 CAMELLIA256; do
        echo "with $cipher"
        gnupg_to bella@bulla.test -- --cipher-algo "$cipher"
        bulla_opens message letter
        [ "$(json '.files[0].cipher' <<<"$output" | tr '[:lower:]' '[:upper:]')" = "$cipher" ]
    done
}

# Newer versions of GnuPG have to be told twice.
@test "we open GnuPG's messages under ciphers of the past" {
    allow=$("$GNUPG" --dump-options | grep -x -e --allow-old-cipher-algos) || allow=--no-greeting
    for cipher in 3DES CAST5 BLOWFISH; do
        echo "with $cipher"
        gnupg_to bella@bulla.test -- --cipher-algo "$cipher" "$allow"
        bulla_opens message letter
    done
}

# The recipients' preferences are binding for the sender [RFC9580 5.2.3.14].
@test "we encrypt with the cipher that GnuPG's key asks for" {
    local who number
    while read -r who number; do
        succeeds bulla encrypt --no-self -r "$who@gnupg.test" -o "$who.pgp" letter
        gnupg_opens "$who.pgp" letter
        status_says "DECRYPTION_INFO 2 $number"
    done <<END
aes128 7
twofish 10
camellia 12
END
}

@test "we open what GnuPG says is text, with its line ends" {
    printf 'one\r\ntwo\nthree' >letter
    gnupg_to bella@bulla.test -- --textmode
    succeeds bulla decrypt -o copy message
    tr -d '\r' <letter >wanted
    tr -d '\r' <copy | cmp wanted -
}

@test "we do not write under the name that a message suggests" {
    gnupg_to bella@bulla.test -- --set-filename evil
    succeeds bulla decrypt -o - message
    absent evil
    mv message mail.gpg
    succeeds bulla decrypt mail.gpg
    same letter mail
    absent evil
}

@test "we refuse GnuPG's message with a bit changed anywhere" {
    gnupg_to bella@bulla.test -- -u gina@gnupg.test --sign
    size=$(stat -c %s message)
    for offset in 0 1 3 12 40 95 110 120 $((size / 2)) $((size - 22)) $((size - 1)); do
        echo "at $offset of $size"
        cp message changed
        flip changed "$offset"
        run --separate-stderr bulla decrypt -o copy changed
        [ "$status" -eq 41 ] || [ "$status" -eq 29 ]
        remarks "bulla: decrypt: changed: "
        absent copy
    done
}

@test "we refuse GnuPG's message cut short" {
    gnupg_to bella@bulla.test --
    size=$(stat -c %s message)
    for keep in 1 95 $((size / 2)) $((size - 20)) $((size - 1)); do
        echo "after $keep of $size"
        head -c "$keep" message >changed
        fails 41 changed bulla decrypt -o copy changed
        absent copy
    done
}

# GnuPG reports the signature inside before it comes to the end, where it notices.
@test "GnuPG refuses our message with a bit changed" {
    succeeds bulla encrypt --no-self -r gina@gnupg.test -s -u ben@bulla.test letter
    size=$(stat -c %s letter.pgp)
    for offset in 40 130 $((size / 2)) $((size - 22)) $((size - 1)); do
        echo "at $offset of $size"
        cp letter.pgp changed
        flip changed "$offset"
        run ! gnupg --output copy --decrypt changed
        run ! status_says DECRYPTION_OKAY
    done
}

@test "GnuPG refuses our message cut short" {
    succeeds bulla encrypt --no-self -r gina@gnupg.test letter
    head -c $(($(stat -c %s letter.pgp) - 5)) letter.pgp >changed
    gnupg_refuses --output copy --decrypt changed
}
