#!/usr/bin/env bats
# Data in motion: sizes around the borders of chunks, pipes, and large files in
# little memory.  Also run under the thread sanitizer.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
}

# Numbered lines: a block out of order would show.  numbered BYTES
numbered() {
    head -c "$1" < <(seq -f "%015.0f" $(($1 / 16 + 1)))
}

# The file text comes back, in this format: there_and_back OPTION...
there_and_back() {
    bulla encrypt "$@" -r alice@example.org -o message text
    bulla decrypt -o copy message
    same copy text
    bulla encrypt "$@" -r alice@example.org <text | bulla decrypt >copy2
    same copy2 text
    rm message copy copy2
}

signed_there_and_back() {
    bulla sign --inline "$@" -o signed text
    bulla verify -q -o copy signed
    if [ "${1:-}" = --text ]; then
        same <(tr -d '\r' <copy) <(tr -d '\r' <text)
    else
        same copy text
    fi
    bulla sign "$@" -o mark <text
    bulla verify -q mark text
    bulla encrypt -s -r alice@example.org <text | bulla decrypt -q --signer alice >copy2
    same copy2 text
    rm signed copy mark copy2
}

# Without pipefail the failure of all but the last command would go unseen.
set -o pipefail

@test "sizes around the border of a chunk" {
    local size
    for size in 0 1 2 262143 262144 262145 524288 524289; do
        numbered "$size" >text
        there_and_back
        there_and_back --profile rfc4880
        signed_there_and_back
    done
}

@test "sizes that fill a chunk with the headers that are in it" {
    local size
    for size in $(seq 262110 3 262136) 262126 262127 262128; do
        numbered "$size" >text
        there_and_back
    done
}

@test "4 MiB and one byte, in all formats" {
    numbered 4194305 >text
    there_and_back
    there_and_back -a
    there_and_back --profile rfc4880
    there_and_back --profile rfc4880 -a
    there_and_back --compress zip
    there_and_back --compress zlib
    there_and_back --compress bzip2
    there_and_back --hide-recipients
    signed_there_and_back
    signed_there_and_back -a
    signed_there_and_back --text
}

@test "a text with CR LF and no newline at its end" {
    printf 'one\r\ntwo\nthree\r\r\n\nend' >text
    there_and_back
    there_and_back -a
    there_and_back --profile rfc4880
    signed_there_and_back
    signed_there_and_back --text
}

@test "bytes that are no text" {
    head -c 300000 "$BUILD/bulla" >text
    there_and_back
    there_and_back -a
    signed_there_and_back
}

@test "with a passphrase" {
    echo "correct horse" >pass
    numbered 1000000 >text
    bulla encrypt -p --passphrase-file pass <text | bulla decrypt --passphrase-file pass >copy
    same copy text
}

@test "through a pipeline of every stage" {
    numbered 1000000 >text
    bulla sign --inline <text | bulla encrypt -r alice@example.org | bulla armor | bulla dearmor |
        bulla decrypt | bulla verify -o - 2>remark >copy
    same copy text
    grep -q "Good signature by Alice" remark
}

@test "to and from a FIFO" {
    numbered 1000000 >text
    mkfifo in out
    cat text >in 3>&- &
    bulla encrypt -r alice@example.org -o message in
    wait $!
    cat message >in 3>&- &
    cat out >copy 3>&- &
    bulla decrypt -o out in
    wait
    same copy text
    [ -p out ]
}

@test "input that comes in small pieces" {
    numbered 3000 >text
    bulla encrypt -a -r alice@example.org -o message text
    dd if=message bs=7 status=none | bulla decrypt >copy
    same copy text
    dd if=text bs=13 status=none | bulla encrypt -r alice@example.org | dd bs=5 status=none |
        bulla decrypt >copy2
    same copy2 text
}

@test "a slow reader gets everything" {
    numbered 3000000 >text
    bulla encrypt -r alice@example.org -o message text
    bulla decrypt -o - message | { sleep 0.5 && cat; } >copy
    same copy text
}

@test "from standard input in the middle of a file" {
    { printf 'a header\n' && numbered 100 && echo; } >text
    {
        read -r _
        bulla encrypt -r alice@example.org -o message
    } <text
    bulla decrypt -o copy message
    tail -n +2 text | cmp - copy
}

@test "several large files at once" {
    local i
    for i in 1 2 3; do
        numbered $((i * 1000000)) >"text$i"
    done
    bulla encrypt -r alice@example.org text1 text2 text3
    mkdir copies
    mv ./*.pgp copies
    (cd copies && bulla decrypt text1.pgp text2.pgp text3.pgp)
    for i in 1 2 3; do
        same "copies/text$i" "text$i"
    done
}

@test "200 MB both ways" {
    [ -z "$SANITIZED" ] || skip "too slow with sanitizers"
    local format sum
    numbered 20000000 >part
    large() {
        cat part part part part part part part part part part
    }
    sum=$(large | sha256sum)
    for format in rfc9580 rfc4880; do
        large | bulla encrypt --profile "$format" -r alice@example.org -o message
        [ "$(bulla decrypt <message | sha256sum)" = "$sum" ]
        rm message
    done
    large | bulla sign -o mark
    large | bulla verify -q mark -
}

# The most memory that a command had, in KiB, goes to the file peak.
measured() {
    /usr/bin/time -f %M -o peak "$BUILD/bulla" "$@"
}

peak_below() {
    [ "$(tail -n 1 peak)" -lt "$1" ] || {
        echo "$(tail -n 1 peak) KiB of memory"
        return 1
    }
}

@test "memory stays below 64 MiB at any size" {
    [ -z "$SANITIZED" ] || skip "sanitizers take memory of their own"
    /usr/bin/time -f %M true 2>/dev/null || skip "no /usr/bin/time"
    local option
    for option in --profile=rfc9580 --profile=rfc4880 --compress=zlib --armor --sign; do
        head -c 150000000 /dev/zero | measured encrypt "$option" -r alice@example.org -o message
        peak_below 65536
        measured decrypt -q -o - message | cmp -n 150000000 - /dev/zero
        peak_below 65536
        rm message
    done
    head -c 150000000 /dev/zero | measured sign --inline -o message
    peak_below 65536
    measured verify -q -o - message | cmp -n 150000000 - /dev/zero
    peak_below 65536
}

@test "a small file that expands without end is read in little memory" {
    [ -z "$SANITIZED" ] || skip "sanitizers take memory of their own"
    /usr/bin/time -f %M true 2>/dev/null || skip "no /usr/bin/time"
    head -c 100000000 /dev/zero | bulla encrypt --compress zlib -r alice@example.org -o message
    [ "$(wc -c <message)" -lt 1000000 ]
    measured decrypt -o - message | cmp -n 100000000 - /dev/zero
    peak_below 65536
}
