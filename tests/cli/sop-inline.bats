#!/usr/bin/env bats
# sop inline-sign, inline-verify, inline-detach.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\n- the meeting is at noon.  \n\nBob' >letter
    sop_key alice
    sop_key bob --profile=rfc9580
}

# What a text looks like where its line ends were made those of the standard, or where
# the blanks at its line ends were lost, too.
as_text() {
    sed 's/$/\r/' letter | head -c -1
}
as_clearsigned() {
    sed 's/ *$//' letter
}

@test "signed by several, verified, and taken apart" {
    local as
    cp letter as-binary
    as_text >as-text
    as_clearsigned >as-clearsigned
    for as in binary text clearsigned; do
        sop inline-sign --as=$as alice.key bob.key <letter >message
        rm -f lines sigs
        sop inline-verify --verifications-out=lines alice.cert bob.cert <message >data
        same as-$as data
        [ "$(wc -l <lines)" -eq 2 ]
        [ "$(grep -c "mode:$([ $as = binary ] && echo binary || echo text)" lines)" -eq 2 ]
        sop inline-verify bob.cert <message | same as-$as -
        sop inline-detach --signatures-out=sigs <message | same as-$as -
        grep -q "BEGIN PGP SIGNATURE" sigs
        succeeds sop verify sigs alice.cert bob.cert <data
        [ "$(wc -l <<<"$output")" -eq 2 ]
    done
    sop inline-sign --as=clearsigned alice.key <letter >message
    [ "$(head -n 1 message)" = "-----BEGIN PGP SIGNED MESSAGE-----" ]
    grep -q "^- - the meeting" message
}

@test "bytes or text" {
    sop inline-sign --no-armor alice.key <letter >message
    [ "$(packet_types message)" = "4 11 2" ]
    sop inline-verify alice.cert <message | same letter -
    sop inline-detach --no-armor --signatures-out=sigs <message | same letter -
    [ "$(packet_types sigs)" = 2 ]
    packet_of message 2 | same sigs -
    refuses 83 "--no-armor" sop inline-sign --as=clearsigned --no-armor alice.key <letter
}

@test "empty, and much, in constant memory" {
    local as
    for as in binary text clearsigned; do
        sop inline-sign --as=$as alice.key </dev/null >message
        [ -z "$(sop inline-verify alice.cert <message)" ]
    done
    [ -z "$SANITIZED" ] || skip "slow"
    yes "a line of a long letter" | head -c 40000000 >big
    for as in binary clearsigned; do
        sop inline-sign --as=$as alice.key <big | sop inline-verify alice.cert | same big -
    done
}

@test "3: not a byte without a good signature" {
    local as
    for as in binary text clearsigned; do
        sop inline-sign --as=$as alice.key <letter >message
        refuses 3 "no acceptable signature" sop inline-verify --verifications-out=lines bob.cert <message
        refuses 3 "too early" sop inline-verify --not-before=2100-01-01 alice.cert <message
        refuses 3 "too late" sop inline-verify --not-after=2020-01-01 alice.cert <message
        succeeds sop inline-verify --not-before=2020-01-01 --not-after=now alice.cert <message
    done
    sed 's/noon/nine/' message >changed
    refuses 3 "changed" sop inline-verify --verifications-out=lines alice.cert <changed
    sop inline-sign --no-armor alice.key <letter >message
    flip message "$(offset_of noon message)"
    refuses 3 "changed" sop inline-verify alice.cert <message
    bulla inspect message >/dev/null
    packet_of message 1 >unsigned
    refuses 3 "not signed" sop inline-verify alice.cert <unsigned
    refuses 41 "not signed" sop inline-detach --signatures-out=sigs <unsigned
}

@test "one good signature is enough" {
    sop inline-sign --no-armor alice.key bob.key <letter >message
    # The signatures stand in the other order: Bob's first.
    flip message $(($(wc -c <message) - 3))
    succeeds sop inline-verify --verifications-out=lines alice.cert bob.cert <message
    [ "$(wc -l <lines)" -eq 1 ]
    grep -q bob.cert lines
    refuses 3 "" sop inline-verify alice.cert <message
}

