#!/usr/bin/env bats
# cert accept, cert unaccept: what the user knows for certain, said by a local root.

load lib
load keyedit

# Bob has two user IDs, one that was revoked, and one that he has not signed; Carol has one.
setup_file() {
    begin_keys
    as_other bob new_key "Bob <bob@example.org>" "Bob at work <bob@work.example>" "Bobby"
    as_other carol new_key "Carol <carol@example.org>"
    as_other bob bulla key revoke-uid -q bob@example.org Bobby
    bulla key export -q --binary -o ada.key ada@example.org
    as_other bob bulla cert export -q |
        bulla sop certify-userid --userid=Mallory --no-require-self-sig ada.key | bulla cert import -q
    as_other carol bulla cert export -q | bulla cert import -q
}

as_other() {
    BULLA_HOME=$BATS_FILE_TMPDIR/$1 "${@:2}"
}

setup() {
    begin_with_keys
    bob=$(fingerprint_of bob@example.org)
    carol=$(fingerprint_of carol@example.org)
}

accept() {
    bulla cert accept "$@"
}

# The local root.
root() {
    accept -q --json "$carol" | jq -r .signer
}

# What is said here alone about the user IDs of a certificate: said_of CERT JQ
said_of() {
    bulla cert show --json "$1" |
        jq -ce "[.certificates[0].userids[].certifications[]? | select(.local)] | $2" >/dev/null || {
        bulla cert show --json "$1" | jq -c "[.certificates[0].userids[].certifications[]?]"
        return 1
    }
}

# It fails, and nothing has been said, nor a root been made: leaves CODE TEXT COMMAND...
leaves() {
    bulla cert export --local --binary -o before.cert
    refuses "$@"
    bulla cert export --local --binary | cmp - before.cert
    rm before.cert
    [ "$(count_secrets)" -eq 6 ]
}

# All that there are, hidden ones as well; Alice, Ada and Lara have two each.
count_secrets() {
    bulla keyring check 2>&1 | sed -n 's/.*, \([0-9]*\) secret keys and subkeys.*/\1/p'
}

@test "by the whole fingerprint, without a question" {
    succeeds accept "$carol"
    [ "$output" = "accepted: Carol <carol@example.org>: $carol (amount 120 of 120)" ]
    remarks "a local root was made"
    said_of carol 'length == 1 and .[0].local and .[0].local_root and .[0].depth == 0 and .[0].amount == 120'
    bulla cert show carol | grep -q "^        accepted by you on 20..-..-..: local$"
    [ "$(count_secrets)" -eq 7 ]
    succeeds accept "$carol"
    prints "accepted already: Carol"
    remarks "Nothing to change."
    [ "$(count_secrets)" -eq 7 ]
}

@test "as JSON" {
    succeeds accept --json --amount 40 --expires 2100-01-01 "$carol"
    is_json ".fingerprint == \"$carol\" and .new_root and .accepted_before == [] and (.dry_run | not)"
    is_json '.certifications == [{result: "new", userid: "Carol <carol@example.org>", local: true,
        expires: "2100-01-01T00:00:00Z", depth: 0, amount: 40, scopes: []}]'
    succeeds accept --json "$carol"
    is_json '(.new_root | not) and .certifications[0].result == "changed" and .certifications[0].amount == 120'
    said_of carol 'length == 1 and .[0].amount == 120'
}

@test "it stays here" {
    accept -q "$carol"
    bulla cert export --binary carol >public
    as_other carol bulla cert export --binary | cmp - public
    bulla cert export --local --binary carol | as_other carol bulla cert import >/dev/null 2>&1
    as_other carol bulla cert export --local --binary | cmp - public
}

@test "an introducer" {
    leaves 23 "--depth: it is about whom others may certify" accept --depth 2 "$carol"
    hints "--introducer"
    leaves 23 "--domain: it is about" accept --domain example.org "$carol"
    succeeds accept --introducer --domain example.org --domain example.net "$carol"
    prints "accepted: Carol <carol@example.org>: $carol (amount 120 of 120, may certify others in example.org or example.net)"
    said_of carol 'length == 1 and .[0].local and .[0].depth == 1 and (.[0].scopes | length) == 2'
    succeeds accept --introducer --depth 3 --amount 60 "$carol"
    prints "(amount 60 of 120, may certify others, and so on to depth 3)"
    succeeds accept -n "$carol"
    prints "(amount 120 of 120)"
}

@test "by another name: a claim, which is asked about" {
    leaves 2 "carol@example.org: anybody can use a name; is it $carol?" accept carol@example.org
    hints "name it by that"
    leaves 2 "anybody can use a name" accept "${carol:24}"
    succeeds accept --yes carol@example.org
    said_of carol 'length == 1'
}

