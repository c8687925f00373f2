#!/usr/bin/env bats
# limits - data that asks for more than anybody needs: it costs neither time nor memory,
# and the error says what there is too much of.

load lib

setup() {
    begin
    head -c 100 /dev/zero | tr '\0' x >letter
    echo password >pass
}

# The command ends within this time (ten times as long under sanitizers) and memory, with
# this exit code, and prints this text: ends SECONDS MIB CODE TEXT ARGUMENT...
ends() {
    local seconds=$1 mib=$2 code=$3 text=$4 watch=()
    shift 4
    if [ -n "$SANITIZED" ]; then
        seconds=$((seconds * 10))
    elif /usr/bin/time -f %M true 2>/dev/null; then
        watch=(/usr/bin/time -q -f %M -o "$BATS_TEST_TMPDIR.peak")
    fi
    echo 0 >"$BATS_TEST_TMPDIR.peak"
    run --separate-stderr timeout "$seconds" "${watch[@]}" "$BUILD/bulla" "$@"
    [ "$status" -eq "$code" ] && [[ $stderr$output == *"$text"* ]] || {
        echo "expected exit code $code within $seconds s and the text: $text"
        show_run | head -c 2000
        return 1
    }
    [ "$(cat "$BATS_TEST_TMPDIR.peak")" -le $((mib * 1024)) ] || {
        echo "$(cat "$BATS_TEST_TMPDIR.peak") KiB of memory"
        return 1
    }
}

# N times what comes: repeat N <BYTES >BYTES
repeat() {
    local n=$1 piece=$BATS_TEST_TMPDIR.piece
    cat >"$piece"
    while [ "$n" -gt 0 ]; do
        [ $((n % 2)) -eq 0 ] || cat "$piece"
        n=$((n / 2))
        cat "$piece" "$piece" >"$piece.2"
        mv "$piece.2" "$piece"
    done
}

literal() {
    printf '\xcb\x0bb\x00\x00\x00\x00\x00hello'
}

# A length of four bytes: number N
number() {
    # shellcheck disable=SC2059
    printf "$(printf '%08x' "$1" | sed 's/../\\x&/g')"
}

# A packet around a body: packet TYPE-IN-HEX <BODY >PACKET
packet() {
    cat >"$BATS_TEST_TMPDIR.body"
    printf '%b\xff' "\\x$1"
    number "$(wc -c <"$BATS_TEST_TMPDIR.body")"
    cat "$BATS_TEST_TMPDIR.body"
}

# A version 6 signature with these hashed subpackets, by nobody.
signature6() {
    cat >"$BATS_TEST_TMPDIR.subpackets"
    {
        printf '\x06\x00\x1b\x0a'
        number "$(wc -c <"$BATS_TEST_TMPDIR.subpackets")"
        cat "$BATS_TEST_TMPDIR.subpackets"
        printf '\x00\x00\x00\x00ab\x20'
        head -c 96 /dev/zero
    } | packet c2
}

# Version 4 certifications, each by another key that is not here: signatures FROM TO
signatures() {
    seq "$1" "$2" | LC_ALL=C sed -e \
        's/.*/\xc2\x20\x04\x13\x01\x08\x00\x06\x05\x02\x60\x00\x00\x00\x00\x0d\x09\x10&\x02\x19\x00ab\x00\x08\xff/' |
        tr -d '\n'
}

# The public half of a new key, as packets.
certificate() {
    new_key "$1"
    bulla cert export --binary "$1"
}

@test "43 kB that expand to 4 GiB" {
    need_specdata
    local bomb=$SPECDATA/fixtures/messages-compression/bzip2-bomb-4gb.pgp
    ends 20 64 41 "expands to more than 1100 times its size" verify -o out "$bomb"
    hints "--any-expansion"
    absent out
    ends 20 64 41 "expands to more than 1100 times its size" inspect "$bomb"
    command -v openssl >/dev/null || return 0
    seal password <"$bomb" >sealed
    ends 20 64 41 "expands to more than 1100 times its size" \
        decrypt --passphrase-file pass -o out sealed
    absent out
}

