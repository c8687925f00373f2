#!/usr/bin/env bats
# decrypt: names of outputs, what is refused, and which signers are asked for.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as friend new_key "Bob <bob@example.org>"
    bulla cert export -o alice.cert alice@example.org
    as friend bulla cert export -o bob.cert bob@example.org
    as friend bulla cert import -q alice.cert
    printf 'Dear Alice,\r\nthe meeting is at noon.' >letter
}

# A letter from Bob to Alice: from_bob MESSAGE [OPTION...]
from_bob() {
    local message=$1
    shift
    as friend bulla encrypt -q --trust always --no-self -r alice@example.org -o "$message" "$@" letter
}

# A letter with Bob's signature, of which one bit of the part given was changed
# before it was encrypted: forged_by_bob MESSAGE text|signature
forged_by_bob() {
    as friend bulla sign --inline -o forgery letter
    case $2 in
    text) flip forgery "$(offset_of noon forgery)" ;;
    signature) flip forgery "$(($(wc -c <forgery) - 5))" ;;
    esac
    printf 'correct horse\n' >pass
    seal "correct horse" <forgery >"$1"
    rm forgery
}

@test "FILE.pgp, FILE.gpg and FILE.asc become FILE" {
    local suffix
    from_bob sealed
    mv letter original
    for suffix in pgp gpg asc; do
        cp sealed "letter.$suffix"
        succeeds bulla decrypt "letter.$suffix"
        silent
        same letter original
        rm letter
    done
}

@test "only the last suffix goes" {
    from_bob letter.tar.pgp
    succeeds bulla decrypt letter.tar.pgp
    same letter.tar letter
    absent letter.tar.pgp.pgp
}

@test "the output lies beside the message" {
    mkdir sub
    from_bob sub/letter.pgp
    succeeds bulla decrypt sub/letter.pgp
    same sub/letter letter
}

@test "a name without a known suffix needs -o" {
    from_bob message
    refuses 2 "message" bulla decrypt message
    hints "-o FILE"
    from_bob .pgp
    refuses 2 ".pgp" bulla decrypt .pgp
    succeeds bulla decrypt -o copy message
    same copy letter
}

@test "a file that is missing is said to be missing, whatever its name" {
    refuses 61 "missing.pgp: No such file" bulla decrypt missing.pgp
    refuses 61 "missing: No such file" bulla decrypt -o copy missing
    refuses 61 "missing: No such file" bulla decrypt missing
}

@test "a directory is said to be one" {
    mkdir letters letters.pgp
    refuses 61 "letters.pgp: is a directory" bulla decrypt letters.pgp
    refuses 61 "letters: is a directory" bulla decrypt -o copy letters
    refuses 61 "letters: is a directory" bulla decrypt letters
}

@test "-o - and standard input go to standard output" {
    from_bob letter.pgp
    mv letter original
    bulla decrypt -o - letter.pgp >one
    bulla decrypt <letter.pgp >two
    bulla decrypt - <letter.pgp >three
    bulla decrypt -o - - <letter.pgp >four
    same one original
    same two original
    same three original
    same four original
    absent letter -
}

@test "standard input to a file" {
    from_bob message
    succeeds bulla decrypt -o copy <message
    silent
    same copy letter
}

@test "several messages, each with its own output" {
    from_bob one.pgp
    from_bob two.asc -a
    succeeds bulla decrypt one.pgp two.asc
    same one letter
    same two letter
    refuses 83 "several files" bulla decrypt -o copy one.pgp two.asc
}

@test "of several messages one is changed: the others come out" {
    from_bob one.pgp
    from_bob two.pgp
    from_bob three.pgp
    flip two.pgp 250
    fails 41 "two.pgp" bulla decrypt one.pgp two.pgp three.pgp
    same one letter
    absent two
    same three letter
}

@test "an existing output stays, unless --force is given" {
    from_bob letter.pgp
    cp letter original
    echo precious >letter
    refuses 59 "letter: exists already" bulla decrypt letter.pgp
    hints "--force"
    refuses 59 "letter: exists already" bulla decrypt -o letter letter.pgp
    succeeds bulla decrypt --force letter.pgp
    same letter original
    echo precious >letter
    succeeds bulla decrypt -f -o letter letter.pgp
    same letter original
}

