#!/usr/bin/env bats
# A bit changed or a cut anywhere in a short message: refused, with a message, no
# output file, and nothing on standard output.  As text: tamper-armor.bats; long
# messages: tamper-long.bats.

load lib
load tamper

setup() {
    begin_tampering
}

@test "the tests themselves: an unchanged message is accepted" {
    seal_for_alice
    read_bytes message
    changed 100 0 broken
    same broken message
    try whole
    [ "$accepted" = " whole" ]
    cp letter copy
    : >errors
    try again
    [[ $talkative == *again* ]]
}

@test "SEIPD v2: a bit of any byte" {
    seal_for_alice --profile rfc9580
    flip_each
}

@test "SEIPD v2: any bit" {
    seal_for_alice --profile rfc9580
    flip_all
}

@test "SEIPD v2: cut anywhere" {
    seal_for_alice --profile rfc9580
    cut_each
}

@test "SEIPD v1: a bit of any byte" {
    seal_for_alice --profile rfc4880
    flip_each
}

@test "SEIPD v1: any bit" {
    seal_for_alice --profile rfc4880
    flip_all
}

@test "SEIPD v1: cut anywhere" {
    seal_for_alice --profile rfc4880
    cut_each
}

# The errors must not tell what became of the text [RFC9580 13.7].
@test "SEIPD v1: a change of the encrypted data always gives the same error" {
    local compression from i
    for compression in "" zip zlib bzip2; do
        seal_for_alice -f --profile rfc4880 ${compression:+--compress "$compression"}
        read_bytes message
        from=$(($(wc -c < <(packet_of message 0)) + 3))
        for ((i = from; i < n; i++)); do
            changed "$i" 4 broken
            "$BUILD/bulla" decrypt -o copy broken 2>&1 || true
        done | sort -u >errors
        cat errors
        [ "$(grep -c "^bulla: " errors)" -eq 1 ]
        [ "$(wc -l <errors)" -le 2 ]
        grep -q "the message was changed or cut short" errors
        absent copy
    done
}

@test "a changed session key is not taken for a missing secret key" {
    seal_for_alice
    flip message 90
    refuses 29 "message" bulla decrypt -o copy message
    [[ $stderr != *"bulla key import"* ]]
}
