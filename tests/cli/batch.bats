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

# As many as the same command line has with --json, in their order, and each whole.
@test "JSON: an object for each file, in order" {
    bulla sign -q in/*
    rm in/113.sig
    echo changed >>in/120
    printf 'no signature' >in/121.sig
    mv in/122 elsewhere
    run --separate-stderr bulla verify --each --json in/*.sig in/113.sig
    is_json '[.files[].input] == [range(100; 140) | select(. != 113)
        | "in/\(.).sig"] + ["in/113.sig"]'
    is_json '[.files[] | select(.error) | .input | .[3:6]] == ["120", "121", "122", "113"]'
    is_json '[.files[] | select(.error) | .error.code] == [3, 41, 2, 61]'
    is_json 'all(.files[] | select(.error | not);
        .kind == "detached" and (.signatures | length) == 1 and .signatures[0].status == "good"
        and .signatures[0].amount == 120)'
    [ "$status" -eq 3 ]
    is_json '.error.code == 3 and (.error.message | contains("4 of the files failed"))'
}

@test "verify --each: remarks stand under the name of their file" {
    bulla sign -q in/1[01]?
    bulla sign -q --cleartext in/12?
    succeeds bulla verify --each in/*.sig in/*.asc
    [ "$(grep -cx 'in/1[01][0-9].sig:' <<<"$stderr")" -eq 20 ]
    grep -x 'in/1.*:' <<<"$stderr" | sort -c
    [ "$(grep -c '^Good signature by Alice' <<<"$stderr")" -eq 30 ]
    [ -z "$output" ]
    succeeds bulla verify -q --each in/*.sig
    silent
    refuses 83 "--each and --output" bulla verify --each -o out in/100.sig in/101.sig
    refuses 2 "which files" bulla verify --each
}

@test "each file has its own signer, and its own recipient" {
    new_key "Bob <bob@example.org>"
    as other new_key "Carol <carol@example.org>"
    bulla sign -q -u alice@example.org in/10?
    bulla sign -q -u bob@example.org in/11?
    as other bulla sign -q in/12?
    run --separate-stderr bulla verify --each in/*.sig
    [ "$status" -eq 3 ]
    [ "$(grep -A1 '^in/10..sig:' <<<"$stderr" | grep -c '^Good signature by Alice')" -eq 10 ]
    [ "$(grep -A1 '^in/11..sig:' <<<"$stderr" | grep -c '^Good signature by Bob')" -eq 10 ]
    [ "$(grep -A1 '^in/12..sig:' <<<"$stderr" | grep -c 'by an unknown signer')" -eq 10 ]
    rm in/*.sig
    bulla encrypt -q --no-self --hide-recipients -r alice@example.org in/10?
    bulla encrypt -q --no-self -r bob@example.org in/11?
    rm in/1[01]?
    succeeds bulla decrypt --json in/*.pgp
    is_json '[.files[].key] | (.[:10] | unique | length) == 1 and (.[10:] | unique | length) == 1
        and .[0] != .[10]'
    rm in/*.pgp
    diff -r in kept
}

@test "standard input is one of them, and few files may be open" {
    bulla encrypt -q -r alice@example.org in/104 - in/105 <in/103 >message
    bulla decrypt -o out message
    same out in/103
    rm in/*.pgp
    (ulimit -n 40 && bulla encrypt -q -r alice@example.org in/*)
    rm in/1??
    bulla decrypt -q in/*.pgp
    rm in/*.pgp
    diff -r in kept
}

@test "two that would become the same: the first has it, the other is told" {
    bulla encrypt -q -r alice@example.org in/101
    cp in/101.pgp in/101.gpg
    mv in/101 one
    fails 59 "in/101: exists already" bulla decrypt -q in/101.pgp in/101.gpg
    [[ $stderr == *"1 of the files failed"* ]]
    same in/101 one
    [ -z "$(find . -name '.bulla*')" ]
}

@test "a file that cannot be decrypted leaves nothing, the others are" {
    bulla encrypt -q -r alice@example.org in/10?
    rm in/10?
    flip in/105.pgp 300
    head -c 200 in/107.pgp >cut
    mv cut in/107.pgp
    run --separate-stderr bulla decrypt -q in/10?.pgp
    [ "$status" -eq 41 ]
    [ "$(grep -c '^bulla: decrypt: in/10[57].pgp: ' <<<"$stderr")" -eq 2 ]
    [[ $stderr == *"2 of the files failed"* ]]
    absent in/105 in/107
    [ -z "$(find . -name '.bulla*')" ]
    rm kept/1[1-3]? kept/105 kept/107 in/1[1-3]? in/*.pgp
    diff -r in kept
}

@test "interrupted: the first of them are done, of the others there is nothing" {
    env --default-signal=INT true 2>/dev/null || skip "no env --default-signal"
    local pid n all
    mkdir many
    split -b 8 -a 4 <(seq -f %07.0f 1500) many/f
    env --default-signal=INT "$BUILD/bulla" sign -q many/f* 2>errors 3>&- &
    pid=$!
    until [ -e many/faaaa.sig ]; do kill -0 "$pid"; done
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 130 ]
    grep -q "interrupted" errors
    [ -z "$(find . -name '.bulla*')" ]
    all=(many/f????.sig)
    n=${#all[@]}
    [ "$n" -lt 1500 ]
    diff <(printf '%s\n' "${all[@]}") <(printf '%s.sig\n' many/f???? | head -n "$n")
    bulla verify -q --each "${all[@]}"
}
