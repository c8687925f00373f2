#!/usr/bin/env bats
# encrypt: for whom, how, and where to.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as friend new_key "Bob <bob@example.org>"
    as friend bulla cert export -o bob.cert bob@example.org
    befriend bob.cert bob@example.org
    printf 'Dear Bob,\r\nthe meeting is at noon.' >letter
}

# What the friend, who has no other keys, reads out of a message.
friend_reads() {
    succeeds as friend bulla decrypt -f -o "$1.read" "$1"
    same "$1.read" "${2:-letter}"
}

@test "a file becomes FILE.pgp beside it and stays" {
    cp letter original
    succeeds bulla encrypt -r bob@example.org letter
    silent
    same letter original
    [ "$(packet_types letter.pgp)" = "1 1 18" ]
    friend_reads letter.pgp
}

@test "in another directory the message lies beside its file" {
    mkdir sub
    mv letter sub/
    succeeds bulla encrypt -r bob@example.org sub/letter
    [ -s sub/letter.pgp ]
    absent letter.pgp
}

@test "-a makes text, FILE.asc" {
    succeeds bulla encrypt -a -r bob@example.org letter
    absent letter.pgp
    [ "$(head -n 1 letter.asc)" = "-----BEGIN PGP MESSAGE-----" ]
    [ "$(tail -n 1 letter.asc)" = "-----END PGP MESSAGE-----" ]
    friend_reads letter.asc
}

@test "the name of -o does not decide what is written" {
    succeeds bulla encrypt -r bob@example.org -o message.asc letter
    [ "$(packet_types message.asc)" = "1 1 18" ]
    [ "$(head -c 1 message.asc | od -An -tx1)" = " c1" ]
    friend_reads message.asc
}

@test "-o - and standard input to standard output" {
    bulla encrypt -r bob@example.org -o - letter >one
    bulla encrypt -r bob@example.org <letter >two
    bulla encrypt -r bob@example.org - <letter >three
    bulla encrypt -r bob@example.org --output=- - <letter >four
    absent letter.pgp -.pgp -
    friend_reads one
    friend_reads two
    friend_reads three
    friend_reads four
}

@test "standard input to a file" {
    succeeds bulla encrypt -r bob@example.org -omessage <letter
    silent
    friend_reads message
}

@test "a file whose name starts with a dash" {
    mv letter ./-letter
    succeeds bulla encrypt -r bob@example.org -- -letter
    friend_reads ./-letter.pgp ./-letter
}

@test "several files, each with its own message" {
    echo second >note
    : >nothing
    succeeds bulla encrypt -r bob@example.org letter note nothing
    friend_reads letter.pgp
    friend_reads note.pgp note
    friend_reads nothing.pgp nothing
}

@test "of several files one is missing: the others are encrypted" {
    echo second >note
    fails 61 "bulla: encrypt: missing: No such file" \
        bulla encrypt -r bob@example.org letter missing note
    remarks "bulla: encrypt: 1 of "
    absent missing.pgp
    friend_reads letter.pgp
    friend_reads note.pgp note
}

@test "one output for several files is refused" {
    cp letter note
    refuses 83 "several files" bulla encrypt -r bob@example.org -o message letter note
    refuses 83 "several files" bulla encrypt -r bob@example.org -o - letter note
}

@test "an existing output stays, unless --force is given" {
    echo precious >letter.pgp
    refuses 59 "letter.pgp: exists already" bulla encrypt -r bob@example.org letter
    hints "--force"
    echo precious >message
    refuses 59 "message: exists already" bulla encrypt -r bob@example.org -o message letter
    succeeds bulla encrypt --force -r bob@example.org letter
    friend_reads letter.pgp
    succeeds bulla encrypt -f -r bob@example.org -o message letter
    friend_reads message
}

@test "--force replaces nothing if the work fails" {
    echo precious >message
    refuses 61 "missing" bulla encrypt -f -r bob@example.org -o message missing
    refuses 112 "nobody" bulla encrypt -f -r nobody -o message letter
}

@test "a dangling link counts as existing output" {
    ln -s elsewhere letter.pgp
    refuses 59 "letter.pgp: exists already" bulla encrypt -r bob@example.org letter
    absent elsewhere
}

