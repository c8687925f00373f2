#!/usr/bin/env bats
# Signatures beside, around and below texts, to and from a program that speaks the
# Stateless OpenPGP interface.

load ../cli/lib
load peers
load sop

setup_file() {
    begin_sop_file
}

setup() {
    begin_sop
}

teardown_file() {
    end_sop_file
}

# With each text, in one form, by a v4 and a v6 key.  What they make:
they_sign_beside() {
    for kind in v4 v6; do
        sop sign "$SHARED/$kind.key" <"$1" >text.sig
        bulla_verifies text.sig "$1" "$(theirs "$kind")"
    done
}
they_sign_text_beside() {
    for kind in v4 v6; do
        sop sign --as=text "$SHARED/$kind.key" <"$1" >text.sig
        bulla_verifies text.sig "$1" "$(theirs "$kind")"
    done
}
they_sign_around() {
    for kind in v4 v6; do
        sop inline-sign "$SHARED/$kind.key" <"$1" >message
        succeeds bulla verify --json -f -o copy message
        signed_by "$(theirs "$kind")"
        same "$1" copy
    done
}
they_sign_text_around() {
    for kind in v4 v6; do
        sop inline-sign --as=text "$SHARED/$kind.key" <"$1" >message
        succeeds bulla verify --json -f -o copy message
        signed_by "$(theirs "$kind")"
        cmp <(tr -d '\r' <"$1") <(tr -d '\r' <copy)
    done
}
they_sign_below() {
    for kind in v4 v6; do
        sop inline-sign --as=clearsigned "$SHARED/$kind.key" <"$1" >text.asc
        succeeds bulla verify --json -f -o copy text.asc
        signed_by "$(theirs "$kind")"
        same_cleartext "$1" copy
    done
}

# What we make:
we_sign_beside() {
    for kind in v4 v6; do
        succeeds bulla sign -f -u "$kind@bulla.test" -o text.sig "$1"
        sop verify text.sig "$SHARED/our-$kind.cert" <"$1" >verified
        sop_signed_by "$(ours "$kind")"
    done
}
we_sign_text_beside() {
    for kind in v4 v6; do
        succeeds bulla sign -f -a --text -u "$kind@bulla.test" -o text.sig "$1"
        sop verify text.sig "$SHARED/our-$kind.cert" <"$1" >verified
        sop_signed_by "$(ours "$kind")"
    done
}
we_sign_around() {
    for kind in v4 v6; do
        succeeds bulla sign -f --inline -u "$kind@bulla.test" -o message "$1"
        sop_inline_verifies message "$kind"
        same "$1" copy
    done
}
we_sign_text_around() {
    for kind in v4 v6; do
        succeeds bulla sign -f -a --inline --text -u "$kind@bulla.test" -o message "$1"
        sop_inline_verifies message "$kind"
        cmp <(tr -d '\r' <"$1") <(tr -d '\r' <copy)
    done
}
we_sign_below() {
    for kind in v4 v6; do
        succeeds bulla sign -f --cleartext -u "$kind@bulla.test" -o text.asc "$1"
        sop_inline_verifies text.asc "$kind"
        same_cleartext "$1" copy
    done
}
sop_inline_verifies() {
    rm -f verified
    sop inline-verify --verifications-out=verified "$SHARED/our-$2.cert" <"$1" >copy
    sop_signed_by "$(ours "$2")"
}

@test "we verify their signatures beside every text" {
    with_texts they_sign_beside
}

# Signing as text is for UTF-8, which every text here is.
@test "we verify their text signatures beside every text" {
    with_texts they_sign_text_beside
}

@test "we verify their signatures around every text" {
    with_texts they_sign_around
}

@test "we verify their text signatures around every text" {
    with_texts they_sign_text_around
}

# A blank at the end of a line does not count [RFC9580 7.2].
@test "we verify their cleartext signatures of every text" {
    with_texts_but "empty dashes trailing-blanks" they_sign_below
}

@test "we verify their cleartext signatures of an empty text" {
    unable openpgpjs "makes no cleartext signature of an empty text"
    with_text empty they_sign_below
}

@test "we verify their cleartext signatures of texts with blanks at line ends" {
    unable rsop "makes wrong signatures then, which it refuses itself"
    with_text dashes they_sign_below
    with_text trailing-blanks they_sign_below
}

@test "they verify our signatures beside every text" {
    with_texts we_sign_beside
}

@test "they verify our text signatures beside every text" {
    with_texts we_sign_text_beside
}

@test "they verify our signatures around every text" {
    with_texts_but dashes we_sign_around
}

@test "they verify our signature around a text that looks like armor" {
    unable gosop "takes bytes for armor if an armor's header line is among them"
    with_text dashes we_sign_around
}

@test "they verify our text signatures around every text" {
    with_texts we_sign_text_around
}

@test "they verify our cleartext signatures of every text" {
    with_texts we_sign_below
}

@test "signatures of every kind of key are verified, and those of a changed text refused" {
    for kind in $KINDS; do
        sop sign "$SHARED/$kind.key" <letter >"theirs-$kind.sig"
        bulla_verifies "theirs-$kind.sig" letter "$(theirs "$kind")"
        succeeds bulla sign -u "$kind@bulla.test" -o "ours-$kind.sig" letter
        sop verify "ours-$kind.sig" "$SHARED/our-$kind.cert" <letter >verified
        sop_signed_by "$(ours "$kind")"
    done
    flip letter 4
    for kind in $KINDS; do
        fails 3 "bad signature" bulla verify "theirs-$kind.sig" letter
        run ! sop verify "ours-$kind.sig" "$SHARED/our-$kind.cert" <letter
    done
}

@test "another's certificate does not verify, both ways" {
    sop sign "$SHARED/v6.key" <letter >theirs.sig
    fails 3 letter bulla verify --signer-file "$SHARED/v4.cert" theirs.sig letter
    succeeds bulla verify --signer-file "$SHARED/v6.cert" theirs.sig letter
    succeeds bulla sign -u v6@bulla.test -o ours.sig letter
    run ! sop verify ours.sig "$SHARED/our-v4.cert" <letter
    sop verify ours.sig "$SHARED/our-v6.cert" <letter
}

@test "we verify signatures by several of their keys" {
    sop sign "$SHARED/v4.key" "$SHARED/rsa.key" <letter >text.sig
    succeeds bulla verify --json text.sig letter
    signed_by "$(theirs v4)" "$(theirs rsa)"
    sop inline-sign "$SHARED/v4.key" "$SHARED/rsa.key" <letter >message
    succeeds bulla verify --json message
    signed_by "$(theirs v4)" "$(theirs rsa)"
    sop inline-sign --as=clearsigned "$SHARED/v4.key" "$SHARED/rsa.key" <letter >text.asc
    succeeds bulla verify --json text.asc
    signed_by "$(theirs v4)" "$(theirs rsa)"
}

@test "we verify signatures by their v4 and v6 keys in one" {
    sop inline-sign "$SHARED/v4.key" "$SHARED/v6.key" <letter >message
    succeeds bulla verify --json message
    signed_by "$(theirs v4)" "$(theirs v6)"
    sop inline-sign --as=clearsigned "$SHARED/v4.key" "$SHARED/v6.key" <letter >text.asc
    succeeds bulla verify --json text.asc
    signed_by "$(theirs v4)" "$(theirs v6)"
}

