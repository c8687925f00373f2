#!/usr/bin/env bats
# sop decrypt.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'open sesame\n' >pass
    printf 'open barley\n' >wrong
    sop_key alice
    sop_key bob --profile=rfc9580
}

@test "keys, passwords and session keys: all are tried" {
    sop_key locked --with-key-password=pass
    sop encrypt --with-password=pass alice.cert locked.cert <letter >message
    sop decrypt bob.key alice.key <message | same letter -
    cat bob.key alice.key >both
    sop decrypt both <message | same letter -
    sop decrypt --with-password=wrong --with-password=pass <message | same letter -
    sop decrypt --with-password=wrong bob.key alice.key <message | same letter -
    sop decrypt --with-key-password=wrong --with-key-password=pass locked.key <message | same letter -
    # A key that stays locked is no hindrance.
    sop decrypt locked.key alice.key <message | same letter -
    sop decrypt --with-password=pass locked.key <message | same letter -
}

@test "29 and 67: nothing opens it" {
    sop_key locked --with-key-password=pass
    sop encrypt --with-password=pass alice.cert locked.cert <letter >message
    refuses 29 "no secret key" sop decrypt bob.key <<<"$(sop encrypt alice.cert <letter)"
    hints "name a file with the secret key"
    refuses 29 "wrong passphrase" sop decrypt --with-password=wrong <message
    refuses 29 "needs a passphrase" sop decrypt bob.key <message
    hints "--with-password=F"
    refuses 67 "protected" sop decrypt locked.key <message
    refuses 67 "wrong passphrase" sop decrypt --with-key-password=wrong locked.key <message
}

@test "session keys out and in" {
    local profile
    for profile in rfc4880 rfc9580; do
        sop encrypt --profile=$profile alice.cert <letter >message-$profile
        sop decrypt --session-key-out=key-$profile alice.key <message-$profile | same letter -
        [ "$(stat -c %a key-$profile)" = 600 ]
    done
    for profile in rfc4880 rfc9580; do
        sop decrypt --with-session-key=key-$profile <message-$profile | same letter -
        # One that is for another message first, or a key.
        sop decrypt --with-session-key=key-rfc4880 --with-session-key=key-rfc9580 \
            <message-$profile | same letter -
        printf '9:%064d\n' 0 >zero
        sop decrypt --with-session-key=zero alice.key <message-$profile | same letter -
        refuses 29 "session key" sop decrypt --with-session-key=zero <message-$profile
        refuses 29 "" sop decrypt --with-session-key=zero bob.key <message-$profile
        printf '7:%064d\n' 0 >short
        refuses 29 "session key" sop decrypt --with-session-key=short <message-$profile
        tr A-F a-f <key-$profile | tr -d '\n' >lower
        sop decrypt --with-session-key=lower <message-$profile | same letter -
    done
    # Version 2 names its cipher itself.
    sed 's/^9:/0:/' key-rfc9580 >unnamed
    sop decrypt --with-session-key=unnamed <message-rfc9580 | same letter -
    refuses 29 "session key" sop decrypt --with-session-key=key-rfc4880 <message-rfc9580
}

@test "41: what is no session key" {
    local text
    sop encrypt alice.cert <letter >message
    for text in "" 9 9: :00 "9:0" "9:0g" "256:00" "x:00" "9:00:00"; do
        echo "$text" >bad
        refuses 41 "bad: not a session key" sop decrypt --with-session-key=bad <message
    done
    refuses 61 "missing" sop decrypt --with-session-key=missing <message
}

@test "signatures are told of, and decide nothing" {
    sop encrypt --sign-with=alice.key bob.cert <letter >message
    sop decrypt --verify-with=alice.cert --verifications-out=lines bob.key <message | same letter -
    [ "$(wc -l <lines)" -eq 1 ]
    grep -q '"signers":\["alice.cert"\]' lines
    sop decrypt --verify-with=bob.cert --verifications-out=none bob.key <message | same letter -
    [ -e none ] && [ ! -s none ]
    # The older name of the option.
    sop decrypt --verify-with=alice.cert --verify-out older bob.key <message | same letter -
    same lines older
    refuses 1 "given twice" sop decrypt --verify-with=alice.cert --verify-out=a \
        --verifications-out=b bob.key <message
    # The key that decrypts is no certificate to verify with.
    sop encrypt --sign-with=bob.key bob.cert <letter >own
    sop decrypt --verify-with=alice.cert --verifications-out=own.lines bob.key <own | same letter -
    [ ! -s own.lines ]
    sop encrypt bob.cert <letter >unsigned
    sop decrypt --verify-with=alice.cert --verifications-out=no bob.key <unsigned | same letter -
    [ ! -s no ]
}

