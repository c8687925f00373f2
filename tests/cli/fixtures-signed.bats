#!/usr/bin/env bats
# What other programs have signed, each file with the verdict that its makers give it.

load lib

setup() {
    begin
    need_specdata
    fixtures=$SPECDATA/fixtures
    text=$fixtures/messages-encrypted/message.txt
    bulla cert import -q "$fixtures"/keyrings/rnp-{pubring.gpg,alice-sub-sec.pgp} \
        "$fixtures"/messages-signed/{key-rsa-2001-pub.asc,key-rsas-rsae.asc} \
        "$fixtures"/messages-signed/{expired-signing-key-pub.asc,rpgp-mixed-line-endings.key} \
        "$fixtures"/cleartext/{rpgp-alice.pub.asc,debian-inrelease-key.asc} \
        "$fixtures"/signatures-v3/gocrypto-v3-signer-pub.asc \
        "$fixtures"/keys-dsa-elgamal/dsa4096-eg4096-sec.asc \
        "$fixtures"/keys-rsa/rsa-e257-sec.asc "$fixtures"/keys-ecc/ed25519-31-byte-scalar-sec.asc \
        "$fixtures"/keys-new-formats/v4-ed25519-x25519-tsk.asc \
        "$SPECDATA/interop-certificates/bob.pgp"
}

# verdict EXIT STATUSES WHY ARGUMENT...: the statuses of the signatures, separated by
# commas, and part of a reason or remark ("-": any, or none).
verdict() {
    local code=$1 statuses=$2 why=$3 found=0
    shift 3
    run --separate-stderr bulla verify --trust always --json "$@"
    [ "$status" -eq "$code" ] || found=1
    [ "$(jq -r '[.signatures[]?.status] | join(",")' <<<"$output")" = "$statuses" ] || found=1
    [ "$why" = - ] || jq -e --arg why "$why" \
        '[.error.message, (.signatures[]? | .reason, .remark)] | map(select(. != null)) |
            any(contains($why))' <<<"$output" >/dev/null || found=1
    [ $found -eq 0 ] || printf 'not as expected: %s\nexit code %s: %s\n' "$*" "$status" "$output"
    return $found
}

# Table: exit code, statuses, why, files of a folder.  All lines are checked.
verdicts() {
    local folder=$1 wrong=0 code statuses why files file
    shift
    while IFS='|' read -r code statuses why files; do
        local names=()
        for file in $files; do
            [[ $file == */* ]] && names+=("$file") || names+=("$fixtures/$folder/$file")
        done
        verdict "$code" "$statuses" "$why" "$@" "${names[@]}" || wrong=1
    done
    return $wrong
}

@test "signed messages of rnp and others" {
    verdicts messages-signed <<EOT
0|good,good|-|rnp-2-onepass-2-sigs.pgp
0|good,unusable|version 10|rnp-2-sigs-one-v10.pgp
0|good|-|rnp-eddsa-zero-r.sig.pgp
0|good|-|rnp-wrong-onepass-keyid.pgp
0|good|-|rpgp-mixed-line-endings.msg
0|good|not valid any more: expired on 2021-06-11|signed-before-expiry.pgp
3|unusable|version 7|rnp-bad-version.pgp
3|unusable|a critical notation|rnp-critical-notation.pgp
3|unusable|says nothing about a document|rnp-document-sig-class-0x13.pgp
3|unusable|hash algorithm 136|rnp-unknown-onepass-hash.pgp
3|rejected|made with MD5|rnp-md5-before.pgp
3|rejected|made with MD5|rnp-md5-after.pgp
3|rejected|made with SHA1, which is not accepted since 2014-01-01|rnp-sha1-after.pgp
3|rejected|not meant for signing documents|signed-by-rsa-encrypt-only.pgp
3|rejected|RSA with 1024 bits is too weak|rnp-inline.pgp
3|rejected|RSA with 1024 bits is too weak|rnp-inline-uncompressed.pgp
41||announced but missing|rnp-no-signature.pgp
EOT
}

@test "detached signatures of rnp, GnuPG and others" {
    printf test >four
    verdicts messages-signed <<EOT
0|unusable,good|version 10|rnp-2-detached-one-v10.sig $text
3|rejected|RSA with 1024 bits|rnp-detached.sig $text
3|unusable|a timestamp signature|timestamp-signature.asc $text
0|good|-|$fixtures/signatures-v3/bob-v3-binary.sig $fixtures/signatures-v3/document.txt
0|good|-|$fixtures/signatures-v3/bob-v3-text.sig.asc $fixtures/signatures-v3/document.txt
3|bad|was changed|$fixtures/signatures-v3/bob-v3-binary.sig $text
0|good|-|$fixtures/keys-rsa/rsa-e257.sig $PWD/four
0|good|-|$fixtures/keys-ecc/ed25519-31-byte-scalar.sig $PWD/four
EOT
}

@test "cleartext and version 3 signatures" {
    verdicts cleartext <<EOT
0|unusable,good|version 10|rnp-2-sigs-one-v10.asc
0|good|-|rnp-long-lines.asc
0|good|-|rpgp-empty.csf
0|good|-|rpgp-starts-with-newline.csf
0|good|expired on 2025-04-06|debian-inrelease.csf
3|unknown-signer,unknown-signer|-|gnupg-2-keys.asc
3|unusable|cut short|rnp-malformed-mpi.asc
3|rejected|RSA with 1024 bits|rnp-signed.asc
41||header|notdashescaped-header.csf
0|good|-|$fixtures/keys-new-formats/v4-ed25519-x25519-csf.msg
0|good|-|$fixtures/keys-dsa-elgamal/dsa4096-signed-message.pgp
0|good|-|$fixtures/signatures-v3/bob-v3-cleartext.asc
0|good|-|$fixtures/signatures-v3/bob-v3-inline-onepass.pgp
3|rejected|RSA with 1024 bits|$fixtures/signatures-v3/gocrypto-v3-signed-message.asc
EOT
}

# Their keys and hashes are of the past, and so is this policy.
@test "what was good once, by a policy of then" {
    verdicts messages-signed --policy-as-of 2009-12-31 <<EOT
0|good|-|rnp-md5-before.pgp
0|good|-|rnp-md5-after.pgp
0|good|-|rnp-sha1-after.pgp
0|good|-|rnp-inline.pgp
0|good|-|rnp-inline-uncompressed.pgp
0|good|-|rnp-detached.sig $text
0|good|-|rnp-detached-text.sig $text
0|good|-|rnp-detached-text.sig $fixtures/messages-signed/message-crlf.txt
0|good|-|$fixtures/cleartext/rnp-signed.asc
0|good|-|$fixtures/signatures-v3/gocrypto-v3-signed-message.asc
3|unusable|a critical notation|rnp-critical-notation.pgp
3|rejected|not meant for signing|signed-by-rsa-encrypt-only.pgp
EOT
}

# A key of a kind that the standard forbids in version 6 [RFC9580 9.2].
@test "v6 keys with legacy curves are refused" {
    refuses 41 "of a kind that is for v4 only" \
        bulla cert import "$fixtures/keys-new-formats/v6-legacy_illegal-tsk.asc"
}
