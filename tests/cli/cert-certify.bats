#!/usr/bin/env bats
# cert certify, cert revoke-certification: what one's own key says of others' user IDs.

load lib
load keyedit

# Bob has two user IDs, one that was revoked, and one that he has not signed; Carol has one.
setup_file() {
    begin_keys
    BULLA_HOME=$BATS_FILE_TMPDIR/bob new_key "Bob <bob@example.org>" "Bob at work <bob@work.example>" "Bobby"
    BULLA_HOME=$BATS_FILE_TMPDIR/carol new_key "Carol <carol@example.org>"
    BULLA_HOME=$BATS_FILE_TMPDIR/bob bulla key revoke-uid -q bob@example.org Bobby
    bulla key export -q --binary -o ada.key ada@example.org
    BULLA_HOME=$BATS_FILE_TMPDIR/bob bulla cert export -q |
        bulla sop certify-userid --userid=Mallory --no-require-self-sig ada.key | bulla cert import -q
    BULLA_HOME=$BATS_FILE_TMPDIR/carol bulla cert export -q | bulla cert import -q
    printf 'open sesame' >pass
}

setup() {
    begin_with_keys
    cp "$BATS_FILE_TMPDIR/pass" .
    bob=$(fingerprint_of bob@example.org)
    carol=$(fingerprint_of carol@example.org)
}

certify() {
    bulla cert certify -u alice "$@"
}

retract() {
    bulla cert revoke-certification -u alice "$@"
}

# Does Alice (or WHO) vouch for a user ID, as others see it?  vouched CERT USER-ID [WHO]
vouched() {
    local code=0
    bulla cert export -q -o voucher "${3:-alice}"
    bulla cert export --local "$1" | bulla sop validate-userid "$2" voucher || code=$?
    rm voucher
    return $code
}

not_vouched() {
    fails 107 "no authority vouches" vouched "$@"
}

# The certificate stays what it was: leaves CERT CODE TEXT COMMAND...
leaves() {
    local who=$1
    shift
    bulla cert export --local --binary -o before.cert "$who"
    refuses "$@"
    bulla cert export --local --binary "$who" | cmp - before.cert
    rm before.cert
}

# The subpackets of this name in the signatures by Alice, in order: said CERT NAME
said() {
    bulla cert export --local --binary -q -f -o said.cert "$1"
    bulla inspect --json said.cert | jq -r --arg by "$(primary_of alice)" --arg name "$2" '[.packets[]
        | select(any(.fields[]?; .name == "Issuer Fingerprint" and .value == $by))
        | ([.fields[] | select(.name | startswith($name)) | .value] | join("+") | if . == "" then "none" else . end)] | join(" ")'
}

# Certifying.

@test "by the whole fingerprint, without a question" {
    succeeds certify "$carol"
    prints "new        user ID Carol <carol@example.org>"
    remarks "bulla cert export $carol"
    vouched carol "Carol <carol@example.org>"
    [ "$(said carol "signature type")" = "generic certification (0x10)" ]
    for name in Trust Exportable "Signature Expiration" Regular; do
        [ "$(said carol "$name")" = none ]
    done
}

@test "as JSON" {
    succeeds certify --json --local --expires 2100-01-01 --depth 2 --amount 60 --domain example.org "$carol"
    is_json ".fingerprint == \"$carol\" and .signer == \"$(primary_of alice)\" and (.dry_run | not)"
    is_json '.certifications == [{result: "new", userid: "Carol <carol@example.org>", local: true,
        expires: "2100-01-01T00:00:00Z", depth: 2, amount: 60,
        scopes: [{regex: "<[^>]+[@.]example\\.org>$", domain: "example.org"}]}]'
}

@test "by another name: a claim, which is asked about" {
    leaves carol 2 "carol@example.org: anybody can use a name; is it $carol?" certify carol@example.org
    hints "--yes"
    leaves carol 2 "anybody can use a name" certify "${carol:24}"
    leaves carol 2 "anybody can use a name" certify "$(bulla cert show --json carol | jq -r '.certificates[0].keys[1].fingerprint')"
    succeeds certify --yes carol@example.org
    vouched carol "Carol <carol@example.org>"
}

