#!/usr/bin/env bats
# keyring backup, verify-backup and restore: everything, in one encrypted file, and back.

load lib

setup_file() {
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
    begin
    echo "correct horse" >pass
    echo "open sesame" >keypass
    new_key "Alice <alice@example.org>"
    bulla key generate -q --new-passphrase-file keypass "Locked <locked@example.org>" >/dev/null
    as bob new_key "Bob <bob@example.org>"
    as bob bulla cert export -o bob.cert bob@example.org
    bulla cert import -q bob.cert
    bulla cert certify -q --local --yes -u alice@example.org bob@example.org
}

setup() {
    begin
    cp -r "$BATS_FILE_TMPDIR"/{bulla-home,bob,pass,keypass,bob.cert} .
}

backup() {
    bulla keyring backup -q --passphrase-file pass "$@"
}

@test "everything comes back" {
    succeeds bulla keyring backup --passphrase-file pass -o file
    remarks "certificates: 3, own keys: 2, trust settings: 0, revocation certificates: 2"
    [ "$(stat -c %a file)" = 600 ]
    as other succeeds bulla keyring restore --passphrase-file pass file
    remarks "own keys      new: 2, changed: 0, unchanged: 0"
    [ "$(bulla key list)" = "$(as other bulla key list)" ]
    bulla cert export --local --binary -o here
    as other bulla cert export --local --binary -o there
    same here there
    bulla cert export --binary -o public
    [ "$(wc -c <public)" -lt "$(wc -c <here)" ]
    for who in alice locked; do
        bulla key export --binary -o "$who.here" "$who@example.org"
        as other bulla key export --binary -o "$who.there" "$who@example.org"
        same "$who.here" "$who.there"
    done
    diff -r "$BULLA_HOME/revocations" other/revocations
    as other succeeds bulla keyring check
    # What it holds works, under the passphrases of before.
    as other bulla sign -u alice@example.org --inline <bob.cert | bulla verify --signer alice@example.org
    as other fails 67 "passphrase" bulla sign -u locked@example.org -o signature bob.cert
    as other bulla sign -u locked@example.org --passphrase-file keypass -o signature bob.cert
}

@test "what is here is merged with it, and nothing is lost" {
    backup -o file
    bulla key add-uid -q alice@example.org "Alice <alice@example.net>" >/dev/null
    bulla key passphrase -q --new-passphrase-file keypass alice@example.org >/dev/null
    as carol new_key "Carol <carol@example.org>"
    as carol bulla key export --binary -o carol.key carol@example.org
    bulla key import -q carol.key
    bulla cert delete -q --yes bob@example.org
    bulla key export --binary -o before alice@example.org
    succeeds bulla keyring restore --json --passphrase-file pass file
    is_json '.restored.certificates == {new: 1, changed: 0, unchanged: 2} and
        .restored.keys == {new: 0, changed: 0, unchanged: 2} and .restored.revocations == 0'
    bulla key export --binary -o after alice@example.org
    same before after
    succeeds bulla key list
    prints carol@example.org
    bulla cert show bob@example.org
    # A key that was deleted comes back with its secret.
    bulla key delete -q --yes locked@example.org
    succeeds bulla keyring restore --json --passphrase-file pass file
    is_json '.restored.keys == {new: 0, changed: 1, unchanged: 1}'
}

@test "trust settings come back, but not in the place of those that are here" {
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    local alice bob
    alice=$(fingerprint_of alice@example.org) bob=$(fingerprint_of bob@example.org)
    sqlite3 "$BULLA_HOME/keyring.db" "INSERT INTO trust VALUES (x'04$alice', 1, 120), (x'04$bob', 3, 0)"
    backup -o file
    succeeds bulla keyring verify-backup --json --passphrase-file pass file
    is_json '.trust == 2'
    as other new_key Carol
    sqlite3 other/keyring.db "INSERT INTO trust VALUES (x'04$bob', 2, 40)"
    as other succeeds bulla keyring restore --json --passphrase-file pass file
    is_json '.restored.trust == {new: 1, kept: 1}'
    [ "$(sqlite3 other/keyring.db "SELECT hex(fpr), kind, amount FROM trust" | sort)" = \
        "$(printf '%s\n' "04$alice|1|120" "04$bob|2|40" | sort)" ]
}

@test "a dry run tells what would come back" {
    backup -o file
    as other succeeds bulla keyring restore --dry-run --passphrase-file pass file
    remarks "dry run"
    remarks "own keys      new: 2"
    absent other
    bulla cert delete -q --yes bob@example.org
    succeeds bulla keyring restore -n --json --passphrase-file pass file
    is_json '.dry_run and .restored.certificates == {new: 1, changed: 0, unchanged: 2}'
    fails 112 "bob" bulla cert show bob@example.org
}

