#!/usr/bin/env bats
# Messages and secret keys, to and from a program that speaks the Stateless OpenPGP
# interface.

# shellcheck disable=SC2094 # nothing is written to what is read

load ../cli/lib
load peers
load sop

setup_file() {
    begin_sop_file
}

setup() {
    begin_sop
}

teardown_file() {
    end_sop_file
}

# They open our message to one of their keys, signed by one of ours.
# they_open MESSAGE TEXT THEIR-KIND OUR-KIND
they_open() {
    rm -f verified
    sop decrypt --verify-with="$SHARED/our-$4.cert" --verifications-out=verified "$SHARED/$3.key" <"$1" >copy
    sop_signed_by "$(ours "$4")"
    same "$2" copy
}

# they_open_from THEIR-KIND OUR-KIND
they_open_from() {
    echo "to $1, signed with our $2 key"
    succeeds bulla encrypt -f -a --no-self -o message -r "$1@sop.test" -s -u "$2@bulla.test" letter
    they_open message letter "$1" "$2"
}

# we_open_from THEIR-KIND
we_open_from() {
    local our
    for our in $KINDS; do
        echo "to our $our key"
        sop encrypt --sign-with="$SHARED/$1.key" "$SHARED/our-$our.cert" <letter >message
        bulla_opens message letter "$(theirs "$1")"
        sop encrypt --no-armor "$SHARED/our-$our.cert" <letter >message
        bulla_opens message letter
    done
    # A v6 key is proof enough that the recipient knows SEIPD version 2.
    sealed_as 2
}

@test "they open our messages without a signature" {
    for kind in $KINDS; do
        succeeds bulla encrypt -f --no-self -o message --recipient-file "$SHARED/$kind.cert" letter
        sop decrypt "$SHARED/$kind.key" <message >copy
        same letter copy
    done
    has_shape message "1.6 18.2"
}

@test "they open our messages signed with our v4 key" {
    for kind in $KINDS; do
        they_open_from "$kind" v4
    done
}

@test "they open our messages signed with our RSA key" {
    for kind in $KINDS; do
        they_open_from "$kind" rsa
    done
}

# For v6 signatures the RFC asks that the intended recipients be marked as critical
# [RFC9580 5.2.3.36].
@test "they open our messages signed with our v6 key" {
    unable openpgpjs "does not know the critical subpacket that names the intended recipients"
    for kind in $KINDS; do
        they_open_from "$kind" v6
    done
}

@test "we open messages from their v4 key" {
    we_open_from v4
}

@test "we open messages from their RSA key" {
    we_open_from rsa
}

@test "we open messages from their v6 key" {
    we_open_from v6
}

@test "each of many recipients opens our message" {
    succeeds bulla encrypt -o message -r v4@sop.test -r rsa@sop.test -r v6@sop.test -r v4@bulla.test -s -u v4@bulla.test letter
    for kind in $KINDS; do
        they_open message letter "$kind" v4
    done
    bulla_opens message letter "$(ours v4)"
}

@test "each of many recipients opens their message" {
    sop encrypt --sign-with="$SHARED/v4.key" --sign-with="$SHARED/rsa.key" \
        "$SHARED/our-v4.cert" "$SHARED/our-v6.cert" "$SHARED/our-rsa.cert" "$SHARED/v6.cert" <letter >message
    for kind in $KINDS; do
        bulla key export -o "$kind.key" "$kind@bulla.test"
        as "only-$kind" bulla cert import -q "$SHARED/v4.cert" "$SHARED/rsa.cert"
        as "only-$kind" bulla key import -q "$kind.key"
        as "only-$kind" bulla_opens message letter "$(theirs v4)" "$(theirs rsa)"
    done
    sop decrypt "$SHARED/v6.key" <message >copy
    same letter copy
}

@test "they open our message to hidden recipients" {
    succeeds bulla encrypt --hide-recipients --no-self -o message -r v4@sop.test letter
    sop decrypt "$SHARED/v4.key" <message >copy
    same letter copy
    succeeds bulla encrypt -f --hide-recipients --no-self -o message -r v6@sop.test letter
    sop decrypt "$SHARED/v6.key" <message >copy
    same letter copy
}

