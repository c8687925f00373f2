# shellcheck shell=bash
# keyedit.bash - for the tests of commands that edit one's own key: keys made once per file,
# since an edit waits for the second after the one in which the key was made.
#
#     load lib
#     load keyedit
#     setup_file() { begin_keys; }
#     setup() { begin_with_keys; }
#
# There are alice@example.org (version 4), ada@example.org (version 6), both unprotected, and
# lara@example.org, whose passphrase is "open sesame".

begin_keys() {
    cd "$BATS_FILE_TMPDIR" || return 1
    export BULLA_HOME=$BATS_FILE_TMPDIR/bulla-home HOME=$BATS_FILE_TMPDIR LC_ALL=C.UTF-8
    unset XDG_DATA_HOME
    new_key "Alice <alice@example.org>"
    new_key "Ada <ada@example.org>" --profile rfc9580
    PASS="open sesame" bulla key generate -q --new-passphrase-file @ENV:PASS \
        "Lara <lara@example.org>" >/dev/null
}

# Every test gets a copy of them.
begin_with_keys() {
    begin
    cp -r "$BATS_FILE_TMPDIR/bulla-home" "$BULLA_HOME"
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
}

# What is known of one's own key, for jq: the_key WHO
the_key() {
    bulla key show --json "$1" | jq '.keys[0]'
}

# This holds of the key: key_has WHO JQ-CONDITION
key_has() {
    the_key "$1" | jq -e "$2" >/dev/null || {
        echo "does not hold: $2"
        the_key "$1"
        return 1
    }
}

# The valid user IDs, in order, the primary one marked: users_of WHO
users_of() {
    the_key "$1" | jq -r '[.userids[] | select(.valid) | (if .primary then "*" else "" end) + .userid]
        | join(", ")'
}

has_users() {
    local got
    got=$(users_of "$1")
    [ "$got" = "$2" ] || {
        echo "the user IDs of $1 are $got"
        return 1
    }
}

# What each signature of a type in the certificate says in its subpackets of this name, or
# "none": signed_about WHO TYPE NAME
signed_about() {
    bulla cert export --binary -q -f -o signed.pgp "$1"
    bulla inspect --json signed.pgp | jq -r --arg type "$2" --arg name "$3" '[.packets[]
        | select(any(.fields[]?; .name == "signature type" and (.value | contains($type))))
        | ([.fields[] | select(.name | startswith($name)) | .value][0] // "none")] | join(" ")'
}

# The fingerprint of the subkeys that may do something: subkeys_for WHO FLAG
subkeys_for() {
    the_key "$1" | jq -r --arg flag "$2" \
        '.keys[] | select((.primary | not) and (.flags | index($flag))) | .fingerprint'
}

# The fingerprint of the primary key.
primary_of() {
    the_key "$1" | jq -r .fingerprint
}

# The command fails like that, and the key stays what it was, to the last byte: leaves_key WHO
# CODE TEXT COMMAND...
leaves_key() {
    local who=$1
    shift
    bulla key export --binary "$who" >before.key
    bulla cert export --binary "$who" >before.cert
    refuses "$@"
    bulla key export --binary "$who" | cmp - before.key
    bulla cert export --binary "$who" | cmp - before.cert
    rm before.key before.cert
}

# --dry-run shows what the same command then does, in text and in JSON, and changes nothing:
# tried_first WHO COMMAND...
tried_first() {
    local who=$1 shown
    shift
    bulla key export --binary "$who" >before.key
    succeeds "$@" --dry-run
    remarks "dry run"
    shown=$output
    bulla key export --binary "$who" | cmp - before.key
    succeeds "$@" --dry-run --json
    is_json '.dry_run and (.changes | length) > 0 and all(.changes[]; .change and .signatures)'
    bulla key export --binary "$who" | cmp - before.key
    rm before.key
    succeeds "$@"
    # new keys are others each time
    [ "$(sed 's/[0-9A-F]\{40,\}/FPR/' <<<"$output")" = "$(sed 's/[0-9A-F]\{40,\}/FPR/' <<<"$shown")" ] || {
        echo "the dry run said: $shown"
        show_run
        return 1
    }
}

# The key signs, and decrypts what is encrypted to it: works WHO [OPTION...]
works() {
    local who=$1
    shift
    rm -f ./*.works
    succeeds bulla sign -u "$who" "$@" -o mark.works letter
    succeeds bulla verify --signer "$who" mark.works letter
    succeeds bulla encrypt --no-self -r "$who" -o sealed.works letter
    succeeds bulla decrypt "$@" -o copy.works sealed.works
    same copy.works letter
}
