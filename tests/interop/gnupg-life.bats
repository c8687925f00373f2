#!/usr/bin/env bats
# What becomes of a key in its life, as GnuPG sees it.

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    new_key "Alice <alice@bulla.test>"
}
setup() { begin_with_peers; }
teardown_file() { end_gnupg_file; }

@test "the revocation certificate revokes" {
    local fpr
    new_gnupg_home
    fpr=$(fingerprint_of alice)
    bulla cert export -q --binary -o alice.cert alice
    gnupg --import alice.cert
    gnupg --import "$BULLA_HOME/revocations/$fpr.asc" || true # it looks for a trust database
    gnupg --with-colons --list-keys "$fpr" | grep -q '^pub:r:'
}

@test "a revoked key is seen as revoked" {
    new_gnupg_home
    bulla key revoke -q --yes --reason compromised alice >/dev/null
    bulla cert export -q --binary -o alice.cert alice
    gnupg --import alice.cert
    gnupg --with-colons --list-keys alice@bulla.test | grep -q '^pub:r:'
}

@test "subkeys alone decrypt and sign, under a new passphrase" {
    new_gnupg_home
    echo "new words" >pass
    bulla key add-subkey -q --for sign alice >/dev/null
    bulla key passphrase -q --new-passphrase-file pass alice >/dev/null
    bulla key export -q --subkeys-only --binary -o part alice
    gnupg --import part
    gnupg --output message --recipient alice@bulla.test --encrypt letter
    gnupg_opens_with "new words" message letter
    gnupg --passphrase "new words" --output mark --detach-sign letter
    succeeds bulla verify --signer alice mark letter
}
