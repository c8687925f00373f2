#!/usr/bin/env bats
# sop encrypt.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'open sesame\n' >pass
    sop_key alice
    sop_key bob --profile=rfc9580
}

# Packets of a message, without its armor.
message_types() {
    sop dearmor <"$1" >"$1.bytes"
    packet_types "$1.bytes"
}

@test "to certificates and passwords, each of which opens it" {
    printf other >other
    sop encrypt --with-password=pass --with-password=other alice.cert bob.cert <letter >message
    grep -q "BEGIN PGP MESSAGE" message
    local way
    for way in alice.key bob.key --with-password=pass --with-password=other; do
        sop decrypt "$way" <message | same letter -
    done
    [ "$(message_types message)" = "1 1 3 3 18" ]
    # A certificate that is named twice needs one packet.
    cat alice.cert bob.cert >both
    sop encrypt alice.cert both <letter >message
    [ "$(message_types message)" = "1 1 18" ]
}

@test "the version of the message follows recipients or profile" {
    local profile
    seipd_of() {
        sop encrypt --no-armor "$@" <letter >message
        field_of message 18 version
    }
    sop_key old --profile=compatibility
    [ "$(seipd_of alice.cert bob.cert)" = 2 ]
    [ "$(seipd_of alice.cert old.cert)" = 1 ]
    [ "$(seipd_of --with-password=pass)" = 1 ]
    for profile in rfc9580 performance security; do
        [ "$(seipd_of --profile=$profile old.cert)" = 2 ]
    done
    for profile in rfc4880 compatibility; do
        [ "$(seipd_of --profile=$profile bob.cert)" = 1 ]
        sop decrypt bob.key <message | same letter -
    done
    refuses 89 "bulla sop list-profiles encrypt" sop encrypt --profile=frob alice.cert <letter
}

@test "empty, and much, in constant memory" {
    sop encrypt alice.cert </dev/null >message
    [ -z "$(sop decrypt alice.key <message)" ]
    [ -z "$SANITIZED" ] || skip "slow"
    head -c 40000000 /dev/zero >big
    sop encrypt alice.cert <big | sop decrypt alice.key | same big -
}

@test "signed" {
    sop_key carol --with-key-password=pass
    sop encrypt --sign-with=alice.key --sign-with=carol.key --with-key-password=pass bob.cert \
        <letter >message
    sop decrypt --verify-with=alice.cert --verify-with=carol.cert --verifications-out=lines \
        bob.key <message | same letter -
    [ "$(wc -l <lines)" -eq 2 ]
    refuses 67 "protected" sop encrypt --sign-with=carol.key bob.cert <letter
    refuses 67 "wrong" sop encrypt --sign-with=carol.key --with-key-password=letter bob.cert <letter
    refuses 41 "certificate" sop encrypt --sign-with=alice.cert bob.cert <letter
}

@test "as text: UTF-8, with the line ends of the standard" {
    sed 's/$/\r/' letter >crlf
    sop encrypt --as=text alice.cert <letter | sop decrypt alice.key | same crlf -
    sop encrypt --as=text alice.cert <crlf | sop decrypt alice.key | same crlf -
    sop encrypt --as=binary alice.cert <letter | sop decrypt alice.key | same letter -
    sop encrypt --as=text --sign-with=alice.key bob.cert <letter >message
    sop decrypt --verify-with=alice.cert --verifications-out=lines bob.key <message | same crlf -
    grep -q "mode:text" lines
    printf 'caf\xe9' >latin
    refuses 53 "" sop encrypt --as=text alice.cert <latin
    refuses 53 "" sop encrypt --as=text --sign-with=alice.key alice.cert <latin
    refuses 37 "--as=clearsigned" sop encrypt --as=clearsigned alice.cert <letter
}

@test "--session-key-out" {
    local profile
    for profile in rfc4880 rfc9580; do
        sop encrypt --profile=$profile --session-key-out=key-$profile alice.cert <letter >message
        grep -Eq '^9:[0-9A-F]{64}$' key-$profile
        [ "$(stat -c %a key-$profile)" = 600 ]
        sop decrypt --session-key-out=theirs-$profile alice.key <message | same letter -
        same key-$profile theirs-$profile
    done
    refuses 59 "key-rfc9580" sop encrypt --session-key-out=key-rfc9580 alice.cert <letter
    sop encrypt --session-key-out=@FD:3 alice.cert <letter 3>third >message
    sop decrypt --with-session-key=third <message | same letter -
}

# Keys for one purpose only are in the tests with Sequoia.
@test "--for" {
    local purpose
    for purpose in any storage communications; do
        sop encrypt --for=$purpose alice.cert <letter | sop decrypt alice.key | same letter -
    done
    refuses 37 "--for=fun" sop encrypt --for=fun alice.cert <letter
}

@test "17: one certificate that cannot be encrypted to is enough" {
    sop_key signer --signing-only
    refuses 17 "signer@example.org" sop encrypt signer.cert <letter
    refuses 17 "signer@example.org" sop encrypt alice.cert signer.cert bob.cert <letter
    refuses 17 "signer@example.org" sop encrypt --with-password=pass signer.cert <letter
    # A primary key of a version that nobody knows.
    sop dearmor <bob.cert >known
    cp known unknown
    flip unknown 2 0x0b
    cat known unknown >both
    refuses 17 "both: " sop encrypt both <letter
    need_specdata
    revoked_alice revoked
    refuses 17 "revoked" sop encrypt revoked <letter
    refuses 17 "Elgamal" sop encrypt "$SPECDATA/interop-certificates/carol.pgp" <letter
}

@test "31: passwords that nobody can type" {
    printf 'caf\xe9' >latin
    printf ' \n' >blank
    printf 'a\x01b' >control
    refuses 31 "UTF-8" sop encrypt --with-password=latin <letter
    refuses 31 "empty" sop encrypt --with-password=blank <letter
    refuses 31 "control" sop encrypt --with-password=pass --with-password=control <letter
    # Blanks at the end do not count, neither here nor there.
    printf 'open sesame' >bare
    sop encrypt --with-password=pass <letter | sop decrypt --with-password=bare | same letter -
    sop encrypt --with-password=bare <letter | sop decrypt --with-password=pass | same letter -
}

@test "other errors" {
    refuses 19 "for whom" sop encrypt <letter
    refuses 61 "missing" sop encrypt missing <letter
    refuses 61 "missing" sop encrypt --with-password=missing alice.cert <letter
    refuses 41 "secret key" sop encrypt alice.key <letter
    refuses 41 "letter" sop encrypt letter <letter
    refuses 37 "--frob" sop encrypt --frob alice.cert <letter
}
