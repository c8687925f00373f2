#!/usr/bin/env bats
# sop certify-userid, validate-userid.

load lib
load sop

setup() {
    begin
    printf 'open sesame' >pass
    sop_key alice
    sop generate-key "Bob <bob@example.org>" "Robert <Robert@example.org>" >bob.key
    sop extract-cert <bob.key >bob.cert
}

# certified NAME USERID [OPTION...]: bob.cert, certified by NAME
certified() {
    local by=$1 id=$2
    shift 2
    sop certify-userid --userid="$id" "$@" "$by.key" <bob.cert
}

@test "what has been certified is valid, and nothing else" {
    certified alice "Bob <bob@example.org>" >certified
    succeeds sop validate-userid "Bob <bob@example.org>" alice.cert <certified
    [ -z "$output" ]
    refuses 107 "no authority vouches for Robert" \
        sop validate-userid "Robert <Robert@example.org>" alice.cert <certified
    refuses 107 "no valid user ID Bob" sop validate-userid "Bob" alice.cert <certified
    refuses 107 "no authority vouches" sop validate-userid "Bob <bob@example.org>" alice.cert <bob.cert
    sop_key carol
    refuses 107 "no authority vouches" sop validate-userid "Bob <bob@example.org>" carol.cert <certified
    succeeds sop validate-userid "Bob <bob@example.org>" carol.cert alice.cert <certified
}

@test "every version of key certifies every other" {
    local ours theirs
    for ours in default rfc9580 security; do
        sop_key signer --profile="$ours"
        for theirs in default rfc9580 compatibility; do
            sop_key subject --profile="$theirs"
            sop certify-userid --userid="subject <subject@example.org>" signer.key \
                <subject.cert >certified
            succeeds sop validate-userid "subject <subject@example.org>" signer.cert <certified
        done
    done
}

@test "several user IDs, several keys, several certificates" {
    sop_key carol --with-key-password=pass
    sop certify-userid --no-armor --with-key-password=pass --userid="Bob <bob@example.org>" \
        --userid="Robert <Robert@example.org>" alice.key carol.key <bob.cert >certified
    [ "$(packet_types certified)" = "6 13 2 2 2 13 2 2 2 14 2" ]
    succeeds sop validate-userid "Robert <Robert@example.org>" carol.cert <certified
    sop generate-key "Bob <bob@example.org>" >other.key
    sop extract-cert <other.key >other.cert
    cat bob.cert other.cert | sop certify-userid --userid="Bob <bob@example.org>" alice.key >both
    succeeds sop validate-userid "Bob <bob@example.org>" alice.cert <both
    # All of them must be.
    sop dearmor <other.cert | cat certified - >mixed
    refuses 107 "no authority" sop validate-userid "Bob <bob@example.org>" alice.cert <mixed
}

@test "an address alone" {
    certified alice "Bob <bob@example.org>" >certified
    succeeds sop validate-userid --addr-spec-only bob@example.org alice.cert <certified
    succeeds sop validate-userid --addr-spec-only bob@EXAMPLE.org alice.cert <certified
    refuses 107 "no valid user ID" sop validate-userid --addr-spec-only Bob@example.org alice.cert <certified
    refuses 107 "no valid user ID" sop validate-userid --addr-spec-only "Bob <bob@example.org>" alice.cert <certified
    refuses 107 "no authority" sop validate-userid --addr-spec-only Robert@example.org alice.cert <certified
    refuses 107 "" sop validate-userid --addr-spec-only "" alice.cert <certified
}

@test "as of another time" {
    certified alice "Bob <bob@example.org>" >certified
    succeeds sop validate-userid --validate-at=now "Bob <bob@example.org>" alice.cert <certified
    succeeds sop validate-userid --validate-at=2090-01-01 "Bob <bob@example.org>" alice.cert <certified
    refuses 107 "created in the future" \
        sop validate-userid --validate-at=2020-01-01T00:00:00Z "Bob <bob@example.org>" alice.cert <certified
    refuses 1 "validate at: noon: not a date" \
        sop validate-userid --validate-at=noon "Bob <bob@example.org>" alice.cert <certified
}

