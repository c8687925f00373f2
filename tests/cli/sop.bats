#!/usr/bin/env bats
# The stateless interface itself: names, help, mistakes, designators, version, profiles,
# armor.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

sop_commands() {
    bulla help --list | sed -n 's/^sop //p'
}

# Names and help

@test "called as sop, the first word is left out" {
    succeeds sop_as sop version
    prints "bulla "
    [ "$(sop_as sop version)" = "$(bulla sop version)" ]
    succeeds sop_as sop --version
    prints "bulla "
    fails 69 "sop encrypt-a-lot: no such command" sop_as sop encrypt-a-lot
}

@test "called as sopv, there is only what verifies" {
    sop_key alice
    sop sign alice.key <letter >sig
    succeeds sop_as sopv verify sig alice.cert <letter
    prints "mode:binary"
    succeeds sop_as sopv version --sopv
    refuses 69 "sign: not a command of sopv" sop_as sopv sign alice.key <letter
    refuses 69 "armor: not a command of sopv" sop_as sopv armor <sig
}

@test "help for the interface and for every subcommand" {
    local name
    [ "$(sop_commands | wc -l)" -ge 8 ]
    for name in help --help -h; do
        succeeds bulla sop "$name"
        prints "sop verify"
        [[ $output != *"key generate"* ]]
    done
    while read -r name; do
        succeeds sop "$name" --help
        [[ $output == "Usage: bulla sop $name"* ]]
        prints "--debug"
        [[ $output != *"--json"* ]]
        prints $'Examples:\n  bulla sop '"$name"
        [ -z "$(awk 'length > 100' <<<"$output")" ]
        [ "$(sop help "$name")" = "$output" ]
        [ "$(bulla help sop "$name")" = "$output" ]
    done < <(sop_commands)
}

# Mistakes, each with its number

@test "69: no such subcommand" {
    refuses 69 "sop frobnicate: no such command" sop frobnicate
    refuses 69 "did you mean verify" sop verfy
    refuses 69 "no such command" sop ""
}

@test "37: no such option, or not with this value" {
    refuses 37 "--frobnicate: no such option" sop version --frobnicate
    refuses 37 "--json: no such option" sop version --json
    refuses 37 "--home=x: no such option" sop version --home=x
    refuses 37 "--backend: takes no value" sop version --backend=yes
    refuses 37 "--frobnicate" sop --frobnicate version
    refuses 37 "-x: no such option" sop armor -x
}

@test "19: something is missing" {
    refuses 19 "" sop
    refuses 19 "SIGNATURES CERTS" sop verify <letter
    refuses 19 "SIGNATURES CERTS" sop verify letter <letter
    refuses 19 "KEYS" sop sign <letter
    refuses 19 "SUBCOMMAND" sop list-profiles
    refuses 19 "--profile: needs a value" sop generate-key --profile
}

@test "what is too much is no success" {
    refuses 1 "too many" sop version one
    refuses 1 "too many" sop armor letter <letter
    refuses 1 "too many" sop extract-cert letter <letter
}

@test "the same mistakes have other numbers in bulla's own commands" {
    refuses 2 "no such option" bulla version --frobnicate
    refuses 2 "no such command" bulla frobnicate
    refuses 2 "needs a value" bulla sign -o
}

@test "--debug stands before or behind the subcommand" {
    succeeds sop --debug version
    succeeds sop version --debug
    sop_key alice
    sop sign alice.key <letter >sig
    succeeds sop verify sig alice.cert <letter
    [ -z "$stderr" ]
    succeeds sop --debug verify sig alice.cert <letter
    remarks "Good signature by alice"
}

# Designators

@test "inputs from descriptors and variables" {
    sop_key alice
    sop sign alice.key <letter >sig
    succeeds sop verify @FD:5 @FD:6 <letter 5<sig 6<alice.cert
    prints '"signers":["@FD:6"]'
    CERT=$(cat alice.cert) succeeds sop verify sig @ENV:CERT <letter
    prints '"signers":["@ENV:CERT"]'
    KEY=$(cat alice.key) succeeds sop sign @ENV:KEY <letter
}

@test "outputs to descriptors and new files" {
    sop_key alice
    sop sign --micalg-out=@FD:5 alice.key <letter 5>mic >sig
    [[ $(cat mic) == pgp-sha* ]]
    sop sign --micalg-out=mic2 alice.key <letter >sig
    same mic mic2
}

@test "59: an output that exists stays as it is" {
    sop_key alice
    echo mine >mic
    refuses 59 "mic" sop sign --micalg-out=mic alice.key <letter
    [ "$(cat mic)" = mine ]
}

