#!/usr/bin/env bats
# key add-uid: the names of one's own key.

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
    refuses 2 "an argument is missing: WHO USER-ID..." bulla key add-uid alice
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
