# shellcheck shell=bash
# trustnet.bash - a small web of trust, made once for a file of tests.
#
#     Ada, whose keyring it is, relies on Bob for 60, on Cleo for 40 in example.org, and on
#     Emil fully; all three certify Dora, but what Emil says ends after 30 days.
#     Ada certifies Fay, for 30 days, too, and as long relies on Ivo, for 90 in two domains, who
#     certifies Jan.  Nobody knows Gil.
#     Bob would let Hal certify, but may not hand on that; Hal certifies Ida.

# In the keyring of NAME: of NAME COMMAND...
of() {
    local name=$1
    shift
    BULLA_HOME=$NET/$name "$@"
}

# NAME [OPTION...] WHOM: certifies, and publishes that.
says() {
    local name=$1 whom=${!#}
    of "$name" bulla cert import -q "$NET/$whom.pgp"
    shift
    set -- "${@:1:$#-1}"
    of "$name" bulla cert certify -q -y "$@" "$whom@example.org" >/dev/null
    of "$name" bulla cert export --binary "$whom@example.org" >"$NET/new"
    mv "$NET/new" "$NET/$whom.pgp"
}

begin_net() {
    export NET=$BATS_FILE_TMPDIR/net HOME=$BATS_FILE_TMPDIR LC_ALL=C.UTF-8 name
    mkdir "$NET"
    cd "$NET" || return 1
    for name in ada bob cleo dora emil fay gil hal ida ivo jan; do
        of $name new_key "${name^} <$name@example.org>"
        of $name bulla cert export --binary -o $name.pgp
    done
    says ada --depth 1 --amount 60 bob
    says ada --depth 1 --amount 40 --domain example.org cleo
    says ada --depth 1 emil
    says ada --expires 30d fay
    says ada --expires 30d --depth 1 --amount 90 --domain example.org --domain example.net ivo
    says bob dora
    says cleo dora
    says emil --expires 30d dora
    says bob --depth 1 hal
    says hal ida
    says ivo jan
    of ada bulla cert import -q ./*.pgp
}

# Every test gets a copy of Ada's keyring.
begin_with_net() {
    begin
    cp -r "$NET/ada" "$BULLA_HOME"
    export soon # a date, when what ends after 30 days has ended
    soon=$(date -u -d '+60 days' +%F)
}

# What was printed is that on standard input.
prints_all() {
    diff <(cat) <(printf '%s\n' "${output:-}")
}