@test "no output file where the work fails" {
    sop_key alice
    printf 'caf\xe9' >latin
    refuses 53 "" sop sign --as=text --micalg-out=mic alice.key <latin
    refuses 41 "" sop sign --micalg-out=mic letter <letter
    absent mic
}

@test "61: an input that is missing" {
    sop_key alice
    refuses 61 "nowhere" sop sign nowhere <letter
    refuses 61 "nowhere" sop sign --with-key-password=nowhere alice.key <letter
    refuses 61 "nowhere" sop verify nowhere alice.cert <letter
    sop sign alice.key <letter >sig
    refuses 61 "nowhere" sop verify sig nowhere <letter
    refuses 61 "nowhere" sop verify sig alice.cert nowhere <letter
    refuses 61 "-" sop verify - alice.cert <letter
}

@test "71: designators of unknown kinds, and without content" {
    local wrong
    for wrong in @FOO:bar @ENV @env:HOME @FD @ @ENV:NOT_SET_ANYWHERE @FD:x @FD:-1; do
        refuses 71 "$wrong: " sop sign "$wrong" <letter
    done
    sop_key alice
    for wrong in @FOO:bar @ENV:HOME @FD:x; do
        refuses 71 "$wrong: " sop sign --micalg-out="$wrong" alice.key <letter
    done
}

@test "73: a designator that is the name of a file" {
    sop_key alice
    export KEY=x
    cp alice.key @ENV:KEY
    refuses 73 "@ENV:KEY: there is a file of this name" sop sign @ENV:KEY <letter
    hints "./@ENV:KEY"
    succeeds sop sign ./@ENV:KEY <letter
}

# version, list-profiles

@test "version in all its forms" {
    succeeds sop version
    [[ $output =~ ^bulla\ [0-9.]+$ ]]
    succeeds sop version --backend
    [[ $output =~ ^Nettle\ [0-9.]+$ ]]
    succeeds sop version --extended
    [[ ${output%%$'\n'*} =~ ^bulla\ [0-9.]+$ ]]
    prints "Nettle"
    succeeds sop version --sop-spec
    [[ $output =~ ^~?draft-dkg-openpgp-stateless-cli-[0-9]+$ ]]
    succeeds sop version --sopv
    [ "$output" = "1.0" ]
    refuses 83 "--backend and --extended" sop version --extended --backend
    refuses 83 "--sop-spec and --sopv" sop version --sop-spec --sopv
}

@test "profiles: the first is the default, four at most, aliases behind" {
    local verb
    for verb in generate-key encrypt; do
        succeeds sop list-profiles "$verb"
        [[ ${output%%$'\n'*} == "default: "* ]]
        [ "$(wc -l <<<"$output")" -le 4 ]
        prints "rfc9580: "
        [[ $output =~ \(alias(es)?:\ [a-z] ]]
    done
}

@test "89: profiles of what has none" {
    refuses 89 "has no profiles" sop list-profiles sign
    refuses 89 "has no profiles" sop list-profiles frobnicate
    refuses 89 "no such profile" sop generate-key --profile=frobnicate
    hints "list-profiles generate-key"
}

# armor, dearmor

@test "armor and dearmor are there and back again" {
    sop_key alice
    sop sign --no-armor alice.key <letter >sig
    sop extract-cert --no-armor <alice.key >cert
    sop dearmor <alice.key >key
    local file label
    while read -r file label; do
        succeeds sop armor <"$file"
        [ "${output%%$'\n'*}" = "-----BEGIN PGP $label-----" ]
        sop armor <"$file" >text
        sop dearmor <text | cmp - "$file"
    done <<'END'
sig SIGNATURE
cert PUBLIC KEY BLOCK
key PRIVATE KEY BLOCK
END
}

@test "what has the wanted form already goes through" {
    sop_key alice
    sop armor <alice.cert | cmp - alice.cert
    sop dearmor <alice.cert >bytes
    sop dearmor <bytes | cmp - bytes
}

@test "41: neither packets nor text of them" {
    refuses 41 "" sop armor <letter
    refuses 41 "" sop dearmor <letter
    refuses 41 "" sop armor </dev/null
    refuses 41 "" sop dearmor </dev/null
}

@test "armor that is cut short gives nothing" {
    sop_key alice
    head -n 4 alice.cert >cut
    refuses 41 "" sop dearmor <cut
    refuses 41 "" sop armor <cut
}

# What it is not

@test "no keyring is made or asked" {
    sop_key alice
    sop sign alice.key <letter >sig
    sop verify sig alice.cert <letter
    [ ! -e bulla-home ]
    env -u HOME -u BULLA_HOME "$BUILD/bulla" sop verify sig alice.cert <letter
}
