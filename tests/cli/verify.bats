#!/usr/bin/env bats
# verify: what is a good signature, and by whom.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as friend new_key "Bob <bob@example.org>"
    as friend bulla cert export -o bob.cert bob@example.org
    bulla cert export -o alice.cert alice@example.org
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    as friend bulla sign letter
    as friend bulla sign --inline letter
    as friend bulla sign --cleartext letter
}

knows_bob() {
    befriend bob.cert bob@example.org
}

@test "a detached signature with its file" {
    knows_bob
    succeeds bulla verify letter.sig letter
    remarks "Good signature by Bob <bob@example.org>"
    remarks "$(fingerprint_of bob@example.org)"
    [ -z "$output" ]
    succeeds bulla verify -q letter.sig letter
    silent
}

@test "a detached signature finds the file beside it" {
    knows_bob
    mkdir sub
    mv letter letter.sig sub/
    succeeds bulla verify sub/letter.sig
    remarks "Good signature by Bob"
    mv sub/letter.sig sub/letter.asc
    succeeds bulla verify sub/letter.asc
    remarks "Good signature by Bob"
}

@test "a detached signature whose file is not beside it" {
    knows_bob
    mkdir sub
    mv letter.sig sub/
    refuses 2 "where is the file" bulla verify sub/letter.sig
    hints "bulla verify SIGNATURE FILE"
    mv sub/letter.sig sub/mark
    refuses 2 "where is the file" bulla verify sub/mark
}

@test "standard input is the signature or the file, not both" {
    knows_bob
    succeeds bulla verify - letter <letter.sig
    remarks "Good signature by Bob"
    succeeds bulla verify letter.sig - <letter
    remarks "Good signature by Bob"
    refuses 83 "standard input is named twice" bulla verify - - <letter
    succeeds bulla verify <letter.pgp
    remarks "Good signature by Bob"
    succeeds bulla verify - <letter.asc
    remarks "Good signature by Bob"
}

@test "more than two files are too many" {
    refuses 2 "too many files" bulla verify letter.sig letter letter
}

@test "inline and cleartext" {
    knows_bob
    succeeds bulla verify letter.pgp
    remarks "Good signature by Bob"
    [ -z "$output" ]
    succeeds bulla verify letter.asc
    remarks "Good signature by Bob"
    [ -z "$output" ]
    bulla armor -o letter.txt letter.pgp
    succeeds bulla verify letter.txt
    remarks "Good signature by Bob"
}

@test "-o writes what was signed" {
    knows_bob
    succeeds bulla verify -o one letter.pgp
    succeeds bulla verify -o two letter.asc
    same one letter
    same two letter
    bulla verify -o - letter.pgp >three
    bulla verify --output=- letter.asc >four
    same three letter
    same four letter
}

@test "-o never replaces without --force" {
    knows_bob
    echo precious >copy
    refuses 59 "copy: exists already" bulla verify -o copy letter.pgp
    hints "--force"
    refuses 59 "copy: exists already" bulla verify -o copy letter.asc
    succeeds bulla verify --force -o copy letter.pgp
    same copy letter
    echo precious >copy
    succeeds bulla verify -f -o copy letter.asc
    same copy letter
}

@test "-o with a detached signature makes no sense" {
    knows_bob
    refuses 83 "--output" bulla verify -o copy letter.sig letter
}

@test "a changed file" {
    knows_bob
    flip letter 5
    refuses 3 "letter: bad signature" bulla verify letter.sig letter
    remarks "BAD signature"
    remarks "$(fingerprint_of bob@example.org)"
}

@test "a changed text inside: refused, and nothing of it comes out" {
    knows_bob
    flip letter.pgp "$(offset_of noon letter.pgp)"
    flip letter.asc "$(offset_of noon letter.asc)"
    refuses 3 "letter.pgp: bad signature" bulla verify letter.pgp
    refuses 3 "letter.pgp: bad signature" bulla verify -o copy letter.pgp
    refuses 3 "letter.pgp: bad signature" bulla verify -o - letter.pgp
    refuses 3 "letter.asc: bad signature" bulla verify letter.asc
    refuses 3 "letter.asc: bad signature" bulla verify -o copy letter.asc
    refuses 3 "letter.asc: bad signature" bulla verify -o - letter.asc
}

@test "a bad signature replaces nothing, even with --force" {
    knows_bob
    echo precious >copy
    flip letter.pgp "$(offset_of noon letter.pgp)"
    flip letter.asc "$(offset_of noon letter.asc)"
    refuses 3 "bad signature" bulla verify -f -o copy letter.pgp
    refuses 3 "bad signature" bulla verify -f -o copy letter.asc
}

