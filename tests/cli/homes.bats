#!/usr/bin/env bats
# homes.bats - where the keyring is, and homes that cannot be written to.

load lib
setup() { begin; }

@test "without HOME the keyring is nowhere, and what needs none works" {
    unset BULLA_HOME HOME
    fails 1 "HOME is not set" bulla cert list
    hints "set BULLA_HOME"
    echo letter >letter
    bulla encrypt -q -p --passphrase-file <(echo secret) -o letter.asc letter
    [ -s letter.asc ]
}

@test "a read-only home is read, and not written to" {
    new_key "Alice <alice@example.org>"
    bulla cert export -o alice.pgp alice@example.org
    [ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
    command -v setpriv >/dev/null || skip "no setpriv"
    place=$(mktemp -d /tmp/bulla-homes.XXXXXX)
    nobody() { BULLA_HOME=$place/home setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
    cp -r "$BULLA_HOME" "$place/home"
    cp "$BUILD/bulla" alice.pgp "$place"
    chmod 0400 "$place"/home/*
    chmod 0500 "$place/home"
    chown -R 65534:65534 "$place"
    succeeds nobody "$place/bulla" cert show alice@example.org
    prints "Alice <alice@example.org>"
    fails 116 "readonly database" nobody "$place/bulla" cert import "$place/alice.pgp"
}

teardown() {
    [ -z "${place:-}" ] || rm -rf "$place"
}