@test "--force replaces nothing if the message is refused" {
    from_bob letter.pgp
    flip letter.pgp 250
    echo precious >letter
    refuses 41 "letter.pgp" bulla decrypt --force letter.pgp
    refuses 41 "letter.pgp" bulla decrypt -f -o letter letter.pgp
}

@test "the message may be replaced by its own text" {
    from_bob message
    succeeds bulla decrypt -f -o message message
    same message letter
}

@test "text around an armored message does not matter" {
    from_bob letter.asc -a
    { echo "Hello Alice, here it is:" && cat letter.asc && echo "-- Bob"; } >mail
    succeeds bulla decrypt -o copy mail
    same copy letter
    sed 's/$/\r/' mail >mail.crlf
    succeeds bulla decrypt -f -o copy mail.crlf
    same copy letter
}

@test "not encrypted: a signed message" {
    bulla sign --inline letter
    refuses 41 "letter.pgp: the message is not encrypted" bulla decrypt -o copy letter.pgp
    hints "bulla verify"
    bulla sign --cleartext letter
    refuses 41 "letter.asc" bulla decrypt -o copy letter.asc
    hints "bulla verify"
}

@test "not a message: a certificate, a key, a detached signature" {
    bulla sign -o sig letter
    bulla key export -o alice.key alice@example.org
    refuses 41 "alice.cert" bulla decrypt -o copy alice.cert
    refuses 41 "alice.key" bulla decrypt -o copy alice.key
    refuses 41 "sig" bulla decrypt -o copy sig
}

@test "not OpenPGP: garbage, a picture, text, an empty file, an empty input" {
    head -c 5000 /dev/zero >zeros
    head -c 5000 /dev/zero | tr '\0' '\377' >ones
    { printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR' && cat zeros; } >picture
    : >empty
    refuses 41 "zeros: " bulla decrypt -o copy zeros
    refuses 41 "ones: " bulla decrypt -o copy ones
    refuses 41 "picture: " bulla decrypt -o copy picture
    refuses 41 "bulla: " bulla decrypt -o copy "$BUILD/bulla"
    refuses 41 "letter: no OpenPGP data" bulla decrypt -o copy letter
    refuses 41 "empty: no OpenPGP data" bulla decrypt -o copy empty
    refuses 41 "standard input: no OpenPGP data" bulla decrypt </dev/null
}

@test "a message with something behind it is refused" {
    from_bob message
    { cat message && printf x; } >one
    { cat message && cat message; } >two
    refuses 41 "one" bulla decrypt -o copy one
    refuses 41 "two" bulla decrypt -o copy two
}

@test "encrypted without integrity protection is refused" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-protection
    echo password >pass
    bulla key import -q "$keys/secring-rsa-4keys.gpg"
    cp "$SPECDATA/fixtures/messages-encrypted/rnp-sed-no-mdc.pgp" message
    refuses 114 "without protection against changes" \
        bulla decrypt --passphrase-file pass -o copy message
}

@test "no key opens it: says for whom the message is" {
    local subkey
    subkey=$(as friend bulla cert show --json bob@example.org |
        json '.certificates[0].keys[1].fingerprint')
    as friend bulla encrypt --no-self -r bob@example.org -o message letter
    refuses 29 "message" bulla decrypt -o copy message
    remarks "${subkey:24}"
}

@test "with a certificate, but without its secret key" {
    from_bob message
    bulla key delete -q --yes alice@example.org
    refuses 29 "message" bulla decrypt -o copy message
}

@test "a key with a passphrase" {
    echo secret >pass
    echo other >wrong
    bulla key generate -q --new-passphrase-file pass "Ann <ann@example.org>" >fingerprint
    bulla encrypt --no-self -r ann@example.org -o message letter
    succeeds bulla decrypt --passphrase-file pass -o copy message
    same copy letter
    refuses 67 "message" bulla decrypt --passphrase-file wrong -o no message
    refuses 67 "message" setsid -w "$BUILD/bulla" decrypt -o no message </dev/null
    hints "--passphrase-file"
}