@test "--force keeps a symbolic link and the mode of the file" {
    echo old >real
    chmod 640 real
    ln -s real letter.pgp
    succeeds bulla encrypt -f -r bob@example.org letter
    [ -L letter.pgp ]
    [ "$(stat -c %a real)" = 640 ]
    friend_reads real
}

@test "new files get the mode that the umask allows" {
    umask 027
    succeeds bulla encrypt -r bob@example.org letter
    [ "$(stat -c %a letter.pgp)" = 640 ]
}

@test "the sender can read the message, too" {
    succeeds bulla encrypt -r bob@example.org letter
    succeeds bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "--no-self: only the recipient can read it" {
    succeeds bulla encrypt --no-self -r bob@example.org letter
    [ "$(packet_types letter.pgp)" = "1 18" ]
    refuses 29 "letter.pgp" bulla decrypt -o copy letter.pgp
    friend_reads letter.pgp
}

@test "with several keys of one's own the sender is told; -q is not" {
    new_key "Alice at work <alice@work.example>"
    succeeds bulla encrypt -r bob@example.org letter
    remarks "Not encrypted to yourself"
    [ "$(packet_types letter.pgp)" = "1 18" ]
    succeeds bulla encrypt -q -f -r bob@example.org letter
    silent
    succeeds bulla encrypt -f -r bob@example.org -s -u alice@work.example letter
    silent
    [ "$(packet_types letter.pgp)" = "1 1 18" ]
}

@test "a key of one's own that cannot encrypt is no reason to fail" {
    need_specdata
    bulla key delete -q --yes alice@example.org
    bulla key import -q "$SPECDATA/fixtures/keys-ecc/ecc-25519-sec.asc"
    succeeds bulla encrypt -r bob@example.org letter
    remarks "Not encrypted to yourself"
    friend_reads letter.pgp
}

@test "to oneself alone" {
    succeeds bulla encrypt -r alice@example.org letter
    [ "$(packet_types letter.pgp)" = "1 18" ]
    succeeds bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "many recipients, each of whom can read it" {
    local name
    for name in carol dave erin frank grace; do
        as "$name" new_key "$name <$name@example.org>"
        as "$name" bulla cert export -o "$name.cert" "$name"
        befriend "$name.cert" "$name"
    done
    succeeds bulla encrypt --no-self -r carol@example.org -r dave@example.org \
        --recipient erin@example.org --recipient=frank@example.org -rgrace@example.org letter
    [ "$(packet_types letter.pgp)" = "1 1 1 1 1 18" ]
    for name in carol dave erin frank grace; do
        succeeds as "$name" bulla decrypt -o "copy.$name" letter.pgp
        same "copy.$name" letter
    done
    as friend refuses 29 "letter.pgp" bulla decrypt -o copy letter.pgp
}

@test "who is named twice gets it once" {
    succeeds bulla encrypt --no-self -r bob@example.org -r Bob --recipient-file bob.cert letter
    [ "$(packet_types letter.pgp)" = "1 18" ]
}

@test "one bad recipient: nothing is written for the others" {
    refuses 112 "nobody@example.org: no certificate" \
        bulla encrypt -r bob@example.org -r nobody@example.org letter
    hints "cert import"
}

@test "without recipient and passphrase it asks for whom" {
    refuses 2 "for whom?" bulla encrypt letter
    hints "-r WHO"
    refuses 2 "for whom?" bulla encrypt -s letter
}

@test "a certificate in a file, which is not imported" {
    bulla cert delete -q --yes bob@example.org
    succeeds bulla encrypt --recipient-file bob.cert letter
    friend_reads letter.pgp
    fails 112 "bob@example.org" bulla cert show bob@example.org
    bulla dearmor -o bob.pgp bob.cert
    succeeds bulla encrypt -f --recipient-file bob.pgp letter
    friend_reads letter.pgp
}

@test "a certificate in a file needs no keyring and makes none" {
    succeeds bulla encrypt --home nowhere --recipient-file bob.cert letter
    silent
    absent nowhere
    friend_reads letter.pgp
    rm letter.pgp
    succeeds env -u BULLA_HOME -u HOME "$BUILD/bulla" encrypt --recipient-file bob.cert letter
    friend_reads letter.pgp
}

@test "recipient files that are none" {
    : >empty
    echo "just text" >text
    bulla cert export -o both
    bulla sign -o signature letter
    refuses 61 "missing: No such file" bulla encrypt --recipient-file missing letter
    refuses 41 "empty" bulla encrypt --recipient-file empty letter
    refuses 41 "text" bulla encrypt --recipient-file text letter
    refuses 41 "signature" bulla encrypt --recipient-file signature letter
    refuses 111 "more than one" bulla encrypt --recipient-file both letter
}

@test "--hide-recipients: the message does not say whom it is for" {
    local subkey
    succeeds bulla encrypt --hide-recipients -r bob@example.org letter
    subkey=$(bulla cert show --json bob@example.org | json '.certificates[0].keys[1].fingerprint')
    [ "$(packet_types letter.pgp)" = "1 1 18" ]
    succeeds bulla inspect letter.pgp
    [[ $output != *"${subkey:24}"* ]]
    friend_reads letter.pgp
    succeeds bulla encrypt -f --profile rfc4880 --hide-recipients -r bob@example.org letter
    [ "$(field_of letter.pgp 1 "recipient key ID")" = 0000000000000000 ]
    friend_reads letter.pgp
}

@test "without --hide-recipients the subkey is named" {
    local subkey
    succeeds bulla encrypt --no-self -r bob@example.org letter
    subkey=$(bulla cert show --json bob@example.org | json '.certificates[0].keys[1].fingerprint')
    succeeds bulla inspect letter.pgp
    prints "$subkey"
}

@test "profiles: rfc9580 and rfc4880, else what the recipients announce" {
    succeeds bulla encrypt -r bob@example.org -o default letter
    succeeds bulla encrypt -r bob@example.org --profile rfc9580 -o new letter
    succeeds bulla encrypt -r bob@example.org --profile rfc4880 -o old letter
    [ "$(field_of default 18 version)" = 2 ]
    [ "$(field_of new 18 version)" = 2 ]
    [ "$(field_of old 18 version)" = 1 ]
    friend_reads default
    friend_reads new
    friend_reads old
    refuses 89 "pgp5: no such profile" bulla encrypt -r bob@example.org --profile pgp5 letter
    hints "rfc4880"
}

@test "one recipient who does not announce SEIPD v2 decides" {
    need_specdata
    cp "$SPECDATA/interop-certificates/bob.pgp" old.cert
    succeeds bulla encrypt --no-self -r bob@example.org --recipient-file old.cert letter
    [ "$(field_of letter.pgp 18 version)" = 1 ]
    friend_reads letter.pgp
    succeeds bulla encrypt -f --profile rfc9580 --recipient-file old.cert letter
    [ "$(field_of letter.pgp 18 version)" = 2 ]
}

@test "a recipient with a v6 key gets AEAD" {
    as friend new_key "Victor <victor@example.org>" --profile rfc9580
    as friend bulla cert export -o victor.cert victor@example.org
    succeeds bulla encrypt -r bob@example.org --recipient-file victor.cert letter
    [ "$(field_of letter.pgp 18 version)" = 2 ]
    friend_reads letter.pgp
}

@test "--compress makes it smaller, and only if asked for" {
    local how size
    head -c 100000 /dev/zero >zeros
    succeeds bulla encrypt -r bob@example.org -o plain zeros
    [ "$(wc -c <plain)" -gt 100000 ]
    for how in zip zlib bzip2; do
        succeeds bulla encrypt -r bob@example.org --compress "$how" -o "$how" zeros
        size=$(wc -c <"$how")
        [ "$size" -lt 5000 ]
        friend_reads "$how" zeros
    done
    refuses 2 "lzma: not zip, zlib or bzip2" bulla encrypt -r bob@example.org --compress lzma letter
}

@test "-s signs with one's own key" {
    bulla cert export -o alice.cert alice@example.org
    as friend bulla cert import -q alice.cert
    succeeds bulla encrypt -s -r bob@example.org letter
    friend_reads letter.pgp
    remarks "Good signature by Alice <alice@example.org>"
}

@test "without -s nothing is signed" {
    succeeds bulla encrypt -r bob@example.org letter
    succeeds bulla decrypt --json -o copy letter.pgp
    is_json '.files[0].signatures == []'
}

@test "-u signs, with several keys if there are several" {
    new_key "Alice at work <alice@work.example>"
    succeeds bulla encrypt -u alice@example.org -u alice@work.example -r bob@example.org letter
    succeeds bulla decrypt --json -o copy letter.pgp
    is_json '[.files[0].signatures[].status] == ["good", "good"]'
    succeeds bulla decrypt -f -o copy letter.pgp
    remarks "Good signature by Alice <alice@example.org>"
    remarks "Good signature by Alice at work <alice@work.example>"
}

@test "who has several keys has to choose the one that signs" {
    new_key "Alice at work <alice@work.example>"
    refuses 111 "Alice at work" bulla encrypt -s -r bob@example.org letter
    hints "-u"
    refuses 112 "bob@example.org: no secret key" \
        bulla encrypt -u bob@example.org -r bob@example.org letter
}

@test "a signing key with a passphrase" {
    echo secret >pass
    echo other >wrong
    bulla key delete -q --yes alice@example.org
    bulla key generate -q --new-passphrase-file pass "Ann <ann@example.org>" >fingerprint
    succeeds bulla encrypt -s --passphrase-file pass -r bob@example.org letter
    succeeds bulla encrypt -f -s --key-passphrase-file pass -r bob@example.org letter
    friend_reads letter.pgp
    refuses 67 "wrong passphrase" bulla encrypt -s --passphrase-file wrong -o no \
        -r bob@example.org letter
    refuses 67 "wrong passphrase" bulla encrypt -s --key-passphrase-file wrong -o no \
        -r bob@example.org letter
}

@test "the message's passphrase and that of the signing key" {
    echo secret >pass
    echo "for the message" >message
    bulla key generate -q --new-passphrase-file pass "Ann <ann@example.org>" >fingerprint
    succeeds bulla encrypt -u ann@example.org --passphrase-file message --passphrase-file pass \
        -p -o one letter
    succeeds bulla encrypt -u ann@example.org --passphrase-file message \
        --key-passphrase-file pass -o two letter
    succeeds as nobody bulla decrypt --passphrase-file message -o copy one
    same copy letter
    succeeds as nobody bulla decrypt --passphrase-file message -f -o copy two
    same copy letter
    refuses 29 "two" as nobody bulla decrypt --passphrase-file pass -o no two
}

@test "a passphrase only" {
    echo "correct horse" >pass
    echo "wrong horse" >wrong
    succeeds bulla encrypt -p --passphrase-file pass letter
    silent
    [ "$(packet_types letter.pgp)" = "3 18" ]
    succeeds as nobody bulla decrypt --passphrase-file pass -o copy letter.pgp
    same copy letter
    refuses 29 "letter.pgp" as nobody bulla decrypt --passphrase-file wrong -o no letter.pgp
    refuses 29 "letter.pgp" bulla decrypt -o no letter.pgp
}

@test "a passphrase beside recipients: either opens the message" {
    echo "correct horse" >pass
    succeeds bulla encrypt -p --passphrase-file pass -r bob@example.org letter
    [ "$(packet_types letter.pgp | tr ' ' '\n' | sort | tr '\n' ' ')" = "1 1 18 3 " ]
    friend_reads letter.pgp
    succeeds as nobody bulla decrypt --passphrase-file pass -o copy letter.pgp
    same copy letter
}

@test "an old-style message with a passphrase" {
    echo "correct horse" >pass
    succeeds bulla encrypt -p --passphrase-file pass --profile rfc4880 letter
    [ "$(field_of letter.pgp 3 version)" = 4 ]
    [ "$(field_of letter.pgp 18 version)" = 1 ]
    succeeds bulla decrypt --passphrase-file pass -o copy letter.pgp
    same copy letter
}

@test "the same letter is never the same message twice" {
    succeeds bulla encrypt -r bob@example.org -o one letter
    succeeds bulla encrypt -r bob@example.org -o two letter
    run ! cmp -s one two
}

@test "--json says what was made" {
    local bob
    bob=$(fingerprint_of bob@example.org)
    succeeds bulla encrypt --json --no-self -s -r bob@example.org letter
    is_json '.files == [{"input": "letter", "output": "letter.pgp", "seipd": 2,
        "cipher": "AES256", "aead": "OCB"}]'
    is_json ".recipients == [\"$bob\"] and .signed and (.passphrase | not)"
    [ -z "$stderr" ]
}

@test "--json leaves standard output to the message where that goes there" {
    bulla encrypt --json -r bob@example.org -o - letter >message 2>report
    friend_reads message
    output=$(cat report)
    is_json '.files[0].output == null'
}