@test "which of several user IDs" {
    leaves 2 "which of its 2 user IDs?" accept "$bob"
    remarks "  Bob at work <bob@work.example>"
    [[ $stderr != *Bobby* && $stderr != *Mallory* ]]
    leaves 107 "there is no user ID Bob" accept "$bob" Bob
    # an address means those user IDs that have it
    succeeds accept --yes --json bob@work.example
    is_json '[.certifications[].userid] == ["Bob at work <bob@work.example>"]'
    succeeds accept --json --all "$bob"
    is_json '[.certifications[].result] | sort == ["new", "unchanged"]'
    succeeds accept -n --json --amount 3 "$bob" bob@example.org
    is_json '[.certifications[].userid] == ["Bob <bob@example.org>"]'
}

@test "what does not count is refused, with the reason" {
    leaves 107 "Bobby: revoked on" accept "$bob" Bobby
    leaves 107 "Mallory: no valid self-signature" accept "$bob" Mallory
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    as carol bulla key revoke -q --yes --reason retired carol
    as carol bulla cert export | bulla cert import -q
    leaves 114 "$carol: revoked on" accept "$carol"
    leaves 112 "no certificate of this name" accept dave@example.org
    leaves 2 "--amount 121" accept --amount 121 "$bob"
    leaves 2 "--expires: 2020-01-01" accept --expires 2020-01-01 --all "$bob"
    need_specdata
    bulla cert import -q "$SPECDATA/fixtures/keys-validity/alice-case10.gpg"
    expired=$(bulla cert list --json | jq -r '[.certificates[] | select(.problem // "" | contains("expired"))][0].fingerprint')
    leaves 114 "expired on 2019-12-26" accept "$expired"
}

@test "a dry run changes nothing" {
    bulla cert export --local --binary -o before.cert
    succeeds accept -n carol@example.org
    prints "accepted: Carol"
    remarks "this was a dry run"
    bulla cert export --local --binary | cmp - before.cert
    [ "$(count_secrets)" -eq 6 ]
    accept -q "$carol"
    bulla cert export --local --binary -o before.cert -f
    succeeds bulla cert unaccept -n carol
    bulla cert export --local --binary | cmp - before.cert
}

@test "another certificate of the same address is told" {
    as dave new_key "Carol too <Carol@Example.org>"
    as dave bulla cert export | bulla cert import -q
    other=$(as dave primary_of Carol)
    accept -q "$carol"
    before=$(bulla cert export --local --binary | cksum)
    fails 111 "fits 2 certificates" accept --yes carol@example.org
    hints "$carol"
    hints "$other"
    [ "$(bulla cert export --local --binary | cksum)" = "$before" ]
    succeeds accept --json -n "$other"
    is_json ".accepted_before == [{email: \"Carol@Example.org\", fingerprint: \"$carol\"}]"
    succeeds accept "$other"
    remarks "Warning: you have accepted another certificate for Carol@Example.org: $carol"
    # not any more
    bulla cert unaccept -q "$carol"
    succeeds accept "$other"
    [[ $stderr != *another* ]]
}

@test "taken back, as if it had never been" {
    fails 107 "carol: you have not accepted it" bulla cert unaccept carol
    accept -q "$bob" --all
    fails 107 "carol: Carol <carol@example.org>: you have not accepted it" bulla cert unaccept carol
    fails 2 "which of its 2 user IDs?" bulla cert unaccept "$bob"
    succeeds bulla cert unaccept bob@example.org
    prints "not accepted any more: Bob <bob@example.org>: $bob"
    said_of "$bob" 'length == 1'
    succeeds bulla cert unaccept --json "$bob"
    is_json '.certifications | length == 1 and .[0].result == "revoked" and .[0].local'
    said_of "$bob" 'length == 0'
    fails 59 "what you said of it was revoked on" bulla cert unaccept bob@example.org
    # nobody else gets to know of it
    bulla cert export --binary "$bob" | bulla inspect --json - |
        jq -e --arg root "$(root)" '[.packets[].fields[]?.value] | index($root) | not' >/dev/null
    succeeds accept --all "$bob"
    said_of "$bob" 'length == 2'
}

# The root.

@test "nobody meets the root who does not name it" {
    before=$(bulla key list && bulla cert list && bulla key check || true)
    bulla cert export --local --binary -o before.cert
    root=$(root)
    [ "$(bulla key list && bulla cert list && bulla key check || true)" = "$before" ]
    bulla cert unaccept -q carol
    bulla cert export --binary | bulla inspect --json - | jq -e --arg root "$root" \
        '[.packets[].fields[]?.value] | index($root) | not' >/dev/null
    for who in "Local root" "trust root" Local; do
        fails 112 "no certificate of this name" bulla cert show "$who"
        fails 112 "no secret key of this name" bulla key show "$who"
    done
    for who in "$root" "${root:24}"; do
        succeeds bulla key show "$who"
        prints "Local trust root"
        succeeds bulla cert show "$who"
        prints "may certify"
    done
    as other new_key "Own <own@example.org>"
    as other accept -q "$(as other primary_of own)"
    as other succeeds bulla sign -o signature letter
}

@test "it is exported where one means that" {
    root=$(root)
    refuses 114 "$root: is a local root, which is not for others" bulla cert export "$root"
    hints "--local"
    succeeds bulla cert export --local "$root"
    bulla key export --binary "$root" | bulla inspect --json - |
        jq -e '[.packets[] | select(.type == 2) | any(.fields[]; .name | startswith("Exportable"))] == [true]' >/dev/null
    refuses 114 "is the local root" accept "$root"
}