@test "they open our message to several hidden recipients" {
    unable sqop "gives up at the first hidden recipient with a key of another algorithm"
    succeeds bulla encrypt --hide-recipients --no-self -o message -r rsa@sop.test -r v4@sop.test letter
    for kind in rsa v4; do
        sop decrypt "$SHARED/$kind.key" <message >copy
        same letter copy
    done
}

@test "they open our compressed messages" {
    unable sqop "reads no compressed messages, GnuPG's neither"
    for how in zip zlib bzip2; do
        for kind in v4 v6; do
            echo "$how, $kind"
            succeeds bulla encrypt -f --compress "$how" -o message -r "$kind@sop.test" -s -u v4@bulla.test letter
            they_open message letter "$kind" v4
        done
    done
}

@test "both formats go both ways, when asked for" {
    succeeds bulla encrypt --no-self --profile rfc4880 -o old -r v4@sop.test letter
    has_shape old "1.3 18.1"
    sop decrypt "$SHARED/v4.key" <old >copy
    same letter copy
    succeeds bulla encrypt --no-self --profile rfc9580 -o new -r v4@sop.test letter
    has_shape new "1.6 18.2"
    sop decrypt "$SHARED/v4.key" <new >copy
    same letter copy
    sop encrypt --profile rfc4880 "$SHARED/our-v4.cert" <letter >old
    bulla_opens old letter
    sop encrypt --profile rfc9580 "$SHARED/our-v4.cert" <letter >new
    bulla_opens new letter
}

# Chunks, parts and buffers begin at powers of two.
@test "files of every size, both ways" {
    local big=5000001
    [ "$(sop_name)" != openpgpjs ] || big= # takes it ten seconds
    for kind in v4 v6; do
        for size in 0 1 63 64 65 191 192 4095 4096 4097 8383 8384 65535 65536 65537 262144 1048576 $big; do
            echo "$kind, $size bytes"
            random_file file $size
            sop encrypt --sign-with="$SHARED/$kind.key" "$SHARED/our-$kind.cert" <file >message
            bulla_opens message file "$(theirs $kind)"
            succeeds bulla encrypt -f -a -o message -r $kind@sop.test -s -u v4@bulla.test file
            they_open message file $kind v4
        done
    done
}

@test "they open our messages with a passphrase" {
    for profile in rfc4880 rfc9580; do
        echo "$profile"
        succeeds bulla encrypt -f -p --passphrase-file pass --profile $profile -o message letter
        sop decrypt --with-password=pass <message >copy
        same letter copy
        run ! sop decrypt --with-password=wrong <message
        succeeds bulla encrypt -f -a -p --passphrase-file pass --profile $profile -o message letter
        sop decrypt --with-password=pass <message >copy
        same letter copy
    done
}

@test "we open their messages with a passphrase" {
    for profile in rfc4880 rfc9580; do
        echo "$profile"
        sop encrypt --profile $profile --with-password=pass <letter >message
        bulla_opens_with "open sesame" message letter
        fails 29 message bulla decrypt --passphrase-file wrong -o copy message
        absent copy
    done
}

@test "they open our message by passphrase or key" {
    succeeds bulla encrypt --no-self -p --passphrase-file pass -r v6@sop.test -o message letter
    sop decrypt --with-password=pass <message >copy
    same letter copy
    sop decrypt "$SHARED/v6.key" <message >copy
    same letter copy
}

@test "we open their message by passphrase or key" {
    unable gosop "leaves out the recipients if there is a passphrase"
    sop encrypt --profile rfc9580 --with-password=pass "$SHARED/our-v6.cert" <letter >message
    bulla_opens message letter
    rm -r "$BULLA_HOME"
    bulla_opens_with "open sesame" message letter
}

# Their secret key works here: it opens what they encrypted to it, and signs.
their_key_works() {
    succeeds bulla key import "$SHARED/$1.key"
    remarks "$(theirs "$1")"
    sop encrypt "$SHARED/$1.cert" <letter >message
    bulla_opens_with "open sesame" message letter
    succeeds bulla sign -f -u "$1@sop.test" --passphrase-file pass -o text.sig letter
    sop verify text.sig "$SHARED/$1.cert" <letter >verified
    sop_signed_by "$(theirs "$1")"
}

