#!/usr/bin/env bats
# Homes that GnuPG has made are taken over, with keys of each algorithm, and GnuPG is not
# run; then what it encrypts is read here, and it verifies what is signed here.

# shellcheck disable=SC2094 # nothing is written to what is read

load ../cli/lib
load peers
load gnupg

ALGORITHMS="rsa2048 nistp256 nistp384 nistp521 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 secp256k1"

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    local algo
    echo "open sesame" >pass
    for algo in $ALGORITHMS; do
        gnupg_key "plain-$algo" "$algo" "$algo"
        gnupg_key "locked-$algo" "$algo" "$algo" --passphrase "open sesame"
    done
    gnupg_key plain-ed25519 ed25519 cv25519
    gnupg_key locked-ed25519 ed25519 cv25519 --passphrase "open sesame"
    gnupg_key expired ed25519 cv25519 --faked-system-time 20200101T000000
    gnupg_key revoked ed25519 cv25519
    sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$(gnupg_fingerprint revoked@gnupg.test).rev" >revocation
    gnupg --import revocation
    gnupg --import "$BATS_TEST_DIRNAME/../vectors/gnupg/2.4-cert.pgp"
    gnupg --default-key plain-ed25519@gnupg.test --quick-lsign-key 11485A5A886DB3548AF512D327F79FBAD02A0D1F
    printf '%s:%s:\n' 11485A5A886DB3548AF512D327F79FBAD02A0D1F 4 "$(gnupg_fingerprint plain-nistp256@gnupg.test)" 5 |
        gnupg --import-ownertrust
    if [ -n "${SPECDATA:-}" ]; then
        gnupg --import "$SPECDATA/fixtures/keys-dsa-elgamal/dsa3072-elg3072-sec.gpg" \
            "$SPECDATA/fixtures/keys-protection/s2k-passphrase-123-sec.asc"
    fi
    gpgconf --kill all
    before=$(home_sums)
    bulla keyring import-gnupg --json --passphrase-file pass "$GNUPGHOME" >report
    [ "$before" = "$(home_sums)" ]
}

