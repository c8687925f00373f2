#!/usr/bin/env bats
# Where passphrases come from when nobody types them.  Typed ones: terminal.bats.

load lib

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'correct horse\n' >pass
    printf 'wrong horse\n' >wrong
    bulla encrypt -p --passphrase-file pass -o message letter
}

# Opens the message in the way given: opens OPTION...
opens() {
    rm -f copy
    succeeds bulla decrypt -o copy "$@" message
    same copy letter
}

@test "a file" {
    opens --passphrase-file pass
    opens --passphrase-file=./pass
    refuses 29 "message: " bulla decrypt --passphrase-file wrong -o no message
    refuses 61 "passphrase: missing: No such file" \
        bulla decrypt --passphrase-file missing -o no message
}

@test "a descriptor" {
    opens --passphrase-file @FD:5 5<pass
    opens --passphrase-file @FD:0 <pass
    opens --passphrase-file @FD:7 7< <(printf 'correct horse')
    refuses 29 "message: " bulla decrypt --passphrase-file @FD:5 -o no message 5<wrong
    refuses 1 "@FD:77: " bulla decrypt --passphrase-file @FD:77 -o no message
}

@test "standard input" {
    opens --passphrase-file - <pass
    refuses 29 "message: " bulla decrypt --passphrase-file - -o no message <wrong
}

@test "a variable of the environment" {
    SECRET='correct horse' opens --passphrase-file @ENV:SECRET
    SECRET='wrong horse' refuses 29 "message: " \
        bulla decrypt --passphrase-file @ENV:SECRET -o no message
    refuses 71 "@ENV:SECRET_NOT_SET: the variable is not set" \
        bulla decrypt --passphrase-file @ENV:SECRET_NOT_SET -o no message
}

@test "a FIFO and a process substitution" {
    mkfifo fifo
    cat pass >fifo 3>&- &
    opens --passphrase-file fifo
    opens --passphrase-file <(echo "correct horse")
}

@test "one newline at the end is taken off, and no more" {
    printf 'correct horse' >none
    printf 'correct horse\r\n' >crlf
    printf 'correct horse\n\n' >two
    printf 'correct horse \n' >blank
    printf ' correct horse\n' >before
    opens --passphrase-file none
    opens --passphrase-file crlf
    refuses 29 "message" bulla decrypt --passphrase-file two -o no message
    refuses 29 "message" bulla decrypt --passphrase-file blank -o no message
    refuses 29 "message" bulla decrypt --passphrase-file before -o no message
    # With two newlines when encrypting the first belongs to the passphrase.
    bulla encrypt -f -p --passphrase-file two -o message letter
    opens --passphrase-file two
    refuses 29 "message" bulla decrypt --passphrase-file none -o no message
}

@test "several files are tried in their order" {
    opens --passphrase-file wrong --passphrase-file pass
    opens --passphrase-file pass --passphrase-file wrong
    SECRET="no horse" opens --passphrase-file @ENV:SECRET --passphrase-file wrong \
        --passphrase-file @FD:5 5<pass
    refuses 29 "message" bulla decrypt --passphrase-file wrong --passphrase-file wrong -o no message
}

@test "several files for a key" {
    bulla key generate -q --new-passphrase-file pass "Alice <alice@example.org>" >fingerprint
    succeeds bulla sign --passphrase-file wrong --passphrase-file pass -o mark letter
    succeeds bulla verify mark letter
    bulla encrypt --no-self -r alice@example.org -o sealed letter
    succeeds bulla decrypt --passphrase-file wrong --passphrase-file pass -o copy sealed
    same copy letter
}

@test "several keys, each with its own passphrase" {
    local name
    for name in Ann Bea Cis; do
        echo "the passphrase of $name" >"pass.$name"
        bulla key generate -q --new-passphrase-file "pass.$name" "$name" >fingerprint
    done
    succeeds bulla sign -u Ann -u Bea -u Cis -o mark letter --passphrase-file pass.Cis \
        --passphrase-file pass.Ann --passphrase-file pass.Bea
    succeeds bulla verify --json mark letter
    is_json '[.signatures[].status] == ["good", "good", "good"]'
}

@test "a message for two of one's own keys opens with either passphrase" {
    local name
    for name in Ann Bea; do
        echo "the passphrase of $name" >"pass.$name"
        bulla key generate -q --new-passphrase-file "pass.$name" "$name" >fingerprint
    done
    bulla encrypt -r Ann -r Bea -o sealed letter
    succeeds bulla decrypt --passphrase-file pass.Ann -o one sealed
    succeeds bulla decrypt --passphrase-file pass.Bea -o two sealed
    same one letter
    same two letter
}

@test "the same file serves several messages" {
    bulla encrypt -p --passphrase-file pass -o two.pgp letter
    bulla encrypt -p --passphrase-file pass -o one.pgp letter
    succeeds bulla decrypt --passphrase-file pass one.pgp two.pgp
    same one letter
    same two letter
}

@test "a descriptor serves several messages, too" {
    bulla encrypt -p --passphrase-file pass -o two.pgp letter
    bulla encrypt -p --passphrase-file pass -o one.pgp letter
    succeeds bulla decrypt --passphrase-file @FD:5 one.pgp two.pgp 5<pass
    same one letter
    same two letter
}

@test "a passphrase of any length and script" {
    local text n=0
    for text in x "пароль 密码 🐎" "$(printf 'a%.0s' {1..5000})" ' ' '"quoted" $HOME `x`'; do
        printf '%s' "$text" >odd
        succeeds bulla encrypt -f -p --passphrase-file odd -o message letter
        opens --passphrase-file odd
        bulla key generate -q --new-passphrase-file odd --home "home-$((++n))" Alice >fingerprint
        succeeds bulla sign --home "home-$n" --passphrase-file odd -f -o mark letter
    done
    head -c 100000 /dev/zero | tr '\0' a >long
    refuses 41 "long" bulla encrypt -p --passphrase-file long -o no letter
}

