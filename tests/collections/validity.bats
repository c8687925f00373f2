#!/usr/bin/env bats
# fixtures/keys-validity and keyrings: which parts of a certificate hold.

load lib

setup() { begin_in keys-validity; }

# The first certificate of the file is as told, and so is the first subkey, if it has one;
# "valid" or "invalid": certificate FILE KEY [SUBKEY]
certificate() {
    local got
    keyring "$1"
    got=$(bulla cert show --json "$(fpr_in "$1")" | jq -r '.certificates[0] |
        .valid as $all | [$all, (.keys[1:][] | $all and .valid)] | map(if . then "valid" else "invalid" end) | join(" ")')
    [ "$got" = "${*:2}" ] || {
        echo "$1: $got, not ${*:2}"
        bulla cert show "$(fpr_in "$1")"
        return 1
    }
}

@test "the fifteen cases of Alice, as cases.txt tells them" {
    certificate alice-case01.gpg valid
    certificate alice-case02.gpg invalid
    certificate alice-case03.gpg invalid
    certificate alice-case04.gpg valid invalid
    certificate alice-case05.gpg valid invalid
    certificate alice-case06.gpg invalid invalid
    certificate alice-case07.gpg valid invalid
    certificate alice-case08.gpg valid valid
    certificate alice-case09.gpg valid valid
    certificate alice-case10.gpg invalid invalid
    certificate alice-case11.gpg invalid invalid
    certificate alice-case12.gpg invalid invalid
    certificate alice-case13.gpg invalid invalid
    certificate alice-case14.gpg invalid invalid
    certificate alice-case15.gpg valid invalid
}

@test "revoked, expired, not yet made" {
    certificate ecc-p256-revoked-key.asc invalid invalid
    certificate ecc-p256-revoked-sub.asc valid invalid
    certificate ecc-p256-revoked-uid.asc valid valid
    certificate rsa-revoked-sec.asc invalid invalid
    certificate expired-key.asc invalid
    certificate future-key.asc invalid invalid invalid
}

@test "revoked by a designated revoker, where that one's key is here" {
    keyring ecc-p256-desigrevoked.asc keys-ecc/ecc-25519-sec.asc
    fails 17 "by its designated revoker" \
        bulla encrypt -r "$(fpr_in ecc-p256-desigrevoked.asc)" -o copy letter
    absent copy
}

@test "forged, unbound, critical" {
    certificate p256-forged-self-sig.pgp invalid invalid
    certificate p256-no-binding.pgp valid invalid
    certificate critical-notation-self-sig.pgp invalid invalid
}

@test "a secret part that does not belong to the public part" {
    keyring mismatching-secret-eddsa.asc
    printf 123 >pass
    fails 41 "does not belong to the public one" bulla sign --passphrase-file pass -o sig letter
    absent sig
}

@test "a stand-alone revocation certificate" {
    keyring keyrings/gnupg-pubdemo.asc
    succeeds bulla cert import "$(path revocation-cert-2D727CC768697734.asc)"
    succeeds bulla cert show 2D727CC768697734
    prints "revoked"
}

@test "real certificates with rare parts, and two keys with one key ID" {
    keyring adsk-pub.asc
    [ "$(bulla cert list | wc -l)" -eq 1 ]
    certificate five-octet-subpacket-lengths.cert valid valid
    keyring colliding-keyid-1.asc colliding-keyid-2.asc
    [ "$(bulla cert list | wc -l)" -eq 2 ]
    fails 111 "fits 2 certificates" bulla cert show DDA252EBB8EBE1AF
}

@test "whole keyrings" {
    local file
    keyring keyrings/rnp-pubring.gpg
    [ "$(bulla cert list | wc -l)" -eq 2 ]
    keyring keyrings/rnp-keyring5-pub.gpg
    [ "$(bulla cert list | wc -l)" -eq 1 ]
    keyring keyrings/gnupg-pubdemo.asc
    [ "$(bulla cert list | wc -l)" -eq 26 ]
    keyring keyrings/gnupg-secdemo.asc
    [ "$(bulla key list | wc -l)" -ge 20 ]
    keyring keyrings/gnupg-one-two-three-sec.asc
    [ "$(bulla key list | wc -l)" -eq 3 ]
    keyring keyrings/gnupg-pubring.asc
    [ "$(bulla cert list | wc -l)" -ge 10 ]
}

# holds FILE CERTIFICATES
holds() {
    keyring "$1"
    [ "$(bulla cert list | wc -l)" -eq "$2" ]
}

@test "keyboxes of GnuPG" {
    holds keyrings/keybox-rsa.kbx 1
    holds keyrings/keybox-mixed-g10.kbx 12
    holds keyrings/keybox-g23.kbx 7
    holds keyrings/keybox-g23-v5.kbx 5
}

@test "what is no OpenPGP keyring is refused, and says so" {
    local file
    for file in keyrings/keybox-rsa-63E59092.key keyrings/gpg-extended-private-key.key; do
        keyring
        fails 41 "no OpenPGP data found" bulla cert import "$(path $file)"
    done
}
