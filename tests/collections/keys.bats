#!/usr/bin/env bats
# fixtures/keys-*: keys of every kind and age, with every protection and defect.

load lib

@test "rsa: keys sign and decrypt, whatever their exponent and the length of their numbers" {
    begin_in keys-rsa
    local key
    for key in rsa4096-sec.gpg rsa-rsa-sec.asc; do
        signs $key password
        deciphers $key password
    done
    signs rsa-e257-sec.asc
    printf test >test
    good rsa-e257.sig rsa-e257-sec.asc "$PWD/test"
    signs rsa-small-sig-sec.asc password
    opens password data1 rsa-small-enc-message.pgp rsa-small-sig-sec.asc
}

@test "rsa: too small or too large" {
    begin_in keys-rsa
    keyring rsa1024-sec.gpg
    printf password >pass
    fails 79 "RSA with 1024 bits is too weak" bulla sign --passphrase-file pass -o sig letter
    fails 17 "RSA with 1024 bits is too weak" bulla encrypt -r "$(fpr_in rsa1024-sec.gpg)" -o copy letter
    keyring
    fails 41 "an integer of more than 16384 bits" \
        timeout 5 "$BUILD/bulla" cert import "$(path rsa16385-pub.pgp)"
    succeeds bulla inspect "$(path rsa16385-pub.pgp)"
}

@test "dsa and elgamal" {
    begin_in keys-dsa-elgamal
    local key
    printf password >pass
    for key in dsa3072-elg3072-sec.gpg dsa-eg-sec.asc dsa4096-eg4096-sec.asc; do
        keyring $key
        [ "$(bulla cert show --json "$(fpr_in $key)" | jq '.certificates[0].valid')" = true ]
        fails 79 "DSA signatures are not made any more" \
            bulla sign --passphrase-file pass -o sig letter
    done
    keyring dsa1024-elg1024-sec.gpg
    fails 79 "DSA with 1024 bits is too weak" bulla sign --passphrase-file pass -o sig letter
    good dsa4096-signed-message.pgp dsa4096-eg4096-sec.asc
}

@test "ecc: every curve signs and decrypts" {
    begin_in keys-ecc
    local key
    signs ecc-25519-sec.asc password
    for key in ecc-x25519-sec.asc ecc-p256-sec.asc ecc-p384-sec.asc ecc-p521-sec.asc \
        ecc-bp256-sec.asc ecc-bp384-sec.asc ecc-bp512-sec.asc ecc-secp256k1-sec.asc; do
        signs $key password
        deciphers $key password
    done
}

@test "ecc: numbers that are short" {
    begin_in keys-ecc
    signs eddsa-00-sec.pgp
    printf test >test
    good ed25519-31-byte-scalar.sig ed25519-31-byte-scalar-sec.asc "$PWD/test"
    signs ed25519-31-byte-scalar-sec.asc
}

@test "ecc: photos, private algorithms and malformed curves" {
    begin_in keys-ecc
    succeeds bulla cert import "$(path ecc-25519-photo-pub.asc)"
    succeeds bulla inspect "$(path ecc-25519-photo-pub.asc)"
    prints "User Attribute"
    succeeds bulla cert import "$(path sm2-pub.asc)"
    fails 112 "cannot sign, or is not supported" bulla encrypt -r sm2-key -o copy letter
    succeeds bulla inspect "$(path sm2-pub.asc)"
    prints "99"
    keyring ecdh-unknown-oid-malformed-sec.asc
    fails 17 "the key's curve is not supported, or the key is damaged" \
        bulla encrypt -r "$(fpr_in ecdh-unknown-oid-malformed-sec.asc)" -o copy letter
    absent copy
}