@test "what expands much, but not too much, or with leave" {
    head -c 100000000 /dev/zero | bulla encrypt -p --passphrase-file pass --compress zlib -o zlib
    ends 20 64 0 "" decrypt --passphrase-file pass -o out zlib
    [ "$(wc -c <out)" -eq 100000000 ]
    rm out
    head -c 300000000 /dev/zero | bulla encrypt -p --passphrase-file pass --compress bzip2 -o bzip2
    ends 20 64 41 "1100 times" decrypt --passphrase-file pass -o out bzip2
    absent out
    ends 20 64 0 "" decrypt --any-expansion --passphrase-file pass -o out bzip2
    [ "$(wc -c <out)" -eq 300000000 ]
}

@test "compressed data that expands to itself, and 128 layers" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-compression command
    for command in inspect verify decrypt; do
        ends 2 32 41 "zlib-quine.pgp: " $command "$folder/zlib-quine.pgp"
        ends 2 32 41 "more than 16 packets inside one another" $command "$folder/128-rounds.pgp"
    done
}

@test "10,000 packets inside one another" {
    local command
    printf '\xa3\x00' | repeat 10000 >nested.pgp
    literal >>nested.pgp
    for command in inspect verify decrypt; do
        ends 2 32 41 "more than 16 packets inside one another" $command nested.pgp
    done
    { printf '\xa3\x00' | repeat 10 && literal; } >few
    ends 2 32 0 "5 bytes" inspect few
    ends 2 32 3 "the message is not signed" verify few
}

@test "10,000 packets in a few bytes of compressed data" {
    printf '\xca\x03PGP' | repeat 10000 | gzip -n >many.gz
    { printf '\xa3\x01' && tail -c +11 many.gz | head -c -8; } >many.pgp # deflate alone
    ends 5 32 41 "more than 8192 packets in compressed data" inspect many.pgp
}

@test "4 GiB announced, and ten bytes behind" {
    local type command
    for type in c1 c2 c3 c4 c6 c8 c9 cb cd d1 d2 d5 fc; do
        printf '%b\xff\xff\xff\xff\xff\x04bbbbbbbbb' "\\x$type" >long.pgp
        for command in inspect verify decrypt "cert import" dearmor; do
            # shellcheck disable=SC2086
            run --separate-stderr timeout 10 "$BUILD/bulla" $command long.pgp
            [ "$status" -eq 41 ] || [ "$status" -eq 13 ] || [ "$status" -eq 114 ] || {
                echo "$type $command"
                show_run
                return 1
            }
        done
    done
    printf '\xc2\xff\xff\xff\xff\xff\x04bbbbbbbbb' >long.pgp
    ends 2 32 41 "Signature packet of 4294967295 bytes; at most 1048576 allowed" decrypt long.pgp
}

@test "100,000 subpackets" {
    printf '\x01\x64' | repeat 100000 | signature6 >many.sig
    ends 10 32 0 "Signature packet" inspect many.sig
    ends 2 32 3 "no good signature" verify many.sig letter
}

@test "notations of 1 MB" {
    {
        printf '\xff\x00\x01\x00\x09\x14\x80\x00\x00\x00\x00\x01\xff\xffn'
        head -c 65535 /dev/zero | tr '\0' v
    } | repeat 15 | signature6 >large.sig
    ends 5 32 0 "Signature packet" inspect large.sig
    ends 2 32 3 "no good signature" verify large.sig letter
    repeat 2 <large.sig >two.sig
    ends 2 32 3 "no good signature" verify two.sig letter
    { printf '\xff\x00\x20\x00\x01\x14' && head -c 2097152 /dev/zero; } | signature6 >larger.sig
    ends 2 32 41 "at most 1048576 allowed" verify larger.sig letter
}

