#!/usr/bin/env bats
# Changes and cuts in messages of several MiB, which are decrypted in many chunks
# and several batches: no output file; on standard output nothing but a whole,
# authenticated beginning of the text (SEIPD v2), or nothing at all (v1).

load lib

CHUNK=262144
SIZE=$((9 * 1024 * 1024 + 5))

setup_file() {
    # Numbered lines, so that a chunk in a wrong place shows.
    seq -f "%015.0f" 600000 | head -c "$SIZE" >"$BATS_FILE_TMPDIR/text"
}

setup() {
    begin
    new_key "Alice <alice@example.org>"
    text=$BATS_FILE_TMPDIR/text
}

seal_for_alice() {
    bulla encrypt --no-self -r alice@example.org -o message "$@" "$text"
    n=$(wc -c <message)
}

# Standard output is a beginning of the text in whole chunks, if anything.  Chunks
# hold packets: some bytes of each are the headers of the literal data's parts.
is_prefix() {
    local len chunks
    len=$(wc -c <out) chunks=$((($(wc -c <out) + CHUNK - 1) / CHUNK))
    ((chunks * CHUNK - len <= 16 * (chunks + 1) && len < SIZE)) && cmp -n "$len" out "$text"
}

is_empty() {
    [ ! -s out ]
}

# The file broken is refused as a file and in a pipe, where CHECK says what may have
# come out: refused CHECK NAME
refused() {
    local code=0
    "$BUILD/bulla" decrypt -o copy broken >out 2>errors || code=$?
    [ "$code" -ne 0 ] && [ ! -s out ] && grep -q "^bulla: decrypt: broken: " errors || {
        echo "$2, to a file: exit code $code, $(wc -c <out) bytes, $(cat errors)"
        return 1
    }
    absent copy
    code=0
    "$BUILD/bulla" decrypt <broken 2>errors >out || code=$?
    [ "$code" -ne 0 ] && grep -q "^bulla: decrypt: standard input: " errors && "$1" || {
        echo "$2, to a pipe: exit code $code, $(wc -c <out) bytes, $(cat errors)"
        return 1
    }
}

# Places all over the message, those around the borders of chunks among them, and
# its very end.
places() {
    echo 0 50 130 200 $((CHUNK - 1)) $((CHUNK + 200)) $((4 * CHUNK)) $((n / 3)) $((n / 2)) \
        $((n - 2 * CHUNK)) $((n - CHUNK)) $((n - 40)) $((n - 20)) $((n - 17)) $((n - 16)) \
        $((n - 2)) $((n - 1))
}

flip_places() {
    local place
    cp message broken
    for place in $(places); do
        flip broken "$place" 16
        refused "$1" "byte $place changed"
        flip broken "$place" 16
    done
    same broken message
}

# Shortest last, so that one file serves for all.
cut_places() {
    local place
    cp message broken
    for place in $(places | tr ' ' '\n' | sort -rn); do
        truncate -s "$place" broken
        refused "$1" "cut to $place bytes"
    done
}

@test "SEIPD v2: changed" {
    seal_for_alice --profile rfc9580
    flip_places is_prefix
}

@test "SEIPD v2: cut" {
    seal_for_alice --profile rfc9580
    cut_places is_prefix
}

@test "SEIPD v1: changed" {
    seal_for_alice --profile rfc4880
    flip_places is_empty
}

@test "SEIPD v1: cut" {
    seal_for_alice --profile rfc4880
    cut_places is_empty
}

@test "as text: changed and cut" {
    seal_for_alice -a --profile rfc9580
    flip_places is_prefix
    # The last newline may be missing.
    n=$((n - 1))
    cut_places is_prefix
}

@test "SEIPD v2: a piece lost, doubled, or from another message" {
    local piece=$((CHUNK + 16)) start=1000
    seal_for_alice --profile rfc9580
    {
        head -c "$start" message
        tail -c "+$((start + piece + 1))" message
    } >broken
    refused is_prefix "a piece lost"
    {
        head -c $((start + piece)) message
        tail -c "+$((start + 1))" message
    } >broken
    refused is_prefix "a piece doubled"
    bulla encrypt --no-self -r alice@example.org --profile rfc9580 -o other "$text"
    {
        head -c $((n - 4 * piece)) message
        tail -c $((4 * piece)) other
    } >broken
    refused is_prefix "the end of another message"
}

@test "a message of one batch leaves nothing at all in a pipe" {
    head -c $((CHUNK - 100)) "$text" >short
    bulla encrypt --no-self -r alice@example.org -o message short
    n=$(wc -c <message)
    cp message broken
    flip broken $((n - 1))
    refused is_empty "its last byte changed"
    truncate -s $((n - 1)) broken
    refused is_empty "its last byte cut"
    truncate -s $((n - 16)) broken
    refused is_empty "its final tag cut"
    cp message broken
    flip broken $((n / 2))
    refused is_empty "a byte in the middle changed"
}

@test "what comes out of a long message before the damage is the text's beginning" {
    seal_for_alice --profile rfc9580
    cp message broken
    flip broken $((n - 1))
    refused is_prefix "its last byte changed"
    # Text that long does not wait in memory for the end.
    [ -s out ]
}

@test "a signer asked for: nothing comes out before the end" {
    bulla cert export -o alice.cert alice@example.org
    seal_for_alice --profile rfc9580 -s
    cp message broken
    flip broken $((n - 1))
    refuses 41 "broken" bulla decrypt --signer alice@example.org -o - broken
    # In a message with a bad signature all is intact but that.
    bulla sign --inline -o signed "$text"
    flip signed $((SIZE / 2))
    echo "correct horse" >pass
    seal "correct horse" <signed >forged
    refuses 3 "bad signature" bulla decrypt --passphrase-file pass -o - forged
    refuses 3 "bad signature" bulla verify -o - signed
}

@test "a long file stays until what replaces it is complete" {
    seal_for_alice
    tac "$text" >old
    cp old target
    flip message $((n - 100))
    refuses 41 "message" bulla decrypt -f -o target message
    same target old
    flip message $((n - 100))
    succeeds bulla decrypt -f -o target message
    same target "$text"
}
