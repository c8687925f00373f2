#!/usr/bin/env bats
# sop sign, verify.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    sop_key alice
    sop_key bob --profile=rfc9580
}

# The JSON of a line of VERIFICATIONS.
json_of() {
    cut -d ' ' -f 5- <<<"$1"
}

@test "a line for each good signature" {
    sop sign alice.key bob.key <letter >sigs
    succeeds sop verify sigs alice.cert bob.cert <letter
    [ "$(wc -l <<<"$output")" -eq 2 ]
    local line
    while read -r line; do
        [[ $line =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z\ [0-9A-F]{40,64}\ [0-9A-F]{40,64}\ mode:binary\ \{ ]]
        json_of "$line" | jq -e '(.signers | length) == 1 and .ext.hash != null'
    done <<<"$output"
    prints '"signers":["alice.cert"]'
    prints '"signers":["bob.cert"]'
    succeeds sop verify sigs bob.cert <letter
    [ "$(wc -l <<<"$output")" -eq 1 ]
}

@test "signers are all inputs that have the certificate" {
    cp alice.cert 'a "copy"'
    cat alice.cert bob.cert >both
    sop sign alice.key <letter >sig
    succeeds sop verify sig alice.cert 'a "copy"' bob.cert both <letter
    [ "$(wc -l <<<"$output")" -eq 1 ]
    json_of "$output" | jq -e '.signers == ["alice.cert", "a \"copy\"", "both"]'
}

@test "3: changed, by somebody else, or nothing that fits" {
    sop sign alice.key <letter >sig
    refuses 3 "no acceptable signature" sop verify sig bob.cert <letter
    flip letter 3
    refuses 3 "changed" sop verify sig alice.cert <letter
    sop sign alice.key </dev/null >empty
    refuses 3 "changed" sop verify empty alice.cert <letter
    succeeds sop verify empty alice.cert </dev/null
}

@test "41: no signatures at all" {
    refuses 41 "" sop verify letter alice.cert <letter
    refuses 41 "" sop verify alice.cert alice.cert <letter
    refuses 41 "" sop verify /dev/null alice.cert <letter
    sop sign alice.key <letter >sig
    refuses 41 "" sop verify sig letter <letter
    refuses 41 "" sop verify sig sig <letter
}

@test "a broken certificate beside a good one" {
    sop sign alice.key <letter >sig
    refuses 41 "letter" sop verify sig alice.cert letter <letter
    # A primary key of a version that nobody knows.
    sop dearmor <alice.cert >known
    cp known unknown
    flip unknown 2 0x0b
    cat unknown known >both
    succeeds sop verify sig both <letter
    refuses 41 "no usable certificate" sop verify sig unknown <letter
}

@test "a signature of an unknown version beside a good one" {
    sop sign --no-armor alice.key <letter >known
    cp known unknown
    flip unknown 2 0x13
    cat unknown known >both
    succeeds sop verify both alice.cert <letter
    [ "$(wc -l <<<"$output")" -eq 1 ]
    cat known unknown >both
    succeeds sop verify both alice.cert <letter
    refuses 3 "" sop verify unknown alice.cert <letter
}

@test "text, whose line ends may change" {
    sop sign --as=text alice.key <letter >sig
    succeeds sop verify sig alice.cert <letter
    prints "mode:text"
    sed 's/$/\r/' letter >crlf
    succeeds sop verify sig alice.cert <crlf
    sop sign --as=binary alice.key <letter >sig
    succeeds sop verify sig alice.cert <letter
    prints "mode:binary"
    refuses 3 "" sop verify sig alice.cert <crlf
}

@test "53: text that is none; 37: a mode that there is not" {
    printf 'caf\xe9' >latin
    refuses 53 "" sop sign --as=text alice.key <latin
    succeeds sop sign --as=binary alice.key <latin
    refuses 37 "--as=clearsigned" sop sign --as=clearsigned alice.key <letter
    refuses 37 "--as=frob" sop sign --as=frob alice.key <letter
}

@test "the hash for the header of a mail" {
    local hash
    sop sign --no-armor --micalg-out=mic alice.key <letter >sig
    hash=$(field_of sig 2 "hash algorithm" | tr 'A-Z' 'a-z')
    [[ $hash == *"$(sed 's/pgp-//' mic)"* ]]
    sop_key carol --profile=security
    sop sign --micalg-out=both alice.key carol.key <letter >sigs
    [ ! -s both ]
}

@test "--not-before and --not-after" {
    sop sign alice.key <letter >sig
    succeeds sop verify --not-before=2020-01-01 sig alice.cert <letter
    succeeds sop verify --not-before=- --not-after=- sig alice.cert <letter
    succeeds sop verify --not-after=now sig alice.cert <letter
    succeeds sop verify --not-after=2100-01-01T00:00:00Z sig alice.cert <letter
    refuses 3 "too early" sop verify --not-before=2100-01-01T00:00:00Z sig alice.cert <letter
    refuses 3 "too late" sop verify --not-after=20200101T000000Z sig alice.cert <letter
    refuses 3 "too late" sop verify --not-after=2020-01-01T00:00:00+02:00 sig alice.cert <letter
    refuses 1 "not before: yesterday: not a date" \
        sop verify --not-before=yesterday sig alice.cert <letter
}

# A secret key whose revocation, by its owner, stands right behind the primary key.
revoked_key() {
    local keys=$SPECDATA/interop-certificates
    bulla dearmor -o whole "$keys/bob-secret.pgp"
    packet_of whole 0
    bulla dearmor "$keys/bob-revocation.pgp"
    tail -c "+$(($(packet_of whole 0 | wc -c) + 1))" whole
}

@test "79: a key that cannot sign any more" {
    need_specdata
    revoked_key >revoked
    refuses 79 "revoked" sop sign revoked <letter
    refuses 79 "revoked" sop sign alice.key revoked <letter
    succeeds sop sign "$SPECDATA/interop-certificates/bob-secret.pgp" <letter
}

@test "97: a key on a card" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-protection
    # Without the subkeys, one of which signs and is here.
    head -c 243 "$keys/gnu-card-s2k-101-2.pgp" >card.key
    refuses 97 "on a card" sop sign card.key <letter
    hints "cards are not supported"
    refuses 79 "not here" sop sign "$keys/gnu-dummy-primary-sec.asc" <letter
    as other bulla key import -q card.key
    as other refuses 97 "on a card" bulla sign -o sig letter
}

@test "much data, in constant memory" {
    [ -z "$SANITIZED" ] || skip "slow"
    head -c 50000000 /dev/zero >big
    sop sign alice.key <big >sig
    succeeds sop verify sig alice.cert <big
}

# The revoker's certificate is among those that were given, or it is not asked.
@test "verify believes a designated revoker who is there" {
    need_specdata
    local keys=$SPECDATA/fixtures
    printf password >password
    sop sign --with-key-password=password "$keys/keys-ecc/ecc-p256-sec.asc" <letter >sig
    sop extract-cert <"$keys/keys-ecc/ecc-25519-sec.asc" >revoker.cert
    succeeds sop verify sig "$keys/keys-validity/ecc-p256-desigrevoked.asc" <letter
    refuses 3 "by its designated revoker" \
        sop verify sig "$keys/keys-validity/ecc-p256-desigrevoked.asc" revoker.cert <letter
}
