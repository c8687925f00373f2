#!/usr/bin/env bats
# key revoke, and key revocation: now, and later.

load lib

setup() {
    begin
    echo text >letter
}

# What is wrong with the certificate: problem_of WHO
problem_of() {
    bulla cert show --json "$1" | jq -r '.certificates[0].problem // "none"'
}

@test "every reason, in words" {
    local reason
    for reason in compromised superseded retired; do
        new_key $reason
        succeeds bulla key revoke --yes --reason $reason $reason
        prints "revoked       key "
        prints ": $reason"
        remarks "bulla cert export"
        [[ "$(problem_of $reason)" == "revoked on "*": $reason" ]]
    done
    new_key Alice --profile rfc9580
    succeeds bulla key revoke --json --yes --reason unspecified --message "Bye, 世界" Alice
    is_json '.changes | length == 1 and .[0].change == "revoked" and
        .[0].signatures[0].type == "key revocation"'
    [[ "$(problem_of Alice)" == *": no reason given: Bye, 世界" ]]
}

@test "a revoked key is not encrypted to, does not sign, and still decrypts" {
    new_key Alice
    bulla encrypt -q --no-self -r Alice letter
    bulla key revoke -q --yes --reason retired Alice
    fingerprint=$(fingerprint_of Alice)
    refuses 17 "retired" bulla encrypt -r "$fingerprint" -o out letter
    refuses 79 "retired" bulla sign -u "$fingerprint" letter
    succeeds bulla decrypt -o copy letter.pgp
    same copy letter
    bulla cert export -q -o gone.cert "$fingerprint"
    as elsewhere bulla cert import -q gone.cert
    [[ "$(as elsewhere problem_of "$fingerprint")" == *retired ]]
}

@test "what was signed before stays good, unless the key was stolen" {
    new_key Alice
    fingerprint=$(fingerprint_of Alice)
    bulla sign -q letter
    # The second after the signature's; time(2) is some milliseconds behind date.
    while [ "$(date +%s)" -le "$(date -r letter.sig +%s)" ]; do :; done
    sleep 0.05
    bulla key revoke -q --yes --reason superseded Alice
    succeeds bulla verify --signer "$fingerprint" --at "@$(date -r letter.sig +%s)" letter.sig letter
    # Stolen after all: the later reason counts.
    refuses 59 "it is revoked on" bulla key revoke --yes --reason retired Alice
    succeeds bulla key revoke --yes --reason compromised Alice
    [[ "$(problem_of Alice)" == *": compromised" ]]
    refuses 3 "compromised" \
        bulla verify --signer "$fingerprint" --at "@$(date -r letter.sig +%s)" letter.sig letter
    refuses 59 "it is revoked on" bulla key revoke --yes --reason compromised Alice
}

@test "it wants to know why, and asks" {
    new_key Alice
    refuses 2 "--reason is missing: why?" bulla key revoke --yes Alice
    hints "superseded"
    refuses 2 "--reason boredom: no such reason" bulla key revoke --yes --reason boredom Alice
    refuses 2 "revoke it?" bulla key revoke --reason retired Alice
    hints "--yes"
    refuses 2 "not UTF-8" bulla key revoke --yes --reason retired --message $'\xff' Alice
    refuses 2 "longer than 2048" bulla key revoke --yes --reason retired \
        --message "$(head -c 2049 /dev/zero | tr '\0' x)" Alice
    refuses 112 "no secret key of this name" bulla key revoke --yes --reason retired Bob
    refuses 2 "WHO" bulla key revoke --yes --reason retired
    [ "$(problem_of Alice)" = none ]
}

@test "--dry-run needs no --yes, and revokes nothing" {
    new_key Alice
    succeeds bulla key revoke --dry-run --reason compromised Alice
    prints "revoked       key"
    remarks "dry run"
    [ "$(problem_of Alice)" = none ]
}

@test "a locked key" {
    echo secret >pass
    bulla key generate -q --new-passphrase-file pass Alice >/dev/null
    refuses 67 "protected by a passphrase" bulla key revoke --yes --reason retired Alice
    [ "$(problem_of Alice)" = none ]
    succeeds bulla key revoke --yes --passphrase-file pass --reason retired Alice
}

@test "a revocation certificate for later" {
    local profile path
    for profile in default rfc9580; do
        new_key $profile --profile $profile
        path=$BULLA_HOME/revocations/$(fingerprint_of $profile).asc
        refuses 59 "$path: exists already" bulla key revocation $profile
        rm "$path"
        succeeds bulla key revocation $profile
        remarks "Wrote $path"
        [ "$(stat -c %a "$path")" = 600 ]
        succeeds bulla key revocation --json --reason superseded --message "use X" -o $profile.asc $profile
        is_json ".revocation_file == \"$profile.asc\""
        [ "$(stat -c %a $profile.asc)" = 600 ]
        [ "$(problem_of $profile)" = none ]
        succeeds bulla cert import $profile.asc
        [[ "$(problem_of $profile)" == *": superseded: use X" ]]
    done
}

@test "a revocation certificate: what is refused" {
    echo secret >pass
    bulla key generate -q --new-passphrase-file pass Alice >/dev/null
    refuses 67 "protected by a passphrase" bulla key revocation -o out Alice
    refuses 2 "a file of its own" bulla key revocation -o - Alice
    refuses 2 "no such reason" bulla key revocation --reason x -o out Alice
    absent out
    echo precious >out
    refuses 59 "out: exists already" bulla key revocation --passphrase-file pass -o out Alice
    succeeds bulla key revocation --passphrase-file pass --force -o out Alice
}
