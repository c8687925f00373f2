#!/usr/bin/env bats
# Signatures beside, around and below texts, between GnuPG and bulla.

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key gina ed25519 cv25519
    gnupg_key gerd rsa2048 rsa2048
    gnupg_key nistp521 nistp521 nistp521
    new_key "bella <bella@bulla.test>"
    new_key "ben <ben@bulla.test>" --profile compatibility
    introduce
    GINA=$(gnupg_fingerprint gina@gnupg.test)
    GERD=$(gnupg_fingerprint gerd@gnupg.test)
    BELLA=$(fingerprint_of bella@bulla.test)
    BEN=$(fingerprint_of ben@bulla.test)
    export GINA GERD BELLA BEN
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# With each text, in one form.  What GnuPG makes:
they_sign_beside() {
    gnupg -o text.sig -u gina@gnupg.test --detach-sign "$1"
    bulla_verifies text.sig "$1" "$GINA"
}
they_sign_text_beside() {
    gnupg -o text.asc -u gerd@gnupg.test --textmode --armor --detach-sign "$1"
    bulla_verifies text.asc "$1" "$GERD"
    [ "$(json '.signatures[0].mode' <<<"$output")" = text ]
}
they_sign_around() {
    gnupg -o message -u gina@gnupg.test --sign "$1"
    succeeds bulla verify --json -f -o copy message
    signed_by "$GINA"
    same "$1" copy
}
they_sign_text_around() {
    gnupg -o message -u gerd@gnupg.test --textmode --sign "$1"
    succeeds bulla verify --json -f -o copy message
    signed_by "$GERD"
    cmp <(tr -d '\r' <"$1") <(tr -d '\r' <copy)
}
they_sign_below() {
    gnupg -o text.asc -u gina@gnupg.test --clear-sign "$1"
    succeeds bulla verify --json -f -o copy text.asc
    signed_by "$GINA"
    same_cleartext "$1" copy
}

# What we make:
we_sign_beside() {
    succeeds bulla sign -f -u bella@bulla.test -o text.sig "$1"
    gnupg_verifies text.sig "$1" "$BELLA"
}
we_sign_text_beside() {
    succeeds bulla sign -f -u ben@bulla.test --text -a -o text.asc "$1"
    gnupg_verifies text.asc "$1" "$BEN"
    status_says "VALIDSIG .* 01 " # the type for text
}
we_sign_around() {
    succeeds bulla sign -f -u bella@bulla.test --inline -o message "$1"
    gnupg -o copy --decrypt message
    gnupg_signed_by "$BELLA"
    same "$1" copy
}
we_sign_text_around() {
    succeeds bulla sign -f -u ben@bulla.test --inline --text -a -o message "$1"
    gnupg -o copy --decrypt message
    gnupg_signed_by "$BEN"
    cmp <(tr -d '\r' <"$1") <(tr -d '\r' <copy)
}
we_sign_below() {
    succeeds bulla sign -f -u bella@bulla.test --cleartext -o text.asc "$1"
    gnupg -o copy --decrypt text.asc
    gnupg_signed_by "$BELLA"
    same_cleartext "$1" copy
}

@test "we verify GnuPG's signatures beside every text" {
    with_texts they_sign_beside
}

@test "we verify GnuPG's text signatures beside every text" {
    with_texts they_sign_text_beside
}

@test "we verify GnuPG's signatures around every text" {
    with_texts they_sign_around
}

@test "we verify GnuPG's text signatures around every text" {
    with_texts they_sign_text_around
}

@test "we verify GnuPG's cleartext signatures of every text" {
    with_texts they_sign_below
}

@test "GnuPG verifies our signatures beside every text" {
    with_texts we_sign_beside
}

@test "GnuPG verifies our text signatures beside every text" {
    with_texts we_sign_text_beside
}

@test "GnuPG verifies our signatures around every text" {
    with_texts we_sign_around
}

@test "GnuPG verifies our text signatures around every text" {
    with_texts we_sign_text_around
}

@test "GnuPG verifies our cleartext signatures of every text" {
    with_texts we_sign_below
}

# Text signatures hold whatever the line ends become; others do not.
@test "line ends may change under GnuPG's text signatures only" {
    gnupg -o text.sig -u gina@gnupg.test --textmode --detach-sign letter
    gnupg -o binary.sig -u gina@gnupg.test --detach-sign letter
    sed -i 's/$/\r/' letter
    bulla_verifies text.sig letter "$GINA"
    fails 3 "bad signature" bulla verify binary.sig letter
}

