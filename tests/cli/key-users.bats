#!/usr/bin/env bats
# key add-uid, revoke-uid: the names of one's own key.

load lib
load keyedit

setup_file() {
    begin_keys
}

setup() {
    begin_with_keys
}

@test "a user ID is added, and the key is found by it" {
    tried_first alice bulla key add-uid alice@example.org "Alice at work <alice@work.example>"
    prints "new           user ID Alice at work <alice@work.example>"
    remarks "bulla cert export $(primary_of alice@example.org)"
    has_users alice@work.example "*Alice <alice@example.org>, Alice at work <alice@work.example>"
    works alice@work.example
}

@test "a user ID of a version 6 key" {
    tried_first ada bulla key add-uid ada@example.org "Ada at work <ada@work.example>"
    has_users ada@work.example "*Ada <ada@example.org>, Ada at work <ada@work.example>"
    works ada@work.example
    # expiry and preferences stay on the direct key signature [RFC9580 5.2.3.10]
    [ "$(signed_about ada 0x13 "Key Flags")" = "none none" ]
    [ "$(signed_about ada 0x13 "Primary User ID")" = "yes none" ]
}

@test "several at once, in any script" {
    succeeds bulla key add-uid alice "Алиса <alice@example.ru>" "爱丽丝"
    has_users alice@example.ru "*Alice <alice@example.org>, Алиса <alice@example.ru>, 爱丽丝"
}

@test "a version 4 user ID says about the key what the primary one says" {
    succeeds bulla key add-uid alice "Alice at work <alice@work.example>"
    for field in "Key Flags" "Key Expiration Time" "Features" "Preferred Symmetric Ciphers" "Key Server"; do
        signed_about alice 0x13 "$field" | grep -Ev none | grep -E '^(.+) \1$'
    done
    [ "$(signed_about alice 0x13 "Primary User ID")" = "yes none" ]
}

@test "--primary: the new one is the one that is shown" {
    succeeds bulla key add-uid --primary --json alice "Alice at work <alice@work.example>" "Alice"
    is_json '.changes | length == 3'
    is_json '.changes[0] | .change == "changed" and .userid == "Alice <alice@example.org>" and (.primary | not)'
    is_json '.changes[1] | .change == "new" and .primary'
    has_users alice@example.org "Alice <alice@example.org>, *Alice at work <alice@work.example>, Alice"
    succeeds bulla key add-uid --primary ada "Ada at work <ada@work.example>"
    has_users ada@example.org "Ada <ada@example.org>, *Ada at work <ada@work.example>"
}

@test "what is edited twice in one go is signed once" {
    succeeds bulla key add-uid --json alice "Alice 1" "Alice 2" "Alice 3"
    is_json 'all(.changes[]; .signatures | length == 1)'
}

@test "a user ID that is there already" {
    leaves_key alice 59 "Alice <alice@example.org>: the key has this user ID already" \
        bulla key add-uid alice "Alice <alice@example.org>"
    leaves_key alice 59 "Alice 2: the key has this user ID already" \
        bulla key add-uid alice "Alice 2" "Alice 2"
}

@test "a user ID that is none" {
    leaves_key alice 2 "the user ID is not UTF-8" bulla key add-uid alice $'Al\xffice'
    leaves_key alice 2 "the user ID is empty" bulla key add-uid alice ""
    leaves_key alice 2 "longer than 2048 bytes" bulla key add-uid alice "$(head -c 2049 /dev/zero | tr '\0' x)"
    refuses 2 "an argument is missing: WHO" bulla key add-uid
    refuses 2 "an argument is missing: WHO USER-ID..." bulla key revoke-uid alice
}

@test "an address that does not look like one is warned about" {
    for id in "Alice <alice>" "alice@" "Alice <alice@example.org" "Alice <a b@example.org>"; do
        succeeds bulla key add-uid -n alice "$id"
        remarks "no e-mail address that looks like one"
    done
    succeeds bulla key add-uid -n alice "Backup of host7"
    [[ $stderr != *address* ]]
}

@test "the passphrase: from a file, and asked for by nobody" {
    succeeds env PASS="open sesame" "$BUILD/bulla" key add-uid --passphrase-file @ENV:PASS lara Lara
    has_users lara@example.org "*Lara <lara@example.org>, Lara"
    leaves_key lara 67 "is protected by a passphrase" bulla key add-uid lara "Lara 2" </dev/null
    hints "--passphrase-file FILE"
    echo "open barley" >wrong
    leaves_key lara 67 "wrong passphrase" bulla key add-uid --passphrase-file wrong lara "Lara 2"
    PASS="open sesame" works lara@example.org --passphrase-file @ENV:PASS
}

