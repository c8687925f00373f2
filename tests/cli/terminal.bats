#!/usr/bin/env bats
# At a terminal: questions appear, passphrases do not, and three tries are given.

load lib

setup() {
    begin
    command -v script >/dev/null || skip "no script(1)"
    script -qec true /dev/null >/dev/null 2>&1 || skip "no pseudo-terminals"
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'correct horse\n' >pass
    # Whoever runs the tests in the background may have them ignore interrupts.
    interruptible=()
    if env --default-signal=INT true 2>/dev/null; then
        interruptible=(env --default-signal=INT)
    fi
}

# Runs a command line at a terminal of its own.  Each answer is typed when its
# question has appeared.  All that appears is then in $transcript, the exit code in
# $status: at_terminal COMMAND [QUESTION ANSWER]...
at_terminal() {
    local line=$1
    shift
    transcript=""
    coproc TERMINAL { exec "${interruptible[@]}" timeout 60 script -qefc "$line" /dev/null 2>&1 3>&-; }
    # The descriptors go away with the process.
    exec 8<&"${TERMINAL[0]}" 9>&"${TERMINAL[1]}"
    # shellcheck disable=SC2153
    local pid=$TERMINAL_PID
    while [ $# -gt 0 ]; do
        appears "$1" || {
            kill "$pid"
            return 1
        }
        printf '%s\n' "$2" >&9
        shift 2
    done
    appears ""
    exec 8<&- 9>&-
    status=0
    wait "$pid" || status=$?
    transcript=${transcript//$'\r'/}
}

# Waits until a text has appeared behind what was there already, or for the end.
appears() {
    local char seen=""
    while IFS= read -r -d '' -n 1 -t 10 -u 8 char || [ -n "$char" ]; do
        transcript+=$char seen+=$char
        [ -z "$1" ] || [[ $seen != *"$1"* ]] || return 0
    done
    [ -z "$1" ] || {
        echo "did not appear: $1"
        echo "$transcript"
        return 1
    }
}

# The text has appeared this often: shows TEXT [TIMES]
shows() {
    local times
    times=$(grep -oF -- "$1" <<<"$transcript" | wc -l)
    [ "$times" -eq "${2:-1}" ] || {
        echo "$times times, not ${2:-1}: $1"
        echo "$transcript"
        return 1
    }
}

@test "a new key: asked for twice, nothing is echoed" {
    at_terminal "'$BUILD/bulla' key generate 'Alice <alice@example.org>'" \
        "New passphrase for the key: " "correct horse" \
        "The same again: " "correct horse"
    [ "$status" -eq 0 ]
    shows "New passphrase"
    shows "The same again"
    shows "horse" 0
    shows "Made a key for Alice"
    succeeds bulla sign --passphrase-file pass letter
}

@test "a new key: the second one differs" {
    at_terminal "'$BUILD/bulla' key generate Alice" \
        "New passphrase for the key: " "correct horse" \
        "The same again: " "correct hores"
    [ "$status" -eq 31 ]
    shows "differ"
    shows "hor" 0
    [ -z "$(bulla key list)" ]
}

@test "a new key: an empty one is refused" {
    at_terminal "'$BUILD/bulla' key generate Alice" \
        "New passphrase for the key: " "" "The same again: " ""
    [ "$status" -eq 31 ]
    shows "empty"
    [ -z "$(bulla key list)" ]
}

@test "signing: the question names the key, and one answer is enough" {
    bulla key generate -q --new-passphrase-file pass "Alice <alice@example.org>" >fingerprint
    at_terminal "'$BUILD/bulla' sign letter" \
        "Passphrase for key $(tail -c 17 fingerprint | head -c 16) of Alice <alice@example.org>: " \
        "correct horse"
    [ "$status" -eq 0 ]
    shows "Passphrase for key"
    shows "horse" 0
    succeeds bulla verify letter.sig letter
}

@test "three tries, and then it is over" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    at_terminal "'$BUILD/bulla' sign letter" \
        "Passphrase for key" "wrong" "Passphrase for key" "wronger" "Passphrase for key" "no"
    [ "$status" -eq 67 ]
    shows "Passphrase for key" 3
    shows "That was not it, try again." 2
    shows "bulla: sign: "
    shows "wrong passphrase"
    absent letter.sig
}

@test "the third try succeeds" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    at_terminal "'$BUILD/bulla' sign letter" \
        "Passphrase for key" "no" "Passphrase for key" "no" "Passphrase for key" "correct horse"
    [ "$status" -eq 0 ]
    succeeds bulla verify letter.sig letter
}

