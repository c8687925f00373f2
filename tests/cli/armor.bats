#!/usr/bin/env bats
# armor and dearmor: bytes to text and back.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    bulla encrypt -r alice@example.org -o message letter
    bulla sign -o signature letter
    bulla cert export --binary -o certificate alice@example.org
    bulla key export --binary -o key alice@example.org
}

@test "the label is found out" {
    local kind label
    while read -r kind label; do
        succeeds bulla armor "$kind"
        [ "${output%%$'\n'*}" = "-----BEGIN PGP $label-----" ]
        [ "${output##*$'\n'}" = "-----END PGP $label-----" ]
        bulla armor -o text "$kind"
        bulla dearmor -o bytes text
        same bytes "$kind"
        rm text bytes
    done <<'END'
message MESSAGE
signature SIGNATURE
certificate PUBLIC KEY BLOCK
key PRIVATE KEY BLOCK
END
}

@test "the text is as RFC 9580 has it" {
    bulla armor key >text
    [ -z "$(awk 'length > 76' text)" ]
    [ -z "$(sed -n 2p text)" ]
    sed '1,2d;$d' text | grep -v '^=' | base64 -d | cmp - key
    [ "$(tail -c 1 text | od -An -tx1)" = " 0a" ]
}

@test "standard input and output" {
    bulla armor <message >text
    bulla dearmor <text >bytes
    same bytes message
    bulla armor - <message | bulla dearmor - | cmp - message
    bulla armor -o - message | bulla dearmor -o - | cmp - message
}

@test "--label says what it is" {
    local kind label
    while read -r kind label; do
        bulla armor --label "$kind" certificate >text
        [ "$(head -n 1 text)" = "-----BEGIN PGP $label-----" ]
        bulla dearmor text | cmp - certificate
    done <<'END'
message MESSAGE
signature SIGNATURE
public-key PUBLIC KEY BLOCK
key PRIVATE KEY BLOCK
END
    refuses 2 "--label: letter: not one of: message key public-key signature" \
        bulla armor --label letter message
    refuses 41 "letter: " bulla armor --label message letter
}

@test "lengths around those of lines and groups" {
    local kind size
    for kind in message key; do
        cat "$kind" /dev/zero | head -c 100000 >zeros
        for size in 3 4 5 47 48 49 95 96 97 191 192 193 100000; do
            head -c "$size" zeros >bytes
            bulla armor bytes | bulla dearmor | cmp - bytes
        done
    done
}

@test "text and base64 of coreutils, in lines of any width" {
    local width
    head -c 300000 /dev/urandom >bytes
    bulla armor --label message <(cat message bytes) | sed '1,2d;$d' | cmp - <(cat message bytes | base64 -w 64)
    for width in 1 3 4 31 60 63 64 65 76 1000 0; do
        { printf -- '-----BEGIN PGP MESSAGE-----\n\n' && base64 -w "$width" bytes &&
            printf -- '\n-----END PGP MESSAGE-----\n'; } >text
        bulla dearmor text | cmp - bytes
        sed 's/$/\r/' text | bulla dearmor | cmp - bytes
    done
}

@test "nothing" {
    : >empty
    refuses 41 "empty: " bulla armor empty
    refuses 41 "empty: " bulla dearmor empty
}

@test "what is text already, or no OpenPGP at all" {
    bulla armor -o text message
    refuses 41 "text: " bulla armor text
    hints "text already"
    refuses 41 "letter: " bulla armor letter
    refuses 41 "letter: no OpenPGP data found" bulla dearmor letter
    refuses 41 "message: " bulla dearmor message
    refuses 41 "standard input: " bulla dearmor <letter
    refuses 2 "one file at a time" bulla armor message key
    refuses 2 "one file at a time" bulla dearmor message key
}

@test "-o never replaces without --force" {
    bulla armor -o text message
    echo precious >out
    refuses 59 "out: exists already" bulla armor -o out message
    hints "--force"
    refuses 59 "out: exists already" bulla dearmor -o out text
    succeeds bulla armor -f -o out message
    same out text
    succeeds bulla dearmor --force -o out text
    same out message
    echo precious >out
    refuses 41 "letter: " bulla armor -f -o out letter
    refuses 41 "letter: " bulla dearmor -f -o out letter
}

@test "text around it, CR LF, blanks at line ends" {
    bulla armor -o text message
    { echo "before" && sed 's/$/ \t\r/' text && echo "after"; } >mail
    bulla dearmor mail | cmp - message
}

@test "headers are passed over, and no checksum is needed or looked at" {
    bulla armor -o text message
    sed '1a Comment: for you\nVersion: 1' text >headers
    bulla dearmor headers | cmp - message
    sed '$i =AAAA' text >checksum
    bulla dearmor checksum | cmp - message
}

@test "several frames follow one another" {
    { bulla armor certificate && echo && bulla armor certificate; } >two
    bulla dearmor -o bytes two
    cat certificate certificate | cmp - bytes
}

@test "damaged text" {
    local lines
    bulla armor -o text message
    lines=$(wc -l <text)
    [[ $(tail -n 2 text | head -n 1) != =* ]]
    head -n -1 text >endless
    sed '4s/./*/' text >star
    sed '4s/./\xff/' text >high
    sed "${lines}s/MESSAGE/SIGNATURE/" text >wrong
    sed "$((lines - 1))s/[^=]\(=*\)$/\1/" text >short
    sed '3s/$/=/' text >inside
    head -n 1 text >first
    for name in endless star high wrong short inside first; do
        refuses 41 "$name: " bulla dearmor -o out "$name"
        # What is written to a pipe meanwhile is no secret, but the code counts.
        fails 41 "$name: " bulla dearmor "$name"
    done
}

@test "what others wrote" {
    need_specdata
    local folder=$SPECDATA/fixtures/armor name size
    while read -r name size; do
        bulla dearmor "$folder/$name" >bytes
        [ "$(wc -c <bytes)" -eq "$size" ]
    done <<'END'
1024_peek_buf.asc 2226
blank_line_with_whitespace.asc 2226
empty_header_line.asc 2226
message_64k_oneline.asc 68647
wrong_chars_header.asc 2226
wrong_header_line.asc 2226
END
    # [RFC9580 6.1]
    succeeds bulla dearmor -o one "$folder/ecc-25519-pub-bad-crc.asc"
    succeeds bulla dearmor -o two "$folder/wrong_chars_crc.asc"
    for name in wrong_b64_trailer.asc wrong_chars_base64_2.asc too_short_header.asc \
        wrong-trailer.asc; do
        refuses 41 "$name: " bulla dearmor -o out "$folder/$name"
    done
}

@test "the largest fixture through both ways" {
    head -c 5000000 /dev/zero >zeros
    bulla encrypt -r alice@example.org -o large zeros
    bulla armor large | bulla dearmor | cmp - large
    succeeds bulla armor --json -o large.asc large
    succeeds bulla decrypt -o copy large.asc
    same copy zeros
}
