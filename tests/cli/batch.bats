#!/usr/bin/env bats
# Many files in one command: side by side, told in their order.  Also run under the thread
# sanitizer.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    mkdir in
    local i
    for i in $(seq 100 139); do
        seq "$i" "$((i * 7))" >"in/$i"
    done
    cp -r in kept
}

# Nothing but these many files is there: holds DIRECTORY N
holds() {
    local n
    n=$(find "$1" -mindepth 1 | wc -l)
    [ "$n" -eq "$2" ] || {
        echo "$n files, not $2"
        find "$1" -mindepth 1
        return 1
    }
}

# On one processor, and on all.
@test "encrypted and decrypted: each its own output, and nothing else" {
    local one=(taskset -c "$(taskset -pc $$ | sed 's/.*[ :]\([0-9]*\).*/\1/')") run
    command -v taskset >/dev/null || one=()
    for run in one all; do
        [ "$run" = all ] && one=()
        succeeds "${one[@]}" "$BUILD/bulla" encrypt -q -s -r alice@example.org in/*
        holds in 80
        rm in/1??
        succeeds "${one[@]}" "$BUILD/bulla" decrypt in/*.pgp
        [ "$(grep -c '^Good signature by Alice' <<<"$stderr")" -eq 40 ]
        [ "$(grep -c 'authenticated: 120 of 120, your own key' <<<"$stderr")" -eq 40 ]
        holds in 80
        rm in/*.pgp
        diff -r in kept
    done
}

@test "errors come in the order of the files, and the others go on" {
    bulla sign -q in/*
    rm in/103 in/103.sig in/135.sig in/??7.sig in/109.sig in/129.sig
    echo mine >in/109.sig
    rm in/135
    mkdir in/135
    local names=(in/1?[0-9])
    run --separate-stderr bulla sign -q "${names[@]}" in/103
    [ "$status" -ne 0 ]
    grep -v '^hint' <<<"$stderr" | sed 's/bulla: sign: //' >said
    for i in $(seq 100 139); do
        case $i in
        103) ;;
        ??7 | 129) [ -s "in/$i.sig" ] ;;
        135) echo "in/135: is a directory" ;;
        *) echo "in/$i.sig: exists already" ;;
        esac
    done >expected
    { echo "in/103: No such file or directory"; echo "35 of the files failed"; } >>expected
    diff expected said
    [ "$(cat in/109.sig)" = mine ]
}