@test "decrypting a message with a passphrase" {
    bulla encrypt -p --passphrase-file pass -o message letter
    at_terminal "'$BUILD/bulla' decrypt -o copy message" \
        "Passphrase of the message: " "no" "Passphrase of the message: " "correct horse"
    [ "$status" -eq 0 ]
    shows "horse" 0
    same copy letter
    at_terminal "'$BUILD/bulla' decrypt -o no message" \
        "Passphrase of the message: " 1 "Passphrase of the message: " 2 \
        "Passphrase of the message: " 3
    [ "$status" -eq 29 ]
    absent no
}

@test "several messages: each is asked for in its turn" {
    cp pass pass1
    printf 'battery\n' >pass2
    local i
    for i in 1 2 3 4; do
        echo "$i" >"m$i"
        bulla encrypt -p --passphrase-file "pass$((i % 2 + 1))" "m$i"
    done
    rm m?
    at_terminal "'$BUILD/bulla' decrypt m?.pgp" \
        "Passphrase of the message: " "battery" "Passphrase of the message: " "no" \
        "Passphrase of the message: " "correct horse" "Passphrase of the message: " "battery" \
        "Passphrase of the message: " "correct horse"
    [ "$status" -eq 0 ]
    shows "Passphrase of the message: " 5
    [ "$(cat m?)" = "$(seq 4)" ]
}

@test "several files: the passphrase of a key is asked for once" {
    bulla key generate -q --new-passphrase-file pass "Alice <alice@example.org>" >fingerprint
    cp letter second
    cp letter third
    bulla encrypt -q -r alice@example.org letter second third
    rm second third
    at_terminal "'$BUILD/bulla' decrypt -f letter.pgp second.pgp third.pgp" \
        "Passphrase for key" "correct horse"
    [ "$status" -eq 0 ]
    shows "Passphrase for key"
    same second letter
    same third letter
}

@test "encrypting with a passphrase" {
    at_terminal "'$BUILD/bulla' encrypt -p -o message letter" \
        "New passphrase for the message: " "correct horse" \
        "The same again: " "correct horse"
    [ "$status" -eq 0 ]
    succeeds bulla decrypt --passphrase-file pass -o copy message
    same copy letter
}

@test "the question goes to the terminal though the streams do not" {
    bulla encrypt -p --passphrase-file pass -o message letter
    at_terminal "'$BUILD/bulla' decrypt <message >copy" \
        "Passphrase of the message: " "correct horse"
    [ "$status" -eq 0 ]
    same copy letter
}

@test "where a file is named nothing is asked" {
    bulla encrypt -p --passphrase-file pass -o message letter
    at_terminal "'$BUILD/bulla' decrypt --passphrase-file letter -o copy message"
    [ "$status" -eq 29 ]
    shows "Passphrase of the message" 0
    absent copy
}

@test "text on a terminal is armored without being asked" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    at_terminal "'$BUILD/bulla' encrypt -r Alice -o - letter"
    [ "$status" -eq 0 ]
    shows "-----BEGIN PGP MESSAGE-----"
    at_terminal "'$BUILD/bulla' sign -o - letter"
    [ "$status" -eq 0 ]
    shows "-----BEGIN PGP SIGNATURE-----"
}

@test "certifying by a name asks, with fingerprint and user IDs; only yes certifies" {
    bulla key generate -q --no-passphrase Alice
    as bob bulla key generate -q --no-passphrase $'Bob \e[31m<bob@example.org>'
    as bob bulla cert export | bulla cert import -q
    at_terminal "'$BUILD/bulla' cert certify bob@example.org" "(y/N) " "n"
    [ "$status" -eq 130 ]
    shows "$(fingerprint_of bob@example.org)"
    shows "Bob \\x1B[31m<bob@example.org>"
    shows "with the key of Alice?"
    shows "not certified"
    at_terminal "'$BUILD/bulla' cert certify bob@example.org --depth 1 --domain example.org" "(y/N) " "y"
    [ "$status" -eq 0 ]
    shows "Its owner may certify others in example.org."
    shows "new        user ID Bob"
}

