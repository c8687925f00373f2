#!/usr/bin/env bats
# inspect: what a file is, without keys; and --json that programs can read.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    bulla cert export -o alice.cert alice@example.org
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

# As somebody without any keys, which inspect does not need.
inspected() {
    succeeds bulla inspect --home nobody "$@"
    [ -z "$stderr" ]
}

@test "a message: for which key, and how it is encrypted" {
    local subkey
    subkey=$(bulla cert show --json alice | json '.certificates[0].keys[1].fingerprint')
    bulla encrypt -r alice@example.org letter
    inspected letter.pgp
    prints "Public-Key Encrypted Session Key packet (type 1)"
    prints "$subkey"
    prints "Symmetrically Encrypted and Integrity Protected Data packet (type 18)"
    prints "cipher: AES256"
    prints "AEAD mode: OCB"
    [[ $output != *noon* ]]
    absent nobody
}

@test "an old message, and one with a passphrase" {
    echo "correct horse" >pass
    bulla encrypt -p --passphrase-file pass --profile rfc4880 -r alice@example.org letter
    inspected letter.pgp
    prints "Symmetric-Key Encrypted Session Key packet (type 3)"
    prints "version: 1"
    bulla encrypt -f -p --passphrase-file pass --profile rfc9580 letter
    inspected letter.pgp
    prints "Argon2"
}

@test "a signed message and its text's format" {
    bulla sign --inline letter
    inspected letter.pgp
    prints "One-Pass Signature packet (type 4)"
    prints "Literal Data packet (type 11)"
    prints "Signature packet (type 2)"
    prints "$(fingerprint_of alice@example.org)"
    prints "data: $(wc -c <letter) bytes"
}

@test "a signature, and when it was made" {
    local before after made
    before=$(date +%s)
    sleep 0.05 # time(2) is some milliseconds behind date
    bulla sign letter
    after=$(date +%s)
    made=$(bulla inspect --json letter.sig | jq -r '[.packets[0].fields[] |
        select(.name | test("Creation Time")) | .value][0]')
    made=$(date -d "$made" +%s)
    [ "$made" -ge "$before" ]
    [ "$made" -le "$after" ]
}

@test "a certificate and a secret key" {
    inspected alice.cert
    prints "Public Key packet (type 6)"
    prints "fingerprint: $(fingerprint_of alice@example.org)"
    prints "user ID: Alice <alice@example.org>"
    prints "Public Subkey packet (type 14)"
    bulla key export -o alice.key alice@example.org
    inspected alice.key
    prints "Secret Key packet (type 5)"
    prints "Secret Subkey packet (type 7)"
}

@test "the secret parts of a key are not shown" {
    local secret
    bulla key export --binary -o alice.key alice@example.org
    # The packet ends in two octets of checksum, and before that the secret scalar.
    secret=$(packet_of alice.key 0 | tail -c 22 | head -c 16 | od -An -v -tx1 | tr -d ' \n')
    succeeds bulla inspect alice.key
    [[ ${output,,} != *"${secret:8:16}"* ]]
    succeeds bulla inspect --json alice.key
    [[ ${output,,} != *"${secret:8:16}"* ]]
}

@test "a compressed message: the packets in it are indented" {
    need_specdata
    inspected "$SPECDATA/fixtures/messages-signed/rnp-inline.pgp"
    prints "Compressed Data packet (type 8)"
    prints "    One-Pass Signature packet (type 4)"
    prints "    Literal Data packet (type 11)"
    inspected --json "$SPECDATA/fixtures/messages-signed/rnp-inline.pgp"
    is_json '[.packets[0].packets[].type] == [4, 11, 2]'
}

@test "text: armor and cleartext are told" {
    bulla encrypt -a -r alice@example.org letter
    inspected letter.asc
    prints "BEGIN PGP MESSAGE"
    bulla sign --cleartext -f letter
    inspected letter.asc
    prints "BEGIN PGP SIGNED MESSAGE"
    prints "    header: Hash: SHA256"
    prints "    text: 36 bytes"
    prints "Signature packet (type 2)"
    succeeds bulla inspect --json letter.asc
    is_json '.armor == "SIGNED MESSAGE" and .headers == ["Hash: SHA256"] and .text_length == 36'
}

@test "standard input" {
    bulla sign letter
    inspected <letter.sig
    prints "Signature packet"
    inspected - <letter.sig
    prints "Signature packet"
}

@test "the same, armored or not" {
    bulla encrypt -r alice@example.org letter
    bulla armor -o letter.asc letter.pgp
    [ "$(bulla inspect --json letter.pgp | jq .packets)" = \
        "$(bulla inspect --json letter.asc | jq .packets)" ]
}

@test "--json: type, place and length of each packet" {
    bulla sign --inline letter
    succeeds bulla inspect --json letter.pgp
    is_json '[.packets[].type] == [4, 11, 2]'
    is_json '.packets[0].offset == 0'
    is_json '.packets[1].offset == .packets[0].length + 2'
    is_json '.packets | all(.format == "new" and (.fields | length) > 0)'
    bulla armor -o letter.asc letter.pgp
    succeeds bulla inspect --json letter.asc
    is_json '.armor == "MESSAGE"'
}

