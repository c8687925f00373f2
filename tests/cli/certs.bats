#!/usr/bin/env bats
# cert: import, export, list, show and delete certificates, and the ways to name one.

load lib

setup() {
    begin
    as bob new_key "Bob Baker <bob@example.org>"
    as bob bulla cert export -o bob.cert bob@example.org
    as carol new_key "Carol Cook <carol@example.org>"
    as carol bulla cert export -o carol.cert carol@example.org
    bob=$(as bob fingerprint_of bob@example.org)
    carol=$(as carol fingerprint_of carol@example.org)
}

# The certificate that this names is Bob's: names_bob NAME
names_bob() {
    succeeds bulla cert show --json "$1"
    is_json ".certificates[0].fingerprint == \"$bob\""
}

# Finding.

@test "found by fingerprint, however it is written" {
    local spaced=$bob i
    bulla cert import -q bob.cert carol.cert
    for ((i = 36; i > 0; i -= 4)); do
        spaced="${spaced:0:i} ${spaced:i}"
    done
    names_bob "$bob"
    names_bob "${bob,,}"
    names_bob "0x$bob"
    names_bob "0X${bob,,}"
    names_bob "$spaced"
    names_bob "${spaced,,}"
    names_bob "${spaced:0:24}  ${spaced:25}"
}

@test "found by key ID" {
    bulla cert import -q bob.cert carol.cert
    names_bob "${bob:24}"
    names_bob "0x${bob:24}"
    names_bob "${bob:24:8} ${bob:32}"
}

@test "found by the fingerprint and key ID of a subkey" {
    local subkey
    bulla cert import -q bob.cert carol.cert
    subkey=$(bulla cert show --json "$bob" | json '.certificates[0].keys[1].fingerprint')
    [ "$subkey" != "$bob" ]
    names_bob "$subkey"
    names_bob "0x${subkey,,}"
    names_bob "${subkey:24}"
}

@test "found by v6 fingerprint and key ID" {
    local v6 subkey
    new_key "Victor <victor@example.org>" --profile rfc9580
    v6=$(fingerprint_of victor@example.org)
    subkey=$(bulla cert show --json "$v6" | json '.certificates[0].keys[1].fingerprint')
    for name in "$v6" "${v6,,}" "${v6:0:16}" "$subkey" "0x${subkey:0:16}"; do
        succeeds bulla cert show --json "$name"
        is_json ".certificates[0].fingerprint == \"$v6\""
    done
}

@test "a short key ID of 8 digits names nothing: too easy to forge" {
    bulla cert import -q bob.cert
    refuses 112 "${bob:32}" bulla cert show "${bob:32}"
}

@test "found by e-mail, in any case, with or without brackets" {
    bulla cert import -q bob.cert carol.cert
    names_bob bob@example.org
    names_bob BOB@Example.ORG
    names_bob "<bob@example.org>"
}

@test "an e-mail names that address and not those it is part of" {
    new_key "Jim Bob <jimbob@example.org>"
    new_key "Bob <bob@example.org.example>"
    bulla cert import -q bob.cert
    names_bob bob@example.org
}

@test "found by part of the user ID, in any case" {
    bulla cert import -q bob.cert carol.cert
    names_bob Baker
    names_bob "bob b"
    names_bob "Bob Baker <bob@example.org>"
}

@test "percent and underscore are letters like others" {
    bulla cert import -q bob.cert carol.cert
    refuses 112 "%" bulla cert show %
    refuses 112 "B_b" bulla cert show B_b
    new_key "100% Carl_Cole"
    succeeds bulla cert show "100%"
    prints "Carl_Cole"
}

@test "a name that fits several" {
    bulla cert import -q bob.cert carol.cert
    refuses 111 "example.org: fits 2 certificates" bulla cert show example.org
    remarks "$bob  Bob Baker <bob@example.org>"
    remarks "$carol  Carol Cook <carol@example.org>"
    hints "fingerprint"
}

@test "a name that fits none" {
    bulla cert import -q bob.cert
    refuses 112 "dave: no certificate of this name" bulla cert show dave
    refuses 112 "no certificate of this name" bulla cert show ""
    refuses 112 "0x${carol}" bulla cert show "0x$carol"
}

