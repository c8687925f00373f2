#!/usr/bin/env bats
# 200 MB between GnuPG and bulla.

# shellcheck disable=SC2094 # nothing is written to what is read

load ../cli/lib
load peers
load gnupg

SIZE=200000000

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key gina ed25519 cv25519
    new_key "bella <bella@bulla.test>"
    introduce
    random_file "$BATS_FILE_TMPDIR/big" $SIZE
}

setup() {
    begin_with_peers
    ln -s "$SHARED/big" big
}

# The temporary directories would keep a gigabyte until the last file is done.
teardown() {
    rm -f message copy opened
}

teardown_file() {
    end_gnupg_file
    rm -f "$BATS_FILE_TMPDIR/big"
}

@test "GnuPG opens our 200 MB, signed" {
    succeeds bulla encrypt -o message -r gina@gnupg.test -s -u bella@bulla.test big
    gnupg_opens message big "$(fingerprint_of bella@bulla.test)"
}

@test "we open GnuPG's 200 MB, signed" {
    gnupg -o message -r bella@bulla.test -u gina@gnupg.test --compress-algo none --sign --encrypt big
    bulla_opens message big "$(gnupg_fingerprint gina@gnupg.test)"
}

@test "we open GnuPG's 200 MB through pipes" {
    gnupg -r bella@bulla.test --compress-algo none --encrypt <big | bulla decrypt | cmp - big
}

@test "GnuPG opens our 200 MB through pipes" {
    bulla encrypt -r gina@gnupg.test <big | gnupg --decrypt | cmp - big
    status_says DECRYPTION_OKAY
}

@test "signatures beside 200 MB, both ways" {
    gnupg -o theirs -u gina@gnupg.test --detach-sign big
    bulla_verifies theirs big "$(gnupg_fingerprint gina@gnupg.test)"
    succeeds bulla sign -o ours -u bella@bulla.test big
    gnupg_verifies ours big "$(fingerprint_of bella@bulla.test)"
}
