#!/usr/bin/env bats
# Files of every size between GnuPG and bulla, by name and through pipes.

load ../cli/lib
load peers
load gnupg

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    gnupg_key gina ed25519 cv25519
    new_key "bella <bella@bulla.test>"
    introduce
    GINA=$(gnupg_fingerprint gina@gnupg.test)
    BELLA=$(fingerprint_of bella@bulla.test)
    export GINA BELLA
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# Both ways, bytes and armored, signed: both_ways FILE
both_ways() {
    local armor
    for armor in --no-armor --armor; do
        gnupg -o message $armor -r bella@bulla.test -u gina@gnupg.test --sign --encrypt "$1"
        bulla_opens message "$1" "$GINA"
    done
    for armor in -q -a; do
        succeeds bulla encrypt -f -o message $armor -r gina@gnupg.test -s -u bella@bulla.test "$1"
        gnupg_opens message "$1" "$BELLA"
    done
}

@test "a file of 0 bytes" {
    : >file
    both_ways file
}

@test "a file of 1 byte" {
    printf x >file
    both_ways file
}

@test "a text with CRLF and no last line end" {
    printf 'one\r\ntwo\r\nthree' >file
    both_ways file
}

@test "texts that are easily changed" {
    with_texts both_ways
}

# Where lengths grow by a byte, where parts begin and where buffers end.
@test "files around the sizes that matter" {
    for size in 191 192 193 8191 8192 8193 8383 8384 65535 65536 65537 131072 262144 1048575 1048577; do
        echo "$size bytes"
        random_file file $size
        both_ways file
    done
}

@test "GnuPG's old lengths and its parts of unknown length are read" {
    random_file file 300000
    gnupg -o message -r bella@bulla.test --compress-algo none --encrypt <file
    bulla_opens message file
    gnupg -o message --rfc4880 -r bella@bulla.test -z 0 --encrypt file
    bulla_opens message file
}

@test "from pipe to pipe, encrypted by GnuPG" {
    random_file file 3000000
    # shellcheck disable=SC2002 # a pipe is what is tested
    cat file | gnupg -r bella@bulla.test -u gina@gnupg.test --sign --encrypt |
        bulla decrypt --signer gina@gnupg.test >copy 2>report
    same file copy
    grep -q "Good signature by gina <gina@gnupg.test>" report
}

@test "from pipe to pipe, encrypted by us" {
    random_file file 3000000
    # shellcheck disable=SC2002 # a pipe is what is tested
    cat file | bulla encrypt -r gina@gnupg.test -s -u bella@bulla.test | gnupg --decrypt >copy
    status_says DECRYPTION_OKAY
    gnupg_signed_by "$BELLA"
    same file copy
}

@test "from pipe to pipe, armored" {
    random_file file 3000000
    # shellcheck disable=SC2002 # a pipe is what is tested
    cat file | gnupg -r bella@bulla.test --armor --encrypt | bulla decrypt >copy
    same file copy
    # shellcheck disable=SC2002
    cat file | bulla encrypt -a -r gina@gnupg.test | gnupg --decrypt >copy
    status_says DECRYPTION_OKAY
    same file copy
}

@test "what compresses well, compressed by either" {
    head -c 20000000 /dev/zero >file
    gnupg -o message -r bella@bulla.test --compress-algo zlib --encrypt file
    [ "$(stat -c %s message)" -lt 100000 ]
    bulla_opens message file
    succeeds bulla encrypt -f -o message -r gina@gnupg.test --compress zlib file
    [ "$(stat -c %s message)" -lt 100000 ]
    gnupg_opens message file
}

@test "text around the armor is passed over, and line ends may have changed" {
    gnupg -o theirs -r bella@bulla.test --armor --encrypt letter
    succeeds bulla encrypt -a -o ours -r gina@gnupg.test letter
    for message in theirs ours; do
        { echo "He wrote:" && cat "$message" && echo "Regards"; } | sed 's/$/\r/' >"$message.mail"
    done
    bulla_opens theirs.mail letter
    gnupg_opens ours.mail letter
}

@test "armor and dearmor do what GnuPG's do" {
    random_file file 100000
    for size in 0 1 2 3 47 48 49 100000; do
        gnupg -o message --yes -r bella@bulla.test --encrypt <(head -c $size file)
        bulla armor <message >ours.asc
        gnupg --dearmor <ours.asc >back
        same message back
        gnupg --enarmor <message >theirs.asc
        bulla dearmor <theirs.asc >back
        same message back
    done
}
