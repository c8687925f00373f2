#!/usr/bin/env bats
# fixtures/messages-signed, signatures-v3, cleartext, armor, fuzz.

load lib

ring=keyrings/rnp-pubring.gpg
alice=keyrings/rnp-alice-sub-sec.pgp
text=messages-encrypted/message.txt

# The signature fits, but its key has only 1024 bits.
too_weak() { not_good 3 "RSA with 1024 bits is too weak" "$@"; }

@test "signed: detached" {
    begin_in messages-signed
    too_weak rnp-detached.sig $ring $text
    too_weak rnp-detached-text.sig $ring $text
    too_weak rnp-detached-text.sig $ring message-crlf.txt
    good rnp-2-detached-one-v10.sig $alice $text
    too_weak message-trailing-cr.sig $ring message-trailing-cr.txt
}

@test "signed: around the text" {
    begin_in messages-signed
    too_weak rnp-inline.pgp $ring
    too_weak rnp-inline-uncompressed.pgp $ring
    good rnp-2-onepass-2-sigs.pgp $alice
    good rnp-2-sigs-one-v10.pgp $alice
    good rnp-wrong-onepass-keyid.pgp $alice # the signature's own issuer counts
    good rnp-eddsa-zero-r.sig.pgp $alice
    good signed-before-expiry.pgp expired-signing-key-pub.asc
    good rpgp-mixed-line-endings.msg rpgp-mixed-line-endings.key
}

@test "signed: refused by name" {
    begin_in messages-signed
    not_good 3 "MD5" rnp-md5-before.pgp key-rsa-2001-pub.asc
    not_good 3 "MD5" rnp-md5-after.pgp key-rsa-2001-pub.asc
    not_good 3 "SHA1" rnp-sha1-after.pgp $ring
    not_good 3 "notation" rnp-critical-notation.pgp $ring
    not_good 3 "version" rnp-bad-version.pgp $ring
    not_good 41 "announced but missing" rnp-no-signature.pgp $ring
    not_good 3 "hash algorithm 136 is not supported" rnp-unknown-onepass-hash.pgp $alice
    not_good 3 "says nothing about a document" rnp-document-sig-class-0x13.pgp $ring
    not_good 3 "not meant for signing documents" signed-by-rsa-encrypt-only.pgp key-rsas-rsae.asc
    stays_shut 29 "for signing only" password encrypted-to-rsa-sign-only.pgp key-rsas-rsae.asc
    looked_at timestamp-signature.asc
}

@test "signatures of version 3" {
    begin_in signatures-v3
    local bob=../interop-certificates/bob.pgp
    good bob-v3-binary.sig $bob document.txt
    good bob-v3-text.sig.asc $bob document.txt
    good bob-v3-cleartext.asc $bob
    good bob-v3-inline-onepass.pgp $bob
    not_good 3 "not signed" bob-rfc1991-md5-sig-first.pgp $bob
    not_good 3 "RSA with 1024 bits" gocrypto-v3-signed-message.asc gocrypto-v3-signer-pub.asc
}

@test "cleartext" {
    begin_in cleartext
    too_weak rnp-signed.asc $ring
    not_good 41 "a header that is not allowed" rnp-signed-nonewline.asc $ring
    good rnp-2-sigs-one-v10.asc $alice
    good rnp-long-lines.asc $alice
    good rpgp-starts-with-newline.csf rpgp-alice.pub.asc
    not_good 3 "cut short" rnp-malformed-mpi.asc $ring
    not_good 41 "no blank line" rnp-no-signature.asc $ring
    not_good 3 "the signer is not known" gnupg-2-keys.asc $ring
    not_good 3 "the signer is not known" rpgp-empty.csf $ring
    not_good 41 "NotDashEscaped" notdashescaped-header.csf $ring
    good debian-inrelease.csf debian-inrelease-key.asc
}

# Dearmors to so many octets: octets N FILE
octets() {
    succeeds bulla dearmor -f -o octets "$(path "$2")"
    [ "$(wc -c <octets)" -eq "$1" ]
}

@test "armor: odd, but readable" {
    begin_in armor
    octets 2226 1024_peek_buf.asc
    octets 2226 64k_whitespace_before_armored_message.asc
    octets 2226 blank_line_with_whitespace.asc
    octets 2226 empty_header_line.asc
    octets 68647 message_64k_oneline.asc
    octets 2226 wrong_chars_header.asc
    octets 2226 wrong_header_line.asc
    octets 2226 wrong_chars_crc.asc
    octets 15036 polyglot.armor
    local file
    for file in ecc-25519-pub-bad-crc.asc key-with-spaces.asc; do
        keyring
        succeeds bulla cert import "$(path $file)"
    done
}

@test "armor: not readable" {
    begin_in armor
    local file
    for file in wrong_b64_trailer.asc wrong_chars_base64_2.asc; do
        fails 41 "bad character or padding" bulla dearmor -o copy "$(path $file)"
        absent copy
    done
    fails 41 "no OpenPGP data found" bulla dearmor -o copy "$(path too_short_header.asc)"
    fails 41 "wrong last line" bulla dearmor -o copy "$(path wrong-trailer.asc)"
    absent copy
    looked_at b64_trailer_extra_data.b64 bare-base64-key.b64
}

@test "what once crashed others" {
    begin_in fuzz
    local file
    for file in "$SPECDATA"/fixtures/fuzz/*; do
        looked_at "$file"
        keyring
        run --separate-stderr timeout 20 "$BUILD/bulla" cert import "$file"
        [ "$status" -lt 124 ]
        run --separate-stderr timeout 20 "$BUILD/bulla" decrypt -o copy "$file"
        [ "$status" -lt 124 ]
    done
}

# Those of trust signatures wait for what they are about; whole folders are read by pattern.
@test "every file of the index is in one of these tests" {
    begin_in .
    local file missing=""
    # shellcheck disable=SC2013
    for file in $(sed -n '/^## fixtures/,/^## wycheproof/s/^| `\([^`]*\)`.*/\1/p' "$SPECDATA/INDEX.md"); do
        [ ! -e "$SPECDATA/fixtures/trust-signatures/$file" ] || continue
        [ ! -e "$SPECDATA/fixtures/fuzz/$file" ] || continue
        grep -qF -- "$file" "$BATS_TEST_DIRNAME"/*.bats || missing+=" $file"
    done
    [ -z "$missing" ] || {
        echo "not tested:$missing"
        return 1
    }
}
