#!/usr/bin/env bats
# key export: without the primary key's secret part, and for OpenSSH.  What export does
# otherwise is in keys.bats.

load lib

setup() {
    begin
}

# A key whose primary key may authenticate, from the fixtures.
need_ssh_key() {
    need_specdata
    bulla key import -q "$SPECDATA/fixtures/keys-protection/s2k-passphrase-123-sec.asc"
}

@test "--subkeys-only: the primary secret stays here" {
    new_key Alice
    succeeds bulla key export --subkeys-only -o subkeys.asc Alice
    remarks "only decrypts with that"
    hints_nothing
    [ "$(stat -c %a subkeys.asc)" = 600 ]
    [ "$(packet_types subkeys.asc)" = "5 13 2 7 2" ]
    [ "$(field_of subkeys.asc 5 S2K)" = "GnuPG: the secret is not here" ]
    [ "$(field_of subkeys.asc 7 'S2K usage')" != "$(field_of subkeys.asc 5 'S2K usage')" ]
    echo text >letter
    bulla encrypt -q --no-self -r Alice letter
    bulla cert export -q -o alice.cert Alice
    as laptop succeeds bulla key import subkeys.asc
    as laptop succeeds bulla key show Alice
    prints "secret part elsewhere"
    as laptop succeeds bulla decrypt -o copy letter.pgp
    same copy letter
    as laptop refuses 112 "secret part of key" bulla sign letter
    # The machine that has it all loses nothing by an import of the part.
    bulla key import -q subkeys.asc
    succeeds bulla sign letter
}

hints_nothing() {
    [[ $stderr != *"hint: "* ]]
}

@test "--subkeys-only: keeps the passphrase of the subkeys" {
    echo secret >pass
    succeeds bulla key generate -q --new-passphrase-file pass Alice
    echo text >letter
    bulla encrypt -q --no-self -r Alice letter
    bulla key export -q --subkeys-only --binary -o subkeys Alice
    as laptop bulla key import -q subkeys
    as laptop refuses 67 "protected by a passphrase" bulla decrypt -o copy letter.pgp
    as laptop succeeds bulla decrypt --passphrase-file pass -o copy letter.pgp
    same copy letter
}

@test "--subkeys-only: not in version 6, and not without a subkey" {
    new_key Six --profile rfc9580
    refuses 13 "in version 6 there is no form" bulla key export --subkeys-only -o out Six
    hints "version 4"
    absent out
    new_key Robot --signing-only
    refuses 112 "no subkey whose secret part is here" bulla key export --subkeys-only -o out Robot
    absent out
}

@test "--subkeys-only of what is one already" {
    new_key Alice
    bulla key export -q --subkeys-only --binary -o once Alice
    as laptop bulla key import -q once
    as laptop bulla key export -q --subkeys-only --binary -o twice Alice
    same once twice
}

@test "--ssh: a line that OpenSSH reads" {
    need_ssh_key
    succeeds bulla key export --ssh bob@example.org
    [[ $output =~ ^ssh-ed25519\ AAAAC3NzaC1lZDI1NTE5AAAAI[0-9A-Za-z+/]{43}\ bob@example.org$ ]]
    [ -z "$stderr" ]
    bulla key export --ssh -o key.pub bob@example.org
    refuses 59 "key.pub: exists already" bulla key export --ssh -o key.pub bob@example.org
    command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
    ssh-keygen -l -f key.pub
}

@test "--ssh: a key that may not authenticate" {
    new_key Alice
    refuses 79 "no key of it may authenticate" bulla key export --ssh -o key.pub Alice
    hints "bulla key add-subkey --for auth"
    absent key.pub
}

@test "options that do not go together" {
    new_key Alice
    refuses 83 "--ssh" bulla key export --ssh --subkeys-only Alice
    refuses 83 "--ssh" bulla key export --ssh --armor Alice
    refuses 83 "--ssh" bulla key export --ssh --binary Alice
    refuses 2 "which one?" bulla key export --ssh
}
