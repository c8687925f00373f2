#!/usr/bin/env bats
# Certifications: another program, PEER (sq, sqop, gnupg22 or gnupg24), believes those that our
# keys make, and we see its own.  And certificates that were cut down, split and joined are of
# use to it.

load ../cli/lib
load ../cli/keyedit
load peers
load gnupg
load sop
load edited

setup_file() {
    begin_edited_file
    [ -z "${ABSENT_PEER:-}" ] || return 0
    as_other bob new_key "Bob <bob@example.org>"
    as_other carol new_key "Carol <carol@example.com>"
    for who in bob carol; do
        as_other $who bulla cert export -q | bulla cert import -q
    done
}

as_other() {
    BULLA_HOME=$BATS_FILE_TMPDIR/$1 "${@:2}"
}

setup() {
    begin_edited
    BOB="Bob <bob@example.org>"
    bob=$(fingerprint_of bob@example.org)
    carol=$(fingerprint_of carol@example.com)
}

teardown_file() { end_edited_file; }

# With a home of its own, unlike elsewhere.
sq() {
    "$SQ" --batch --overwrite --home "$PWD/sq" "$@" 2>said || {
        cat said
        return 1
    }
}

# The peer takes the user ID of a certificate for certified by the root or by those whom it
# trusts: they_believe ROOT CERT USER-ID [FURTHER-CERT...]
they_believe() {
    local root=$1 cert=$2 user=$3 fpr
    shift 3
    bulla cert export -q -f -o root.cert "$root"
    bulla cert export -q -f -o subject.cert "$cert"
    fpr=$(primary_of "$root")
    case $PEER in
    gnupg*)
        gnupg --import root.cert subject.cert "$@"
        gnupg --trust-model pgp --import-ownertrust <<<"$fpr:6:"
        gnupg --trust-model pgp --check-trustdb
        gnupg --trust-model pgp --with-colons --list-keys "$(fingerprint_of "$cert")" >seen
        awk -F: -v user="$user" '$1 == "uid" && $10 == user && $2 ~ /[fu]/ { found = 1 } END { exit !found }' seen
        ;;
    sq)
        rm -rf sq
        sq cert import root.cert subject.cert "$@"
        sq --trust-root "$fpr" pki authenticate --cert "$(fingerprint_of "$cert")" --userid "$user"
        ;;
    *) sop validate-userid "$user" root.cert <subject.cert ;;
    esac
}

# They understand all of it, and do not believe.
they_doubt() {
    if they_believe "$@" >doubts 2>&1; then
        echo "it believes that"
        cat doubts
        return 1
    fi
}

@test "they believe our certification, until we take it back" {
    they_doubt alice "$bob" "$BOB"
    case $PEER in gnupg*) grep -q "^uid:-:" seen ;; esac
    bulla cert certify -q -u alice "$bob"
    they_believe alice "$bob" "$BOB"
    they_doubt alice "$carol" "Carol <carol@example.com>"
    bulla cert revoke-certification -q -u alice "$bob"
    they_doubt alice "$bob" "$BOB"
    case $PEER in gnupg*)
        gnupg --with-colons --check-sigs "$bob" >seen
        grep -q "^rev:!:.*30x" seen
        ;;
    esac
    # and made again it counts
    bulla cert certify -q -u alice "$bob"
    they_believe alice "$bob" "$BOB"
}

@test "of version 6, too" {
    case $PEER in gnupg*) skip "has no keys of version 6" ;; esac
    bulla cert certify -q -u ada "$bob"
    they_believe ada "$bob" "$BOB"
    bulla cert certify -q -u alice "$(primary_of ada)"
    they_believe alice ada "Ada <ada@example.org>"
    bulla cert revoke-certification -q -u ada "$bob"
    they_doubt ada "$bob" "$BOB"
}

@test "one that has expired counts no more, one that will does" {
    bulla cert certify -q -u alice --expires 1d "$bob"
    they_believe alice "$bob" "$BOB"
}

@test "an introducer: as deep, as far and for the domains that we say" {
    [ "$PEER" != sqop ] || skip "validates with the authorities' own certifications alone"
    bulla cert certify -q -u alice --depth 1 --domain example.org "$carol"
    bulla cert export -q -o carol.cert "$carol"
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    as bob new_key "Dave <dave@example.net>"
    as bob bulla cert export -q -o dave.cert
    dave=$(as bob fingerprint_of dave@example.net)
    bulla cert import -q dave.cert
    for who in "$bob" "$dave"; do
        bulla cert export "$who" | as carol bulla cert import -q
        as carol bulla cert certify -q "$who"
        as carol bulla cert export "$who" | bulla cert import -q
    done
    they_believe alice "$bob" "$BOB" carol.cert
    they_doubt alice "$dave" "Dave <dave@example.net>" carol.cert
    # how they show it
    case $PEER in
    gnupg*)
        gnupg --with-colons --check-sigs "$carol" >seen
        grep -qF '::1 120:<[^>]+[@.]example\x5c.org>$:Alice' <(grep "^sig:!:" seen)
        ;;
    sq)
        sq inspect --certifications carol.cert | tr -s " \n" " " >seen
        grep -q "Trust depth: 1" seen
        ;;
    esac
    # not as one who may only be believed himself
    bulla cert certify -q -u alice "$carol"
    bulla cert export -q -f -o carol.cert "$carol"
    case $PEER in gnupg*) new_gnupg_home ;; esac
    they_doubt alice "$bob" "$BOB" carol.cert
}