@test "100,000 user IDs on a certificate" {
    certificate "Alice <alice@example.org>" >alice.cert
    { cat alice.cert && seq 100000 199999 | LC_ALL=C sed 's/^/\xcd\x08u/'; } >many.cert
    ends 10 256 0 "Alice" cert import --home new many.cert
    ends 10 256 0 "Alice" cert list --home new
    ends 10 256 110 "0 of 120" encrypt --home new --no-self -r alice@example.org -o out letter
    ends 10 256 0 "" encrypt --home new --trust always --no-self -r alice@example.org -o out letter
    bulla decrypt -o copy out
    same copy letter
}

@test "100,000 signatures on a certificate" {
    certificate "Alice <alice@example.org>" >alice.cert
    { packet_of alice.cert 0 && packet_of alice.cert 1 && packet_of alice.cert 2; } >flooded.cert
    signatures 10000000 10099999 >>flooded.cert
    { packet_of alice.cert 3 && packet_of alice.cert 4; } >>flooded.cert
    ends 10 256 0 "Alice" cert import --home new flooded.cert
    ends 10 256 0 "" cert list --home new
    ends 10 256 110 "0 of 120" encrypt --home new --no-self -r alice@example.org -o out letter
    ends 10 256 0 "" encrypt --home new --trust always --no-self -r alice@example.org -o out letter
    bulla decrypt -o copy out
    same copy letter
}

@test "100,000 packets before the data" {
    { printf '\xca\x03PGP' | repeat 100000 && literal; } >many.pgp
    ends 2 32 41 "more than 8192 packets before the data" verify many.pgp
    ends 2 32 41 "more than 8192 packets before the data" decrypt many.pgp
    ends 10 32 0 "5 bytes" inspect many.pgp
}

@test "64k signatures in a message, or beside a file" {
    signatures 10000000 10065535 >many.sig
    { cat many.sig && literal; } >many.pgp
    ends 2 32 41 "more than 64 signatures" verify many.pgp
    ends 2 32 41 "more than 64 signatures" decrypt many.pgp
    ends 2 32 41 "more than 64 signatures" verify many.sig letter
    { printf '\xc4\x0d\x03\x00\x08\x01keykeyid\x00' | repeat 65536 && literal; } >onepass
    ends 2 32 41 "more than 64 signatures" verify onepass
}

# Session keys for a passphrase, as the arguments say, and data that none of them opens.
for_passphrase() {
    local times=$1 s2k=$2
    printf '%b' "$s2k" | packet c3 | repeat "$times"
    { printf '\x01' && head -c 60 /dev/zero; } | packet d2
}

@test "Argon2: more memory than is allowed, or passes without end" {
    for_passphrase 1 '\x04\x09\x04saltsaltsaltsalt\x01\x01\x1f' >memory
    ends 2 32 41 "asks for 2097152 MiB of memory; 2048 allowed" \
        decrypt --passphrase-file pass -o out memory
    hints "--max-passphrase-memory"
    for_passphrase 1 '\x04\x09\x04saltsaltsaltsalt\xff\x01\x15' >passes
    ends 2 32 41 "255 passes over 2048 MiB of memory, more work than is allowed" \
        decrypt --passphrase-file pass -o out passes
    for_passphrase 4000 '\x04\x09\x04saltsaltsaltsalt\x02\x01\x10' >many
    ends 60 128 41 "more work than is allowed" decrypt --passphrase-file pass -o out many
    absent out
}

@test "iterated passphrases at the highest count, 4000 of them" {
    for_passphrase 4000 '\x04\x09\x03\x08saltsalt\xff' >many
    ends 30 32 41 "more work than is allowed" decrypt --passphrase-file pass -o out many
    for_passphrase 5000 '\x04\x09\x00\x08' >more
    ends 10 32 41 "more than 4096 recipients" decrypt --passphrase-file pass -o out more
    absent out
}

