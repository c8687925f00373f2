#!/usr/bin/env bats
# sop decrypt: messages that keep to the letter of the standard, and some that only
# seem to; other programs are asked about the same.

load lib
load sop

setup() {
    begin
    printf secret >password
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    literal letter >plain
}

# A number in octets, the highest first: octets WIDTH NUMBER
octets() {
    # shellcheck disable=SC2059
    printf "$(printf "%0$((2 * $1))x" "$2" | sed 's/../\\x&/g')"
}

# A packet whose body is on standard input, said to be so much longer: packet TYPE [MORE]
packet() {
    local body
    body=$(mktemp)
    cat >"$body"
    octets 1 $((192 + $1))
    octets 1 255
    octets 4 $(($(wc -c <"$body") + ${2:-0}))
    cat "$body"
}

# A literal data packet with a file in it: literal FILE [MORE]
literal() {
    { printf 'b\0\0\0\0\0' && cat "$1"; } | packet 11 "${2:-0}"
}

# What is on standard input as deflated data that is only stored, said to be longer:
# stored [MORE]
stored() {
    local whole n
    whole=$(mktemp)
    cat >"$whole"
    n=$(($(wc -c <"$whole") + ${1:-0}))
    octets 1 1
    octets 2 $((n % 256 * 256 + n / 256))
    n=$((65535 - n))
    octets 2 $((n % 256 * 256 + n / 256))
    cat "$whole"
}

# What is on standard input, compressed so: compressed [MORE]
compressed() {
    { octets 1 1 && stored "${1:-0}"; } | packet 8
}

# The packets on standard input, encrypted, are the letter; or no message at all.
opens() {
    seal secret >message
    sop decrypt --with-password=password <message | same letter -
}
closed() {
    seal secret >message
    refuses 41 "" sop decrypt --with-password=password <message
}

@test "bytes behind compressed data are padding" {
    local n
    for n in 0 1 10 100 1000 100000; do
        { octets 1 1 && stored <plain && head -c "$n" /dev/zero; } | packet 8 | opens
        { octets 1 1 && stored <plain && head -c "$n" /dev/urandom; } | packet 8 | opens
    done
    # They are no packets, whatever they look like.
    { octets 1 1 && stored <plain && cat plain; } | packet 8 | opens
}

@test "compressed data that ends before its data does" {
    local more
    compressed <plain | opens
    for more in 1 4 22 23 100 8300; do
        literal letter "$more" | compressed | closed
        literal letter "$more" | compressed "$more" | closed
    done
}

@test "compressed data in which there is no message" {
    local algorithm
    for algorithm in 0 1 2 3; do
        { octets 1 "$algorithm" | packet 8 && cat plain; } | closed
    done
    { : | compressed && cat plain; } | closed
    { printf PGP | packet 10 | compressed && cat plain; } | closed
    { compressed <plain && cat plain; } | closed
    printf PGP | packet 10 | cat - plain | compressed | opens
}

@test "data that reaches into what follows it" {
    local name
    literal letter 22 | closed
    for name in $(($(wc -c <letter) + 4)) $(($(wc -c <letter) + 26)) 255; do
        { printf b && octets 1 "$name" && printf '\0\0\0\0' && cat letter; } | packet 11 | closed
    done
    head -c 20 /dev/zero | packet 19 >mdc
    cat mdc plain | closed
    cat plain mdc | closed
    { head -c 20 /dev/zero && cat plain; } | packet 19 | cat - plain | closed
    { cat plain && printf A; } | closed
    closed <letter
    : | closed
}

# [RFC9580 4.2.2] has them read, [RFC9580 4.2.1.4] says where they may be.
@test "lengths of every form" {
    local n width part
    { printf 'b\0\0\0\0\0' && cat letter; } >body-of-literal
    n=$(wc -c <body-of-literal)
    for width in 1 2 4; do
        { octets 1 $((128 + 11 * 4 + width / 2)) && octets $width "$n" && cat body-of-literal; } | opens
    done
    { octets 1 $((128 + 11 * 4 + 3)) && cat body-of-literal; } | compressed | opens
    { octets 1 $((128 + 8 * 4 + 3)) && octets 1 1 && stored <plain; } | opens
    # In parts; the first is shorter than it should be.
    for part in 0 1 2 3 4 5; do
        {
            octets 1 203 && octets 1 $((224 + part)) && head -c $((1 << part)) body-of-literal
            octets 1 $((n - (1 << part))) && tail -c +$(((1 << part) + 1)) body-of-literal
        } | opens
    done
    # Only data may be.
    { octets 1 202 && octets 1 225 && printf PG && octets 1 1 && printf P && cat plain; } | closed
}

@test "session keys in packets that nobody knows, before and behind one that fits" {
    local kind code
    seal secret <plain >message
    packet_of message 0 >skesk
    packet_of message 1 >seipd
    printf '\x17AAAAAAAA\x09%064d' 0 | packet 1 >pkesk-version
    printf '\x03AAAAAAAA\x63%064d' 0 | packet 1 >pkesk-algorithm
    printf '\x03AAAAAAAA\x12x' | packet 1 >pkesk-cut
    : | packet 1 >pkesk-empty
    printf '\x06\x00\x19%032d\x28%040d' 0 0 | packet 1 >pkesk-of-seipd2
    printf '\x17\x09\x03\x08saltsalt\x60%064d' 0 | packet 3 >skesk-version
    printf '\x04\x09\x17\x08%064d' 0 | packet 3 >skesk-s2k
    printf '\x04\x63\x03\x08saltsalt\x60' | packet 3 >skesk-cipher
    printf '\x04\x09\x03\x08' | packet 3 >skesk-cut
    for kind in pkesk-* skesk-*; do
        cat "$kind" skesk seipd | sop decrypt --with-password=password | same letter -
        cat skesk "$kind" seipd | sop decrypt --with-password=password | same letter -
        cat "$kind" seipd >alone
        case $kind in
        *-cut | *-empty) code=41 ;;
        *) code=29 ;;
        esac
        refuses "$code" "" sop decrypt --with-password=password <alone
    done
}
