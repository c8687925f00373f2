#!/usr/bin/env bats
# Keys and certificates changed by our stateless interface, and by that of another program,
# PEER: each must take what the other has made of them.

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
    printf 'open rye' >new
}

teardown_file() {
    end_sop_file
}

PROFILES="default rfc9580 security compatibility"

# The peer knows this subcommand.
need_command() {
    sop "$1" --help >/dev/null 2>&1 || skip "$(sop_name) has no $1"
    [ "$(sop_name)" != openpgpjs ] || skip "$(sop_name) has no $1"
    [ "$(sop_name)" != gosop ] || skip "$(sop_name) has no $1"
}

they_refuse() {
    if sop "$@"; then
        echo "not refused: $*"
        return 1
    fi
}

our_sop_key() {
    bulla sop generate-key --profile="$1" "${@:2}" "$1 <$1@bulla.test>" >"our-$1.key"
    bulla sop extract-cert <"our-$1.key" >"our-$1.cert"
}

# The peer signs with the key and decrypts what is encrypted to its certificate:
# peer_uses KEY CERT [OPTION...]
peer_uses() {
    local key=$1 cert=$2
    shift 2
    sop sign "$@" "$key" <letter >sig
    bulla sop verify sig "$cert" <letter
    sop verify sig "$cert" <letter
    sop encrypt "$cert" <letter >message
    sop decrypt "$@" "$key" <message | cmp - letter
}

@test "they unlock keys with the password that we gave them" {
    local profile
    for profile in $PROFILES; do
        our_sop_key "$profile" --with-key-password=pass
        bulla sop change-key-password --old-key-password=pass --new-key-password=new \
            <"our-$profile.key" >changed
        peer_uses changed "our-$profile.cert" --with-key-password=new
        bulla sop change-key-password --old-key-password=new <changed >open
        peer_uses open "our-$profile.cert"
    done
}

@test "we change the password of their keys" {
    local kind
    for kind in $KINDS; do
        bulla sop change-key-password --old-key-password=pass --new-key-password=new \
            <"$kind-locked.key" >changed
        peer_uses changed "$kind-locked.cert" --with-key-password=new
        bulla sop change-key-password --new-key-password=new <"$kind.key" >changed
        peer_uses changed "$kind.cert" --with-key-password=new
    done
}

@test "we unlock keys with the password that they gave them" {
    need_command change-key-password
    local profile
    for profile in $PROFILES; do
        our_sop_key "$profile" --with-key-password=pass
        sop change-key-password --old-key-password=pass --new-key-password=new \
            <"our-$profile.key" >changed
        bulla sop sign --with-key-password=new changed <letter >sig
        bulla sop verify sig "our-$profile.cert" <letter
        refuses 67 "wrong" bulla sop sign --with-key-password=pass changed <letter
    done
}

@test "what we have revoked is revoked for them" {
    local kind
    for kind in $KINDS; do
        bulla sop sign "$kind.key" <letter >sig
        sop verify sig "$kind.cert" <letter
        bulla sop revoke-key <"$kind.key" >revoked
        they_refuse verify sig revoked <letter
        they_refuse encrypt revoked <letter >message
    done
}

@test "what they have revoked is revoked for us" {
    need_command revoke-key
    local profile
    for profile in $PROFILES; do
        our_sop_key "$profile"
        bulla sop sign "our-$profile.key" <letter >sig
        sop revoke-key <"our-$profile.key" >revoked
        refuses 3 "revoked" bulla sop verify sig revoked <letter
        bulla sop merge-certs revoked <"our-$profile.cert" >merged
        refuses 3 "revoked" bulla sop verify sig merged <letter
    done
}

@test "merged certificates, ours and theirs" {
    need_command merge-certs
    local kind
    for kind in $KINDS; do
        bulla sop sign "$kind.key" <letter >sig
        sop revoke-key <"$kind.key" >revoked
        bulla sop merge-certs revoked <"$kind.cert" >merged
        they_refuse verify sig merged <letter
        sop merge-certs merged <"$kind.cert" >theirs
        refuses 3 "revoked" bulla sop verify sig theirs <letter
    done
}

@test "they use the keys that we have brought up to date" {
    local kind
    our_sop_key compatibility
    bulla sop update-key <our-compatibility.key >updated
    bulla sop extract-cert <updated >cert
    peer_uses updated cert
    our_sop_key default --signing-only
    bulla sop update-key <our-default.key >updated
    bulla sop extract-cert <updated >cert
    peer_uses updated cert
    for kind in $KINDS; do
        bulla sop update-key --with-key-password=pass <"$kind-locked.key" >updated
        bulla sop extract-cert <updated >cert
        peer_uses updated cert --with-key-password=pass
    done
}