@test "it is deleted where one means that, and is told what that does" {
    root=$(root)
    fails 114 "its secret key is here" bulla cert delete --yes "$root"
    said_of carol 'length == 1'
    succeeds bulla key delete --yes "$root"
    remarks "Warning: this is the local root: what you have accepted with bulla cert accept counts no more"
    said_of carol 'length == 0'
    fails 112 "no certificate of this name" bulla cert show "$root"
    [ "$(count_secrets)" -eq 6 ]
    succeeds accept --json "$carol"
    is_json ".new_root and .signer != \"$root\""
}

@test "a passphrase that it has got, and how to be rid of it" {
    root=$(root)
    PASS=secret bulla key passphrase -q --new-passphrase-file @ENV:PASS "$root" >/dev/null
    fails 67 "is protected by a passphrase" accept --amount 40 "$carol"
    hints "bulla key passphrase --no-passphrase $root"
    PASS=secret bulla key passphrase -q --passphrase-file @ENV:PASS --no-passphrase "$root" >/dev/null
    succeeds accept -n --amount 40 "$carol"
}

@test "a backup has it, with what was accepted" {
    root=$(root)
    PASS=secret succeeds bulla keyring backup --passphrase-file @ENV:PASS -o backup
    remarks "trust settings: 1"
    PASS=secret as other succeeds bulla keyring restore --passphrase-file @ENV:PASS backup
    BULLA_HOME=$PWD/other said_of carol 'length == 1'
    [ "$(as other bulla key list)" = "$(bulla key list)" ]
    as other succeeds accept --json "$carol"
    is_json ".signer == \"$root\" and .certifications[0].result == \"unchanged\""
    as other succeeds bulla cert unaccept carol
    # into a keyring that has a root of its own: each takes back what it has said
    as third succeeds bulla cert import -q <(as_other carol bulla cert export)
    as third accept -q "$carol"
    PASS=secret as third bulla keyring restore -q --passphrase-file @ENV:PASS backup
    as third succeeds bulla cert unaccept carol
    remarks "another local root, of a backup, has accepted it too"
    as third succeeds bulla cert unaccept carol
    [[ $stderr != *another* ]]
    BULLA_HOME=$PWD/third said_of carol 'length == 0'
    as third bulla keyring check -q
}

@test "two at the same time make one root" {
    for who in "$carol" "$bob"; do
        accept --json --all "$who" >"$who.json" &
    done
    wait
    [ "$(jq -r .signer "$bob.json" "$carol.json" | sort -u | wc -l)" -eq 1 ]
    [ "$(count_secrets)" -eq 7 ]
}

# What it is for.

@test "the error names the command, and then it is authenticated" {
    for what in "$carol" "$bob bob@work.example"; do
        # shellcheck disable=SC2086
        fails 110 "not authenticated: 0 of 120" bulla trust check $what
        hints "if it is the same: bulla cert accept $what"
        # shellcheck disable=SC2086
        succeeds bulla cert accept $what
        # shellcheck disable=SC2086
        succeeds bulla trust check --json $what
        is_json '.authenticated and .amount == 120 and (.paths | length) == 1'
    done
    fails 110 "not authenticated: 0 of 120" bulla trust check "$bob" bob@example.org
    bulla cert unaccept -q "$carol"
    fails 110 "not authenticated: 0 of 120" bulla trust check "$carol"
}

@test "what nobody may type into a shell is not in the command" {
    as mallory new_key "Mallory <mallory@example.org>" 'Mallory <m;reboot@example.org>'
    as mallory bulla cert export | bulla cert import -q
    mallory=$(fingerprint_of mallory@example.org)
    fails 110 "not authenticated" bulla trust check "$mallory" 'Mallory <m;reboot@example.org>'
    [[ $stderr == *"bulla cert accept $mallory" ]]
}

@test "in part, and whom an introducer introduces" {
    bulla cert accept -q --amount 40 "$carol"
    fails 110 "not authenticated: 40 of 120" bulla trust check "$carol"
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    bulla cert export "$bob" | as carol bulla cert import -q
    as carol bulla cert certify -q --all "$bob"
    as carol bulla cert export "$bob" | bulla cert import -q
    fails 110 "not authenticated: 0 of 120" bulla trust check "$bob" bob@example.org
    bulla cert accept -q --introducer --domain example.org "$carol"
    succeeds bulla trust check "$bob" bob@example.org
    fails 110 "not authenticated: 0 of 120" bulla trust check "$bob" bob@work.example
}

@test "the root among the roots" {
    succeeds bulla trust list --json
    before=$output
    root=$(root)
    bulla trust root list --json | jq -e --arg root "$root" \
        '[.roots[] | select(.kind == "local root") | .fingerprint] == [$root]'
    for change in remove never; do
        refuses 114 "is the local root, by which you accept others" bulla trust root $change "$root"
        hints "bulla key delete $root"
    done
    bulla cert unaccept -q carol
    [ "$(bulla trust list --json)" = "$before" ]
}
