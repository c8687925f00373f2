#!/usr/bin/env bats
# The command line itself: help, mistakes, JSON, quiet, exit codes.

load lib

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
}

# Every command, one a line; those of the stateless interface have tests of their own.
all_commands() {
    bulla help --list | grep -v '^sop '
}

@test "no command: an overview, and what to do" {
    fails 2 "no command" bulla
    remarks "Usage: bulla COMMAND"
    remarks "encrypt files so that"
    [ -z "$output" ]
}

@test "help, --help and -h are the overview" {
    local word
    for word in help --help -h; do
        succeeds bulla "$word"
        prints "Usage: bulla COMMAND"
        prints "bulla help sop"
        prints "encrypt                   encrypt files"
        [ -z "$stderr" ]
    done
}

@test "the overview has every command, and help --list, too" {
    local title overview
    overview=$(bulla help)
    [ "$(all_commands | wc -l)" -ge 20 ]
    while read -r title; do
        grep -q "^  $title  *[a-z]" <<<"$overview"
    done < <(all_commands)
    for title in encrypt decrypt sign verify inspect armor dearmor version "key generate" \
        "key list" "key show" "key export" "key import" "key delete" "cert import" \
        "cert export" "cert list" "cert show" "cert delete"; do
        all_commands | grep -qx "$title"
    done
}

@test "every command has --help with usage, options and examples" {
    local title
    while read -r title; do
        # shellcheck disable=SC2086
        succeeds bulla $title --help
        [ -z "$stderr" ]
        [[ $output == "Usage: bulla $title"* ]]
        prints "Options:"
        prints "--json"
        prints $'Examples:\n  bulla '"$title"
        [ -z "$(awk 'length > 100' <<<"$output")" ]
    done < <(all_commands)
}

@test "help COMMAND, COMMAND --help and -h are the same" {
    local title
    while read -r title; do
        # shellcheck disable=SC2086
        [ "$(bulla help $title)" = "$(bulla $title --help)" ]
        # shellcheck disable=SC2086
        [ "$(bulla $title -h)" = "$(bulla $title --help)" ]
    done < <(all_commands)
}

@test "--help anywhere, and whatever else is wrong" {
    succeeds bulla encrypt -r nobody@example.org missing --help
    prints "Usage: bulla encrypt"
    succeeds bulla key generate --help --no-passphrase
    prints "Usage: bulla key generate"
    [ ! -e bulla-home ]
}

@test "help for a noun lists its commands" {
    succeeds bulla help key
    prints "key generate"
    [[ $output != *"cert import"* ]]
    succeeds bulla help cert
    prints "cert import"
}

@test "a noun alone, or with --help, tells what there is" {
    fails 2 "key" bulla key
    hints "bulla help key"
    succeeds bulla key --help
    prints "key generate"
}

