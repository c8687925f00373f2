#!/usr/bin/env bats
# keyring stats, and keyring compact.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as bob new_key "Bob <bob@example.org>"
    as bob bulla cert export -o bob.cert bob@example.org
    bulla cert import -q bob.cert
}

@test "what is in the keyring is counted" {
    succeeds bulla keyring stats
    prints "certificates                2"
    prints "own keys                    1"
    prints "last backup      never"
    prints "Alice <alice@example.org>"
    succeeds bulla keyring stats --json
    is_json '.certificates == 2 and .userids == 2 and .signatures == 4 and .keys == 1 and
        .secret_keys == 2 and .trust == 0 and .bytes > 0 and .last_backup == null and
        (.largest | length == 2 and .[0].bytes >= .[1].bytes)'
}

@test "an empty keyring, or one that is not there, has nothing in it" {
    as none succeeds bulla keyring stats --json
    is_json '.certificates == 0 and .bytes == 0 and .version == 0 and .largest == []'
    absent none
}

@test "the five largest certificates are told" {
    local i
    for i in 1 2 3 4 5; do
        new_key "$i$(printf "%0$((i * 100))d" 0)"
    done
    succeeds bulla keyring stats --json
    is_json '[.largest[].bytes] | length == 5 and . == (sort | reverse)'
    is_json "[.largest[].fingerprint] | .[0] == \"$(fingerprint_of 500000)\""
}

@test "compacting gives back the room of what was deleted" {
    local uids=()
    for i in {1..50}; do
        uids+=(--add-uid "$i$(printf %02000d 0)")
    done
    new_key Carol
    bulla key edit -q Carol "${uids[@]}" >/dev/null
    bulla key delete -q --yes Carol
    bulla cert delete -q --yes Carol
    [ "$(bulla keyring stats --json | json .free_bytes)" -gt 90000 ]
    succeeds bulla keyring compact --json
    is_json '.before - .after > 90000 and .log_emptied'
    succeeds bulla keyring stats --json
    is_json '.free_bytes == 0 and .certificates == 2 and .log_bytes == 0'
    succeeds bulla keyring check
    bulla sign --inline <bob.cert | bulla verify --signer alice@example.org
    succeeds bulla keyring compact
    remarks "The keyring took"
}

@test "a home that cannot be written to is not compacted" {
    [ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
    chmod 500 "$BULLA_HOME"
    chmod 400 "$BULLA_HOME"/*.db
    fails 116 "keyring.db" bulla keyring compact
    succeeds bulla keyring stats
}

@test "no arguments are taken" {
    fails 2 "too many arguments" bulla keyring stats alice@example.org
    fails 2 "too many arguments" bulla keyring compact alice@example.org
}
