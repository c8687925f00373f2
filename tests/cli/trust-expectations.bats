#!/usr/bin/env bats
# The amounts of the networks that other programs are tested with (networks.md there), each as
# it stands in the table.

load lib

setup() {
    begin
    need_specdata
    WOT=$SPECDATA/wot
    [ -r "$WOT/expectations.csv" ] || skip "no networks"
}

# Where it is more than the table has: doc/web-of-trust.md says why.
exact() {
    case $1 in
    "authenticate multiple-userids-3.pgp frank") echo 40 ;;
    "best-path regex-2.pgp carol") echo 100 ;;
    *) echo "$2" ;;
    esac
}

# What the program says of every row of a network, one JSON object for each, in file `said`, and
# what the rows expect in file `expected`: kind, amount, and the row to show.
ask() {
    local kind network at all roots name fpr user asked amount rest root arguments code
    while IFS=, read -r kind network at all roots name fpr user asked amount rest; do
        amount=$(exact "$kind $network $name" "$amount")
        [ "$amount" -le "${asked:=120}" ] || asked=$amount # the last path brought more
        arguments=(--at "$at" --amount "$asked")
        for root in $roots; do
            arguments+=(--root "$root")
        done
        [ "$all" = no ] || arguments+=(--certification-network)
        code=0
        bulla trust check --json "${arguments[@]}" "$fpr" "$user" >>said 2>/dev/null || code=$?
        # 112: the certificate is not there.
        case $code-$amount in
        0-* | 110-* | 112-0) ;;
        *) echo "exit code $code: $network $name $at" ;;
        esac
        printf '%s\t%s\t%s\n' "$kind" "$amount" "$at $roots: $name $user" >>expected
    done < <(grep "^[^,]*,$1.pgp," "$WOT/expectations.csv")
}

# Sums must be the same.  A best path is one of several that may add up, if there is any.
judge() {
    jq -r '"\(.amount // 0)\t\(.required // 120)\t\(.authenticated // false)"' said | paste expected - |
        awk -F '\t' '
            { bad = $1 == "best-path" ? $4 < $2 || ($2 == 0 && $4 != 0) : $4 != $2
              bad = bad || $6 != ($4 >= $5 ? "true" : "false") }
            bad { print $1 ", " $3 ": expected " $2 ", is " $4 }'
}

network() {
    local wrong
    bulla cert import -q "$WOT/vectors/$1.pgp"
    ask "$1" >wrong
    [ "$(wc -l <expected)" -eq "$2" ] || echo "$(wc -l <expected) rows" >>wrong
    judge >>wrong
    wrong=$(cat wrong)
    echo "$wrong"
    [ -z "$wrong" ]
}

@test "simple" {
    network simple 47
}

@test "cycle" {
    network cycle 31
}

@test "cliques" {
    network cliques 3
}

@test "cliques local optima" {
    network cliques-local-optima 3
}

@test "cliques local optima 2" {
    network cliques-local-optima-2 3
}

@test "roundabout" {
    network roundabout 34
}

@test "local optima" {
    network local-optima 28
}

@test "multiple userids 3" {
    network multiple-userids-3 2
}

@test "certification liveness" {
    network certification-liveness 3
}

@test "cert revoked soft" {
    network cert-revoked-soft 9
}

@test "cert revoked hard" {
    network cert-revoked-hard 9
}

@test "cert expired" {
    network cert-expired 12
}

@test "userid revoked" {
    network userid-revoked 9
}

@test "certification revoked" {
    network certification-revoked 12
}

@test "infinity and beyond" {
    network infinity-and-beyond 2
}

@test "zero trust" {
    network zero-trust 4
}

@test "self signed" {
    network self-signed 8
}

@test "isolated root" {
    network isolated-root 4
}

@test "best via root" {
    network best-via-root 9
}

@test "regex 1" {
    network regex-1 11
}

@test "regex 2" {
    network regex-2 9
}

@test "regex 3" {
    network regex-3 16
}

@test "multiple userids 1" {
    network multiple-userids-1 2
}

@test "multiple userids 2" {
    network multiple-userids-2 6
}

@test "multiple certifications 1" {
    network multiple-certifications-1 2
}

@test "certification network" {
    network certification-network 6
}

@test "no network of the table is left out" {
    local n
    n=$(grep -c "^\(authenticate\|best-path\)," "$WOT/expectations.csv")
    [ "$n" -eq 284 ]
}
