#!/usr/bin/env bats
# What goes wrong every day: each has its own message and code, and leaves nothing
# half-written.  Interrupts are in interrupts.bats, changed messages in tamper*.bats.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as friend new_key "Bob <bob@example.org>"
    as friend bulla cert export -o bob.cert bob@example.org
    befriend bob.cert bob@example.org
    printf 'Dear Bob,\nthe meeting is at noon.\n' >letter
}

teardown() {
    ! mountpoint -q "$BATS_TEST_TMPDIR/disk" || umount "$BATS_TEST_TMPDIR/disk"
}

# Root reads and writes everywhere: for root, without those capabilities.
restricted() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    else
        setpriv --bounding-set=-dac_override,-dac_read_search "$@"
    fi
}

can_restrict() {
    touch forbidden
    chmod 000 forbidden
    ! restricted cat forbidden 2>/dev/null || skip "cannot give up reading everything"
    rm -f forbidden
}

# A directory of its own size: small_disk SIZE
small_disk() {
    mkdir disk
    mount -t tmpfs -o "size=$1" none disk 2>/dev/null || skip "cannot mount a small disk"
}

# Recipients.

@test "an expired recipient" {
    new_key "Late <late@example.org>" --expires 1s
    sleep 2
    refuses 17 "expired" bulla encrypt -r late@example.org letter
    remarks "Late <late@example.org>"
    refuses 17 "expired" bulla encrypt -r bob@example.org -r late@example.org letter
    run bulla cert list late@example.org
    prints "expired"
}

@test "a recipient that expired long ago, or is not yet valid" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-validity
    refuses 17 "expired on 2019-12-26" bulla encrypt --recipient-file "$keys/alice-case10.gpg" letter
    hints "current copy"
    refuses 17 "created in the future" bulla encrypt --recipient-file "$keys/future-key.asc" letter
    hints "clock"
}

@test "a recipient whose self-signature or binding signature is forged" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-validity
    refuses 17 "no valid self-signature" \
        bulla encrypt --recipient-file "$keys/p256-forged-self-sig.pgp" letter
    refuses 17 "without a valid binding signature" \
        bulla encrypt --recipient-file "$keys/p256-no-binding.pgp" letter
}

@test "a revoked recipient" {
    need_specdata
    revoked_alice revoked.cert
    refuses 17 "revoked" bulla encrypt --recipient-file revoked.cert letter
    remarks "alice@openpgp.example"
    bulla cert import -q revoked.cert
    refuses 17 "revoked" bulla encrypt -r alice@openpgp.example letter
    run bulla cert list alice@openpgp.example
    prints "revoked"
}

@test "a revocation that is imported later revokes" {
    need_specdata
    befriend "$SPECDATA/interop-certificates/alice.pgp" alice@openpgp.example
    succeeds bulla encrypt -r alice@openpgp.example -o before letter
    revoked_alice revoked.cert
    succeeds bulla cert import revoked.cert
    remarks "changed"
    refuses 17 "revoked" bulla encrypt -r alice@openpgp.example letter
}

@test "a recipient whose encryption subkey is revoked" {
    need_specdata
    local keys=$SPECDATA/fixtures/keys-validity
    refuses 17 "revoked" bulla encrypt --recipient-file "$keys/ecc-p256-revoked-key.asc" letter
    refuses 17 "revoked" bulla encrypt --recipient-file "$keys/ecc-p256-revoked-sub.asc" letter
}

@test "a recipient without an encryption key" {
    need_specdata
    befriend "$SPECDATA/fixtures/keys-ecc/ecc-25519-sec.asc" ecc-25519
    refuses 17 "no key that can encrypt" bulla encrypt -r ecc-25519 letter
    remarks "$(fingerprint_of ecc-25519)"
}

