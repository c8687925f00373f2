#!/usr/bin/env bats
# keyring check: what is damaged is found, and said of which certificate; --fix mends it.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    as bob new_key "Bob <bob@example.org>"
    as bob bulla cert export -o bob.cert bob@example.org
    bulla cert import -q bob.cert
    alice=$(fingerprint_of alice@example.org)
    bob=$(fingerprint_of bob@example.org)
}

# Changes the database behind bulla's back: sql STATEMENT
sql() {
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    sqlite3 "$BULLA_HOME/keyring.db" "$1"
}

# The check fails with this code, and says this of a certificate: finds CODE FPR TEXT
finds() {
    fails "$1" "problem" bulla keyring check
    prints "$2"
    prints "$3"
    run --separate-stderr bulla keyring check --json
    [ "$status" -eq "$1" ]
    is_json ".error.code == $1 and any(.problems[]; (.fixed | not) and (\"$2\" == \"\" or .certificate == \"$2\"))"
}

# --fix mends all of it; afterwards nothing is to be found: mends
mends() {
    succeeds bulla keyring check --fix
    prints "fixed: "
    succeeds bulla keyring check
    remarks "All is well"
}

@test "nothing is wrong with a new keyring, an empty one, or one that is not there" {
    succeeds bulla keyring check
    remarks "Checked: 2 certificates, 2 secret keys and subkeys. All is well."
    [ -z "$output" ]
    succeeds bulla keyring check --json
    is_json '.problems == [] and .certificates == 2 and .secret_keys == 2 and .fixed == 0'
    BULLA_HOME=$PWD/none succeeds bulla keyring check
    remarks "Checked: 0 certificates"
    [ ! -e none ]
    succeeds bulla keyring check --fix
}

@test "a home that cannot be written to is checked" {
    [ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
    chmod 500 "$BULLA_HOME"
    chmod 400 "$BULLA_HOME"/*.db
    succeeds bulla keyring check
    remarks "All is well"
}

@test "an index entry that is missing, wrong or left over" {
    sql "DELETE FROM key WHERE subkey = 0 AND cert = 1"
    finds 41 "$alice" "its index lacks 1 entries, and has 0 that are wrong"
    sql "UPDATE address SET name = 'example.org@mallory' WHERE cert = 2"
    finds 41 "$bob" "its index lacks 1 entries, and has 1 that are wrong"
    sql "INSERT INTO address (cert, name) SELECT id, 'example.org@eve' FROM cert"
    finds 41 "$alice" "lacks 1 entries, and has 1 that are wrong"
    sql "UPDATE userid SET text = x'00'"
    finds 41 "$bob" "lacks 2 entries, and has 3 that are wrong"
    mends
    names=$(bulla cert list --json bob@example.org | json '.certificates[].fingerprint')
    [ "$names" = "$bob" ]
    fails 112 "eve" bulla cert list eve@example.org
}

@test "index entries of a certificate that is gone" {
    sql "DELETE FROM cert WHERE id = 2"
    finds 41 "" "the index has 4 entries of certificates that are not here"
    mends
}

@test "a certificate that is there twice" {
    sql "INSERT INTO cert SELECT 7, bytes FROM cert WHERE id = 2"
    finds 41 "$bob" "its index lacks 4 entries"
    prints "it is here twice"
    mends
    [ "$(bulla cert list --json | json '.certificates | length')" -eq 2 ]
}

@test "a certificate that cannot be read is named, and removed by --fix" {
    sql "UPDATE cert SET bytes = bytes || x'00' WHERE id = 2"
    finds 41 "$bob" "certificate number 2 cannot be read: no OpenPGP packet starts with byte 0x"
    sql "UPDATE cert SET bytes = x'00' WHERE id = 2"
    finds 41 "" "certificate number 2 cannot be read: no OpenPGP packet starts with byte 0x00"
    mends
    fails 112 "bob" bulla cert list bob@example.org
    bulla cert import -q bob.cert
    succeeds bulla keyring check
}

@test "a certificate that is not written as bulla writes it" {
    bulla dearmor -o bob.pgp bob.cert
    local old
    old=$({ printf '\x99\x00' && tail -c +2 bob.pgp; } | od -An -v -tx1 | tr -d ' \n')
    sql "UPDATE cert SET bytes = x'$old' WHERE id = 2"
    finds 41 "$bob" "not stored as it would be written"
    mends
    succeeds bulla cert show "$bob"
}

@test "a trust setting that is none" {
    sql "INSERT INTO trust VALUES (x'04$bob', 1, 200)"
    finds 41 "$bob" "its trust setting is none"
}

@test "a secret key without its certificate is kept, and wants the certificate" {
    bulla cert export -o alice.cert alice@example.org
    sql "DELETE FROM cert WHERE id = 1; DELETE FROM key WHERE cert = 1; DELETE FROM userid WHERE cert = 1; DELETE FROM address WHERE cert = 1"
    finds 115 "$alice" "a secret key is here, but not its certificate"
    hints "bulla cert import FILE"
    fails 115 "problem" bulla keyring check --fix
    bulla cert import -q alice.cert
    succeeds bulla keyring check
    bulla sign --inline <alice.cert | bulla verify --signer alice@example.org
}

@test "a secret key that is damaged, or under another name" {
    sql "UPDATE secret SET body = substr(body, 1, 30) WHERE type = 5"
    finds 41 "$alice" "secret key"
    sql "UPDATE secret SET fpr = x'$bob' WHERE type = 7"
    finds 41 "$alice" "a fingerprint that is not its own"
    fails 41 "problem" bulla keyring check --fix
    hints "bulla key import or cert import FILE"
}

@test "pages of the database that are damaged" {
    sql "PRAGMA wal_checkpoint(TRUNCATE)"
    printf 'garbage!' | dd of="$BULLA_HOME/keyring.db" bs=1 seek=4096 conv=notrunc status=none
    fails 41 "problem" bulla keyring check
    prints "keyring.db"
    printf 'no database at all' >"$BULLA_HOME/keyring.db"
    fails 41 "keyring.db" bulla keyring check
}

@test "files that others may read or write" {
    chmod 644 "$BULLA_HOME/keyring.db"
    finds 115 "" "keyring.db: others may read it"
    chmod 666 "$BULLA_HOME/keyring.db"
    finds 115 "" "keyring.db: others may write to it"
    mends
    [ "$(stat -c %a "$BULLA_HOME/keyring.db")" = 600 ]
    chmod 644 "$BULLA_HOME/keyring.db"
    bulla key delete -q --yes alice@example.org
    succeeds bulla keyring check
    chmod 777 "$BULLA_HOME"
    fails 114 "others may write" bulla keyring check
}

@test "no arguments are taken" {
    fails 2 "too many arguments" bulla keyring check alice@example.org
}
