#!/usr/bin/env bats
# With sqop 0.27, which Debian 12 has: what RFC 4880 has, it knows.

load ../cli/lib
load peers

KINDS="v4 rsa"

setup_file() {
    begin_file
    SQOP=$(find_peer sqop27) || {
        absent_peer "no sqop 0.27"
        return 0
    }
    export SQOP
    printf 'open sesame' >pass
    "$SQOP" generate-key "theirs <theirs@sqop.test>" >theirs.key
    "$SQOP" extract-cert <theirs.key >theirs.cert
    befriend theirs.cert theirs@sqop.test
    our_key v4 default
    our_key rsa compatibility
}

our_key() {
    new_key "$1 <$1@bulla.test>" --profile "$2"
    bulla cert export -o "our-$1.cert" "$1@bulla.test"
    bulla key export -o "our-$1.key" "$1@bulla.test"
}

setup() {
    begin_with_peers
    printf 'open sesame' >pass
    THEIRS=$(fingerprint_of theirs@sqop.test)
}

# The file "verified" has one verification, by this primary key: verified_by FINGERPRINT
verified_by() {
    [ "$(awk '{ print toupper($3) }' verified)" = "$1" ] || {
        cat verified
        return 1
    }
}

@test "it opens our messages, and we its" {
    for our in $KINDS; do
        succeeds bulla encrypt -f --no-self -o message -r theirs@sqop.test -s -u "$our@bulla.test" letter
        "$SQOP" decrypt --verify-out=verified --verify-with="$SHARED/our-$our.cert" "$SHARED/theirs.key" <message >copy
        verified_by "$(fingerprint_of "$our@bulla.test")"
        same letter copy
        rm verified
        "$SQOP" encrypt --sign-with="$SHARED/theirs.key" "$SHARED/our-$our.cert" <letter >message
        bulla_opens message letter "$THEIRS"
    done
}

@test "each of several recipients opens its message" {
    "$SQOP" encrypt "$SHARED/our-v4.cert" "$SHARED/theirs.cert" "$SHARED/our-rsa.cert" <letter >message
    bulla_opens message letter
    bulla key delete -q --yes v4@bulla.test
    bulla_opens message letter
    "$SQOP" decrypt "$SHARED/theirs.key" <message >copy
    same letter copy
}

@test "messages with a passphrase go both ways" {
    succeeds bulla encrypt --passphrase-file pass -o message letter
    "$SQOP" decrypt --with-password=pass <message >copy
    same letter copy
    "$SQOP" encrypt --with-password=pass <letter >message
    bulla_opens_with "$(cat pass)" message letter
}

@test "signatures beside every text, both ways" {
    they_verify() {
        bulla sign -f "${@:3}" -u "$1@bulla.test" -o sig "$2"
        "$SQOP" verify sig "$SHARED/our-$1.cert" <"$2" >verified
        verified_by "$(fingerprint_of "$1@bulla.test")"
    }
    both() {
        "$SQOP" sign "$SHARED/theirs.key" <"$1" >sig
        bulla_verifies sig "$1" "$THEIRS"
        "$SQOP" sign --as=text "$SHARED/theirs.key" <"$1" >sig
        bulla_verifies sig "$1" "$THEIRS"
        they_verify v4 "$1"
        they_verify rsa "$1" --text
    }
    with_texts both
}

@test "session keys: what one tells opens the message for the other" {
    "$SQOP" encrypt "$SHARED/our-v4.cert" <letter >message
    succeeds bulla sop decrypt --session-key-out=key "$SHARED/our-v4.key" <message
    "$SQOP" decrypt --with-session-key=key <message >copy
    same letter copy
    succeeds bulla encrypt -f --no-self -o message -r theirs@sqop.test letter
    "$SQOP" decrypt --session-key-out=theirs-key "$SHARED/theirs.key" <message >copy
    bulla sop decrypt --with-session-key=theirs-key <message >copy
    same letter copy
}

# What our v4 key announces, SEIPD version 2, it does not know.
@test "it signs and decrypts with our keys, and we with its" {
    for our in $KINDS; do
        "$SQOP" sign "$SHARED/our-$our.key" <letter >sig
        bulla_verifies sig letter "$(fingerprint_of "$our@bulla.test")"
        succeeds bulla encrypt -f --no-self --profile rfc4880 -o message -r "$our@bulla.test" letter
        "$SQOP" decrypt "$SHARED/our-$our.key" <message >copy
        same letter copy
    done
    succeeds bulla key import "$SHARED/theirs.key"
    succeeds bulla sign -f -u theirs@sqop.test -o sig letter
    "$SQOP" verify sig "$SHARED/theirs.cert" <letter >verified
    verified_by "$THEIRS"
}

@test "a changed message or text is refused, both ways" {
    succeeds bulla encrypt --no-self -o message -r theirs@sqop.test letter
    flip message $(($(wc -c <message) - 30))
    "$SQOP" decrypt "$SHARED/theirs.key" <message >copy && return 1
    "$SQOP" encrypt "$SHARED/our-v4.cert" <letter | bulla dearmor >theirs
    flip theirs $(($(wc -c <theirs) - 30))
    refuses 41 "changed or cut" bulla decrypt -o copy2 theirs
    "$SQOP" sign "$SHARED/theirs.key" <letter >sig
    echo more >>letter
    fails 3 "bad signature" bulla verify sig letter
}