@test "a recipient whose key is too weak" {
    need_specdata
    bulla cert import -q "$SPECDATA/fixtures/keys-rsa/rsa1024-sec.gpg"
    succeeds bulla cert list
    refuses 17 "1024" bulla encrypt --recipient-file \
        "$SPECDATA/fixtures/keys-rsa/rsa1024-sec.gpg" letter
}

@test "a recipient nobody knows" {
    refuses 112 "carol@example.org: no certificate of this name" \
        bulla encrypt -r carol@example.org letter
    hints "bulla cert import FILE"
    refuses 112 "0123456789ABCDEF0123456789ABCDEF01234567" \
        bulla encrypt -r 0123456789ABCDEF0123456789ABCDEF01234567 letter
    refuses 112 "no certificate" bulla encrypt -r "" letter
}

@test "a name that fits several lists them" {
    refuses 111 "example.org: fits 2 certificates" bulla encrypt -r example.org letter
    remarks "$(fingerprint_of alice@example.org)  Alice <alice@example.org>"
    remarks "$(fingerprint_of bob@example.org)  Bob <bob@example.org>"
    hints "fingerprint"
}

@test "a name that fits very many lists ten" {
    local i
    for i in {1..11}; do
        new_key "Clone $i <clone$i@example.net>"
    done
    refuses 111 "fits 11 certificates" bulla encrypt -r Clone letter
    [ "$(grep -c "Clone .* <clone" <<<"$stderr")" -eq 10 ]
    remarks "and 1 more"
}

@test "the same e-mail in two certificates is ambiguous, too" {
    new_key "Another Bob <bob@example.org>"
    refuses 111 "bob@example.org: fits 2 certificates" bulla encrypt -r bob@example.org letter
}

# Passphrases and keys.

@test "a wrong passphrase, for a message and for a key" {
    echo right >right
    echo wrong >wrong
    bulla encrypt -p --passphrase-file right -o message letter
    refuses 29 "message: " bulla decrypt --passphrase-file wrong -o copy message
    remarks "passphrase"
    bulla key generate -q --new-passphrase-file right "Ann <ann@example.org>" >fingerprint
    bulla encrypt --no-self -r ann@example.org -o sealed letter
    refuses 67 "sealed: " bulla decrypt --passphrase-file wrong -o copy sealed
    remarks "wrong passphrase"
}

@test "a missing secret key" {
    bulla encrypt --no-self -r bob@example.org -o message letter
    refuses 29 "message: no secret key" bulla decrypt -o copy message
    hints "bulla key import"
}

# Input.

@test "a missing file" {
    refuses 61 "missing: No such file or directory" bulla encrypt -r bob@example.org missing
    refuses 61 "missing.pgp: No such file or directory" bulla decrypt missing.pgp
    refuses 61 "missing: No such file or directory" bulla sign missing
    refuses 61 "missing: No such file or directory" bulla verify missing
    refuses 61 "missing: No such file or directory" bulla inspect missing
    refuses 61 "missing: No such file or directory" bulla armor missing
    refuses 61 "missing: No such file or directory" bulla dearmor missing
    refuses 61 "missing: No such file or directory" bulla cert import missing
    refuses 61 "missing: No such file or directory" bulla key import missing
}

@test "a directory instead of a file" {
    mkdir folder
    refuses 61 "folder: is a directory" bulla encrypt -r bob@example.org folder
    hints "tar -c folder"
    refuses 61 "folder: is a directory" bulla sign folder
    refuses 61 "folder: is a directory" bulla verify folder
    refuses 61 "folder: is a directory" bulla inspect folder
    refuses 61 "folder: is a directory" bulla cert import folder
    refuses 61 "folder: is a directory" bulla encrypt -p --passphrase-file folder letter
}

@test "a directory as standard input" {
    refuses 1 "encrypt: standard input: Is a directory" bulla encrypt -r bob@example.org -o no <.
    refuses 1 "decrypt: standard input: Is a directory" bulla decrypt <.
}

