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
