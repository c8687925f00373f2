#!/usr/bin/env bats
# --at and --policy-as-of: judging as at another time than now.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
    bulla sign letter
}

@test "a signature is judged as at a date" {
    refuses 3 "no good signature" bulla verify --at 2020-01-01 letter.sig letter
    remarks "made in the future"
    succeeds bulla verify --at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" letter.sig letter
    [[ $stderr != *but:* ]]
    refuses 110 "the certificate is not valid" bulla verify --at 2060-01-01 letter.sig letter
    succeeds bulla verify --signer "$(fingerprint_of alice@example.org)" --at 2060-01-01 letter.sig letter
    remarks "but: the signing key is not valid any more: expired"
}

@test "what is signed inside a message is judged as at a date" {
    bulla encrypt -r alice@example.org --sign letter
    mv letter original
    refuses 3 "letter.pgp" bulla decrypt --signer "$(fingerprint_of alice@example.org)" --at 2020-01-01 letter.pgp
    absent letter
    succeeds bulla decrypt --json --at 2060-01-01 letter.pgp
    is_json '.at == "2060-01-01T00:00:00Z"'
    is_json '.files[0].signatures[0].remark | test("expired")'
    same letter original
}

@test "certificates and keys are shown as at a date" {
    for noun in cert key; do
        succeeds bulla $noun list
        [[ $output != *"["* ]]
        succeeds bulla $noun list --at 2060-01-01
        prints "[expired on"
        succeeds bulla $noun show --at 2060-01-01 "$(fingerprint_of alice@example.org)"
        prints "NOT VALID: expired on"
        succeeds bulla $noun show --at 2020-01-01T12:00:00Z "$(fingerprint_of alice@example.org)"
        prints "NOT VALID: created in the future"
    done
    succeeds bulla cert show --json --at 2060-01-01 alice@example.org
    is_json '.at == "2060-01-01T00:00:00Z" and .certificates[0].valid == false'
}

@test "what is no date" {
    for option in at policy-as-of; do
        for command in "verify letter.sig letter" "decrypt letter" "cert list" "cert show alice" \
            "key list" "key show alice"; do
            refuses 2 "--$option: 2023-02-31: not a date" bulla $command --$option 2023-02-31
            hints "2027-01-31"
        done
    done
}

@test "a key that expired is good at a date before" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-signed
    bulla cert import -q "$folder/expired-signing-key-pub.asc"
    succeeds bulla verify --trust always "$folder/signed-before-expiry.pgp"
    remarks "but: the signing key is not valid any more: expired on 2021-06-11"
    succeeds bulla verify --trust always --at 2021-06-11T15:10:00Z "$folder/signed-before-expiry.pgp"
    [[ $stderr != *but:* ]]
}

# Accepted only where the policy is that of a time before the weakness was known, and
# whoever asks says so.
accepted_before() {
    local limit=$1 file=$2
    refuses 3 "no good signature" bulla verify "$file"
    hints_in_remarks
    refuses 3 "no good signature" bulla verify --policy-as-of "$limit" "$file"
    refuses 3 "no good signature" bulla verify --at "$limit" "$file"
    succeeds bulla verify --trust always --json --policy-as-of "$(date -u -d "$limit - 1 second" +%FT%TZ)" "$file"
    is_json '.signatures[0].status == "good" and (.policy_as_of | type) == "string"'
}

hints_in_remarks() {
    remarks "  hint: ask"
}

@test "algorithms of the past are accepted by a policy of the past" {
    need_specdata
    local folder=$SPECDATA/fixtures/messages-signed
    bulla cert import -q "$folder/key-rsa-2001-pub.asc" "$SPECDATA/fixtures/keyrings/rnp-pubring.gpg"
    accepted_before 2010-01-01 "$folder/rnp-md5-before.pgp"
    accepted_before 2010-01-01 "$folder/rnp-md5-after.pgp"
    accepted_before 2014-01-01 "$folder/rnp-sha1-after.pgp"
    accepted_before 2014-01-01 "$folder/rnp-inline.pgp"
}
