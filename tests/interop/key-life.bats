#!/usr/bin/env bats
# Our keys from their making to their end, in the hands of another program, PEER: every kind that
# can be made, with another passphrase, with parts left out, mended, revoked and deleted.

# shellcheck disable=SC2094,SC2034 # nothing is written to what is read; LOCK is for edited.bash

load ../cli/lib
load ../cli/keyedit
load peers
load gnupg
load sop
load edited

setup_file() {
    begin_edited_file
    printf 'open sesame' >"$BATS_FILE_TMPDIR/old"
    printf 'open barley' >"$BATS_FILE_TMPDIR/new"
}

setup() {
    begin_edited
    LOCK=
    SHARED=$BATS_FILE_TMPDIR
}

teardown_file() { end_edited_file; }

# Is it GnuPG, which knows version 4, with a user ID, alone?
is_gnupg() {
    [[ $PEER = gnupg* ]]
}

# A new key works: made_works NAME OPTION...
made_works() {
    echo "$*"
    new_key "$1 <$1@example.org>" "${@:2}"
    still_works "$1@example.org"
}

@test "keys of every profile" {
    made_works plain
    made_works old --profile compatibility
    made_works forever --expires never
    made_works brief --expires 90d
    ! is_gnupg || return 0
    made_works modern --profile rfc9580
    made_works strong --profile security
}

@test "names and addresses in user IDs of their own" {
    for profile in default rfc9580; do
        ! is_gnupg || [ $profile = default ] || continue
        bulla key generate -q --no-passphrase --profile $profile --separate --name "Anna $profile" \
            --email $profile@example.net >/dev/null
        still_works $profile@example.net
        they_see "^uid:-:.*:<$profile@example.net>:" "UserID: <$profile@example.net>"
        they_see "^uid:-:.*:Anna $profile:" "UserID: Anna $profile"
    done
}

@test "keys without a user ID" {
    ! is_gnupg || skip "GnuPG takes no certificate without a user ID"
    for profile in default rfc9580; do
        # gosop: "v4 entity without any identities"
        [ "$PEER" != gosop ] || [ $profile != default ] || continue
        still_works "$(bulla key generate -q --no-passphrase --profile $profile --no-user-id)"
    done
}

@test "keys for signing only: nobody encrypts to them" {
    for profile in default rfc9580; do
        ! is_gnupg || [ $profile = default ] || continue
        bulla key generate -q --no-passphrase --profile $profile --signing-only "robot-$profile" >/dev/null
        export_it robot-$profile
        they_take
        still_signs
        they_refuse they_encrypt sealed
    done
}

@test "another passphrase opens the key, the old one does not" {
    for profile in default rfc9580; do
        ! is_gnupg || [ $profile = default ] || continue
        echo "$profile"
        bulla key generate -q --new-passphrase-file "$SHARED/old" --profile $profile "$profile" >/dev/null
        bulla key passphrase -q --passphrase-file "$SHARED/old" --new-passphrase-file "$SHARED/new" "$profile"
        LOCK=$SHARED/new
        still_works "$profile"
        ! is_gnupg || gpgconf --kill gpg-agent # it remembers
        LOCK=$SHARED/old
        they_refuse they_decrypt message.theirs
        they_refuse they_sign sig.old
        bulla key passphrase -q --passphrase-file "$SHARED/new" --no-passphrase "$profile"
        LOCK=
        ! is_gnupg || new_gnupg_home
        still_works "$profile"
    done
}

@test "a subkey with a passphrase of its own" {
    for who in $KINDS; do
        sub=$(subkeys_for "$who" encrypt)
        bulla key passphrase -q --new-passphrase-file "$SHARED/new" --subkey "$sub" "$who"
        LOCK=$SHARED/new
        still_works "$who"
    done
}

@test "subkeys without the primary secret decrypt and sign" {
    bulla key add-subkey -q --for sign alice
    export_it alice
    bulla key export -q -f --subkeys-only -o key alice
    they_take
    they_encrypt message
    they_decrypt message
    same theirs letter
    they_sign sig
    succeeds bulla verify --signer "$FPR" sig letter
}

@test "a key that rests on SHA-1 is good again" {
    need_specdata
    bulla key import -q "$SPECDATA/fixtures/keys-rsa/rsa-rsa-sec.asc"
    printf password >lock
    bulla key passphrase -q --passphrase-file lock --no-passphrase rsa-rsa
    export_it rsa-rsa
    case $PEER in
    sq | sqop) they_refuse they_encrypt sealed ;;
    esac
    bulla key lint -q --fix rsa-rsa
    still_works rsa-rsa
}

@test "a key that is deleted, and taken back from its export" {
    for who in $KINDS; do
        export_it "$who"
        they_take
        they_encrypt "$who.message"
        bulla key delete -q --yes "$who"
        fails 29 "secret key" bulla decrypt -o copy "$who.message"
        bulla key import -q key
        bulla decrypt -q -f -o copy "$who.message"
        same copy letter
        still_works "$who"
    done
}

# With a revoked key nobody encrypts.  What a stolen one has signed is bad, too; retired, it
# was good before: they_see_the_end WHO REASON
they_see_the_end() {
    export_it "$1"
    bulla sign -q -f -u "$FPR" -o before.sig letter
    bulla key revoke -q --yes --reason "$2" "$1"
    export_it "$1"
    they_take
    they_refuse they_encrypt sealed
    they_see "^pub:r:" "Fingerprint: $FPR Invalid: .*Revoked|$FPR.* Revoked: "
    they_refuse they_verify before.sig
}

@test "a stolen key is revoked" {
    for who in $KINDS; do
        they_see_the_end "$who" compromised
    done
}

@test "a retired key is revoked" {
    for who in $KINDS; do
        export_it "$who"
        bulla key revoke -q --yes --reason retired "$who"
        export_it "$who"
        they_take
        they_refuse they_encrypt sealed
        they_see "^pub:r:" "Revoked"
    done
}

@test "a stolen signing subkey: what it has signed is bad" {
    for who in $KINDS; do
        bulla key add-subkey -q --for sign "$who"
        export_it "$who"
        bulla sign -q -f -u "$FPR" -o before.sig letter
        they_take
        they_verify before.sig
        bulla key revoke-subkey -q --reason compromised "$who" "$(subkeys_for "$who" sign)"
        export_it "$who"
        they_take
        they_refuse they_verify before.sig
    done
}

@test "the only encryption subkey is revoked: nobody encrypts" {
    for who in $KINDS; do
        bulla key revoke-subkey -q --reason retired "$who" "$(subkeys_for "$who" encrypt)"
        export_it "$who"
        they_take
        they_refuse they_encrypt sealed
    done
}

@test "a revoked user ID is not theirs any more" {
    [ "$PEER" = sqop ] || skip "only sqop validates user IDs"
    for who in $KINDS; do
        new="$who at work <$who@work.example>"
        bulla key add-uid -q "$who" "$new"
        export_it "$who"
        sop validate-userid "$new" cert <cert
        bulla key revoke-uid -q "$who" "$new"
        export_it "$who"
        run ! sop validate-userid "$new" cert <cert
    done
}