@test "which of several user IDs" {
    leaves "$bob" 2 "which of its 2 user IDs?" certify "$bob"
    hints "--all"
    remarks "  Bob at work <bob@work.example>"
    [[ $stderr != *Bobby* && $stderr != *Mallory* ]]
    leaves "$bob" 2 "one of the two" certify --all "$bob" bob@example.org
    leaves "$bob" 107 "there is no user ID Bob" certify "$bob" Bob
    hints "Bob <bob@example.org>"
    succeeds certify --json "$bob" bob@example.org
    is_json '[.certifications[].userid] == ["Bob <bob@example.org>"]'
    not_vouched bob@example.org "Bob at work <bob@work.example>"
    succeeds certify --json "$bob" "Bob at work <bob@work.example>"
    vouched bob@example.org "Bob at work <bob@work.example>"
    succeeds certify --json --all "$bob"
    is_json '[.certifications[].result] == ["unchanged", "unchanged"]'
}

@test "an address that stands in two user IDs" {
    as dave new_key "Dave <dave@example.org>" "David <dave@example.org>"
    as dave bulla cert export | bulla cert import -q
    dave=$(as dave primary_of dave@example.org)
    leaves "$dave" 111 "dave@example.org: fits 2 user IDs" certify "$dave" dave@example.org
    succeeds certify "$dave" "David <dave@example.org>"
}

@test "user IDs that do not count" {
    leaves "$bob" 107 "Bobby: revoked on" certify "$bob" Bobby
    leaves "$bob" 107 "Mallory: no valid self-signature" certify "$bob" Mallory
    leaves "$bob" 107 "Mallory" certify "$bob" bob@example.org Mallory
    as nobody bulla key generate -q --no-passphrase --no-user-id >fpr
    as nobody bulla cert export | bulla cert import -q
    leaves "$(cat fpr)" 107 "it has no user ID" certify "$(cat fpr)"
}

@test "certificates that are revoked or expired" {
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    as carol bulla key revoke -q --yes --reason retired carol
    as carol bulla cert export | bulla cert import -q
    leaves "$carol" 114 "$carol: revoked on" certify "$carol"
    need_specdata
    bulla cert import -q "$SPECDATA/fixtures/keys-validity/alice-case10.gpg"
    expired=$(bulla cert list --json | jq -r '[.certificates[] | select(.problem // "" | contains("expired"))][0].fingerprint')
    leaves "$expired" 114 "expired on 2019-12-26" certify "$expired"
}

@test "which of one's own keys" {
    leaves carol 111 "your own key" bulla cert certify "$carol"
    hints "-u"
    leaves carol 112 "nobody: no secret key" bulla cert certify -u nobody "$carol"
    succeeds bulla cert certify -u ada "$carol"
    vouched carol "Carol <carol@example.org>" ada
    not_vouched carol "Carol <carol@example.org>" alice
    leaves alice 114 "a key speaks for its own user IDs already" certify "$(primary_of alice)"
    succeeds certify "$(primary_of ada)"
    bulla cert export carol >carol.cert
    as none bulla cert import -q carol.cert
    fails 112 "no key of your own" as none bulla cert certify "$carol"
}

@test "a key of one's own that cannot certify" {
    bulla key export --subkeys-only -o subkeys alice@example.org
    bulla cert export carol >carol.cert
    as away bulla cert import -q carol.cert
    as away bulla key import -q subkeys
    fails 112 "is not here" as away bulla cert certify -u alice "$carol"
    bulla key revoke -q --yes --reason retired alice
    leaves carol 109 "revoked on" certify "$carol"
}

@test "a passphrase" {
    leaves carol 67 "protected by a passphrase" bulla cert certify -u lara "$carol"
    echo wrong >wrong
    leaves carol 67 "wrong passphrase" bulla cert certify -u lara --passphrase-file wrong "$carol"
    succeeds bulla cert certify -u lara --passphrase-file pass "$carol"
    vouched carol "Carol <carol@example.org>" lara
}