@test "41: what is not signed inline" {
    sop sign alice.key <letter >sig
    sop encrypt --sign-with=alice.key bob.cert <letter >secret
    sop inline-sign --no-armor alice.key <letter >message
    head -c -1 message >cut
    packet_of message 0 >onepass
    packet_of message 1 >>onepass
    local bad
    for bad in sig secret alice.cert alice.key letter cut onepass /dev/null; do
        refuses 41 "" sop inline-verify --verifications-out=lines alice.cert <"$bad"
        refuses 41 "" sop inline-detach --signatures-out=sigs <"$bad"
    done
    sop inline-sign --as=clearsigned alice.key <letter >text
    sed '/BEGIN PGP SIGNATURE/,$d' text >cut
    refuses 41 "" sop inline-verify alice.cert <cut
    refuses 41 "" sop inline-detach --signatures-out=sigs <cut
}

@test "a signature of an unknown version beside a good one" {
    sop inline-sign --no-armor alice.key bob.key <letter >message
    # Alice's one-pass packet, and her signature behind Bob's, of version 23.
    flip message 2 0x17
    refuses 3 "" sop inline-verify alice.cert <message
    sop inline-verify bob.cert <message | same letter -
    sop inline-detach --signatures-out=sigs <message | same letter -
    succeeds sop verify sigs alice.cert bob.cert <letter
}

@test "text that is none, and modes that there are not" {
    printf 'caf\xe9' >latin
    refuses 53 "" sop inline-sign --as=text alice.key <latin
    refuses 53 "" sop inline-sign --as=clearsigned alice.key <latin
    sop inline-sign --as=binary alice.key <latin | sop inline-verify alice.cert | same latin -
    refuses 37 "--as=frob" sop inline-sign --as=frob alice.key <letter
}

@test "locked keys" {
    printf 'open sesame\n' >pass
    sop_key carol --with-key-password=pass
    sop inline-sign --with-key-password=pass carol.key <letter | sop inline-verify carol.cert |
        same letter -
    refuses 67 "protected" sop inline-sign carol.key <letter
    refuses 67 "protected" sop inline-sign alice.key carol.key <letter
}

@test "other errors" {
    sop inline-sign alice.key <letter >message
    echo precious >there
    refuses 59 "there" sop inline-verify --verifications-out=there alice.cert <message
    refuses 59 "there" sop inline-detach --signatures-out=there <message
    refuses 19 "CERTS" sop inline-verify <message
    refuses 19 "KEYS" sop inline-sign <letter
    refuses 19 "--signatures-out" sop inline-detach <message
    refuses 61 "missing" sop inline-verify missing <message
    refuses 41 "secret key" sop inline-verify alice.key <message
    refuses 41 "certificate" sop inline-sign alice.cert <letter
    refuses 1 "argument" sop inline-detach --signatures-out=sigs message <message
    [ "$(sop_as sopv inline-verify alice.cert <message)" = "$(cat letter)" ]
    fails 69 "sopv" sop_as sopv inline-detach --signatures-out=sigs <message
}

@test "armor leaves cleartext signed text as it is" {
    sop inline-sign --as=clearsigned alice.key <letter >text
    sop armor <text | same text -
    refuses 41 "cleartext" sop dearmor <text
    sed '/BEGIN PGP SIGNATURE/,$d' text >cut
    refuses 41 "" sop armor <cut
}

@test "cleartext signed by others" {
    need_specdata
    local c=$SPECDATA/fixtures/cleartext k=$SPECDATA/fixtures a=$SPECDATA/rfc9580-appendix-a
    sop inline-verify "$a/A.3-v6-certificate.asc" <"$a/A.6-cleartext-signed.asc" >data
    same "$a/A.6-document.txt" data
    sop inline-verify "$a/A.3-v6-certificate.asc" <"$a/A.7-inline-signed.asc" >/dev/null
    sop inline-verify "$k/keyrings/rnp-pubring.gpg" <"$c/rnp-2-sigs-one-v10.asc" >/dev/null ||
        sop inline-verify <(sop extract-cert <"$k/keyrings/rnp-alice-sub-sec.pgp") \
            <"$c/rnp-2-sigs-one-v10.asc" >/dev/null
    [ "$(sop inline-verify "$c/rpgp-alice.pub.asc" <"$c/rpgp-starts-with-newline.csf" | od -An -c)" = \
        "$(printf '\ntest\n' | od -An -c)" ]
    refuses 41 "header" sop inline-verify "$c/rpgp-alice.pub.asc" <"$c/notdashescaped-header.csf"
    refuses 41 "" sop inline-verify "$c/rpgp-alice.pub.asc" <"$c/rnp-no-signature.asc"
}