@test "the examples of every command work as far as their options go" {
    local title line
    while read -r title; do
        while read -r line; do
            line=${line%%  #*}
            # What stands before it in a pipeline, and behind it, is not bulla's.
            [[ $line == *"bulla $title"* ]] || continue
            line=${line##*bulla "$title"}
            line=${line%% [<>|] *}
            # With --help nothing is done, but options have been looked at.
            eval "run --separate-stderr bulla $title $line --help"
            [ "$status" -eq 0 ] || {
                echo "bulla $title $line"
                return 1
            }
        # shellcheck disable=SC2086
        done < <(bulla $title --help | sed '1,/^Examples:/d')
    done < <(all_commands)
}

@test "version" {
    succeeds bulla version
    [[ $output =~ ^bulla\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    [ "$(bulla --version)" = "$output" ]
    succeeds bulla version --json
    is_json '.version | test("^[0-9]+[.][0-9]+[.][0-9]+$")'
    refuses 2 "takes no arguments" bulla version 2
}

@test "an unknown command: the nearest one, if it is near" {
    local wrong right
    while read -r wrong right; do
        refuses 2 "$wrong: no such command" bulla "$wrong"
        hints "did you mean $right?"
    done <<'END'
encryt encrypt
decript decrypt
verfy verify
sing sign
inspct inspect
certs cert
keys key
END
    refuses 2 "frobnicate: no such command" bulla frobnicate
    hints "bulla help lists the commands"
    refuses 2 "no such command" bulla ""
}

@test "an unknown word behind a noun" {
    refuses 2 "key generat: no such command" bulla key generat
    hints "did you mean generate?"
    refuses 2 "cert exprt: no such command" bulla cert exprt
    hints "did you mean export?"
    refuses 2 "cert frobnicate: no such command" bulla cert frobnicate
    hints "bulla help cert"
    refuses 2 "kye: no such command" bulla help kye
    hints "did you mean key?"
}

@test "an unknown option: the nearest one, if it is near" {
    refuses 2 "--recipent: no such option" bulla encrypt --recipent alice letter
    hints "did you mean --recipient?"
    refuses 2 "--ouput=x: no such option" bulla decrypt --ouput=x letter
    hints "did you mean --output?"
    refuses 2 "--qiet: no such option" bulla version --qiet
    hints "did you mean --quiet?"
    refuses 2 "--frobnicate: no such option" bulla sign --frobnicate letter
    hints "--help lists the options"
    refuses 2 "-Z: no such option" bulla sign -Z letter
    hints "--help"
    refuses 2 "-aZ: no such option" bulla sign -aZ letter
}

@test "options and their values" {
    refuses 2 "--output: needs a value" bulla sign --output
    refuses 2 "--output: needs a value" bulla sign -o
    refuses 2 "--armor: takes no value" bulla sign --armor=yes letter
    refuses 2 "--output: given twice" bulla sign -o one -o two letter
    refuses 2 "--profile: given twice" bulla key generate --profile rfc9580 --profile=default A
}

@test "short options together, and -- ends them" {
    new_key Alice
    mv letter ./-a
    succeeds bulla sign -afo mark -- -a
    [ "$(head -n 1 mark)" = "-----BEGIN PGP SIGNATURE-----" ]
    succeeds bulla verify mark -- -a
    succeeds bulla verify mark ./-a
}

@test "options may stand behind the files" {
    new_key Alice
    succeeds bulla sign letter -a -o mark
    [ "$(head -n 1 mark)" = "-----BEGIN PGP SIGNATURE-----" ]
}

@test "options before the command: says where they belong" {
    refuses 2 "--quiet: options stand behind the command" bulla --quiet version
    [[ $stderr != *"no such command"* ]]
    hints "bulla COMMAND --quiet"
}

@test "options that exclude one another" {
    refuses 83 "--cleartext and --inline" bulla sign --cleartext --inline letter
    refuses 83 "--no-passphrase and --new-passphrase-file" \
        bulla key generate --no-passphrase --new-passphrase-file letter Alice
    refuses 83 "--armor and --binary" bulla key export -a --binary Alice
    refuses 83 "--armor and --binary" bulla cert export -a --binary
    refuses 83 "several files" bulla decrypt -o out letter letter
}

@test "arguments where there are none" {
    refuses 2 "" bulla version one
    refuses 2 "" bulla armor one two
    refuses 2 "" bulla verify one two three
    refuses 2 "" bulla completion one two
}

@test "completion for each shell names the commands and options" {
    local shell
    for shell in bash zsh fish; do
        succeeds bulla completion "$shell"
        prints "encrypt"
        prints "recipient"
        [ -z "$stderr" ]
    done
    bulla completion bash | bash -n
    refuses 2 "for which shell?" bulla completion
    refuses 2 "" bulla completion tcsh
    hints "bash, zsh or fish"
}

@test "designators of unknown kinds" {
    new_key Alice
    local wrong
    for wrong in @FOO:bar @ENV @env:HOME @FD @; do
        refuses 71 "$wrong: unknown designator" \
            bulla encrypt --passphrase-file "$wrong" -o out letter
        hints "./$wrong"
    done
    refuses 71 "@ENV:NOT_SET_ANYWHERE: the variable is not set" \
        bulla encrypt --passphrase-file @ENV:NOT_SET_ANYWHERE -o out letter
    refuses 71 "@FD:x: not a number" bulla encrypt --passphrase-file @FD:x -o out letter
    refuses 71 "@FD:-1: not a number" bulla encrypt --passphrase-file @FD:-1 -o out letter
    fails 1 "@FD:77: " bulla encrypt --passphrase-file @FD:77 -o out letter
    absent out
    echo secret >@FOO:bar
    succeeds bulla encrypt --passphrase-file ./@FOO:bar -o out letter
}

@test "JSON: every command prints one object, and nothing else" {
    new_key "Alice <alice@example.org>"
    bulla encrypt -r Alice -o message letter
    bulla sign -o mark letter
    bulla cert export -o cert Alice
    bulla key export -o key Alice
    bulla dearmor -o bytes cert
    mkdir -m 700 gnupg
    cp bytes gnupg/pubring.gpg
    echo "open sesame" >pass
    local words commands wrong=""
    commands=$(all_commands)
    while read -r words; do
        # Each must be a command that there is, and all of them must be here.
        # shellcheck disable=SC2086
        set -- $words
        if grep -qx "$1 $2" <<<"$commands"; then
            commands=$(grep -vx "$1 $2" <<<"$commands")
        else
            commands=$(grep -vx "$1" <<<"$commands") || true # the last one
        fi
        # shellcheck disable=SC2086
        succeeds bulla $words --json
        is_json && [ -z "$stderr" ] || wrong+=$'\n'"bulla $words --json"
    done <<END
encrypt -r Alice -o out1 letter
decrypt -o out2 message
sign -o out3 letter
verify mark letter
inspect message
armor -o out4 message
dearmor -o out5 cert
key generate --no-passphrase Bob
cert certify -u Alice --yes --expires 1y Bob
cert revoke-certification -u Alice Bob
cert accept --yes Bob
cert unaccept Bob
key list
key show Alice
key export -o out6 Alice
key import key
key add-uid Alice Ally
key revoke-uid Alice Ally
key add-subkey Alice
key rotate Alice
key expire Alice 2y
key extend Alice 3y
key edit Alice --add-subkey sign
key revoke-subkey Alice $(bulla key show --json Alice | jq -r ".keys[0].keys[1].fingerprint")
key passphrase --no-passphrase Alice
key revocation -o out8 Bob
key check
key lint --fix
key revoke --yes --reason retired Bob
key delete --yes Bob
cert import cert
cert update cert
cert list
cert show Alice
cert export -o out7
cert delete --yes Bob
cert split cert
cert join -o out9 cert
cert merge -o out10 cert
trust root list
trust check Alice
trust list
trust identify $(bulla key show --json Alice | jq -r .keys[0].fingerprint)
trust lookup alice@example.org
trust whatif --at 2100-01-01
trust path Alice
trust graph Alice
keyring check
keyring stats
keyring compact
keyring backup --passphrase-file pass -o out20
keyring verify-backup --passphrase-file pass out20
keyring restore --passphrase-file pass out20
keyring import-gnupg gnupg
version
help
completion bash
END
    echo "not tried: $commands; wrong: $wrong"
    [ -z "$commands$wrong" ]
}

@test "JSON: every command's failure is one object with the error" {
    new_key Alice
    local words code wrong=""
    while read -r code words; do
        # shellcheck disable=SC2086
        run --separate-stderr bulla $words --json
        [ "$status" -eq "$code" ] && is_json ".error.code == $code and
            (.error.name | length) > 0 and (.error.message | length) > 0 and
            (.error | has(\"hint\"))" ||
            wrong+=$'\n'"bulla $words --json: exit code $status"
    done <<'END'
112 encrypt -r nobody letter
61 decrypt missing.pgp
112 sign -u nobody letter
41 verify letter
41 inspect letter
41 armor -o out letter
41 dearmor -o out letter
89 key generate --no-passphrase --profile x Bob
112 key list nobody
112 key show nobody
112 key export -o out nobody
41 key import letter
112 key delete --yes nobody
41 cert import letter
112 cert list nobody
112 cert show nobody
112 cert export -o out nobody
112 cert delete --yes nobody
112 cert certify -u Alice --yes nobody
112 cert revoke-certification -u Alice nobody
41 cert split letter
41 cert join -o out letter
41 cert merge -o out letter
112 trust root add nobody
112 trust check nobody
112 trust list nobody
2 trust identify nobody
112 trust lookup nobody@example.org
2 trust whatif
2 version 1
2 help nobody
2 completion tcsh
END
    echo "wrong: $wrong"
    [ -z "$wrong" ]
}

@test "JSON: a failure while standard output is for data" {
    run --separate-stderr bulla dearmor --json letter
    [ "$status" -eq 41 ]
    [ -z "$output" ]
    output=$stderr
    is_json '.error.code == 41'
}

@test "JSON: mistakes in the options are told in JSON, too" {
    local words wrong=""
    while read -r words; do
        # shellcheck disable=SC2086
        run --separate-stderr bulla $words
        [ "$status" -eq 2 ]
        is_json '.error.code == 2 and .error.name == "usage"' || wrong+=$'\n'"bulla $words"
    done <<'END'
encrypt --json --frobnicate
version --frobnicate --json
sign --json -o
--json frobnicate
key --json frobnicate
END
    echo "wrong: $wrong"
    [ -z "$wrong" ]
}

@test "JSON: several files, one of which fails" {
    new_key Alice
    echo two >second
    run --separate-stderr bulla encrypt --json -r Alice letter missing second
    [ "$status" -eq 61 ]
    is_json '[.files[].output] | contains(["letter.pgp", "second.pgp"])'
    is_json '.error.code == 61'
    # Which one it was, and why, must not only stand on standard error.
    [[ $output == *missing* ]]
}

@test "JSON: text that is no UTF-8 still gives valid JSON" {
    local name=$'caf\xe9'
    new_key Alice
    cp letter "$name"
    succeeds bulla sign --json "$name"
    is_json '.files[0].input | startswith("caf")'
    [ -s "$name.sig" ]
}

@test "quiet: no remarks, but results and errors" {
    new_key Alice
    new_key Bob
    bulla sign -u Alice letter
    succeeds bulla verify -q letter.sig letter
    silent
    succeeds bulla encrypt -q -r Alice letter
    silent
    succeeds bulla key list -q
    prints Alice
    succeeds bulla cert export -q Alice
    prints "BEGIN PGP PUBLIC KEY BLOCK"
    bulla cert export -o cert Alice
    succeeds bulla cert import --quiet cert
    silent
    flip letter 3
    refuses 3 "bad signature" bulla verify -q letter.sig letter
}

@test "remarks go to standard error, results to standard output" {
    succeeds bulla key generate --no-passphrase Alice
    [[ $output =~ ^[0-9A-F]{40}$ ]]
    remarks "Made a key"
    succeeds bulla cert list
    [ -z "$stderr" ]
    bulla sign letter
    succeeds bulla verify letter.sig letter
    [ -z "$output" ]
}

# Code and meaning of each row in the man page: man_exit_codes [NOUN]
man_exit_codes() {
    bulla help --man "$@" | sed -n '/^\.SH EXIT STATUS/,/^\.SH \(ENVIRONMENT\|SEE\)/p' |
        awk '$1 == ".B" { code = $2; getline; print code, $0 }'
}

@test "the man page has the exit codes" {
    local codes
    codes=$(man_exit_codes)
    grep -q "^0 success" <<<"$codes"
    grep -q "^2 the command line is wrong" <<<"$codes"
    grep -q "^3 no good signature" <<<"$codes"
    grep -q "^29 no key or passphrase opens the message" <<<"$codes"
    grep -q "^41 the data was changed or cut short" <<<"$codes"
    grep -q "^112 nothing in the keyring has this name" <<<"$codes"
    grep -q "^116 the output could not be written" <<<"$codes"
    grep -q "^130 interrupted" <<<"$codes"
    [ -z "$(cut -d ' ' -f 1 <<<"$codes" | sort -n -c 2>&1)" ]
}

# The exit codes that failures in suites have: seen_exit_codes SUITE...
seen_exit_codes() {
    grep -ohE "^ *(refuses|fails|as [a-z]+ refuses) [0-9]+ " "$@" | grep -oE "[0-9]+" | sort -nu
}

@test "every exit code that these tests see is in the man page" {
    local code own stateless=("$BATS_TEST_DIRNAME"/sop*.bats)
    own=$(find "$BATS_TEST_DIRNAME" -name '*.bats' ! -name 'sop*')
    # shellcheck disable=SC2086
    for code in $(seen_exit_codes $own); do
        man_exit_codes | grep -q "^$code " || echo "not in the man page: $code"
    done >missing
    for code in $(seen_exit_codes "${stateless[@]}" | grep -vx 2); do
        man_exit_codes sop | grep -q "^$code " || echo "not in that of sop: $code"
    done >>missing
    cat missing
    [ ! -s missing ]
}

@test "the man page names every command, and each has its own" {
    local title page
    page=$(bulla help --man)
    while read -r title; do
        grep -qx "\.B ${title}" <<<"$page"
        # shellcheck disable=SC2086
        succeeds bulla help --man $title
        [[ $output == ".TH BULLA-"* ]]
        prints ".SH SYNOPSIS"
        prints ".SH OPTIONS"
        prints ".SH EXAMPLES"
    done < <(all_commands)
}

@test "the man pages are good roff" {
    command -v man >/dev/null || skip "no man"
    local title
    [ -z "$(bulla help --man | man --warnings -E UTF-8 -l - 2>&1 >/dev/null)" ]
    while read -r title; do
        # shellcheck disable=SC2086
        [ -z "$(bulla help --man $title | man --warnings -E UTF-8 -l - 2>&1 >/dev/null)" ]
    done < <(all_commands)
}

@test "every error starts with the program, then the command" {
    fails 61 "bulla: decrypt: missing.pgp: " bulla decrypt missing.pgp
    fails 61 "bulla: cert import: missing: " bulla cert import missing
    fails 2 "bulla: key generate: " bulla key generate --no-passphrase
    fails 2 "bulla: frobnicate: no such command" bulla frobnicate
}

@test "the lists of commands stand in columns" {
    local noun
    for noun in "" key cert keyring; do
        # shellcheck disable=SC2086
        succeeds bulla help $noun
        grep -E '^  [a-z]' <<<"$output" >rows
        ! grep -vE '^  .{25} [^ ]' rows || return 1
    done
}
