#!/usr/bin/env bats
# cert split, join, merge: files of certificates, without a keyring.

load lib

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    export HOME=$BATS_FILE_TMPDIR LC_ALL=C.UTF-8
    local name
    for name in bob carol; do
        BULLA_HOME=$BATS_FILE_TMPDIR/$name new_key "${name^} <$name@example.org>"
        BULLA_HOME=$BATS_FILE_TMPDIR/$name bulla cert export --binary -q -o $name.cert
        BULLA_HOME=$BATS_FILE_TMPDIR/$name bulla key export --binary -q -o $name.key $name@example.org
    done
    bulla sop certify-userid --no-armor --userid="Bob <bob@example.org>" carol.key <bob.cert >bob.certified
    bulla sop certify-userid --no-armor --userid="Bob 2" --no-require-self-sig carol.key <bob.cert >bob.named
}

setup() {
    begin
    cp "$BATS_FILE_TMPDIR"/{bob.cert,bob.certified,bob.named,carol.cert,carol.key} .
    export BULLA_HOME=$BATS_TEST_TMPDIR/none
    bob=$(field_of bob.cert 6 fingerprint)
    carol=$(field_of carol.cert 6 fingerprint)
}

teardown() {
    absent none
}

# What a certificate consists of, in no order.
packets_of() {
    bulla inspect --hex --json "$1" | jq -r '.packets[] | [.fields[].hex] | join("")' | sort
}

# split

@test "split: a file for each, called after the fingerprint" {
    cat bob.cert carol.cert >both
    mkdir out
    succeeds bulla cert split both -o out
    remarks "new        out/$bob.pgp  Bob <bob@example.org>"
    [ "$(ls out)" = "$(printf '%s\n' "$bob.pgp" "$carol.pgp" | sort)" ]
    same "out/$bob.pgp" bob.cert
    same "out/$carol.pgp" carol.cert
}

@test "split: here, as text, from standard input" {
    succeeds bulla cert split --armor <bob.cert
    grep -q "BEGIN PGP PUBLIC KEY BLOCK" "$bob.asc"
    bulla dearmor <"$bob.asc" | cmp - bob.cert
}

@test "split --json" {
    succeeds bulla cert split --json bob.cert carol.cert
    is_json ".files | length == 2"
    is_json ".files[0] == {output: \"$bob.pgp\", fingerprint: \"$bob\", userid: \"Bob <bob@example.org>\", result: \"new\"}"
    succeeds bulla cert split --json bob.cert
    is_json '.files[0].result == "unchanged"'
}

@test "split: several copies in the files become one" {
    succeeds bulla cert split bob.certified bob.named
    [ "$(packets_of "$bob.pgp")" = "$(sort -u <(packets_of bob.certified) <(packets_of bob.named))" ]
}

@test "split: other content stays, but for --force" {
    cp bob.cert "$bob.pgp"
    fails 59 "$bob.pgp: it exists already" bulla cert split bob.certified carol.cert
    hints "--force replaces it"
    same "$bob.pgp" bob.cert
    same "$carol.pgp" carol.cert
    fails 59 "" bulla cert split --json bob.certified carol.cert
    is_json '.files[0].error.code == 59 and .files[1].result == "unchanged" and .error.code == 59'
    succeeds bulla cert split --force --json bob.certified
    is_json '.files[0].result == "replaced"'
    [ "$(packets_of "$bob.pgp")" = "$(packets_of bob.certified)" ]
}

@test "split into what is no directory" {
    refuses 116 "out: there is no such directory" bulla cert split -o out bob.cert
    hints "mkdir out"
    echo text >out
    fails 116 "out: " bulla cert split -o out bob.cert
    [ "$(cat out)" = text ]
}

# join

@test "join: each once, in the order in which they come" {
    bulla armor -o carol.asc carol.cert
    succeeds bulla cert join -o all bob.cert carol.asc bob.certified
    remarks "Certificates: 2, out of 3"
    succeeds bulla cert join --json -o again all
    is_json '.certificates == 2 and .read == 2 and .output == "again"'
    same all again
    mkdir out
    bulla cert split -q -o out all
    [ "$(packets_of "out/$bob.pgp")" = "$(packets_of bob.certified)" ]
    same "out/$carol.pgp" carol.cert
    [ "$(field_of all 6 fingerprint)" = "$bob" ]
}

@test "join: to standard output, as bytes or text" {
    bulla cert join carol.cert bob.cert | cmp - <(cat carol.cert bob.cert)
    bulla cert join -a carol.cert bob.cert >all.asc
    grep -q "BEGIN PGP PUBLIC KEY BLOCK" all.asc
    bulla cert join <all.asc | cmp - <(cat carol.cert bob.cert)
}

@test "join never replaces without --force, and may then replace what it reads" {
    refuses 59 "bob.cert: exists already" bulla cert join -o bob.cert bob.cert carol.cert
    cat bob.cert carol.cert >both
    succeeds bulla cert join -f -o bob.cert bob.cert carol.cert
    same bob.cert both
}

# merge

@test "merge: all that any copy has" {
    succeeds bulla cert merge --json -o merged bob.certified bob.named
    is_json ".fingerprint == \"$bob\" and .copies == 2 and .output == \"merged\""
    [ "$(packets_of merged)" = "$(sort -u <(packets_of bob.certified) <(packets_of bob.named))" ]
    cat bob.named bob.certified bob.cert | bulla cert merge >again
    [ "$(packets_of again)" = "$(packets_of merged)" ]
}

@test "merge of different certificates" {
    refuses 111 "$bob in bob.cert and $carol in carol.cert" bulla cert merge -o merged bob.cert carol.cert
    hints "bulla cert join"
    cat bob.cert carol.cert >both
    refuses 111 "different certificates" bulla cert merge both
}

# All.

@test "secret parts are left out, and it is said" {
    for verb in "join -f -o out" "merge -f -o out" "split"; do
        # shellcheck disable=SC2086
        succeeds bulla cert $verb carol.key
        remarks "The secret key in carol.key is left out"
    done
    same out carol.cert
    same "$carol.pgp" carol.cert
}

@test "what cannot be read is told, and does not stop the others" {
    { cat bob.cert && head -c 60 carol.cert && cat carol.cert; } >damaged
    fails 41 "damaged: " bulla cert join -o out damaged
    bulla cert join bob.cert carol.cert | cmp - out
    mkdir dir
    fails 41 "damaged: " bulla cert split -o dir damaged
    same "dir/$carol.pgp" carol.cert
    { cat bob.cert && head -c 60 bob.certified; } >cut
    fails 41 "cut: " bulla cert merge -o merged cut
    same merged bob.cert
}

@test "nothing that could be read" {
    head -c 60 carol.cert >cut
    refuses 41 "cut: " bulla cert join -o out cut
    echo text >text
    refuses 41 "text: " bulla cert merge -o out bob.cert text
    refuses 61 "nowhere" bulla cert join -o out bob.cert nowhere
    refuses 61 "nowhere" bulla cert split nowhere bob.cert
    refuses 41 "standard input: " bulla cert merge </dev/null
}
