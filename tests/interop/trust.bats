#!/usr/bin/env bats
# Webs of trust, beside sq and counted path by path: some of those that `make oracle-trust`
# goes through.

load ../cli/lib
load peers

setup() {
    begin
    find_peer sq >/dev/null || skip "no sq"
}

# agrees NETWORKS FIRST-SEED
agrees() {
    succeeds "$ROOT/tests/interop/trust-oracle" "$@"
    # shellcheck disable=SC2154 # bats sets it
    [[ $output == *" 0 wrong" ]]
}

@test "amounts in random webs of trust are at least sq's, and those of all paths" {
    agrees 6 1
    agrees 3 55
    agrees 1 402
}

@test "what differs is told" {
    # A program that says nothing of what it knows.
    mkdir -p build/bench
    cp "$BUILD"/bench/{gennet,netbrute} build/bench
    printf '#!/bin/sh\necho "{\\"bindings\\":[]}"\n' >build/bulla
    chmod +x build/bulla
    BUILD=$PWD/build run "$ROOT/tests/interop/trust-oracle" 1 3
    # shellcheck disable=SC2154 # bats sets it
    [ "$status" -eq 1 ]
    prints "LESS seed 3"
    prints "MISCOUNTED seed 3"
    [ -s build/trust-oracle/plan ]
}
