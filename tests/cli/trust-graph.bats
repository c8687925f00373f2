#!/usr/bin/env bats
# trust graph: pictures of the web of trust.

load lib
load trustnet

setup_file() {
    begin_net
}

setup() {
    begin_with_net
}

# The program where Graphviz is not installed.
without_dot() {
    PATH=$PWD "$BUILD/bulla" "$@"
}

@test "the roots, and whom they let certify others" {
    succeeds bulla trust graph
    prints "The roots, and whom they let certify others"
    prints "● Ada <ada@example.org> [root]"
    prints "──60→ Bob <bob@example.org> [60 of 120]  depth 1"
    prints "──40→ Cleo <cleo@example.org> [40 of 120]  depth 1, in example.org"
    [[ $output != *"Dora"* && $output != *"Fay"* ]]
    succeeds bulla trust graph --hops 2
    prints "Dora <dora@example.org> [120 of 120]"
    prints "Fay <fay@example.org> [120 of 120]"
    [[ $output != *"Ida"* && $output != *"Gil"* ]]
}

@test "what carries an answer" {
    succeeds bulla trust graph dora@example.org
    prints_all <<PICTURE
Dora <dora@example.org>: 120 of 120, $(date -u +%F)
● Ada <ada@example.org> [root]
└─120→ Emil <emil@example.org>  depth 1
   └─120→ Dora <dora@example.org> [120 of 120]  until $(date -u -d '+30 days' +%F)
PICTURE
    succeeds bulla trust graph --roots dora@example.org
    prints "Bob"
    prints "Cleo"
    prints "Emil"
}

@test "where something is missing, it is drawn, too" {
    succeeds bulla trust graph --at "$soon" dora@example.org
    prints "Dora <dora@example.org>: 100 of 120"
    prints "Emil <emil@example.org>"
    prints "╌╌╌╌→ Dora <dora@example.org> [100 of 120]  expired $(date -u -d '+30 days' +%F)"
}

@test "what is near a certificate" {
    succeeds bulla trust graph --hops 1 hal@example.org
    prints "Bob <bob@example.org>"
    prints "Ida <ida@example.org>"
    [[ $output != *"Cleo"* ]]
    succeeds bulla trust graph --hops 1 --at "$soon" fay@example.org --amount 1
    succeeds bulla trust graph --hops 2 --all-edges --at "$soon"
    prints "╌╌╌╌→ Fay <fay@example.org> [0 of 120]  expired"
}

@test "who is not here is named by the key ID" {
    as new new_key "Nora <nora@example.org>"
    as new bulla cert import -q "$NET/ida.pgp"
    succeeds as new bulla trust graph ida@example.org
    local id
    id=$(of hal fingerprint_of hal@example.org)
    prints "● ${id: -16} [not here]"
    prints "issuer is not here"
    succeeds as new bulla trust graph --json ida@example.org
    is_json ".nodes[1].fingerprint == \"${id: -16}\" and .edges[0].fault == \"no-issuer\" and
        .edges[0].issuer == \"${id: -16}\""
}

@test "formats by the ending of the file, or by name" {
    succeeds bulla trust graph --at "$soon" dora@example.org -o dora.dot
    silent
    grep -q '^digraph trust {$' dora.dot
    grep -q 'label=<<b>Bob</b><br/><font point-size="9">bob@example.org</font>' dora.dot
    grep -q "tooltip=\"$(fingerprint_of bob@example.org)" dora.dot
    grep -q 'expired .*style=dashed' dora.dot
    succeeds bulla trust graph --at "$soon" dora@example.org -o dora.mmd
    grep -q '^flowchart LR$' dora.mmd
    grep -q 'n[0-9] -.->|"expired' dora.mmd
    succeeds bulla trust graph --at "$soon" dora@example.org -o dora.json
    jq -e '.required == 120 and ([.nodes[] | select(.target)] | length) == 1 and
        (.nodes[] | select(.target) | .amount == 100 and .state == "partly authenticated") and
        ([.edges[] | select(.fault == "expired")] | length) == 1 and
        ([.edges[].carries] | sort) == [0, 40, 40, 60, 60]' dora.json
    succeeds bulla trust graph dora@example.org -o dora.txt
    grep -q 'Emil' dora.txt
    succeeds bulla trust graph dora@example.org --format mmd
    prints "flowchart LR"
    succeeds bulla trust graph --json dora@example.org
    is_json '.edges | length == 2'
    refuses 2 "dora.png: which format?" bulla trust graph dora@example.org -o dora.png
    hints ".svg, .dot"
    refuses 59 "dora.dot" bulla trust graph dora@example.org -o dora.dot
    succeeds bulla trust graph -f dora@example.org -o dora.dot
    ! grep -q Bob dora.dot
}

@test "SVG by way of Graphviz" {
    command -v dot >/dev/null || skip "Graphviz is not here"
    succeeds bulla trust graph --at "$soon" dora@example.org -o dora.svg
    silent
    grep -q '</svg>' dora.svg
    grep -q '>Bob</text>' dora.svg
    grep -q "title=\"$(fingerprint_of bob@example.org)" dora.svg
    grep -q 'stroke-dasharray' dora.svg
    [ "$(head -c 5 <(bulla trust graph dora@example.org --format svg))" = "<?xml" ]
}

@test "where Graphviz is not, or fails, nothing is left" {
    refuses 13 "dot: this program is not installed" without_dot trust graph -o net.svg
    hints "-o FILE.dot"
    mkdir bin
    printf '#!/bin/sh\necho "out of ink" >&2\necho "<svg"\nexit 3\n' >bin/dot
    chmod +x bin/dot
    PATH=$PWD/bin:$PATH refuses 1 "dot: out of ink" bulla trust graph -o net.svg
    absent net.svg
    succeeds without_dot trust graph -o net.dot
}

@test "a name that tries to break out stays a name" {
    as mallory new_key 'Mal "]; n1 -> n0; --> <script> & `x`|'
    as mallory bulla cert export --binary | bulla cert import -q
    bulla cert certify -q "$(as mallory bulla cert list --json | jq -r '.certificates[0].fingerprint')"
    succeeds bulla trust graph --hops 1 -o net.dot
    ! grep -q '<script' net.dot
    grep -q 'Mal &#34;]; n1 -' net.dot
    succeeds bulla trust graph --hops 1 -o net.mmd
    ! grep -q '<script' net.mmd
    grep -q 'Mal #34;#93;#59; n1' net.mmd
    command -v dot >/dev/null || skip "Graphviz is not here"
    succeeds bulla trust graph --hops 1 -o net.svg
    ! grep -q '<script' net.svg
}

@test "no more is drawn than the limit" {
    succeeds bulla trust graph --limit 2 --hops 3
    prints "not all is drawn: "
    prints "the limit is 2 certificates"
    succeeds bulla trust graph --limit 2 --hops 3 -o net.dot
    remarks "the limit is 2 certificates"
    fails 2 "--limit 0" bulla trust graph --limit 0
    fails 2 "--hops x" bulla trust graph --hops x
    fails 83 "--roots" bulla trust graph --roots --hops 2 dora@example.org
}

@test "without roots there is nothing to start from" {
    fails 112 "no roots" as nobody bulla trust graph
    hints "bulla trust root add"
    fails 112 "nobody@example.org" bulla trust graph nobody@example.org
}
