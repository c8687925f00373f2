#!/usr/bin/env bats
# A GnuPG home is taken over: here with files that were made for it; what GnuPG makes of
# its own is in tests/interop/gnupg-home.bats.

load lib

VECTORS=$BATS_TEST_DIRNAME/../vectors/gnupg
OWN=11485A5A886DB3548AF512D327F79FBAD02A0D1F # the key of 2.4-cert.pgp

setup() {
    begin
    unset GNUPGHOME
    printf 'secret\n' >pass
    make_home gnupg
}

# A home with one's own key, protected by "secret": a primary key and three subkeys.
make_home() {
    mkdir -m 700 "$1" "$1/private-keys-v1.d"
    cp "$VECTORS/2.4-cert.pgp" "$1/pubring.gpg"
    cp "$VECTORS"/2.4-*.key "$1/private-keys-v1.d"
}

take() {
    bulla keyring import-gnupg "$@"
}

# Records of trustdb.gpg: trust FINGERPRINT OWNERTRUST
trust_header() {
    printf '\001gpg\003'
    head -c 35 /dev/zero
}
trust() {
    printf '\014\000'
    xxd -r -p <<<"$1"
    # shellcheck disable=SC2059
    printf "\\$(printf '%03o' "$2")"
    head -c 17 /dev/zero
}

@test "certificates and secret keys, with their passphrase" {
    local before
    before=$(find gnupg -type f -exec cksum {} + | sort)
    succeeds take --json --passphrase-file pass gnupg
    is_json '.imported == [{result: "new", fingerprint: "'$OWN'", userid: "ed25519 <ed25519@x>", secret_keys: 4, left_out: 0}]
        and .new == 1 and .left == [] and .trust == [] and (.dry_run | not)'
    [ "$before" = "$(find gnupg -type f -exec cksum {} + | sort)" ]
    echo text >text
    succeeds bulla encrypt -r ed25519@x text
    succeeds bulla decrypt --passphrase-file pass -o opened text.pgp
    same text opened
    fails 67 "" bulla decrypt -o again text.pgp
}

@test "a second time nothing is asked, and nothing changes" {
    succeeds take --passphrase-file pass gnupg
    remarks "new        $OWN  ed25519 <ed25519@x> (4 secret keys)"
    succeeds take gnupg
    remarks "unchanged  $OWN  ed25519 <ed25519@x> (4 secret keys)"
}

@test "a key whose passphrase is not known is left, and may follow" {
    fails 67 "4 things could not be taken over" take gnupg
    hints "--passphrase-file"
    remarks "left       secret key 27F79FBAD02A0D1F of ed25519 <ed25519@x>: it is protected by a passphrase"
    remarks "new        $OWN"
    succeeds bulla cert list ed25519@x
    fails 112 "" bulla key show ed25519@x
    echo wrong >wrong
    fails 67 "" take --json --passphrase-file wrong gnupg
    is_json '.unchanged == 1 and (.left | length == 4) and all(.left[]; .failure and .reason == "wrong passphrase")
        and .error.code == 67'
    fails 61 "nofile: No such file" take --passphrase-file nofile gnupg
    succeeds take --passphrase-file wrong --passphrase-file pass gnupg
    remarks "changed    $OWN"
}

@test "a dry run tells, and changes nothing" {
    succeeds take --dry-run --json --passphrase-file pass gnupg
    is_json '.dry_run and .new == 1 and .imported[0].secret_keys == 4'
    absent "$BULLA_HOME"
    fails 112 "" bulla cert show ed25519@x
    succeeds take --passphrase-file pass gnupg
    succeeds take --dry-run gnupg
    remarks "unchanged"
    remarks "dry run"
}

@test "GNUPGHOME, then ~/.gnupg, where no directory is named" {
    fails 61 "$HOME/.gnupg: No such file" take
    hints "import-gnupg DIR"
    cp -r gnupg .gnupg
    succeeds take --passphrase-file pass
    remarks "new        $OWN"
    rm -r .gnupg
    GNUPGHOME=$PWD/gnupg succeeds take
    remarks "unchanged  $OWN"
    HOME="" fails 61 "HOME is not set" take
    fails 2 "" take gnupg gnupg
}

@test "what is no home of GnuPG is refused" {
    mkdir -m 700 empty
    refuses 41 "empty: no keys of GnuPG" take empty
    refuses 61 "pass: is no directory" take pass
    refuses 61 "nowhere: No such file" take nowhere
    chmod 770 gnupg
    refuses 114 "gnupg: others may write to it" take gnupg
    [ "$(id -u)" -eq 0 ] || skip "not root"
    chmod 700 gnupg
    chown 12345 gnupg
    refuses 114 "gnupg: belongs to somebody else" take gnupg
}

@test "what cannot be taken is listed, and costs nothing else" {
    echo "Key: (private-key (rsa" >gnupg/private-keys-v1.d/AAAA.key
    cp "$VECTORS/2.2-ed25519.key" gnupg/private-keys-v1.d/BBBB.key
    mkdir gnupg/openpgp-revocs.d
    echo >gnupg/openpgp-revocs.d/CCCC.rev
    printf 'no database' >gnupg/trustdb.gpg
    printf 'use-agent\nkeyring other.gpg\n  --trusted-key 0x1234\nkeyringless\nkeyring' >gnupg/gpg.conf
    printf '\306\177\004' >gnupg/secring.gpg
    fails 41 "4 things could not be taken over" take --json --passphrase-file pass gnupg
    is_json '.new == 1 and .imported[0].secret_keys == 4'
    is_json '[.left[] | "\(.what) \(.failure)"] == ["AAAA.key true", "secring.gpg true", "BBBB.key false",
        "gpg.conf: keyring other.gpg false", "gpg.conf: trusted-key 0x1234 false", "trustdb.gpg true", "CCCC.rev true"]'
    is_json '.left[0].reason | test("no S-expression|cut short")'
    is_json '.left[2].reason | test("no certificate")'
}

