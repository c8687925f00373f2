#!/usr/bin/env bats
# sign: detached, inline and cleartext; names of outputs; who signs.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    bulla cert export -o alice.cert alice@example.org
    printf 'Dear Bob,\n- bring the - map\n\nFrom Alice  \nno newline' >letter
}

# Somebody who has nothing but Alice's certificate checks the last argument.
good() {
    succeeds bulla verify --home nobody --signer-file alice.cert "$@"
    remarks "Good signature by Alice <alice@example.org>"
}

@test "the signature goes to FILE.sig, and FILE stays" {
    cp letter original
    succeeds bulla sign letter
    silent
    same letter original
    [ "$(packet_types letter.sig)" = 2 ]
    good letter.sig letter
}

@test "-a makes text, FILE.asc" {
    succeeds bulla sign -a letter
    absent letter.sig
    [ "$(head -n 1 letter.asc)" = "-----BEGIN PGP SIGNATURE-----" ]
    [ "$(tail -n 1 letter.asc)" = "-----END PGP SIGNATURE-----" ]
    good letter.asc letter
}

@test "--inline makes one message, FILE.pgp" {
    succeeds bulla sign --inline letter
    [ "$(packet_types letter.pgp)" = "4 11 2" ]
    good -o copy letter.pgp
    same copy letter
}

@test "--inline -a makes one message of text, FILE.asc" {
    succeeds bulla sign --inline -a letter
    [ "$(head -n 1 letter.asc)" = "-----BEGIN PGP MESSAGE-----" ]
    good -o copy letter.asc
    same copy letter
}

@test "--cleartext leaves the text readable, FILE.asc" {
    succeeds bulla sign --cleartext letter
    [ "$(head -n 1 letter.asc)" = "-----BEGIN PGP SIGNED MESSAGE-----" ]
    grep -qx "Dear Bob," letter.asc
    grep -qx -- "- - bring the - map" letter.asc
    good letter.asc
}

@test "--cleartext gives the text back, but for blanks at line ends" {
    succeeds bulla sign --cleartext letter
    good -o copy letter.asc
    sed 's/ *$//' letter >expected
    diff <(cat expected && echo) <(cat copy && echo) || same copy expected
}

@test "--cleartext: texts that tempt parsers" {
    local text
    for text in '' '\n' '\n\n\n' '-' '- ' '--\n' '-----BEGIN PGP SIGNATURE-----\n' \
        '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nx\n' 'Hash: MD5\n' 'a\r\nb\r\n' \
        'From me\n' '=abcd\n' 'ends in blank \t \n' 'é ü ☃\n'; do
        printf '%b' "$text" >tempting
        succeeds bulla sign --cleartext -f tempting
        good tempting.asc
    done
}

@test "--cleartext of something that is no text" {
    head -c 3000 "$BUILD/bulla" >binary
    # 53 is "expected text" in the Stateless OpenPGP interface.
    refuses 53 "binary" bulla sign --cleartext binary
    hints "--inline"
}

@test "-o, -o - and standard input" {
    succeeds bulla sign -o mark letter
    good mark letter
    bulla sign -o - letter >one
    bulla sign <letter >two
    bulla sign - <letter >three
    good one letter
    good two letter
    good three letter
    absent letter.sig - -.sig
    bulla sign --inline <letter >four
    good four
    bulla sign --cleartext <letter >five
    good five
    succeeds bulla sign -o six <letter
    good six letter
}

@test "several files, each with its own signature" {
    echo second >note
    : >nothing
    succeeds bulla sign letter note nothing
    good letter.sig letter
    good note.sig note
    good nothing.sig nothing
    refuses 83 "several files" bulla sign -o mark letter note
}

@test "of several files one is missing: the others are signed" {
    echo second >note
    fails 61 "missing: No such file" bulla sign letter missing note
    absent missing.sig
    good letter.sig letter
    good note.sig note
}

@test "an existing output stays, unless --force is given" {
    local form
    for form in "letter.sig" "letter.asc --armor" "letter.pgp --inline" "letter.asc --cleartext"; do
        # shellcheck disable=SC2086
        set -- $form
        echo precious >"$1"
        refuses 59 "$1: exists already" bulla sign ${2:+"$2"} letter
        hints "--force"
        succeeds bulla sign --force ${2:+"$2"} letter
        run ! grep -q precious "$1"
    done
}

@test "--force replaces nothing if the work fails" {
    echo precious >mark
    refuses 61 "missing" bulla sign -f -o mark missing
    refuses 112 "nobody" bulla sign -f -u nobody -o mark letter
}

@test "an empty file and a large one" {
    : >empty
    head -c 3000000 /dev/zero >large
    succeeds bulla sign empty large
    good empty.sig empty
    good large.sig large
    succeeds bulla sign --inline empty large
    good -o empty.copy empty.pgp
    same empty.copy empty
    good -o large.copy large.pgp
    same large.copy large
}

@test "--text: line ends may change on the way" {
    printf 'one\ntwo\n' >text
    printf 'one\r\ntwo\r\n' >text.crlf
    succeeds bulla sign --text text
    good text.sig text
    good text.sig text.crlf
    printf 'one\ntwo!\n' >other
    refuses 3 "bad signature" bulla verify text.sig other
}

