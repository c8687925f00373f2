#!/usr/bin/env bats
# Armor that has suffered on its way, wherever sop reads some: keys, certificates,
# messages, signatures.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    sop_key alice
    sop encrypt alice.cert <letter >alice.message
    sop sign alice.key <letter >alice.signature
    for kind in key cert message signature; do
        # A header, and a checksum whether there was one or not.
        sed -e '1a Comment: for you' -e '/^=/d' "alice.$kind" | sed '$i =AAAA' >"$kind"
    done
}

# What only a good key, certificate, message or signature does: use KIND FILE
use() {
    case $1 in
    key) sop decrypt "$2" <alice.message ;;
    cert) sop encrypt "$2" <letter ;;
    message) sop decrypt alice.key <"$2" ;;
    signature) sop verify "$2" alice.cert <letter ;;
    esac
}

# All four, having gone through a filter, are as good as before, or no good.
survive() {
    local kind
    for kind in key cert message signature; do
        "$@" <"$kind" >changed
        use "$kind" changed >result
        case $kind in
        key | message) same letter result ;;
        cert) sop decrypt alice.key <result | same letter - ;;
        *) [ -s result ] ;;
        esac
    done
}
fall() {
    local kind
    for kind in key cert message signature; do
        "$@" <"$kind" >changed
        refuses 41 "" use "$kind" changed
    done
}

@test "changes that do no harm" {
    survive cat
    survive sed 's/$/\r/'
    survive sed 's/$/ \t/'
    survive sed '3s/^/ /'
    survive sed '3s/^/ \t\r/'
    survive sed '3s/^/ \t\r\v\f/'
    survive sed '1a Unknown: blabla'
    survive sed "1a Comment: $(printf '0123456789abcde%.0s' {1..64})"
    survive sed '1a Comment:'
    survive sed '/^=/d'
    survive sed '2d'
    survive sed '1s/^/Hi!\n\n/'
    survive sed '$s/$/\nbye/'
    survive sed '4,${/^[^=-]/s/..../&\n/g}'
    survive sed '4,${s/[^=-]\{4\}$/ &/}'
}

@test "no line ends in the data" {
    in_one_line() {
        cat >lines
        head -n 3 lines
        sed -e '1,3d' -e '/^[=-]/d' lines | tr -d '\n'
        printf '\n%s\n' "$(tail -n 1 lines)"
    }
    survive in_one_line
}

@test "changes beyond recognition" {
    fall sed '1d'
    fall sed '1s/-//'
    fall sed 's/-//g'
    fall sed 's/-/\xe2\x80\x90/g'
    fall sed 's/^-----/- &/'
    fall sed 's/^/> /'
    fall sed '$d'
    fall sed '$s/END PGP /&X/'
    fall sed '3d'
    fall sed '4s/^..../&\v/'
    fall sed '4s/^..../&=/'
    fall sed '1,3d;/^[=-]/d'
    fall tr '\n' ' '
}