@test "line ends may change under our text signatures only" {
    succeeds bulla sign -u bella@bulla.test --text -o text.sig letter
    succeeds bulla sign -u bella@bulla.test -o binary.sig letter
    sed -i 's/$/\r/' letter
    gnupg_verifies text.sig letter "$BELLA"
    gnupg_refuses --verify binary.sig letter
}

@test "line ends may change in cleartext signed texts, both ways" {
    gnupg -o theirs -u gina@gnupg.test --clear-sign letter
    succeeds bulla sign -u bella@bulla.test --cleartext -o ours letter
    sed -i 's/$/\r/' theirs ours
    succeeds bulla verify --json theirs
    signed_by "$GINA"
    gnupg --verify ours
    gnupg_signed_by "$BELLA"
}

# A mail program may add or remove blanks at the ends of lines.
@test "blanks at line ends do not count in cleartext signed texts, both ways" {
    gnupg -o theirs -u gina@gnupg.test --clear-sign letter
    succeeds bulla sign -u bella@bulla.test --cleartext -o ours letter
    sed -i 's/^Dear friend,$/& \t /' theirs ours
    succeeds bulla verify --json theirs
    signed_by "$GINA"
    gnupg --verify ours
    gnupg_signed_by "$BELLA"
}

@test "a changed word in a cleartext signed text is refused, both ways" {
    gnupg -o theirs -u gina@gnupg.test --clear-sign letter
    succeeds bulla sign -u bella@bulla.test --cleartext -o ours letter
    sed -i 's/noon/nine/' theirs ours
    fails 3 "bad signature" bulla verify -o copy theirs
    absent copy
    gnupg_refuses --verify ours
    status_says BADSIG
}

@test "a changed signed message is refused, both ways" {
    gnupg -o theirs -u gina@gnupg.test --compress-algo none --sign letter
    succeeds bulla sign -u bella@bulla.test --inline -o ours letter
    for message in theirs ours; do
        sed -i 's/noon/nine/' "$message"
    done
    fails 3 "bad signature" bulla verify -o copy theirs
    absent copy
    gnupg_refuses --verify ours
    status_says BADSIG
}

@test "we verify GnuPG's signatures with every current hash" {
    for signer in gina gerd nistp521; do
        for hash in SHA256 SHA384 SHA512; do
            # ECDSA's keys need hashes of their own size [RFC9580 5.2.3.2].
            case $signer,$hash in nistp521,SHA512) ;; nistp521,*) continue ;; esac
            echo "$signer with $hash"
            gnupg -o text.sig -u $signer@gnupg.test --digest-algo $hash --detach-sign letter
            bulla_verifies text.sig letter "$(gnupg_fingerprint $signer@gnupg.test)"
            [ "$(json '.signatures[0].hash' <<<"$output")" = $hash ]
            gnupg -o text.asc -u $signer@gnupg.test --digest-algo $hash --clear-sign letter
            succeeds bulla verify --json text.asc
            signed_by "$(gnupg_fingerprint $signer@gnupg.test)"
            [ "$(json '.signatures[0].hash' <<<"$output")" = $hash ]
        done
    done
}

@test "we verify GnuPG's RSA signature with SHA-224" {
    gnupg -o text.sig -u gerd@gnupg.test --digest-algo SHA224 --detach-sign letter
    bulla_verifies text.sig letter "$GERD"
}

# Nobody changed it: it is the hash that is too short for Ed25519 [RFC9580 5.2.3.3].
@test "GnuPG's Ed25519 signature with SHA-224 is refused for its hash" {
    gnupg -o text.sig -u gina@gnupg.test --digest-algo SHA224 --detach-sign letter
    fails 3 letter bulla verify text.sig letter
    run --separate-stderr bulla verify --json text.sig letter
    [ "$(json '.signatures[0].status' <<<"$output")" = rejected ]
}

@test "we do not rely on GnuPG's signatures with hashes of the past" {
    for hash in SHA1 RIPEMD160; do
        echo "with $hash"
        gnupg -o text.sig -u gerd@gnupg.test --digest-algo $hash --allow-weak-digest-algos --detach-sign letter
        fails 3 letter bulla verify text.sig letter
        gnupg -o message -u gerd@gnupg.test --digest-algo $hash --allow-weak-digest-algos --sign letter
        fails 3 message bulla verify -o copy message
        absent copy
    done
}

