# shellcheck shell=bash
# lib.bash - for the tests of the command line: a keyring and directory of their
# own, and words to say what a command must do.
#
#     load lib
#     setup() { begin; }
#
#     @test "a flipped bit is refused" {
#         bulla encrypt -r alice@example.org letter
#         flip letter.pgp 200
#         fails 41 "letter.pgp" bulla decrypt letter.pgp -o copy
#         absent copy
#     }
#
# `bulla` is the program under test.  BUILD, SPECDATA and PEERS come from make;
# with VALGRIND=1 the program runs under valgrind.  SANITIZED is set where it was
# built with sanitizers: what is slow or measures memory is left out then.

bats_require_minimum_version 1.5.0

ROOT=$(cd "${BATS_TEST_DIRNAME}/../.." && pwd)
case ${BUILD:=build} in
/*) ;;
*) BUILD=$ROOT/$BUILD ;;
esac
case ${SANITIZED:=}$BUILD in
*-asan | *-tsan) SANITIZED=1 ;;
esac

# Every test starts here: an empty directory, an empty keyring.
begin() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export BULLA_HOME=$BATS_TEST_TMPDIR/bulla-home
    export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 TMPDIR=$BATS_TEST_TMPDIR
    unset XDG_DATA_HOME
}

bulla() {
    if [ -n "${VALGRIND:-}" ]; then
        valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
            "$BUILD/shared/bulla" "$@"
    else
        "$BUILD/bulla" "$@"
    fi
}

# A key without passphrase: new_key USER-ID [OPTION...]
new_key() {
    local user=$1
    shift
    bulla key generate --quiet --no-passphrase "$@" "$user" >/dev/null
}

# In another keyring: as HOME-NAME COMMAND...
as() {
    local home=$1
    shift
    BULLA_HOME=$BATS_TEST_TMPDIR/$home "$@"
}

show_run() {
    printf '%s\n' "--- exit code $status; standard output:" "$output" "--- standard error:" "$stderr"
}

# The command succeeds; $output and $stderr are what it printed.
succeeds() {
    run --separate-stderr "$@"
    [ "$status" -eq 0 ] || {
        show_run
        return 1
    }
}

# The command fails with this exit code and an error "bulla: ..." in which this
# text stands: fails CODE TEXT COMMAND...
fails() {
    local code=$1 text=$2
    shift 2
    run --separate-stderr "$@"
    [ "$status" -eq "$code" ] && [[ $stderr == *"bulla: "* ]] && [[ $stderr == *"$text"* ]] || {
        echo "expected exit code $code and the text: $text"
        show_run
        return 1
    }
}

# All files here with their content, but for keyrings, what they have verified, and what bats
# keeps here.
files() {
    local kept=(! -name '*.db*' ! -name verified ! -name 'separate-stderr-*')
    find . ! -type d ! -type f "${kept[@]}" -print | sort
    find . -type f "${kept[@]}" -exec cksum {} + | sort -k 3
}

# The command fails like that, prints nothing on standard output, and leaves every
# file as it was and none behind: refuses CODE TEXT COMMAND...
refuses() {
    local code=$1 text=$2 before after
    shift 2
    before=$(files)
    status=0
    "$@" >"$BATS_TEST_TMPDIR.out" 2>"$BATS_TEST_TMPDIR.err" || status=$?
    output=$(tr -d '\0' <"$BATS_TEST_TMPDIR.out") stderr=$(cat "$BATS_TEST_TMPDIR.err")
    after=$(files)
    [ "$status" -eq "$code" ] && [[ $stderr == *"bulla: "* ]] && [[ $stderr == *"$text"* ]] || {
        echo "expected exit code $code and the text: $text"
        show_run
        return 1
    }
    [ ! -s "$BATS_TEST_TMPDIR.out" ] || {
        echo "standard output was to be empty"
        show_run
        return 1
    }
    [ "$before" = "$after" ] || {
        echo "files changed:"
        diff <(echo "$before") <(echo "$after")
        return 1
    }
}

# What the last command printed on standard output, or standard error, has TEXT.
prints() {
    [[ $output == *"$1"* ]] || {
        echo "not printed: $1"
        show_run
        return 1
    }
}
remarks() {
    [[ $stderr == *"$1"* ]] || {
        echo "not remarked: $1"
        show_run
        return 1
    }
}
hints() {
    remarks "hint: "
    remarks "$1"
}

silent() {
    [ -z "$output$stderr" ] || {
        echo "was to print nothing"
        show_run
        return 1
    }
}

# The last command printed one JSON object and nothing else, in which this holds:
# is_json [JQ-CONDITION]
is_json() {
    [ "$(jq -s 'length == 1 and (.[0] | type == "object")' <<<"$output")" = true ] &&
        jq -e "${1:-.}" <<<"$output" >/dev/null || {
        echo "not one JSON object with: ${1:-anything}"
        show_run
        return 1
    }
}

# No such file, and no temporary file left in the directory either.
absent() {
    local path
    for path in "$@"; do
        [ ! -e "$path" ] || {
            echo "$path exists"
            return 1
        }
    done
    [ -z "$(find . -maxdepth 1 -name '.bulla*')" ] || {
        find . -maxdepth 1 -name '.bulla*'
        return 1
    }
}

same() {
    cmp "$1" "$2"
}

# Changes the lowest bit, or those of a mask, of the byte at an offset:
# flip FILE OFFSET [MASK]
flip() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    # shellcheck disable=SC2059
    printf "\\$(printf '%03o' $((byte ^ ${3:-1})))" |
        dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Where a text stands in a file: offset_of TEXT FILE
offset_of() {
    grep -abo -m 1 -F -- "$1" "$2" | head -n 1 | cut -d : -f 1
}

# The types of the packets of a file in one line: packet_types FILE
packet_types() {
    bulla inspect --json "$1" | jq -r '[.packets[].type] | join(" ")'
}

# The value of a field: field_of FILE PACKET-TYPE FIELD
field_of() {
    bulla inspect --json "$1" | jq -er --argjson type "$2" --arg name "$3" \
        '[.packets[] | select(.type == $type) | .fields[] | select(.name == $name)][0].value'
}

# The packet at an index of a file, as it stands there: packet_of FILE INDEX
packet_of() {
    local from to
    read -r from to < <(bulla inspect --json "$1" | jq -r --argjson i "$2" \
        '"\(.packets[$i].offset) \(.packets[$i + 1].offset // 0)"')
    if [ "$to" -eq 0 ]; then
        tail -c "+$((from + 1))" "$1"
    else
        tail -c "+$((from + 1))" "$1" | head -c "$((to - from))"
    fi
}

# Packets, encrypted with a passphrase by other means than bulla, so that forgeries
# can be put into an encrypted message that is intact itself: a version 4 session
# key packet (AES-256; the SHA-256 of the passphrase is the key) and version 1
# encrypted data.  seal PASSPHRASE <PACKETS >MESSAGE
seal() {
    command -v openssl >/dev/null || skip "no openssl"
    local key plain=$BATS_TEST_TMPDIR.seal
    key=$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)
    { printf 0123456789abcdefef && cat && printf '\xd3\x14'; } >"$plain"
    openssl dgst -sha1 -binary <"$plain" >"$plain.mdc"
    printf '\xc3\x04\x04\x09\x00\x08\xd2\xff'
    printf '%08x' $(($(wc -c <"$plain") + 21)) | sed 's/../\\x&/g' >"$plain.len"
    # shellcheck disable=SC2059
    printf "$(cat "$plain.len")\x01"
    cat "$plain" "$plain.mdc" |
        openssl enc -aes-256-cfb -K "$key" -iv 00000000000000000000000000000000
}

# A value out of JSON on standard input: json '.signatures[0].status'
json() {
    jq -er "$1"
}

# The fingerprint of the first certificate that WHO names.
fingerprint_of() {
    bulla cert show --json "$1" | json '.certificates[0].fingerprint'
}

# Alice of the interoperability tests, whose key her revocation certificate, put
# right behind the primary key, has revoked: revoked_alice FILE
revoked_alice() {
    local keys=$SPECDATA/interop-certificates
    bulla dearmor -o "$1.whole" "$keys/alice.pgp"
    {
        packet_of "$1.whole" 0
        bulla dearmor "$keys/alice-revocation.pgp"
        tail -c "+$(($(packet_of "$1.whole" 0 | wc -c) + 1))" "$1.whole"
    } >"$1"
    rm "$1.whole"
}

# Skips the test where the collection of test data is absent.
need_specdata() {
    [ -n "${SPECDATA:-}" ] || skip "no SPECDATA"
    case $SPECDATA in
    /*) ;;
    *) SPECDATA=$ROOT/$SPECDATA ;;
    esac
}

# Imports a certificate that the user has compared with its owner's fingerprint:
# befriend FILE WHO
befriend() {
    bulla cert import -q "$1"
    bulla cert accept -q --yes --all "$2" >/dev/null
}

# The same for all certificates that are there, as far as they are valid.
befriend_all() {
    local fpr
    while read -r fpr; do
        bulla cert accept -q --yes --all "$fpr" >/dev/null 2>&1 || true
    done < <(bulla cert list --json | jq -r '.certificates[].fingerprint')
}
