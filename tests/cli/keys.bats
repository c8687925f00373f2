#!/usr/bin/env bats
# key: make, list, show, export, import and delete one's own keys.

load lib

setup() {
    begin
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
}

# The key of a user signs, and decrypts what is encrypted to it: works USER [OPTION...]
works() {
    local user=$1
    shift
    rm -f ./*.works
    succeeds bulla sign -u "$user" "$@" -o mark.works letter
    succeeds bulla verify --signer "$user" mark.works letter
    succeeds bulla encrypt --no-self -r "$user" -o sealed.works letter
    succeeds bulla decrypt "$@" -o copy.works sealed.works
    same copy.works letter
}

# In how many days a key expires: days_left USER
days_left() {
    local expires
    expires=$(bulla key show --json "$1" | json '.keys[0].keys[0].expires')
    echo $((($(date -d "$expires" +%s) - $(date +%s) + 43200) / 86400))
}

@test "generate prints the fingerprint, and says what next" {
    succeeds bulla key generate --no-passphrase "Alice <alice@example.org>"
    [[ $output =~ ^[0-9A-F]{40}$ ]]
    remarks "Made a key for Alice <alice@example.org>, which expires on "
    remarks "bulla cert export $output"
    [ "$output" = "$(fingerprint_of alice@example.org)" ]
    works alice@example.org
}

@test "generate -q prints nothing but the fingerprint" {
    succeeds bulla key generate -q --no-passphrase "Alice <alice@example.org>"
    [[ $output =~ ^[0-9A-F]{40}$ ]]
    [ -z "$stderr" ]
}

@test "generate --json" {
    succeeds bulla key generate --json --no-passphrase --expires never "Alice <alice@example.org>"
    is_json '(.fingerprint | test("^[0-9A-F]{40}$")) and
        .userid == "Alice <alice@example.org>" and .expires == null'
    [ -z "$stderr" ]
}

@test "the default profile: version 4, Curve25519, announcing AEAD" {
    new_key "Alice <alice@example.org>"
    succeeds bulla key show --json alice
    is_json '.keys[0].keys | length == 2 and all(.version == 4)'
    is_json '.keys[0].keys[0] | .primary and .flags == ["certify", "sign"]'
    is_json '.keys[0].keys[1] | .flags == ["encrypt"]'
    is_json '.keys[0].seipd2 == true'
    works alice
}

@test "the profile rfc9580: version 6" {
    new_key "Alice <alice@example.org>" --profile rfc9580
    succeeds bulla key show --json alice
    is_json '.keys[0].keys | length == 2 and all(.version == 6)'
    is_json '(.keys[0].fingerprint | length) == 64 and .keys[0].seipd2 == true'
    works alice
}

@test "the profile compatibility: version 4, RSA 3072" {
    new_key "Alice <alice@example.org>" --profile compatibility
    succeeds bulla key show --json alice
    is_json '.keys[0].keys | length == 2 and all(.version == 4 and .algorithm == "RSA 3072")'
    works alice
}

@test "an unknown profile" {
    refuses 89 "future: no such profile" \
        bulla key generate --no-passphrase --profile future Alice
    hints "rfc9580"
    [ -z "$(bulla key list)" ]
}

@test "several user IDs, the first of which is the primary one" {
    succeeds bulla key generate -q --no-passphrase "Alice <alice@example.org>" \
        "Alice at work <alice@work.example>" "Ally"
    succeeds bulla key show --json alice@work.example
    is_json '[.keys[0].userids[].userid] ==
        ["Alice <alice@example.org>", "Alice at work <alice@work.example>", "Ally"]'
    is_json '[.keys[0].userids[].primary] == [true, false, false]'
    works Ally
}

@test "the same user ID twice is one" {
    succeeds bulla key generate -q --no-passphrase Alice Alice
    succeeds bulla key show --json Alice
    is_json '.keys[0].userids | length == 1'
}

@test "no user ID, an empty one, and what is no text" {
    refuses 2 "whose key?" bulla key generate --no-passphrase
    hints "you@example.org"
    refuses 2 "user ID is empty" bulla key generate --no-passphrase ""
    refuses 2 "not UTF-8" bulla key generate --no-passphrase $'Andr\xe9'
    [ -z "$(bulla key list)" ]
}

@test "user IDs in any script" {
    new_key "Ælfrēd 山田 <ælfrēd@例え.example>"
    succeeds bulla key list
    prints "Ælfrēd 山田 <ælfrēd@例え.example>"
    works "山田"
}

@test "expires in three years unless said otherwise" {
    new_key Alice
    [ "$(days_left Alice)" -ge 1095 ]
    [ "$(days_left Alice)" -le 1097 ]
}

@test "--expires as a length of time" {
    new_key one --expires 90d
    new_key two --expires 6w
    new_key three --expires 18m
    new_key four --expires 2y
    [ "$(days_left one)" -eq 90 ]
    [ "$(days_left two)" -eq 42 ]
    [ "$(days_left three)" -ge 546 ]
    [ "$(days_left three)" -le 550 ]
    [ "$(days_left four)" -ge 730 ]
    [ "$(days_left four)" -le 731 ]
}

@test "--expires as a date, or never" {
    local date
    date=$(date -u -d "+400 days" +%Y-%m-%d)
    new_key one --expires "$date"
    succeeds bulla key show one
    prints "expires $date"
    new_key two --expires "${date}T12:00:00Z"
    bulla key show --json two | json '.keys[0].keys[0].expires' | grep -qx "${date}T12:00:00Z"
    succeeds bulla key generate --no-passphrase --expires never three
    remarks "does not expire"
    succeeds bulla key show --json three
    is_json '.keys[0].keys | all(.expires == null)'
}

@test "--expires that makes no sense" {
    local when
    for when in 2030-02-31 2 y 2x -1y 1.5y "" soon Infinity; do
        refuses 2 "$when: neither a length of time nor a date" \
            bulla key generate --no-passphrase --expires "$when" Alice
        hints "2y"
    done
    refuses 2 "in the past" bulla key generate --no-passphrase --expires 2001-01-01 Alice
    refuses 2 "0d: " bulla key generate --no-passphrase --expires 0d Alice
    refuses 2 "too far" bulla key generate --no-passphrase --expires 200y Alice
    [ -z "$(bulla key list)" ]
}

@test "a key that expired is shown as such" {
    new_key Late --expires 1s
    sleep 2
    succeeds bulla key list
    prints "expired"
    succeeds bulla key show Late
    prints "NOT VALID: expired"
    succeeds bulla key list --json
    is_json '.keys[0] | .valid == false and (.problem | test("expired"))'
}

@test "--new-passphrase-file protects the key" {
    echo "correct horse" >pass
    succeeds bulla key generate -q --new-passphrase-file pass Alice
    succeeds bulla key show --json Alice
    is_json '.keys[0].keys | all(.protected)'
    works Alice --passphrase-file pass
    refuses 67 "passphrase" setsid -w "$BUILD/bulla" sign -o mark letter </dev/null
    # The passphrase is not stored anywhere.
    run ! grep -rqa "correct horse" "$BULLA_HOME"
}

@test "every profile's key can be protected" {
    local profile
    echo "correct horse" >pass
    echo "wrong horse" >wrong
    for profile in default rfc9580 compatibility; do
        bulla key generate -q --new-passphrase-file pass --profile "$profile" "Key $profile" >fpr
        works "Key $profile" --passphrase-file pass
        refuses 67 "wrong passphrase" bulla sign -u "Key $profile" --passphrase-file wrong \
            -o mark letter
    done
}

@test "--no-passphrase leaves it open" {
    new_key Alice
    succeeds bulla key show --json Alice
    is_json '.keys[0].keys | all(.protected | not)'
    succeeds bulla key show Alice
    prints "not protected"
}

@test "passphrases that are refused" {
    : >empty
    printf '\n' >newline
    printf 'caf\xe9' >latin
    refuses 31 "empty" bulla key generate --new-passphrase-file empty Alice
    refuses 31 "empty" bulla key generate --new-passphrase-file newline Alice
    refuses 31 "not UTF-8" bulla key generate --new-passphrase-file latin Alice
    refuses 61 "missing" bulla key generate --new-passphrase-file missing Alice
    refuses 83 "choose one" \
        bulla key generate --no-passphrase --new-passphrase-file newline Alice
    [ -z "$(bulla key list)" ]
}

@test "without a terminal it says how to give a passphrase" {
    refuses 67 "passphrase" setsid -w "$BUILD/bulla" key generate Alice </dev/null
    hints "--new-passphrase-file"
    hints "--no-passphrase"
}

@test "the keyring is readable for its owner only" {
    umask 022
    new_key Alice
    [ "$(stat -c %a "$BULLA_HOME")" = 700 ]
    [ -z "$(find "$BULLA_HOME" -type f -perm /077)" ]
}

@test "list: nothing, all, and some" {
    succeeds bulla key list
    silent
    new_key "Alice <alice@example.org>"
    new_key "Bob <bob@example.org>"
    succeeds bulla key list
    [ "$(wc -l <<<"$output")" -eq 2 ]
    prints "$(fingerprint_of alice@example.org)"
    prints "Bob <bob@example.org>"
    succeeds bulla key list bob
    [ "$(wc -l <<<"$output")" -eq 1 ]
    prints "Bob"
    succeeds bulla key list example.org
    [ "$(wc -l <<<"$output")" -eq 2 ]
    fails 112 "carol" bulla key list carol
    [ -z "$output" ]
}

@test "list leaves out the certificates of others" {
    as friend new_key "Bob <bob@example.org>"
    as friend bulla cert export -o bob.cert Bob
    bulla cert import -q bob.cert
    succeeds bulla key list
    silent
    fails 112 "Bob" bulla key list Bob
}

@test "show: every key and user ID, one or several" {
    new_key "Alice <alice@example.org>"
    new_key "Bob <bob@example.org>"
    succeeds bulla key show alice@example.org
    prints "key     $(fingerprint_of alice@example.org)"
    prints "subkey  "
    prints "user    Alice <alice@example.org>"
    prints "secret part here"
    succeeds bulla key show alice bob
    prints "Alice"
    prints "Bob"
    refuses 2 "which one?" bulla key show
    refuses 112 "carol" bulla key show carol
    fails 112 "carol" bulla key show alice carol
}

@test "export and import elsewhere" {
    local profile
    for profile in default rfc9580 compatibility; do
        new_key "Key $profile" --profile "$profile"
        succeeds bulla key export -o "$profile.key" "Key $profile"
        silent
        [ "$(head -n 1 "$profile.key")" = "-----BEGIN PGP PRIVATE KEY BLOCK-----" ]
        [ "$(stat -c %a "$profile.key")" = 600 ]
        succeeds as elsewhere bulla key import "$profile.key"
        remarks "new        $(fingerprint_of "Key $profile")  Key $profile"
        as elsewhere works "Key $profile"
    done
}

@test "export to standard output, as bytes, and of several keys" {
    new_key Alice
    new_key Bob
    bulla key export Alice >alice.key
    succeeds as one bulla key import alice.key
    bulla key export --binary Alice Bob >both.key
    [ "$(head -c 1 both.key | od -An -tx1)" = " c5" ]
    succeeds as two bulla key import both.key
    succeeds as two bulla key list
    [ "$(wc -l <<<"$output")" -eq 2 ]
    refuses 2 "which one?" bulla key export
    refuses 112 "Carol" bulla key export Carol
    refuses 83 "choose one" bulla key export --armor --binary Alice
}

@test "export never replaces without --force, and stays private" {
    umask 022
    new_key Alice
    echo precious >alice.key
    refuses 59 "alice.key: exists already" bulla key export -o alice.key Alice
    succeeds bulla key export -f -o alice.key Alice
    grep -q "PRIVATE KEY" alice.key
    [ "$(stat -c %a alice.key)" = 600 ]
}

@test "an exported key is as well protected as it was" {
    echo "correct horse" >pass
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    bulla key export -o alice.key Alice
    succeeds as elsewhere bulla key import alice.key
    as elsewhere works Alice --passphrase-file pass
    refuses 67 "passphrase" as elsewhere setsid -w "$BUILD/bulla" sign -o mark letter </dev/null
}

@test "import from standard input and of several files" {
    local name
    for name in Alice Bob Carol; do
        new_key "$name"
        bulla key export -o "$name.key" "$name"
    done
    succeeds as elsewhere bulla key import <Alice.key
    remarks "new "
    succeeds as elsewhere bulla key import Bob.key Carol.key Alice.key
    remarks "unchanged"
    succeeds as elsewhere bulla key list
    [ "$(wc -l <<<"$output")" -eq 3 ]
}

@test "import twice changes nothing" {
    new_key Alice
    bulla key export -o alice.key Alice
    succeeds bulla key import alice.key
    remarks "unchanged"
    succeeds bulla key import --json alice.key
    is_json '.unchanged == 1 and .new == 0 and .changed == 0 and .rejected == 0'
    [ "$(bulla key list | wc -l)" -eq 1 ]
}

@test "a secret key joins the certificate that is there already" {
    new_key Alice
    bulla key export -o alice.key Alice
    bulla cert export -o alice.cert Alice
    as elsewhere bulla cert import -q alice.cert
    succeeds as elsewhere bulla key list
    silent
    succeeds as elsewhere bulla key import alice.key
    [ "$(as elsewhere bulla cert list | wc -l)" -eq 1 ]
    as elsewhere works Alice
}

@test "import of a certificate as a key is refused" {
    new_key Alice
    bulla cert export -o alice.cert Alice
    fails 41 "nothing could be imported" as elsewhere bulla key import alice.cert
    remarks "no secret key in it"
    remarks "bulla cert import"
    succeeds as elsewhere bulla cert list
    silent
}

@test "import of garbage, of nothing, of a message" {
    new_key Alice
    : >empty
    bulla encrypt -r Alice letter
    fails 41 "empty" as elsewhere bulla key import empty
    fails 41 "letter" as elsewhere bulla key import letter
    fails 41 "letter.pgp" as elsewhere bulla key import letter.pgp
    fails 61 "missing" as elsewhere bulla key import missing
    succeeds as elsewhere bulla key list
    silent
}

@test "of several files one is bad: the others are imported, and it is said" {
    new_key Alice
    new_key Bob
    bulla key export -o alice.key Alice
    bulla key export -o bob.key Bob
    run --separate-stderr as elsewhere bulla key import alice.key letter bob.key
    [ "$status" -eq 41 ]
    remarks "letter"
    succeeds as elsewhere bulla key list
    prints Alice
    prints Bob
}

@test "a key of another program, with its passphrase" {
    need_specdata
    local keys=$SPECDATA/fixtures
    echo password >pass
    succeeds bulla key import "$keys/keys-ecc/ecc-x25519-sec.asc"
    works 4C9738A6F2BE4E1A796C9B7B941822A0FC1B30A5 --passphrase-file pass
    succeeds bulla key import "$keys/keys-new-formats/locked-v6-ed25519-sequoia.asc"
    succeeds bulla key import "$SPECDATA/interop-certificates/bob-secret.pgp"
    works bob@openpgp.example
}

@test "keys of the brainpool curves and of secp256k1, with their passphrase" {
    need_specdata
    local name
    echo password >pass
    for name in bp256 bp384 bp512 secp256k1; do
        succeeds bulla key import "$SPECDATA/fixtures/keys-ecc/ecc-$name-sec.asc"
    done
    for name in ecc-bp256 ecc-bp384 ecc-bp512 ecc-p256k1; do
        works "$name" --passphrase-file pass
    done
}

@test "a secret part that does not fit its public part is not used" {
    need_specdata
    echo 123 >pass
    run bulla key import "$SPECDATA/fixtures/keys-validity/mismatching-secret-eddsa.asc"
    run --separate-stderr bulla sign --passphrase-file pass -o mark letter
    [ "$status" -ne 0 ]
    absent mark
}

@test "delete takes the secret key and leaves the certificate" {
    new_key Alice
    bulla encrypt -r Alice -o sealed letter
    succeeds bulla key delete --yes Alice
    succeeds bulla key list
    silent
    succeeds bulla cert list
    prints Alice
    refuses 29 "sealed" bulla decrypt -o copy sealed
    refuses 112 "no key of your own" bulla sign -o mark letter
    # Nothing of it is left in the files.
    [ -z "$(bulla key list --json | json '.keys[]?.fingerprint' || true)" ]
}

@test "delete asks, and without a terminal wants --yes" {
    new_key Alice
    refuses 2 "delete it?" setsid -w "$BUILD/bulla" key delete Alice </dev/null
    hints "--yes"
    succeeds bulla key list
    prints Alice
}

@test "delete several; one unknown name and none is deleted" {
    new_key Alice
    new_key Bob
    refuses 2 "which one?" bulla key delete --yes
    refuses 112 "Carol" bulla key delete --yes Alice Carol
    succeeds bulla key list
    prints Alice
    succeeds bulla key delete -y --json Alice Bob
    is_json '.deleted | length == 2'
    succeeds bulla key list
    silent
}

@test "delete: an ambiguous name deletes nothing" {
    new_key "Alice <alice@example.org>"
    new_key "Bob <bob@example.org>"
    refuses 111 "fits 2" bulla key delete --yes example.org
    [ "$(bulla key list | wc -l)" -eq 2 ]
}

@test "a deleted key can be imported again" {
    new_key Alice
    bulla key export -o alice.key Alice
    bulla key delete -q --yes Alice
    succeeds bulla key import alice.key
    works Alice
}

@test "--home names another keyring" {
    new_key Alice --home one
    new_key Bob --home two
    succeeds bulla key list --home one
    prints Alice
    [[ $output != *Bob* ]]
    succeeds bulla key list --home=two
    prints Bob
    succeeds bulla key list
    silent
}

@test "without BULLA_HOME keys are in XDG_DATA_HOME or below HOME" {
    unset BULLA_HOME
    XDG_DATA_HOME=$PWD/xdg succeeds bulla key generate -q --no-passphrase Alice
    [ -s xdg/bulla/keyring.db ]
    HOME=$PWD/me succeeds bulla key generate -q --no-passphrase Bob
    [ -s me/.local/share/bulla/keyring.db ]
    HOME=$PWD/me succeeds bulla key list
    prints Bob
}

@test "many at once do not disturb one another" {
    local i pids=()
    for i in {1..20}; do
        "$BUILD/bulla" key generate -q --no-passphrase "Key $i" >/dev/null 3>&- &
        pids+=($!)
    done
    for i in "${pids[@]}"; do
        wait "$i"
    done
    [ "$(bulla key list | wc -l)" -eq 20 ]
}