# Certifies Carol, and when that asks for a passphrase, it has read her certificate: then
# COMMAND... changes the keyring.  meanwhile COMMAND...
meanwhile() {
    mkfifo pipe
    { "$@" >/dev/null 2>&1 && cat pass; } >pipe 3>&- &
    status=0
    timeout 30 "$BUILD/bulla" cert certify -u lara --passphrase-file pipe "$carol" carol@example.org \
        >out 2>err || status=$?
    kill $! 2>/dev/null || true
    rm pipe
}

@test "what has changed meanwhile counts" {
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    as carol bulla key add-uid -q carol@example.org "Carol at work <carol@work.example>"
    as carol bulla cert export -o more
    meanwhile bulla cert import -q more
    [ "$status" -eq 0 ]
    succeeds bulla cert show --json "$carol"
    is_json '.certificates[0].userids | length == 2 and .[0].certifications[0].userid == "Lara <lara@example.org>"'
    as carol bulla key revoke -q --yes --reason retired carol@example.org
    as carol bulla cert export -o revoked
    bulla cert revoke-certification -q -u lara --passphrase-file pass "$carol"
    meanwhile bulla cert import -q revoked
    [ "$status" -eq 107 ]
    grep -q "revoked on" err
}

@test "a certificate that is deleted meanwhile does not come back" {
    meanwhile bulla cert delete -q --yes "$carol"
    [ "$status" -eq 112 ]
    grep -q "another process has deleted it" err
    fails 112 "" bulla cert show "$carol"
}

@test "--dry-run shows the same and changes nothing" {
    bulla cert export --local --binary -o before carol
    succeeds certify -n --depth 1 carol
    prints "new        user ID Carol <carol@example.org>: may certify others"
    remarks "this was a dry run"
    bulla cert export --local --binary carol | cmp - before
}

@test "version 4 and version 6 certify one another" {
    succeeds certify "$(primary_of ada)"
    vouched ada "Ada <ada@example.org>"
    succeeds bulla cert certify -u ada "$(primary_of alice)"
    vouched alice "Alice <alice@example.org>" ada
    # the secret keys are as they were
    works alice
    works ada
}

@test "--local stays here" {
    succeeds certify --local --json "$carol"
    is_json '.certifications[0].local'
    [[ $stderr != *"cert export"* ]]
    [ "$(said carol Exportable)" = no ]
    vouched carol "Carol <carol@example.org>"
    bulla cert export --binary carol | cmp - <(BULLA_HOME=$BATS_FILE_TMPDIR/carol bulla cert export --binary)
    bulla cert export --local carol | as other bulla cert import -q
    as other bulla cert export --local --binary | cmp - <(bulla cert export --binary carol)
    # files of one's own keep it
    bulla cert export --local --binary -o local carol
    bulla cert join local | cmp - local
}

@test "--depth, --amount and --domain" {
    succeeds certify --depth 1 --domain Example.ORG --domain münchen.example --domain xn--mnchen-3ya.example "$carol"
    prints "may certify others in example.org or münchen.example or xn--mnchen-3ya.example"
    [[ $(said carol Trust) == *"1"*"120"* ]]
    [ "$(said carol Regular)" = '<[^>]+[@.]example\.org>$\x00+<[^>]+[@.]münchen\.example>$\x00+<[^>]+[@.]xn--mnchen-3ya\.example>$\x00' ]
    [[ $(said carol "Regular Expression (critical)") != none ]]
    succeeds certify --amount 40 "$(primary_of ada)"
    prints "amount 40 of 120"
    [[ $(said ada Trust) == *"0"*"40"* ]]
}

@test "terms that make no sense" {
    for wrong in "--depth 0" "--depth 256" "--depth x" "--amount 0" "--amount 121" "--amount 40x" \
        "--expires yesterday" "--expires 2020-01-01" "--depth 1 --domain @example.org" \
        "--depth 1 --domain example..org" "--depth 1 --domain .org" "--depth 1 --domain a*b"; do
        # shellcheck disable=SC2086
        leaves carol 2 "${wrong##*--}" certify $wrong "$carol" ||
            leaves carol 2 "${wrong##* }" certify $wrong "$carol"
    done
    leaves carol 23 "--domain" certify --domain example.org "$carol"
}