@test "a file that may not be read" {
    can_restrict
    cp letter letter.pgp
    chmod 000 letter letter.pgp
    fails 61 "letter: Permission denied" restricted "$BUILD/bulla" encrypt -r bob@example.org \
        -o sealed letter
    absent sealed
    fails 61 "letter.pgp: Permission denied" restricted "$BUILD/bulla" decrypt -o copy letter.pgp
    absent copy
    fails 61 "letter: Permission denied" restricted "$BUILD/bulla" sign -o mark letter
    absent mark
    fails 61 "letter: Permission denied" restricted "$BUILD/bulla" cert import letter
}

@test "standard input that is closed" {
    refuses 1 "standard input: " bulla encrypt -r bob@example.org -o no <&-
    refuses 1 "standard input: " bulla sign <&-
}

# Output.

@test "a full device" {
    bulla encrypt -r alice@example.org -o message letter
    bulla encrypt -r alice@example.org --profile rfc4880 -o old letter
    bulla sign --inline -o signed letter
    refuses 116 "/dev/full: " bulla encrypt -r bob@example.org -o /dev/full letter
    remarks "No space left on device"
    refuses 116 "/dev/full: " bulla decrypt -o /dev/full message
    refuses 116 "/dev/full: " bulla decrypt -o /dev/full old
    refuses 116 "/dev/full: " bulla sign -o /dev/full letter
    refuses 116 "/dev/full: " bulla verify -o /dev/full signed
    refuses 116 "/dev/full: " bulla armor -o /dev/full message
    refuses 116 "/dev/full: " bulla cert export -o /dev/full
}

# Runs the command with the device that is always full as standard output.
onto_full() {
    "$@" >/dev/full
}

@test "standard output on a full device" {
    bulla encrypt -r alice@example.org -o message letter
    refuses 116 "standard output: " onto_full bulla encrypt -r bob@example.org -o - letter
    remarks "No space left on device"
    refuses 116 "standard output: " onto_full bulla decrypt -o - message
    refuses 116 "standard output: " onto_full bulla cert export
    refuses 116 "standard output: " onto_full bulla cert list
    refuses 116 "standard output: " onto_full bulla inspect message
    refuses 116 "standard output: " onto_full bulla version
    refuses 116 "standard output: " onto_full bulla help
}

@test "standard output on a full device: JSON" {
    refuses 116 "standard output: " onto_full bulla cert list --json
    refuses 116 "standard output: " onto_full bulla version --json
}

@test "standard output on a full device: help of a command" {
    refuses 116 "standard output: " onto_full bulla encrypt --help
}

closed_output() {
    "$@" >&-
}

@test "standard output that is closed" {
    bulla encrypt -r alice@example.org -o message letter
    refuses 116 "standard output: " closed_output bulla encrypt -r bob@example.org -o - letter
    refuses 116 "standard output: " closed_output bulla decrypt -o - message
    refuses 116 "standard output: " closed_output bulla cert list
}

@test "closed standard streams are not mistaken for opened files" {
    bulla encrypt -r alice@example.org -s -o message letter
    bulla decrypt -o one <message 2>&-
    same one letter
    bulla sign --inline -o signed letter 2>&- >&-
    bulla verify -o two signed 2>&- >&-
    same two letter
    bulla encrypt --recipient-file bob.cert -o sealed letter 2>&- >&- <&-
    succeeds as friend bulla decrypt -o three sealed
    same three letter
}

@test "a disk that fills up" {
    small_disk 1m
    head -c 3000000 /dev/zero >large
    bulla encrypt -r alice@example.org -o message large
    bulla encrypt -r alice@example.org --profile rfc4880 -o old large
    bulla sign --inline -o signed large
    refuses 116 "No space left on device" bulla encrypt -r bob@example.org -o disk/out large
    refuses 116 "No space left on device" bulla decrypt -o disk/out message
    refuses 116 "No space left on device" bulla decrypt -o disk/out old
    refuses 116 "No space left on device" bulla sign --inline -o disk/out large
    refuses 116 "No space left on device" bulla verify -o disk/out signed
    echo precious >disk/out
    refuses 116 "No space left on device" bulla decrypt -f -o disk/out message
    succeeds bulla decrypt -f -o disk/out <(bulla encrypt -q -r alice@example.org -o - letter)
    same disk/out letter
}