@test "old keys are good again" {
    need_specdata
    local name
    for name in alice bob ricarda; do
        bulla sop update-key <"$SPECDATA/interop-certificates/$name-secret.pgp" >updated
        bulla sop extract-cert <updated >cert
        peer_uses updated cert
    done
}

# A key by GnuPG, made at a time, with an Elgamal subkey: old_key NAME HASH TIME EXPIRES
old_key() {
    printf '%s\n' %no-protection "Key-Type: RSA" "Key-Length: 2048" "Subkey-Type: ELG-E" \
        "Subkey-Length: 2048" "Name-Real: $1" "Expire-Date: $4" %commit |
        gpg --batch -q --cert-digest-algo "$2" --faked-system-time "$3" --gen-key
    gpg --batch --export-secret-keys -a "$1" >"$1.key"
    bulla sop extract-cert <"$1.key" >"$1.cert"
}

@test "keys that nobody accepts any more: SHA-1, expired, Elgamal" {
    command -v gpg >/dev/null || skip "no gpg"
    local name
    GNUPGHOME=$(mktemp -d /tmp/bulla.XXXXXX)
    export GNUPGHOME
    old_key weak SHA1 20240601T000000 0
    old_key ended SHA512 20200101T000000 1y
    gpgconf --kill all || true
    rm -rf "$GNUPGHOME"
    for name in weak ended; do
        case $(sop_name) in # the others take them all the same
        sqop | rsop) they_refuse encrypt "$name.cert" <letter >message ;;
        esac
        refuses 79 "" bulla sop sign "$name.key" <letter
        bulla sop update-key --revoke-deprecated-keys <"$name.key" >updated
        bulla sop extract-cert <updated >cert
        peer_uses updated cert
        bulla inspect cert | grep -q "subkey revocation"
    done
}

@test "what comes from elsewhere with SHA-1 is not signed again" {
    command -v gpg >/dev/null || skip "no gpg"
    GNUPGHOME=$(mktemp -d /tmp/bulla.XXXXXX)
    export GNUPGHOME
    old_key alice SHA1 20240601T000000 0
    gpg --batch -q --cert-digest-algo SHA1 --faked-system-time 20240602T000000 \
        --quick-add-uid alice mallory
    gpg --batch --export -a alice >after.cert
    gpg --batch --export-secret-keys -a alice >after.key
    gpgconf --kill all || true
    rm -rf "$GNUPGHOME"
    bulla sop update-key --merge-certs=after.cert <alice.key | bulla sop extract-cert >cert
    succeeds bulla sop certify-userid --userid=alice v4.key <cert
    refuses 107 "mallory" bulla sop certify-userid --userid=mallory v4.key <cert
    bulla sop update-key <after.key | bulla sop extract-cert >cert
    succeeds bulla sop certify-userid --userid=mallory v4.key <cert
}

@test "they validate what we certify" {
    [ "$(sop_name)" = sqop ] || skip "only sqop validates user IDs"
    local profile
    for profile in $PROFILES; do
        our_sop_key "$profile"
        bulla sop certify-userid --userid="v4 <v4@sop.test>" "our-$profile.key" <v4.cert >certified
        sop validate-userid "v4 <v4@sop.test>" "our-$profile.cert" <certified
        sop validate-userid --addr-spec-only v4@sop.test "our-$profile.cert" <certified
        they_refuse validate-userid "v4 <v4@sop.test>" "our-$profile.cert" <v4.cert
        bulla sop validate-userid "v4 <v4@sop.test>" "our-$profile.cert" <certified
    done
}

@test "we validate what they certify" {
    [ "$(sop_name)" = sqop ] || skip "only sqop certifies user IDs"
    local profile kind
    for profile in $PROFILES; do
        our_sop_key "$profile"
        for kind in $KINDS; do
            sop certify-userid --userid="$profile <$profile@bulla.test>" "$kind.key" \
                <"our-$profile.cert" >certified
            bulla sop validate-userid "$profile <$profile@bulla.test>" "$kind.cert" <certified
            refuses 107 "no authority" bulla sop validate-userid "$profile <$profile@bulla.test>" \
                "$kind.cert" <"our-$profile.cert"
        done
    done
}
