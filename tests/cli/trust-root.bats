#!/usr/bin/env bats
# trust root: whose word counts.

load lib

setup_file() {
    export KEYS=$BATS_FILE_TMPDIR/keys
    mkdir "$KEYS"
    cd "$KEYS" || return 1
    local name
    for name in ca bob; do
        BULLA_HOME=$KEYS/$name bulla key generate --quiet --no-passphrase "$name@example.org" >/dev/null
        BULLA_HOME=$KEYS/$name bulla cert export --binary -o "$KEYS/$name.pgp"
        BULLA_HOME=$KEYS/$name fingerprint_of "$name@example.org" >"$KEYS/$name.fpr"
    done
}

setup() {
    begin
    CA=$(cat "$KEYS/ca.fpr") BOB=$(cat "$KEYS/bob.fpr")
    bulla cert import -q "$KEYS/ca.pgp" "$KEYS/bob.pgp"
}

roots() {
    bulla trust root list --json | jq -rc '[.roots[] | [.kind, .amount, .userid]]'
}

@test "a root is added by its fingerprint, changed, and removed" {
    succeeds bulla trust root list
    silent
    succeeds bulla trust root add "$CA"
    prints "120  root        $CA  ca@example.org"
    succeeds bulla trust root add --amount 60 "$CA" --json
    is_json ".roots == [{fingerprint: \"$CA\", kind: \"root\", amount: 60, here: true,
                         userid: \"ca@example.org\", valid: true}]"
    [ "$(roots)" = '[["root",60,"ca@example.org"]]' ]
    succeeds bulla trust root never "$CA"
    [ "$(roots)" = '[["never",0,"ca@example.org"]]' ]
    succeeds bulla trust root remove ca@example.org
    prints "removed"
    [ "$(roots)" = '[]' ]
    fails 112 "ca@example.org: is no root" bulla trust root remove ca@example.org
    hints "bulla trust root list"
}

@test "a name is a claim: it is not added without a question" {
    fails 2 "anybody can use a name; is it $CA?" bulla trust root add ca@example.org
    hints "--yes"
    fails 2 "anybody can use a name" bulla trust root never "${CA: -16}"
    [ "$(roots)" = '[]' ]
    succeeds bulla trust root add --yes ca@example.org bob@example.org
    [ "$(bulla trust root list | wc -l)" -eq 2 ]
}

@test "a root that is not here, or not valid" {
    local other=0123456789ABCDEF0123456789ABCDEF01234567
    succeeds bulla trust root add "$other"
    prints "[not in the keyring]"
    is_json_roots() { bulla trust root list --json | json "$1" >/dev/null; }
    is_json_roots '.roots == [{fingerprint: "'$other'", kind: "root", amount: 120, here: false}]'
    succeeds bulla trust root remove "$other"
    fails 112 "no certificate" bulla trust root add nobody@example.org
    fails 112 "is no root" bulla trust root remove "$other"
    # All or nothing.
    fails 112 "nobody" bulla trust root add "$CA" nobody
    [ "$(roots)" = '[]' ]
    BULLA_HOME=$KEYS/bob bulla cert export --binary -o revoked
    cp -r "$KEYS/bob" gone
    BULLA_HOME=$PWD/gone bulla key revoke -q --yes --reason retired bob@example.org
    BULLA_HOME=$PWD/gone bulla cert export --binary -o revoked --force
    bulla cert import -q revoked
    bulla trust root add "$BOB"
    succeeds bulla trust root list
    prints "revoked"
}

@test "one's own keys are roots, until one says otherwise" {
    new_key me@example.org
    local me
    me=$(fingerprint_of me@example.org)
    succeeds bulla trust root list
    prints "120  own key     $me  me@example.org"
    fails 112 "a root because it is a key of yours" bulla trust root remove "$me"
    hints "bulla trust root never $me"
    fails 59 "a key of yours is a root already" bulla trust root add --amount 60 "$me"
    bulla trust root never "$me"
    [ "$(roots)" = '[["never",0,"me@example.org"]]' ]
    bulla trust root remove "$me"
    [ "$(roots)" = '[["own key",120,"me@example.org"]]' ]
}

@test "what is wrong on the command line" {
    refuses 2 "what about the roots?" bulla trust root
    hints "add, remove, never or list"
    refuses 2 "what about the roots?" bulla trust root frobnicate "$CA"
    refuses 2 "WHO" bulla trust root add
    refuses 2 "--amount: only with add" bulla trust root never --amount 60 "$CA"
    refuses 2 "too many arguments" bulla trust root list "$CA"
    local wrong
    for wrong in 0 121 x -1 ""; do
        refuses 2 "a number from 1 to 120 is needed" bulla trust root add "--amount=$wrong" "$CA"
    done
    [ "$(roots)" = '[]' ]
    # Looking creates no keyring.
    BULLA_HOME=$PWD/none bulla trust root list
    absent none
}

@test "completions know what may stand there" {
    bulla completion bash | grep -q "words='list add remove never'"
    bulla completion zsh | grep -q "1:WHAT:(list add remove never)"
    bulla completion fish | grep -q "from root' -f -a 'list add remove never'"
}