@test "without --text every byte counts" {
    printf 'one\r\ntwo\r\n' >letter.crlf
    printf 'one\ntwo\n' >letter
    succeeds bulla sign letter
    refuses 3 "bad signature" bulla verify letter.sig letter.crlf
}

@test "-u chooses the key, by any of its names" {
    local fpr name
    new_key "Alice at work <alice@work.example>"
    fpr=$(fingerprint_of alice@example.org)
    for name in alice@example.org "$fpr" "0x$fpr" "${fpr,,}" "${fpr:24}" "Alice <a"; do
        succeeds bulla sign -f -u "$name" letter
        good letter.sig letter
    done
    succeeds bulla sign -f -u alice@work.example letter
    refuses 3 "letter" bulla verify --signer-file alice.cert letter.sig letter
}

@test "several signers" {
    new_key "Alice at work <alice@work.example>"
    succeeds bulla sign -u alice@example.org -u alice@work.example letter
    [ "$(packet_types letter.sig)" = "2 2" ]
    good letter.sig letter
    succeeds bulla verify letter.sig letter
    remarks "Good signature by Alice <alice@example.org>"
    remarks "Good signature by Alice at work <alice@work.example>"
    succeeds bulla sign --inline -u alice@example.org -u alice@work.example letter
    [ "$(packet_types letter.pgp)" = "4 4 11 2 2" ]
    succeeds bulla verify --json letter.pgp
    is_json '[.signatures[].status] == ["good", "good"]'
    succeeds bulla sign --cleartext -u alice@example.org -u alice@work.example letter
    succeeds bulla verify --json letter.asc
    is_json '[.signatures[].status] == ["good", "good"]'
}

@test "keys of version 4 and 6 together" {
    new_key "Alice anew <new@example.org>" --profile rfc9580
    succeeds bulla sign --cleartext -u alice@example.org -u new@example.org letter
    succeeds bulla verify --json letter.asc
    is_json '[.signatures[].status] == ["good", "good"]'
    succeeds bulla sign --inline -u alice@example.org -u new@example.org letter
    succeeds bulla verify --json letter.pgp
    is_json '[.signatures[].status] == ["good", "good"]'
}

@test "each profile's key signs in each form" {
    local profile form
    for profile in rfc9580 compatibility; do
        new_key "Key $profile <$profile@example.org>" --profile "$profile"
        for form in --inline --cleartext --text --armor; do
            succeeds bulla sign -f "$form" -o "made$form" -u "$profile@example.org" letter
        done
        succeeds bulla verify --signer "$profile@example.org" made--inline
        succeeds bulla verify --signer "$profile@example.org" made--cleartext
        succeeds bulla verify --signer "$profile@example.org" made--text letter
        succeeds bulla verify --signer "$profile@example.org" made--armor letter
    done
}

@test "who has several keys has to choose" {
    new_key "Alice at work <alice@work.example>"
    refuses 111 "Alice at work" bulla sign letter
    hints "-u"
    refuses 111 "Alice at work" bulla sign -u alice letter
}

@test "who has no key is told how to make one" {
    refuses 112 "no key of your own" as nobody bulla sign letter
    hints "bulla key generate"
    refuses 112 "alice@example.org: no secret key" as nobody bulla sign -u alice@example.org letter
}

@test "somebody else's certificate does not sign" {
    as friend new_key "Bob <bob@example.org>"
    as friend bulla cert export -o bob.cert bob@example.org
    bulla cert import -q bob.cert
    refuses 112 "bob@example.org: no secret key" bulla sign -u bob@example.org letter
    hints "bulla key list"
}

@test "an expired key does not sign" {
    new_key "Late <late@example.org>" --expires 1s
    sleep 2
    refuses 79 "expired" bulla sign -u late@example.org letter
    remarks "Late <late@example.org>"
}

@test "a key with a passphrase" {
    echo secret >pass
    echo other >wrong
    bulla key generate -q --new-passphrase-file pass "Ann <ann@example.org>" >fingerprint
    succeeds bulla sign -u ann@example.org --passphrase-file pass letter
    succeeds bulla verify --signer ann@example.org letter.sig letter
    refuses 67 "wrong passphrase" bulla sign -o no -u ann@example.org --passphrase-file wrong letter
    refuses 67 "passphrase" setsid -w "$BUILD/bulla" sign -o no -u ann@example.org letter </dev/null
    hints "--passphrase-file"
    succeeds bulla sign -f -u ann@example.org --passphrase-file wrong --passphrase-file pass letter
}

@test "--cleartext and --inline exclude one another" {
    refuses 83 "--cleartext and --inline" bulla sign --cleartext --inline letter
}

@test "--json says who signed and where the signature is" {
    succeeds bulla sign --json letter
    [ -z "$stderr" ]
    is_json ".signers == [\"$(fingerprint_of alice@example.org)\"]"
    is_json '.files == [{"input": "letter", "output": "letter.sig"}]'
    bulla sign --json -o - letter >mark 2>report
    good mark letter
    output=$(cat report)
    is_json '.files[0].output == null'
}