@test "--verify-not-before and --verify-not-after" {
    sop encrypt --sign-with=alice.key bob.cert <letter >message
    lines_with() {
        rm -f lines
        sop decrypt --verify-with=alice.cert --verifications-out=lines "$@" bob.key <message |
            same letter -
        wc -l <lines
    }
    [ "$(lines_with --verify-not-before=2020-01-01T00:00:00Z)" -eq 1 ]
    [ "$(lines_with --verify-not-before=- --verify-not-after=now)" -eq 1 ]
    [ "$(lines_with --verify-not-before=2100-01-01T00:00:00Z)" -eq 0 ]
    [ "$(lines_with --verify-not-after=2020-01-01T00:00:00Z)" -eq 0 ]
}

@test "23: half of what verifying needs" {
    sop encrypt bob.cert <letter >message
    refuses 23 "--verifications-out" sop decrypt --verify-with=alice.cert bob.key <message
    refuses 23 "--verify-with" sop decrypt --verifications-out=lines bob.key <message
    refuses 23 "--verify-with" sop decrypt --verify-not-after=now bob.key <message
}

@test "59: results do not replace files, and none is left by a failure" {
    sop encrypt alice.cert <letter >message
    echo precious >there
    refuses 59 "there" sop decrypt --session-key-out=there alice.key <message
    refuses 59 "there" sop decrypt --verify-with=bob.cert --verifications-out=there alice.key <message
    refuses 29 "" sop decrypt --session-key-out=out --verify-with=bob.cert \
        --verifications-out=lines bob.key <message
    sop dearmor <message >bytes
    flip bytes 200
    refuses 41 "" sop decrypt --session-key-out=out --verify-with=bob.cert \
        --verifications-out=lines alice.key <bytes
}

@test "41: not a byte of what was changed or cut short" {
    local profile
    head -c 3000000 /dev/urandom >big
    for profile in rfc4880 rfc9580; do
        sop encrypt --no-armor --profile=$profile alice.cert <big >message
        head -c 2999000 message >cut
        refuses 41 "" sop decrypt alice.key <cut
        flip message 2500000
        refuses 41 "" sop decrypt alice.key <message
    done
}

@test "41: what is no encrypted message" {
    refuses 41 "no OpenPGP" sop decrypt alice.key <letter
    refuses 41 "" sop decrypt alice.key </dev/null
    refuses 41 "" sop decrypt alice.key <alice.cert
    bulla key import -q alice.key
    bulla sign --inline <letter >signed
    refuses 41 "not encrypted" sop decrypt alice.key <signed
}

@test "other errors" {
    sop encrypt alice.cert <letter >message
    refuses 19 "nothing to decrypt with" sop decrypt <message
    refuses 41 "where a secret key is wanted" sop decrypt alice.cert <message
    refuses 61 "missing" sop decrypt missing <message
    refuses 37 "--frob" sop decrypt --frob alice.key <message
}

# A packet of this type and content: packet NUMBER TEXT
packet() {
    # shellcheck disable=SC2059
    printf "\\x$(printf %02x $((192 + $1)))\\x$(printf %02x ${#2})$2"
}

@test "29: data of a version that nobody knows, or that nothing protects" {
    printf '\xc3\x04\x04\x09\x00\x08' >skesk
    { cat skesk && packet 18 "$(printf 'x%.0s' {1..40})"; } >unknown
    refuses 29 "version 120" sop decrypt --with-password=pass <unknown
    { cat skesk && packet 9 "$(printf 'x%.0s' {1..40})"; } >unprotected
    refuses 29 "without protection" sop decrypt --with-password=pass <unprotected
}

@test "what has nothing to say may stand anywhere" {
    local p inner
    printf secret >password
    sop inline-sign --no-armor alice.key bob.key <letter >signed
    # Padding, trust, an unknown packet that is not critical, a marker.
    for p in "21 00000" "12 x" "60 private" "10 PGP"; do
        # shellcheck disable=SC2086
        packet ${p% *} "${p#* }" >noise
        inner=$({ for i in 0 1 2 3 4; do cat noise && packet_of signed $i; done && cat noise; } | base64)
        base64 -d <<<"$inner" >inner
        sop inline-verify --verifications-out="lines-${p% *}" alice.cert bob.cert <inner | same letter -
        [ "$(wc -l <"lines-${p% *}")" -eq 2 ]
        seal secret <inner >message
        { cat noise && packet_of message 0 && cat noise && packet_of message 1 && cat noise; } >noisy
        sop decrypt --with-password=password --verify-with=alice.cert --verify-with=bob.cert \
            --verifications-out="more-${p% *}" <noisy | same letter -
        [ "$(wc -l <"more-${p% *}")" -eq 2 ]
    done
    # One that is critical may not.
    packet 39 x >noise
    { cat noise && packet_of message 0 && packet_of message 1; } >noisy
    refuses 41 "type 39" sop decrypt --with-password=password <noisy
    { cat message noise; } >noisy
    refuses 41 "type 39" sop decrypt --with-password=password <noisy
}