# Of a version 6 key: in older signatures a length may count zeros in front, or not.
@test "every byte of a detached signature counts" {
    local i n accepted=""
    new_key "Carol <carol@example.org>" --profile rfc9580
    bulla sign -u carol@example.org -o carols letter
    n=$(wc -c <carols)
    for ((i = 0; i < n; i++)); do
        cp carols broken
        flip broken "$i"
        if "$BUILD/bulla" verify broken letter >out 2>message; then
            accepted+=" $i"
        fi
        [ ! -s out ]
        grep -q "^bulla: verify: " message || accepted+=" $i without a word"
    done
    [ -z "$accepted" ] || {
        echo "accepted with a flipped bit in byte$accepted"
        return 1
    }
}

@test "an inline message that is cut short at any place" {
    local i n accepted=""
    knows_bob
    n=$(wc -c <letter.pgp)
    for ((i = 0; i < n; i++)); do
        head -c "$i" letter.pgp >broken
        if "$BUILD/bulla" verify -o copy broken >out 2>message; then
            accepted+=" $i"
        fi
        [ ! -s out ]
        grep -q "^bulla: verify: " message
    done
    absent copy
    [ -z "$accepted" ] || {
        echo "accepted when cut to this many bytes:$accepted"
        return 1
    }
}

@test "lines may be added neither above nor below a cleartext text" {
    knows_bob
    sed '/^Dear/i injected' letter.asc >above
    sed '/^-----BEGIN PGP SIGNATURE/i injected' letter.asc >below
    sed '2i Comment: injected' letter.asc >header
    { echo "before" && cat letter.asc && echo "after"; } >outside
    refuses 3 "above: bad signature" bulla verify -o copy above
    refuses 3 "below: bad signature" bulla verify -o copy below
    # A header other than Hash could pass for text [RFC9580 7.1].
    refuses 41 "header" bulla verify -o copy header
    # What stands outside of the frame is not what was signed, and not written.
    succeeds bulla verify -o copy outside
    same copy letter
}

@test "cleartext with CRLF line ends verifies" {
    knows_bob
    sed 's/$/\r/' letter.asc >crlf
    succeeds bulla verify crlf
    remarks "Good signature by Bob"
}

@test "an unknown signer is not good" {
    refuses 3 "the signer is not known" bulla verify letter.sig letter
    hints "bulla cert import"
    refuses 3 "the signer is not known" bulla verify -o copy letter.pgp
    refuses 3 "the signer is not known" bulla verify -o - letter.asc
    remarks "$(as friend fingerprint_of bob@example.org)"
}

@test "--signer: the right one, by any name" {
    local fpr name
    knows_bob
    fpr=$(fingerprint_of bob@example.org)
    for name in bob@example.org "$fpr" "0x${fpr,,}" "${fpr:24}" Bob; do
        succeeds bulla verify --signer "$name" letter.sig letter
        remarks "Good signature by Bob"
    done
    succeeds bulla verify --signer bob@example.org letter.pgp
    succeeds bulla verify --signer bob@example.org letter.asc
}

@test "--signer: a good signature by somebody else is not enough" {
    knows_bob
    refuses 3 "not by the one asked for" bulla verify --signer alice@example.org letter.sig letter
    refuses 3 "not by the one asked for" bulla verify --signer alice@example.org -o - letter.pgp
    refuses 3 "not by the one asked for" bulla verify --signer alice@example.org -o copy letter.asc
}

@test "--signer: one of several" {
    knows_bob
    succeeds bulla verify --signer alice@example.org --signer bob@example.org letter.sig letter
    bulla sign -o alice.sig letter
    cat letter.sig alice.sig >both.sig
    succeeds bulla verify --signer alice@example.org both.sig letter
    succeeds bulla verify --signer bob@example.org both.sig letter
}

@test "--signer: names that nobody has, or several" {
    knows_bob
    new_key "Robert <bob@work.example>"
    refuses 112 "carol@example.org" bulla verify --signer carol@example.org letter.sig letter
    refuses 111 "Robert <bob@work.example>" bulla verify --signer bob@ letter.sig letter
}

@test "--signer-file needs no keyring" {
    succeeds bulla verify --home nowhere --signer-file bob.cert letter.sig letter
    remarks "Good signature by Bob"
    absent nowhere
    succeeds env -u BULLA_HOME -u HOME "$BUILD/bulla" verify --signer-file bob.cert letter.pgp
    bulla dearmor -o bob.pgp bob.cert
    succeeds bulla verify --signer-file bob.pgp letter.asc
}

