#!/usr/bin/env bats
# Our keys after each edit of their owner, in the hands of another program, PEER: sq, sqop, rsop,
# gosop, gnupg22 or gnupg24.  It encrypts to the certificate and verifies with it, decrypts and
# signs with the key, and sees the change where it has a way to show it.

# shellcheck disable=SC2094 # nothing is written to what is read

load ../cli/lib
load ../cli/keyedit
load peers
load gnupg
load sop
load edited

setup_file() { begin_edited_file; }
setup() { begin_edited; }
teardown_file() { end_edited_file; }

@test "add-uid" {
    for who in $KINDS; do
        bulla key add-uid -q "$who" "$who at work <$who@work.example>"
        still_works "$who"
        they_see "^uid:-:.*:$who at work <$who@work.example>:" "UserID: $who at work"
    done
}

@test "add-uid --primary" {
    for who in $KINDS; do
        bulla key add-uid -q --primary "$who" "$who at work <$who@work.example>"
        still_works "$who"
        case $PEER in gnupg*)
            [ "$(gnupg --with-colons --list-keys "$FPR" | grep -m 1 ^uid | cut -d: -f 10)" = "$who at work <$who@work.example>" ]
            ;;
        esac
    done
}

@test "revoke-uid, and the same taken up again" {
    for who in $KINDS; do
        bulla key add-uid -q "$who" "$who at work <$who@work.example>"
        bulla key revoke-uid -q "$who" "$who at work <$who@work.example>"
        still_works "$who"
        they_see "^uid:r:.*:$who at work <$who@work.example>:" "UserID: $who at work <$who@work.example> Revoked"
        bulla key add-uid -q "$who" "$who at work <$who@work.example>"
        still_works "$who"
        they_see "^uid:-:.*:$who at work <$who@work.example>:" "UserID: $who at work <$who@work.example> (UserID|$)"
    done
}

@test "add-subkey --for sign" {
    for who in $KINDS; do
        bulla key add-subkey -q --for sign "$who"
        still_works "$who"
        they_see "^sub:-:.*:s:" "Key flags: signing"
    done
}

@test "add-subkey --for auth" {
    for who in $KINDS; do
        bulla key add-subkey -q --for auth "$who"
        still_works "$who"
        they_see "^sub:-:.*:a:" "Key flags: authentication"
    done
}

@test "add-subkey --profile compatibility: RSA under a key of another kind" {
    bulla key edit -q alice --expire never
    bulla key add-subkey -q --profile compatibility alice
    bulla key add-subkey -q --profile compatibility --for sign alice
    still_works alice
    they_see "^sub:-:3072:1:" "Public-key size: 3072 bits"
}

@test "revoke-subkey: stolen" {
    for who in $KINDS; do
        old=$(subkeys_for "$who" encrypt)
        bulla key add-subkey -q "$who"
        bulla key revoke-subkey -q --reason compromised "$who" "$old"
        still_works "$who"
        they_encrypt_to "$(subkeys_for "$who" encrypt | tail -1)"
        they_see "^sub:r:.*:${old: -16}:" "Subkey: $old Revoked"
    done
}

@test "revoke-subkey: superseded" {
    for who in $KINDS; do
        bulla key add-subkey -q --for sign "$who"
        old=$(subkeys_for "$who" sign)
        bulla key revoke-subkey -q --reason superseded "$who" "$old"
        still_works "$who"
        they_see "^sub:r:.*:${old: -16}:" "Subkey: $old Revoked"
    done
}

@test "rotate: they encrypt to the new subkey, and old messages still open" {
    for who in $KINDS; do
        export_it "$who"
        they_take
        they_encrypt old
        old=$(subkeys_for "$who" encrypt)
        # a key made this very second cannot have ended before this one
        until [ "$(date +%s)" -gt "$(($(date -d "$(the_key "$who" | jq -r '.keys[0].created')" +%s) + 1))" ]; do
            sleep 0.1
        done
        bulla key rotate -q "$who"
        still_works "$who"
        they_encrypt_to "$(subkeys_for "$who" encrypt | tail -1)"
        they_see "^sub:e:.*:${old: -16}:" "Subkey: $old Invalid: The subkey is not live: Expired"
        bulla decrypt -q -f -o copy old
        same copy letter
        rm -f old theirs
    done
}

@test "rotate --for sign: old signatures stay good" {
    for who in $KINDS; do
        bulla key add-subkey -q --for sign "$who"
        export_it "$who"
        bulla sign -q -f -u "$FPR" -o old.sig letter
        bulla key rotate -q --for sign "$who"
        still_works "$who"
        they_verify old.sig
    done
}

@test "expire: sooner, later, never" {
    for who in $KINDS; do
        bulla key expire -q "$who" 1y
        still_works "$who"
        at=$(date -d "$(the_key "$who" | jq -r '.keys[0].expires')" +%s)
        they_see "^pub:-:[^:]*:[^:]*:[^:]*:[^:]*:$at:" "Expiration time: $(date -u -d "@$at" '+%F %T')"
        bulla key expire -q "$who" never
        still_works "$who"
        they_see "^pub:-:[^:]*:[^:]*:[^:]*:[^:]*::" "Creation time: [-0-9]+ [:0-9]+ UTC Key flags: certification, signing"
    done
}

@test "extend, also after the key has expired" {
    for who in $KINDS; do
        sub=$(subkeys_for "$who" encrypt)
        bulla key edit -q "$who" --expire 1s --expire-subkey "$sub=1s"
    done
    until bulla key list "$who" | grep -q expired; do sleep 0.1; done
    for who in $KINDS; do
        bulla key extend -q "$who" 2099-12-31
        still_works "$who"
        sub=$(subkeys_for "$who" encrypt)
        they_see "^sub:-:.*:${sub: -16}:[^:]*:4102358400:" "Subkey: $sub Public.*Expiration time: 2099-12-31"
    done
}

@test "edit: everything at once" {
    for who in $KINDS; do
        bulla key edit -q "$who" --add-uid "$who at work <$who@work.example>" --rotate encrypt \
            --primary-uid "$who at work <$who@work.example>" --add-subkey sign --add-subkey auth --expire 5y
        bulla key edit -q "$who" --revoke-uid "$(the_key "$who" | jq -r '.userids[0].userid')" --extend 6y
        still_works "$who@work.example"
    done
}
