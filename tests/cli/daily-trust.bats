#!/usr/bin/env bats
# The web of trust in daily use: who is a name's owner when one encrypts and verifies.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as bob new_key "Bob <bob@example.org>"
    as bob bulla cert export -o bob.cert bob@example.org
    bulla cert import -q bob.cert
    BOB=$(fingerprint_of bob@example.org)
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
}

# The command that the last hint names, exactly as it stands there.
hinted_command() {
    sed -n 's/^if it is the same: //p' <<<"$stderr"
}

# Another certificate with Bob's address.
mallory() {
    as mallory new_key "Bob <bob@example.org>"
    as mallory bulla cert export -o mallory.cert bob@example.org
    bulla cert import -q mallory.cert
    MALLORY=$(as mallory fingerprint_of bob@example.org)
}

@test "from an import to a message: the error names the only command that is needed" {
    refuses 110 "Bob <bob@example.org>: not authenticated: 0 of 120" bulla encrypt -r bob@example.org letter
    remarks "$(sed 's/..../& /g; s/ $//' <<<"$BOB")"
    [ "$(hinted_command)" = "bulla cert accept $BOB" ]
    eval "$(hinted_command)"
    succeeds bulla encrypt -r bob@example.org letter
    silent
    succeeds as bob bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "every name but a fingerprint must be authenticated" {
    local name
    for name in bob@example.org Bob "Bob <bob@example.org>" "${BOB: -16}" \
        "$(bulla cert show --json Bob | json '.certificates[0].keys[1].fingerprint')"; do
        refuses 110 "not authenticated: 0 of 120" bulla encrypt -r "$name" letter
        refuses 110 "not authenticated: 0 of 120" bulla encrypt -r alice@example.org -r "$name" letter
    done
    refuses 110 "not authenticated" bulla keyring backup -r bob@example.org -o backup
    succeeds bulla encrypt -r "$BOB" letter
    silent
    succeeds bulla encrypt -f --recipient-file bob.cert letter
    silent
    succeeds bulla encrypt -f -r "${BOB,,}" letter
}

@test "one's own keys are authenticated, by whatever name" {
    succeeds bulla encrypt -r alice@example.org -o one letter
    succeeds bulla encrypt -r Alice -o two letter
    silent
}

@test "a fingerprint does not open the network" {
    bulla cert accept -q "$BOB" >/dev/null
    bulla encrypt -r "$BOB" letter
    [ "$(sqlite3 "$BULLA_HOME/keyring.db" 'SELECT count(*) FROM dossier')" -eq 0 ]
    bulla encrypt -f -r bob@example.org letter
    [ "$(sqlite3 "$BULLA_HOME/keyring.db" 'SELECT count(*) FROM dossier')" -gt 0 ]
}

@test "what is reached of 120, and the user ID that is meant" {
    as bob bulla key add-uid -q bob@example.org "Bob <bob@work.example>"
    as bob bulla cert export -f -o bob.cert "$BOB"
    bulla cert import -q bob.cert
    bulla cert accept -q --amount 40 "$BOB" bob@work.example >/dev/null
    refuses 110 "Bob <bob@work.example>: not authenticated: 40 of 120" bulla encrypt -r bob@work.example letter
    [ "$(hinted_command)" = "bulla cert accept $BOB bob@work.example" ]
    refuses 110 "Bob <bob@example.org>: not authenticated: 0 of 120" bulla encrypt -r bob@example.org letter
    refuses 110 "40 of 120" bulla encrypt -r Bob letter
    eval "$(hinted_command)"
    succeeds bulla encrypt -r bob@work.example letter
    succeeds bulla encrypt -f -r Bob letter
    refuses 110 "Bob <bob@example.org>: not authenticated: 0 of 120" bulla encrypt -f -r bob@example.org letter
    run --separate-stderr bulla encrypt --json -r bob@example.org letter
    is_json '.error | .code == 110 and .name == "not-authenticated" and (.hint | test("cert accept"))'
}

@test "--trust always takes a name as it is, and says so" {
    succeeds bulla encrypt --trust always -r bob@example.org letter
    remarks "note: --trust always: not checked whose key this is"
    as bob bulla decrypt -o copy letter.pgp
    same copy letter
    succeeds bulla encrypt -f --json --trust always -r bob@example.org letter
    is_json '.trust == "always"'
    refuses 110 "not authenticated" bulla encrypt -f --trust web -r bob@example.org letter
    refuses 2 "--trust: never: not web or always" bulla encrypt --trust never -r bob@example.org letter
}

@test "of two certificates with the address the one that is authenticated is meant, and the other is told" {
    mallory
    refuses 110 "bob@example.org: fits 2 certificates, none of which is authenticated" \
        bulla encrypt -r bob@example.org letter
    remarks "$BOB  Bob <bob@example.org>  [0 of 120]"
    remarks "$MALLORY  Bob <bob@example.org>  [0 of 120]"
    bulla cert accept -q "$BOB" >/dev/null
    succeeds bulla encrypt --no-self -r bob@example.org letter
    remarks "note: another certificate claims bob@example.org: $MALLORY, which is not authenticated"
    as bob bulla decrypt -o copy letter.pgp
    same copy letter
    succeeds bulla encrypt -f --json -r bob@example.org letter
    is_json '.claims == [{email: "bob@example.org", fingerprint: "'"$MALLORY"'"}]'
    succeeds bulla encrypt -f --json -r "$BOB" letter
    is_json '.claims == []'
}

@test "two that are authenticated are one too many" {
    mallory
    bulla cert accept -q "$BOB" >/dev/null
    bulla cert accept -q "$MALLORY" >/dev/null
    refuses 111 "bob@example.org: fits 2 certificates" bulla encrypt -r bob@example.org letter
    remarks "$BOB"
    remarks "$MALLORY"
}

@test "a part of a name that fits several is ambiguous, whoever of them is authenticated" {
    refuses 111 "example.org: fits 2 certificates" bulla encrypt -r example.org letter
    refuses 111 "fits 2 certificates" bulla encrypt -r @example.org letter
}

@test "a recipient who is not valid is refused for that" {
    as bob bulla key revoke -q --yes --reason retired "$BOB"
    as bob bulla cert export -f -o bob.cert "$BOB"
    bulla cert import -q bob.cert
    refuses 17 "retired" bulla encrypt -r bob@example.org letter
}

# Importing.

@test "a second certificate for an address that is authenticated is called out when it comes" {
    bulla cert accept -q "$BOB" >/dev/null
    as mallory new_key "Bob <BOB@example.org>"
    as mallory bulla cert export -o mallory.cert bob@example.org
    MALLORY=$(as mallory fingerprint_of bob@example.org)
    succeeds bulla cert import mallory.cert
    remarks "note: another certificate claims BOB@example.org: $MALLORY, which is not authenticated"
    [ "$(grep -c "another certificate" <<<"$stderr")" -eq 1 ]
    bulla cert delete -q --yes "$MALLORY"
    succeeds bulla cert import --json mallory.cert mallory.cert
    is_json '.claims == [{email: "BOB@example.org", fingerprint: "'"$MALLORY"'"}]'
    succeeds bulla cert import mallory.cert
    [[ $stderr != *"another certificate"* ]]
}

@test "but not where nobody is authenticated, it is revoked, or it is one's own" {
    mallory
    succeeds bulla cert import --json mallory.cert bob.cert
    is_json '.claims == []'
    bulla cert accept -q "$BOB" >/dev/null
    bulla cert delete -q --yes "$MALLORY"
    as mallory bulla key revoke -q --yes --reason retired "$MALLORY"
    as mallory bulla cert export -f -o mallory.cert "$MALLORY"
    succeeds bulla cert import --json mallory.cert
    is_json '.new == 1 and .claims == []'
    as own new_key "Bob, too <bob@example.org>"
    as own bulla key export -o own.key bob@example.org
    succeeds bulla key import --json own.key
    is_json '.new == 1 and .claims == []'
}

# Verifying.

# Carol, whom Alice lets certify others, has certified Bob.
carol_introduces_bob() {
    as carol new_key "Carol <carol@example.org>"
    as carol bulla cert import -q bob.cert
    as carol bulla cert certify -q --yes "$BOB" >/dev/null
    as carol bulla cert export -o carol.cert carol@example.org
    as carol bulla cert export -o bob-by-carol.cert "$BOB"
    bulla cert import -q carol.cert bob-by-carol.cert
    CAROL=$(fingerprint_of carol@example.org)
    bulla cert accept -q --introducer "$@" "$CAROL" >/dev/null
}

@test "verify: a good signature is not enough; the error says what settles it" {
    as bob bulla sign letter
    refuses 110 "the signature is good, but its signer is not certain: Bob <bob@example.org>: not authenticated: 0 of 120" \
        bulla verify letter.sig letter
    remarks "Good signature by Bob <bob@example.org> ($BOB)"
    remarks "  not authenticated: 0 of 120"
    eval "$(hinted_command)"
    succeeds bulla verify letter.sig letter
    remarks "  authenticated: 120 of 120, you have accepted it"
    succeeds bulla verify --json letter.sig letter
    is_json '.signatures[0] | .status == "good" and .authenticated and .amount == 120 and
        .required == 120 and .userid == "Bob <bob@example.org>" and (.named | not) and
        (.path | length) == 2 and .path[1].fingerprint == "'"$BOB"'"'
    as bob bulla sign --inline -o inline letter
    succeeds bulla verify -o copy inline
    same copy letter
}

@test "verify: nothing comes out of a message by somebody who is not certain" {
    local form
    for form in inline cleartext; do
        as bob bulla sign "--$form" -o signed letter
        refuses 110 "the signature is good" bulla verify -o out signed
        succeeds bulla verify --trust always -o out signed
        remarks "note: --trust always: not checked whose key this is"
        remarks "Good signature by Bob"
        [[ $stderr != *authenticated* ]]
        rm signed out
    done
}

@test "verify: a bad signature is bad, whoever is said to have made it" {
    as bob bulla sign letter
    echo changed >>letter
    refuses 3 "bad signature" bulla verify letter.sig letter
    refuses 3 "bad signature" bulla verify --trust always letter.sig letter
}

@test "verify --signer: a fingerprint or file authorises, a name must be authenticated" {
    as bob bulla sign letter
    refuses 110 "Bob <bob@example.org>: not authenticated: 0 of 120" \
        bulla verify --signer bob@example.org letter.sig letter
    succeeds bulla verify --signer "$BOB" letter.sig letter
    remarks "authorised: you have named this certificate"
    succeeds bulla verify --signer-file bob.cert letter.sig letter
    remarks "authorised: you have named this certificate"
    succeeds bulla verify --json --signer "$BOB" letter.sig letter
    is_json '.signatures[0] | .authenticated and .named'
    succeeds bulla verify --trust always --signer bob@example.org letter.sig letter
    mallory
    bulla cert accept -q "$BOB" >/dev/null
    succeeds bulla verify --signer bob@example.org letter.sig letter
    as mallory bulla sign -o mallory.sig letter
    refuses 3 "not by the one asked for" bulla verify --signer bob@example.org mallory.sig letter
}

@test "verify: by whom the signer is known, and how" {
    as bob bulla sign letter
    carol_introduces_bob --amount 40
    refuses 110 "not authenticated: 40 of 120" bulla verify letter.sig letter
    remarks "  not authenticated: 40 of 120, by Carol <carol@example.org>, whom you trust (you -> Carol -> Bob)"
    bulla cert accept -q --introducer "$CAROL" >/dev/null
    succeeds bulla verify letter.sig letter
    remarks "  authenticated: 120 of 120, by Carol <carol@example.org>, whom you trust (you -> Carol -> Bob)"
    succeeds bulla verify --json letter.sig letter
    is_json '.signatures[0].path | map(.fingerprint) | .[1:] == ["'"$CAROL"'", "'"$BOB"'"]'
    succeeds bulla encrypt -r bob@example.org letter
}

@test "verify: one's own signature, and that of a root" {
    bulla sign letter
    succeeds bulla verify letter.sig letter
    remarks "  authenticated: 120 of 120, your own key"
    bulla trust root add -q --yes "$BOB" >/dev/null
    as bob bulla sign -f letter
    succeeds bulla verify letter.sig letter
    remarks "  authenticated: 120 of 120, one of your roots"
}

@test "verify: the name that is shown is the one that is authenticated" {
    as bob bulla key add-uid -q bob@example.org "President <president@example.org>"
    as bob bulla cert export -f -o bob.cert "$BOB"
    bulla cert import -q bob.cert
    as bob bulla sign letter
    bulla cert accept -q "$BOB" bob@example.org >/dev/null
    succeeds bulla verify letter.sig letter
    remarks "Good signature by Bob <bob@example.org>"
    refuses 110 "not authenticated: 0 of 120" bulla verify --signer president@example.org letter.sig letter
}

@test "decrypt: the text comes out, and the line says how certain the signer is" {
    bulla cert export -o alice.cert alice@example.org
    as bob bulla encrypt -s --recipient-file alice.cert -o message letter
    succeeds bulla decrypt -o copy message
    same copy letter
    remarks "  not authenticated: 0 of 120"
    remarks "  compare the fingerprint $(sed 's/..../& /g; s/ $//' <<<"$BOB"), then: bulla cert accept $BOB"
    rm copy
    refuses 110 "Bob <bob@example.org>: not authenticated" bulla decrypt --signer bob@example.org -o copy message
    succeeds bulla decrypt --signer "$BOB" -o copy message
    bulla cert accept -q "$BOB" >/dev/null
    succeeds bulla decrypt --json -f -o copy message
    is_json '.files[0].signatures[0] | .authenticated and .amount == 120'
    succeeds bulla decrypt --signer bob@example.org -f -o copy message
    remarks "  authenticated: 120 of 120, you have accepted it"
    succeeds bulla decrypt --trust always -f -o copy message
    remarks "note: --trust always"
}

@test "a certificate without a user ID is certain only by its fingerprint, unless it is one's own" {
    bulla key generate -q --no-passphrase --profile rfc9580 --no-user-id >fingerprint
    bulla sign -u "$(cat fingerprint)" letter
    succeeds bulla verify letter.sig letter
    remarks "  authenticated: 120 of 120"
    bulla cert export -o nameless.cert "$(cat fingerprint)"
    as bob bulla cert import -q nameless.cert
    refuses 110 "$(cat fingerprint): not authenticated: it has no user ID" as bob bulla verify letter.sig letter
    succeeds as bob bulla verify --signer "$(cat fingerprint)" letter.sig letter
}
