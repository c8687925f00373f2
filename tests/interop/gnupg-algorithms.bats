#!/usr/bin/env bats
# Keys of the collection that nobody makes any more, in GnuPG's hands: what it signs with
# them is verified here, and what it encrypts to them is opened.

load ../cli/lib
load peers
load gnupg

KEYS="keys-dsa-elgamal/dsa1024-elg1024-sec.gpg keys-dsa-elgamal/dsa3072-elg3072-sec.gpg
    keys-dsa-elgamal/dsa-eg-sec.asc keys-dsa-elgamal/dsa4096-eg4096-sec.asc"

setup_file() {
    begin_gnupg_file
    have_peer || return 0
    if [ -z "${SPECDATA:-}" ]; then
        absent_peer "no SPECDATA"
        return 0
    fi
    need_specdata
    local key
    for key in $KEYS; do
        gnupg --passphrase password --import "$SPECDATA/fixtures/$key"
        bulla key import -q "$SPECDATA/fixtures/$key"
    done
}

setup() {
    begin_with_peers
}

teardown_file() {
    end_gnupg_file
}

# verifies FINGERPRINT [OPTION-OF-GNUPG...]
verifies() {
    local fingerprint=$1
    shift
    gnupg --passphrase password -o letter.sig -u "$fingerprint" "$@" --detach-sign letter
    succeeds bulla verify --json letter.sig letter
    signed_by "$fingerprint"
    echo more >>letter
    refuses 3 "BAD" bulla verify letter.sig letter
}

# opens FINGERPRINT
opens() {
    gnupg -o letter.gpg -r "$1" --encrypt letter
    bulla_opens_with password letter.gpg letter
}

@test "DSA of 3072 bits verifies, Elgamal of 3072 bits opens" {
    verifies 46F158427CB02B827F6E10D52F1E6333A0284CE2
    opens 46F158427CB02B827F6E10D52F1E6333A0284CE2
}

@test "DSA with SHA-512, which is longer than its group" {
    verifies 46F158427CB02B827F6E10D52F1E6333A0284CE2 --digest-algo SHA512
}

@test "DSA and Elgamal as rnp makes them" {
    verifies 091C44CE9CFBC3FF7EC7A64DC8A10A7D78273E10
    opens 091C44CE9CFBC3FF7EC7A64DC8A10A7D78273E10
}

# GnuPG makes no DSA signature of that size.
@test "Elgamal of 4096 bits opens" {
    opens 72978200CC739EA7A7FE3B9C7146FC248BF7C656
}

@test "DSA of 1024 bits is too weak, Elgamal of 1024 bits still opens" {
    local who=D7508C66F02B8047A1E96D0094E764867A8D9CC1
    opens $who
    gnupg --passphrase password -o letter.sig -u $who --digest-algo SHA256 --detach-sign letter
    refuses 3 "no good signature" bulla verify letter.sig letter
    remarks "DSA with 1024 bits is too weak"
}
