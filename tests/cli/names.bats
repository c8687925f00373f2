#!/usr/bin/env bats
# names.bats - anybody can write names and keys into a certificate: only what its
# owner has signed makes it the one that is meant.

load lib
setup() {
    begin
    new_key "Alice <alice@example.org>"
    as bob new_key "Bob <bob@example.org>"
    as mallory new_key "Mallory <mallory@example.org>"
    certificate alice
    as bob certificate bob
    as mallory certificate mallory
    echo "Dear Bob" >letter
}

# A certificate as bytes: certificate NAME
certificate() {
    bulla cert export "$1@example.org" | bulla dearmor -o "$1.cert"
}

# Mallory's certificate with packets of another one behind it, as they stand there:
# adopt FILE INDEX...
adopt() {
    local from=$1 i
    shift
    cat mallory.cert
    for i in "$@"; do packet_of "$from" "$i"; done
}

# The same with a primary key, which becomes a subkey by its first byte.
adopt_primary() {
    cat mallory.cert
    packet_of "$1" 0 >primary
    [ "$(od -An -tx1 -N1 primary | tr -d ' ')" = c6 ]
    printf '\xce'
    tail -c +2 primary
}

bob_can_read() {
    as bob bulla decrypt -o copy "$1" && same copy letter && rm copy
}

fpr_in() {
    bulla inspect --json "$1" | json '.packets[0].fields[] | select(.name == "fingerprint").value'
}

@test "a user ID that is not signed does not make a recipient" {
    adopt bob.cert 1 >fake.cert
    bulla cert import fake.cert
    fails 112 "bob@example.org" bulla encrypt -r bob@example.org letter
    remarks "not valid there"
    hints "by its fingerprint"
    absent letter.pgp
}

@test "nor one whose signature is another's" {
    adopt bob.cert 1 2 >fake.cert
    bulla cert import fake.cert
    fails 112 "not valid there" bulla encrypt -r bob@example.org letter
    fails 112 "not valid there" bulla encrypt -r Bob letter
    absent letter.pgp
}

@test "and is not in the way of the true one" {
    adopt bob.cert 1 2 >fake.cert
    bulla cert import fake.cert
    befriend bob.cert bob@example.org
    bulla encrypt --no-self -r bob@example.org letter
    bob_can_read letter.pgp
    bulla encrypt --force --no-self -r bob letter
    bob_can_read letter.pgp
    succeeds bulla cert show --json bob@example.org
    is_json '[.certificates[].fingerprint] == ["'"$(fpr_in bob.cert)"'"]'
}

@test "a verified signer is the one who is named" {
    adopt bob.cert 1 2 >fake.cert
    bulla cert import fake.cert
    befriend bob.cert bob@example.org
    as mallory bulla sign -o by-mallory.sig letter
    fails 3 "not by the one asked for" bulla verify --signer bob@example.org by-mallory.sig letter
    as bob bulla sign -o by-bob.sig letter
    succeeds bulla verify --signer bob@example.org by-bob.sig letter
}

@test "a subkey that is not bound does not make its certificate ambiguous" {
    local key
    key=$(bulla cert show --json alice@example.org |
        json '[.certificates[0].keys[] | select(.primary | not)][0].fingerprint')
    adopt alice.cert 3 4 >fake.cert
    bulla cert import fake.cert
    succeeds bulla cert show --json "$key"
    is_json '[.certificates[].fingerprint] == ["'"$(fpr_in alice.cert)"'"]'
    bulla encrypt --no-self -r "$key" letter
    bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "a primary key that another adopts stays the one of its own certificate" {
    local fpr
    fpr=$(fpr_in alice.cert)
    adopt_primary alice.cert >fake.cert
    bulla cert import fake.cert
    for name in "$fpr" "${fpr: -16}"; do
        succeeds bulla cert show --json "$name"
        is_json '[.certificates[].fingerprint] == ["'"$fpr"'"]'
    done
}

@test "a secret key belongs to the certificate it came with" {
    adopt_primary alice.cert >fake.cert
    bulla cert import fake.cert
    succeeds bulla key list --json
    is_json '[.keys[].fingerprint] == ["'"$(fpr_in alice.cert)"'"]'
    bulla sign letter
    succeeds bulla verify letter.sig
    bulla key delete --yes alice@example.org
    succeeds bulla key list
    silent
}

@test "and to it alone when the false one was there before" {
    adopt alice.cert 3 4 >fake.cert
    as other bulla cert import fake.cert
    bulla key export -o alice.key alice@example.org
    as other bulla key import alice.key
    succeeds as other bulla key list --json
    is_json '[.keys[].fingerprint] == ["'"$(fpr_in alice.cert)"'"]'
    bulla encrypt -r alice@example.org letter
    as other bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "of an expired certificate and its successor the valid one is used" {
    as old bulla key generate -q --no-passphrase --expires 1s "Bob <bob@example.org>"
    as old bulla cert export -o old.cert bob@example.org
    sleep 2
    bulla cert import old.cert
    befriend bob.cert "$(fpr_in bob.cert)"
    bulla encrypt --no-self -r bob@example.org letter
    bob_can_read letter.pgp
    fails 111 "fits 2" bulla cert show bob@example.org
    hints "expired"
}

@test "a signature is judged by the certificate that owns its key, however many have it" {
    bulla sign letter
    adopt_primary alice.cert >fake.cert
    as other bulla cert import fake.cert
    fails 3 "" as other bulla verify letter.sig
    as other bulla cert import alice.cert
    succeeds as other bulla verify --trust always letter.sig
    remarks "Good signature by Alice <alice@example.org>"
    as more bulla cert import alice.cert fake.cert
    succeeds as more bulla verify --trust always letter.sig
    remarks "Good signature by Alice <alice@example.org>"
}

@test "a domain names all who have an address there, in either form of its name" {
    as carol new_key "Carol <carol@bücher.example>"
    as carol bulla cert export | bulla cert import
    bulla cert import bob.cert mallory.cert
    succeeds bulla cert list @EXAMPLE.org
    [ "${#lines[@]}" -eq 3 ]
    succeeds bulla cert show Carol@XN--Bcher-KVA.example
    prints "Carol <carol@bücher.example>"
    succeeds bulla cert list @xn--bcher-kva.example
    [ "${#lines[@]}" -eq 1 ]
    fails 112 "no certificate of this name" bulla cert list @example
    fails 111 "fits 3 certificates" bulla encrypt -r @example.org letter
    absent letter.pgp
}