@test "we verify two of GnuPG's signatures in one" {
    gnupg -o text.sig -u gina@gnupg.test -u gerd@gnupg.test --detach-sign letter
    succeeds bulla verify --json text.sig letter
    signed_by "$GINA" "$GERD"
    gnupg -o message -u gina@gnupg.test -u gerd@gnupg.test --sign letter
    succeeds bulla verify --json message
    signed_by "$GINA" "$GERD"
    gnupg -o text.asc -u gina@gnupg.test -u gerd@gnupg.test --clear-sign letter
    succeeds bulla verify --json text.asc
    signed_by "$GINA" "$GERD"
}

@test "GnuPG verifies its signature and ours, one after the other in a file" {
    gnupg -o theirs -u gina@gnupg.test --detach-sign letter
    succeeds bulla sign -u bella@bulla.test -o ours letter
    cat theirs ours >both
    gnupg --verify both letter
    gnupg_signed_by "$GINA" "$BELLA"
    succeeds bulla verify --json both letter
    signed_by "$GINA" "$BELLA"
}

@test "GnuPG's signer is who we say it is" {
    gnupg -o letter.sig -u gina@gnupg.test --detach-sign letter
    gnupg --export gina@gnupg.test >gina
    gnupg --export gerd@gnupg.test >gerd
    succeeds bulla verify --signer gina@gnupg.test letter.sig letter
    succeeds as nowhere bulla verify --signer-file gina letter.sig letter
    fails 3 letter bulla verify --signer gerd@gnupg.test letter.sig letter
    fails 3 letter as nowhere bulla verify --signer-file gerd letter.sig letter
}

@test "a signature of GnuPG's that has expired is not good" {
    gnupg --faked-system-time 20200101T120000 --quick-generate-key "old <old@gnupg.test>" ed25519 cert,sign never
    gnupg --export old@gnupg.test | bulla cert import -q
    gnupg --faked-system-time 20200102T120000 -u old@gnupg.test --detach-sign -o lasting letter
    gnupg --faked-system-time 20200102T120000 -u old@gnupg.test --default-sig-expire 1d --detach-sign -o expired letter
    bulla_verifies lasting letter "$(gnupg_fingerprint old@gnupg.test)"
    fails 3 "expired" bulla verify expired letter
}

@test "what was signed stays good when GnuPG has renewed the key and dropped the old self-signatures" {
    gnupg --faked-system-time 20200101T120000 --quick-generate-key "re <re@gnupg.test>" ed25519 cert,sign 2y
    gnupg --faked-system-time 20200102T120000 -u re@gnupg.test --detach-sign -o early letter
    gnupg --faked-system-time 20210101T120000 --quick-set-expire "$(gnupg_fingerprint re@gnupg.test)" never
    gnupg --export-options export-minimal --export re@gnupg.test >renewed
    [ "$(packet_types renewed)" = "6 13 2" ]
    bulla cert import -q renewed
    bulla_verifies early letter "$(gnupg_fingerprint re@gnupg.test)"
}

# GnuPG makes the binding anew and keeps the subkey's own signature in it.
@test "what a subkey has signed stays good when GnuPG has prolonged the subkey" {
    gnupg --faked-system-time 20200101T120000 --quick-generate-key "sub <sub@gnupg.test>" ed25519 cert never
    fingerprint=$(gnupg_fingerprint sub@gnupg.test)
    gnupg --faked-system-time 20200102T120000 --quick-add-key "$fingerprint" ed25519 sign 2y
    gnupg --faked-system-time 20200103T120000 -u sub@gnupg.test --detach-sign -o early letter
    gnupg --faked-system-time 20210101T120000 --quick-set-expire "$fingerprint" 10y '*'
    gnupg --export-options export-minimal --export sub@gnupg.test >renewed
    [ "$(packet_types renewed)" = "6 13 2 14 2" ]
    bulla cert import -q renewed
    bulla verify --trust always early letter
}

@test "signatures go through pipes" {
    gnupg -u gina@gnupg.test --sign <letter | bulla verify --json -o - - >copy 2>report
    same letter copy
    bulla sign -u bella@bulla.test --inline <letter | gnupg --decrypt >copy
    gnupg_signed_by "$BELLA"
    same letter copy
    bulla sign -u bella@bulla.test <letter >letter.sig
    gnupg --verify letter.sig - <letter
    gnupg_signed_by "$BELLA"
    gnupg -u gina@gnupg.test --detach-sign <letter >theirs.sig
    succeeds bulla verify --json theirs.sig - <letter
    signed_by "$GINA"
}

@test "GnuPG's armored messages are told from cleartext signed texts" {
    gnupg -o message -u gina@gnupg.test --armor --sign letter
    succeeds bulla verify --json -o copy message
    signed_by "$GINA"
    same letter copy
}
