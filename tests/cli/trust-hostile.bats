#!/usr/bin/env bats
# Webs of trust that somebody has made to do harm: answers are right, and cost little.

load lib

setup() {
    begin
    GENNET=$BUILD/bench/gennet
    [ -x "$GENNET" ] || skip "no gennet"
}

# A network of this shape in the file "net"; its first root and target: make_net SHAPE NUMBER...
make_net() {
    "$GENNET" -o net "$@" >questions
    ROOTS=$(sed -n 's/^root /--root /p' questions)
    TARGET=$(sed -n 's/^target \([0-9A-F]*\) .*/\1/p' questions | head -1)
    AT=$(date -u -d "@$(sed -n 's/^at //p' questions)" +%Y-%m-%dT%H:%M:%SZ)
}

# With at most 20 seconds of the processor, and 512 MiB: modestly COMMAND...
modestly() {
    (
        ulimit -t 20
        [ -n "$SANITIZED" ] || ulimit -v $((512 * 1024))
        bulla "$@"
    )
}

# Its amount is this: amount N OPTION...
amount() {
    local n=$1
    shift
    # shellcheck disable=SC2086 # options of one word each
    run --separate-stderr modestly trust check --json --keyring net $ROOTS --at "$AT" "$@" "$TARGET"
    # shellcheck disable=SC2154 # bats sets it
    [ "$status" -eq 0 ] || [ "$status" -eq 110 ] || {
        show_run
        return 1
    }
    # Enough may be more than was asked for.
    jq -e --argjson n "$n" '.amount == $n or ($n >= .required and .amount >= $n)' <<<"$output" || {
        echo "the amount is not $n"
        show_run
        return 1
    }
}

lists() {
    # shellcheck disable=SC2086 # options of one word each
    succeeds modestly trust list --json --all --keyring net $ROOTS --at "$AT"
    is_json "$1"
}

@test "very many paths beside each other" {
    make_net parallel 1500
    amount 120
    amount 1500 --amount 2000
    lists '.shown == 1502'
}

@test "a chain of 300" {
    make_net chain 300
    amount 101
    lists '.shown == 301 and .authenticated == 2'
}

# With 10 in each there are 10^20 ways from the first to the last.
@test "cliques one behind the other" {
    make_net cliques 20 10
    amount 120
    amount 120 --amount 10000
    lists '.shown == 201'
}

# A question looks at the network from both ends, and stops early; a list at all of it, from the
# roots on.  This one leads too far for the short way that small ones take.
@test "one question says what the list says" {
    local fpr user amount
    make_net plain 150 1500 3 0
    bulla cert import -q net
    # shellcheck disable=SC2086 # options of one word each
    set -- $ROOTS --at "$AT" --amount 10000
    bulla trust list --json --all "$@" >all
    jq -r '.bindings[] | "\(.amount)\t\(.fingerprint)\t\(.userid)"' all | awk 'NR % 4 == 0' >some
    [ "$(awk '$1 > 0' some | wc -l)" -gt 30 ]
    while IFS=$'\t' read -r amount fpr user; do
        bulla trust check --json "$@" "$fpr" "$user" >answer 2>/dev/null || [ $? -eq 110 ]
        jq -e --argjson n "$amount" '.amount == $n' answer >found || {
            echo "$fpr: $amount in the list, but $(jq .amount answer)"
            return 1
        }
    done <some
}

# A root, a hundred whom it trusts, and behind these three introducers and a target, whose
# depths just suffice.
beside_a_hundred() {
    local i
    for ((i = 0; i < 105; i++)); do
        echo "cert 1 0"
    done
    for ((i = 0; i < 105; i++)); do
        echo "user $i 1 User $i <user$i@example.org>"
    done
    for ((i = 1; i < 101; i++)); do
        echo "sig 0 $i 0 10 10 0 1 60 0 8"
    done
    echo "sig 0 101 0 10 10 0 3 60 0 8
sig 101 102 0 10 10 0 2 60 0 8
sig 102 103 0 10 10 0 1 60 0 8
sig 103 104 0 10 10 0 - - 0 8
root 0 120
target 104 0
at 1000"
}

@test "a way back that just suffices, where there are many ways on" {
    make_net - < <(beside_a_hundred)
    amount 60
}

@test "circles" {
    make_net cycle 300
    amount 70
    lists '.shown == 301 and .authenticated > 290'
}

@test "50,000 forged certifications of one user ID" {
    make_net flood 50000
    amount 90
}

@test "50,000 certifications of one user ID by keys that are not here" {
    make_net strangers 50000
    amount 90
}

@test "expressions that take for ever if one is not careful" {
    make_net regex 400
    amount 70
    lists '.shown == 9'
}