@test "accepting by a name asks whether the fingerprint was compared" {
    as bob new_key "Bob <bob@example.org>"
    as bob bulla cert export -q | bulla cert import -q
    bob=$(fingerprint_of bob@example.org)
    at_terminal "'$BUILD/bulla' cert accept bob@example.org" "(y/N) " "n"
    [ "$status" -eq 130 ]
    shows "Have you compared the fingerprint"
    shows "$(sed 's/..../& /g; s/ $//' <<<"$bob")"
    shows "  Bob <bob@example.org>? (y/N) "
    shows "not certified"
    bulla cert show --json bob@example.org | jq -e '.certificates[0].userids[0].certifications == []'
    at_terminal "'$BUILD/bulla' cert accept --introducer --domain example.org bob@example.org" "(y/N) " "y"
    [ "$status" -eq 0 ]
    shows "and may certify others in example.org? (y/N)"
    shows "accepted: Bob <bob@example.org>: $bob (amount 120 of 120, may certify others in example.org)"
    at_terminal "'$BUILD/bulla' cert accept $bob"
    shows "(y/N)" 0
}

@test "deleting asks; only yes deletes" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    at_terminal "'$BUILD/bulla' key delete Alice" "(y/N) " "n"
    [ "$status" -ne 0 ]
    shows "SECRET key"
    shows "$(cat fingerprint)"
    shows "not deleted"
    [ -n "$(bulla key list)" ]
    at_terminal "'$BUILD/bulla' key delete Alice" "(y/N) " ""
    [ "$status" -ne 0 ]
    [ -n "$(bulla key list)" ]
    at_terminal "'$BUILD/bulla' key delete Alice" "(y/N) " "y"
    [ "$status" -eq 0 ]
    [ -z "$(bulla key list)" ]
    at_terminal "'$BUILD/bulla' cert delete Alice" "(y/N) " "yes"
    [ "$status" -eq 0 ]
    [ -z "$(bulla cert list)" ]
}

@test "revoking a key asks, with what it means; only yes revokes" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    at_terminal "'$BUILD/bulla' key revoke --reason compromised Alice" "(y/N) " "n"
    [ "$status" -eq 130 ]
    shows "$(cat fingerprint)  Alice"
    shows "All that it has ever signed becomes void, and nothing undoes that."
    shows "not revoked"
    at_terminal "'$BUILD/bulla' key revoke --reason retired Alice" "(y/N) " "y"
    [ "$status" -eq 0 ]
    shows "what it has signed stays good"
    fails 79 "revoked" bulla sign -u Alice letter
}

@test "another passphrase: the old one is asked for first, then the new one twice" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    at_terminal "'$BUILD/bulla' key passphrase Alice" \
        "Passphrase for key" wrong "Passphrase for key" "correct horse" \
        "New passphrase for the key: " "battery staple" "The same again: " "battery staple"
    [ "$status" -eq 0 ]
    shows "That was not it, try again."
    shows "Passphrase for key" 2
    shows "horse" 0
    shows "staple" 0
    printf 'battery staple' >new
    succeeds bulla sign --passphrase-file new -o mark letter
    fails 67 "passphrase" bulla sign --passphrase-file pass -o no letter
}

@test "another passphrase: where the second one differs, or there is none, the old one stays" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    at_terminal "'$BUILD/bulla' key passphrase Alice" \
        "Passphrase for key" "correct horse" \
        "New passphrase for the key: " "battery staple" "The same again: " "battery stable"
    [ "$status" -eq 31 ]
    shows "differ"
    at_terminal "'$BUILD/bulla' key passphrase Alice" \
        "Passphrase for key" "correct horse" "New passphrase for the key: " "" "The same again: " ""
    [ "$status" -eq 31 ]
    succeeds bulla sign --passphrase-file pass -o mark letter
}