@test "their secret keys work here" {
    for kind in $KINDS; do
        their_key_works "$kind"
    done
}

@test "their secret keys with a passphrase work here" {
    for kind in $KINDS; do
        their_key_works "$kind-locked"
    done
}

@test "their secret keys need their own passphrase here" {
    for kind in $KINDS; do
        bulla key import -q "$SHARED/$kind-locked.key"
        sop encrypt "$SHARED/$kind-locked.cert" <letter >message
        fails 67 passphrase bulla decrypt --passphrase-file wrong -o copy message
        absent copy
    done
}

# Ours works there; what they extract from it is our certificate.
our_key_works() {
    bulla key export -o our.key "$1"
    sop extract-cert <our.key >extracted
    succeeds as "elsewhere-$1" bulla cert import extracted
    [ "$(as "elsewhere-$1" fingerprint_of "$1")" = "$(fingerprint_of "$1")" ]
    succeeds bulla encrypt -f --no-self -o message --recipient-file extracted letter
    sop decrypt --with-key-password=pass our.key <message >copy
    same letter copy
    sop sign --with-key-password=pass our.key <letter >text.sig
    bulla_verifies text.sig letter "$(fingerprint_of "$1")"
    rm our.key
}

@test "our secret keys work there" {
    for kind in $KINDS; do
        echo "$kind"
        our_key_works "$kind@bulla.test"
    done
}

@test "our secret v4 keys with a passphrase work there" {
    bulla key generate -q --new-passphrase-file pass "locked <locked@bulla.test>"
    our_key_works locked@bulla.test
    bulla key generate -q --new-passphrase-file pass --profile compatibility "shut <shut@bulla.test>"
    our_key_works shut@bulla.test
}

@test "our secret v6 key with a passphrase works there" {
    bulla key generate -q --new-passphrase-file pass --profile rfc9580 "locked <locked@bulla.test>"
    our_key_works locked@bulla.test
}

@test "our certificates come through theirs unchanged" {
    for kind in $KINDS; do
        sop dearmor <"$SHARED/our-$kind.cert" >dearmored
        bulla cert export --binary "$kind@bulla.test" >binary
        same binary dearmored
    done
}

@test "armor and dearmor do what theirs do" {
    for kind in $KINDS; do
        for text in "$SHARED/$kind.cert" "$SHARED/$kind.key"; do
            sop dearmor <"$text" >binary
            bulla dearmor <"$text" | cmp binary -
            bulla armor <binary | sop dearmor | cmp binary -
            sop armor <binary | bulla dearmor | cmp binary -
            [ "$(bulla armor <binary | head -1)" = "$(sop armor <binary | head -1)" ]
        done
    done
    sop encrypt --no-armor "$SHARED/our-v6.cert" <letter >binary
    [ "$(bulla armor <binary | head -1)" = "$(sop armor <binary | head -1)" ]
    sop sign --no-armor "$SHARED/v6.key" <letter >binary
    [ "$(bulla armor <binary | head -1)" = "$(sop armor <binary | head -1)" ]
}

@test "we refuse their messages with a bit changed" {
    for kind in v4 v6; do
        sop encrypt --no-armor --sign-with="$SHARED/$kind.key" "$SHARED/our-$kind.cert" <letter >message
        size=$(stat -c %s message)
        for offset in 1 40 70 $((size / 2)) $((size - 20)) $((size - 1)); do
            echo "$kind at $offset of $size"
            cp message changed
            flip changed "$offset"
            run --separate-stderr bulla decrypt -f -o copy changed
            # A wrong length lets any byte stand for the next packet's type.
            [[ " 41 29 13 114 " == *" $status "* ]]
            remarks "bulla: decrypt: changed: "
            absent copy
        done
    done
}

@test "they refuse our messages with a bit changed" {
    for kind in v4 v6; do
        succeeds bulla encrypt -f --no-self -o message -r "$kind@sop.test" -s -u v4@bulla.test letter
        size=$(stat -c %s message)
        sop decrypt "$SHARED/$kind.key" <message >copy
        for offset in 60 $((size / 2)) $((size - 20)) $((size - 1)); do
            echo "$kind at $offset of $size"
            cp message changed
            flip changed "$offset"
            run ! sop decrypt "$SHARED/$kind.key" <changed
        done
    done
}
