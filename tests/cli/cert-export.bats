#!/usr/bin/env bats
# cert export --minimal: what recipients need now, and no more.

load lib
load keyedit

# Alice has lived: a second user ID, one that was revoked, a subkey that was replaced and
# expired, one that was stolen, and Lara has certified her.
setup_file() {
    local stolen
    begin_keys
    printf 'open sesame' >pass
    bulla key add-uid -q alice "Alice at work <alice@work.example>" "Al <al@example.org>"
    bulla key revoke-uid -q alice "Al <al@example.org>"
    stolen=$(subkeys_for alice encrypt)
    bulla key add-subkey -q --for encrypt alice
    bulla key revoke-subkey -q --reason compromised alice "$stolen"
    bulla key rotate -q alice
    bulla key export -q -o lara.key lara@example.org
    bulla cert export -q alice@example.org |
        bulla sop certify-userid --with-key-password=pass --userid="Alice <alice@example.org>" lara.key |
        bulla cert import -q
    echo "$stolen" >stolen
}

setup() {
    begin_with_keys
    stolen=$(cat "$BATS_FILE_TMPDIR/stolen")
}

# What is valid, and the same signature still holds: judged_alike WHO
judged_alike() {
    local valid='.certificates[0] | [(.keys[], .userids[]) | select(.valid or .revocation.type == "subkey revocation") |
        {fingerprint, userid, flags, expires, primary, valid, problem, binding, revocation}], .valid, .seipd2'
    bulla cert show --json "$1" | jq "$valid" >whole
    as minimal bulla cert show --json "$1" | jq "$valid" >cut
    same whole cut
}

@test "the newest self-signature of what is valid, and revocations of keys" {
    succeeds bulla cert export --minimal --binary -o alice.min alice@example.org
    bulla cert export --binary -o alice.cert alice@example.org
    [[ $(packet_types alice.cert) == *"13 2 2 "* ]]
    # primary key; a user ID and its self-signature, twice; stolen subkey, revocation and binding; subkey, binding
    [ "$(packet_types alice.min)" = "6 13 2 13 2 14 2 2 14 2" ]
    succeeds as minimal bulla cert import alice.min
    judged_alike "$(primary_of alice)"
    succeeds as minimal bulla cert show alice@example.org
    prints "NOT VALID: revoked"
    prints "$stolen"
    [[ $output != *"al@example.org"* ]]
}

@test "it is encrypted to, and verifies what is signed now" {
    bulla cert export --minimal alice@example.org | as minimal bulla cert import -q
    as minimal bulla cert accept -q --yes --all alice@example.org >/dev/null
    as minimal bulla encrypt --no-self -r alice@example.org -o sealed letter
    succeeds bulla decrypt -o copy sealed
    same copy letter
    bulla sign -u alice@example.org letter
    succeeds as minimal bulla verify --signer alice@work.example letter.sig letter
}

@test "who has the whole loses nothing by importing it" {
    bulla cert export --minimal -o alice.min alice@example.org
    succeeds bulla cert import alice.min
    remarks "unchanged"
}

@test "--minimal of a version 6 certificate, as text and in JSON" {
    bulla key add-uid -q ada "Ada at work <ada@work.example>"
    bulla key extend -q ada 9y
    succeeds bulla cert export --minimal --json -o ada.min ada@example.org
    is_json ".output == \"ada.min\" and .exported == [\"$(primary_of ada)\"]"
    grep -q "BEGIN PGP PUBLIC KEY BLOCK" ada.min
    bulla dearmor -o ada.bin ada.min
    [ "$(packet_types ada.bin)" = "6 2 13 2 13 2 14 2" ]
    as minimal bulla cert import -q ada.min
    judged_alike ada@example.org
}

@test "--minimal of a certificate without user ID" {
    fpr=$(bulla key generate -q --no-passphrase --no-user-id)
    succeeds bulla cert export --minimal --binary -o bare "$fpr"
    [ "$(packet_types bare)" = "6 2 14 2" ]
    as minimal bulla cert import -q bare
    judged_alike "$fpr"
    # as servers give it out: nothing but keys [RFC9580 10.1.3]
    bulla cert export --binary -o alice.cert alice@example.org
    { packet_of alice.cert 0 && tail -c "+$(($(bulla inspect --json alice.cert |
        jq '[.packets[] | select(.type == 14)][0].offset') + 1))" alice.cert; } >stripped
    fpr=$(primary_of alice)
    as servers bulla cert import -q stripped
    as servers bulla cert export --minimal --binary -o alice.min "$fpr"
    [ "$(packet_types alice.min)" = "6 14 2 2 14 2" ]
}

@test "a revoked or expired certificate says so" {
    bulla key revoke -q --yes --reason superseded ada
    bulla cert export --minimal --binary -o ada.min ada@example.org
    [ "$(packet_types ada.min)" = "6 2 2 13 2 14 2" ]
    as minimal bulla cert import -q ada.min
    succeeds as minimal bulla cert list
    prints "revoked"
    need_specdata
    bulla cert import -q "$SPECDATA/fixtures/keys-validity/alice-case10.gpg"
    bulla cert export --minimal -o expired.min "$(bulla cert list --json | jq -r \
        '[.certificates[] | select(.problem // "" | contains("expired"))][0].fingerprint')"
    as expired bulla cert import -q expired.min
    succeeds as expired bulla cert list
    prints "expired on 2019-12-26"
}

@test "a designated revoker is believed still" {
    need_specdata
    local fixtures=$SPECDATA/fixtures
    bulla cert import -q "$fixtures/keys-ecc/ecc-25519-sec.asc" "$fixtures/keys-validity/ecc-p256-desigrevoked.asc"
    bulla cert export --minimal -o revoked.min B54FDEBBB673423A5D0AA54423674F21B2441527
    as minimal bulla cert import -q revoked.min
    succeeds as minimal bulla cert show ecc-p256
    prints "said to be revoked on 2023-08-22 by its designated revoker"
    as minimal bulla cert import -q "$fixtures/keys-ecc/ecc-25519-sec.asc"
    succeeds as minimal bulla cert list ecc-p256
    prints "by its designated revoker"
}

@test "a key whose only user ID was revoked keeps what that says about the key" {
    fpr=$(primary_of alice)
    bulla key revoke-uid -q alice "Alice at work <alice@work.example>"
    bulla key revoke-uid -q alice "Alice <alice@example.org>"
    bulla cert export --minimal --binary -o alice.min "$fpr"
    [ "$(packet_types alice.min)" = "6 13 2 2 14 2 2 14 2" ]
    as minimal bulla cert import -q alice.min
    judged_alike "$fpr"
}

@test "--minimal leaves out what is not understood" {
    need_specdata
    bulla cert import -q "$SPECDATA/fixtures/keys-librepgp/kyber768-cv25519-pub.asc"
    succeeds bulla cert export --minimal --binary -o odd.min
    [[ " $(packet_types odd.min) " != *" 17 "* ]]
}

@test "--minimal and --local" {
    refuses 83 "--minimal" bulla cert export --minimal --local alice@example.org
}
