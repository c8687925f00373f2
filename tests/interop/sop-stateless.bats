#!/usr/bin/env bats
# Our stateless interface and that of another program, PEER, on the same keys, signatures
# and data.

load ../cli/lib
load peers
load sop

setup_file() {
    begin_sop_file
}
setup() {
    begin_sop
    cp "$SHARED"/*.key "$SHARED"/*.cert .
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

teardown_file() {
    end_sop_file
}

OUR_PROFILES="default rfc9580 security compatibility"

our_sop_key() {
    bulla sop generate-key --profile="$1" --with-key-password=pass "$1 <$1@bulla.test>" >"our-$1.key"
    bulla sop extract-cert <"our-$1.key" >"our-$1.cert"
}

# The line is about one signature, which both tell in the same way.
same_line() {
    [ "$(cut -d ' ' -f 1-4 ours | tr a-f A-F)" = "$(cut -d ' ' -f 1-4 theirs | tr a-f A-F)" ]
}

@test "they verify what we sign with keys that we made" {
    local profile as
    for profile in $OUR_PROFILES; do
        our_sop_key "$profile"
        for as in binary text; do
            bulla sop sign --as=$as --with-key-password=pass "our-$profile.key" <letter >sig
            sop verify sig "our-$profile.cert" <letter >theirs
            bulla sop verify sig "our-$profile.cert" <letter >ours
            same_line
        done
    done
}

@test "they sign with our keys, and unlock them" {
    local profile
    for profile in $OUR_PROFILES; do
        our_sop_key "$profile"
        sop sign --with-key-password=pass "our-$profile.key" <letter >sig
        bulla sop verify sig "our-$profile.cert" <letter
    done
}

@test "we sign with their keys, and unlock them" {
    local kind
    for kind in $KINDS; do
        bulla sop sign --with-key-password=pass "$kind-locked.key" <letter >sig
        sop verify sig "$kind-locked.cert" <letter >theirs
        bulla sop verify sig "$kind-locked.cert" <letter >ours
        same_line
        refuses 67 "protected" bulla sop sign "$kind-locked.key" <letter
    done
}

@test "both make the same certificate of a key" {
    local kind
    for kind in $KINDS; do
        bulla sop extract-cert <"$kind.key" >"$kind.ours"
        [ "$(packet_types "$kind.ours")" = "$(packet_types "$kind.cert")" ]
        sop sign "$kind.key" <letter >sig
        sop verify sig "$kind.ours" <letter
        bulla sop verify sig "$kind.cert" <letter
    done
}

@test "armor of the one is read by the other" {
    local kind
    for kind in $KINDS; do
        sop dearmor <"$kind.cert" >bytes
        bulla sop dearmor <"$kind.cert" | cmp - bytes
        bulla sop armor <bytes >text
        sop dearmor <text | cmp - bytes
    done
}
