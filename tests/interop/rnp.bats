#!/usr/bin/env bats
# With RNP, the library in Thunderbird, through its programs rnp and rnpkeys.

load ../cli/lib
load peers

RNP_KEYS="rsa ed25519 nistp256 nistp384 nistp521 brainpoolp256 brainpoolp384 brainpoolp512 secp256k1"
OUR_KEYS="v4 rsa v6"

setup_file() {
    begin_file
    if ! RNP=$(find_peer rnp) || ! RNPKEYS=$(find_peer rnpkeys); then
        absent_peer "no rnp"
        return 0
    fi
    export RNP RNPKEYS
    mkdir -m 700 rnp-home
    # The numbers are answers to questions: which algorithm, which curve.
    printf '1\n3072\n' | their_key rsa
    printf '22\n' | their_key ed25519
    printf '19\n1\n' | their_key nistp256
    printf '19\n2\n' | their_key nistp384
    printf '19\n3\n' | their_key nistp521
    printf '19\n4\n' | their_key brainpoolp256
    printf '19\n5\n' | their_key brainpoolp384
    printf '19\n6\n' | their_key brainpoolp512
    printf '19\n7\n' | their_key secp256k1
    printf '23\n' | their_key v6
    printf '22\n' | their_key locked "open sesame"
    our_key v4 default
    our_key rsa compatibility
    our_key v6 rfc9580
}

# their_key NAME [PASSPHRASE]
their_key() {
    "$RNPKEYS" --homedir "$BATS_FILE_TMPDIR/rnp-home" --notty --password "${2:-}" \
        --generate-key --expert --userid "$1 <$1@rnp.test>"
    rnpkeys --export-key "$1@rnp.test" --output "$1.cert"
    rnpkeys --export-key --secret "$1@rnp.test" --output "$1.key"
    befriend "$1.cert" "$1@rnp.test"
}

our_key() {
    new_key "$1 <$1@bulla.test>" --profile "$2"
    bulla cert export -o "our-$1.cert" "$1@bulla.test"
    rnpkeys --import-keys "our-$1.cert"
}

setup() {
    begin_with_peers
    printf 'open sesame' >pass
}

rnpkeys() {
    "$RNPKEYS" --homedir "$BATS_FILE_TMPDIR/rnp-home" --notty --password "" "$@"
}

# Keeps what it says in the file "said".
rnp() {
    rnp_with "" "$@"
}
rnp_with() {
    "$RNP" --homedir "$BATS_FILE_TMPDIR/rnp-home" --notty --overwrite --password "$@" >said 2>&1 || {
        local code=$?
        cat said
        return $code
    }
}

ours() {
    fingerprint_of "$1@bulla.test"
}
theirs() {
    fingerprint_of "$1@rnp.test"
}

# rnp names the key, and shows the certificate's fingerprint below.
rnp_signed_by() {
    if [ "$(grep "signature made" said | cut -d ' ' -f 1-3)" != "Good signature made" ] ||
        ! grep -qix " *$1" said || ! grep -qx "Signature(s) verified successfully" said; then
        echo "not signed by $1:"
        cat said
        return 1
    fi
}

@test "RNP opens our messages to keys of every kind" {
    for key in $RNP_KEYS; do
        for our in v4 rsa; do
            echo "$key, signed with our $our key"
            succeeds bulla encrypt -f --no-self -o message -r "$key@rnp.test" -s -u "$our@bulla.test" letter
            rnp --decrypt --output copy message
            rnp_signed_by "$(ours "$our")"
            same letter copy
        done
    done
}

@test "RNP opens our messages to its v6 key, without a v6 signature" {
    succeeds bulla encrypt --no-self -o message -r v6@rnp.test letter
    has_shape message "1.6 18.2"
    rnp --decrypt --output copy message
    same letter copy
    succeeds bulla encrypt -f --no-self -o message -r v6@rnp.test -s -u v4@bulla.test letter
    rnp --decrypt --output copy message
    rnp_signed_by "$(ours v4)"
    same letter copy
}

@test "we open RNP's messages signed with keys of every kind" {
    for key in $RNP_KEYS; do
        for our in $OUR_KEYS; do
            echo "$key, to our $our key"
            rnp --encrypt -r "$our@bulla.test" --sign -u "$key@rnp.test" --output message letter
            bulla_opens message letter "$(theirs "$key")"
        done
    done
    sealed_as 2 # to v6
}

@test "we open RNP's messages, armored and compressed" {
    for option in --armor --zip --zlib --bzip; do
        echo "with $option"
        rnp --encrypt -r v4@bulla.test $option --output message letter
        bulla_opens message letter
    done
}

@test "RNP opens our compressed messages" {
    for how in zip zlib bzip2; do
        echo "with $how"
        succeeds bulla encrypt -f -a --compress $how --no-self -o message -r ed25519@rnp.test letter
        rnp --decrypt --output copy message
        same letter copy
    done
}

@test "we verify RNP's signatures of every kind" {
    for key in $RNP_KEYS; do
        for text in "" --armor; do
            echo "$key $text"
            # shellcheck disable=SC2086 # nothing, or one option
            rnp --sign --detach $text -u "$key@rnp.test" --output letter.sig letter
            bulla_verifies letter.sig letter "$(theirs "$key")"
            # shellcheck disable=SC2086
            rnp --sign $text -u "$key@rnp.test" --output message letter
            succeeds bulla verify --json -f -o copy message
            signed_by "$(theirs "$key")"
            same letter copy
        done
    done
}

they_sign_below() {
    rnp --clearsign -u ed25519@rnp.test --output text "$1"
    succeeds bulla verify --json -f -o copy text
    signed_by "$(theirs ed25519)"
    same_cleartext "$1" copy
}