@test "two certificates with the same key ID are told apart" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-validity
    bulla cert import -q "$keys/colliding-keyid-1.asc" "$keys/colliding-keyid-2.asc"
    refuses 111 "fits 2 certificates" bulla cert show DDA252EBB8EBE1AF
    succeeds bulla cert list
    [ "$(wc -l <<<"$output")" -eq 2 ]
}

# Import.

@test "import says what is new, changed and unchanged" {
    succeeds bulla cert import bob.cert
    [ "$stderr" = "new        $bob  Bob Baker <bob@example.org>" ]
    [ -z "$output" ]
    succeeds bulla cert import bob.cert
    [ "$stderr" = "unchanged  $bob  Bob Baker <bob@example.org>" ]
    succeeds bulla cert import -q carol.cert
    silent
    [ "$(bulla cert list | wc -l)" -eq 2 ]
}

@test "import --json counts" {
    bulla cert import -q bob.cert
    succeeds bulla cert import --json bob.cert carol.cert
    is_json '.new == 1 and .unchanged == 1 and .changed == 0 and .rejected == 0'
    is_json "[.imported[].fingerprint] == [\"$bob\", \"$carol\"]"
    is_json '.imported[0].userid == "Bob Baker <bob@example.org>" and .imported[0].secret == false'
}

# The packets of a file, but for how their headers are written.
content_of() {
    bulla inspect --json "$1" | jq -c '.packets[] | {type, fields}'
}

@test "import merges: nothing that was there is lost" {
    need_specdata
    bulla dearmor -o whole "$SPECDATA/interop-certificates/bob.pgp"
    [ "$(packet_types whole)" = "6 13 2 14 2" ]
    { packet_of whole 0 && packet_of whole 1 && packet_of whole 2; } >user
    { packet_of whole 0 && packet_of whole 3 && packet_of whole 4; } >subkey
    succeeds bulla cert import user
    remarks "new"
    succeeds bulla cert import subkey
    remarks "changed"
    succeeds bulla cert import whole
    remarks "unchanged"
    succeeds bulla cert import user
    remarks "unchanged"
    bulla cert export --binary -o exported bob@openpgp.example
    [ "$(content_of exported)" = "$(content_of whole)" ]
}

@test "import from standard input" {
    succeeds bulla cert import <bob.cert
    remarks "new        $bob"
    succeeds bulla cert import - <carol.cert
    remarks "new        $carol"
}

@test "import of many certificates in one file, as text or bytes" {
    cat bob.cert carol.cert >text
    { bulla dearmor bob.cert && bulla dearmor carol.cert; } >bytes
    succeeds as one bulla cert import text
    succeeds as two bulla cert import bytes
    [ "$(as one bulla cert list | wc -l)" -eq 2 ]
    [ "$(as two bulla cert list | wc -l)" -eq 2 ]
}

@test "import of text with other text around it" {
    { echo "My certificate:" && sed 's/$/\r/' bob.cert && echo "Regards, Bob"; } >mail
    succeeds bulla cert import mail
    remarks "new        $bob"
}

@test "import of a secret key takes the certificate only, and says so" {
    as bob bulla key export -o bob.key bob@example.org
    succeeds bulla cert import bob.key
    remarks "secret key in bob.key is left out"
    remarks "bulla key import"
    succeeds bulla key list
    silent
    names_bob bob@example.org
    bulla cert export --binary -o exported bob@example.org
    bulla dearmor -o original bob.cert
    same exported original
}

@test "import of what is no certificate" {
    : >empty
    echo "just text" >letter
    head -c 1000 /dev/zero >zeros
    bulla encrypt --recipient-file bob.cert letter
    as bob bulla sign letter
    fails 41 "empty" bulla cert import empty
    fails 41 "letter" bulla cert import letter
    fails 41 "zeros" bulla cert import zeros
    fails 41 "letter.pgp" bulla cert import letter.pgp
    fails 41 "letter.sig" bulla cert import letter.sig
    fails 41 "standard input" bulla cert import </dev/null
    succeeds bulla cert list
    silent
}

@test "a file that is no certificate does not stop the others" {
    echo "just text" >letter
    run --separate-stderr bulla cert import bob.cert letter carol.cert
    [ "$status" -eq 41 ]
    remarks "letter"
    [ "$(bulla cert list | wc -l)" -eq 2 ]
}