@test "no room for text that has to wait" {
    small_disk 1m
    head -c 60000000 /dev/zero >large
    bulla encrypt -r alice@example.org --profile rfc4880 -o old large
    TMPDIR=$BATS_TEST_TMPDIR/disk refuses 116 "No space left on device" bulla decrypt -o - old
    remarks "disk"
    TMPDIR=$BATS_TEST_TMPDIR/nowhere refuses 116 "nowhere" bulla decrypt -o - old
}

@test "a limit on the size of files" {
    head -c 3000000 /dev/zero >large
    # The limit is in KiB.  The signal must not end the program without a word.
    limited() (
        ulimit -f 1000
        exec "$BUILD/bulla" "$@"
    )
    refuses 116 "File too large" limited encrypt -r bob@example.org -o sealed large
}

@test "a closed pipe gives one message and its code" {
    local codes
    head -c 20000000 /dev/zero >large
    bulla encrypt -q -r alice@example.org -o message large
    bulla decrypt -o - message 2>errors | head -c 1 >first
    codes="${PIPESTATUS[*]}"
    [ "$codes" = "116 0" ]
    [ "$(wc -c <first)" -eq 1 ]
    [ "$(wc -l <errors)" -eq 1 ]
    grep -q "^bulla: decrypt: .*standard output.*Broken pipe" errors
    bulla encrypt -r bob@example.org -o - large 2>errors | head -c 1 >first
    codes="${PIPESTATUS[*]}"
    [ "$codes" = "116 0" ]
    [ "$(wc -l <errors)" -eq 1 ]
    grep -q "Broken pipe" errors
}

@test "an output directory that is missing" {
    bulla encrypt -r alice@example.org -o message letter
    refuses 116 "nowhere" bulla encrypt -r bob@example.org -o nowhere/sealed letter
    remarks "No such file or directory"
    refuses 116 "nowhere" bulla decrypt -o nowhere/copy message
    refuses 116 "nowhere" bulla sign -o nowhere/mark letter
    refuses 116 "nowhere" bulla cert export -o nowhere/cert
    refuses 116 "letter" bulla decrypt -o letter/copy message
    remarks "Not a directory"
}

@test "an output that is a directory" {
    mkdir folder
    bulla encrypt -r alice@example.org -o message letter
    refuses 116 "folder: is a directory" bulla encrypt -r bob@example.org -o folder letter
    refuses 116 "folder: is a directory" bulla decrypt -f -o folder message
    refuses 116 "folder: is a directory" bulla sign -f -o folder letter
    mkdir letter.pgp
    refuses 116 "letter.pgp: is a directory" bulla encrypt -f -r bob@example.org letter
}

@test "a directory that may not be written to" {
    can_restrict
    mkdir locked
    chmod 500 locked
    fails 116 "locked" restricted "$BUILD/bulla" encrypt -r bob@example.org -o locked/sealed letter
    remarks "Permission denied"
    [ -z "$(ls -A locked)" ]
}

# The keyring.

@test "a home that is a file" {
    refuses 1 "letter: is not a directory" bulla key generate --no-passphrase --home letter Carol
}

@test "a home that others may write to is not made one's own" {
    mkdir shared
    chmod 777 shared
    refuses 114 "shared: others may write to it" \
        bulla key generate --no-passphrase --home shared Carol
    hints "chmod 700 shared"
}

