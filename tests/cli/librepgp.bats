#!/usr/bin/env bats
# What GnuPG and RNP write after LibrePGP, and what is older than protection against
# changes: opened and verified, never written.

load lib

setup() {
    begin
    need_specdata
    fixtures=$SPECDATA/fixtures
    aead=$fixtures/messages-aead-librepgp
    v5=$fixtures/keys-librepgp
    echo password >pass
}

# A message in packet 20 opens, and is told to be one: opens FILE PLAINTEXT
opens() {
    succeeds bulla decrypt -f --json --passphrase-file pass -o copy "$1"
    is_json '.files[0].protection == "ocb" and (.files[0].aead | . == "OCB" or . == "EAX")'
    cmp copy "$2"
}

@test "OCB Encrypted Data for a passphrase" {
    echo 'Hello, world!' >hello
    opens "$aead/gnupg-sym-ocb-1.asc" hello
    opens "$aead/rnp-pkesk-ocb.pgp" "$fixtures/messages-encrypted/message.txt"
    opens "$aead/rnp-eax.pgp" "$fixtures/messages-encrypted/message.txt"
}

@test "OCB Encrypted Data for a key" {
    echo test >pass
    echo 'hello world' >hello
    bulla key import -q "$aead/gpg2.3-test-key.asc" "$aead/gocrypto-ocb-key.asc"
    opens "$aead/gpg2.3-ocb-message.pgp" hello
    succeeds bulla decrypt -o many-chunks "$aead/gocrypto-ocb-message.asc"
    grep -q 'A Modest Proposal' many-chunks
}

@test "OCB Encrypted Data for a key over brainpoolP256r1, whose last chunk is empty" {
    bulla key import -q "$fixtures/keyrings/rnp-alice-sub-sec.pgp"
    opens "$aead/rnp-last-zero-chunk-ocb.pgp" "$aead/rnp-last-zero-chunk-plain.txt"
}

@test "OCB Encrypted Data that was changed or cut is refused" {
    refuses 41 "authentication failed" bulla decrypt --passphrase-file pass \
        -o copy "$aead/rnp-pkesk-ocb-malf.pgp"
    bulla dearmor -o message <"$aead/gnupg-sym-ocb-1.asc"
    local size at
    size=$(wc -c <message)
    for at in $((size - 1)) $((size - 20)) $((size - 40)); do
        cp message changed
        flip changed $at
        refuses 41 "authentication failed" bulla decrypt --passphrase-file pass -o copy changed
    done
    head -c $((size - 1)) message >cut
    refuses 41 "cut" bulla decrypt --passphrase-file pass -o copy cut
}

@test "OCB Encrypted Data: a wrong passphrase" {
    echo wrong >pass
    refuses 29 "wrong passphrase" bulla decrypt --passphrase-file pass \
        -o copy "$aead/gnupg-sym-ocb-1.asc"
}

@test "v5 keys are imported, shown, decrypted with, but sign nothing" {
    succeeds bulla key import "$v5/v5-sample-1-sec.asc" "$v5/v5-rsa-sec.asc"
    succeeds bulla key show emma.goldman@example.net
    prints "19347BC9872464025F99DF3EC2E0000ED9884892E1F7B3EA4C94009159569B54"
    prints "v5"
    echo hello >letter
    for who in emma.goldman@example.net v5_rsa; do
        succeeds bulla encrypt -f --no-self -r $who -o message letter
        succeeds bulla decrypt -f --passphrase-file pass -o copy message
        same copy letter
        fails 13 "keys of version 5" bulla sign --passphrase-file pass -u $who -o sig letter
        hints "bulla key generate"
        absent sig
    done
}

@test "v5 signatures verify, in a message and around a text" {
    local file
    for file in v5-rsa-signed.pgp v5-rsa-cleartext.asc; do
        succeeds bulla verify --signer-file "$v5/v5-rsa-sec.asc" "$v5/$file"
        remarks "Good signature by v5_rsa"
    done
    sed 's/message/massage/; s/text/test/' "$v5/v5-rsa-cleartext.asc" >changed.asc
    cmp -s changed.asc "$v5/v5-rsa-cleartext.asc" && return 1
    fails 3 "bad signature" bulla verify --signer-file "$v5/v5-rsa-sec.asc" changed.asc
}

@test "Symmetrically Encrypted Data is refused, or opened when asked for and marked" {
    bulla key import -q "$aead/gocrypto-ocb-key.asc" \
        "$fixtures/keys-protection/secring-rsa-4keys.gpg"
    refuses 114 "without protection against changes" \
        bulla decrypt -o copy "$fixtures/messages-encrypted/gocrypto-no-mdc.asc"
    hints "--allow-legacy"
    succeeds bulla decrypt --allow-legacy -o copy "$fixtures/messages-encrypted/gocrypto-no-mdc.asc"
    remarks "not protected"
    [ "$(cat copy)" = "message without mdc" ]
    succeeds bulla decrypt --allow-legacy --json --passphrase-file pass -o second \
        "$fixtures/messages-encrypted/rnp-sed-no-mdc.pgp"
    is_json '.files[0].protection == "none"'
    same second "$fixtures/messages-encrypted/message.txt"
}
