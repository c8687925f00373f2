#!/usr/bin/env bats
# trust check, identify, lookup, list: a small network of one's own.
#
#   me -> ca (introducer, completely) -> alice
#   me -> half (introducer, 60)       -> alice, bob
#   stranger                          -> dave

load lib

# What one key says of another's certificate: says WHO OPTION... SUBJECT
says() {
    local who=$1 subject=${*: -1}
    shift
    bulla cert certify -q --yes -u "$who@example.org" "${@:1:$#-1}" "$subject@example.org" >/dev/null
}

setup_file() {
    export KEYS=$BATS_FILE_TMPDIR/keys BULLA_HOME=$BATS_FILE_TMPDIR/all
    mkdir "$KEYS"
    local name
    for name in me ca half alice bob dave stranger; do
        new_key "$name@example.org"
    done
    says me --depth 1 ca
    says me --depth 1 --amount 60 half
    says ca --expires 1y alice
    says half alice
    says half bob
    says stranger dave
    bulla cert export --binary -o "$KEYS/all.pgp"
    bulla key export -q --binary -o "$KEYS/me.key" me@example.org
    for name in me ca half alice bob dave stranger; do
        fingerprint_of "$name@example.org" >"$KEYS/$name"
    done
}

setup() {
    begin
    bulla key import -q "$KEYS/me.key"
    bulla cert import -q "$KEYS/all.pgp"
}

fpr() {
    cat "$KEYS/$1"
}

@test "check: enough, too little, nothing" {
    succeeds bulla trust check alice@example.org
    [ "$output" = "120 of 120  $(fpr alice)  alice@example.org" ]
    [ -z "$stderr" ]
    fails 110 "bob@example.org: not authenticated: 60 of 120" bulla trust check bob@example.org
    prints " 60 of 120  $(fpr bob)  bob@example.org"
    hints "bulla cert accept $(fpr bob)"
    hints "$(fpr bob | sed 's/..../& /g; s/ $//')"
    succeeds bulla trust check --amount 60 bob@example.org
    succeeds bulla trust check --email "Bob, they say <bob@example.org>" --amount 60
    fails 110 "0 of 120" bulla trust check dave@example.org
    fails 110 "60 of 61" bulla trust check --amount 61 bob@example.org
}