@test "an authority vouches for its own user IDs" {
    succeeds sop validate-userid "alice <alice@example.org>" alice.cert <alice.cert
    refuses 107 "no valid user ID" sop validate-userid "Alice" alice.cert <alice.cert
}

@test "revoked keys certify nothing, and nobody certifies them" {
    certified alice "Bob <bob@example.org>" >certified
    sop revoke-key <alice.key >revoked
    refuses 107 "no authority" sop validate-userid "Bob <bob@example.org>" revoked <certified
    sop revoke-key <bob.key >revoked
    sop merge-certs revoked <certified >merged
    refuses 107 "revoked" sop validate-userid "Bob <bob@example.org>" alice.cert <merged
    refuses 107 "revoked" sop certify-userid --userid="Bob <bob@example.org>" alice.key <merged
}

@test "an authority may be the designated revoker of what is validated" {
    need_specdata
    local keys=$SPECDATA/fixtures id=ecc-p256
    sop extract-cert <"$keys/keys-ecc/ecc-25519-sec.asc" >revoker.cert
    cp "$keys/keys-validity/ecc-p256-desigrevoked.asc" subject
    succeeds sop validate-userid "$id" subject <subject
    refuses 107 "revoked" sop validate-userid "$id" subject revoker.cert <subject
}

@test "107: user IDs that the certificate lacks" {
    refuses 107 "there is no user ID Bobby" certified alice Bobby
    refuses 107 "there is no user ID Bobby" certified alice "Bob <bob@example.org>" --userid=Bobby
    cat alice.cert bob.cert >certs
    refuses 107 "" sop certify-userid --userid="Bob <bob@example.org>" alice.key <certs
}

@test "user IDs that their owner has not signed" {
    certified alice Bobby --no-require-self-sig >certified
    bulla inspect certified | grep -q "user ID: Bobby"
    refuses 107 "no valid user ID" sop validate-userid Bobby alice.cert <certified
    refuses 107 "no valid self-signature" sop certify-userid --userid=Bobby alice.key <certified
    succeeds sop certify-userid --no-require-self-sig --userid=Bobby alice.key <certified
}

@test "109: keys that cannot certify; 67, 97: keys that are not to be had" {
    need_specdata
    local keys=$SPECDATA/fixtures
    bulla dearmor -o whole "$SPECDATA/interop-certificates/bob-secret.pgp"
    {
        packet_of whole 0
        bulla dearmor "$SPECDATA/interop-certificates/bob-revocation.pgp"
        tail -c "+$(($(packet_of whole 0 | wc -c) + 1))" whole
    } >revoked.key
    refuses 109 "revoked" certified revoked "Bob <bob@example.org>"
    cp "$keys/keys-protection/gnu-dummy-primary-sec.asc" dummy.key
    refuses 109 "" certified dummy "Bob <bob@example.org>"
    cp "$keys/keys-protection/gnu-card-s2k-101-2.pgp" card.key
    refuses 97 "on a card" certified card "Bob <bob@example.org>"
    sop_key carol --with-key-password=pass
    refuses 67 "protected" certified carol "Bob <bob@example.org>"
    hints "--with-key-password"
    succeeds certified carol "Bob <bob@example.org>" --with-key-password=pass
}

@test "a wrong command line, or data" {
    refuses 19 "--userid" sop certify-userid alice.key <bob.cert
    refuses 19 "KEYS" sop certify-userid --userid=Bob <bob.cert
    refuses 41 "a certificate" sop certify-userid --userid=Bob alice.cert <bob.cert
    refuses 41 "a secret key" sop certify-userid --userid=Bob alice.key <bob.key
    refuses 19 "" sop validate-userid Bob <bob.cert
    refuses 19 "" sop validate-userid <bob.cert
    refuses 41 "a secret key" sop validate-userid Bob alice.key <bob.cert
    refuses 41 "" sop validate-userid Bob alice.cert <pass
    refuses 61 "missing" sop validate-userid Bob missing <bob.cert
}