# What is in the home, but for sockets.
home_sums() {
    find "$GNUPGHOME" -type f -exec cksum {} + | sort
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# What GnuPG encrypts to this key is read here, and what it signs here GnuPG verifies:
# works NAME [PASSPHRASE]
works() {
    local who=$1@gnupg.test passphrase=${2:-} fingerprint
    fingerprint=$(gnupg_fingerprint "$who")
    gnupg -o letter.gpg -r "$who" --encrypt letter
    bulla_opens_with "$passphrase" letter.gpg letter
    PASS=$passphrase succeeds bulla sign -f -u "$who" --passphrase-file @ENV:PASS letter
    gnupg_verifies letter.sig letter "$fingerprint"
    rm letter.gpg
}

@test "keys of each algorithm, without a passphrase" {
    local algo
    for algo in $ALGORITHMS ed25519; do
        works "plain-$algo"
    done
}

@test "and with one, which stays what it was" {
    local algo
    for algo in $ALGORITHMS ed25519; do
        works "locked-$algo" "open sesame"
    done
    fails 67 "wrong passphrase" bulla sign -f -u locked-ed25519 --passphrase-file <(echo wrong) letter
}

@test "DSA and Elgamal, as GnuPG has imported them itself" {
    need_specdata
    local who=GnuPG_dsa_elgamal_3072_3072@example.com
    gnupg -o letter.gpg -r "$who" --encrypt letter
    bulla_opens_with password letter.gpg letter
    fails 79 "DSA signatures are not made" bulla sign -u "$who" letter
}

@test "expired and revoked keys are here, and are that" {
    fails 79 "expired" bulla sign -u expired@gnupg.test letter
    fails 79 "revoked" bulla sign -u revoked@gnupg.test letter
}

@test "local signatures stay, and stay local" {
    local fingerprint=11485A5A886DB3548AF512D327F79FBAD02A0D1F signer
    signer=$(gnupg_fingerprint plain-ed25519@gnupg.test)
    bulla cert export --binary -o public $fingerprint
    bulla cert export --binary --local -o whole $fingerprint
    grep -q "${signer: -16}" <<<"$(bulla inspect whole)"
    run ! grep -q "${signer: -16}" <<<"$(bulla inspect public)"
}

@test "trust in certifiers" {
    local own
    own=$(gnupg_fingerprint plain-ed25519@gnupg.test)
    output=$(cat "$SHARED/report")
    is_json "[.trust[] | select(.fingerprint == \"11485A5A886DB3548AF512D327F79FBAD02A0D1F\")]
        == [{fingerprint: \"11485A5A886DB3548AF512D327F79FBAD02A0D1F\", kind: \"introducer\", amount: 40, kept: false}]"
    is_json "[.trust[] | select(.fingerprint == \"$(gnupg_fingerprint plain-nistp256@gnupg.test)\")][0]
        | .kind == \"introducer\" and .amount == 120"
    is_json "[.trust[] | select(.fingerprint == \"$own\")][0] | .kind == \"root\" and .amount == 120"
    is_json 'all(.left[]; .failure | not)'
}

@test "once more, while GnuPG's agent runs" {
    gnupg --list-secret-keys >list
    succeeds bulla keyring import-gnupg --json "$GNUPGHOME"
    is_json '.new == 0 and .changed == 0 and all(.left[]; .failure | not)'
}

@test "keys in the old form of GnuPG's agent" {
    [ "${PEER:-gnupg22}" = gnupg22 ] || skip "this GnuPG writes no key files in the old form"
    new_gnupg_home
    echo disable-extended-key-format >>"$GNUPGHOME/gpg-agent.conf"
    gnupg_key plain rsa2048 rsa2048
    gnupg_key shut rsa2048 rsa2048 --passphrase "open sesame"
    gnupg_key elliptic ed25519 cv25519 --passphrase "open sesame"
    succeeds bulla keyring import-gnupg --passphrase-file "$SHARED/pass" "$GNUPGHOME"
    works plain
    works shut "open sesame"
    works elliptic "open sesame"
}

@test "keys of version 5" {
    [ "${PEER:-gnupg22}" != gnupg22 ] || skip "this GnuPG makes no keys of version 5"
    local tries=4
    until
        new_gnupg_home
        gnupg_v5_key v5@gnupg.test "open sesame" || [ $((--tries)) -eq 0 ]
    do :; done
    succeeds bulla keyring import-gnupg --json --passphrase-file "$SHARED/pass" "$GNUPGHOME"
    is_json '.imported[0].secret_keys == 2 and .trust[0].fingerprint == .imported[0].fingerprint'
    gnupg --compliance gnupg -o letter.gpg -r v5@gnupg.test --encrypt letter
    bulla_opens_with "open sesame" letter.gpg letter
}

@test "certificates that are kept by keyboxd" {
    local root=${PEERS:-}/root
    [ -x "$root/usr/lib/gnupg/keyboxd" ] && [ "${PEER:-gnupg22}" != gnupg22 ] || skip "no keyboxd"
    new_gnupg_home
    cat >keyboxd <<END
#!/bin/sh
exec "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" \
    "$root/usr/lib/gnupg/keyboxd" "\$@"
END
    chmod +x keyboxd
    echo use-keyboxd >"$GNUPGHOME/common.conf"
    gnupg --keyboxd-program "$PWD/keyboxd" --quick-generate-key kept@gnupg.test ed25519 default never
    [ -e "$GNUPGHOME/public-keys.d/pubring.db" ]
    succeeds bulla keyring import-gnupg "$GNUPGHOME" # while it runs
    remarks "kept@gnupg.test (1 secret key)"
    gpgconf --kill all
    succeeds bulla sign -u kept@gnupg.test letter
}
