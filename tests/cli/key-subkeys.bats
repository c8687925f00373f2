#!/usr/bin/env bats
# key add-subkey, revoke-subkey, rotate: the subkeys of one's own key.

load lib
load keyedit

setup_file() {
    begin_keys
}

setup() {
    begin_with_keys
}

# Who made the signature of a file: signer_of FILE
signer_of() {
    bulla inspect --json "$1" | jq -r '[.packets[].fields[]? | select(.name | startswith("Issuer Fingerprint")) | .value][0]'
}

# To which keys a message is encrypted: recipients_of FILE
recipients_of() {
    bulla inspect --json "$1" | jq -r '[.packets[] | select(.type == 1) | .fields[] | select(.name | test("key ID|fingerprint")) | .value] | join(" ")'
}

@test "a subkey that signs is used to sign from now on" {
    for who in alice ada; do
        tried_first $who bulla key add-subkey --for sign $who
        sub=$(subkeys_for $who sign)
        prints "new           subkey $sub"
        works $who
        bulla sign -u $who -o "$who.sig" letter
        [ "$(signer_of $who.sig)" = "$sub" ]
    done
}

@test "a subkey for authentication" {
    succeeds bulla key add-subkey --for auth alice
    key_has alice '.keys[2] | .flags == ["authenticate"] and .valid and .algorithm == "EdDSALegacy Ed25519"'
    succeeds bulla key add-subkey --for sign,auth ada
    key_has ada '.keys[2] | .flags == ["sign", "authenticate"] and .valid and .algorithm == "Ed25519"'
}

@test "a second subkey for encryption takes over" {
    old=$(subkeys_for alice encrypt)
    succeeds bulla key add-subkey alice
    [ "$(subkeys_for alice encrypt | wc -l)" -eq 2 ]
    succeeds bulla encrypt --no-self -r alice -o letter.pgp letter
    [[ $(recipients_of letter.pgp) != *${old: -16}* ]]
    works alice
}

@test "what kind it is: that of the key, or of another profile of its version" {
    succeeds bulla key add-subkey --for sign --profile compatibility alice
    key_has alice '.keys[2] | .algorithm == "RSA 3072" and .valid'
    succeeds bulla key add-subkey --profile security ada
    key_has ada '.keys[2] | .algorithm == "X448" and .valid'
    leaves_key alice 89 "profile rfc9580 is for keys of version 6, not 4" \
        bulla key add-subkey --profile rfc9580 alice
    leaves_key alice 89 "future: no such profile" bulla key add-subkey --profile future alice
}

@test "it ends with the key, unless told otherwise" {
    succeeds bulla key add-subkey --for sign alice
    key_has alice '.keys[2].expires == .keys[0].expires'
    succeeds bulla key add-subkey --for sign --expires never alice
    key_has alice '.keys[3].expires == null'
    succeeds bulla key add-subkey --for sign --expires 2100-01-01 ada
    key_has ada '.keys[2].expires == "2100-01-01T00:00:00Z"'
    leaves_key alice 2 "lies in the past" bulla key add-subkey --expires 2020-01-01 alice
}

@test "it gets the passphrase of the key" {
    export PASS="open sesame"
    succeeds bulla key add-subkey --for sign --passphrase-file @ENV:PASS lara
    key_has lara 'all(.keys[]; .protected)'
    works lara --passphrase-file @ENV:PASS
    leaves_key lara 67 "is protected by a passphrase" bulla key add-subkey lara </dev/null
}

@test "what a subkey is not for" {
    leaves_key alice 2 "cooking: that is nothing a subkey is for" bulla key add-subkey --for cooking alice
    leaves_key alice 2 "a subkey for encryption does nothing else" \
        bulla key add-subkey --for encrypt,sign alice
}

@test "the only key need not be named; of several one must be" {
    refuses 111 "your own key: fits 3 certificates" bulla key add-subkey
    hints "name the one that you mean"
    as other new_key "Olga <olga@example.org>"
    as other bulla key add-subkey -q --for sign
}

@test "revoke-subkey: the one before it is in use again" {
    old=$(subkeys_for alice encrypt)
    succeeds bulla key add-subkey alice
    new=$(subkeys_for alice encrypt | tail -1)
    tried_first alice bulla key revoke-subkey --reason superseded --message "made twice" alice "$new"
    prints "revoked       subkey $new: revoked on $(date -u +%F): superseded: made twice"
    succeeds bulla encrypt --no-self -r alice -o letter.pgp letter
    [[ $(recipients_of letter.pgp) == *${old: -16}* ]]
    works alice
}

@test "revoke-subkey by key ID; the last for encryption, with a warning" {
    sub=$(subkeys_for alice encrypt)
    bulla encrypt --no-self -r alice -o letter.pgp letter
    succeeds bulla key revoke-subkey --json alice "0x${sub: -16}"
    is_json '.changes[0] | .change == "revoked" and .signatures[0].type == "subkey revocation"'
    is_json '.warnings == ["nobody can encrypt to the key any more; bulla key add-subkey adds a subkey for that"]'
    fails 17 "revoked" bulla encrypt -r alice letter
    succeeds bulla decrypt -o copy letter.pgp
    same copy letter
}