@test "to a recipient instead, or as well" {
    as bob bulla key export --binary -o bob.key bob@example.org
    succeeds bulla keyring backup -r bob@example.org -o file
    [[ $stderr != *Warning* ]]
    refuses 29 "no secret key" bulla keyring restore file
    fails 29 "no secret key" as other bulla keyring restore file
    [ ! -e other ]
    as other bulla key import -q bob.key
    as other succeeds bulla keyring restore file
    remarks "Warning: anybody can encrypt a file to your key"
    as other succeeds bulla keyring verify-backup file
    [ -z "$stderr" ]
    # Who needs a key that is in it cannot open it when it is needed.
    succeeds bulla keyring backup --recipient-file bob.cert -r alice@example.org -o file2
    [[ $stderr != *Warning* ]]
    succeeds bulla keyring backup -r alice@example.org -o file3
    remarks "Warning: whoever opens the backup needs a key that is in it"
    succeeds bulla keyring backup -r alice@example.org -p --passphrase-file pass -o file4
    [[ $stderr != *Warning* ]]
    as third succeeds bulla keyring restore --passphrase-file pass file4
    [[ $stderr != *Warning* ]]
    refuses 83 "--passphrase-file" bulla keyring backup -r bob@example.org --passphrase-file pass -o file5
    hints "-p"
}

@test "verify-backup tells what is in it, and what is not" {
    backup -o file
    bulla key add-subkey -q --for sign locked@example.org --passphrase-file keypass >/dev/null
    new_key "Dora <dora@example.org>"
    succeeds bulla keyring verify-backup --passphrase-file pass file
    prints "certificates: 3, own keys: 2, trust settings: 0, revocation certificates: 2"
    prints "  Dora"
    prints "  Locked"
    [[ $output != *Alice* ]]
    succeeds bulla keyring verify-backup --json --passphrase-file pass - <file
    is_json '.certificates == 3 and .keys == 2 and .revocations == 2 and (.missing | length) == 2 and
        (.made | length) == 20'
    as other succeeds bulla keyring verify-backup --json --passphrase-file pass file
    is_json '.missing == []'
    [ ! -e other ]
}

@test "from a pipe to a pipe, in text, and in place of an older one" {
    bulla keyring backup -q --passphrase-file pass | as other bulla keyring restore -q --passphrase-file pass
    as other bulla key list | grep -q alice@example.org
    backup -o file
    bulla armor -o text file
    as third bulla keyring restore -q --passphrase-file pass text
    refuses 59 "file" bulla keyring backup --passphrase-file pass -o file
    refuses 59 "file" bulla keyring backup -o file # no passphrase is asked for
    bulla keyring backup -q -f --passphrase-file pass -o file
    succeeds bulla keyring backup --json --profile rfc9580 --passphrase-file pass -o file2
    bulla keyring verify-backup --passphrase-file pass file2
    is_json '.seipd == 2 and .output == "file2" and .keys == 2 and .passphrase and .noted and .left_out == 0'
    refuses 67 "passphrase" bulla keyring backup -o file6
}

@test "what is no backup is refused, and nothing of it is stored" {
    bulla key export --binary -o keys alice@example.org
    bulla encrypt --passphrase-file pass -o keys.pgp keys
    echo "dear Bob" | bulla encrypt --passphrase-file pass >letter.pgp
    fails 41 "this is no backup" as other bulla keyring restore --passphrase-file pass keys.pgp
    hints "bulla key import"
    fails 41 "this is no backup" as other bulla keyring restore --passphrase-file pass letter.pgp
    fails 41 "" as other bulla keyring restore keys
    hints "bulla key import"
    fails 41 "this is no backup" bulla keyring verify-backup --passphrase-file pass keys.pgp
    bulla sign -u alice@example.org --inline <keys >signed
    fails 41 "a backup is encrypted, and this is not" as other bulla keyring restore signed
    fails 61 "none" as other bulla keyring restore none
    fails 112 "empty" as fourth bulla keyring backup --passphrase-file pass -o file
    absent file
    succeeds as other bulla cert list
    [ -z "$output" ]
    [ ! -e other/revocations ]
}

@test "what was changed or cut short restores nothing" {
    local at size
    backup -o file
    backup -r bob@example.org -p -o file2
    as other new_key Eve
    as other bulla cert export --binary -o before
    for file in file file2; do
        size=$(stat -c %s $file)
        for at in $((size / 2)) $((size - 30)); do
            cp $file changed
            flip changed $at
            fails 41 "changed" as other bulla keyring restore --passphrase-file pass changed
            head -c "$at" $file >short
            fails 41 "short" as other bulla keyring restore --passphrase-file pass short
        done
    done
    fails 29 "passphrase" as other bulla keyring restore --passphrase-file keypass file
    as other bulla cert export --binary -o after
    same before after
    [ "$(find other/revocations -type f | wc -l)" -eq 1 ]
}