@test "check: JSON has the paths" {
    succeeds bulla trust check --json alice@example.org
    is_json ".fingerprint == \"$(fpr alice)\" and .userid == \"alice@example.org\" and
        .amount == 120 and .required == 120 and .authenticated == true"
    is_json '[.paths[].amount] | add == 120'
    is_json ".paths[0] | .root == \"$(fpr me)\" and (.certifications | length) == 2"
    is_json "[.paths[].certifications[0] | select(.subject == \"$(fpr ca)\")][0] |
        .issuer == \"$(fpr me)\" and .depth == 1 and .amount == 120 and (.created | length) == 20 and
        (has(\"expires\") | not) and .scopes == [] and .userid == \"ca@example.org\""
    is_json "[.paths[].certifications[1] | select(.issuer == \"$(fpr ca)\")][0] |
        .subject == \"$(fpr alice)\" and .depth == 0 and has(\"expires\")"
    is_json '(.bindings | length) == 1 and .bindings[0].amount == 120'
    run --separate-stderr bulla trust check --json bob@example.org
    [ "$status" -eq 110 ]
    is_json '.amount == 60 and .authenticated == false and .error.code == 110 and
        .error.name == "not-authenticated"'
}

@test "check: what WHO and USER-ID may be" {
    succeeds bulla trust check "$(fpr alice)"
    succeeds bulla trust check "$(fpr alice | tail -c 17)" alice@example.org
    succeeds bulla trust check "$(fpr alice)" "Alice <ALICE@example.org>"
    fails 110 "the certificate has no such user ID" bulla trust check "$(fpr alice)" bob@example.org
    prints "  0 of 120  $(fpr alice)  bob@example.org"
    fails 112 "nobody@example.org" bulla trust check nobody@example.org
    fails 112 "no certificate" bulla trust check 0123456789ABCDEF0123456789ABCDEF01234567
    fails 111 "@example.org: fits 7 certificates" bulla trust check @example.org
    refuses 2 "--email: Alice is no address" bulla trust check --email Alice
    refuses 2 "WHO" bulla trust check
    refuses 2 "too many arguments" bulla trust check one two three
}

@test "check: of two certificates with one address, the authenticated one is meant" {
    as other new_key alice@example.org
    as other bulla cert export --binary -o second
    bulla cert import -q second
    succeeds bulla trust check alice@example.org
    prints "$(fpr alice)"
    fails 111 "alice@example.org: fits 2 certificates" bulla trust check --amount 200 alice@example.org
    succeeds bulla trust lookup alice@example.org
    [ "$(head -n 1 <<<"$output")" = "120 of 120  $(fpr alice)  alice@example.org" ]
    [ "$(wc -l <<<"$output")" -eq 2 ]
    succeeds bulla trust lookup --json "alice@EXAMPLE.org"
    is_json '[.bindings[].amount] == [120, 0] and ([.bindings[].authenticated] == [true, false])'
}

@test "check: a user ID that only others have signed, and one that is revoked" {
    as other new_key erin@example.org
    local erin
    erin=$(as other fingerprint_of erin@example.org)
    as other bulla key add-uid -q erin@example.org old@example.org
    as other bulla cert export --binary -o erin
    bulla cert import -q erin
    bulla cert certify -q --yes --all "$erin" >/dev/null
    succeeds bulla trust check old@example.org
    as other bulla key revoke-uid -q erin@example.org old@example.org
    as other bulla cert export --binary -o erin --force
    bulla cert import -q erin
    fails 110 "old@example.org: not authenticated: the user ID is revoked" \
        bulla trust check old@example.org
    hints "bulla cert show $erin"
    succeeds bulla trust identify "$erin"
    [ "$(head -n 1 <<<"$output")" = "120 of 120  $erin  erin@example.org" ]
    prints "  0 of 120  $erin  old@example.org  [the user ID is revoked]"
    run --separate-stderr bulla trust check --json "$erin" old@example.org
    is_json '.fault == "user-revoked" and .amount == 0'
    # The primary key and the user ID as it stands, with nothing of the owner's below it.
    local n
    n=$(bulla cert certify --json --yes "$(fpr dave)" | json '.certifications | length')
    [ "$n" -eq 1 ]
}

@test "roots: others, with amounts, and none" {
    fails 110 "60 of 120" bulla trust check --root "$(fpr ca):60" alice@example.org
    succeeds bulla trust check --root "$(fpr ca):60" --root "$(fpr half):60" alice@example.org
    succeeds bulla trust check --root "$(fpr stranger)" dave@example.org
    fails 110 "0 of 120" bulla trust check --root "$(fpr stranger)" alice@example.org
    succeeds bulla trust root add "$(fpr stranger)"
    succeeds bulla trust check dave@example.org
    bulla trust root add -q --amount 50 "$(fpr stranger)"
    fails 110 "50 of 120" bulla trust check dave@example.org
    bulla trust root never "$(fpr ca)" >/dev/null
    fails 110 "60 of 120" bulla trust check alice@example.org
    local wrong
    for wrong in "$(fpr ca):" "$(fpr ca):0" "$(fpr ca):121" "$(fpr ca):x"; do
        refuses 2 "--root: the amount" bulla trust check --root "$wrong" alice@example.org
    done
    refuses 2 "a whole fingerprint is needed" bulla trust check --root ca@example.org alice@example.org
    refuses 2 "named twice" \
        bulla trust check --root "$(fpr ca)" --root "$(fpr ca):1" alice@example.org
    for wrong in 0 10001 1x; do
        refuses 2 "a number from 1 to 10000" bulla trust check --amount "$wrong" alice@example.org
    done
}

@test "another time, and every certification as a delegation" {
    fails 110 "60 of 120" bulla trust check --at "$(date -u -d '2 years' +%F)" alice@example.org
    fails 110 "the certificate is not valid" bulla trust check --at 2001-01-01 alice@example.org
    bulla cert certify -q --yes "$(fpr stranger)" >/dev/null
    fails 110 "0 of 120" bulla trust check dave@example.org
    succeeds bulla trust check --certification-network dave@example.org
}

@test "certificates from files leave nothing behind" {
    export BULLA_HOME=$PWD/none
    succeeds bulla trust check --keyring "$KEYS/all.pgp" --root "$(fpr me)" alice@example.org
    succeeds bulla trust list --keyring "$KEYS/all.pgp" --root "$(fpr half)"
    [ "$(wc -l <<<"$output")" -eq 3 ]
    fails 110 "0 of 120" bulla trust check --keyring "$KEYS/all.pgp" alice@example.org
    succeeds bulla trust check --keyring - --root "$(fpr me)" alice@example.org <"$KEYS/all.pgp"
    absent none
    fails 61 "missing" bulla trust check --keyring missing alice@example.org
    echo nothing >bad
    fails 41 "bad: " bulla trust check --keyring bad alice@example.org
    # Damage is passed over, and told.
    { cat "$KEYS/all.pgp" && printf '\xc6\x03\x04\x00\x00' && cat "$KEYS/all.pgp"; } >damaged
    succeeds bulla trust check --keyring damaged --root "$(fpr me)" alice@example.org
    remarks "Passed over certificate 8 of damaged"
    absent none
}

@test "the roots of the keyring count for certificates from files" {
    bulla cert delete -q --yes alice@example.org ca@example.org >/dev/null
    fails 112 "alice@example.org" bulla trust check alice@example.org
    succeeds bulla trust check --keyring "$KEYS/all.pgp" alice@example.org
    fails 112 "alice@example.org" bulla trust check alice@example.org
    bulla trust root never "$(fpr half)" >/dev/null
    fails 110 "0 of 120" bulla trust check --keyring "$KEYS/all.pgp" bob@example.org
}

@test "gossip is marked, and proves nothing" {
    fails 110 "gossip: not authenticated" bulla trust check --gossip dave@example.org
    hints "without --gossip"
    prints "gossip: 120 of 120  $(fpr dave)  dave@example.org"
    run --separate-stderr bulla trust check --gossip --json dave@example.org
    [ "$status" -eq 110 ]
    is_json '.gossip == true and .authenticated == false and .amount == 120'
    is_json ".paths[0].root == \"$(fpr stranger)\""
    succeeds bulla trust list --gossip
    [[ $output != *$'\n'"120"* ]]
}

@test "list: what is reached, all, and some" {
    succeeds bulla trust list
    [ "$(wc -l <<<"$output")" -eq 5 ]
    prints "120 of 120  $(fpr ca)  ca@example.org"
    prints " 60 of 120  $(fpr bob)  bob@example.org"
    remarks "5 user IDs, 3 of them authenticated"
    succeeds bulla trust list --all
    [ "$(wc -l <<<"$output")" -eq 7 ]
    prints "  0 of 120  $(fpr dave)  dave@example.org"
    succeeds bulla trust list --json
    is_json '(.bindings | length) == 5 and .shown == 5 and .authenticated == 3 and .required == 120'
    is_json "[.bindings[] | select(.fingerprint == \"$(fpr bob)\") | .amount] == [60]"
    succeeds bulla trust list bob@example.org "$(fpr ca)"
    [ "$(wc -l <<<"$output")" -eq 2 ]
    fails 112 "nobody" bulla trust list nobody
    BULLA_HOME=$PWD/none succeeds bulla trust list
    remarks "bulla trust root list"
    absent none
}

@test "identify and lookup" {
    succeeds bulla trust identify "$(fpr ca)"
    [ "$output" = "120 of 120  $(fpr ca)  ca@example.org" ]
    fails 110 "60 of 120" bulla trust identify "$(fpr bob)"
    refuses 2 "a whole fingerprint is needed" bulla trust identify alice@example.org
    fails 112 "no certificate" bulla trust identify 0123456789ABCDEF0123456789ABCDEF01234567
    succeeds bulla trust lookup "<ca@example.org>"
    fails 110 "0 of 120" bulla trust lookup dave@example.org
    fails 112 "nobody@example.org" bulla trust lookup nobody@example.org
    refuses 2 "an e-mail address is needed" bulla trust lookup alice
}
