#!/usr/bin/env bats
# sop generate-key, extract-cert.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'open sesame' >pass
}

# What the keys of a certificate are: kinds FILE
kinds() {
    bulla inspect --json "$1" | jq -r '[.packets[] | select(.type == 6 or .type == 14) |
        .fields[] | select(.name == "kind" or .name == "version") | .value] | join(" ")'
}

@test "every profile, and its alias, makes a key that signs" {
    local profile
    for profile in default rfc9580 performance security compatibility rfc4880; do
        sop_key "$profile" --profile="$profile"
        succeeds sop sign "$profile.key" <letter
        sop sign "$profile.key" <letter >sig
        succeeds sop verify sig "$profile.cert" <letter
    done
    [[ $(kinds default.cert) == "EdDSALegacy"*" 4 ECDH"*" 4" ]]
    [[ $(kinds rfc9580.cert) == "Ed25519"*" 6 X25519"*" 6" ]]
    [[ $(kinds security.cert) == "Ed448"*" 6 X448"*" 6" ]]
    [[ $(kinds compatibility.cert) == "RSA 3072 4 RSA 3072 4" ]]
    [ "$(kinds performance.cert)" = "$(kinds rfc9580.cert)" ]
    [ "$(kinds rfc4880.cert)" = "$(kinds compatibility.cert)" ]
}

@test "several user IDs, each once, and none at all" {
    succeeds sop generate-key Alice "Alice <a@example.org>" Alice
    sop generate-key Alice "Alice <a@example.org>" Alice >key
    [ "$(packet_types key)" = "5 13 2 13 2 7 2" ]
    sop generate-key >key
    [ "$(packet_types key)" = "5 2 7 2" ]
    sop generate-key --profile=rfc9580 >key
    [ "$(packet_types key)" = "5 2 7 2" ]
    sop generate-key -- --odd >key
    [ "$(packet_types key)" = "5 13 2 7 2" ]
    sop sign key <letter >sig
    sop extract-cert <key >cert
    succeeds sop verify sig cert <letter
}

@test "signing only: no subkey" {
    sop generate-key --signing-only Alice >key
    [ "$(packet_types key)" = "5 13 2" ]
    succeeds sop sign key <letter
}

@test "text or bytes" {
    sop generate-key Alice >key
    [ "$(head -n 1 key)" = "-----BEGIN PGP PRIVATE KEY BLOCK-----" ]
    sop generate-key --no-armor Alice >key
    [ "$(packet_types key)" = "5 13 2 7 2" ]
    [[ $(head -c 5 key) != "-----" ]]
    sop extract-cert <key >cert
    [ "$(head -n 1 cert)" = "-----BEGIN PGP PUBLIC KEY BLOCK-----" ]
    sop extract-cert --no-armor <key >cert
    [ "$(packet_types cert)" = "6 13 2 14 2" ]
}

@test "a key with a password" {
    local profile
    for profile in default rfc9580; do
        sop_key alice --profile="$profile" --with-key-password=pass
        refuses 67 "protected" sop sign alice.key <letter
        hints "--with-key-password"
        refuses 67 "wrong" sop sign --with-key-password=letter alice.key <letter
        succeeds sop sign --with-key-password=pass alice.key <letter
    done
}

@test "passwords are tried as they are, and without blanks at the end" {
    printf 'open sesame \t\r\n\n' >padded
    sop_key alice --with-key-password=padded
    succeeds sop sign --with-key-password=pass alice.key <letter
    succeeds sop sign --with-key-password=padded alice.key <letter
    succeeds sop sign --with-key-password=letter --with-key-password=padded alice.key <letter
    printf ' open sesame' >other
    refuses 67 "wrong" sop sign --with-key-password=other alice.key <letter
    # Made by others, with the blank.
    printf 'open sesame ' >blank
    bulla key generate -q --new-passphrase-file blank Bob
    bulla key export -a Bob >bob.key
    succeeds sop sign --with-key-password=blank bob.key <letter
    refuses 67 "wrong" sop sign --with-key-password=pass bob.key <letter
}

@test "31: new passwords that nobody can type" {
    printf 'caf\xe9' >latin
    printf 'open\nsesame' >lines
    printf ' \n' >blank
    refuses 31 "not UTF-8" sop generate-key --with-key-password=latin Alice
    refuses 31 "control characters" sop generate-key --with-key-password=lines Alice
    refuses 31 "empty" sop generate-key --with-key-password=blank Alice
    printf 'caf\xc3\xa9' >utf8
    succeeds sop generate-key --with-key-password=utf8 Alice
}

@test "the terminal is never asked" {
    command -v script >/dev/null || skip "no script"
    sop_key alice --with-key-password=pass
    run script -qec "$BUILD/bulla sop sign alice.key <letter" /dev/null </dev/null
    [ "$status" -eq 67 ]
    [[ $output != *"Passphrase"* ]]
}

@test "extract-cert: several keys of one input" {
    sop generate-key --no-armor Alice >keys
    sop generate-key --no-armor Bob >>keys
    sop extract-cert --no-armor <keys >certs
    [ "$(packet_types certs)" = "6 13 2 14 2 6 13 2 14 2" ]
}

@test "extract-cert: no secret leaves" {
    sop_key alice
    bulla inspect --json alice.cert | jq -e '[.packets[].type] | index(5) == null and index(7) == null'
}

@test "41: a certificate is no key, and a key no certificate" {
    sop_key alice
    sop sign alice.key <letter >sig
    refuses 41 "a certificate, where a secret key is wanted" sop extract-cert <alice.cert
    refuses 41 "a certificate, where a secret key is wanted" sop sign alice.cert <letter
    refuses 41 "a secret key, where a certificate is wanted" sop verify sig alice.key <letter
    hints "extract-cert"
    refuses 41 "" sop extract-cert <letter
    refuses 41 "" sop extract-cert <sig
    refuses 41 "" sop extract-cert </dev/null
}
