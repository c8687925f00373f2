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

# Both write the same line for the key of WHO, but for the comment: same_ssh_line WHO
same_ssh_line() {
    echo "$1"
    bulla key export -q -f --ssh -o mine "$1"
    gnupg --export-ssh-key "$1" >theirs
    cmp <(cut -d ' ' -f 1,2 mine) <(cut -d ' ' -f 1,2 theirs)
}

@test "the lines for OpenSSH are GnuPG's" {
    new_gnupg_home
    bulla key add-subkey -q --for auth alice >/dev/null
    new_key "Otto <otto@bulla.test>" --profile compatibility
    bulla key add-subkey -q --for auth --profile compatibility otto >/dev/null
    bulla key export -q --binary -o keys alice otto
    gnupg --import keys
    for algo in ed25519 nistp256 nistp384 nistp521 rsa2048; do
        gnupg --quick-generate-key $algo@gnupg.test $algo cert,auth 1y
        gnupg --export-secret-keys $algo@gnupg.test | bulla key import -q
        same_ssh_line $algo@gnupg.test
        mv mine $algo.pub
    done
    same_ssh_line alice@bulla.test
    same_ssh_line otto@bulla.test
    command -v ssh-keygen >/dev/null || return 0
    for algo in "ed25519 256.*(ED25519)" "nistp256 256.*(ECDSA)" "nistp384 384.*(ECDSA)" \
        "nistp521 521.*(ECDSA)" "rsa2048 2048.*(RSA)"; do
        ssh-keygen -l -f "${algo% *}.pub" | grep "^${algo#* }"
    done
}