@test "an empty passphrase is refused for new things" {
    : >empty
    printf '\n' >newline
    refuses 31 "empty" bulla encrypt -p --passphrase-file empty -o no letter
    refuses 31 "empty" bulla encrypt -p --passphrase-file newline -o no letter
    refuses 31 "empty" bulla encrypt --passphrase-file @FD:0 -o no letter </dev/null
    SECRET='' refuses 31 "empty" bulla encrypt --passphrase-file @ENV:SECRET -o no letter
}

@test "a new passphrase that is no text is refused" {
    printf 'caf\xe9' >latin
    refuses 31 "not UTF-8" bulla encrypt -p --passphrase-file latin -o no letter
}

# Without any terminal at all.
alone() {
    setsid -w timeout 10 "$BUILD/bulla" "$@" </dev/null
}

@test "no terminal: decrypting says what is missing instead of waiting" {
    refuses 29 "message: " alone decrypt -o no message
    hints "--passphrase-file"
}

@test "no terminal: encrypting" {
    refuses 67 "a passphrase for the message is needed" alone encrypt -p -o no letter
    hints "give it with --passphrase-file"
}

@test "no terminal: a key of one's own" {
    bulla key generate -q --new-passphrase-file pass "Alice <alice@example.org>" >fingerprint
    bulla encrypt --no-self -r alice@example.org -o sealed letter
    refuses 67 "passphrase" alone sign -o no letter
    hints "--passphrase-file"
    refuses 67 "passphrase" alone encrypt -s -r alice@example.org -o no letter
    hints "--key-passphrase-file"
    refuses 67 "sealed: " alone decrypt -o no sealed
    hints "--passphrase-file"
}

@test "the passphrase is in no message and no report" {
    run bulla decrypt --json --passphrase-file pass --passphrase-file wrong -o copy message
    [[ $output != *horse* ]]
    SECRET="a secret horse" run bulla decrypt --json --passphrase-file @ENV:SECRET -o no message
    [ "$status" -ne 0 ]
    [[ $output != *horse* ]]
}

@test "a passphrase for a message also tries one's own keys, and the other way round" {
    bulla key generate -q --new-passphrase-file wrong "Alice <alice@example.org>" >fingerprint
    bulla encrypt -p --passphrase-file pass -r alice@example.org -o both letter
    succeeds bulla decrypt --passphrase-file pass -o one both
    succeeds bulla decrypt --passphrase-file wrong -o two both
    same one letter
    same two letter
}

@test "a message with two passphrases opens with either" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-encrypted
    printf password1 >one
    printf password2 >two
    succeeds bulla decrypt --passphrase-file one -o copy "$folder/rnp-3-keys-2-passwords.pgp"
    same copy "$folder/message.txt"
    succeeds bulla decrypt --passphrase-file two -f -o copy "$folder/rnp-3-keys-2-passwords.pgp"
    same copy "$folder/message.txt"
    refuses 29 "rnp-3-keys" bulla decrypt --passphrase-file pass -o no \
        "$folder/rnp-3-keys-2-passwords.pgp"
}

@test "session keys that cannot be used do not stop the one that can" {
    printf '%s' "correct horse" >pass
    { printf '\xcb\x2ab\0\0\0\0\0' && cat letter; } | seal "correct horse" >message
    # a malformed one, one with the cipher IDEA, one that takes 4 GiB of memory
    {
        printf '\xc1\x03\x03\x01\x02'
        printf '\xc3\x0d\x04\x01\x03\x08SALTSALT\x60'
        printf '\xc3\x16\x04\x09\x04SALTSALTSALTSALT\x01\x04\x16'
        cat message
    } >crowd
    succeeds bulla decrypt --passphrase-file pass -o copy crowd
    same copy letter
    head -c 44 crowd >alone
    tail -c "$(($(wc -c <message) - 6))" message >>alone
    refuses 41 "4096 MiB of memory" bulla decrypt --passphrase-file pass -o no alone
}

@test "one recipient's damaged session key is nothing to the others" {
    new_key "Ann <ann@example.org>"
    bulla encrypt -r ann@example.org -o for-ann letter
    { printf '\xc1\x03\x03\x01\x02' && cat for-ann; } >crowd
    succeeds bulla decrypt -o copy crowd
    same copy letter
}

@test "standard input cannot be two things at once" {
    refuses 83 "--passphrase-file: standard input is needed for the data" \
        bulla decrypt --passphrase-file - <message
    hints "@FD:3"
    refuses 83 "--passphrase-file: standard input is needed for the data" \
        bulla decrypt --passphrase-file=@FD:0 - <message
    refuses 83 "needed for --key-passphrase-file" bulla encrypt -p --passphrase-file - \
        --key-passphrase-file - -s letter <pass
    refuses 83 "named twice" bulla sign - - <letter
    bulla decrypt --passphrase-file @FD:3 <message 3<pass >copy
    same copy letter
}

@test "a passphrase that would protect nothing is refused" {
    new_key "Ann <ann@example.org>"
    refuses 83 "gets no passphrase" bulla encrypt -r ann@example.org --passphrase-file pass letter
    hints "add -p"
    refuses 83 "nobody signs" bulla encrypt -r ann@example.org --key-passphrase-file pass letter
    succeeds bulla encrypt -p -r ann@example.org --passphrase-file pass letter
    bulla decrypt --passphrase-file pass -o copy letter.pgp
    same copy letter
    succeeds bulla encrypt -f -s -r ann@example.org --passphrase-file pass letter
}