@test "revoke-subkey: retired first, stolen later; but not twice" {
    sub=$(subkeys_for ada encrypt)
    succeeds bulla key revoke-subkey --reason retired ada "$sub"
    leaves_key ada 59 "subkey $sub: it is revoked already" \
        bulla key revoke-subkey --reason superseded ada "$sub"
    succeeds bulla key revoke-subkey --reason compromised ada "$sub"
    prints "revoked       subkey $sub: revoked on $(date -u +%F): compromised"
    leaves_key ada 59 "subkey $sub: it is revoked already" bulla key revoke-subkey ada "$sub"
}

@test "revoke-subkey: what is none" {
    primary=$(primary_of alice)
    leaves_key alice 2 "${primary} is the primary key, no subkey" bulla key revoke-subkey alice "$primary"
    leaves_key alice 112 "there is no subkey 0123456789ABCDEF" \
        bulla key revoke-subkey alice 0123456789abcdef
    leaves_key alice 112 "there is no subkey $(subkeys_for ada encrypt)" \
        bulla key revoke-subkey alice "$(subkeys_for ada encrypt)"
    leaves_key alice 2 "encrypt: neither a fingerprint nor a key ID" bulla key revoke-subkey alice encrypt
    leaves_key alice 2 "angry: no such reason" \
        bulla key revoke-subkey --reason angry alice "$(subkeys_for alice encrypt)"
}

@test "rotate: new messages go to the new subkey, old ones still open" {
    for who in alice ada; do
        old=$(subkeys_for $who encrypt)
        bulla encrypt -q --no-self -r $who -o "$who.pgp" letter
        tried_first $who bulla key rotate $who
        prints "changed       subkey $old: expires now, was "
        new=$(subkeys_for $who encrypt | tail -1)
        prints "new           subkey $new"
        key_has $who ".keys[1].valid == false and .keys[2].valid"
        bulla encrypt -q --no-self -r $who -o "$who-2.pgp" letter
        [ "$(recipients_of $who.pgp)" != "$(recipients_of $who-2.pgp)" ]
        works $who
        succeeds bulla decrypt -o "$who.copy" "$who.pgp"
        same "$who.copy" letter
    done
}

@test "rotate again and again" {
    succeeds bulla key rotate alice
    succeeds bulla key rotate alice
    key_has alice '[.keys[] | select(.flags == ["encrypt"])] | length == 3 and ([.[] | select(.valid)] | length == 1)'
    works alice
}

@test "rotate --retire: the old one ends at another time, or not" {
    succeeds bulla key rotate --retire 30d alice
    key_has alice '.keys[1].valid and .keys[2].valid'
    prints "expires $(date -u -d '+30 days' +%F), was "
    before=$(the_key ada | jq -r '.keys[1].expires')
    succeeds bulla key rotate --retire never ada
    key_has ada ".keys[1].expires == \"$before\""
    leaves_key alice 2 "neither a length of time nor a date" bulla key rotate --retire soon alice
}

@test "rotate --for sign: the old one stays good for what it has signed" {
    succeeds bulla key add-subkey --for sign alice
    bulla sign -u alice -o old.sig letter
    succeeds bulla key rotate --for sign alice
    bulla sign -u alice -o new.sig letter
    [ "$(signer_of old.sig)" != "$(signer_of new.sig)" ]
    succeeds bulla verify --signer alice old.sig letter
    succeeds bulla verify --signer alice new.sig letter
    succeeds bulla key rotate --for sign --retire now alice
    bulla sign -u alice -o newest.sig letter
    for sig in old new newest; do
        succeeds bulla verify --signer alice $sig.sig letter
    done
}

@test "rotate where there is nothing to rotate" {
    leaves_key alice 112 "there is no subkey whose place a new one could take" bulla key rotate --for sign alice
    hints "bulla key add-subkey"
}

@test "a revoked key is not edited" {
    bulla key export --binary -q alice | bulla sop revoke-key >revoked.cert
    bulla cert import -q revoked.cert
    fpr=$(primary_of alice)
    for edit in "add-subkey $fpr" "rotate $fpr" "extend $fpr 5y" "expire $fpr 2y" "revoke-subkey $fpr $(subkeys_for alice encrypt)"; do
        # shellcheck disable=SC2086
        refuses 103 "the primary key: it is revoked" bulla key $edit
    done
}

@test "a key whose primary secret is elsewhere" {
    need_specdata
    bulla key export --binary -q -o alice.key alice
    # the subkey alone
    { bulla cert export --binary -q alice >alice.cert; packet_of alice.cert 0; packet_of alice.cert 1
        packet_of alice.cert 2; packet_of alice.key 3; packet_of alice.key 4; } >sub.key
    as other bulla key import -q sub.key
    as other refuses 103 "is not here" bulla key add-subkey alice
}