@test "while a question waits for its answer, others may write" {
    bulla key generate -q --no-passphrase Alice
    at_terminal "(sleep 1; '$BUILD/bulla' key generate -q --no-passphrase Bob; echo made=\$?) &
        '$BUILD/bulla' key delete Alice; wait" "made=0" "y"
    [ "$(bulla key list | wc -l)" -eq 1 ]
}

@test "an interrupt at the question: the terminal echoes again afterwards" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    # The shell of that terminal outlives the interrupt and says how the terminal is set.
    at_terminal "trap : INT; '$BUILD/bulla' sign letter; echo code=\$?; stty -a" \
        "Passphrase for key" $'\003'
    shows "code=130"
    shows " echo " 1
    absent letter.sig
}

@test "an interrupt at the question about one of several" {
    local i
    for i in 1 2 3; do
        bulla encrypt -p --passphrase-file pass -o "m$i.pgp" letter
    done
    at_terminal "trap : INT; '$BUILD/bulla' decrypt m?.pgp; echo code=\$?" \
        "Passphrase of the message" "correct horse" "Passphrase of the message" $'\003'
    shows "code=130"
    same m1 letter
    absent m2 m3
}

@test "the end of input at the question" {
    bulla key generate -q --new-passphrase-file pass Alice >fingerprint
    at_terminal "'$BUILD/bulla' sign letter; echo code=\$?; stty -a" \
        "Passphrase for key" $'\004'
    shows "code=0" 0
    shows " echo " 1
    absent letter.sig
}

@test "a very long answer is no passphrase and does no harm" {
    local long
    long=$(printf 'a%.0s' {1..3000})
    at_terminal "'$BUILD/bulla' key generate Alice" \
        "New passphrase for the key: " "$long" "The same again: " "$long"
    [ "$status" -eq 0 ]
    shows "aaaa" 0
    printf '%s' "$long" >pass
    succeeds bulla sign --passphrase-file pass letter
}

# Input that takes longer than a second, in three pieces.
slow_input() {
    printf 'for _ in 1 2 3; do head -c 1000000 /dev/zero; sleep 0.7; done'
}

@test "long work shows how far it is, and takes the line away" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    at_terminal "($(slow_input)) | '$BUILD/bulla' encrypt -r Alice >message"
    [ "$status" -eq 0 ]
    [[ $transcript == *"encrypting: "*" MB, "*" MB/s"* ]]
    [[ $transcript == *$'\e[K' ]]
    at_terminal "($(slow_input)) | '$BUILD/bulla' sign >mark"
    [[ $transcript == *"signing: "*" MB, "* ]]
    at_terminal "($(slow_input)) | '$BUILD/bulla' encrypt -q -r Alice >message"
    [ -z "$transcript" ]
    at_terminal "($(slow_input)) | '$BUILD/bulla' encrypt -r Alice 2>remarks >message"
    [ -z "$transcript" ]
    [ ! -s remarks ]
}

@test "of a file it is known how much there is" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    head -c 12000000 /dev/zero >large
    # Nobody takes the output for a while.
    at_terminal "'$BUILD/bulla' encrypt -r Alice -o - large | (sleep 1.5; cat >/dev/null)"
    [[ $transcript == *"encrypting: "*" %, "*" of 12 MB, "* ]]
}

@test "who types the input is told how to end it" {
    bulla key generate -q --no-passphrase Alice >fingerprint
    at_terminal "'$BUILD/bulla' sign --cleartext" "Ctrl-D" $'hello\n\004'
    [ "$status" -eq 0 ]
    shows "-----BEGIN PGP SIGNED MESSAGE-----"
}

@test "one passphrase of many keys of GnuPG is asked for once" {
    mkdir -m 700 gnupg gnupg/private-keys-v1.d
    cp "$ROOT/tests/vectors/gnupg/2.4-cert.pgp" gnupg/pubring.gpg
    cp "$ROOT"/tests/vectors/gnupg/2.4-*.key gnupg/private-keys-v1.d
    at_terminal "$BUILD/bulla keyring import-gnupg gnupg" \
        "Passphrase for key 27F79FBAD02A0D1F of ed25519 <ed25519@x>: " wrong \
        "try again" "" "Passphrase for key" secret
    [ "$status" -eq 0 ]
    shows "Passphrase for key" 3
    shows "(4 secret keys)"
}
