#!/usr/bin/env bats
# key expire, extend: when one's own key and its subkeys end.

load lib
load keyedit

# Olga's key and subkey have expired by the time that the tests begin.
setup_file() {
    begin_keys
    new_key "Olga <olga@example.org>" --expires 1s
    new_key "Oda <oda@example.org>" --expires 1s --profile rfc9580
    until bulla key list oda | grep -q expired; do sleep 0.1; done
}

setup() {
    begin_with_keys
}

# When the parts end, in order: the key, then its subkeys: ends_of WHO
ends_of() {
    the_key "$1" | jq -r '[.keys[] | (.expires // "never")[:10]] | join(" ")'
}

@test "expire: the key alone, by a date" {
    for who in alice ada; do
        before=$(ends_of $who)
        tried_first $who bulla key expire $who 2099-12-31
        prints "changed       key $(primary_of $who): expires 2099-12-31, was ${before% *}"
        remarks "Warning: subkey $(subkeys_for $who encrypt) expires on ${before#* } already"
        [ "$(ends_of $who)" = "2099-12-31 ${before#* }" ]
        works $who
    done
}

@test "expire: in a length of time, or never" {
    succeeds bulla key expire alice 90d
    [ "$(ends_of alice | cut -c-10)" = "$(date -u -d '+90 days' +%F)" ]
    succeeds bulla key expire alice never
    [ "$(ends_of alice | cut -d' ' -f 1)" = never ]
    succeeds bulla key expire --json ada never
    is_json '.changes[0] | .expires == null and .expired_before != null'
    works ada
}

@test "expire: all user IDs of a version 4 key say it" {
    succeeds bulla key add-uid alice "Alice 2" "Alice 3"
    succeeds bulla key revoke-uid alice "Alice 3"
    succeeds bulla key expire alice 2099-12-31
    key_has alice '[.userids[] | select(.valid)] | length == 2'
    [ "$(signed_about alice 0x13 "Key Expiration Time" | tr ' ' '\n' | sort | uniq -c | sort -n | head -1 | awk '{ print $1 }')" -ge 1 ]
    succeeds bulla key revoke-uid alice "Alice <alice@example.org>"
    [ "$(ends_of alice@example.org 2>/dev/null || ends_of "Alice 2" | cut -d' ' -f 1)" = 2099-12-31 ]
}

@test "expire: the direct key signature of a version 6 key says it, and nothing else is signed" {
    succeeds bulla key expire --json ada 2099-12-31
    is_json '.changes | length == 1 and .[0].primary and .[0].signatures[0].type == "direct key"'
}

@test "expire: a subkey by itself" {
    sub=$(subkeys_for alice encrypt)
    tried_first alice bulla key expire --subkey "$sub" alice 1y
    prints "changed       subkey $sub: expires $(date -u -d '+31557600 seconds' +%F), was "
    succeeds bulla key expire --subkey "${sub: -16}" alice never
    [ "$(ends_of alice | cut -d' ' -f 2)" = never ]
    works alice
    leaves_key alice 112 "there is no subkey" bulla key expire --subkey 0123456789ABCDEF alice 1y
    succeeds bulla key revoke-subkey alice "$sub"
    leaves_key alice 114 "subkey $sub: revoked" bulla key expire --subkey "$sub" alice 1y
}

@test "expire: a subkey that signs goes on confirming that it belongs" {
    succeeds bulla key add-subkey --for sign alice
    succeeds bulla key expire --subkey "$(subkeys_for alice sign)" alice 1y
    key_has alice '.keys[2].valid'
    works alice
}

@test "expire: an expired key is good again" {
    for who in olga oda; do
        fails 17 "expired" bulla encrypt -r $who letter
        succeeds bulla key expire $who 1y
        prints "valid again"
        succeeds bulla sign -u $who letter -o "$who.sig"
        succeeds bulla verify --signer $who "$who.sig" letter
        fails 17 "expired" bulla encrypt -r $who letter
        succeeds bulla key extend $who 1y
        works $who
    done
}

@test "extend: the key and its subkey, also where they have expired" {
    for who in alice ada olga oda; do
        tried_first $who bulla key extend $who 2099-12-31
        [ "$(ends_of $who)" = "2099-12-31 2099-12-31" ]
        works $who
    done
}

@test "extend: what ends later stays as it is" {
    succeeds bulla key expire alice never
    before=$(ends_of alice)
    leaves_nothing_to_do bulla key extend alice 30d
    [ "$(ends_of alice)" = "$before" ]
    succeeds bulla key extend alice 10y
    [ "$(ends_of alice | cut -d' ' -f 1)" = never ]
    [ "$(ends_of alice)" != "$before" ]
}

leaves_nothing_to_do() {
    bulla key export --binary alice >before.key
    succeeds "$@"
    [ -z "$output" ]
    remarks "Nothing to change."
    bulla key export --binary alice | cmp - before.key
    succeeds "$@" --json
    is_json '.changes == []'
}

@test "extend: a subkey in whose place there is a newer one only with --all" {
    succeeds bulla key rotate alice
    retired=$(ends_of alice | cut -d' ' -f 2)
    succeeds bulla key extend alice 2099-12-31
    [ "$(ends_of alice)" = "2099-12-31 $retired 2099-12-31" ]
    succeeds bulla key extend --all alice 2099-12-31
    [ "$(ends_of alice)" = "2099-12-31 2099-12-31 2099-12-31" ]
    sub=$(subkeys_for alice encrypt | head -1)
    succeeds bulla key revoke-subkey --reason retired alice "$sub"
    succeeds bulla key extend --all alice 2100-01-31
    [ "$(ends_of alice)" = "2100-01-31 2099-12-31 2100-01-31" ]
    key_has alice '.keys[1].valid == false'
    works alice
}

@test "extend a key from elsewhere, signed with SHA-1 once" {
    need_specdata
    bulla key import -q "$SPECDATA/interop-certificates/alice-secret.pgp"
    succeeds bulla key expire alice@openpgp.example 5y
    works alice@openpgp.example
}

@test "when it cannot end" {
    leaves_key alice 2 "lies in the past" bulla key expire alice 2020-01-01
    leaves_key alice 2 "neither a length of time nor a date" bulla key expire alice soon
    leaves_key alice 2 "too far in the future for OpenPGP" bulla key extend alice 200y
    refuses 2 "an argument is missing: WHEN" bulla key extend
    leaves_key lara 67 "is protected by a passphrase" bulla key extend lara 5y </dev/null
    export PASS="open sesame"
    succeeds bulla key extend --passphrase-file @ENV:PASS lara 2099-12-31
    [ "$(ends_of lara)" = "2099-12-31 2099-12-31" ]
}

@test "a version 4 key whose only user ID is revoked" {
    succeeds bulla key revoke-uid alice "Alice <alice@example.org>"
    fpr=$(bulla key list --json | jq -r '.keys[] | select(.userid | startswith("Alice")) | .fingerprint')
    refuses 114 "only a revoked user ID says when the key ends" bulla key expire "$fpr" 2099-12-31
    hints "bulla key add-uid"
    succeeds bulla key expire "$fpr" 1y # sooner
    succeeds bulla key edit "$fpr" --add-uid "Alice 2" --expire 2099-12-31
    [ "$(ends_of "$fpr" | cut -d' ' -f 1)" = 2099-12-31 ]
}