@test "hidden recipients: every key of one's own is tried" {
    new_key "Ann <ann@example.org>"
    new_key "Amy <amy@example.org>"
    from_bob message --hide-recipients
    succeeds bulla decrypt -o copy message
    same copy letter
    from_bob old --hide-recipients --profile rfc4880
    succeeds bulla decrypt -f -o copy old
    same copy letter
}

@test "--max-passphrase-memory bounds what a message may cost" {
    echo "correct horse" >pass
    bulla encrypt -p --passphrase-file pass --profile rfc9580 -o message letter
    refuses 41 "message" bulla decrypt --passphrase-file pass --max-passphrase-memory 1MiB \
        -o copy message
    hints "--max-passphrase-memory"
    succeeds bulla decrypt --passphrase-file pass --max-passphrase-memory 4GiB -o copy message
    same copy letter
    refuses 2 "much: not a size" bulla decrypt --max-passphrase-memory much -o no message
}

@test "signed: the signer is named" {
    bulla cert import -q bob.cert
    from_bob message -s
    succeeds bulla decrypt -o copy message
    remarks "Good signature by Bob <bob@example.org>"
    remarks "$(fingerprint_of bob@example.org)"
    same copy letter
    succeeds bulla decrypt -q -f -o copy message
    silent
}

@test "signed by a stranger: the text comes out, and it is said" {
    from_bob message -s
    succeeds bulla decrypt -o copy message
    remarks "unknown signer"
    same copy letter
    bulla decrypt message >copy2 -o - 2>remark
    same copy2 letter
    grep -q "unknown signer" remark
    succeeds bulla decrypt --json -f -o copy message
    is_json '.files[0].signatures[0].status == "unknown-signer"'
}

@test "--signer: the one asked for has signed" {
    befriend bob.cert bob@example.org
    from_bob message -s
    succeeds bulla decrypt --signer bob@example.org -o copy message
    remarks "Good signature by Bob"
    same copy letter
    bulla decrypt --signer bob@example.org -o - message >copy2
    same copy2 letter
}

@test "--signer: somebody else has signed" {
    bulla cert import -q bob.cert
    from_bob message -s
    refuses 3 "not by the one asked for" bulla decrypt --signer alice@example.org -o copy message
    refuses 3 "not by the one asked for" bulla decrypt --signer alice@example.org -o - message
}

@test "--signer: nobody has signed" {
    befriend bob.cert bob@example.org
    from_bob message
    refuses 3 "message: " bulla decrypt --signer bob@example.org -o copy message
    refuses 3 "message: " bulla decrypt --signer bob@example.org -o - message
}

@test "--signer: a stranger has signed" {
    from_bob message -s
    refuses 3 "not known" bulla decrypt --signer alice@example.org -o copy message
    hints "cert import"
    refuses 3 "not known" bulla decrypt --signer alice@example.org -o - message
}

@test "--signer: one of several is enough" {
    befriend bob.cert bob@example.org
    from_bob message -s
    succeeds bulla decrypt --signer alice@example.org --signer bob@example.org -o copy message
    same copy letter
}

@test "--signer: unknown or ambiguous names are refused before anything else" {
    new_key "Alice at work <alice@work.example>"
    from_bob message -s
    refuses 112 "bob@example.org" bulla decrypt --signer bob@example.org -o copy message
    refuses 111 "Alice at work" bulla decrypt --signer alice -o copy message
}

@test "--signer-file: the certificate need not be in the keyring" {
    from_bob message -s
    succeeds bulla decrypt --signer-file bob.cert -o copy message
    remarks "Good signature by Bob"
    same copy letter
    fails 112 "bob" bulla cert show bob@example.org
    refuses 3 "message" bulla decrypt --signer-file alice.cert -o no message
    refuses 61 "missing" bulla decrypt --signer-file missing -o no message
    refuses 41 "letter" bulla decrypt --signer-file letter -o no message
}

@test "--signer and --signer-file together: either is good" {
    befriend bob.cert bob@example.org
    from_bob message -s
    succeeds bulla decrypt --signer bob@example.org --signer-file alice.cert -o copy message
    same copy letter
}