@test "a file that is missing does not stop the others" {
    fails 61 "missing: No such file" bulla cert import bob.cert missing carol.cert
    [ "$(bulla cert list | wc -l)" -eq 2 ]
}

@test "what is reported as new is there, whatever comes after it" {
    local fpr
    run --separate-stderr bulla cert import bob.cert missing
    for fpr in $(grep -o "^new  *[0-9A-F]*" <<<"$stderr" | grep -o "[0-9A-F]*$"); do
        succeeds bulla cert show "$fpr"
    done
}

@test "a certificate that cannot be read does not stop the others in its file" {
    need_specdata
    {
        bulla dearmor bob.cert
        bulla dearmor "$SPECDATA/fixtures/keys-v3/pgp263-test.pub.asc"
        bulla dearmor carol.cert
    } >three
    run --separate-stderr bulla cert import three
    remarks "new        $bob"
    remarks "new        $carol"
    [ "$(bulla cert list | grep -c example.org)" -eq 2 ]
}

# Two certificates, and a damaged one between them: flip_between OFFSET-IN-IT [MASK]
flip_between() {
    bulla dearmor -o 1 bob.cert
    bulla dearmor -o 3 carol.cert
    as dave new_key "Dave <dave@example.org>"
    as dave bulla cert export --binary -o 2 dave@example.org
    flip 2 "$1" "${2:-1}"
    cat 1 2 3 >three
    rm 1 3
}

@test "damaged lengths cost one certificate, which is told by number and byte" {
    local start
    flip_between 1 0x80 # the key's length, which now reaches into the next certificate
    start=$(($(wc -c <three) - $(bulla dearmor carol.cert | wc -c) - $(wc -c <2)))
    succeeds bulla cert import --json three
    is_json '.new == 2 and .rejected > 0'
    is_json ".imported[1] | .result == \"rejected\" and .number == 2 and .byte == $start"
    is_json ".imported[1].reason | startswith(\"certificate 2 (byte $start): \")"
    succeeds bulla cert list
    prints bob@example.org
    prints carol@example.org
    [[ $output != *dave* ]]
    succeeds bulla cert import three
    remarks "unchanged  $carol"
}

@test "a damaged frame costs one certificate" {
    sed '5s/^./!/' bob.cert >damaged
    cat carol.cert damaged carol.cert >three
    succeeds bulla cert import --json three
    is_json '[.imported[].result] == ["new", "rejected", "unchanged"]'
    is_json '.imported[1].reason | contains("armor: ")'
}

@test "a bare revocation certificate revokes the certificate that is here" {
    need_specdata
    local keys=$SPECDATA/interop-certificates
    fails 112 "alice-revocation.pgp: nothing could be imported" \
        bulla cert import "$keys/alice-revocation.pgp"
    remarks "import its certificate first"
    bulla cert import -q "$keys/alice.pgp" "$keys/bob.pgp"
    succeeds bulla cert import "$keys/alice-revocation.pgp"
    remarks "changed    EB85BB5FA33A75E15E944E63F231550C4F47E38E  Alice Lovelace"
    succeeds bulla cert show --json alice@openpgp.example
    is_json '.certificates[0].problem | contains("revoked")'
    succeeds bulla cert import "$keys/alice-revocation.pgp"
    remarks "unchanged  EB85"
    succeeds bulla cert show --json bob@openpgp.example
    is_json '.certificates[0].problem == null'
    succeeds bulla cert export --binary -o exported alice@openpgp.example
    [ "$(packet_types exported)" = "6 2 13 2 14 2" ]
}

@test "a revocation certificate that was changed revokes nothing" {
    need_specdata
    local keys=$SPECDATA/interop-certificates
    bulla cert import -q "$keys/alice.pgp"
    bulla dearmor -o revocation "$keys/alice-revocation.pgp"
    flip revocation $(($(wc -c <revocation) - 3))
    fails 3 "nothing could be imported" bulla cert import revocation
    remarks "the signature is wrong"
    fails 41 "nothing could be imported" bulla key import "$keys/alice-revocation.pgp"
    succeeds bulla cert show --json alice@openpgp.example
    is_json '.certificates[0].problem == null'
}