@test "nor read: whoever may write to it decides whose certificates are in it" {
    chmod 770 "$BULLA_HOME"
    refuses 114 "others may write to it" bulla encrypt -r bob@example.org letter
    refuses 114 "others may write to it" bulla cert list
    hints "chmod 700"
    chmod 755 "$BULLA_HOME"
    succeeds bulla cert list
}

@test "a home with a name that means something to databases" {
    local name
    for name in "what?" "50%25" "a#b" "file:x"; do
        new_key Carol --home "$name"
        succeeds bulla cert list --home "$name"
        prints "Carol"
        [ -e "$name/keyring.db" ]
    done
    can_restrict
    for name in "what?" "50%25" "a#b" "file:x"; do
        chmod 500 "$name"
        succeeds restricted "$BUILD/bulla" cert list --home "$name"
        prints "Carol"
    done
}

@test "a keyring that may only be read, with changes that are still in its log" {
    can_restrict
    mkfifo slow
    "$BUILD/bulla" encrypt -r bob@example.org -o sealed slow 3>&- &
    exec 5>slow
    sleep 0.2
    new_key Carol
    cp -r "$BULLA_HOME" copied
    exec 5>&-
    wait $!
    [ -s copied/keyring.db-wal ]
    chmod 500 copied
    succeeds restricted "$BUILD/bulla" cert list --home copied
    prints "Carol"
}

@test "a keyring that is none" {
    mkdir -m 700 broken
    echo "this is not a database, whatever its name says" >broken/keyring.db
    refuses 41 "broken/keyring.db" bulla cert list --home broken
    refuses 41 "broken/keyring.db" bulla key generate --no-passphrase --home broken Carol
    refuses 41 "broken/keyring.db" bulla encrypt --home broken -r bob@example.org letter
}

@test "a keyring on a full disk stays as it was" {
    small_disk 1m
    new_key "Carol <carol@example.org>" --home disk/home
    dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null || true
    fails 116 "disk" bulla key generate --no-passphrase --home disk/home Dave
    rm disk/filler
    succeeds bulla key list --home disk/home
    prints "Carol <carol@example.org>"
    [[ $output != *Dave* ]]
}

@test "a keyring that could not be made is an empty one" {
    small_disk 64k
    fails 116 "disk" bulla key generate --no-passphrase --home disk/home Dave
    succeeds bulla key list --home disk/home
    silent
}

@test "a keyring that may only be read is read" {
    can_restrict
    chmod 500 "$BULLA_HOME"
    chmod 400 "$BULLA_HOME"/*
    succeeds restricted "$BUILD/bulla" cert list
    prints "Bob <bob@example.org>"
    succeeds restricted "$BUILD/bulla" encrypt -r bob@example.org letter
    fails 116 "keyring.db" restricted "$BUILD/bulla" key generate --no-passphrase Carol
}

# An import that has read some certificates and waits for more.
waiting_import() {
    new_key Carol
    bulla cert export --binary Carol >both
    bulla cert export --binary Alice >>both
    bulla cert delete -q --yes Bob
    bulla dearmor bob.cert >>both
    mkfifo slow
    "$BUILD/bulla" cert import slow 2>/dev/null 3>&- &
    exec 5>slow
    cat both >&5
    sleep 0.2
}

@test "while an import waits for its input others read" {
    waiting_import
    succeeds timeout 5 "$BUILD/bulla" cert list
    prints "Carol"
    succeeds timeout 5 "$BUILD/bulla" encrypt -r Carol letter
    exec 5>&-
    wait $!
    succeeds bulla cert list
    prints "Bob"
}

@test "while an import waits for its input others write" {
    waiting_import
    succeeds timeout 5 "$BUILD/bulla" key generate --no-passphrase -q Dave
    exec 5>&-
    wait $!
}

@test "without HOME it says what to set" {
    refuses 1 "where is the keyring" env -u BULLA_HOME -u HOME "$BUILD/bulla" cert list
    hints "BULLA_HOME"
}
