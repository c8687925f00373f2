#!/usr/bin/env bats
# key check, and key lint: what needs attention, and what can be signed again.

load lib

setup() {
    begin
}

# The codes of what is found in the only key: codes COMMAND...
codes() {
    "$@" --json 2>/dev/null | jq -r '[.keys[].findings[].code] | unique | join(" ")'
}

# A key of RSA 3072 that rests on SHA-1, passphrase "password".
need_sha1_key() {
    need_specdata
    bulla key import -q "$SPECDATA/fixtures/keys-rsa/rsa-rsa-sec.asc"
    echo password >pass
}

@test "all is well: nothing is said" {
    succeeds bulla key check
    silent
    new_key Alice
    new_key Bob --profile rfc9580
    new_key Robot --signing-only
    succeeds bulla key check
    silent
    succeeds bulla key check Alice Bob
    silent
    succeeds bulla key lint
    silent
    succeeds bulla key check --json
    is_json '.keys == []'
}

@test "what expires soon" {
    new_key Alice
    new_key Bob --expires 20d
    fails 115 "1 of 2 keys need attention" bulla key check
    prints "expires on $(date -u -d '+20 days' +%Y-%m-%d)"
    prints "hint: bulla key extend --all $(fingerprint_of Bob) 2y"
    [ "$(grep -c hint: <<<"$output")" -eq 1 ]
    [[ $output != *Alice* ]]
    run --separate-stderr bulla key check --json
    [ "$status" -eq 115 ]
    is_json '.error.code == 115 and (.keys | length) == 1 and
        (.keys[0].findings | length == 2 and all(.code == "expires-soon" and (.expires | length) > 0))'
    succeeds bulla key check --within 10d
    silent
    succeeds bulla key check --ignore expires-soon
    silent
    succeeds bulla key check Alice
    silent
    fails 115 "2 of 2" bulla key check --within 4y
    # What the hint says helps.
    bulla key extend -q --all Bob 2y >/dev/null
    succeeds bulla key check
    silent
}

@test "what is revoked, or replaced, needs nothing" {
    new_key Alice --expires 20d
    bulla key revoke -q --yes --reason retired Alice >/dev/null
    succeeds bulla key check
    silent
    new_key Bob --expires 2y
    bulla key rotate -q Bob >/dev/null
    succeeds bulla key check Bob
    silent
    # The new one ends, too, and so does the key; the old one was let go.
    fails 115 "1 of 1 keys" bulla key check --within 3y Bob
    [ "$(codes bulla key check --within 3y Bob)" = expires-soon ]
}

@test "no revocation certificate" {
    new_key Alice
    rm "$BULLA_HOME"/revocations/*
    [ "$(codes bulla key check)" = no-revocation-certificate ]
    [ "$(codes bulla key lint)" = "" ]
    bulla key revocation -q Alice
    succeeds bulla key check
    silent
    # A machine that only has the subkeys is not where it is revoked.
    bulla key export -q --subkeys-only -o part Alice
    as laptop bulla key import -q part
    as laptop succeeds bulla key check
    silent
}

@test "an encryption subkey that was lost" {
    new_key Alice
    bulla key revoke-subkey -q --reason retired Alice \
        "$(bulla key show --json Alice | json '.keys[0].keys[1].fingerprint')" >/dev/null
    [ "$(codes bulla key check)" = no-encryption ]
    bulla key add-subkey -q --for encrypt Alice >/dev/null
    succeeds bulla key check
    silent
}

@test "SHA-1 is found, and signed again" {
    need_sha1_key
    fails 115 "1 of 1 keys need attention" bulla key lint
    prints "user ID rsa-rsa: signed with SHA1"
    prints "hint: bulla key lint --fix"
    [[ "$(codes bulla key check)" == *weak-signature* ]]
    refuses 67 "protected by a passphrase" bulla key lint --fix
    [ "$(codes bulla key lint)" = weak-signature ]
    succeeds bulla key lint --fix --dry-run --passphrase-file pass
    remarks "dry run"
    [ "$(codes bulla key lint)" = weak-signature ]
    bulla key show --json rsa-rsa | jq '[.keys[0].keys[] | [.flags, .expires]], .keys[0].seipd2' >before
    succeeds bulla key lint --fix --passphrase-file pass
    prints "signed again"
    succeeds bulla key lint
    silent
    succeeds bulla key show --json rsa-rsa
    is_json '.keys[0] | [.keys[1].binding.hash, .userids[0].binding.hash] | all(. != "SHA1")'
    jq '[.keys[0].keys[] | [.flags, .expires]], .keys[0].seipd2' <<<"$output" >after
    same before after
    # Nothing is due any more: no passphrase is asked for.
    succeeds bulla key lint --fix
    silent
}

@test "of several keys one cannot be unlocked" {
    need_sha1_key
    new_key Alice
    fails 67 "1 of the keys failed" bulla key lint --fix --passphrase-file <(echo none)
    remarks "wrong passphrase"
}

@test "what cannot be mended is told" {
    need_specdata
    bulla key import -q "$SPECDATA/fixtures/keyrings/gnupg-one-two-three-sec.asc" || true
    [[ "$(codes bulla key lint)" == *weak-key* ]]
    new_key Alice
    succeeds bulla key lint Alice
    silent
}

@test "what makes no sense" {
    new_key Alice
    refuses 2 "--ignore future: there is no such finding" bulla key check --ignore future
    refuses 2 "--within" bulla key check --within soon
    refuses 112 "no secret key of this name" bulla key check Bob
    refuses 112 "no secret key of this name" bulla key lint --fix Bob
}
