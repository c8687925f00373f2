#!/usr/bin/env bats
# With Sequoia's own command line, sq: keys of every algorithm, v4 and v6, and what is
# told when a message has been opened or a signature verified.

load ../cli/lib
load peers

SQ_KEYS="v4-cv25519 v4-rsa2k v4-nistp256 v4-nistp384 v4-nistp521 v4-cv448
    v6-cv25519 v6-rsa2k v6-nistp256 v6-nistp384 v6-nistp521 v6-cv448"
OUR_KEYS="v4 rsa v6"

setup_file() {
    begin_file
    SQ=$(find_peer sq) || {
        absent_peer "no sq"
        return 0
    }
    export SQ
    printf 'open sesame' >pass
    for key in $SQ_KEYS; do
        their_key "$key" --without-password
    done
    their_key v4-locked --new-password-file pass
    their_key v6-locked --new-password-file pass
    bulla cert import -q ./*.cert
    befriend_all
    our_key v4 default
    our_key rsa compatibility
    our_key v6 rfc9580
}

# their_key VERSION-ALGORITHM OPTION...
their_key() {
    local name=$1 profile=rfc9580 algo
    shift
    [ "${name%%-*}" = v6 ] || profile=rfc4880
    case ${name#*-} in
    nist*) algo="--signing-algorithm ${name#*-} --encryption-algorithm ${name#*-}" ;;
    locked) algo="--cipher-suite cv25519" ;;
    *) algo="--cipher-suite ${name#*-}" ;;
    esac
    # shellcheck disable=SC2086 # options of one word each
    sq key generate --own-key --userid "$name <$name@sq.test>" --profile $profile $algo \
        --rev-cert revocation --output "$name.key" "$@"
    sq key delete --cert-file "$name.key" --output "$name.cert"
}

our_key() {
    new_key "$1 <$1@bulla.test>" --profile "$2"
    bulla cert export -o "our-$1.cert" "$1@bulla.test"
}

setup() {
    begin_with_peers
    printf 'open sesame' >pass
    printf 'open barley' >wrong
}

# Keeps what it says in the file "said".
sq() {
    "$SQ" --batch --overwrite --home none --cert-store none --key-store none "$@" 2>said || {
        local code=$?
        cat said
        return $code
    }
}

ours() {
    fingerprint_of "$1@bulla.test"
}
theirs() {
    fingerprint_of "$1@sq.test"
}

# sq writes "1 authenticated signature." with a blank that does not break.
sq_signed_by() {
    if ! grep -q "^Authenticated signature made by $1 " said || ! grep -qx "1.authenticated signature\." said; then
        echo "not signed by $1:"
        cat said
        return 1
    fi
}

@test "sq opens our messages to keys of every kind" {
    for key in $SQ_KEYS; do
        for our in $OUR_KEYS; do
            echo "$key, signed with our $our key"
            succeeds bulla encrypt -f --no-self -o message -r "$key@sq.test" -s -u "$our@bulla.test" letter
            sq decrypt --recipient-file "$SHARED/$key.key" --signer-file "$SHARED/our-$our.cert" --output copy message
            sq_signed_by "$(ours "$our")"
            same letter copy
        done
    done
}

@test "we open sq's messages signed with keys of every kind" {
    for key in $SQ_KEYS; do
        for our in $OUR_KEYS; do
            echo "$key, to our $our key"
            sq encrypt --for-file "$SHARED/our-$our.cert" --signer-file "$SHARED/$key.key" --output message letter
            bulla_opens message letter "$(theirs "$key")"
        done
    done
}

@test "we verify sq's signatures of every kind" {
    for key in $SQ_KEYS; do
        echo "$key"
        sq sign --signer-file "$SHARED/$key.key" --signature-file letter.sig letter
        bulla_verifies letter.sig letter "$(theirs "$key")"
        sq sign --signer-file "$SHARED/$key.key" --message --output message letter
        succeeds bulla verify --json -f -o copy message
        signed_by "$(theirs "$key")"
        same letter copy
        sq sign --signer-file "$SHARED/$key.key" --cleartext --output text letter
        succeeds bulla verify --json -f -o copy text
        signed_by "$(theirs "$key")"
        same_cleartext letter copy
    done
}

@test "sq verifies our signatures of every kind" {
    for our in $OUR_KEYS; do
        for mode in -q --text; do
            echo "$our $mode"
            succeeds bulla sign -f $mode -u "$our@bulla.test" letter
            sq verify --signer-file "$SHARED/our-$our.cert" --signature-file letter.sig letter
            sq_signed_by "$(ours "$our")"
            succeeds bulla sign -f $mode --inline -u "$our@bulla.test" -o message letter
            sq verify --signer-file "$SHARED/our-$our.cert" --message --output copy message
            sq_signed_by "$(ours "$our")"
            same letter <(tr -d '\r' <copy)
        done
        succeeds bulla sign -f --cleartext -u "$our@bulla.test" -o text letter
        sq verify --signer-file "$SHARED/our-$our.cert" --cleartext --output copy text
        sq_signed_by "$(ours "$our")"
        same_cleartext letter copy
    done
}

@test "sq's keys of every kind work here" {
    for key in $SQ_KEYS; do
        echo "$key"
        succeeds bulla key import "$SHARED/$key.key"
        sq encrypt --for-file "$SHARED/$key.cert" --without-signature --output message letter
        bulla_opens message letter
        succeeds bulla sign -f -u "$key@sq.test" letter
        sq verify --signer-file "$SHARED/$key.cert" --signature-file letter.sig letter
        sq_signed_by "$(theirs "$key")"
    done
}

@test "sq's keys with a passphrase work here" {
    for key in v4-locked v6-locked; do
        echo "$key"
        succeeds bulla key import "$SHARED/$key.key"
        sq encrypt --for-file "$SHARED/$key.cert" --without-signature --output message letter
        bulla_opens_with "open sesame" message letter
        fails 67 passphrase bulla decrypt -f --passphrase-file wrong -o copy message
        succeeds bulla sign -f -u "$key@sq.test" --passphrase-file pass letter
        sq verify --signer-file "$SHARED/$key.cert" --signature-file letter.sig letter
        sq_signed_by "$(theirs "$key")"
    done
}

@test "our keys with a passphrase work in sq" {
    for profile in default rfc9580 compatibility; do
        echo "$profile"
        who=locked-$profile@bulla.test
        bulla key generate -q --new-passphrase-file pass --profile $profile "locked-$profile <$who>"
        bulla key export -o $profile.key $who
        succeeds bulla encrypt -f --no-self -o message -r $who letter
        sq --password-file pass decrypt --recipient-file $profile.key --output copy message
        same letter copy
        sq --password-file pass sign --signer-file $profile.key --signature-file letter.sig letter
        bulla_verifies letter.sig letter "$(fingerprint_of $who)"
    done
}

@test "sq opens our messages with a passphrase" {
    for profile in rfc4880 rfc9580; do
        succeeds bulla encrypt -f -p --passphrase-file pass --profile $profile -o message letter
        sq --password-file pass decrypt --output copy message
        same letter copy
    done
}

@test "we open sq's messages with a passphrase" {
    for profile in rfc4880 rfc9580; do
        sq encrypt --profile $profile --with-password-file pass --without-signature --output message letter
        bulla_opens_with "open sesame" message letter
        rm message
    done
}

@test "we open sq's messages, padded and compressed" {
    for how in pad none zip zlib bzip2; do
        echo "with $how"
        sq encrypt --compression $how --for-file "$SHARED/our-v4.cert" --without-signature --output message letter
        bulla_opens message letter
    done
}

@test "sq finds our certificates good" {
    for our in $OUR_KEYS; do
        sq cert lint --cert-file "$SHARED/our-$our.cert"
        grep -q "0 of the 1 certificates (0%) have at least one issue. (GOOD)" said
        sq inspect "$SHARED/our-$our.cert" >report
        grep -q "Fingerprint: $(ours "$our")" report
        grep -q "UserID: $our <$our@bulla.test>" report
        run ! grep -iE "invalid|bad signature|expired" report
    done
}

@test "a key that sq revoked is not encrypted to" {
    sq key revoke --cert-file "$SHARED/v6-cv25519.key" --reason compromised \
        --message "left in a train" --output revoked
    succeeds bulla encrypt -r v6-cv25519@sq.test -o before letter
    bulla cert import -q revoked
    fails 17 "revoked" bulla encrypt -r v6-cv25519@sq.test -o after letter
    absent after
}

@test "sq opens a backup of our keyring, and takes what is in it" {
    local home=$PWD/sq-home
    bulla keyring backup -q --passphrase-file pass -o backup
    sq decrypt --password-file pass --output plain backup
    mkdir "$home"
    "$SQ" --batch --home "$home" cert import plain >said 2>&1
    # Its numbers are followed by blanks that do not break.
    # The local root, by which the others were accepted, is not listed.
    grep -q "^Imported $(($(bulla cert list | wc -l) + 1)).new certificates" said
    # It fails, since not all of them are keys.
    "$SQ" --batch --home "$home" key import plain >said 2>&1 || true
    grep -q "^Imported $(($(bulla key list | wc -l) + 1)).new keys" said
    bulla encrypt -f --no-self -r v6@bulla.test -o letter.pgp letter
    "$SQ" --batch --home "$home" decrypt --output opened letter.pgp
    same letter opened
}
