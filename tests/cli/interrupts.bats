#!/usr/bin/env bats
# Interrupted by signals: nothing half-written stays, and nothing hangs.

load lib

setup() {
    begin
    new_key "Alice <alice@example.org>"
    head -c 3000000 /dev/zero >large
    printf 'Dear Alice,\nthe meeting is at noon.\n' >letter
    mkfifo pipe
    env --default-signal=INT true 2>/dev/null || skip "no env --default-signal"
}

teardown() {
    [ -z "${pid:-}" ] || kill -KILL "$pid" 2>/dev/null || true
}

# Starts bulla in the background as if in the foreground, with the signals and the
# standard input that it would have there: $pid
start() {
    env --default-signal=INT,TERM,HUP "$BUILD/bulla" "$@" <&0 3>&- &
    pid=$!
}

# The process started ends within some seconds: ended; $status is its exit code.
ended() {
    local _
    for _ in {1..30}; do
        if ! kill -0 "$pid" 2>/dev/null; then
            status=0
            wait "$pid" || status=$?
            pid=
            return 0
        fi
        sleep 0.1
    done
    echo "still running"
    return 1
}

# Waits until the process reads nothing more for now, which means that it waits.
settled() {
    sleep 0.3
}

# It ended as "interrupted", said so once, and left nothing.
interrupted() {
    ended
    echo "exit code $status: $(cat errors)"
    [ "$status" -eq 130 ]
    [ "$(grep -c "^bulla: " errors)" -eq 1 ]
    grep -q "interrupted" errors
    absent out
}

# Half of a large file goes into the pipe; the rest does not come.
half_of() {
    exec 5>pipe
    head -c 2000000 "$1" >&5
    settled
}

@test "SIGINT while data flows: encrypting" {
    start encrypt -r alice@example.org -o out /dev/zero 2>errors
    settled
    kill -INT "$pid"
    interrupted
}

@test "SIGTERM while data flows: decrypting" {
    bulla encrypt -q -r alice@example.org </dev/zero 2>/dev/null >pipe 3>&- &
    start decrypt -o out pipe 2>errors
    settled
    kill -TERM "$pid"
    interrupted
    wait
}

@test "SIGINT while data flows: a detached signature" {
    start sign -o out /dev/zero 2>errors
    settled
    kill -INT "$pid"
    interrupted
}

@test "SIGINT while data flows: verifying one" {
    bulla sign -o letter.sig letter
    start verify letter.sig /dev/zero 2>errors
    settled
    kill -INT "$pid"
    interrupted
}

@test "SIGINT half way through encrypting" {
    start encrypt -r alice@example.org -o out pipe 2>errors
    half_of large
    kill -INT "$pid"
    interrupted
}

@test "SIGTERM half way through encrypting" {
    start encrypt -r alice@example.org -o out pipe 2>errors
    half_of large
    kill -TERM "$pid"
    interrupted
}

@test "SIGHUP half way through encrypting" {
    start encrypt -r alice@example.org -o out pipe 2>errors
    half_of large
    kill -HUP "$pid"
    interrupted
}

@test "SIGINT half way through decrypting" {
    bulla encrypt -r alice@example.org -o message large
    start decrypt -o out pipe 2>errors
    half_of message
    kill -INT "$pid"
    interrupted
}

@test "SIGINT half way through decrypting an old message to a pipe" {
    bulla encrypt -r alice@example.org --profile rfc4880 -o message large
    start decrypt -o - pipe >plain 2>errors
    half_of message
    kill -INT "$pid"
    interrupted
    [ ! -s plain ]
}

@test "SIGINT half way through signing" {
    start sign -o out pipe 2>errors
    half_of large
    kill -INT "$pid"
    interrupted
}

@test "SIGINT half way through verifying" {
    bulla sign --inline -o message large
    start verify -o out pipe 2>errors
    half_of message
    kill -INT "$pid"
    interrupted
}

@test "SIGINT while nothing has come from standard input yet" {
    exec 6<>pipe
    start encrypt -r alice@example.org -o out <pipe 2>errors
    settled
    kill -INT "$pid"
    interrupted
    exec 6>&-
}

@test "SIGINT while the first half of a key is read" {
    exec 6<>pipe
    start cert import <pipe 2>errors
    settled
    kill -INT "$pid"
    interrupted
    exec 6>&-
}

@test "SIGTERM while nobody takes the output" {
    bulla encrypt -r alice@example.org -o message large
    exec 6<>pipe
    start decrypt -o - message >pipe 2>errors
    settled
    kill -TERM "$pid"
    interrupted
    exec 6>&-
}

@test "the file that --force would replace stays" {
    echo precious >out
    start encrypt -f -r alice@example.org -o out pipe 2>errors
    half_of large
    kill -INT "$pid"
    ended
    [ "$status" -eq 130 ]
    [ "$(cat out)" = precious ]
    [ -z "$(find . -name '.bulla*')" ]
}

@test "of several files those that were done stay done" {
    start encrypt -r alice@example.org letter pipe large 2>errors
    half_of large
    kill -INT "$pid"
    ended
    [ "$status" -eq 130 ]
    [ -s letter.pgp ]
    [ ! -e pipe.pgp ]
    [ ! -e large.pgp ]
}

@test "SIGKILL half way leaves no output under its name" {
    start encrypt -r alice@example.org -o out pipe 2>errors
    half_of large
    kill -KILL "$pid"
    ended
    [ "$status" -eq 137 ]
    [ ! -e out ]
}

@test "what nohup protects goes on" {
    (
        trap '' HUP
        exec "$BUILD/bulla" encrypt -r alice@example.org -o out pipe 2>errors 3>&-
    ) &
    pid=$!
    half_of large
    kill -HUP "$pid"
    settled
    exec 5>&-
    ended
    cat errors
    [ "$status" -eq 0 ]
    succeeds bulla decrypt -o copy out
    head -c 2000000 large | cmp - copy
}
