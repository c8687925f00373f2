#!/usr/bin/env bats
# fixtures/messages-*: framing, encryption, compression.

load lib

ring=keys-protection/secring-rsa-4keys.gpg
text=messages-encrypted/message.txt

@test "framing" {
    begin_in messages-framing
    looked_at partial.asc literal-partial-256.asc 4gb-packet.asc
    decrypting indeterminate.asc moon openpgpjs-x25519-sec.asc
    [ "$status" -eq 0 ] && tail -n 1 copy | grep -q test1
    good rnp-partial-zero-last.pgp keyrings/rnp-keyring5-pub.gpg
    local file
    for file in rnp-partial-1g.pgp 4g-large.bzip2.gpg; do
        not_good 41 "any-expansion" $file keyrings/rnp-keyring5-pub.gpg
        VERIFY_OPTIONS=(--any-expansion)
        good $file keyrings/rnp-keyring5-pub.gpg
        VERIFY_OPTIONS=()
    done
    not_good 41 "Signature packet without a definite length" rnp-partial-signed.pgp keyrings/rnp-keyring5-pub.gpg
    good rnp-partial-256.pgp keyrings/rnp-keyring5-pub.gpg
    keyring
    fails 41 "no OpenPGP packet starts with byte 0x00" bulla decrypt -o copy "$(path onebyte-issue2419.asc)"
    opens password $text marker.pgp $ring
    stays_shut 41 "Marker packet of 5 bytes" password marker-malformed.pgp $ring
}

@test "encrypted: to keys" {
    begin_in messages-encrypted
    opens password $text rnp-seipd1-mdc.pgp $ring
    opens password $text rnp-3-keys-2-passwords.pgp $ring
    opens password $text rnp-hidden-recipient.pgp $ring
    decrypting rnp-mdc-8k-good.pgp password $ring
    [ "$status" -eq 0 ]
    opens password $text rnp-pkesk-skesk-v10.pgp keys-ecc/ecc-p256-sec.asc
    opens "" 'hello\n' rpgp-ecdh-long-padding.pgp rpgp-padding-alice.key
    opens "" 'hello\n' rpgp-ecdh-short-padding.pgp rpgp-padding-alice.key
}

@test "encrypted: for passphrases" {
    begin_in messages-encrypted
    opens password1 $text rnp-3-keys-2-passwords.pgp
    opens password2 $text rnp-3-keys-2-passwords.pgp
    decrypting rnp-password.pgp password
    [ "$status" -eq 0 ]
    stays_shut 29 "wrong passphrase" password1 rnp-password.pgp
    opens password $text rnp-pkesk-skesk-v10.pgp
    opens password 'Hello, world!\n' gnupg-sym-cfb-1.asc
    opens pinata gopenpgp-mixed-password-key.expected.txt gopenpgp-mixed-password-key.asc
    decrypting rpgp-binary-password.pgp 1234
    [ "$status" -eq 0 ] && [ -s copy ]
}

@test "encrypted: damaged, unprotected or for unknown algorithms" {
    begin_in messages-encrypted
    stays_shut 114 "without protection" password rnp-sed-no-mdc.pgp $ring
    stays_shut 114 "without protection" "" gocrypto-no-mdc.asc messages-aead-librepgp/gocrypto-ocb-key.asc
    stays_shut 29 "public-key algorithm 119, which is not supported" password rnp-unknown-pk-alg.pgp $ring
    stays_shut 41 "changed or cut" password rnp-mdc-8k-cut22.pgp $ring
    stays_shut 41 "changed or cut" password gocrypto-sym-corrupt-inner-sig.asc
    stays_shut 41 "cut short" password gocrypto-sym-corrupt-length.asc
    printf '9:F76D3236E4F8A38785C50BDE7167475E95360BCE67A952710F6C16F18BB0655E' >session-key
    # shellcheck disable=SC2016
    fails 41 "changed or cut" bash -c '"$0" sop decrypt --with-session-key=session-key <"$1"' \
        "$BUILD/bulla" "$(path gopenpgp-bad-mdc.asc)"
}

@test "LibrePGP's encrypted data" {
    begin_in messages-aead-librepgp
    opens password 'Hello, world!\n' gnupg-sym-ocb-1.asc
    opens password $text rnp-pkesk-ocb.pgp
    stays_shut 41 "authentication failed" password rnp-pkesk-ocb-malf.pgp
    opens password $text rnp-eax.pgp
    opens password rnp-last-zero-chunk-plain.txt rnp-last-zero-chunk-ocb.pgp keyrings/rnp-alice-sub-sec.pgp
    opens test 'hello world\n' gpg2.3-ocb-message.pgp gpg2.3-test-key.asc
    decrypting gocrypto-ocb-message.asc "" gocrypto-ocb-key.asc
    [ "$status" -eq 0 ] && grep -q 'A Modest Proposal' copy
}

@test "compression" {
    begin_in messages-compression
    looked_at zip-bomb-128mb.zip.pgp zlib-bomb-128mb.pgp bzip2-bomb-4gb.pgp
    # What comes out of the quine lacks its last byte.
    fails 41 "cut short" bulla inspect "$(path zlib-quine.pgp)"
    fails 41 "more than 16 packets inside one another" bulla inspect "$(path 128-rounds.pgp)"
    fails 41 "cut short" bulla verify --any-expansion "$(path bzip2-4gb-cut.pgp)"
    stays_shut 41 "inside" password 31-rounds-encrypted.pgp
}

@test "string-to-key, ciphers and compressions of GnuPG" {
    begin_in messages-s2k-generated
    local file
    for file in s2k0-simple-sha256-aes128.pgp s2k1-salted-sha256-aes192.pgp s2k3-bzip2.pgp \
        s2k3-iterated-ripemd160-twofish.pgp \
        s2k3-iterated-sha1-aes256-hash-shorter-than-key.pgp \
        s2k3-iterated-sha224-camellia256.pgp s2k3-iterated-sha512-aes256.pgp \
        s2k3-sha256-3des.pgp s2k3-sha256-blowfish.pgp s2k3-sha256-cast5.pgp \
        s2k3-sha384-camellia128.pgp s2k3-zip.pgp s2k3-zlib.pgp; do
        opens password plain.txt $file
    done
    opens password plain.txt s2k3-uncompressed-armored.asc
    stays_shut 13 "IDEA" password s2k3-sha256-idea.pgp
}