@test "revocations and certificates in one file" {
    need_specdata
    local keys=$SPECDATA/interop-certificates
    bulla cert import -q "$keys/alice.pgp"
    { bulla dearmor "$keys/alice-revocation.pgp" && bulla dearmor "$keys/bob.pgp"; } >both
    succeeds bulla cert import --json both
    is_json '[.imported[].result] == ["changed", "new"] and .changed == 1'
}

@test "what is rejected is told in spite of --quiet" {
    { bulla dearmor bob.cert && printf '\xc6\x06\x09\0\0\0\0\x01' && bulla dearmor carol.cert; } >three
    succeeds bulla cert import -q three
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    remarks "rejected   three: "
}

@test "a certificate cut short" {
    bulla dearmor -o whole bob.cert
    head -c 200 whole >cut
    run --separate-stderr bulla cert import cut
    [ "$status" -eq 41 ]
    remarks "cut"
}

@test "a key that is larger than RSA may be" {
    need_specdata
    fails 41 "more than 16384 bits" bulla cert import "$SPECDATA/fixtures/keys-rsa/rsa16385-pub.pgp"
}

@test "certificates that broke other programs" {
    need_specdata
    local file
    for file in "$SPECDATA"/fixtures/fuzz/* "$SPECDATA/fixtures/keys-rsa/rsa16385-pub.pgp" \
        "$SPECDATA/fixtures/keys-ecc/ecdh-unknown-oid-malformed-sec.asc"; do
        run --separate-stderr timeout 10 "$BUILD/bulla" cert import "$file"
        [ "$status" -lt 124 ]
    done
    succeeds bulla cert list
}

# Export.

@test "export writes what was imported, and nothing secret" {
    as bob bulla key export -o bob.key bob@example.org
    bulla key import -q bob.key
    succeeds bulla cert export bob@example.org
    [ "$output" = "$(cat bob.cert)" ]
    bulla cert export --binary bob@example.org >bytes
    [ "$(packet_types bytes)" = "6 13 2 14 2" ]
}

@test "export without names writes all" {
    bulla cert import -q bob.cert carol.cert
    bulla cert export >all
    bulla cert export --binary -o all.pgp
    succeeds as one bulla cert import all
    [ "$(as one bulla cert list | wc -l)" -eq 2 ]
    succeeds as two bulla cert import all.pgp
    [ "$(as two bulla cert list | wc -l)" -eq 2 ]
    [ "$(grep -c "BEGIN PGP PUBLIC KEY BLOCK" all)" -eq 1 ]
}

@test "export of some" {
    new_key "Alice <alice@example.org>"
    bulla cert import -q bob.cert carol.cert
    bulla cert export -o two "$bob" carol@example.org
    succeeds as one bulla cert import two
    [ "$(as one bulla cert list | wc -l)" -eq 2 ]
    refuses 112 "dave" bulla cert export -o some bob@example.org dave
    refuses 111 "example.org" bulla cert export -o some example.org
    refuses 83 "choose one" bulla cert export --armor --binary
}

@test "export of an empty keyring" {
    refuses 112 "the keyring is empty" bulla cert export
    refuses 112 "the keyring is empty" bulla cert export -o all
}

@test "export never replaces without --force" {
    bulla cert import -q bob.cert
    echo precious >out
    refuses 59 "out: exists already" bulla cert export -o out bob@example.org
    succeeds bulla cert export -f -o out bob@example.org
    same out bob.cert
}

@test "parts that are not understood are kept and exported again" {
    need_specdata
    local name
    for name in keys-ecc/sm2-pub.asc keys-ecc/ecc-25519-photo-pub.asc keys-validity/adsk-pub.asc \
        keys-validity/five-octet-subpacket-lengths.cert keys-librepgp/kyber768-cv25519-pub.asc; do
        bulla dearmor -o original "$SPECDATA/fixtures/$name" 2>/dev/null ||
            cp "$SPECDATA/fixtures/$name" original
        succeeds as "home-${name##*/}" bulla cert import original
        as "home-${name##*/}" bulla cert export --binary -o exported
        [ "$(content_of exported | sort)" = "$(content_of original | sort)" ]
        rm original exported
    done
}

# List and show.

