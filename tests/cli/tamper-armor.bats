#!/usr/bin/env bats
# As tamper.bats, for messages as text.  All that bulla writes must be there: it
# writes no headers and no checksum, in which a change could mean nothing.

load lib
load tamper

setup() {
    begin_tampering
}

@test "SEIPD v2: a bit of any byte" {
    seal_for_alice -a --profile rfc9580
    flip_each
}

@test "SEIPD v2: any bit" {
    seal_for_alice -a --profile rfc9580
    flip_all
}

@test "SEIPD v2: cut anywhere" {
    seal_for_alice -a --profile rfc9580
    cut_each 2
}

@test "SEIPD v1: a bit of any byte" {
    seal_for_alice -a --profile rfc4880
    flip_each
}

@test "SEIPD v1: cut anywhere" {
    seal_for_alice -a --profile rfc4880
    cut_each 2
}

@test "the newline at the end is the only thing that may be missing" {
    seal_for_alice -a
    head -c -1 message >broken
    succeeds bulla decrypt -o copy broken
    same copy letter
    rm copy
    head -c -2 message >broken
    refuses 41 "broken" bulla decrypt -o copy broken
}

@test "lines lost, doubled or swapped" {
    local i lines
    seal_for_alice -a
    lines=$(wc -l <message)
    for ((i = 1; i <= lines; i++)); do
        sed "${i}d" message >broken
        try "lost $i"
        sed -n "${i}{h;d};p;$((i + 1)){x;p;x}" message >broken
        cmp -s broken message || try "swapped $i"
    done
    # Behind the frame's first line and the blank one.
    for ((i = 3; i < lines; i++)); do
        sed "${i}p" message >broken
        try "doubled $i"
    done
    all_refused
}

@test "a message whose text looks like armor is not mistaken" {
    { printf '\n-----BEGIN PGP MESSAGE-----\n\n' && cat letter; } >tricky
    bulla encrypt -a -r alice@example.org -o message tricky
    succeeds bulla decrypt -o copy message
    same copy tricky
}