@test "sequences of packets that are no message" {
    printf secret >password
    sop inline-sign --no-armor alice.key bob.key <letter >signed
    # One-pass packets of Alice and Bob, the literal data, signatures of Bob and Alice.
    local order i
    for order in "2" "0 1 2 3 4" "1 2 3" "0 2 4" "3 4 2" "4 1 2 3"; do
        for i in $order; do packet_of signed "$i"; done >inner
        if [ "$order" = "0 2 4" ]; then flip inner $(($(packet_of signed 0 | wc -c) - 1)); fi
        seal secret <inner | sop decrypt --with-password=password | same letter -
    done
    for order in "" "2 2" "0 2" "2 4" "0 1 2 3" "0 1 2 4 3 4" "0 4 2" "0 1" "3 4"; do
        for i in $order; do packet_of signed "$i"; done >inner
        seal secret <inner >message
        refuses 41 "" sop decrypt --with-password=password <message
    done
    # Encrypted data in encrypted data, beside it, or announced and missing.
    packet_of signed 2 | seal secret >message
    seal secret <message >twice
    refuses 41 "inside" sop decrypt --with-password=password <twice
    cat message message >twice
    refuses 41 "" sop decrypt --with-password=password <twice
    { packet_of message 0 && packet_of signed 2; } >open
    refuses 41 "encrypted data must follow" sop decrypt --with-password=password <open
    { cat message && printf junk; } >more
    refuses 41 "" sop decrypt --with-password=password <more
}

@test "designators instead of files" {
    sop encrypt --sign-with=alice.key --with-password=@FD:7 7<pass bob.cert <letter >message
    PASS="open sesame" sop decrypt --with-password=@ENV:PASS <message | same letter -
    BOB=$(cat bob.key) sop decrypt --verify-with=@FD:5 --verifications-out=@FD:4 \
        --session-key-out=@FD:6 @ENV:BOB <message 4>lines 5<alice.cert 6>key | same letter -
    [ "$(wc -l <lines)" -eq 1 ]
    KEY=$(cat key) sop decrypt --with-session-key=@ENV:KEY <message | same letter -
    refuses 71 "@ENV:UNSET" sop decrypt --with-password=@ENV:UNSET <message
    refuses 71 "@CARD:1" sop decrypt @CARD:1 <message
    refuses 71 "cannot be written" sop decrypt --session-key-out=@ENV:KEY bob.key <message
    touch @ENV:PASS
    refuses 73 "there is a file" sop decrypt --with-password=@ENV:PASS <message
}

@test "packets that nobody knows, and markers, are passed over" {
    need_specdata
    local m=$SPECDATA/fixtures/messages-encrypted k=$SPECDATA/fixtures
    printf password >password
    sop decrypt --with-password=password <"$m/rnp-pkesk-skesk-v10.pgp" | same "$m/message.txt" -
    sop decrypt --with-key-password=password "$k/keys-ecc/ecc-p256-sec.asc" \
        <"$m/rnp-pkesk-skesk-v10.pgp" | same "$m/message.txt" -
    printf password1 >password1
    printf password2 >password2
    local p
    for p in password1 password2; do
        sop decrypt --with-password=wrong --with-password=$p <"$m/rnp-3-keys-2-passwords.pgp" |
            same "$m/message.txt" -
    done
    sop decrypt --with-key-password=password "$k/keyrings/rnp-alice-sub-sec.pgp" \
        "$k/keys-protection/secring-rsa-4keys.gpg" <"$m/rnp-hidden-recipient.pgp" |
        same "$m/message.txt" -
    sop decrypt --with-key-password=password "$k/keys-protection/secring-rsa-4keys.gpg" \
        <"$k/messages-framing/marker.pgp" | same "$m/message.txt" -
    refuses 41 "" sop decrypt --with-key-password=password \
        "$k/keys-protection/secring-rsa-4keys.gpg" <"$k/messages-framing/marker-malformed.pgp"
}

@test "a recipient with an algorithm that nobody knows" {
    sop encrypt --no-armor --profile=rfc4880 alice.cert <letter >message
    flip message 11 0x40
    refuses 29 "no secret key" sop decrypt alice.key <message
    sop encrypt --no-armor --profile=rfc4880 alice.cert bob.cert <letter >message
    flip message 11 0x40
    sop decrypt bob.key <message | same letter -
}

@test "what the standard shows" {
    need_specdata
    local a=$SPECDATA/rfc9580-appendix-a m
    printf 'password\n' >password
    sop decrypt "$a/A.4-v6-secret-key.asc" <"$a/A.8-x25519-aead-ocb-message.asc" |
        same "$a/hello-world.txt" -
    for m in A.9-skesk6-aead-eax A.10-skesk6-aead-ocb A.11-skesk6-aead-gcm; do
        sop decrypt --with-password=password <"$a/$m-message.asc" | same "$a/hello-world.txt" -
    done
    echo 9:F76D3236E4F8A38785C50BDE7167475E95360BCE67A952710F6C16F18BB0655E >key
    refuses 41 "" sop decrypt --with-session-key=key \
        <"$SPECDATA/fixtures/messages-encrypted/gopenpgp-bad-mdc.asc"
}
