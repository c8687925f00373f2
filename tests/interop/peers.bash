# shellcheck shell=bash
# peers.bash - what the tests with other OpenPGP programs share: finding the
# program, a keyring of ours made once per file, texts that are easily changed on
# the way, and checks of who signed.
#
# One file of tests serves several programs: PEER says which.  `tests/run` takes it from
# the name of the suite, tests/interop/gnupg-keys.bats@gnupg24; by hand it is
# PEER=gnupg24 bats tests/interop/gnupg-keys.bats.

# The path of a program in PEERS, or of the system's own: find_peer NAME
find_peer() {
    if [ -n "${PEERS:-}" ] && [ -x "$PEERS/bin/$1" ]; then
        echo "$PEERS/bin/$1"
    else
        type -P "$1" # no function of this name
    fi
}

# setup_file cannot skip: it notes why every test of the file is to be skipped, and
# setup does it with begin_with_peers.
absent_peer() {
    export ABSENT_PEER=$1
}

# In setup_file: files made here, and the keyring, are for every test of the file.
begin_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    export BULLA_HOME=$BATS_FILE_TMPDIR/bulla-home
    export HOME=$BATS_FILE_TMPDIR LC_ALL=C.UTF-8
    unset XDG_DATA_HOME ABSENT_PEER
}

# In setup: a copy of the file's keyring, so that no test depends on another.
begin_with_peers() {
    [ -z "${ABSENT_PEER:-}" ] || skip "$ABSENT_PEER"
    begin
    SHARED=$BATS_FILE_TMPDIR
    cp -r "$SHARED/bulla-home" "$BULLA_HOME"
    printf 'Dear friend,\nthe meeting is at noon.\n' >letter
}

# The last message that bulla decrypted or verified with --json has exactly these
# good signatures, and no others: signed_by [FINGERPRINT...]
signed_by() {
    local got wanted
    # shellcheck disable=SC2154 # bats sets it
    got=$(jq -rn 'input | [(.files[0] // .).signatures[] | .status + " " + (.signer // .issuer // "")]
        | sort[]' <<<"$output")
    wanted=$([ $# -eq 0 ] || printf 'good %s\n' "$@" | sort)
    [ "$got" = "$wanted" ] || {
        printf '%s\n' "expected signatures: $wanted" "got: $got"
        show_run
        return 1
    }
}

# bulla opens the message, finds the text and exactly these signers:
# bulla_opens MESSAGE TEXT [FINGERPRINT...]
bulla_opens() {
    local message=$1 text=$2
    shift 2
    succeeds bulla decrypt --json -f -o opened "$message"
    signed_by "$@"
    same "$text" opened
}

# The same with a passphrase, of the message or of the key:
# bulla_opens_with PASSPHRASE MESSAGE TEXT [FINGERPRINT...]
bulla_opens_with() {
    local passphrase=$1 message=$2 text=$3
    shift 3
    PASS=$passphrase succeeds bulla decrypt --json -f --passphrase-file @ENV:PASS -o opened "$message"
    signed_by "$@"
    same "$text" opened
}

# bulla finds a detached signature good, by this signer:
# bulla_verifies SIGNATURE TEXT FINGERPRINT
bulla_verifies() {
    succeeds bulla verify --trust always --json "$1" "$2"
    signed_by "$3"
}

# The SEIPD version of the message that bulla opened last: sealed_as 1
sealed_as() {
    [ "$(jq -r '.files[0].seipd' <<<"$output")" = "$1" ] || {
        echo "not SEIPD version $1"
        show_run
        return 1
    }
}

# The types and versions of the packets of a message, "1.3 18.1" say, as far as they
# can be seen without keys.
shape_of() {
    bulla inspect --json "$1" |
        jq -r '[.packets[] | "\(.type).\(first(.fields[]? | select(.name == "version")).value // "-")"] | join(" ")'
}

has_shape() {
    local shape
    shape=$(shape_of "$1")
    [ "$shape" = "$2" ] || {
        echo "the packets of $1 are $shape, not $2"
        return 1
    }
}

# Texts in which line ends, blanks and dashes are easily lost, in the directory texts.
make_texts() {
    mkdir -p texts
    printf '' >texts/empty
    printf 'x' >texts/one-byte
    printf '\n' >texts/only-a-line-end
    printf 'one\ntwo\n' >texts/plain
    printf 'one\ntwo' >texts/no-last-line-end
    printf 'one\r\ntwo\r\n' >texts/crlf
    printf 'one\r\ntwo' >texts/crlf-no-last-line-end
    printf 'one\r\ntwo\nthree\n' >texts/mixed-line-ends
    printf 'blanks  \ntab\t\nboth \t \n  before\n \n' >texts/trailing-blanks
    printf -- '- item\n-- \n-----\n-----BEGIN PGP SIGNATURE-----\n-no\n' >texts/dashes
    printf 'Hello\nFrom me to you\n>From the archive\nfrom here\n' >texts/from-lines
    printf '\n\none\n\n\n' >texts/empty-lines
    printf 'Gr\xc3\xbc\xc3\x9fe, \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x94\x92\n' >texts/utf8
    # GnuPG has a limit of 19995.
    head -c 15000 /dev/zero | tr '\0' a >texts/long-line
    echo >>texts/long-line
}

# Does something with every text.  On failure the last one printed is the culprit;
# no "||" here, since that would make the command overlook its own failures.
# with_texts COMMAND...
with_texts() {
    with_texts_but "" "$@"
}

# With every text but these: with_texts_but "NAME..." COMMAND...
with_texts_but() {
    local except=$1 text
    shift
    make_texts
    for text in texts/*; do
        case " $except " in *" ${text#texts/} "*) continue ;; esac
        echo "with $text"
        "$@" "$text"
    done
}

# With this text: with_text NAME COMMAND...
with_text() {
    make_texts
    "${@:2}" "texts/$1"
}

# Of a cleartext signed text only this much is sure to arrive: neither the kind of the
# line ends, nor blanks at line ends, nor whether the last line has an end
# [RFC9580 7.2].
same_cleartext() {
    cmp <(cleartext_form "$1") <(cleartext_form "$2")
}
cleartext_form() {
    sed -e 's/[ \t\r]*$//' "$1" | awk '
        { lines[NR] = $0; if ($0 != "") last = NR }
        END { for (i = 1; i <= last; i++) print lines[i] }'
}

# A file that does not compress, of this many bytes: random_file FILE BYTES
random_file() {
    head -c "$2" /dev/urandom >"$1"
}