@test "--json is JSON for every file there is" {
    need_specdata
    local file bad=""
    while read -r file; do
        # The exit code says whether the file is well-formed; the JSON must be always.
        timeout 10 "$BUILD/bulla" inspect --json "$file" >out 2>/dev/null || true
        jq -e -s 'length == 1 and (.[0] | type) == "object"' out >/dev/null 2>&1 || bad+=" $file"
    done < <(find "$SPECDATA/fixtures" "$SPECDATA/interop-certificates" -type f \
        ! -name '*4g*' ! -name '*1g.pgp' ! -name '*128mb*' ! -path '*/fuzz/*' | sort)
    [ -z "$bad" ] || {
        echo "not JSON: $bad"
        return 1
    }
}

@test "garbage, text and nothing" {
    : >empty
    head -c 100 /dev/zero >zeros
    refuses 41 "letter: no OpenPGP data found" bulla inspect letter
    refuses 41 "zeros: " bulla inspect zeros
    refuses 41 "empty: " bulla inspect empty
    refuses 61 "missing: No such file" bulla inspect missing
    refuses 2 "one file at a time" bulla inspect letter empty
}

@test "a file cut short: what is there is shown, and the error" {
    bulla encrypt --no-self -r alice@example.org letter
    head -c 150 letter.pgp >cut
    run --separate-stderr bulla inspect cut
    [ "$status" -eq 41 ]
    prints "Public-Key Encrypted Session Key packet"
    remarks "bulla: inspect: cut: cut short"
    run --separate-stderr bulla inspect --json cut
    [ "$status" -eq 41 ]
    is_json '.error.code == 41 and .packets[0].type == 1'
}

@test "control characters are shown, not obeyed" {
    new_key $'Eve \e[31m\r\nred'
    bulla cert export -o eve.cert Eve
    inspected eve.cert
    prints 'Eve \x1B[31m\x0D\x0Ared'
    [[ $output != *$'\e'* ]]
}

@test "packets of unknown kinds and versions are listed all the same" {
    need_specdata
    local fixtures=$SPECDATA/fixtures
    inspected "$fixtures/messages-encrypted/rnp-pkesk-skesk-v10.pgp"
    prints "10"
    inspected "$fixtures/keys-librepgp/v5-sample-1-pub.asc"
    prints "5"
    inspected "$fixtures/keys-v3/pgp263-test.pub.asc"
    prints "3"
    inspected "$fixtures/keys-ecc/ecc-25519-photo-pub.asc"
    prints "User Attribute"
    inspected "$fixtures/messages-aead-librepgp/gnupg-sym-ocb-1.asc"
    prints "type 20"
}

@test "subpackets in words" {
    # Each as the RFC lists its octets, in a version 4 signature by nobody.
    {
        printf '\x04\x1f\x01\x08\x00\x5b'
        printf '\x03\x05\x02\x3c'                            # trust signature
        printf '\x17\x0c\xc0\x01' && head -c 20 /dev/zero    # revocation key
        printf '\x02\x17\x81'                               # key server preferences
        printf '\x03\x1b\x21\x0c'                            # key flags
        printf '\x02\x1e\x09'                               # features
        printf '\x06\x1d\x02lost'                           # reason
        printf '\x05\x1f\x01\x08ab'                          # target
        printf '\x0c\x94\x80\x00\x00\x00\x00\x01\x00\x02nhi'   # critical notation
        printf '\x0b\x14\x00\x00\x00\x00\x00\x01\x00\x01n\x07'
        printf '\x02\x65\x2a'                               # private
        printf '\x02\x50\x2b'                               # nobody's
        printf '\x04\x0b\x09\x67\x30'                       # ciphers
        printf '\x03\x15\x0a\x6e'                            # hashes
        printf '\x00\x00ab\x00\x01\x01'
    } >body
    { printf '\xc2' && printf '%b' "\\x$(printf %02x "$(wc -c <body)")" && cat body; } >words
    inspected words
    prints "Trust Signature: depth 2, amount 60"
    prints "Revocation Key: 0000000000000000000000000000000000000000, RSA, sensitive"
    prints "Key Server Preferences: no-modify, and unknown: 81"
    prints "Key Flags: certify, authenticate, additional decryption subkey, timestamping"
    prints "Features: SEIPD v1, SEIPD v2"
    prints "Reason for Revocation: compromised (2): lost"
    prints "Signature Target: RSA, SHA256 6162"
    prints "Notation Data (critical): n=hi"
    prints "Notation Data: n=07 (not text)"
    prints "Private or Experimental (type 101): 2A"
    prints "Unknown (type 80): 2B"
    prints "Preferred Symmetric Ciphers: AES256, private or experimental (103), unknown (48)"
    prints "Preferred Hash Algorithms: SHA512, private or experimental (110)"
}

