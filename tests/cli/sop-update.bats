#!/usr/bin/env bats
# sop update-key.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'open sesame' >pass
}

@test "a fresh key comes out as it is" {
    local profile
    for profile in default rfc9580 security; do
        sop_key alice --profile="$profile"
        sop update-key <alice.key >updated
        cmp updated alice.key
    done
}

@test "an updated key works, and another update changes nothing" {
    sop_key alice --profile=compatibility
    sop update-key <alice.key >updated
    [ "$(packet_types updated)" = "5 13 2 2 7 2" ]
    bulla inspect updated | grep -q "Features: SEIPD v1, SEIPD v2"
    sop update-key <updated >again
    cmp updated again
    sop extract-cert <updated >cert
    sop sign updated <letter >sig
    succeeds sop verify sig cert <letter
    bulla encrypt --no-self --recipient-file cert -o message letter
    bulla inspect message | grep -q "version: 2"
}

@test "no new capabilities, no subkey for encryption" {
    sop_key alice --profile=compatibility
    sop update-key --no-added-capabilities <alice.key >updated
    cmp updated alice.key
    sop generate-key --signing-only alice >key
    sop update-key --signing-only <key >updated
    cmp updated key
    sop update-key --no-added-capabilities <key >updated
    cmp updated key
    sop update-key <key >updated
    [ "$(packet_types updated)" = "5 13 2 7 2" ]
    [ "$(head -n 1 updated)" = "-----BEGIN PGP PRIVATE KEY BLOCK-----" ]
    sop update-key --no-armor <key >updated
    [ "$(packet_types updated)" = "5 13 2 7 2" ]
    [[ $(head -c 5 updated) != "-----" ]]
}

@test "a new subkey has the password of the key" {
    sop_key alice --signing-only --with-key-password=pass
    sop update-key --with-key-password=pass <alice.key >updated
    [ "$(packet_types updated)" = "5 13 2 7 2" ]
    [ "$(bulla inspect --json updated | jq '[.packets[].fields[] | select(.name == "S2K")] | length')" = 2 ]
    succeeds sop change-key-password --old-key-password=pass <updated
}

@test "67: without the password, even where nothing is due" {
    sop_key alice --with-key-password=pass
    refuses 67 "protected" sop update-key <alice.key
    hints "--with-key-password"
    refuses 67 "wrong" sop update-key --with-key-password=letter <alice.key
    sop update-key --with-key-password=pass <alice.key >updated
    cmp updated alice.key
}

@test "several keys, and what other copies know of them" {
    sop_key alice
    sop_key bob
    sop certify-userid --userid="alice <alice@example.org>" bob.key <alice.cert >certified
    cat certified bob.cert >others
    cat alice.key bob.key | sop update-key --no-armor --merge-certs=others >updated
    [ "$(packet_types updated)" = "5 13 2 2 7 2 5 13 2 7 2" ]
    sop extract-cert <updated >certs
    succeeds sop validate-userid "alice <alice@example.org>" alice.cert bob.cert <certified
    sop update-key --merge-certs=bob.cert <alice.key >updated
    cmp updated alice.key
}

@test "103: primary keys that are past help" {
    need_specdata
    local keys=$SPECDATA/fixtures
    sop_key alice
    sop revoke-key <alice.key >revoked
    refuses 103 "revoked" sop update-key --merge-certs=revoked <alice.key
    hints "make a new key"
    refuses 103 "1024 bits is too weak" sop update-key <"$keys/keys-rsa/rsa1024-sec.gpg"
    refuses 103 "version 3" sop update-key <"$keys/keys-v3/pgp6-alice-v3.sec.asc"
    refuses 103 "DSA" sop update-key <"$keys/keys-dsa-elgamal/dsa-eg-sec.asc"
    refuses 103 "not here" sop update-key <"$keys/keys-protection/gnu-dummy-primary-sec.asc"
    refuses 103 "in the future" sop update-key <"$keys/keys-validity/future-key.asc"
    refuses 103 "" sop update-key --merge-certs=alice.cert --revoke-deprecated-keys \
        <"$keys/keys-rsa/rsa1024-sec.gpg"
}

@test "103: a designated revoker has revoked the key" {
    need_specdata
    local keys=$SPECDATA/fixtures
    sop extract-cert <"$keys/keys-ecc/ecc-25519-sec.asc" >revoker.cert
    refuses 67 "protected" sop update-key \
        --merge-certs="$keys/keys-validity/ecc-p256-desigrevoked.asc" <"$keys/keys-ecc/ecc-p256-sec.asc"
    refuses 103 "revoked" sop update-key --merge-certs=revoker.cert \
        --merge-certs="$keys/keys-validity/ecc-p256-desigrevoked.asc" <"$keys/keys-ecc/ecc-p256-sec.asc"
}

@test "97: the primary key is on a card" {
    need_specdata
    refuses 97 "on a card" sop update-key <"$SPECDATA/fixtures/keys-protection/gnu-card-s2k-101-2.pgp"
}

@test "old keys are brought up to date" {
    need_specdata
    local name
    for name in alice bob ricarda; do
        sop update-key <"$SPECDATA/interop-certificates/$name-secret.pgp" >updated
        sop extract-cert <updated >cert
        bulla inspect cert | grep -q "Features: SEIPD v1, SEIPD v2"
        sop sign updated <letter >sig
        succeeds sop verify sig cert <letter
    done
}

@test "a wrong command line, or data" {
    sop_key alice
    refuses 41 "a certificate, where a secret key is wanted" sop update-key <alice.cert
    refuses 41 "a secret key, where a certificate is wanted" sop update-key --merge-certs=alice.key <alice.key
    refuses 41 "" sop update-key <letter
    refuses 61 "missing" sop update-key --merge-certs=missing <alice.key
    refuses 37 "" sop update-key --profile=rfc9580 <alice.key
    refuses 1 "" sop update-key alice.key <alice.key
}
