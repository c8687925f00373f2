#!/usr/bin/env bats
# key passphrase: of the whole key, and of each of its parts.

load lib

setup() {
    begin
    echo text >letter
    for name in old new other; do
        echo "$name" >$name
    done
}

# A key under the passphrase "old": locked_key [OPTION...]
locked_key() {
    bulla key generate -q --new-passphrase-file old "$@" Alice >/dev/null
    bulla encrypt -q -f --no-self -r Alice letter
    subkey=$(bulla key show --json Alice | json '.keys[0].keys[1].fingerprint')
}

# The primary key signs, and the subkey decrypts, with the passphrase in the file only, or
# "-" with none; not with those in the others: opens_with PRIMARY SUBKEY
opens_with() {
    local file
    for file in old new other; do
        check_one "$1" $file bulla sign --passphrase-file $file -f letter
        check_one "$2" $file bulla decrypt --passphrase-file $file -f -o copy letter.pgp
    done
}
check_one() {
    local right=$1 tried=$2
    shift 2
    if [ "$right" = "$tried" ] || [ "$right" = - ]; then
        succeeds "$@"
    else
        fails 67 "wrong passphrase" "$@"
    fi
}

@test "all parts get the new passphrase" {
    local profile
    for profile in default rfc9580; do
        locked_key --profile $profile
        succeeds bulla key passphrase --passphrase-file old --new-passphrase-file new Alice
        prints "changed       subkey $subkey: protected anew by a passphrase"
        [[ $stderr != *"cert export"* ]]
        opens_with new new
        bulla key delete --yes -q Alice
        bulla cert delete --yes -q Alice
    done
}

@test "one part alone, and then all from different passphrases" {
    locked_key
    succeeds bulla key passphrase --passphrase-file old --new-passphrase-file new --subkey "$subkey" Alice
    opens_with old new
    # The primary key, by its key ID, in small letters.
    local primary
    primary=$(fingerprint_of Alice)
    primary=${primary: -16}
    succeeds bulla key passphrase --passphrase-file old --new-passphrase-file other \
        --subkey "${primary,,}" Alice
    opens_with other new
    refuses 67 "wrong passphrase" \
        bulla key passphrase --passphrase-file new --new-passphrase-file old Alice
    opens_with other new
    succeeds bulla key passphrase --json --passphrase-file new --passphrase-file other \
        --new-passphrase-file old Alice
    is_json '.changes | length == 2 and all(.change == "changed" and .signatures == [])'
    opens_with old old
}

@test "none any more, and one where there was none" {
    locked_key
    succeeds bulla key passphrase --passphrase-file old --no-passphrase Alice
    prints "not protected by a passphrase any more"
    opens_with - -
    succeeds bulla key passphrase --no-passphrase Alice
    remarks "Nothing to change."
    succeeds bulla key passphrase --new-passphrase-file new Alice
    prints ": protected by a passphrase"
    opens_with new new
}

@test "--dry-run changes nothing" {
    locked_key
    succeeds bulla key passphrase --dry-run --passphrase-file old --new-passphrase-file new Alice
    prints "protected anew"
    remarks "dry run"
    opens_with old old
}

@test "what is refused" {
    locked_key
    refuses 67 "a passphrase" bulla key passphrase Alice
    hints "--passphrase-file"
    refuses 67 "a passphrase for the key is needed" bulla key passphrase --passphrase-file old Alice
    hints "--new-passphrase-file"
    printf "" >empty
    refuses 31 "empty" bulla key passphrase --new-passphrase-file empty Alice
    refuses 83 "choose one" bulla key passphrase --no-passphrase --new-passphrase-file new Alice
    refuses 112 "it has no subkey 0011223344556677" \
        bulla key passphrase --passphrase-file old --new-passphrase-file new \
        --subkey 0011223344556677 Alice
    hints "bulla key show"
    refuses 112 "no secret key of this name" bulla key passphrase --no-passphrase Bob
    refuses 2 "WHO" bulla key passphrase
    opens_with old old
}

@test "a key whose primary secret part is elsewhere" {
    locked_key
    bulla key export -q --subkeys-only -o part Alice
    as laptop bulla key import -q part
    as laptop refuses 112 "the secret part of key" bulla key passphrase --passphrase-file old \
        --new-passphrase-file new --subkey "$(fingerprint_of Alice)" Alice
    as laptop succeeds bulla key passphrase --passphrase-file old --new-passphrase-file new Alice
    as laptop succeeds bulla decrypt --passphrase-file new -o copy letter.pgp
    as laptop succeeds bulla key show Alice
    prints "secret part elsewhere"
}
