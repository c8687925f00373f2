#!/usr/bin/env bats
# sop change-key-password, revoke-key, merge-certs.

load lib
load sop

setup() {
    begin
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    printf 'open sesame' >pass
    printf 'open barley' >new
}

@test "another password, in every profile: all parts of the key have it" {
    local profile
    for profile in default rfc9580 security compatibility; do
        sop_key alice --profile="$profile" --with-key-password=pass
        succeeds sop change-key-password --old-key-password=pass --new-key-password=new <alice.key
        sop change-key-password --old-key-password=pass --new-key-password=new <alice.key >changed
        refuses 67 "wrong passphrase" sop sign --with-key-password=pass changed <letter
        succeeds sop sign --with-key-password=new changed <letter
        # Each of its secret parts: without the new password none can be taken off.
        refuses 67 "" sop change-key-password --old-key-password=pass <changed
        sop change-key-password --old-key-password=new <changed >open
        succeeds sop sign open <letter
        sop extract-cert <open >cert
        cmp cert alice.cert
    done
}

@test "a password for keys that have none" {
    sop_key alice
    sop change-key-password --new-key-password=new <alice.key >locked
    [ "$(packet_types locked)" = "5 13 2 7 2" ]
    [ "$(bulla inspect --json locked | jq '[.packets[].fields[] | select(.name == "S2K usage")] | length')" = 2 ]
    refuses 67 "protected" sop sign locked <letter
    succeeds sop sign --with-key-password=new locked <letter
    succeeds sop change-key-password <alice.key
}

@test "several keys, each with its own old password" {
    sop_key alice --with-key-password=pass
    printf 'open rye' >rye
    sop_key bob --with-key-password=rye
    sop_key carol
    cat alice.key bob.key carol.key >keys
    refuses 67 "wrong passphrase" sop change-key-password --old-key-password=pass --new-key-password=new <keys
    hints "check the passphrase"
    refuses 67 "protected" sop change-key-password --new-key-password=new <keys
    hints "--old-key-password"
    sop change-key-password --no-armor --old-key-password=rye --old-key-password=pass \
        --new-key-password=new <keys >changed
    [ "$(packet_types changed)" = "5 13 2 7 2 5 13 2 7 2 5 13 2 7 2" ]
    succeeds sop sign --with-key-password=new changed <letter
}

@test "change-key-password: its errors" {
    sop_key alice
    refuses 41 "a certificate, where a secret key is wanted" sop change-key-password <alice.cert
    refuses 41 "" sop change-key-password <letter
    printf 'open\nsesame' >lines
    refuses 31 "control characters" sop change-key-password --new-key-password=lines <alice.key
    refuses 61 "" sop change-key-password --new-key-password=missing <alice.key
    refuses 37 "" sop change-key-password --with-key-password=pass <alice.key
    refuses 1 "" sop change-key-password alice.key <alice.key
}

@test "what others have protected in other ways" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-protection
    printf 123 >old
    sop change-key-password --old-key-password=old --new-key-password=new \
        <"$keys/s2k-passphrase-123-sec.asc" >changed
    sop change-key-password --old-key-password=new <changed >open
    bulla inspect --json open | jq -e '[.packets[].fields[] | select(.name == "S2K usage") | .value] |
        length > 0 and all(startswith("0") or startswith("not protected"))'
    # A stub of GnuPG's stays one.
    printf golang >old
    sop change-key-password --old-key-password=old <"$keys/gnu-dummy-primary-sec.asc" >changed
    bulla inspect changed | grep -q "not here"
}

@test "keys of old versions, and of version 5" {
    need_specdata
    local keys=$SPECDATA/fixtures
    sop change-key-password --no-armor <"$keys/keys-v3/pgp6-alice-v3.sec.asc" >open
    refuses 13 "version 3" sop change-key-password --new-key-password=new <open
    # What is protected in an old way can be opened.
    printf password >old
    succeeds sop change-key-password --old-key-password=old \
        <"$keys/keys-protection/secring-rsa-cast5.gpg"
    sop change-key-password --no-armor <"$keys/keys-librepgp/v5-sample-1-sec.asc" >open
    [ "$(packet_types open)" = "5 13 2 7 2" ]
    cmp <(sop extract-cert <open) <(sop extract-cert <"$keys/keys-librepgp/v5-sample-1-sec.asc")
    printf new >new # version 5 has its own fields
    sop change-key-password --no-armor --new-key-password=new <open >locked
    fails 67 "" sop change-key-password <locked
    sop change-key-password --no-armor --old-key-password=new <locked >again
    cmp open again
}

@test "a revoked key signs nothing good any more" {
    local profile
    for profile in default rfc9580 compatibility; do
        sop_key alice --profile="$profile" --with-key-password=pass
        sop sign --with-key-password=pass alice.key <letter >sig
        succeeds sop verify sig alice.cert <letter
        sop revoke-key --with-key-password=pass <alice.key >revoked
        [ "$(head -n 1 revoked)" = "-----BEGIN PGP PUBLIC KEY BLOCK-----" ]
        refuses 3 "revoked" sop verify sig revoked <letter
        sop merge-certs revoked <alice.cert >merged
        refuses 3 "revoked" sop verify sig merged <letter
    done
}

@test "revoke-key: several keys, keys without user IDs, bytes" {
    sop generate-key >keys
    sop generate-key --profile=rfc9580 >>keys
    sop revoke-key --no-armor <keys >revoked
    [ "$(packet_types revoked)" = "6 2 2 14 2 6 2 2 14 2" ]
}

@test "revoke-key: its errors" {
    need_specdata
    sop_key alice --with-key-password=pass
    refuses 67 "protected" sop revoke-key <alice.key
    hints "--with-key-password"
    refuses 67 "wrong" sop revoke-key --with-key-password=new <alice.key
    refuses 41 "a certificate, where a secret key is wanted" sop revoke-key <alice.cert
    refuses 97 "on a card" sop revoke-key <"$SPECDATA/fixtures/keys-protection/gnu-card-s2k-101-2.pgp"
    refuses 79 "not here" sop revoke-key <"$SPECDATA/fixtures/keys-protection/gnu-dummy-primary-sec.asc"
}

@test "merge-certs adds what is new, and nobody else's certificate" {
    sop_key alice
    sop_key bob
    sop revoke-key <alice.key >revoked
    cat revoked bob.cert >others
    sop merge-certs --no-armor others <alice.cert >merged
    [ "$(packet_types merged)" = "6 2 13 2 14 2" ]
    sop merge-certs bob.cert <alice.cert >merged
    cmp merged alice.cert
    sop merge-certs <alice.cert >merged
    cmp merged alice.cert
    sop merge-certs alice.cert bob.cert revoked <bob.cert >merged
    cmp merged bob.cert
}

@test "merge-certs makes one of the copies on standard input" {
    sop_key alice
    sop_key bob
    sop revoke-key <alice.key >revoked
    cat alice.cert bob.cert revoked bob.cert >certs
    sop merge-certs --no-armor <certs >merged
    [ "$(packet_types merged)" = "6 2 13 2 14 2 6 13 2 14 2" ]
}

@test "merge-certs: its errors" {
    sop_key alice
    refuses 41 "a secret key, where a certificate is wanted" sop merge-certs alice.key <alice.cert
    refuses 41 "a secret key, where a certificate is wanted" sop merge-certs alice.cert <alice.key
    refuses 41 "" sop merge-certs alice.cert </dev/null
    refuses 61 "missing" sop merge-certs missing <alice.cert
    refuses 71 "@HOME" sop merge-certs @HOME:x <alice.cert
}