@test "a user attribute: what kind of image, and its size" {
    need_specdata
    inspected "$SPECDATA/fixtures/keys-ecc/ecc-25519-photo-pub.asc"
    prints "attribute type: image (1)"
    prints "image header version: 1"
    prints "image format: JPEG (1)"
    prints "image: 1503 bytes"
    printf '\xd1\x0a\x03\x65ab\x05\x01\x10\x00\x02x' >odd
    inspected odd
    prints "attribute type: private or experimental (101)"
    prints "image header version: 2"
    printf '\xd1\x04\x09\x01\x10\x00' >cut
    inspected cut
    prints "problem: user attribute: cut short"
    printf '\xfd\x01x\xe9\x01x' >unknown
    inspected unknown
    prints "Private or Experimental packet (type 61)"
    prints "Unknown packet (type 41)"
}

@test "nesting without end is stopped" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-compression
    fails 41 "more than 16 packets inside one another" bulla inspect "$folder/128-rounds.pgp"
    fails 41 "zlib-quine.pgp" bulla inspect "$folder/zlib-quine.pgp"
}

@test "what crashed other programs" {
    need_specdata
    local file
    for file in "$SPECDATA"/fixtures/fuzz/*; do
        run timeout 20 "$BUILD/bulla" inspect "$file"
        [ "$status" -eq 0 ] || [ "$status" -eq 41 ]
    done
}

@test "a small file that expands to 128 MiB is read in little memory" {
    need_specdata
    [ -z "$SANITIZED" ] || skip "sanitizers take memory of their own"
    /usr/bin/time -f %M true 2>/dev/null || skip "no /usr/bin/time"
    /usr/bin/time -f %M -o peak "$BUILD/bulla" inspect \
        "$SPECDATA/fixtures/messages-compression/zip-bomb-128mb.zip.pgp" >shown
    grep -q "134217728 bytes" shown || grep -q "Literal Data" shown
    [ "$(cat peak)" -lt 65536 ]
}

# The bytes of all fields that --hex shows, in digits.
hex_of() {
    bulla inspect --hex --json "$1" 2>/dev/null | jq -j '.packets[]?.fields[]?.hex // empty'
}

# The bytes of a file, armored or not, in digits: digits_of <FILE
digits_of() {
    od -An -v -tx1 | tr -d ' \n' | tr a-f A-F
}

@test "--hex: each field with its bytes, and where they stand" {
    bulla sign --inline letter
    inspected --hex letter.pgp
    prints "00000000  C4 0D                                            header"
    prints "00000002  03                                               version: 3"
    prints "44 65 61 72 20 41 6C 69 63 65"
    [ -z "$(awk 'length > 100' <<<"$output")" ]
    # No offset is left out or comes twice: the rows are the file.
    grep -E '^[0-9A-F]{8}  ' <<<"$output" | cut -c 11-57 | tr -d ' \n' >rows
    cmp rows <(digits_of <letter.pgp)
    inspected --hex --json letter.pgp
    is_json '.packets[1].fields[0] == {name: "header", value: "", depth: 0, offset: 15, hex: "CB2A"}'
    inspected --json letter.pgp
    is_json '[.packets[].fields[] | select(has("hex") or .name == "header")] == []'
}

@test "--hex: what is inside compressed data has offsets of its own" {
    printf '\xa3\x00\xcb\x0bb\x00\x00\x00\x00\x00hello' >stored
    inspected --hex stored
    prints "00000002  CB 0B 62 00 00 00 00 00 68 65 6C 6C 6F           compressed data"
    prints "    Literal Data packet (type 11), 11 bytes at 0"
    prints "00000002  62                                                 format: b"
    [ "$(hex_of stored)" = "$(digits_of <stored)" ]
}

@test "--hex: parts, and what cannot be understood" {
    printf '\xcb\xe0b\xe2\x00\x00\x00\x00\x06\x00hello\xcb\x0bb' >parts
    run --separate-stderr bulla inspect --hex parts
    [ "$status" -eq 41 ]
    prints "00000002  62 E2 00 00 00 00 06 00                          fields"
    [ "$(hex_of parts)" = "$(digits_of <parts)" ]
    { bulla sign -o - letter && printf 'garbage'; } >garbage
    run --separate-stderr bulla inspect --hex garbage
    [ "$status" -eq 41 ]
    prints "67 61 72 62 61 67 65"
    prints "not understood"
    [ "$(hex_of garbage)" = "$(digits_of <garbage)" ]
}

@test "--hex: every byte of every fixture belongs to one field" {
    need_specdata
    local file bad=""
    while read -r file; do
        bulla dearmor --quiet -f -o dearmored "$file" 2>/dev/null || cp "$file" dearmored
        grep -q -a -e '-----BEGIN' dearmored && continue # damaged or not only armor
        [ "$(head -c 1 dearmored | od -An -tu1)" -ge 128 ] || continue # no packet
        [ "$(hex_of "$file")" = "$(digits_of <dearmored)" ] || bad+=" $file"
    done < <(find "$SPECDATA/fixtures" "$SPECDATA/interop-certificates" "$ROOT/tests/vectors" \
        -type f -size -200k ! -name '*4g*' ! -name '*1g.pgp' ! -name '*128mb*' ! -name '*.hex' ! -name '*.txt' | sort)
    [ -z "$bad" ] || {
        echo "bytes are missing: $bad"
        return 1
    }
}
