# shellcheck shell=bash
# sop.bash - for the tests with programs that speak the Stateless OpenPGP interface.
#
#     load ../cli/lib
#     load peers
#     load sop
#     setup_file() { begin_sop_file; }
#     setup() { begin_sop; }
#     teardown_file() { end_sop_file; }
#
# `sop` is the program under test, which PEER names: sqop (Sequoia), rsop (rPGP), gosop
# (GopenPGP) or openpgpjs (openpgp.js, through openpgpjs.mjs).  All of them know RFC 9580.

# Kinds of keys, on both sides: v4 with Curve25519, v4 with RSA, v6.
# shellcheck disable=SC2034 # the tests use it
KINDS="v4 rsa v6"

# Theirs are $SHARED/KIND.key and KIND.cert, those with a passphrase KIND-locked; ours
# "KIND@bulla.test" in the keyring, and $SHARED/our-KIND.cert.
begin_sop_file() {
    begin_file
    find_sop || {
        absent_peer "no $(sop_name)"
        return 0
    }
    printf 'open sesame' >pass
    their_key v4 default
    their_key rsa rfc4880
    their_key v6 rfc9580
    our_key v4 default
    our_key rsa compatibility
    our_key v6 rfc9580
}

find_sop() {
    if [ "$(sop_name)" = openpgpjs ]; then
        export OPENPGPJS=${PEERS:-}/node_modules/openpgp/dist/node/openpgp.min.mjs
        [ -e "$OPENPGPJS" ] && SOP=$(command -v node) && start_openpgpjs
    else
        SOP=$(find_peer "$(sop_name)")
    fi
    export SOP
    [ -n "$SOP" ]
}

# In setup.
begin_sop() {
    begin_with_peers
    printf 'open sesame' >pass
    printf 'open barley' >wrong
}

end_sop_file() {
    [ -z "${OPENPGPJS_CALLS:-}" ] || echo 1<>"$OPENPGPJS_CALLS/requests"
}

sop() {
    if [ -n "${OPENPGPJS:-}" ]; then
        call_openpgpjs "$@"
    else
        "$SOP" "$@"
    fi
}

# One process answers all calls; how is said in openpgpjs.mjs.  Pipes are opened for both
# directions: that waits for nobody, and loses nothing that is written early.
start_openpgpjs() {
    local requests
    export OPENPGPJS_CALLS=$BATS_FILE_TMPDIR/openpgpjs
    mkdir "$OPENPGPJS_CALLS"
    mkfifo "$OPENPGPJS_CALLS/requests"
    exec {requests}<>"$OPENPGPJS_CALLS/requests"
    "$SOP" "$BATS_TEST_DIRNAME/openpgpjs.mjs" <&"$requests" >"$OPENPGPJS_CALLS/log" 2>&1 3>&- &
    exec {requests}>&-
}
call_openpgpjs() {
    local call code
    call=$(mktemp -d "$OPENPGPJS_CALLS/XXXXXX")
    printf '%s\0' "$PWD" "$@" >"$call/args"
    [ "$1" = generate-key ] || cat >"$call/in"
    mkfifo "$call/done"
    echo "$call" 1<>"$OPENPGPJS_CALLS/requests"
    read -r -t 60 code <>"$call/done" || {
        cat "$OPENPGPJS_CALLS/log" >&2
        return 1
    }
    cat "$call/out"
    [ ! -e "$call/err" ] || cat "$call/err" >&2
    return "$code"
}
sop_name() {
    echo "${PEER:-sqop}"
}

# Where one of the programs is known to be wrong: unable NAME WHAT
unable() {
    [ "$(sop_name)" != "$1" ] || skip "$1 $2"
}

their_key() {
    sop generate-key --profile "$2" "$1 <$1@sop.test>" >"$1.key"
    sop extract-cert <"$1.key" >"$1.cert"
    sop generate-key --profile "$2" --with-key-password=pass "$1-locked <$1-locked@sop.test>" >"$1-locked.key"
    sop extract-cert <"$1-locked.key" >"$1-locked.cert"
    befriend "$1.cert" "$1@sop.test"
    befriend "$1-locked.cert" "$1-locked@sop.test"
    fingerprint_of "$1@sop.test" >"$1.fingerprint"
    fingerprint_of "$1-locked@sop.test" >"$1-locked.fingerprint"
}
our_key() {
    new_key "$1 <$1@bulla.test>" --profile "$2"
    bulla cert export -o "our-$1.cert" "$1@bulla.test"
    fingerprint_of "$1@bulla.test" >"our-$1.fingerprint"
}

# The fingerprints of our keys and theirs, by kind.
ours() {
    cat "$SHARED/our-$1.fingerprint"
}
theirs() {
    cat "$SHARED/$1.fingerprint"
}

# The verifications in the file "verified" are exactly by these:
# sop_signed_by [FINGERPRINT...]
sop_signed_by() {
    local got wanted
    got=$(awk '{ print toupper($3) }' verified | sort)
    wanted=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
    [ "$got" = "$wanted" ] || {
        echo "expected signatures: $wanted"
        cat verified
        return 1
    }
}
