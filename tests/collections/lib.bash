# shellcheck shell=bash
# lib.bash - for the tests over the collections in SPECDATA: each file there behaves as its
# index says.  Every word below works in a keyring of its own.
#
#     load lib
#     setup() { begin_in keys-rsa; }
#
#     @test "RSA keys" {
#         signs rsa4096-sec.gpg password
#         opens password "data1" rsa-small-enc-message.pgp rsa-small-sig-sec.asc
#     }

load ../cli/lib

# The folder of fixtures that names are of; with a slash in it a name is of `fixtures`.
begin_in() {
    begin
    need_specdata
    FOLDER=$1
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

path() {
    case $1 in
    /*) echo "$1" ;;
    ../*) echo "$SPECDATA/${1#../}" ;;
    */*) echo "$SPECDATA/fixtures/$1" ;;
    *) echo "$SPECDATA/fixtures/$FOLDER/$1" ;;
    esac
}

# A keyring with these files in it; each has something that can be imported: keyring KEY...
keyring() {
    local file
    BULLA_HOME=$(mktemp -d "$BATS_TEST_TMPDIR/home.XXXXXX")
    for file; do
        bulla key import -q "$(path "$file")" 2>>import.log ||
            bulla cert import -q "$(path "$file")" 2>>import.log || {
            echo "nothing could be imported from $file"
            cat import.log
            return 1
        }
    done
}

# The only secret key there signs and its certificate verifies; the passphrase may be "":
# signs KEY [PASSPHRASE]
signs() {
    keyring "$1"
    printf '%s' "${2:-}" >pass
    local who
    who=$(fpr_in "$1")
    succeeds bulla sign -f --passphrase-file pass -u "$who" -o letter.sig letter
    succeeds bulla verify --signer "$who" letter.sig letter
}

# ... and decrypts what is encrypted to it: deciphers KEY [PASSPHRASE]
deciphers() {
    keyring "$1"
    printf '%s' "${2:-}" >pass
    succeeds bulla encrypt -f --no-self -r "$(fpr_in "$1")" -o letter.pgp letter
    succeeds bulla decrypt -f --passphrase-file pass -o copy letter.pgp
    same copy letter
}

# The fingerprint of the first certificate in a file.
fpr_in() {
    bulla inspect --json "$(path "$1")" 2>/dev/null | jq -r '[.. | objects | select(.name? == "fingerprint").value][0]'
}

# decrypt MESSAGE PASSPHRASE [KEY...]
decrypting() {
    local message
    message=$(path "$1")
    printf '%s' "$2" >pass
    shift 2
    keyring "$@"
    rm -f copy
    set -- decrypt --passphrase-file pass -o copy "$message"
    run --separate-stderr bulla "${DECRYPT_OPTIONS[@]}" "$@"
}

# The message opens and is the file or text: opens PASSPHRASE PLAIN MESSAGE [KEY...]
opens() {
    local passphrase=$1 plain=$2 message=$3
    shift 3
    decrypting "$message" "$passphrase" "$@"
    [ "$status" -eq 0 ] || {
        show_run
        return 1
    }
    if [ -e "$(path "$plain")" ]; then
        cmp copy "$(path "$plain")"
    else
        printf '%b' "$plain" | cmp copy -
    fi
}

# It does not, with this code and text, and leaves nothing:
# stays_shut CODE TEXT PASSPHRASE MESSAGE [KEY...]
stays_shut() {
    local code=$1 text=$2 passphrase=$3 message=$4
    shift 4
    decrypting "$message" "$passphrase" "$@"
    [ "$status" -eq "$code" ] && [[ $stderr == *"$text"* ]] && [ ! -e copy ] || {
        echo "expected exit code $code and the text: $text"
        show_run
        return 1
    }
}

# The signature is good: good SIGNATURE CERT [DOCUMENT]
good() {
    keyring "$2"
    set -- "$(path "$1")" "${@:3}"
    [ $# -lt 2 ] || set -- "$1" "$(path "$2")"
    succeeds bulla verify --trust always "${VERIFY_OPTIONS[@]}" "$@"
    remarks "Good signature"
}

# It is not, with this text: not_good CODE TEXT SIGNATURE CERT [DOCUMENT]
not_good() {
    local code=$1 text=$2
    shift 2
    keyring "$2"
    set -- "$(path "$1")" "${@:3}"
    [ $# -lt 2 ] || set -- "$1" "$(path "$2")"
    fails "$code" "$text" bulla verify "$@"
    [[ $stderr != *"Good signature"* ]]
}

# Every file can be looked at without a key: an answer within seconds, never a crash.
# looked_at FILE...
looked_at() {
    local file
    for file; do
        run --separate-stderr timeout 20 bash -c 'exec "$0" inspect "$1" >/dev/null' "$BUILD/bulla" "$(path "$file")"
        [ "$status" -eq 0 ] || [ "$status" -eq 41 ] || [ "$status" -eq 13 ] || {
            echo "$file"
            show_run
            return 1
        }
    done
}