@test "what is local is for those to whom we give it as such" {
    case $PEER in gnupg*) ;; *) skip "takes no local certifications" ;; esac
    bulla cert certify -q -u alice --local "$bob"
    they_doubt alice "$bob" "$BOB"
    bulla cert export -q --local -o local.cert "$bob"
    gnupg --import-options import-local-sigs --import local.cert
    gnupg --with-colons --check-sigs "$bob" | grep -q "^sig:!:.*:10l:"
}

@test "what we accept, they accept by our local root" {
    [ "$PEER" = sq ] || skip "has no local root of another"
    root=$(bulla cert accept --json "$bob" | jq -r .signer)
    bulla cert export -q --local -o local.cert "$root" "$bob" "$carol"
    sq --keyring local.cert --trust-root "$root" pki authenticate --cert "$bob" --userid "$BOB"
    run ! sq --keyring local.cert --trust-root "$root" pki authenticate --cert "$carol" --userid "Carol <carol@example.com>"
    # and whom our introducer introduces, in that domain
    bulla cert accept -q --introducer --domain example.com "$bob"
    bulla cert export "$carol" | as_other bob bulla cert import -q
    as_other bob bulla cert certify -q "$carol"
    as_other bob bulla cert export "$carol" | bulla cert import -q
    bulla cert export -q --local -f -o local.cert "$root" "$bob" "$carol"
    sq --keyring local.cert --trust-root "$root" pki authenticate --cert "$carol" --userid "Carol <carol@example.com>"
    bulla cert unaccept -q "$bob"
    bulla cert export -q --local -f -o local.cert "$root" "$bob" "$carol"
    run ! sq --keyring local.cert --trust-root "$root" pki authenticate --cert "$bob" --userid "$BOB"
    run ! sq --keyring local.cert --trust-root "$root" pki authenticate --cert "$carol" --userid "Carol <carol@example.com>"
}

# They certify, and we see it.

they_certify() {
    bulla cert export -q -f -o subject.cert "$bob"
    bulla key export -q -f -o alice.key alice
    case $PEER in
    gnupg*)
        gnupg --import alice.key subject.cert
        gnupg -u "$(primary_of alice)" --quick-sign-key "$bob"
        gnupg --export "$bob" >certified
        ;;
    sq)
        rm -rf sq
        sq pki vouch add --certifier-file alice.key --cert-file subject.cert --userid "$BOB" --expiration never --output certified
        ;;
    *) sop certify-userid --userid "$BOB" alice.key <subject.cert >certified ;;
    esac
    bulla cert import -q certified
}

@test "we see what they certify, and take it back" {
    they_certify
    succeeds bulla cert show --json "$bob"
    is_json ".certificates[0].userids[0].certifications | length == 1 and .[0].own and .[0].depth == 0
        and .[0].signer == \"$(primary_of alice)\""
    # ours would say the same
    succeeds bulla cert certify -u alice "$bob"
    prints "unchanged"
    bulla cert revoke-certification -q -u alice "$bob"
    they_doubt alice "$bob" "$BOB"
}

@test "we see what they revoke" {
    case $PEER in gnupg*) ;; *) skip "takes no certifications back here" ;; esac
    bulla cert certify -q -u alice "$bob"
    bulla cert export -q -f -o subject.cert "$bob"
    bulla key export -q -f -o alice.key alice
    gnupg --import alice.key subject.cert
    gnupg --quick-revoke-sig "$bob" "$(primary_of alice)"
    gnupg --export "$bob" >revoked
    succeeds bulla cert import revoked
    remarks changed
    succeeds bulla cert show --json "$bob"
    is_json '.certificates[0].userids[0].certifications == []'
}

# Files.

they_use() {
    case $PEER in
    gnupg*)
        new_gnupg_home
        gnupg --import "$1"
        gnupg -o message -r "$bob" --encrypt letter
        ;;
    sq) sq encrypt --for-file "$1" --without-signature --output message letter ;;
    *) sop encrypt "$1" <letter >message ;;
    esac
    as_other bob bulla decrypt -f -o opened message
    same opened letter
}

@test "what was cut down, split, joined and merged is of use to them" {
    bulla cert certify -q -u alice "$bob"
    bulla cert export -q --minimal -o minimal "$bob"
    they_use minimal
    bulla cert export -q -o all "$bob" "$carol"
    bulla cert split -q all
    they_use "$bob.pgp"
    bulla cert merge -q -o merged "$bob.pgp" minimal
    they_use merged
    bulla cert join -q -o joined "$carol.pgp" "$bob.pgp" minimal
    case $PEER in gnupg*) they_use joined ;; esac
}
