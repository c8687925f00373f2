#!/usr/bin/env bats
# trust path: why a certificate is authenticated, or what is missing.

load lib
load trustnet

setup_file() {
    begin_net
}

setup() {
    begin_with_net
}

@test "a path, certificate by certificate" {
    succeeds bulla trust path dora@example.org
    prints_all <<PATH
Dora <dora@example.org>
$(fingerprint_of dora@example.org)
120 of 120: authenticated

one path carries 120:
● Ada <ada@example.org> [root]
│ certifies; may certify others
● Emil <emil@example.org>
│ certifies, until $(date -u -d '+30 days' +%F)
◎ Dora <dora@example.org>
PATH
}

@test "several paths are drawn together; what is missing, and whom to ask" {
    fails 110 "Dora <dora@example.org>: not authenticated: 100 of 120" \
        bulla trust path --at "$soon" dora@example.org
    prints_all <<PATH
Dora <dora@example.org>
$(fingerprint_of dora@example.org)
100 of 120: not authenticated

● Ada <ada@example.org> [root]
├──60→ Bob <bob@example.org>  depth 1
│  └──60→ Dora <dora@example.org> [100 of 120]
└──40→ Cleo <cleo@example.org>  depth 1, in example.org
   └──40→ Dora <dora@example.org> [100 of 120]

path 1 of 2 carries 60:
● Ada <ada@example.org> [root]
│ certifies; may certify others, amount 60 of 120
● Bob <bob@example.org>
│ certifies
◎ Dora <dora@example.org>

path 2 of 2 carries 40:
● Ada <ada@example.org> [root]
│ certifies; may certify others in example.org, amount 40 of 120
● Cleo <cleo@example.org>
│ certifies
◎ Dora <dora@example.org>

20 more are needed; this does not count yet:
╌ Emil <emil@example.org> certifies, until $(date -u -d '+30 days' +%F): Dora <dora@example.org>; but that has expired
  → ask Emil <emil@example.org> to certify it again
PATH
    hints "bulla cert accept $(fingerprint_of dora@example.org)"
    succeeds bulla trust path --at "$soon" --amount 100 dora@example.org
    prints "100 of 100: authenticated"
}

@test "what one's own key has said it can say again" {
    fails 110 "0 of 120" bulla trust path --at "$soon" fay@example.org
    prints "120 more are needed"
    prints "Ada <ada@example.org> certifies"
    prints "but that has expired"
    prints "bulla cert certify -u $(fingerprint_of ada@example.org) $(fingerprint_of fay@example.org)"
}

@test "a delegation is said again as it was, not wider" {
    fails 110 "0 of 120" bulla trust path --at "$soon" jan@example.org
    prints "bulla cert certify -u $(fingerprint_of ada@example.org) --depth 1 --amount 90 --domain example.org --domain example.net $(fingerprint_of ivo@example.org)"
}

@test "a delegation that is not handed on" {
    fails 110 "0 of 120" bulla trust path ida@example.org
    prints "but that does not reach that far"
    prints "bulla cert accept --introducer"
}

@test "of one certificate that lacks something its user IDs are not told one by one" {
    cp -r "$NET" net
    NET=$PWD/net
    of gil bulla key add-uid -q gil@example.org "Gil at work <gil@work.example>" >/dev/null
    of gil bulla cert export --binary -f -o "$NET/gil.pgp"
    says gil ida
    bulla cert import -q "$NET/gil.pgp" "$NET/ida.pgp"
    bulla cert certify -q -y --all gil@example.org >/dev/null
    fails 110 "0 of 120" bulla trust path ida@example.org
    [ "$(grep -c "does not let it certify others" <<<"$output")" -eq 1 ]
    prints "bulla cert accept --introducer $(fingerprint_of gil@example.org)"
    succeeds bulla trust graph ida@example.org
    prints "╌╌╌╌→ Gil"
    prints "─120→ Ida <ida@example.org> [0 of 120]"
}

@test "a stranger" {
    fails 110 "0 of 120" bulla trust path gil@example.org
    prints "120 more are needed"
    [[ $output != *"does not count yet"* ]]
    hints "compare this fingerprint"
    fails 112 "nobody@example.org" bulla trust path nobody@example.org
    fails 2 "WHO" bulla trust path
}

@test "gossip is marked, and is not enough" {
    fails 110 "gossip" bulla trust path --gossip ida@example.org
    prints "gossip: 120 of 120: this is only what somebody says"
    prints "Hal <hal@example.org>"
    [[ $output != *"╌"* ]]
    succeeds bulla trust graph --gossip --json ida@example.org
    is_json '.nodes[0] | .target and .amount == 120 and .state == "not authenticated"'
}

@test "without UTF-8 lines are drawn with what there is" {
    LC_ALL=C fails 110 "100 of 120" bulla trust path --at "$soon" dora@example.org
    prints '`--40> Cleo <cleo@example.org>  depth 1, in example.org'
    prints '| certifies'
    ! LC_ALL=C grep -q '[^ -~]' <<<"$output"
}

@test "lines fit the terminal" {
    COLUMNS=46 fails 110 "100 of 120" bulla trust path --at "$soon" dora@example.org
    prints "│ certifies; may certify others in"
    [ "$(wc -L <<<"$output")" -le 46 ]
}

@test "colours are for a terminal that wants them" {
    bulla trust path dora@example.org >plain
    ! grep -q $'\e' plain
    export TERM=xterm
    script -qec "$BUILD/bulla trust path dora@example.org" /dev/null </dev/null | tr -d '\r' >coloured
    grep -q $'\e\\[1mAda <ada@example.org>\e\\[0m' coloured
    diff plain <(sed $'s/\e\\[[0-9]*m//g' coloured)
    NO_COLOR=1 script -qec "$BUILD/bulla trust path dora@example.org" /dev/null </dev/null | tr -d '\r' | diff plain -
}

@test "paths and what is missing in JSON" {
    run --separate-stderr bulla trust path --json --at "$soon" dora@example.org
    [ "$status" -eq 110 ]
    is_json '.amount == 100 and .required == 120 and .authenticated == false and
        ([.paths[].amount] == [60, 40]) and (.paths[0].certifications | length) == 2 and
        .misses[0].fault == "expired" and
        .misses[0].advice == "ask Emil <emil@example.org> to certify it again" and .error.code == 110'
}
