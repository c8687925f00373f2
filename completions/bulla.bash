# bash completion for bulla; made by: bulla completion bash
_bulla_names() {
    COMPREPLY=($(compgen -W "$(bulla "$1" list 2>/dev/null |
        grep -oE '[[:alnum:]._%+-]+@[[:alnum:].-]+')" -- "$cur"))
}
_bulla() {
    local cur prev words arguments command
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD-1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W 'encrypt decrypt sign verify key cert trust keyring inspect armor dearmor help completion version sop ' -- "$cur"))
        return
    fi
    command=${COMP_WORDS[1]}
    case $command in
    key|cert|trust|keyring|sop)
        if [ "$COMP_CWORD" -eq 2 ]; then
        case $command in
    key) COMPREPLY=($(compgen -W 'generate list show export import edit add-uid revoke-uid add-subkey revoke-subkey rotate expire extend passphrase revoke revocation check lint delete ' -- "$cur")); return ;;
    cert) COMPREPLY=($(compgen -W 'import update export list show accept unaccept certify revoke-certification delete split join merge ' -- "$cur")); return ;;
    trust) COMPREPLY=($(compgen -W 'check path graph list identify lookup root whatif ' -- "$cur")); return ;;
    keyring) COMPREPLY=($(compgen -W 'check stats compact backup verify-backup restore import-gnupg ' -- "$cur")); return ;;
    sop) COMPREPLY=($(compgen -W 'version list-profiles generate-key change-key-password revoke-key extract-cert update-key merge-certs certify-userid validate-userid sign verify encrypt decrypt inline-sign inline-verify inline-detach armor dearmor ' -- "$cur")); return ;;
        esac
        fi
        command="$command ${COMP_WORDS[2]}"
        ;;
    esac
    case $command in
    'encrypt')
        case $prev in
            -r|--recipient) _bulla_names cert; return ;;
            --recipient-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --key-passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            -u|--signer) _bulla_names key; return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --trust) COMPREPLY=($(compgen -W 'web always' -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'rfc9580 rfc4880' -- "$cur")); return ;;
            --compress) COMPREPLY=($(compgen -W 'zip zlib bzip2' -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -r --recipient --recipient-file -p --passphrase --passphrase-file --key-passphrase-file -s --sign -u --signer -a --armor -f --force -o --output --no-self --hide-recipients --trust --profile --compress -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'decrypt')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --signer) _bulla_names cert; return ;;
            --signer-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --max-passphrase-memory) COMPREPLY=(); return ;;
            --trust) COMPREPLY=($(compgen -W 'web always' -- "$cur")); return ;;
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -f --force --passphrase-file --signer --signer-file --allow-legacy --max-passphrase-memory --any-expansion --trust --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'sign')
        case $prev in
            -u|--signer) _bulla_names key; return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -u --signer --cleartext --inline --text -a --armor -f --force -o --output --passphrase-file -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'verify')
        case $prev in
            --signer) _bulla_names cert; return ;;
            --signer-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --trust) COMPREPLY=($(compgen -W 'web always' -- "$cur")); return ;;
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --signer --signer-file --each -o --output -f --force --any-expansion --trust --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'key generate')
        case $prev in
            --profile) COMPREPLY=($(compgen -W 'default rfc9580 security compatibility' -- "$cur")); return ;;
            --name) COMPREPLY=(); return ;;
            --email) COMPREPLY=(); return ;;
            --new-passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --expires) COMPREPLY=(); return ;;
            --revocation-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --profile --name --email --separate --no-user-id --signing-only --no-passphrase --new-passphrase-file --expires --revocation-file -h --help --json -q --quiet --home'
        arguments=
        ;;
    'key list')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key show')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key export')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -f --force -a --armor --binary --subkeys-only --ssh -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key import')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'key edit')
        case $prev in
            --add-uid) COMPREPLY=(); return ;;
            --primary-uid) COMPREPLY=(); return ;;
            --revoke-uid) COMPREPLY=(); return ;;
            --expire) COMPREPLY=(); return ;;
            --extend) COMPREPLY=(); return ;;
            --rotate) COMPREPLY=(); return ;;
            --add-subkey) COMPREPLY=(); return ;;
            --expire-subkey) COMPREPLY=(); return ;;
            --revoke-subkey) COMPREPLY=(); return ;;
            --reason) COMPREPLY=($(compgen -W 'compromised superseded retired unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --add-uid --primary-uid --revoke-uid --expire --extend --rotate --add-subkey --expire-subkey --revoke-subkey --reason --message -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key add-uid')
        case $prev in
            --name) COMPREPLY=(); return ;;
            --email) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --name --email --separate --primary -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key revoke-uid')
        case $prev in
            --reason) COMPREPLY=($(compgen -W 'invalid unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --reason --message -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key add-subkey')
        case $prev in
            --for) COMPREPLY=($(compgen -W 'encrypt sign auth sign,auth' -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'default rfc9580 security compatibility' -- "$cur")); return ;;
            --expires) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --for --profile --expires -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key revoke-subkey')
        case $prev in
            --reason) COMPREPLY=($(compgen -W 'compromised superseded retired unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --reason --message -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key rotate')
        case $prev in
            --for) COMPREPLY=($(compgen -W 'encrypt sign auth sign,auth' -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'default rfc9580 security compatibility' -- "$cur")); return ;;
            --expires) COMPREPLY=(); return ;;
            --retire) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --for --profile --expires --retire -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key expire')
        case $prev in
            --subkey) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --subkey -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key extend')
        case $prev in
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -a --all -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key passphrase')
        case $prev in
            --new-passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --subkey) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --new-passphrase-file --no-passphrase --subkey -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key revoke')
        case $prev in
            --reason) COMPREPLY=($(compgen -W 'compromised superseded retired unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --reason --message -y --yes -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key revocation')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --reason) COMPREPLY=($(compgen -W 'compromised superseded retired unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -f --force --reason --message --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key check')
        case $prev in
            --within) COMPREPLY=(); return ;;
            --ignore) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --within --ignore -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key lint')
        case $prev in
            --ignore) COMPREPLY=(); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --fix --ignore -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'key delete')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -y --yes -h --help --json -q --quiet --home'
        arguments=KEY
        ;;
    'cert import')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'cert update')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'cert export')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -f --force -a --armor --binary --local --minimal -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert list')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert show')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert accept')
        case $prev in
            --expires) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --depth) COMPREPLY=(); return ;;
            --domain) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --all --expires --amount --introducer --depth --domain -n --dry-run -y --yes -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert unaccept')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --all -n --dry-run -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert certify')
        case $prev in
            -u|--signer) _bulla_names key; return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --depth) COMPREPLY=(); return ;;
            --expires) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --domain) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -u --signer -n --dry-run --passphrase-file --all --local --depth --expires --amount --domain -y --yes -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert revoke-certification')
        case $prev in
            -u|--signer) _bulla_names key; return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --reason) COMPREPLY=($(compgen -W 'invalid unspecified' -- "$cur")); return ;;
            --message) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -u --signer -n --dry-run --passphrase-file --all --reason --message -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert delete')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -y --yes -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'cert split')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -a --armor -f --force -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'cert join')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -a --armor -f --force -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'cert merge')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -a --armor -f --force -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'trust check')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --email --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust path')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust graph')
        case $prev in
            --format) COMPREPLY=($(compgen -W 'text dot svg mmd json' -- "$cur")); return ;;
            --hops) COMPREPLY=(); return ;;
            --limit) COMPREPLY=(); return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --all-edges -f --force --format --hops --limit -o --output --roots --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust list')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --all --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust identify')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust lookup')
        case $prev in
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=CERT
        ;;
    'trust root')
        case $prev in
            --amount) COMPREPLY=(); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --amount -y --yes -h --help --json -q --quiet --home'
        arguments=CERT
        [ "$COMP_CWORD" -gt 3 ] || words='list add remove never' arguments=WORD
        ;;
    'trust whatif')
        case $prev in
            --without) _bulla_names cert; return ;;
            --import) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --at) COMPREPLY=(); return ;;
            --policy-as-of) COMPREPLY=(); return ;;
            --amount) COMPREPLY=(); return ;;
            --root) COMPREPLY=(); return ;;
            --keyring) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --without --import --at --policy-as-of --amount --root --keyring --certification-network --gossip -h --help --json -q --quiet --home'
        arguments=
        ;;
    'keyring check')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --fix -h --help --json -q --quiet --home'
        arguments=
        ;;
    'keyring stats')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=
        ;;
    'keyring compact')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=
        ;;
    'keyring backup')
        case $prev in
            -r|--recipient) _bulla_names cert; return ;;
            --recipient-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'rfc9580 rfc4880' -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -r --recipient --recipient-file -p --passphrase --passphrase-file -f --force -o --output --profile -h --help --json -q --quiet --home'
        arguments=
        ;;
    'keyring verify-backup')
        case $prev in
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --passphrase-file -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'keyring restore')
        case $prev in
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --passphrase-file -n --dry-run -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'keyring import-gnupg')
        case $prev in
            --passphrase-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -n --dry-run --passphrase-file -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'inspect')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --hex -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'armor')
        case $prev in
            --label) COMPREPLY=($(compgen -W 'message key public-key signature' -- "$cur")); return ;;
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --label -o --output -f --force -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'dearmor')
        case $prev in
            -o|--output) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -o --output -f --force -h --help --json -q --quiet --home'
        arguments=FILE
        ;;
    'help')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --man --list -h --help --json -q --quiet --home'
        arguments=
        ;;
    'completion')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=
        [ "$COMP_CWORD" -gt 2 ] || words='bash zsh fish' arguments=WORD
        ;;
    'version')
        case $prev in
            --home) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' -h --help --json -q --quiet --home'
        arguments=
        ;;
    'sop version')
        case $prev in
        esac
        words=' --backend --extended --sop-spec --sopv -h --help --debug'
        arguments=
        ;;
    'sop list-profiles')
        case $prev in
        esac
        words=' -h --help --debug'
        arguments=
        ;;
    'sop generate-key')
        case $prev in
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'default rfc9580 security compatibility' -- "$cur")); return ;;
        esac
        words=' --no-armor --with-key-password --profile --signing-only -h --help --debug'
        arguments=
        ;;
    'sop change-key-password')
        case $prev in
            --new-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --old-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --new-key-password --old-key-password -h --help --debug'
        arguments=
        ;;
    'sop revoke-key')
        case $prev in
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --with-key-password -h --help --debug'
        arguments=
        ;;
    'sop extract-cert')
        case $prev in
        esac
        words=' --no-armor -h --help --debug'
        arguments=
        ;;
    'sop update-key')
        case $prev in
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --merge-certs) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --signing-only --no-added-capabilities --revoke-deprecated-keys --with-key-password --merge-certs -h --help --debug'
        arguments=
        ;;
    'sop merge-certs')
        case $prev in
        esac
        words=' --no-armor -h --help --debug'
        arguments=FILE
        ;;
    'sop certify-userid')
        case $prev in
            --userid) COMPREPLY=(); return ;;
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --userid --no-require-self-sig --with-key-password -h --help --debug'
        arguments=FILE
        ;;
    'sop validate-userid')
        case $prev in
            --validate-at) COMPREPLY=(); return ;;
        esac
        words=' --addr-spec-only --validate-at -h --help --debug'
        arguments=FILE
        ;;
    'sop sign')
        case $prev in
            --as) COMPREPLY=($(compgen -W 'binary text' -- "$cur")); return ;;
            --micalg-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --as --micalg-out --with-key-password -h --help --debug'
        arguments=FILE
        ;;
    'sop verify')
        case $prev in
            --not-before) COMPREPLY=(); return ;;
            --not-after) COMPREPLY=(); return ;;
        esac
        words=' --not-before --not-after -h --help --debug'
        arguments=FILE
        ;;
    'sop encrypt')
        case $prev in
            --as) COMPREPLY=($(compgen -W 'binary text' -- "$cur")); return ;;
            --for) COMPREPLY=($(compgen -W 'any storage communications' -- "$cur")); return ;;
            --profile) COMPREPLY=($(compgen -W 'default rfc9580 rfc4880' -- "$cur")); return ;;
            --with-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --sign-with) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --session-key-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --as --for --profile --with-password --sign-with --with-key-password --session-key-out -h --help --debug'
        arguments=FILE
        ;;
    'sop decrypt')
        case $prev in
            --with-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --with-session-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --session-key-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --verify-with) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --verifications-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --verify-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
            --verify-not-before) COMPREPLY=(); return ;;
            --verify-not-after) COMPREPLY=(); return ;;
        esac
        words=' --with-password --with-key-password --with-session-key --session-key-out --verify-with --verifications-out --verify-out --verify-not-before --verify-not-after -h --help --debug'
        arguments=FILE
        ;;
    'sop inline-sign')
        case $prev in
            --as) COMPREPLY=($(compgen -W 'binary text clearsigned' -- "$cur")); return ;;
            --with-key-password) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --as --with-key-password -h --help --debug'
        arguments=FILE
        ;;
    'sop inline-verify')
        case $prev in
            --not-before) COMPREPLY=(); return ;;
            --not-after) COMPREPLY=(); return ;;
            --verifications-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --not-before --not-after --verifications-out -h --help --debug'
        arguments=FILE
        ;;
    'sop inline-detach')
        case $prev in
            --signatures-out) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        esac
        words=' --no-armor --signatures-out -h --help --debug'
        arguments=
        ;;
    'sop armor')
        case $prev in
        esac
        words=' -h --help --debug'
        arguments=
        ;;
    'sop dearmor')
        case $prev in
        esac
        words=' -h --help --debug'
        arguments=
        ;;
    esac
    case $cur in
    -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    *)
        case $arguments in
        WORD) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
        FILE) COMPREPLY=($(compgen -f -- "$cur")) ;;
        CERT) _bulla_names cert ;;
        KEY) _bulla_names key ;;
        esac ;;
    esac
}
complete -o filenames -F _bulla bulla
