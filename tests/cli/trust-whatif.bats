#!/usr/bin/env bats
# trust whatif: what would be otherwise.

load lib

setup_file() {
    export KEYS=$BATS_FILE_TMPDIR/keys BULLA_HOME=$BATS_FILE_TMPDIR/all
    mkdir "$KEYS"
    local name
    for name in me ca alice bob; do
        new_key "$name@example.org"
    done
    bulla cert certify -q --yes -u me@example.org --depth 1 ca@example.org >/dev/null
    bulla cert certify -q --yes -u ca@example.org --expires 1y alice@example.org >/dev/null
    bulla cert export --binary -o "$KEYS/before.pgp"
    bulla cert certify -q --yes -u ca@example.org bob@example.org >/dev/null
    bulla cert export --binary -o "$KEYS/bob.pgp" bob@example.org
    bulla key export -q --binary -o "$KEYS/me.key" me@example.org
    for name in me ca alice bob; do
        fingerprint_of "$name@example.org" >"$KEYS/$name"
    done
}

setup() {
    begin
    bulla key import -q "$KEYS/me.key"
    bulla cert import -q "$KEYS/before.pgp"
}

fpr() {
    cat "$KEYS/$1"
}

# All that is in the keyring, but for what is only remembered.
content() {
    bulla cert export --binary --local | cksum
    bulla trust root list
}

@test "without somebody" {
    succeeds bulla trust whatif --without "$(fpr ca)"
    prints "120 -> 0    $(fpr ca)  ca@example.org  [not authenticated any more]"
    prints "120 -> 0    $(fpr alice)  alice@example.org"
    [ "$(wc -l <<<"$output")" -eq 2 ]
    remarks "0 would be authenticated, 2 not any more, 0 others"
    succeeds bulla trust whatif --json --without "$(fpr alice)"
    is_json ".changes == [{fingerprint: \"$(fpr alice)\", userid: \"alice@example.org\",
        before: 120, after: 0, change: \"lost\"}] and .lost == 1 and .gained == 0 and .required == 120"
    succeeds bulla trust whatif --without "$(fpr bob)"
    remarks "Nothing would change."
    [ -z "$output" ]
    succeeds bulla trust whatif --without "$(fpr alice)" --without "$(fpr ca)"
    [ "$(wc -l <<<"$output")" -eq 2 ]
}

@test "at another time" {
    succeeds bulla trust whatif --at "$(date -u -d '18 months' +%F)"
    [ "$output" = "120 -> 0    $(fpr alice)  alice@example.org  [not authenticated any more]" ]
    succeeds bulla trust whatif --at "$(date -u -d '1 month' +%F)"
    remarks "Nothing would change."
    fails 2 "--at" bulla trust whatif --at someday
    succeeds bulla trust whatif --json --at 2100-01-01
    is_json '.at == "2100-01-01T00:00:00Z" and .lost == 3'
}

@test "with a file: nothing of it stays" {
    local before
    before=$(content)
    succeeds bulla trust whatif --import "$KEYS/bob.pgp"
    [ "$output" = "  0 -> 120  $(fpr bob)  bob@example.org  [authenticated]" ]
    [ "$(content)" = "$before" ]
    fails 110 "0 of 120" bulla trust check bob@example.org
    succeeds bulla trust whatif --json --import "$KEYS/bob.pgp" --without "$(fpr ca)"
    is_json '.gained == 0 and .lost == 2'
    fails 61 "missing" bulla trust whatif --import "$KEYS/bob.pgp" --import missing
    echo nothing >bad
    fails 41 "bad: " bulla trust whatif --import bad
    [ "$(content)" = "$before" ]
    # The same over files alone, and where there is no keyring at all.
    export BULLA_HOME=$PWD/none
    succeeds bulla trust whatif --keyring "$KEYS/before.pgp" --root "$(fpr me)" \
        --import "$KEYS/bob.pgp"
    prints "  0 -> 120  $(fpr bob)"
    succeeds bulla trust whatif --root "$(fpr bob)" --import "$KEYS/bob.pgp"
    prints "  0 -> 120  $(fpr bob)"
    absent none
}

@test "amounts below and above what is asked for" {
    bulla trust root add -q --amount 60 "$(fpr ca)"
    succeeds bulla trust whatif --root "$(fpr ca):60" --amount 100 --import "$KEYS/bob.pgp"
    prints "  0 -> 60   $(fpr bob)  bob@example.org  [more]"
    remarks "0 would be authenticated, 0 not any more, 1 others"
    succeeds bulla trust whatif --root "$(fpr ca):60" --amount 60 --import "$KEYS/bob.pgp"
    prints "[authenticated]"
}

@test "what is wrong on the command line" {
    refuses 2 "what if what?" bulla trust whatif
    hints "--without FPR, --at DATE, or --import FILE"
    refuses 2 "a whole fingerprint" bulla trust whatif --without ca@example.org
    refuses 2 "too many arguments" bulla trust whatif --at 2030-01-01 alice
}