@test "we verify RNP's cleartext signatures of every text" {
    with_texts they_sign_below
}

we_sign_below() {
    for our in v4 rsa; do
        succeeds bulla sign -f --cleartext -u $our@bulla.test -o text "$1"
        rnp --verify text
        rnp_signed_by "$(ours $our)"
    done
}

@test "RNP verifies our cleartext signatures of every text" {
    with_texts we_sign_below
}

we_sign() {
    for mode in -q --text; do
        succeeds bulla sign -f $mode -u v4@bulla.test -o text.sig "$1"
        rnp --verify text.sig --source "$1"
        rnp_signed_by "$(ours v4)"
        succeeds bulla sign -f $mode --inline -u rsa@bulla.test -o message "$1"
        rnp --decrypt --output copy message
        rnp_signed_by "$(ours rsa)"
        cmp <(tr -d '\r' <"$1") <(tr -d '\r' <copy)
    done
}

@test "RNP verifies our signatures beside and around every text" {
    with_texts we_sign
}

@test "v6 signatures, both ways" {
    case $("$RNP" --version) in
    "rnp 0.18"*) skip "RNP 0.18 makes and checks v6 signatures without their salt" ;;
    esac
    rnp --sign --detach -u v6@rnp.test --output letter.sig letter
    bulla_verifies letter.sig letter "$(theirs v6)"
    succeeds bulla sign -f -u v6@bulla.test letter
    rnp --verify letter.sig --source letter
    rnp_signed_by "$(ours v6)"
}

@test "changed texts and messages are refused, both ways" {
    rnp --sign --detach -u ed25519@rnp.test --output theirs.sig letter
    succeeds bulla sign -u v4@bulla.test -o ours.sig letter
    rnp --encrypt -r v4@bulla.test --output theirs letter
    succeeds bulla encrypt --no-self -r ed25519@rnp.test -o ours letter
    flip letter 3
    flip theirs $(($(stat -c %s theirs) - 10))
    flip ours $(($(stat -c %s ours) - 10))
    fails 3 "bad signature" bulla verify theirs.sig letter
    run ! rnp --verify ours.sig --source letter
    fails 41 theirs bulla decrypt -o copy theirs
    absent copy
    run ! rnp --decrypt --output copy ours
}

@test "RNP's keys work here" {
    for key in $RNP_KEYS v6; do
        echo "$key"
        succeeds bulla key import "$SHARED/$key.key"
        rnp --encrypt -r "$key@rnp.test" --output message letter
        bulla_opens message letter
        [ "$key" != v6 ] || continue
        succeeds bulla sign -f -u "$key@rnp.test" letter
        rnp --verify letter.sig --source letter
        rnp_signed_by "$(theirs "$key")"
    done
}

@test "RNP's key with a passphrase works here" {
    succeeds bulla key import "$SHARED/locked.key"
    rnp --encrypt -r locked@rnp.test --output message letter
    bulla_opens_with "open sesame" message letter
    succeeds bulla sign -u locked@rnp.test --passphrase-file pass letter
    rnp --verify letter.sig --source letter
    rnp_signed_by "$(theirs locked)"
}

@test "our keys with and without a passphrase work in RNP" {
    bulla key generate -q --new-passphrase-file pass "locked <locked@bulla.test>"
    bulla key generate -q --new-passphrase-file pass --profile compatibility "lockedrsa <lockedrsa@bulla.test>"
    new_key "plain <plain@bulla.test>"
    for key in locked lockedrsa plain; do
        echo "$key"
        bulla key export -o "$key.key" "$key@bulla.test"
        rnpkeys --import-keys "$key.key"
        succeeds bulla encrypt -f --profile rfc4880 --no-self -o message -r "$key@bulla.test" letter
        rnp_with "open sesame" --decrypt --output copy message
        same letter copy
        rnp_with "open sesame" --sign --detach -u "$key@bulla.test" --output letter.sig letter
        bulla_verifies letter.sig letter "$(ours "$key")"
    done
}

@test "messages with a passphrase, both ways" {
    for option in "" --armor; do
        # shellcheck disable=SC2086 # nothing, or one option
        rnp_with "open sesame" --symmetric $option --output message letter
        bulla_opens_with "open sesame" message letter
    done
    succeeds bulla encrypt -f -p --passphrase-file pass -o message letter
    rnp_with "open sesame" --decrypt --output copy message
    same letter copy
    run ! rnp_with "open barley" --decrypt --output copy message
}

@test "several recipients, both ways" {
    succeeds bulla encrypt -o message -r rsa@rnp.test -r nistp384@rnp.test -r v4@bulla.test letter
    rnp --decrypt --output copy message
    same letter copy
    bulla_opens message letter
    rnp --encrypt -r rsa@rnp.test -r v4@bulla.test -r rsa@bulla.test --output message letter
    bulla_opens message letter
}

@test "files of every size, both ways" {
    for size in 0 1 192 8384 32768 65536 262144 5000001; do
        echo "$size bytes"
        random_file file $size
        rnp --encrypt -r v4@bulla.test --sign -u ed25519@rnp.test --output message file
        bulla_opens message file "$(theirs ed25519)"
        succeeds bulla encrypt -f --no-self -o message -r ed25519@rnp.test -s -u v4@bulla.test file
        rnp --decrypt --output copy message
        rnp_signed_by "$(ours v4)"
        same file copy
        succeeds bulla encrypt -f --no-self -o message -r v6@rnp.test file
        rnp --decrypt --output copy message
        same file copy
    done
}
