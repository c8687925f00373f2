#!/usr/bin/env bats
# The main job, as README tells it; small enough to run under valgrind.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    new_key "Bob <bob@example.org>"
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
}

@test "encrypt and sign, decrypt and verify" {
    succeeds bulla encrypt -r bob@example.org -s -u alice@example.org letter
    mv letter original
    succeeds bulla decrypt letter.pgp --signer alice@example.org
    remarks "Good signature by Alice <alice@example.org>"
    same letter original
}

@test "a passphrase" {
    echo "correct horse" >pass
    succeeds bulla encrypt -p --passphrase-file pass -o sealed letter
    succeeds bulla decrypt --passphrase-file pass -o copy sealed
    same letter copy
}

@test "a v6 key with a passphrase" {
    echo "correct horse" >pass
    bulla key generate -q --profile rfc9580 --new-passphrase-file pass "Carol <carol@example.org>"
    succeeds bulla encrypt --no-self -r carol@example.org -a -o sealed letter
    succeeds bulla decrypt --passphrase-file pass -o copy sealed
    same letter copy
}

@test "detached, inline and cleartext signatures" {
    succeeds bulla sign -u alice@example.org letter
    succeeds bulla verify letter.sig letter
    remarks "Good signature by Alice"
    succeeds bulla sign -u alice@example.org --inline -o message letter
    succeeds bulla verify message
    succeeds bulla sign -u alice@example.org --cleartext -o text letter
    succeeds bulla verify text
}

@test "keys and certificates travel" {
    succeeds bulla cert export -o alice.cert alice@example.org
    succeeds bulla key export -o alice.key alice@example.org
    succeeds as elsewhere bulla cert import alice.cert
    succeeds as elsewhere bulla key import alice.key
    succeeds as elsewhere bulla key list
    prints "Alice <alice@example.org>"
}

@test "a changed message is refused" {
    bulla encrypt -r bob@example.org letter
    flip letter.pgp 250
    fails 41 "letter.pgp" bulla decrypt -o copy letter.pgp
    absent copy
}