@test "--signer-file: another one's signature is not good, whoever is in the keyring" {
    knows_bob
    refuses 3 "letter" bulla verify --signer-file alice.cert letter.sig letter
    refuses 3 "letter" bulla verify --signer-file alice.cert -o - letter.pgp
}

@test "--signer-file: files that are no certificate" {
    refuses 61 "missing" bulla verify --signer-file missing letter.sig letter
    refuses 41 "letter" bulla verify --signer-file letter letter.sig letter
    refuses 41 "letter.sig" bulla verify --signer-file letter.sig letter.sig letter
    cat alice.cert bob.cert >both
    refuses 111 "both: holds more than one certificate" \
        bulla verify --signer-file both letter.sig letter
}

@test "several signatures: the bad one is reported, the good one counts" {
    knows_bob
    bulla sign -o alice.sig letter
    flip alice.sig "$(($(wc -c <alice.sig) - 5))"
    cat letter.sig alice.sig >both.sig
    succeeds bulla verify both.sig letter
    remarks "Good signature by Bob"
    remarks "BAD signature"
    refuses 3 "letter" bulla verify --signer alice@example.org both.sig letter
}

@test "a signature that expired, or was made before the key was" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-signed
    bulla cert import -q "$folder/expired-signing-key-pub.asc"
    succeeds bulla verify --signer 73940B2B5A52749C0973F97030FC0D776915BA44 \
        "$folder/signed-before-expiry.pgp"
    remarks "but: "
    remarks "expired"
    refuses 110 "the signature is good" bulla verify "$folder/signed-before-expiry.pgp"
    remarks "not authenticated: the certificate is not valid"
}

@test "hash algorithms that are broken are refused" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-signed
    bulla cert import -q "$folder/key-rsa-2001-pub.asc" "$SPECDATA/fixtures/keyrings/rnp-pubring.gpg"
    refuses 3 "rnp-md5-after" bulla verify -o copy "$folder/rnp-md5-after.pgp"
    remarks "MD5"
    refuses 3 "rnp-sha1-after" bulla verify -o copy "$folder/rnp-sha1-after.pgp"
    remarks "SHA1"
}

@test "what other programs signed" {
    need_specdata
    local fixtures=$SPECDATA/fixtures
    local folder=$fixtures/messages-signed text=$fixtures/messages-encrypted/message.txt
    bulla cert import -q "$fixtures/keyrings/rnp-alice-sub-sec.pgp" \
        "$fixtures/cleartext/rpgp-alice.pub.asc" "$fixtures/messages-signed/key-rsas-rsae.asc"
    succeeds bulla verify --trust always --json "$folder/rnp-2-onepass-2-sigs.pgp"
    is_json '[.signatures[].status] == ["good", "good"]'
    succeeds bulla verify --trust always "$folder/rnp-eddsa-zero-r.sig.pgp"
    succeeds bulla verify --trust always "$folder/rnp-2-detached-one-v10.sig" "$text"
    remarks "cannot be judged"
    succeeds bulla verify --trust always "$fixtures/cleartext/rnp-long-lines.asc"
    succeeds bulla verify --trust always -o copy "$fixtures/cleartext/rpgp-starts-with-newline.csf"
    [ "$(cat copy && echo x)" = $'\ntest\nx' ]
    refuses 3 "crlf" bulla verify "$folder/rnp-2-detached-one-v10.sig" "$folder/message-crlf.txt"
}

@test "what other programs signed wrongly" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-signed
    bulla cert import -q "$SPECDATA/fixtures/keyrings/rnp-pubring.gpg" "$folder/key-rsas-rsae.asc"
    refuses 41 "announced but missing" bulla verify -o no "$folder/rnp-no-signature.pgp"
    refuses 3 "no good signature" bulla verify -o no "$folder/rnp-document-sig-class-0x13.pgp"
    remarks "says nothing about a document"
    refuses 3 "no good signature" bulla verify -o no "$folder/rnp-critical-notation.pgp"
    remarks "critical notation"
    refuses 3 "no good signature" bulla verify -o no "$folder/signed-by-rsa-encrypt-only.pgp"
    remarks "not meant for signing"
    refuses 3 "no good signature" bulla verify -o no "$folder/rnp-inline.pgp"
    remarks "RSA with 1024 bits is too weak"
}

@test "the NotDashEscaped trick is refused" {
    need_specdata
    cp "$SPECDATA/fixtures/cleartext/notdashescaped-header.csf" trick
    refuses 41 "trick" bulla verify -o copy trick
}