# Packets of a backup, put together again and sealed: forged FILE...
forged() {
    cat "$@" | { printf '\xcb\xff' && printf '%08x' $(($(cat "$@" | wc -c) + 6)) | sed 's/../\\x&/g' |
        xargs -0 printf && printf 'b\0\0\0\0\0' && cat; } | seal "correct horse" >forged
}

@test "a backup without a part of it, or with more, restores nothing" {
    local n
    backup -o file
    bulla decrypt --passphrase-file pass -o plain file
    n=$(bulla inspect --json plain | jq '.packets | length')
    for i in $(seq 0 $((n - 1))); do packet_of plain "$i" >"$(printf 'part%02d' "$i")"; done
    forged part*
    as other succeeds bulla keyring restore -n --passphrase-file pass forged
    # Without its last packet, a revocation certificate, the last certificate; with more behind it.
    forged $(printf '%s\n' part* | head -n -1)
    fails 41 "a part of the backup is missing" as other bulla keyring restore --passphrase-file pass forged
    forged $(printf '%s\n' part* | grep -v "part$((n - 2))")
    fails 41 "a part of the backup is missing" as other bulla keyring restore --passphrase-file pass forged
    bulla cert export --binary -o cert bob@example.org
    forged cert plain
    fails 41 "a part of the backup is missing" as other bulla keyring restore --passphrase-file pass forged
    forged plain cert
    fails 41 "goes on behind its end" as other bulla keyring restore --passphrase-file pass forged
    [ ! -e other/revocations ]
    succeeds as other bulla cert list
    [ -z "$output" ]
}

@test "a certificate that imitates what stands behind the certificates" {
    backup -o file
    bulla decrypt --passphrase-file pass -o plain file
    divider=$(bulla inspect --json plain | jq '[.packets[].type] | rindex(6)')
    {
        cat bob.cert | bulla dearmor
        packet_of plain "$((divider + 1))"
    } >imitation
    as eve bulla cert import -q imitation
    as eve bulla keyring backup -q --passphrase-file pass -o eve.backup
    as other succeeds bulla keyring restore --json --passphrase-file pass eve.backup
    is_json '.restored.revocations == 0 and .restored.certificates.new == 1'
    # And what stands there is nobody's certificate.
    as sixth succeeds bulla cert import plain
    remarks "certificate 4"
    as sixth succeeds bulla cert list
    [ "$(wc -l <<<"$output")" -eq 3 ]
}

@test "key check remarks on keys in no backup" {
    need_specdata
    bulla key import -q "$SPECDATA/interop-certificates/alice-secret.pgp"
    bulla key revocation -q alice@openpgp.example
    # Keys of today have a week's time.
    fails 115 "1 of 3 keys need attention" bulla key check
    prints "in no backup"
    prints "hint: bulla keyring backup"
    [ "$(grep -c "in no backup" <<<"$output")" -eq 1 ]
    succeeds bulla key check --ignore no-backup
    silent
    succeeds bulla key lint
    backup -o file
    succeeds bulla key check
    silent
    # Who restores it has that backup.
    as other bulla keyring restore -q --passphrase-file pass file
    as other succeeds bulla key check
    silent
    bulla keyring stats | grep -q "last backup *20"
    # A subkey that came later is in none.
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    sqlite3 "$BULLA_HOME/keyring.db" \
        "DELETE FROM backup WHERE fpr = x'EA02B24FFD4C1B96616D3DF24766F6B9D5F21EB6'"
    run --separate-stderr bulla key check --json
    [ "$status" -eq 115 ]
    is_json '[.keys[].findings[]] | length == 1 and .[0].code == "no-backup" and
        .[0].fingerprint == "EA02B24FFD4C1B96616D3DF24766F6B9D5F21EB6"'
}

@test "a home that can only be read has a backup as well" {
    [ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
    chmod 500 "$BULLA_HOME"
    chmod 400 "$BULLA_HOME"/*.db
    succeeds bulla keyring backup --passphrase-file pass -o file
    remarks "could not be noted"
}

@test "nothing is taken without being meant" {
    fails 2 "too many arguments" bulla keyring backup file
    fails 2 "too many arguments" bulla keyring restore file file
    fails 112 "Nobody" bulla keyring backup -r Nobody -o file
    absent file
    backup -o file
    unset BULLA_HOME HOME
    for verb in restore verify-backup; do
        fails 1 "HOME is not set" "$BUILD/bulla" keyring $verb --passphrase-file pass file
    done
    fails 1 "HOME is not set" "$BUILD/bulla" keyring backup --passphrase-file pass -o file2
}
