#!/usr/bin/env bats
# cert show: who, until when, how strong, for whom, and who certifies it.

load lib
load keyedit

setup_file() {
    begin_keys
}

setup() {
    begin_with_keys
}

# Of what is in a file of the collection, the summary has these: summary FILE JQ-CONDITION TEXT...
summary() {
    local fpr file=$SPECDATA/$1 condition=$2
    shift 2
    fpr=$(bulla cert import --json "$file" | jq -r '.imported[0].fingerprint')
    succeeds bulla cert show --json "$fpr"
    is_json ".certificates[0] | $condition"
    succeeds bulla cert show "$fpr"
    for text; do
        prints "$text"
    done
}

@test "an everyday certificate" {
    succeeds bulla cert show alice
    [ "$(head -n 5 <<<"$output")" = "who     Alice <alice@example.org>
until   $(date -u -d '1095 days 18 hours' +%Y-%m-%d)
level   strong, like a 128-bit key (EdDSALegacy Ed25519)
quantum not safe from quantum computers
used by every OpenPGP program (version 4)" ]
    succeeds bulla cert show --json alice
    is_json '.certificates[0] | .userid == "Alice <alice@example.org>" and .expires > "2029" and .valid
        and .strength == {bits: 128, word: "strong"} and .readers.code == "all"
        and .quantum_safe == {encryption: false, signatures: false}'
    bulla key add-uid -q alice "Alice at work <alice@work.example>"
    bulla key expire -q alice never
    succeeds bulla cert show alice
    prints "who     Alice <alice@example.org>, and 1 more"
    prints "until   does not expire"
    bulla key revoke -q --yes --reason retired alice
    succeeds bulla cert show "$(primary_of alice)"
    prints "until   not valid: revoked on"
}

@test "who can use it, and how strong it is" {
    need_specdata
    succeeds bulla cert show ada
    prints "used by programs of RFC 9580: Sequoia, rPGP, GopenPGP, OpenPGP.js; not GnuPG (version 6)"
    summary fixtures/keys-ecc/ecc-bp384-sec.asc '.readers.code == "brainpool" and .strength.bits == 192' \
        "level   very strong, like a 192-bit key" "many builds of Sequoia and rPGP lack brainpool curves"
    summary fixtures/keys-ecc/ecc-secp256k1-sec.asc '.readers.code == "secp256k1"' "most others refuse secp256k1"
    summary fixtures/keys-ecc/ecc-p521-sec.asc '.readers.code == "all" and .strength.bits == 256' "every OpenPGP program"
    summary fixtures/keys-librepgp/v5-sample-1-pub.asc '.readers.code == "librepgp"' "used by GnuPG 2.3 and later" "(version 5)"
    summary fixtures/keys-librepgp/v5-ecc-448-sec.asc '.readers.code == "librepgp" and .strength.bits == 224'
    summary interop-certificates/carol.pgp '.readers.code == "older"' "given up DSA and Elgamal"
    summary interop-certificates/bob.pgp '.readers.code == "all" and .strength == {bits: 128, word: "strong"}' "(RSA 3072)"
    summary fixtures/keys-ecc/sm2-pub.asc '.readers.code == "unknown" and .strength.bits == null' \
        "level   not known" "who     (no user ID)"
}

@test "post-quantum or not" {
    need_specdata
    summary pqc/test-vectors/v4-eddsa-sample-pk.asc \
        '.readers.code == "rfc9580" and .quantum_safe == {encryption: true, signatures: false}' \
        "quantum encryption is safe from quantum computers, signatures are not" "ML-KEM-768+X25519, v4"
    summary pqc/test-vectors/v6-mldsa-65-sample-pk.asc \
        '.readers.code == "post-quantum" and .quantum_safe == {encryption: true, signatures: true}' \
        "quantum safe from quantum computers" "used by the few programs that know post-quantum algorithms"
}

@test "what is not in use does not count" {
    need_specdata
    fpr=$(primary_of ada)
    bulla key add-subkey -q --for sign ada
    succeeds bulla cert show --json ada
    before=$(jq -c '.certificates[0] | .strength, .readers' <<<"$output")
    bulla key revoke-subkey -q --reason retired ada "$(subkeys_for ada sign)"
    succeeds bulla cert show --json "$fpr"
    [ "$(jq -c '.certificates[0] | .strength, .readers' <<<"$output")" = "$before" ]
}

@test "who certifies it" {
    alice=$(primary_of alice)
    as bob new_key Bobby "Bob <bob@example.org>"
    as eve new_key "Eve <eve@example.org>"
    as stranger new_key "Stranger"
    as eve bulla cert export -o eve.cert
    as bob bulla cert export -o bob.cert
    for who in eve stranger; do
        as $who bulla cert import -q bob.cert
        as $who bulla cert certify -q --yes --expires 2100-01-01 bob@example.org "Bob <bob@example.org>"
        as $who bulla cert export bob@example.org | bulla cert import -q
    done
    bulla cert import -q eve.cert
    bulla cert certify -q -u alice --local --yes bob@example.org bob@example.org
    today=$(date -u +%Y-%m-%d)
    succeeds bulla cert show bob@example.org
    [ "$(grep certified <<<"$output")" = "        certified by Alice <alice@example.org> (your key) on $today: local
        certified by Eve <eve@example.org> on $today: until 2100-01-01
        certified by keys that are not here: 1" ]
    succeeds bulla cert show --json bob@example.org
    is_json '.certificates[0].userids | [.[].certifications | length] == [2, 0] and .[0].unknown_certifiers == 1'
    is_json ".certificates[0].userids[0].certifications[0] | .signer == \"$alice\" and .own and .local
        and .expires == null and .depth == 0 and .amount == 120 and .scopes == []"
    is_json '.certificates[0].userids[0].certifications[1] | .userid == "Eve <eve@example.org>" and (.own | not)
        and .expires == "2100-01-01T00:00:00Z"'
    # what is taken back does not count, nor what a revoked key has said, nor what has expired
    bulla cert revoke-certification -q -u alice bob@example.org >/dev/null
    as eve bulla key revoke -q --yes --reason retired eve >/dev/null
    as eve bulla cert export | bulla cert import -q
    succeeds bulla cert show --json bob@example.org
    is_json '.certificates[0].userids[0].certifications == []'
    bulla cert import -q <(as stranger bulla cert export Stranger)
    succeeds bulla cert show --json --at 2100-01-02 bob@example.org
    is_json '.certificates[0].userids[0] | .certifications == [] and .unknown_certifiers == 0'
}
