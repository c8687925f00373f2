# shellcheck shell=bash
# sop.bash - for the tests of the stateless interface.
#
#     load lib
#     load sop
#     setup() { begin; }

sop() {
    bulla sop "$@"
}

# The program under other names: sop_as sopv verify ...
sop_as() {
    mkdir -p "$BATS_TEST_TMPDIR.links"
    ln -sf "$BUILD/bulla" "$BATS_TEST_TMPDIR.links/$1"
    "$BATS_TEST_TMPDIR.links/$@"
}

# A key and its certificate, NAME.key and NAME.cert: sop_key NAME [OPTION...]
sop_key() {
    local name=$1
    shift
    sop generate-key "$@" "$name <$name@example.org>" >"$name.key"
    sop extract-cert <"$name.key" >"$name.cert"
}
