#!/usr/bin/env bats
# key generate: what a key is made with, and its revocation certificate.

load lib

setup() {
    begin
}

# generate [OPTION...]: the fingerprint goes to $fpr
generate() {
    succeeds bulla key generate --no-passphrase "$@"
    fpr=$output
}

# The user IDs of the key are these, the first of them the primary one: has_user_ids [ID...]
has_user_ids() {
    succeeds bulla key show --json "$fpr"
    [ "$(jq -r '.keys[0].userids[].userid' <<<"$output")" = "$(printf '%s\n' "$@")" ] || {
        show_run
        return 1
    }
    is_json '.keys[0].userids | all(.primary == false) or .[0].primary'
}

# Why the certificate cannot be used: problem_of FINGERPRINT
problem_of() {
    bulla cert show --json "$1" | jq -r '.certificates[0].problem // "none"'
}

@test "a name and addresses make one user ID for each address" {
    generate --name "Alice Ä." --email alice@example.org --email alice@work.example
    remarks "Made a key for Alice Ä. <alice@example.org>"
    has_user_ids "Alice Ä. <alice@example.org>" "Alice Ä. <alice@work.example>"
}

@test "a name alone, addresses alone, and a whole user ID before them" {
    generate --name Alice
    has_user_ids Alice
    generate --email alice@example.org
    has_user_ids "<alice@example.org>"
    generate --email alice@example.org "Bob <bob@example.org>"
    has_user_ids "Bob <bob@example.org>" "<alice@example.org>"
}

@test "--separate: names and addresses apart" {
    generate --separate --name Alice --name Ally --email alice@example.org
    has_user_ids Alice Ally "<alice@example.org>"
}

@test "names and addresses that make no sense" {
    local email
    for email in alice "" "Alice <alice@example.org>" a@b@c "a b@example.org" "<a@example.org>" $'a\n@b'; do
        refuses 2 "that is no e-mail address" bulla key generate --no-passphrase --email "$email"
    done
    refuses 2 "more than a name" bulla key generate --no-passphrase --name "Alice <alice@example.org>"
    hints "--email"
    refuses 2 "it is empty" bulla key generate --no-passphrase --name ""
    refuses 2 "which name belongs to which address?" \
        bulla key generate --no-passphrase --name Alice --name Bob --email alice@example.org
    refuses 2 "not UTF-8" bulla key generate --no-passphrase --name $'Andr\xe9'
    [ -z "$(bulla key list)" ]
}

@test "a key without a user ID, in every profile" {
    local profile
    for profile in default rfc9580 security; do
        generate --no-user-id --profile "$profile"
        remarks "Made a key, which expires on "
        has_user_ids
        succeeds bulla key list "$fpr"
        prints "(no user ID)"
        echo text >letter
        succeeds bulla encrypt --no-self -r "$fpr" -o sealed letter
        succeeds bulla decrypt -o copy sealed
        same letter copy
        rm sealed copy
    done
    succeeds bulla key generate --json --no-user-id --no-passphrase
    is_json '.userid == null'
}

@test "--no-user-id and a user ID" {
    refuses 83 "--no-user-id" bulla key generate --no-passphrase --no-user-id Alice
    refuses 83 "no name" bulla key generate --no-passphrase --no-user-id --name Alice
    refuses 83 "no address" bulla key generate --no-passphrase --no-user-id --email a@example.org
    [ -z "$(bulla key list)" ]
}

@test "--signing-only: no subkey for encryption" {
    local profile
    for profile in default rfc9580 security; do
        generate --signing-only --profile "$profile" Robot
        succeeds bulla key show --json "$fpr"
        is_json '.keys[0].keys | length == 1 and .[0].flags == ["certify", "sign"]'
        echo text >letter
        succeeds bulla sign -u "$fpr" -f letter
        succeeds bulla verify --signer "$fpr" letter.sig letter
        refuses 17 "no key that can encrypt" bulla encrypt --no-self -r "$fpr" letter
    done
}

@test "a revocation certificate is written, and the user is told where" {
    local profile path
    for profile in default rfc9580; do
        generate --profile "$profile" Alice
        path=$BULLA_HOME/revocations/$fpr.asc
        remarks "$path revokes it"
        [ "$(stat -c %a "$path")" = 600 ]
        [ "$(stat -c %a "$BULLA_HOME/revocations")" = 700 ]
        grep -q "revocation certificate" "$path"
        grep -q "^  $fpr\$" "$path"
        grep -q "bulla cert import FILE" "$path"
        [ "$(problem_of "$fpr")" = none ]
        succeeds bulla cert import "$path"
        remarks "changed    $fpr"
        [[ "$(problem_of "$fpr")" == "revoked on "*": no reason given" ]]
        refuses 79 "revoked" bulla sign -u "$fpr" "$path"
    done
    succeeds bulla key generate --json --no-passphrase Bob
    is_json '.revocation_file == env.BULLA_HOME + "/revocations/" + .fingerprint + ".asc"'
}

@test "the revocation certificate of version 4 is bare, that of version 6 comes with its key" {
    generate Alice
    [ "$(packet_types "$BULLA_HOME/revocations/$fpr.asc")" = 2 ]
    generate --profile rfc9580 Alice
    [ "$(packet_types "$BULLA_HOME/revocations/$fpr.asc")" = "6 2" ]
    run ! grep -q '^=' "$BULLA_HOME/revocations/$fpr.asc"
}

@test "no line of the text is taken for armor, whatever the user ID" {
    generate $'Eve\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\e[31m'
    [ "$(grep -c '^-----BEGIN' "$BULLA_HOME/revocations/$fpr.asc")" -eq 1 ]
    run ! grep -q $'\e' "$BULLA_HOME/revocations/$fpr.asc"
    succeeds bulla cert import "$BULLA_HOME/revocations/$fpr.asc"
}

@test "--revocation-file" {
    generate --revocation-file revoke.asc Alice
    remarks "revoke.asc revokes it"
    [ "$(stat -c %a revoke.asc)" = 600 ]
    absent "$BULLA_HOME/revocations"
    succeeds bulla cert import revoke.asc
    [[ "$(problem_of "$fpr")" == "revoked on "* ]]
}

@test "without its revocation certificate there is no key" {
    echo precious >revoke.asc
    refuses 59 "revoke.asc: exists already" \
        bulla key generate --no-passphrase --revocation-file revoke.asc Alice
    hints "--revocation-file"
    refuses 2 "a file of its own" bulla key generate --no-passphrase --revocation-file - Alice
    refuses 116 "nowhere" bulla key generate --no-passphrase --revocation-file nowhere/r.asc Alice
    touch "$BULLA_HOME/revocations"
    refuses 1 "revocations: is not a directory" bulla key generate --no-passphrase Alice
    [ -z "$(bulla key list)" ]
    [ -z "$(bulla cert list)" ]
}
