#!/usr/bin/env bats
# key edit: several edits at once, or none.

load lib
load keyedit

setup_file() {
    begin_keys
}

setup() {
    begin_with_keys
}

@test "everything at once, each part signed once" {
    for who in alice ada; do
        sub=$(subkeys_for $who encrypt)
        old=$(the_key $who | jq -r '.userids[0].userid')
        tried_first $who bulla key edit $who --revoke-uid "$old" --add-uid "$who <$who@work.example>" \
            --add-uid "$who 3" --primary-uid "$who <$who@work.example>" --expire 2099-12-31 \
            --rotate encrypt --add-subkey sign --add-subkey auth --expire-subkey "$sub=2y"
        has_users $who@work.example "*$who <$who@work.example>, $who 3"
        key_has $who@work.example '.keys[0].expires == "2099-12-31T00:00:00Z" and
            [.keys[1:][].flags[0]] == ["encrypt", "encrypt", "sign", "authenticate"] and
            all(.keys[2:][]; .expires == "2099-12-31T00:00:00Z")'
        works $who@work.example
    done
    bulla cert export --binary -o alice.pgp alice@work.example
    # the key; the old name, not the primary one any more and revoked; two names; the old subkey, bound again; three subkeys
    [ "$(packet_types alice.pgp)" = "6 13 2 2 2 13 2 13 2 14 2 2 14 2 14 2 14 2" ]
}

@test "one of the edits cannot be made, and none is" {
    leaves_key alice 59 "Alice <alice@example.org>: the key has this user ID already" \
        bulla key edit alice --expire 5y --add-subkey sign --add-uid Alice --add-uid "Alice <alice@example.org>"
    leaves_key alice 112 "there is no subkey 0123456789ABCDEF" \
        bulla key edit alice --expire 5y --add-subkey sign --revoke-subkey 0123456789ABCDEF
    leaves_key alice 2 "write it as SUBKEY=WHEN" bulla key edit alice --add-uid Alice --expire-subkey 12
    leaves_key alice 2 "sing: that is nothing a subkey is for" bulla key edit alice --add-uid A --add-subkey sing
}

@test "the primary user ID is chosen" {
    succeeds bulla key add-uid alice "Alice 2"
    tried_first alice bulla key edit alice --primary-uid "Alice 2"
    prints "changed       user ID Alice 2: now the primary one"
    has_users alice "Alice <alice@example.org>, *Alice 2"
    succeeds bulla key edit alice --primary-uid "Alice <alice@example.org>"
    has_users alice "*Alice <alice@example.org>, Alice 2"
    succeeds bulla key revoke-uid alice "Alice 2"
    leaves_key alice 107 "Alice 2: revoked" bulla key edit alice --primary-uid "Alice 2"
    leaves_key alice 107 "Bob: there is no such user ID" bulla key edit alice --primary-uid Bob
}

@test "--extend, --revoke-subkey with a reason" {
    sub=$(subkeys_for alice encrypt)
    succeeds bulla key edit alice --extend 2099-12-31 --add-subkey encrypt --revoke-subkey "$sub" \
        --reason superseded --message "too old"
    prints "revoked       subkey $sub: revoked on $(date -u +%F): superseded: too old"
    key_has alice '.keys[0].expires == "2099-12-31T00:00:00Z" and .keys[2].valid'
    works alice
}

@test "nothing to do" {
    refuses 2 "what is to be changed?" bulla key edit alice
    refuses 83 "--expire" bulla key edit alice --expire 2y --extend 2y
}

@test "the passphrase is asked for once for all edits" {
    export PASS="open sesame"
    succeeds bulla key edit lara --passphrase-file @ENV:PASS --add-subkey sign --rotate encrypt --add-uid Lara
    key_has lara 'all(.keys[]; .protected)'
    succeeds bulla key edit lara --passphrase-file @ENV:PASS --extend 2099-12-31
    works lara --passphrase-file @ENV:PASS
    leaves_key lara 67 "is protected by a passphrase" bulla key edit lara --add-uid "Lara 2" </dev/null
}

@test "an edit waits for nobody who only reads, and leaves nothing half done" {
    succeeds bulla key edit alice --dry-run --add-uid "Alice 2"
    has_users alice "*Alice <alice@example.org>"
    as alice-elsewhere refuses 112 "alice: no secret key of this name" bulla key edit alice --add-uid "Alice 2"
}