@test "new formats: v4 and v6 keys of every RFC 9580 algorithm" {
    begin_in keys-new-formats
    local key message
    for key in v4-ed25519-x25519-tsk.asc v6-ed25519-x448-tsk.asc v6-ed448-x448-tsk.asc \
        v6-nistp-tsk.asc v6-rsa-tsk.asc; do
        signs $key
        deciphers $key
    done
    for message in v4-ed25519-x25519-enc-seipdv1.msg v4-ed25519-x25519-enc-seipdv2.msg \
        v6-ed25519-x448-enc-seipdv2.msg v6-ed448-x448-enc-seipdv1.msg \
        v6-ed448-x448-enc-seipdv2.msg v6-nistp-enc-seipdv2.msg v6-rsa-enc-seipdv2.msg; do
        opens "" 'hello world\n' $message ${message%-enc-*}-tsk.asc
    done
    good v4-ed25519-x25519-csf.msg v4-ed25519-x25519-tsk.asc
    good v6-ed448-x448-csf.msg v6-ed448-x448-tsk.asc
    signs locked-v6-ed448-gopenpgp.asc password
    signs locked-v6-ed25519-sequoia.asc password
}

@test "new formats: v6 keys with the old forms of Curve25519 are refused" {
    begin_in keys-new-formats
    keyring
    fails 41 "for v4 only" bulla key import "$(path v6-legacy_illegal-tsk.asc)"
    fails 29 "no secret key" bulla decrypt -o copy "$(path v6-legacy_illegal-enc-seipdv2.msg)"
    absent copy
}

@test "v3: imported, shown, not trusted" {
    begin_in keys-v3
    local key
    for key in pgp263-test.pub.asc pgp263-test.sec.asc rsav3-p.asc rsav3-s.asc \
        pgp6-alice-v3.sec.asc pgp6-v3-expiring-pub.pgp; do
        keyring
        succeeds bulla cert import "$(path $key)"
        fails 17 "the key: " bulla encrypt -r "$(fpr_in $key)" -o copy letter
        [[ $stderr == *"is too weak"* || $stderr == *"made with MD5"* ]]
        absent copy
    done
    stays_shut 114 "without protection" "" pgp6-hello-sed.msg pgp6-alice-v3.sec.asc
}

@test "v5: what LibrePGP has of its own" {
    begin_in keys-librepgp
    keyring v5-sample-1-pub.asc v5-sample-1-sec.asc v5-rsa-sec.asc v5-ecc-448-sec.asc
    [ "$(bulla cert list | wc -l)" -eq 3 ]
    good v5-rsa-signed.pgp v5-rsa-sec.asc
    good v5-rsa-cleartext.asc v5-rsa-sec.asc
    keyring kyber768-cv25519-pub.asc
    stays_shut 29 "public-key algorithm 8, which is not supported" "" kyber768-cv25519-message.asc kyber768-cv25519-pub.asc
    looked_at kyber768-cv25519-pub.asc kyber768-cv25519-message.asc
}

@test "protection: every kind unlocks with its passphrase, and only with it" {
    begin_in keys-protection
    local key
    for key in secring-rsa-4keys.gpg secring-rsa-cast5.gpg; do
        opens password messages-encrypted/message.txt messages-encrypted/rnp-seipd1-mdc.pgp $key
        stays_shut 67 "passphrase" wrong messages-encrypted/rnp-seipd1-mdc.pgp $key
    done
    signs s2k-passphrase-123-sec.asc 123
    signs p256-prt-sec.asc a
    deciphers gnu-dummy-primary-sec.asc golang
    deciphers gnu-dummy-s2k-101-1-subs.pgp password
}

@test "protection: keys that are elsewhere, or protected in unknown ways, are kept" {
    begin_in keys-protection
    local key
    printf password >pass
    for key in gnu-card-s2k-101-2.pgp gnu-s2k-101-3.pgp gnu-s2k-101-unknown.pgp; do
        keyring "$key"
        [ "$(bulla cert list | wc -l)" -eq 1 ]
        succeeds bulla key export "$(fpr_in "$key")"
    done
    looked_at gnu-card-s2k-101-2-badlen.pgp pgp-desktop-skr-no-sigs.asc
    succeeds bulla key import "$(path gnu-card-s2k-101-2-badlen.pgp)"
}
