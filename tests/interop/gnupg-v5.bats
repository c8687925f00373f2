#!/usr/bin/env bats
# Keys of version 5, which only GnuPG makes, and only on the curves of 448 bits: what it
# encrypts and signs with them is read.

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    if [ "${PEER:-gnupg22}" = gnupg22 ]; then
        absent_peer "GnuPG 2.2 makes no keys of version 5"
        return 0
    fi
    local made
    : >fingerprints
    for made in {1..8}; do
        [ "$(wc -l <fingerprints)" -lt 3 ] || break
        gnupg_v5_key "v5-$made@gnupg.test" "" 2>>failures || continue
        gnupg_fingerprint "v5-$made@gnupg.test" >>fingerprints
    done
    [ "$(wc -l <fingerprints)" -eq 3 ] || {
        cat failures
        return 1
    }
    gnupg --export-secret-keys >keys
    bulla key import -q keys
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

@test "keys of version 5 with Ed448 and X448: message, signed message, signature" {
    local fingerprint
    while read -r fingerprint; do
        gnupg --compliance gnupg -o message -r "$fingerprint" -u "$fingerprint" --sign --encrypt letter
        bulla_opens message letter "$fingerprint"
        gnupg --compliance gnupg -o letter.sig -u "$fingerprint" --detach-sign letter
        bulla_verifies letter.sig letter "$fingerprint"
        cp letter changed
        echo more >>changed
        refuses 3 "BAD" bulla verify letter.sig changed
        rm message letter.sig
    done <"$SHARED/fingerprints"
}

@test "they are shown by what they are" {
    succeeds bulla key show "$(head -1 "$SHARED/fingerprints")"
    prints "EdDSALegacy Ed448, v5"
    prints "ECDH X448, v5"
}
