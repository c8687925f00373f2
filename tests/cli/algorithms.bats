#!/usr/bin/env bats
# The algorithms of RFC 9580, chapter 9: those that are used do their work from end to
# end; of one that is not supported, the message gives the number.

load lib

setup() {
    begin
    echo password >pass
    printf 'A text to be signed and encrypted.\n' >letter
}

# FILE with the byte at OFFSET as NUMBER: patched FILE OFFSET NUMBER >COPY
patched() {
    head -c "$2" "$1"
    # shellcheck disable=SC2059 # the format is an octal escape
    printf "\\$(printf %03o "$3")"
    tail -c +$(($2 + 2)) "$1"
}

# A key of the collection comes into the keyring; $who is its fingerprint.
key_of_collection() {
    need_specdata
    succeeds bulla key import "$SPECDATA/fixtures/$1"
    [[ $stderr =~ new\ +([0-9A-F]+) ]]
    who=${BASH_REMATCH[1]}
}

signs() {
    bulla sign -q -u "$who" --passphrase-file pass -o letter.sig letter
    succeeds bulla verify letter.sig letter
    remarks "Good signature"
}

opens() {
    bulla encrypt -q -r "$who" --no-self -o message letter
    succeeds bulla decrypt -q --passphrase-file pass -o copy message
    same copy letter
}

# Keys.

@test "RSA of 4096 bits" {
    key_of_collection keys-rsa/rsa4096-sec.gpg
    signs
    opens
}

@test "RSA with an exponent of 257" {
    key_of_collection keys-rsa/rsa-e257-sec.asc
    signs
    printf test >text
    succeeds bulla verify "$SPECDATA/fixtures/keys-rsa/rsa-e257.sig" text
}

@test "RSA whose numbers are short by chance" {
    key_of_collection keys-rsa/rsa-small-sig-sec.asc
    signs
    opens
    succeeds bulla decrypt --passphrase-file pass -o - "$SPECDATA/fixtures/keys-rsa/rsa-small-enc-message.pgp"
    prints "data1"
}

@test "RSA keys of which one is to sign, the other to encrypt" {
    key_of_collection messages-signed/key-rsas-rsae.asc
    signs
    opens
}

@test "RSA and DSA of 1024 bits are read, and not used" {
    key_of_collection keys-rsa/rsa1024-sec.gpg
    fails 79 "too weak" bulla sign -u "$who" --passphrase-file pass letter
    fails 17 "too weak" bulla encrypt -r "$who" letter
    key_of_collection keys-dsa-elgamal/dsa1024-elg1024-sec.gpg
    fails 79 "too weak" bulla sign -u "$who" --passphrase-file pass letter
    fails 17 "too weak" bulla encrypt -r "$who" letter
}

@test "DSA of 4096 bits verifies, and signs no more" {
    key_of_collection keys-dsa-elgamal/dsa4096-eg4096-sec.asc
    succeeds bulla verify -o text "$SPECDATA/fixtures/keys-dsa-elgamal/dsa4096-signed-message.pgp"
    fails 79 "DSA" bulla sign -u "$who" --passphrase-file pass letter
    fails 17 "Elgamal" bulla encrypt -r "$who" letter
}

@test "EdDSALegacy and ECDH on Curve25519, version 4" {
    key_of_collection keys-ecc/ecc-x25519-sec.asc
    signs
    opens
}

@test "EdDSALegacy whose numbers are short by chance" {
    key_of_collection keys-ecc/eddsa-00-sec.pgp
    signs
    rm letter.sig
    key_of_collection keys-ecc/ed25519-31-byte-scalar-sec.asc
    signs
    printf test >text
    succeeds bulla verify "$SPECDATA/fixtures/keys-ecc/ed25519-31-byte-scalar.sig" text
}

@test "ECDSA and ECDH on NIST P-256, P-384 and P-521" {
    local curve
    for curve in 256 384 521; do
        key_of_collection "keys-ecc/ecc-p$curve-sec.asc"
        signs
        opens
        rm letter.sig message copy
    done
}

@test "Ed25519, X25519, Ed448, X448, and the others in version 6" {
    local key
    for key in v4-ed25519-x25519 v6-ed25519-x448 v6-ed448-x448 v6-nistp v6-rsa; do
        key_of_collection "keys-new-formats/$key-tsk.asc"
        signs
        opens
        rm letter.sig message copy
    done
}

# Symmetric ones.

@test "each cipher and hash of a passphrase" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-s2k-generated file
    for file in "$folder"/*.pgp "$folder"/*.asc; do
        case $file in *idea*) continue ;; esac
        succeeds bulla decrypt --passphrase-file pass -o copy "$file"
        same copy "$folder/plain.txt"
        case $file in
        *3des* | *blowfish* | *cast5*) remarks "weak" ;;
        *) silent ;;
        esac
        rm copy
    done
}

@test "IDEA is named" {
    need_specdata
    refuses 13 "cipher IDEA (1) is not supported" bulla decrypt --passphrase-file pass -o no \
        "$SPECDATA/fixtures/messages-s2k-generated/s2k3-sha256-idea.pgp"
}

# What is private, experimental or of the future.

@test "the number of an unknown cipher, string-to-key, or hash in it" {
    need_specdata
    local file=$SPECDATA/fixtures/messages-s2k-generated/s2k1-salted-sha256-aes192.pgp
    patched "$file" 3 110 >cipher
    refuses 13 "(110) is not supported" bulla decrypt --passphrase-file pass -o no cipher
    patched "$file" 4 105 >s2k
    refuses 29 "string-to-key type 105 is not supported" bulla decrypt --passphrase-file pass -o no s2k
    patched "$file" 5 106 >hash
    refuses 13 "hash algorithm 106 is not supported" bulla decrypt --passphrase-file pass -o no hash
}

@test "the numbers of an unknown cipher or mode of a message" {
    new_key "Alice <alice@example.org>" --profile rfc9580
    bulla encrypt -r alice@example.org -o message letter
    local at
    at=$(bulla inspect --json message | jq '.packets[1].offset')
    patched message $((at + 3)) 103 >cipher
    refuses 13 "(103) is not supported" bulla decrypt -o no cipher
    patched message $((at + 4)) 104 >mode
    refuses 13 "mode 104 is not supported" bulla decrypt -o no mode
}

@test "the number of an unknown compression" {
    printf '\xc8\x02\x6exyz' >message
    refuses 13 "compression algorithm 110 is not supported" bulla decrypt -o no message
}

@test "the numbers of an unknown signature algorithm and hash" {
    new_key "Alice <alice@example.org>"
    bulla sign letter
    local at=2
    patched letter.sig $((at + 2)) 101 >algorithm
    refuses 3 "" bulla verify algorithm letter
    remarks "public-key algorithm 101 is not supported"
    patched letter.sig $((at + 3)) 110 >hash
    refuses 3 "" bulla verify hash letter
    remarks "hash algorithm 110 is not supported"
}

@test "the number of an unknown algorithm that a message is encrypted by" {
    new_key "Alice <alice@example.org>"
    bulla encrypt -r alice@example.org -o message letter
    # Behind version, length, version and fingerprint.
    patched message 25 100 >unknown
    refuses 29 "no secret key" bulla decrypt -o no unknown
    hints "public-key algorithm 100, which is not supported"
}

@test "the number of an unknown algorithm of a key" {
    need_specdata
    succeeds bulla cert import "$SPECDATA/fixtures/keys-ecc/sm2-pub.asc"
    succeeds bulla cert show 91EFD2B267ECC13F750EBD383A143C1695AE14C9
    prints "unknown algorithm 99"
}
