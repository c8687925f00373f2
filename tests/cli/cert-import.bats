#!/usr/bin/env bats
# cert import: from mails and keyboxes, and certificates without user ID.  Files of packets
# are in certs.bats.

load lib

setup() {
    begin
    as bob new_key "Bob Baker <bob@example.org>"
    as bob bulla cert export --binary -o bob.cert bob@example.org
    as carol new_key "Carol Cook <carol@example.org>"
    as carol bulla cert export --binary -o carol.cert carol@example.org
    bob=$(as bob fingerprint_of bob@example.org)
    carol=$(as carol fingerprint_of carol@example.org)
}

# An Autocrypt header, folded: autocrypt CERTIFICATE ATTRIBUTE...
autocrypt() {
    local cert=$1
    shift
    echo "Autocrypt: $* keydata="
    base64 -w 60 <"$cert" | sed 's/^/ /'
}

# A mail: mail FROM HEADERS...
mail() {
    echo "Received: by example.org"
    echo " with a folded line"
    echo "From: $1"
    shift
    cat -- "$@"
    printf 'Subject: Hello\n\nAutocrypt: is not in here.\n-----BEGIN PGP MESSAGE-----\n'
}

refused() {
    local code=$1 why=$2
    shift 2
    fails "$code" "nothing could be imported" "$@"
    remarks "$why"
    succeeds bulla cert list
    silent
}

@test "an Autocrypt header alone, and in a mail" {
    autocrypt bob.cert "addr=bob@example.org; prefer-encrypt=mutual;" >header
    succeeds bulla cert import header
    [ "$stderr" = "new        $bob  Bob Baker <bob@example.org>" ]
    mail '"Baker, Bob" <BOB@example.org>' header >mail
    succeeds bulla cert import --json mail
    is_json ".unchanged == 1 and .imported[0].fingerprint == \"$bob\""
    sed 's/$/\r/' mail >crlf
    succeeds as other bulla cert import <crlf
    remarks "new        $bob"
    sed '1i From someone Fri Nov 27 05:00:00 2026' mail >mbox
    succeeds as third bulla cert import mbox
    remarks "new        $bob"
}

@test "an Autocrypt header with other attributes and an odd user ID" {
    # What the user ID says does not matter there, nor does what starts with '_'.
    autocrypt bob.cert "_odd=1; ADDR=other@example.org;" >header
    succeeds bulla cert import header
    remarks "new        $bob"
}

@test "Autocrypt headers that do not count" {
    autocrypt bob.cert "addr=bob@example.org;" >b.hdr
    autocrypt carol.cert "addr=bob@example.org;" >c.hdr
    autocrypt bob.cert "addr=bob@example.org; odd=1;" >critical
    autocrypt bob.cert "" >anonymous
    echo "Autocrypt: addr=bob@example.org" >keyless
    sed '3s/^ ./ !/' b.hdr >damaged
    head -n -3 b.hdr >cut
    mail carol@example.org b.hdr >foreign
    mail bob@example.org b.hdr c.hdr >two
    refused 13 "a critical attribute that is not known" bulla cert import critical
    refused 41 "no attribute addr" bulla cert import anonymous
    refused 41 "no attribute keydata" bulla cert import keyless
    refused 41 "keydata is no base64" bulla cert import damaged
    refused 41 "Autocrypt header: " bulla cert import cut
    refused 41 "another address than the mail is from" bulla cert import foreign
    refused 41 "there are several" bulla cert import two
    # One that does not count is as none.
    mail bob@example.org critical b.hdr >one
    succeeds bulla cert import one
    remarks "new        $bob"
}

@test "a mail without an Autocrypt header, but with a certificate" {
    bulla armor -o bob.asc bob.cert
    { printf 'From: bob@example.org\nSubject: my key\n\nHere it is.\n' && cat bob.asc; } >mail
    succeeds bulla cert import mail
    remarks "new        $bob"
    printf 'From: bob@example.org\n\nnothing\n' >letter
    fails 41 "letter: no OpenPGP data found" bulla cert import letter
}

@test "a secret key in an Autocrypt header is not taken" {
    as bob bulla key export --binary -o bob.key bob@example.org
    autocrypt bob.key "addr=bob@example.org;" >header
    succeeds bulla cert import header
    remarks "The secret key in header is left out"
    succeeds bulla key list
    silent
}

# As keys.openpgp.org gives it out where the owner has not confirmed an address.
@test "a certificate without user ID is taken, merged, and of use by its fingerprint" {
    { packet_of bob.cert 0 && packet_of bob.cert 3 && packet_of bob.cert 4; } >bare
    as first bulla cert import -q bare
    succeeds as first bulla cert show --json "$bob"
    succeeds bulla cert import bare
    remarks "new        $bob  (no user ID)"
    succeeds bulla cert list
    prints "$bob"
    prints "(no user ID)"
    bulla cert import -q bob.cert
    succeeds bulla cert import bare
    remarks "unchanged  $bob  Bob Baker"
    succeeds bulla cert show bob@example.org
}

# Update.

@test "update refreshes what is here, and leaves others out" {
    { packet_of bob.cert 0 && packet_of bob.cert 3 && packet_of bob.cert 4; } >bare
    cat bob.cert carol.cert >both
    bulla cert import -q bare
    succeeds bulla cert update --json both
    is_json '.changed == 1 and .new == 0 and .not_here == 1'
    is_json '[.imported[].result] == ["changed", "not here"]'
    succeeds bulla cert update both
    remarks "unchanged  $bob  Bob Baker"
    remarks "not here   $carol  Carol Cook"
    succeeds bulla cert list
    [[ $output == "$bob"* && $output != *"$carol"* ]]
}

@test "update where nothing is here" {
    fails 112 "carol.cert: nothing in it is here already" bulla cert update carol.cert
    hints "bulla cert import"
    succeeds bulla cert list
    silent
    echo text >letter
    fails 41 "letter" bulla cert update letter
}