@test "a damaged secret key is left, the others are taken" {
    sed -i 's/#010001#/#010003#/' gnupg/private-keys-v1.d/2.4-rsa.key
    fails 67 "1 thing could not be taken over" take --passphrase-file pass gnupg
    remarks "(3 secret keys)"
}

@test "subkeys whose primary key is kept elsewhere" {
    rm gnupg/private-keys-v1.d/2.4-ed25519.key
    succeeds take --passphrase-file pass gnupg
    remarks "(3 secret keys)"
    echo text >text
    succeeds bulla sign -u ed25519@x --passphrase-file pass text
    succeeds bulla verify text.sig text
}

@test "trust in certifiers becomes trust settings; what is decided here stays" {
    {
        trust_header
        trust "$OWN" 6
        trust 0000000000000000000000000000000000000005 5
        trust 0000000000000000000000000000000000000004 4
        trust 0000000000000000000000000000000000000003 131
        trust 0000000000000000000000000000000000000002 2
        trust 0000000000000000000000000000000000000001 0
    } >gnupg/trustdb.gpg
    succeeds take --json --passphrase-file pass gnupg
    is_json '[.trust[] | "\(.fingerprint[-4:]) \(.kind) \(.amount) \(.kept)"] == ["0D1F root 120 false",
        "0005 introducer 120 false", "0004 introducer 40 false", "0003 never 0 false"]'
    is_json '[.left[].what] == ["0000000000000000000000000000000000000003"]' # it is disabled
    succeeds take --json gnupg
    is_json 'all(.trust[]; .kept)'
}

@test "the secret keys of old versions, unless GnuPG has moved them" {
    new_key "old <old@example.org>"
    mkdir -m 700 old
    bulla key export --binary -o old/secring.gpg old@example.org
    bulla cert export --binary -o old/pubring.gpg old@example.org
    BULLA_HOME=other succeeds take old
    remarks "new "
    remarks "old <old@example.org> (2 secret keys)"
    BULLA_HOME=other succeeds bulla key show old@example.org
    touch old/.gpg-v21-migrated
    BULLA_HOME=third succeeds take old
    BULLA_HOME=third fails 112 "" bulla key show old@example.org
    rm old/pubring.gpg old/.gpg-v21-migrated # the secret keys are certificates, too
    BULLA_HOME=fourth succeeds take old
    remarks "old <old@example.org> (2 secret keys)"
}

@test "a keybox and packets beside it, both read" {
    need_specdata
    cp "$SPECDATA/fixtures/keyrings/keybox-g23.kbx" gnupg/pubring.kbx
    succeeds take --json --passphrase-file pass gnupg
    is_json '.new == 8'
    head -c -30 "$SPECDATA/fixtures/keyrings/keybox-g23.kbx" >gnupg/pubring.kbx
    BULLA_HOME=other fails 41 "1 thing could not be taken over" take --json --passphrase-file pass gnupg
    is_json '.new == 7 and .left[0].what == "pubring.kbx"'
}

@test "a key on a card" {
    sed -i -e 's/(protected-private-key/(shadowed-private-key/' \
        -e '/^ (protected/{s/.*/ (shadowed t1-v1 (#D276# OPENPGP.1))))/;q}' gnupg/private-keys-v1.d/2.4-ed25519.key
    succeeds take --passphrase-file pass gnupg
    remarks "(4 secret keys)"
    bulla key export --binary -o key.pgp $OWN
    [ "$(field_of key.pgp 5 S2K)" = "GnuPG: the secret is on a card" ]
}

@test "revocation certificates are copied, once, and their guard removed" {
    local old
    new_key "old <old@example.org>"
    old=$(fingerprint_of old@example.org)
    mkdir -m 700 old old/openpgp-revocs.d
    bulla cert export --binary -o old/pubring.gpg old@example.org
    {
        echo "For the key of old:"
        echo
        sed -n '/^-----BEGIN/,$p' "$BULLA_HOME/revocations/$old.asc" | sed 's/^-----BEGIN/:&/'
    } >"old/openpgp-revocs.d/$old.rev"
    export BULLA_HOME=$PWD/other
    succeeds take --dry-run --json old
    absent other/revocations
    succeeds take --json old
    is_json ".revocations == [{fingerprint: \"$old\", file: \"$BULLA_HOME/revocations/$old.asc\"}] and .left == []"
    [ "$(stat -c %a "$BULLA_HOME/revocations/$old.asc")" = 600 ]
    succeeds take --json old
    is_json '.revocations == []'
    succeeds bulla cert import "$BULLA_HOME/revocations/$old.asc"
    succeeds bulla cert show old@example.org
    prints "revoked"
    cp -r old/openpgp-revocs.d gnupg
    export BULLA_HOME=$PWD/third
    succeeds take --passphrase-file pass gnupg
    remarks "left       $old.rev: it revokes no key that is here"
    rm -r gnupg/openpgp-revocs.d gnupg/private-keys-v1.d
    touch gnupg/openpgp-revocs.d gnupg/private-keys-v1.d
    fails 61 "2 things could not be taken over" take gnupg
}
