# shellcheck shell=bash
# gnupg.bash - for the tests with GnuPG: two homes that know each other.
#
#     load ../cli/lib
#     load peers
#     load gnupg
#     setup_file() { begin_gnupg_file; ... }
#     setup() { begin_with_peers; }
#     teardown_file() { end_gnupg_file; }
#
# `gnupg` is the program under test: version 2.2 where PEER is gnupg22.  User IDs are
# "NAME <NAME@gnupg.test>" there, and "NAME <NAME@bulla.test>" here.

# The GnuPG of a version, among the machine's own and that in PEERS: find_gnupg 2.4
find_gnupg() {
    local program
    for program in "$(command -v gpg)" "${PEERS:+$PEERS/bin/gpg}"; do
        [ -x "$program" ] || continue
        case $("$program" --version | head -1) in
        *" $1."*)
            echo "$program"
            return 0
            ;;
        esac
    done
    return 1
}

begin_gnupg_file() {
    local peer=${PEER:-gnupg22} version
    begin_file
    version=${peer:5:1}.${peer:6}
    GNUPG=$(find_gnupg "$version") || {
        absent_peer "no GnuPG $version"
        return 0
    }
    export GNUPG
    new_gnupg_home
}

have_peer() {
    [ -z "${ABSENT_PEER:-}" ]
}

# GnuPG's agent listens in its home, and the path of a socket must be short.
new_gnupg_home() {
    GNUPGHOME=$(mktemp -d /tmp/bulla.XXXXXX)
    export GNUPGHOME
    # its agent would measure how often it has to hash a passphrase to waste a tenth of a second
    echo "s2k-count 65536" >"$GNUPGHOME/gpg-agent.conf"
    echo "$GNUPGHOME" >>"$BATS_FILE_TMPDIR/gnupg-homes"
}

end_gnupg_file() {
    local home
    [ -e "$BATS_FILE_TMPDIR/gnupg-homes" ] || return 0
    while read -r home; do
        GNUPGHOME=$home gpgconf --kill all || true
        rm -rf "$home"
    done <"$BATS_FILE_TMPDIR/gnupg-homes"
}

# What it did goes to the file "status", for machines to read.
gnupg() {
    "$GNUPG" --batch --yes --quiet --no-tty --pinentry-mode loopback --passphrase '' \
        --trust-model always --status-file status "$@"
}

# A key of version 5, which has Ed448 and X448: gnupg_v5_key USER-ID PASSPHRASE.  Fails with one
# in forty, with which GnuPG 2.4.9 cannot sign itself: "No secret key".
gnupg_v5_key() {
    gnupg --compliance gnupg --passphrase "$2" --quick-generate-key "$1" ed448 cert,sign never &&
        gnupg --compliance gnupg --passphrase "$2" \
            --quick-add-key "$(gnupg_fingerprint "$1")" cv448 encr never
}

# A primary key that signs, and unless it is "-", a subkey that decrypts:
# gnupg_key NAME ALGORITHM SUBKEY-ALGORITHM [OPTION...]
gnupg_key() {
    local name=$1 algo=$2 subkey=$3
    shift 3
    gnupg "$@" --quick-generate-key "$name <$name@gnupg.test>" "$algo" cert,sign 1y
    [ "$subkey" = - ] ||
        gnupg "$@" --quick-add-key "$(gnupg_fingerprint "$name@gnupg.test")" "$subkey" encr 1y
}

# Each side gets all certificates of the other, in setup_file.
introduce() {
    gnupg --export >gnupg.certs
    bulla cert import -q gnupg.certs
    befriend_all
    bulla cert export --binary -q -o bulla.certs
    gnupg --import bulla.certs
}

# The fingerprint of the primary key, upper case, as both programs write it.
gnupg_fingerprint() {
    gnupg --with-colons --list-keys "$1" | awk -F: '/^fpr/ { print $10; exit }'
}

# The last run of gnupg reported this: status_says "DECRYPTION_OKAY"
status_says() {
    grep -q "^\[GNUPG:\] $1" status || {
        echo "GnuPG does not say $1"
        cat status
        return 1
    }
}

# The last run of gnupg found exactly these good signatures, and no others:
# gnupg_signed_by [FINGERPRINT...]
gnupg_signed_by() {
    local got wanted
    got=$(awk '$2 == "VALIDSIG" { print $NF } $2 ~ /^(BAD|ERR|EXP|EXPKEY|REVKEY)SIG$/' status | sort)
    wanted=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
    if [ "$got" != "$wanted" ] || [ "$(grep -c '^\[GNUPG:\] GOODSIG ' status)" -ne $# ]; then
        printf '%s\n' "expected signatures: $wanted" "GnuPG says:"
        cat status
        return 1
    fi
}

# GnuPG opens the message, finds the text and exactly these signers:
# gnupg_opens MESSAGE TEXT [FINGERPRINT...]
gnupg_opens() {
    gnupg_opens_with '' "$@"
}
# gnupg_opens_with PASSPHRASE MESSAGE TEXT [FINGERPRINT...]
gnupg_opens_with() {
    local passphrase=$1 message=$2 text=$3
    shift 3
    gnupg --passphrase "$passphrase" --output opened --decrypt "$message"
    status_says DECRYPTION_OKAY
    status_says GOODMDC
    gnupg_signed_by "$@"
    same "$text" opened
}

# GnuPG finds a detached signature good, by this signer:
# gnupg_verifies SIGNATURE TEXT FINGERPRINT
gnupg_verifies() {
    gnupg --verify "$1" "$2"
    gnupg_signed_by "$3"
}

# GnuPG fails, and leaves no good word in its status: gnupg_refuses OPTION...
gnupg_refuses() {
    if gnupg "$@"; then
        echo "GnuPG accepts it"
        return 1
    fi
    if grep -E '^\[GNUPG:\] (GOODSIG|VALIDSIG|DECRYPTION_OKAY)' status; then
        return 1
    fi
}