@test "a good signature inside encryption made elsewhere" {
    bulla cert import -q bob.cert
    forged_by_bob message nothing
    succeeds bulla decrypt --passphrase-file pass -o copy message
    remarks "Good signature by Bob"
    same copy letter
}

@test "a changed text under a signature is refused like tampering" {
    bulla cert import -q bob.cert
    forged_by_bob message text
    refuses 3 "message: bad signature" bulla decrypt --passphrase-file pass -o copy message
    remarks "BAD signature"
    refuses 3 "message: bad signature" bulla decrypt --passphrase-file pass -o - message
    echo precious >copy
    refuses 3 "bad signature" bulla decrypt --passphrase-file pass -f -o copy message
}

@test "a changed signature is refused like tampering" {
    befriend bob.cert bob@example.org
    forged_by_bob message signature
    refuses 3 "message: bad signature" bulla decrypt --passphrase-file pass -o copy message
    refuses 3 "message: bad signature" bulla decrypt --passphrase-file pass -o - message
    refuses 3 "bad signature" bulla decrypt --passphrase-file pass --signer bob@example.org \
        -o - message
}

@test "--json tells of a bad signature" {
    bulla cert import -q bob.cert
    forged_by_bob message text
    run --separate-stderr bulla decrypt --json --passphrase-file pass -o copy message
    [ "$status" -eq 3 ]
    is_json '.files[0].signatures[0].status == "bad" and .error.code == 3'
    absent copy
}

@test "with the signer not known a changed text cannot be told, but is not called good" {
    forged_by_bob message text
    succeeds bulla decrypt --passphrase-file pass -o copy message
    remarks "unknown signer"
    [[ $stderr != *Good* ]]
    refuses 3 "message" bulla decrypt --passphrase-file pass --signer alice@example.org -o no message
}

@test "a one-pass packet without its signature is refused" {
    as friend bulla sign --inline -o signed letter
    { packet_of signed 0 && packet_of signed 1; } >cut
    printf pw >pass
    seal pw <cut >message
    refuses 41 "message" bulla decrypt --passphrase-file pass -o copy message
}

@test "two texts in one message are refused" {
    as friend bulla sign --inline -o signed letter
    { packet_of signed 1 && packet_of signed 1; } >twice
    printf pw >pass
    seal pw <twice >message
    refuses 41 "message" bulla decrypt --passphrase-file pass -o copy message
}

@test "a text beside the encrypted one is refused" {
    as friend bulla sign --inline -o signed letter
    packet_of signed 1 >plain
    from_bob message
    { cat message plain; } >behind
    { cat plain message; } >before
    refuses 41 "behind" bulla decrypt -o copy behind
    refuses 41 "before" bulla decrypt -o copy before
}

@test "--json says how it was encrypted and by whom it was signed" {
    local alice bob
    bulla cert import -q bob.cert
    alice=$(fingerprint_of alice@example.org) bob=$(fingerprint_of bob@example.org)
    from_bob letter.pgp -s
    rm letter
    succeeds bulla decrypt --json letter.pgp
    [ -z "$stderr" ]
    is_json '.files[0] | .input == "letter.pgp" and .output == "letter" and .seipd == 2 and
        .cipher == "AES256" and .aead == "OCB" and .passphrase == false'
    is_json ".files[0].signatures[0] | .status == \"good\" and .signer == \"$bob\" and
        .userid == \"Bob <bob@example.org>\""
    [ "$(bulla key show --json alice | json '.keys[0].keys[1].fingerprint')" = \
        "$(jq -r '.files[0].key' <<<"$output")" ]
}

@test "--json and the text on standard output do not mix" {
    from_bob message
    bulla decrypt --json -o - message >copy 2>report
    same copy letter
    output=$(cat report)
    is_json '.files[0].input == "message"'
}

@test "weak ciphers are read with a warning" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-s2k-generated
    echo password >pass
    succeeds bulla decrypt --passphrase-file pass -o copy "$folder/s2k3-sha256-cast5.pgp"
    remarks "CAST5"
    same copy "$folder/plain.txt"
}