@test "--expires" {
    succeeds certify --expires 2d "$carol"
    prints "until "
    bulla cert export carol >carol.cert
    bulla cert export -o alice.cert alice
    succeeds bulla sop validate-userid --validate-at="$(date -u -d '+1 day' +%Y-%m-%d)" "Carol <carol@example.org>" alice.cert <carol.cert
    fails 107 "" bulla sop validate-userid --validate-at="$(date -u -d '+3 days' +%Y-%m-%d)" "Carol <carol@example.org>" alice.cert <carol.cert
}

@test "the same again is not signed again; other terms take its place, a second later" {
    certify -q --expires 2100-01-01 "$carol"
    bulla cert export --binary -o before carol
    succeeds certify --expires 2100-01-01 "$carol"
    prints "unchanged  user ID Carol <carol@example.org>"
    remarks "Nothing to change"
    bulla cert export --binary carol | cmp - before
    succeeds certify --depth 1 "$carol"
    prints "changed    user ID Carol"
    read -r first second <<<"$(said carol "Signature Creation Time")"
    [[ $second > $first ]]
}

# Revoking.

@test "what was certified is taken back, and may be certified again" {
    certify -q --all "$bob"
    succeeds retract --reason invalid --message "left the company" "$bob" bob@work.example
    prints "revoked    user ID Bob at work <bob@work.example>"
    remarks "bulla cert export $bob"
    not_vouched bob@example.org "Bob at work <bob@work.example>"
    vouched bob@example.org "Bob <bob@example.org>"
    [[ $(said "$bob" "Reason") == *"none user ID no longer valid (32): left the company"* ]]
    leaves "$bob" 59 "was revoked on" retract "$bob" bob@work.example
    # one is left
    succeeds retract "$bob"
    prints "Bob <bob@example.org>"
    succeeds certify "$bob" bob@work.example
    prints "new "
    vouched bob@example.org "Bob at work <bob@work.example>"
}

@test "nothing to take back" {
    leaves carol 107 "has not certified it" retract carol
    bulla cert certify -q -u ada "$carol"
    leaves carol 107 "$(primary_of alice) has not certified it" retract carol
    hints "-u"
    certify -q --all "$bob"
    leaves "$bob" 2 "which of its 2 user IDs?" retract bob@example.org
    hints "--all"
    leaves "$bob" 107 "Bobby: $(primary_of alice) has not certified it" retract bob@example.org Bobby
    leaves alice 114 "its own user IDs" retract alice
    hints "revoke-uid"
    leaves "$bob" 2 "--reason" retract --all --reason stolen bob@example.org
}

@test "what is local is taken back locally, what is not is not" {
    bulla cert export --binary -o before carol
    certify -q --local "$carol"
    succeeds retract --json carol
    is_json ".fingerprint == \"$carol\" and .certifications[0].result == \"revoked\" and .certifications[0].local"
    [ "$(said carol Exportable)" = "no no" ]
    not_vouched carol "Carol <carol@example.org>"
    bulla cert export --binary carol | cmp - before
    # an earlier one that others know of is taken back before all
    certify -q "$carol"
    certify -q --local "$carol"
    retract -q carol
    bulla cert export carol | as other bulla cert import -q
    bulla cert export -o alice.cert alice
    fails 107 "" bulla sop validate-userid "Carol <carol@example.org>" alice.cert < <(as other bulla cert export)
}

@test "taken back though the certificate is not valid any more; --dry-run" {
    certify -q "$carol"
    cp -r "$BATS_FILE_TMPDIR/carol" carol
    as carol bulla key revoke -q --yes --reason retired carol
    as carol bulla cert export | bulla cert import -q
    bulla cert export --binary -o before "$carol"
    succeeds retract -n "$carol"
    prints "revoked    user ID Carol"
    remarks "dry run"
    bulla cert export --binary "$carol" | cmp - before
    succeeds retract "$carol"
    [ "$(said "$carol" "signature type")" = "generic certification (0x10) certification revocation (0x30)" ]
}