@test "list: one line for each" {
    succeeds bulla cert list
    silent
    bulla cert import -q bob.cert carol.cert
    succeeds bulla cert list
    [ "$(wc -l <<<"$output")" -eq 2 ]
    prints "$bob  $(date -u +%Y-%m-%d)  Bob Baker <bob@example.org>"
    succeeds bulla cert list cook bob@example.org
    [ "$(wc -l <<<"$output")" -eq 2 ]
    [[ ${output%%$'\n'*} == *Carol* ]]
    fails 112 "dave" bulla cert list dave
}

@test "list --json" {
    succeeds bulla cert list --json
    is_json '.certificates == []'
    bulla cert import -q bob.cert carol.cert
    succeeds bulla cert list --json
    is_json "[.certificates[].fingerprint] == [\"$bob\", \"$carol\"]"
    is_json '.certificates[0] | .userid == "Bob Baker <bob@example.org>" and .valid and
        (.secret | not) and (.created | fromdate) > 1700000000'
}

@test "show names every key, what it may, and the user IDs" {
    bulla cert import -q bob.cert
    succeeds bulla cert show bob@example.org
    prints "key     $bob"
    prints "may certify, sign"
    prints "may encrypt"
    prints "user    Bob Baker <bob@example.org>  (primary)"
    [[ $output != *secret* ]]
    refuses 2 "which one?" bulla cert show
}

@test "show says what is wrong with a certificate" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-validity
    bulla cert import -q "$keys/ecc-p256-revoked-uid.asc"
    succeeds bulla cert show ecc-p256
    prints "revoked"
    succeeds as one bulla cert import -q "$keys/alice-case10.gpg"
    succeeds as one bulla cert show Alice
    prints "NOT VALID: expired on 2019-12-26"
    prints "hint: ask the owner for a current copy"
    prints "bound by the positive certification signature of 2019-12-26, SHA256; but the key is not"
    succeeds as two bulla cert import -q "$keys/p256-no-binding.pgp"
    succeeds as two bulla cert show ecc-p256
    prints "NOT VALID: subkey without a valid binding signature"
    prints "hint: get the certificate again"
}

@test "show says why a certificate is valid" {
    bulla cert import -q bob.cert
    succeeds bulla cert show bob@example.org
    prints "valid by the subkey binding signature of"
    prints "valid by the positive certification signature of"
    [[ $output != *NOT* && $output != *note:* ]]
    succeeds bulla cert show --json bob@example.org
    is_json '.certificates[0] | [.keys[], .userids[]] | all(.valid and .binding.hash == "SHA256")'
    is_json '.certificates[0].keys[1].binding.type == "subkey binding"'
    is_json '.certificates[0] | [.. | objects | has("revocation"), has("note")] | any | not'
}

@test "a designated revoker is asked for, and then believed" {
    need_specdata
    local fixtures=$SPECDATA/fixtures
    bulla cert import -q "$fixtures/keys-validity/ecc-p256-desigrevoked.asc"
    succeeds bulla cert show ecc-p256
    prints "note: said to be revoked on 2023-08-22 by its designated revoker 21FC68274AAE3B5D"
    prints "hint: import the revoker's certificate"
    prints "valid by the"
    bulla cert import -q "$fixtures/keys-ecc/ecc-25519-sec.asc"
    succeeds bulla cert show ecc-p256
    prints "NOT VALID: revoked on 2023-08-22 by its designated revoker"
    [[ $output != *note:* ]]
    succeeds bulla cert show --json ecc-p256
    is_json '.certificates[0].keys[0].revocation.type == "key revocation"'
    succeeds bulla cert list ecc-p256
    prints "by its designated revoker"
    succeeds bulla cert list
    prints "by its designated revoker"
    echo text >letter
    refuses 17 "by its designated revoker" \
        bulla encrypt -r B54FDEBBB673423A5D0AA54423674F21B2441527 letter
    refuses 17 "by its designated revoker" \
        bulla encrypt --recipient-file "$fixtures/keys-validity/ecc-p256-desigrevoked.asc" letter
}

