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

setup_file() {
    : "${PEER:=sqop}"
    export PEER
    case $PEER in
    gnupg*) begin_gnupg_file ;;
    sq)
        begin_file
        SQ=$(find_peer sq) || absent_peer "no sq"
        export SQ
        ;;
    *)
        begin_file
        find_sop || absent_peer "no $PEER"
        ;;
    esac
    [ -z "${ABSENT_PEER:-}" ] || return 0
    new_key "Alice <alice@example.org>"
    new_key "Ada <ada@example.org>" --profile rfc9580
}

setup() {
    begin_with_peers
    KINDS="alice ada"
    case $PEER in gnupg*)
        KINDS=alice # no version 6
        new_gnupg_home
        ;;
    esac
}

teardown_file() {
    case $PEER in gnupg*) end_gnupg_file ;; esac
}

sq() {
    "$SQ" --batch --overwrite --home none --cert-store none --key-store none "$@" 2>said || {
        cat said
        return 1
    }
}

# What the peer does with the files cert and key.

they_take() {
    case $PEER in gnupg*)
        gnupg --import cert
        gnupg --import key
        ;;
    esac
}
they_encrypt() {
    case $PEER in
    gnupg*) gnupg -o "$1" -r "$FPR" --encrypt letter ;;
    sq) sq encrypt --for-file cert --without-signature --output "$1" letter ;;
    *) sop encrypt cert <letter >"$1" ;;
    esac
}
they_verify() {
    case $PEER in
    gnupg*) gnupg --verify "$1" letter && status_says VALIDSIG ;;
    sq) sq verify --signer-file cert --signature-file "$1" letter ;;
    *) sop verify "$1" cert <letter ;;
    esac
}
they_decrypt() {
    case $PEER in
    gnupg*) gnupg -o theirs --decrypt "$1" && status_says DECRYPTION_OKAY ;;
    sq) sq decrypt --recipient-file key --output theirs "$1" ;;
    *) sop decrypt key <"$1" >theirs ;;
    esac
}
they_sign() {
    case $PEER in
    gnupg*) gnupg -o "$1" -u "$FPR" --detach-sign letter ;;
    sq) sq sign --signer-file key --signature-file "$1" letter ;;
    *) sop sign key <letter >"$1" ;;
    esac
}

# What the peer shows of the certificate matches: they_see GNUPG-REGEX SQ-REGEX.  What sq says is
# one line here, with single blanks.
they_see() {
    case $PEER in
    gnupg*)
        gnupg --with-colons --list-keys "$FPR" >seen
        grep -Eq "$1" seen || {
            echo "not seen: $1"
            cat seen
            return 1
        }
        ;;
    sq)
        sq inspect cert | tr -s " \n" " " >seen
        grep -Eq "$2" seen || {
            echo "not seen: $2"
            cat seen
            return 1
        }
        ;;
    esac
}

export_it() {
    FPR=$(primary_of "$1")
    bulla cert export -q -f -o cert "$FPR"
    bulla key export -q -f -o key "$FPR"
}

# The key of WHO works for both: still_works WHO
still_works() {
    rm -f ./*.mine ./*.theirs theirs
    export_it "$1"
    they_take
    they_encrypt message.theirs
    bulla decrypt -q -o opened.mine message.theirs
    same opened.mine letter
    bulla encrypt -q --no-self -r "$FPR" -o message.mine letter
    case $PEER in
    gnupg*) they_decrypt message.theirs ;; # ours are SEIPD version 2, as the key announces
    *) they_decrypt message.mine ;;
    esac
    same theirs letter
    bulla sign -q -u "$FPR" -o sig.mine letter
    they_verify sig.mine
    they_sign sig.theirs
    succeeds bulla verify --signer "$FPR" sig.theirs letter
}

# To which key a message goes that the peer encrypts, and no other.
they_encrypt_to() {
    local to
    rm -f to.theirs
    they_encrypt to.theirs
    to=$(bulla inspect --json to.theirs | jq -r '[.packets[] | select(.type == 1) | .fields[]
        | select(.name | test("key ID|fingerprint")) | .value | sub("\\.\\.\\. .*"; "")] | join(" ")')
    case $1 in
    *"$to"* | "$to"*) [ -n "$to" ] ;;
    *)
        echo "encrypted to $to, not $1"
        return 1
        ;;
    esac
}

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