@test "a key that is not there, or not one's own" {
    refuses 112 "nobody: no secret key of this name" bulla key add-uid nobody Nobody
    as other new_key "Bob <bob@example.org>"
    as other bulla cert export -q bob | bulla cert import -q
    refuses 112 "bob: no secret key of this name" bulla key add-uid bob Bobby
    refuses 111 "example.org: fits 3 certificates" bulla key add-uid example.org Someone
}

@test "names and addresses by options, as for key generate" {
    succeeds bulla key add-uid alice --name Alice --email alice@work.example --email alice@example.net
    has_users alice@example.org "*Alice <alice@example.org>, Alice <alice@work.example>, Alice <alice@example.net>"
    refuses 2 "an argument is missing: the new USER-ID" bulla key add-uid alice
}

@test "revoke-uid: the key is not found by it any more, and goes on" {
    succeeds bulla key add-uid alice "Alice at work <alice@work.example>"
    tried_first alice bulla key revoke-uid alice "Alice <alice@example.org>"
    prints "revoked       user ID Alice <alice@example.org>: revoked on $(date -u +%F): user ID no longer valid"
    prints "changed       user ID Alice at work <alice@work.example>: now the primary one"
    has_users alice@work.example "*Alice at work <alice@work.example>"
    fails 112 "only in certificate" bulla encrypt -r alice@example.org letter
    works alice@work.example
}

@test "revoke-uid: why" {
    succeeds bulla key add-uid ada "Ada at work <ada@work.example>"
    succeeds bulla key revoke-uid --message "new employer" ada "Ada at work <ada@work.example>"
    key_has ada 'any(.userids[]; .problem != null and (.problem | endswith("user ID no longer valid: new employer")))'
    succeeds bulla key revoke-uid --reason unspecified --json ada "Ada <ada@example.org>"
    is_json '.changes[0] | .change == "revoked" and (.what | endswith("no reason given")) and
        .signatures[0].type == "certification revocation"'
    refuses 2 "bored: no such reason" bulla key revoke-uid --reason bored lara "Lara <lara@example.org>"
}

@test "revoke-uid: the last one, with a warning" {
    succeeds bulla key revoke-uid ada "Ada <ada@example.org>"
    remarks "the key has no valid user ID any more"
    succeeds bulla key revoke-uid alice "Alice <alice@example.org>"
    remarks "the key has no valid user ID any more"
    for who in alice ada; do
        run bulla key list --json
        fpr=$(jq -r --arg who "${who^}" '.keys[] | select(.userid | startswith($who)) | .fingerprint' <<<"$output")
        works "$fpr"
    done
}

@test "revoke-uid: one that is not there, or revoked already" {
    leaves_key alice 107 "Bob: there is no such user ID" bulla key revoke-uid alice Bob
    leaves_key alice 107 "alice@example.org: there is no such user ID" \
        bulla key revoke-uid alice alice@example.org
    succeeds bulla key add-uid alice Alice
    succeeds bulla key revoke-uid alice Alice
    leaves_key alice 59 "Alice: it is revoked already" bulla key revoke-uid alice Alice
}

@test "a user ID that was revoked is taken up again" {
    for who in alice ada; do
        succeeds bulla key add-uid $who "$who 2 <$who@work.example>"
        succeeds bulla key revoke-uid $who "$who 2 <$who@work.example>"
        succeeds bulla key add-uid $who "$who 2 <$who@work.example>"
        prints "changed       user ID $who 2 <$who@work.example>: valid again"
        works $who@work.example
    done
}

@test "a key whose primary user ID nobody has marked keeps it" {
    need_specdata
    succeeds bulla key import "$SPECDATA/interop-certificates/alice-secret.pgp"
    succeeds bulla key add-uid alice@openpgp.example "Alice 2 <alice@work.example>"
    has_users alice@openpgp.example "*Alice Lovelace <alice@openpgp.example>, Alice 2 <alice@work.example>"
}

@test "edits of several processes at once: none is lost" {
    for i in 1 2 3 4 5 6; do
        bulla key add-uid -q alice "Alice $i" >"out.$i" 2>&1 &
    done
    bulla key add-uid -q alice "Alice 7"
    wait
    cat out.*
    [ "$(the_key alice | jq '[.userids[] | select(.valid)] | length')" -eq 8 ]
}

@test "of two that want the same only one does it" {
    bulla key add-uid -q alice Same >one 2>&1 & first=$!
    bulla key add-uid -q alice Same >two 2>&1 & second=$!
    codes=0
    wait $first || codes=$((codes + $?))
    wait $second || codes=$((codes + $?))
    cat one two
    [ $codes -eq 59 ]
    bulla cert export --binary -o alice.pgp alice
    [ "$(packet_types alice.pgp)" = "6 13 2 13 2 14 2" ]
}
