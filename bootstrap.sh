#!/bin/sh
# bootstrap.sh - from a bare machine to a working bulla.
#
#     ./bootstrap.sh build    install what is missing, then build
#     ./bootstrap.sh tools    install what the tests need
#     ./bootstrap.sh demo     build, then show the main job in a temporary home
#     ./bootstrap.sh check    the same, then run every test
#
# Packages come from apt, dnf, apk, pacman or brew, with sudo where that is needed,
# and only if something is missing.

set -eu
cd "$(dirname "$0")"

say() {
    printf '\n==> %s\n' "$*"
}

die() {
    printf 'bootstrap.sh: %s\n' "$*" >&2
    exit 1
}

# Headers and programs tell what is missing, whatever the system calls its packages.
can_build() {
    command -v make >/dev/null && command -v gcc >/dev/null && gcc -E - >/dev/null 2>&1 <<'HEADERS'
#include <stdlib.h>
#include <nettle/nettle-meta.h>
#include <nettle/eddsa.h>
#include <gmp.h>
#include <argon2.h>
#include <zlib.h>
#include <bzlib.h>
#include <sqlite3.h>
HEADERS
}

can_check() {
    for program in bats jq gpg sqlite3 ctags objdump bash; do
        command -v $program >/dev/null || return 1
    done
    printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\n' |
        gcc -E - >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "not root, and no sudo; please run: $*"
    fi
}

# What apt finds of a list: some tools are not in every release.
apt_known() {
    for package in "$@"; do
        if apt-cache policy "$package" | grep -q 'Candidate: [^(]'; then echo "$package"; fi
    done
}

apt_install() {
    as_root apt-get update -qq
    # shellcheck disable=SC2046
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(apt_known "$@") >/dev/null
}

install_for_build() {
    say "Installing a compiler, make, Nettle, GMP, Argon2, zlib, bzip2 and SQLite"
    if command -v apt-get >/dev/null; then
        apt_install gcc libc6-dev make nettle-dev libgmp-dev libargon2-dev zlib1g-dev libbz2-dev libsqlite3-dev
    elif command -v dnf >/dev/null; then
        as_root dnf install -q -y gcc make nettle-devel gmp-devel libargon2-devel zlib-devel bzip2-devel sqlite-devel
    elif command -v apk >/dev/null; then
        as_root apk add -q build-base nettle-dev gmp-dev argon2-dev zlib-dev bzip2-dev sqlite-dev linux-headers
    elif command -v pacman >/dev/null; then
        as_root pacman -S --needed --noconfirm gcc make nettle gmp argon2 zlib bzip2 sqlite
    elif command -v brew >/dev/null; then
        brew install -q gcc make nettle gmp argon2 zlib bzip2 sqlite
    else
        die "no package manager that I know; see README.md for what is needed"
    fi
}

install_for_check() {
    say "Installing what the tests need: bats, cmocka, jq, GnuPG, and tools that look at the code"
    if command -v apt-get >/dev/null; then
        apt_install bash bats libcmocka-dev jq sqlite3 gnupg gpg-agent binutils universal-ctags clang-format-14 \
            shellcheck groff-base zsh fish git python3-minimal
    elif command -v dnf >/dev/null; then
        as_root dnf install -q -y bash bats libcmocka-devel jq sqlite gnupg2 binutils ctags ShellCheck groff-base zsh fish
    elif command -v apk >/dev/null; then
        as_root apk add -q bash bats cmocka-dev jq sqlite gnupg binutils ctags shellcheck groff zsh fish coreutils findutils
    elif command -v pacman >/dev/null; then
        as_root pacman -S --needed --noconfirm bash bash-bats cmocka jq gnupg binutils ctags shellcheck groff zsh fish
    elif command -v brew >/dev/null; then
        brew install -q bash bats-core cmocka jq gnupg universal-ctags shellcheck
    fi
}

build() {
    can_build || install_for_build
    can_build || die "something is still missing for the build; see README.md"
    say "Building"
    make -j"$(getconf _NPROCESSORS_ONLN)"
}

# Shows a command, then runs it.
run() {
    printf '\n$ %s\n' "$*"
    "$@" 2>&1
}

demo() {
    home=$(mktemp -d)
    trap 'rm -rf "$home"' EXIT
    PATH=$PWD/build:$PATH
    BULLA_HOME=$home/keys
    export PATH BULLA_HOME
    cp README.md "$home/letter.md"
    cd "$home"

    say "Two people and their keys (without passphrases, in a temporary home)"
    run bulla key generate --no-passphrase "Alice <alice@example.org>"
    run bulla key generate --no-passphrase "Bob <bob@example.org>"

    say "Alice encrypts a file to Bob and signs it"
    run bulla encrypt --recipient bob@example.org --sign -u alice@example.org letter.md

    say "Bob decrypts it and sees who signed it"
    run bulla decrypt --signer alice@example.org -o received.md letter.md.pgp
    cmp letter.md received.md || die "the file came back changed"
    echo "The file is the same, byte for byte."

    say "Alice signs a file; Bob verifies it"
    run bulla sign -u alice@example.org letter.md
    run bulla verify --signer alice@example.org letter.md.sig letter.md

    say "Somebody changes four bytes of the encrypted file: it is refused, and nothing is written"
    head -c 1000 letter.md.pgp >tampered.pgp
    printf 'oops' >>tampered.pgp
    tail -c +1005 letter.md.pgp >>tampered.pgp
    if run bulla decrypt -o tampered.md tampered.pgp; then
        die "the tampered file was accepted"
    fi
    [ ! -e tampered.md ] || die "the tampered file left something behind"
    echo "(exit code 41, and there is no tampered.md)"
    cd "$OLDPWD"
    say "That is the main job.  The program is build/bulla; README.md goes on from here."
}

tools() {
    can_check || install_for_check
    can_check || die "something is still missing for the tests; see README.md"
}

check() {
    tools
    say "make check"
    make -j"$(getconf _NPROCESSORS_ONLN)" check
}

case ${1:-} in
build) build ;;
tools) tools ;;
demo) build && demo ;;
check) build && demo && check ;;
*) die "usage: ./bootstrap.sh build|tools|demo|check" ;;
esac
