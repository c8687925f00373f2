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
    fails 116 "keyring.db: cannot be changed: Permission denied" nobody "$place/bulla" cert import "$place/alice.pgp"
    hints "write to this file and its folder"
}

# In a mount namespace of its own, where "home" is mounted as that says: within MOUNT-OPTION...
# -- COMMAND...
within() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    export BUILD
    unshare -m bash -euc 'bulla() { "$BUILD/bulla" "$@"; }
        mount "${@:2}"
        eval "$1"' bash "$*" "${options[@]}"
}
need_mounts() {
    unshare -m mount -t tmpfs none /tmp 2>/dev/null || skip "no mounts of our own"
    export BULLA_HOME=$PWD/home
    mkdir -m 700 home
}

@test "a file system that is read-only" {
    need_mounts
    new_key "Alice <alice@example.org>"
    succeeds within --bind -o ro home home -- '
        mount -o remount,bind,ro home
        bulla cert list
        bulla key list
        bulla keyring check
        ! bulla key add-uid alice@example.org Al'
    [ "$(grep -c "Alice <alice@example.org>" <<<"$output")" -eq 2 ]
    remarks "keyring.db: cannot be changed: Read-only file system"
    hints "write to this file and its folder"
}

@test "a file system without room: what is there is read" {
    need_mounts
    succeeds within -t tmpfs -o size=800k,mode=700 none home -- '
        bulla key generate -q --no-passphrase "Alice <alice@example.org>"
        ! cat /dev/zero 2>/dev/null >home/fill
        bulla cert list
        bulla key list
        echo letter | bulla encrypt -r alice@example.org -s | bulla decrypt
        bulla key add-uid alice@example.org Al && exit 1
        [ $? -eq 116 ]
        rm home/fill
        bulla key add-uid alice@example.org Al
        bulla keyring check'
    [ "$(grep -c "Alice <alice@example.org>" <<<"$output")" -eq 2 ]
    remarks "keyring.db: No space left on device"
    hints "make room"
    remarks "All is well"
}

# Killed after its commit, a writer leaves changes in the log; the index of the log is gone.
@test "the last changes are in a log that cannot be read: it is said, and nothing old is shown" {
    need_mounts
    new_key "Alice <alice@example.org>"
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    printf '%s\n' "DELETE FROM cert;" ".shell kill -9 \$PPID" | sqlite3 home/keyring.db || true
    rm home/keyring.db-shm
    [ -s home/keyring.db-wal ]
    run --separate-stderr within --bind home home -- 'mount -o remount,bind,ro home; bulla cert list'
    [ "$status" -eq 1 ]
    [ -z "$output" ]
    remarks "keyring.db-wal"
    hints "use it once"
}

# The file is copied to the upper layer when it is opened to be written to.  Readers open it so,
# too: with that of the lower layer they would miss what others write.
@test "a home in the lower layer of a container" {
    need_mounts
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    mkdir upper work merged
    new_key "Alice <alice@example.org>"
    unshare -m mount -t overlay -o "lowerdir=home,upperdir=upper,workdir=work" none merged ||
        skip "no overlay file system"
    cksum home/keyring.db >before
    BULLA_HOME=$PWD/merged succeeds within -t overlay \
        -o "lowerdir=home,upperdir=upper,workdir=work" none merged -- '
        bulla cert list
        [ -e upper/keyring.db ]
        printf "%s\n" "BEGIN;" "SELECT count(*) FROM cert;" \
            ".shell $BUILD/bulla key generate -q --no-passphrase Bob >fingerprint" \
            "SELECT count(*) FROM cert;" "COMMIT;" "SELECT count(*) FROM cert;" |
            sqlite3 merged/keyring.db
        bulla keyring check'
    [ "$(sed -n '2,4p' <<<"$output" | tr '\n' ' ')" = "1 1 2 " ]
    remarks "All is well"
    cksum home/keyring.db | cmp - before
    [ "$(bulla cert list | wc -l)" -eq 1 ]
}

teardown() {
    [ -z "${place:-}" ] || rm -rf "$place"
}
