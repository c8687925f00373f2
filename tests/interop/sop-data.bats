#!/usr/bin/env bats
# Messages from our stateless interface to that of another program, PEER, and back.

load ../cli/lib
load peers
load sop

setup_file() {
    begin_sop_file
    [ -z "${ABSENT_PEER:-}" ] || return 0
    local profile
    for profile in $OUR_PROFILES; do
        bulla sop generate-key --profile="$profile" "$profile <$profile@bulla.test>" >"sop-$profile.key"
        bulla sop extract-cert <"sop-$profile.key" >"sop-$profile.cert"
    done
}
setup() {
    begin_sop
    cp "$SHARED"/*.key "$SHARED"/*.cert .
    printf 'Dear Alice,\n- the meeting is at noon.\n' >letter
}

teardown_file() {
    end_sop_file
}

OUR_PROFILES="default rfc9580 security compatibility"

# The verifications in both files are of the same signature.
same_lines() {
    [ "$(cut -d ' ' -f 1-3 "$1" | tr a-f A-F)" = "$(cut -d ' ' -f 1-3 "$2" | tr a-f A-F)" ] && [ -s "$1" ]
}

# The same text but for line ends, which are for the program that reads to choose where
# the message says that it is text.
same_text() {
    cmp <(tr -d '\r' <"$1") <(tr -d '\r' <"$2")
}

@test "they decrypt what we encrypt and sign, by any key" {
    local profile kind
    for profile in $OUR_PROFILES; do
        for kind in $KINDS; do
            echo "$profile to $kind"
            bulla sop encrypt --sign-with="sop-$profile.key" "$kind.cert" <letter >message
            rm -f theirs
            sop decrypt --verify-with="sop-$profile.cert" --verifications-out=theirs "$kind.key" \
                <message >copy
            same letter copy
            # openpgpjs does not know the critical subpacket that names the intended recipients.
            [ -s theirs ] || [[ $(sop_name) = openpgpjs && $profile =~ rfc9580|security ]]
        done
    done
}

@test "we decrypt what they encrypt and sign, by any key" {
    local profile kind
    for profile in $OUR_PROFILES; do
        for kind in $KINDS; do
            echo "$kind to $profile"
            sop encrypt --sign-with="$kind.key" "sop-$profile.cert" <letter >message
            rm -f ours
            bulla sop decrypt --verify-with="$kind.cert" --verifications-out=ours "sop-$profile.key" \
                <message | same letter -
            [ -s ours ]
        done
    done
}

@test "profiles" {
    local profile
    for profile in rfc4880 rfc9580; do
        bulla sop encrypt --profile=$profile v4.cert rsa.cert v6.cert <letter >message
        sop decrypt v4.key <message | same letter -
        sop decrypt rsa.key <message | same letter -
        sop decrypt v6.key <message | same letter -
    done
}

@test "several passwords, in either direction" {
    local profile
    for profile in rfc4880 rfc9580; do
        bulla sop encrypt --profile=$profile --with-password=wrong --with-password=pass v4.cert \
            <letter >message
        sop decrypt --with-password=pass <message | same letter -
        sop decrypt --with-password=wrong <message | same letter -
        sop decrypt v4.key <message | same letter -
    done
    sop encrypt --with-password=wrong --with-password=pass <letter >message
    bulla sop decrypt --with-password=pass <message | same letter -
    # gosop takes the last of them only.
    [ "$(sop_name)" != gosop ] || return 0
    bulla sop decrypt --with-password=letter --with-password=wrong <message | same letter -
}

@test "as text" {
    bulla sop encrypt --as=text --sign-with=sop-default.key v4.cert <letter >message
    rm -f theirs
    sop decrypt --verify-with=sop-default.cert --verifications-out=theirs v4.key <message >copy
    same_text letter copy
    [ -s theirs ]
    sop encrypt --as=text --sign-with=v4.key sop-default.cert <letter >message
    bulla sop decrypt --verify-with=v4.cert --verifications-out=ours sop-default.key <message >copy
    same_text letter copy
    [ -s ours ]
}

@test "session keys out of the one and into the other" {
    unable openpgpjs "has no session keys here"
    local profile profiles="rfc4880 rfc9580"
    # rsop gives no session key of SEIPD version 2 out.
    [ "$(sop_name)" != rsop ] || profiles=rfc4880
    for profile in $profiles; do
        bulla sop encrypt --profile=$profile --session-key-out="k1-$profile" v4.cert <letter >message
        sop decrypt --session-key-out="k2-$profile" v4.key <message | same letter -
        [ "$(cat "k1-$profile")" = "$(cat "k2-$profile")" ]
        sop decrypt --with-session-key="k1-$profile" <message | same letter -
        [ "$(sop_name)" != gosop ] || continue # its encrypt gives none out
        sop encrypt --profile=$profile --session-key-out="k3-$profile" sop-default.cert <letter >message
        bulla sop decrypt --with-session-key="k3-$profile" <message | same letter -
    done
}

@test "they verify and take apart what we sign inline" {
    unable openpgpjs "has no inline-verify here"
    local as profile
    for profile in $OUR_PROFILES; do
        for as in binary text clearsigned; do
            echo "$profile as $as"
            rm -f theirs ours sigs
            bulla sop inline-sign --as=$as "sop-$profile.key" <letter >message
            sop inline-verify --verifications-out=theirs "sop-$profile.cert" <message >copy
            same_text letter copy
            bulla sop inline-verify --verifications-out=ours "sop-$profile.cert" <message >copy
            same_lines ours theirs
            sop inline-detach --signatures-out=sigs <message >copy
            bulla sop verify sigs "sop-$profile.cert" <copy
        done
    done
}

@test "we verify and take apart what they sign inline" {
    unable openpgpjs "has no inline-sign here"
    local as kind
    for kind in $KINDS; do
        for as in binary text clearsigned; do
            echo "$kind as $as"
            rm -f ours sigs
            sop inline-sign --as=$as "$kind.key" <letter >message
            bulla sop inline-verify --verifications-out=ours "$kind.cert" <message >copy
            same_text letter copy
            [ -s ours ]
            bulla sop inline-detach --signatures-out=sigs <message >copy
            sop verify sigs "$kind.cert" <copy
        done
    done
}

@test "cleartext in which something is easily lost" {
    unable openpgpjs "has no inline-verify here"
    make_texts
    local text
    for text in texts/*; do
        echo "with $text"
        bulla sop inline-sign --as=clearsigned sop-default.key <"$text" >message
        sop inline-verify sop-default.cert <message >copy
        same_cleartext "$text" copy
        # Nobody, rsop included, finds good what rsop signs of blanks at line ends.
        [[ $(sop_name) != rsop || $text != */@(dashes|trailing-blanks) ]] || continue
        sop inline-sign --as=clearsigned v4.key <"$text" >message
        bulla sop inline-verify v4.cert <message >copy
        same_cleartext "$text" copy
    done
}

@test "keys that are for one purpose only" {
    [ "$(sop_name)" = sqop ] || skip "Sequoia makes them"
    local sq purpose
    sq=$(find_peer sq) || skip "no sq"
    for purpose in storage transport; do
        "$sq" --home=none key generate --own-key --no-userids --without-password \
            --can-encrypt=$purpose --output=$purpose.key --rev-cert=$purpose.rev
        bulla sop extract-cert <$purpose.key >$purpose.cert
        bulla sop encrypt $purpose.cert <letter | bulla sop decrypt $purpose.key | same letter -
    done
    bulla sop encrypt --for=storage storage.cert <letter | bulla sop decrypt storage.key | same letter -
    bulla sop encrypt --for=communications transport.cert <letter | bulla sop decrypt transport.key |
        same letter -
    refuses 17 "" bulla sop encrypt --for=communications storage.cert <letter
    refuses 17 "" bulla sop encrypt --for=storage transport.cert <letter
}