@test "control characters in a user ID are shown, not obeyed" {
    local evil=$'Eve \e[31mred\e[0m\r\n\b\x7f\xe2\x80\xae <eve@example.org>' list
    new_key "$evil"
    for list in "cert list" "cert show eve" "key list" "key show eve"; do
        # shellcheck disable=SC2086
        succeeds bulla $list
        prints 'Eve \x1B[31mred'
        [[ $output != *$'\e'* && $output != *$'\r'* && $output != *$'\b'* ]]
        [[ $output != *$'\x7f'* && $output != *$'\xe2\x80\xae'* ]]
    done
    [ "$(bulla cert list | wc -l)" -eq 1 ]
    # JSON has it as it is, escaped as JSON does.
    succeeds bulla cert list --json
    [[ $output != *$'\e'* ]]
    [ "$(jq -j '.certificates[0].userid' <<<"$output"; echo x)" = "${evil}x" ]
    bulla cert import -q bob.cert
    refuses 111 'Eve \x1B[31mred' bulla cert show example.org
    [[ $stderr != *$'\e'* ]]
}

@test "control characters of a user ID in messages about signatures and imports" {
    local evil=$'Eve \e[31mred <eve@example.org>'
    as eve new_key "$evil"
    as eve bulla cert export -o eve.cert eve@example.org
    echo "a letter" >letter
    as eve bulla sign letter
    succeeds bulla cert import eve.cert
    [[ $stderr == *'Eve \x1B[31mred'* && $stderr != *$'\e'* ]]
    fails 110 "not authenticated" bulla verify letter.sig letter
    [[ $stderr == *'Eve \x1B[31mred'* && $stderr != *$'\e'* ]]
    bulla encrypt --recipient-file eve.cert letter
    succeeds bulla inspect eve.cert
    [[ $output == *'Eve \x1B[31mred'* && $output != *$'\e'* ]]
}

@test "control characters in names of files" {
    local name=$'new\e[31m\nline'
    fails 61 'No such file' bulla cert import "$name"
    [[ $stderr != *$'\e'* ]]
    [ "$(grep -c "" <<<"$stderr")" -eq 1 ]
}

# Delete.

@test "delete" {
    bulla cert import -q bob.cert carol.cert
    succeeds bulla cert delete --yes bob@example.org
    succeeds bulla cert list
    [[ $output == *Carol* && $output != *Bob* ]]
    refuses 112 "bob@example.org" bulla cert delete --yes bob@example.org
    succeeds bulla cert import bob.cert
    remarks "new"
}

@test "delete asks, and without a terminal wants --yes" {
    bulla cert import -q bob.cert
    refuses 2 "delete it?" setsid -w "$BUILD/bulla" cert delete bob@example.org </dev/null
    hints "--yes"
    names_bob bob@example.org
}

@test "delete: all that are named, or none" {
    bulla cert import -q bob.cert carol.cert
    refuses 2 "which one?" bulla cert delete --yes
    refuses 112 "dave" bulla cert delete --yes bob@example.org dave
    refuses 111 "fits 2" bulla cert delete --yes example.org
    run --separate-stderr bulla cert delete --yes --json bob@example.org dave
    is_json '.error.code == 112 and (has("deleted") | not)'
    [ "$(bulla cert list | wc -l)" -eq 2 ]
    succeeds bulla cert delete -y --json bob@example.org Bob@example.org carol@example.org
    is_json ".deleted == [\"$bob\", \"$carol\"]"
    [ -z "$(bulla cert list)" ]
}

@test "delete keeps the certificate of a secret key" {
    new_key "Alice <alice@example.org>"
    refuses 114 "its secret key is here" bulla cert delete --yes alice@example.org
    hints "bulla key delete"
    bulla key delete -q --yes alice@example.org
    succeeds bulla cert delete --yes alice@example.org
    [ -z "$(bulla cert list)" ]
}

@test "signatures are verified once" {
    "$BUILD/bench/gencerts" 150 >many
    bulla cert import --quiet many
    bulla cert list >first
    [ "$(stat -c %a bulla-home/verified)" = 600 ]
    bulla cert list >second
    cmp first second
    # It is only a cache: without it, or where it is something else, all is as before.
    echo nonsense >bulla-home/verified
    bulla cert list >third
    cmp first third
    rm bulla-home/verified
    mkdir bulla-home/verified
    bulla cert list >fourth
    cmp first fourth
}