@test "integers of 64k bits" {
    local ones=$BATS_TEST_TMPDIR.ones
    head -c 8192 /dev/zero | tr '\0' '\377' >"$ones"
    { printf '\x04\x00\x00\x00\x00\x01\xff\xff' && cat "$ones" && printf '\x00\x11\x01\x00\x01'; } |
        packet c6 >huge.cert
    printf '\xcd\x01u' >>huge.cert
    ends 2 32 41 "Public Key: " cert import huge.cert
    ends 2 32 0 "Public Key packet" inspect huge.cert
    { { printf '\x03keykeyid\x01\xff\xff' && cat "$ones"; } | packet c1 && for_passphrase 1 '\x04\x09\x00\x08'; } >huge
    ends 2 32 29 "passphrase" decrypt --passphrase-file pass -o out huge
    need_specdata
    ends 2 32 41 "nothing could be imported" \
        cert import "$SPECDATA/fixtures/keys-rsa/rsa16385-pub.pgp"
}

@test "armor lines of 50 MB" {
    local begin="-----BEGIN PGP MESSAGE-----" command
    head -c 50000000 /dev/zero | tr '\0' ' ' >blanks
    head -c 50000000 /dev/zero | tr '\0' A >letters.asc
    printf '%s' "$begin" | cat - blanks >first.asc
    printf '%s\nComment: ' "$begin" | cat - letters.asc >header.asc
    printf '%s\n\n' "$begin" | cat - letters.asc >data.asc
    for command in inspect verify decrypt dearmor "cert import"; do
        # shellcheck disable=SC2086
        {
            ends 10 32 41 "armor: cut short" $command first.asc
            ends 10 32 41 "armor: no blank line behind the headers" $command header.asc
            ends 10 32 41 "data.asc: " $command data.asc
            ends 10 32 41 "letters.asc: " $command letters.asc
        }
    done
    literal | repeat 5000000 | base64 -w 0 | cat <(printf '%s\n\n' "$begin") - <(printf '\n-----END PGP MESSAGE-----\n') >whole
    ends 10 32 0 "" dearmor -o out whole
    cmp out <(literal | repeat 5000000)
}

@test "a cleartext signed line of 100 MB" {
    new_key "Alice <alice@example.org>"
    head -c 100000000 /dev/zero | tr '\0' x | bulla sign --cleartext -o signed
    ends 20 48 0 "Good signature" verify signed
    ends 20 32 0 "Signature packet" inspect signed
    head -c 70000000 signed >cut
    ends 20 48 41 "cut: " verify cut
}

@test "100 MB of certificates, and garbage in the middle" {
    certificate "Alice <alice@example.org>" >alice.cert
    certificate "Bob <bob@example.org>" >bob.cert
    local times=$((50000000 / $(wc -c <alice.cert)))
    { repeat "$times" <alice.cert && repeat 1000 <letter && repeat "$times" <bob.cert; } >many
    ends 60 64 0 "): at byte $((times * $(wc -c <alice.cert))): no OpenPGP packet starts with byte 0x78" \
        cert import -q --home new many
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    ends 2 32 0 "alice@example.org" cert list --home new # what is around it is there
    [[ $output == *bob@* ]]
}

@test "a flood of signatures on a certificate" {
    local flooded=user000001@d01.example
    "$BUILD/bench/gencerts" --flood 100000 1 >flood
    ends 4 128 0 "there is room for 2 MiB" cert import flood
    [ "$(bulla cert export --armor "$flooded" | wc -c)" -lt $((3 << 20)) ]
    [ "$(stat -c %s bulla-home/keyring.db)" -lt $((4 << 20)) ]
    ends 1 32 0 "$flooded" cert list
    ends 1 32 0 "" encrypt --trust always -r "$flooded" -o secret letter
    ends 1 64 110 "not authenticated" encrypt -r "$flooded" -o secret2 letter
    # Again, together with what is there: nothing changes.
    bulla cert export "$flooded" -o before
    ends 4 192 0 unchanged cert import flood
    bulla cert import --json flood >report
    [ "$(json '.imported[0].left_out' <report)" -gt 80000 ]
    bulla cert export "$flooded" -o after
    cmp before after
    # Nothing is missing of what its owner has made.
    [ "$(bulla inspect after | grep -c 'Key Flags')" = 2 ]
}
