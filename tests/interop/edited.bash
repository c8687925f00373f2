# shellcheck shell=bash
# edited.bash - for the tests of what the owner of a key has done with it, in the hands of
# another program, PEER: sq, sqop, rsop, gosop, gnupg22 or gnupg24.
#
#     load ../cli/lib
#     load ../cli/keyedit
#     load peers
#     load gnupg
#     load sop
#     load edited
#     setup_file() { begin_edited_file; ... }
#     setup() { begin_edited; }
#     teardown_file() { end_edited_file; }
#
# Alice's key is of version 4, Ada's of version 6; KINDS are those that PEER knows.

begin_edited_file() {
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

begin_edited() {
    begin_with_peers
    KINDS="alice ada"
    case $PEER in gnupg*)
        # shellcheck disable=SC2034 # the tests use it
        KINDS=alice # no version 6
        new_gnupg_home
        ;;
    esac
}

end_edited_file() {
    case $PEER in gnupg*) end_gnupg_file ;; esac
}

sq() {
    "$SQ" --batch --overwrite --home none --cert-store none --key-store none "$@" 2>said || {
        cat said
        return 1
    }
}

# What the peer does with the files cert and key; LOCK is the file with the passphrase of
# the key, if it has one.

they_take() {
    case $PEER in gnupg*)
        gnupg --import cert
        gnupg ${LOCK:+--passphrase "$(cat "$LOCK")"} --import key
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
    gnupg*) gnupg --verify "$1" letter && status_says GOODSIG ;;
    sq) sq verify --signer-file cert --signature-file "$1" letter ;;
    *) sop verify "$1" cert <letter ;;
    esac
}
they_decrypt() {
    case $PEER in
    gnupg*) gnupg ${LOCK:+--passphrase "$(cat "$LOCK")"} -o theirs --decrypt "$1" && status_says DECRYPTION_OKAY ;;
    sq) sq ${LOCK:+--password-file "$LOCK"} decrypt --recipient-file key --output theirs "$1" ;;
    *) sop decrypt ${LOCK:+--with-key-password="$LOCK"} key <"$1" >theirs ;;
    esac
}
they_sign() {
    case $PEER in
    gnupg*) gnupg ${LOCK:+--passphrase "$(cat "$LOCK")"} -o "$1" -u "$FPR" --detach-sign letter ;;
    sq) sq ${LOCK:+--password-file "$LOCK"} sign --signer-file key --signature-file "$1" letter ;;
    *) sop sign ${LOCK:+--with-key-password="$LOCK"} key <letter >"$1" ;;
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

# Signatures go both ways.
still_signs() {
    bulla sign -q -f ${LOCK:+--passphrase-file "$LOCK"} -u "$FPR" -o sig.mine letter
    they_verify sig.mine
    rm -f sig.theirs
    they_sign sig.theirs
    succeeds bulla verify --signer "$FPR" sig.theirs letter
}

# The key of WHO works for both: still_works WHO
still_works() {
    rm -f ./*.mine ./*.theirs theirs
    export_it "$1"
    they_take
    they_encrypt message.theirs
    bulla decrypt -q ${LOCK:+--passphrase-file "$LOCK"} -o opened.mine message.theirs
    same opened.mine letter
    bulla encrypt -q --no-self -r "$FPR" -o message.mine letter
    case $PEER in
    gnupg*) they_decrypt message.theirs ;; # ours are SEIPD version 2, as the key announces
    *) they_decrypt message.mine ;;
    esac
    same theirs letter
    still_signs
}

# What the peer must not do: they_refuse COMMAND...
they_refuse() {
    if "$@"; then
        echo "$PEER does it: $*"
        return 1
    fi
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
