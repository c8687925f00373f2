# shellcheck shell=bash
# tap.sh - for the lint checks: each finding is a line, and none of them is good.
# To be sourced; goes to the root of the tree.

shopt -s lastpipe
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
n_checks=0

# Reads findings: a check with any fails and shows them.
check() {
    n_checks=$((n_checks + 1))
    local findings
    findings=$(cat)
    if [ -z "$findings" ]; then
        echo "ok $n_checks $*"
    else
        echo "not ok $n_checks $*"
        echo "$findings" | sed 's/^/#   /'
    fi
}

skip() {
    n_checks=$((n_checks + 1))
    echo "ok $n_checks $1 # SKIP $2"
}

# At the end of each file: a check that never ran is missed.
finish() {
    echo "1..$n_checks"
}

sources() {
    find src keyring -name '*.[ch]' | sort
}

# C without comments and the insides of strings; line numbers stay.
bare() {
    sed -e 's/\\"//g' -e 's/"[^"]*"/""/g' -e "s/'\\\\\\{0,1\\}.'/''/g" "$1" | awk '
        { line = $0; out = ""
          while (line != "") {
              if (inside) {
                  i = index(line, "*/")
                  if (!i) { line = ""; break }
                  line = substr(line, i + 2); inside = 0
              } else {
                  i = index(line, "/*")
                  if (!i) { out = out line; line = ""; break }
                  out = out substr(line, 1, i - 1); line = substr(line, i + 2); inside = 1
              }
          }
          print out }'
}

# Lines of bare C that match an extended regular expression, as FILE:LINE:TEXT;
# the files' names are read.
find_code() {
    local f
    while read -r f; do
        bare "$f" | grep -nE "$1" | sed "s,^,$f:,"
    done
}
