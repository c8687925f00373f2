# shellcheck shell=bash
# tamper.bash - for the tests of changed messages: change, cut, try, and count.
#
#     load lib
#     load tamper
#     setup() { begin_tampering; }
#
#     @test "any bit" {
#         seal_for_alice -a
#         flip_each
#     }

begin_tampering() {
    begin
    # One key and one recipient: every byte of the message is needed then.
    new_key "Alice <alice@example.org>"
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

seal_for_alice() {
    bulla encrypt --no-self -r alice@example.org -o message "$@" letter
}

# The bytes of a file as printf escapes, four characters each: $escaped; $n of them
read_bytes() {
    escaped=$(od -An -v -to1 "$1" | tr -d '\n' | sed 's/ /\\/g')
    n=$((${#escaped} / 4))
    [ "$n" -eq "$(wc -c <"$1")" ]
}

# The message with the byte at an offset changed by a mask: changed OFFSET MASK FILE
changed() {
    local byte
    byte=$((8#${escaped:4*$1+1:3} ^ $2))
    # shellcheck disable=SC2059
    printf "${escaped:0:4*$1}\\$((byte >> 6))$((byte >> 3 & 7))$((byte & 7))${escaped:4*$1+4}" >"$3"
}

# How often $broken was accepted, or refused without a word or with output.
accepted="" wordless="" talkative=""

# Decrypts the file broken; NAME stands for it in what is reported: try NAME
try() {
    if "$BUILD/bulla" decrypt -o "${2:-copy}" broken >out 2>errors; then
        accepted+=" $1"
        rm -f copy
    elif [ -e copy ]; then
        talkative+=" $1"
        rm -f copy
    fi
    [ ! -s out ] || talkative+=" $1"
    [[ $(<errors) == "bulla: decrypt: broken: "* ]] || wordless+=" $1"
}

all_refused() {
    [ -z "$accepted$wordless$talkative" ] || {
        echo "accepted:$accepted"
        echo "no message:$wordless"
        echo "output:$talkative"
        return 1
    }
    [ -z "$(find . -name '.bulla*')" ]
}

# The lowest bit of every byte to a file, the highest to standard output.
flip_each() {
    local i
    read_bytes message
    for ((i = 0; i < n; i++)); do
        changed "$i" 1 broken
        try "$i^1"
        changed "$i" 128 broken
        try "$i^128" -
    done
    all_refused
}

# All bits at once in one go of many files: quick, but only outputs are looked at.
flip_all() {
    local i bit
    read_bytes message
    mkdir broken
    for ((i = 0; i < n; i++)); do
        for ((bit = 0; bit < 8; bit++)); do
            changed "$i" $((1 << bit)) "broken/$i.$bit.pgp"
        done
    done
    run --separate-stderr "$BUILD/bulla" decrypt broken/*.pgp
    [ "$status" -ne 0 ]
    [ -z "$output" ]
    [ "$(grep -c "^bulla: .*broken/" <<<"$stderr")" -eq $((8 * n)) ]
    [ -z "$(find broken ! -name '*.pgp' ! -name broken)" ]
}

# Every length up to the whole without its last bytes (1 unless given); one of two
# goes to a file, the other to standard output: cut_each [BYTES]
cut_each() {
    local i
    read_bytes message
    for ((i = 0; i <= n - ${1:-1}; i++)); do
        # shellcheck disable=SC2059
        printf "${escaped:0:4*i}" >broken
        if ((i % 2)); then try "$i"; else try "$i" -; fi
    done
    all_refused
}