@test "a signature by a key that was revoked" {
    need_specdata
    revoked_alice revoked
    as signer bulla key import -q "$SPECDATA/interop-certificates/alice-secret.pgp"
    as signer bulla sign letter -o old.sig
    succeeds bulla verify --signer-file "$SPECDATA/interop-certificates/alice.pgp" old.sig letter
    refuses 3 "letter" bulla verify --signer-file revoked old.sig letter
    remarks "revoked"
}

@test "encrypted: that is said, whoever could read it" {
    bulla encrypt -r alice@example.org -o sealed letter
    as friend bulla encrypt -r bob@example.org -o strange letter
    bulla encrypt --profile rfc4880 -r alice@example.org -o old letter
    for message in sealed strange old; do
        refuses 41 "$message: the message is encrypted" bulla verify -o copy "$message"
        hints "bulla decrypt"
    done
}

@test "not signed, not OpenPGP" {
    : >empty
    refuses 41 "letter: no OpenPGP data" bulla verify letter
    hints "bulla verify SIGNATURE FILE"
    refuses 41 "empty" bulla verify empty
    refuses 41 "empty" bulla verify empty letter
    refuses 41 "standard input" bulla verify </dev/null
    packet_of letter.pgp 1 >plain
    refuses 3 "plain: the message is not signed" bulla verify -o copy plain
    refuses 41 "alice.cert" bulla verify -o copy alice.cert
}

@test "the file and its signature in the wrong order" {
    knows_bob
    refuses 41 "letter" bulla verify letter letter.sig
    hints "bulla verify SIGNATURE FILE"
}

@test "files that are missing" {
    refuses 61 "missing: No such file" bulla verify missing
    refuses 61 "missing: No such file" bulla verify missing letter
    refuses 61 "missing: No such file" bulla verify letter.sig missing
}

@test "--json tells all of it" {
    local bob
    knows_bob
    bob=$(fingerprint_of bob@example.org)
    succeeds bulla verify --json letter.sig letter
    is_json ".kind == \"detached\" and .document == \"letter\" and
        .signatures[0].status == \"good\" and .signatures[0].signer == \"$bob\""
    [ -z "$stderr" ]
    succeeds bulla verify --json letter.pgp
    is_json '.kind == "inline"'
    succeeds bulla verify --json letter.asc
    is_json '.kind == "cleartext" and .signatures[0].mode == "text"'
    flip letter 5
    run --separate-stderr bulla verify --json letter.sig letter
    [ "$status" -eq 3 ]
    is_json '.signatures[0].status == "bad" and .error.code == 3 and .error.name == "no-signature"'
    bulla verify --json -o - letter.pgp >copy 2>report
    output=$(cat report)
    is_json '.signatures[0].status == "good"'
    grep -q noon copy
}

# Literal data packet with the bytes of a file: literal FILE
literal() {
    printf '\xcb\xff'
    printf '%08x' $(($(wc -c <"$1") + 6)) | sed 's/../\\x&/g' >len
    # shellcheck disable=SC2059
    printf "$(cat len)b\0\0\0\0\0"
    cat "$1"
}

@test "a signature before its data, as PGP did it, however long that is" {
    head -c 1000000 /dev/zero | tr '\0' 'x' >long
    bulla sign -o mark long
    { cat mark && literal long; } >message
    succeeds bulla verify -o copy message
    same copy long
    bulla armor message >message.asc
    succeeds bulla verify --json message.asc
    is_json '.kind == "inline" and (.signatures | length) == 1'
}

@test "markers and padding among detached signatures do not matter" {
    bulla sign -f letter
    { printf '\xca\x03PGP' && cat letter.sig && printf '\xd5\x02pp'; } >odd.sig
    mv odd.sig letter.sig
    succeeds bulla verify --json letter.sig
    is_json '.kind == "detached" and .document == "letter"'
}

@test "signatures beside a file, each with its own armor" {
    bulla sign -a -o one letter
    bulla sign -a -o two letter
    cat one two >letter.asc
    succeeds bulla verify --json letter.asc
    is_json '(.signatures | length) == 2'
}

@test "an error about the document names it once" {
    bulla sign -f letter
    echo more >>letter
    fails 3 "bulla: verify: letter: " bulla verify letter.sig
    printf "\xc6\x01x" >>letter.sig
    fails 41 "bulla: verify: letter.sig: " bulla verify letter.sig
}

@test "two cleartext signed texts in one file" {
    bulla sign --cleartext -o one letter
    cat one one >both
    refuses 41 "both: several" bulla verify both
    hints "split the file"
}
