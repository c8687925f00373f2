# fish completion for bulla; made by: bulla completion fish
function __bulla_names
    bulla cert list 2>/dev/null | string match -ra '[[:alnum:]._%+-]+@[[:alnum:].-]+'
end
complete -c bulla -n __fish_use_subcommand -f -a key -d 'your own keys'
complete -c bulla -n __fish_use_subcommand -f -a cert -d 'other people\'s certificates'
complete -c bulla -n __fish_use_subcommand -f -a trust -d 'whose certificate is whose'
complete -c bulla -n __fish_use_subcommand -f -a keyring -d 'the database itself'
complete -c bulla -n __fish_use_subcommand -f -a sop -d 'the Stateless OpenPGP interface'
complete -c bulla -n 'not __fish_seen_subcommand_from sop' -s h -l help -d 'show this help'
complete -c bulla -n 'not __fish_seen_subcommand_from sop' -l json -d 'report as JSON'
complete -c bulla -n 'not __fish_seen_subcommand_from sop' -s q -l quiet -d 'no remarks and no progress'
complete -c bulla -n 'not __fish_seen_subcommand_from sop' -l home -d 'keep keys in DIR instead of $BULLA_HOME' -r -F
complete -c bulla -n __fish_use_subcommand -f -a encrypt -d 'encrypt files so that only the recipients can read them'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s r -l recipient -d 'encrypt to WHO: fingerprint, key ID, e-mail or part of a user ID' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l recipient-file -d 'encrypt to the certificate in a file' -r -F
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s p -l passphrase -d 'encrypt with a passphrase, too'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l passphrase-file -d 'take passphrases from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l key-passphrase-file -d 'take the signing key\'s passphrase from F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s s -l sign -d 'sign, too'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s u -l signer -d 'sign with this key of yours' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s a -l armor -d 'write text instead of bytes'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -s o -l output -d 'write to FILE; - is standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l no-self -d 'not also to yourself'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l hide-recipients -d 'do not tell in the message whom it is for'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l trust -d 'web: it must be certain whose key it is (the default); always: take every name as it is' -x -a 'web always'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l profile -d 'rfc9580 (AEAD) or rfc4880 (for old programs), whatever the recipients announce' -x -a 'rfc9580 rfc4880'
complete -c bulla -n '__fish_seen_subcommand_from encrypt' -l compress -d 'compress with zip, zlib or bzip2; off unless asked for' -x -a 'zip zlib bzip2'
complete -c bulla -n __fish_use_subcommand -f -a decrypt -d 'decrypt messages and show who signed them'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -s o -l output -d 'write to FILE; - is standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l passphrase-file -d 'take the key\'s or message\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l signer -d 'accept the message only with a good signature by WHO' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l signer-file -d 'the same, by the certificate in a file' -r -F
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l allow-legacy -d 'open old messages without protection against changes, too'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l max-passphrase-memory -d 'let a message\'s passphrase cost as much memory as SIZE (2GiB unless given)' -x
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l any-expansion -d 'let compressed data become more than 1100 times as long'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l trust -d 'web: it must be certain whose key it is (the default); always: take every name as it is' -x -a 'web always'
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from decrypt' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n __fish_use_subcommand -f -a sign -d 'sign files: beside them, around them, or below the text'
complete -c bulla -n '__fish_seen_subcommand_from sign' -s u -l signer -d 'sign with this key of yours' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from sign' -l cleartext -d 'write the text with the signature below it'
complete -c bulla -n '__fish_seen_subcommand_from sign' -l inline -d 'write one message with data and signature'
complete -c bulla -n '__fish_seen_subcommand_from sign' -l text -d 'sign text, whose line ends may change on the way (with --inline they become CR LF)'
complete -c bulla -n '__fish_seen_subcommand_from sign' -s a -l armor -d 'write text instead of bytes'
complete -c bulla -n '__fish_seen_subcommand_from sign' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from sign' -s o -l output -d 'write to FILE; - is standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sign' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n __fish_use_subcommand -f -a verify -d 'check who signed a file, and that it is unchanged'
complete -c bulla -n '__fish_seen_subcommand_from verify' -l signer -d 'accept only a good signature by WHO' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from verify' -l signer-file -d 'the same, by the certificate in a file; the keyring is not needed' -r -F
complete -c bulla -n '__fish_seen_subcommand_from verify' -l each -d 'verify each of these: a signature beside its file, or a signed text'
complete -c bulla -n '__fish_seen_subcommand_from verify' -s o -l output -d 'write what was signed to FILE; - is standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from verify' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from verify' -l any-expansion -d 'let compressed data become more than 1100 times as long'
complete -c bulla -n '__fish_seen_subcommand_from verify' -l trust -d 'web: it must be certain whose key it is (the default); always: take every name as it is' -x -a 'web always'
complete -c bulla -n '__fish_seen_subcommand_from verify' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from verify' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a generate -d 'make a new key of your own'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l profile -d 'default (v4, Ed25519), rfc9580 (v6, Ed25519), security (v6, Ed448) or compatibility (v4, RSA 3072)' -x -a 'default rfc9580 security compatibility'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l name -d 'whose it is: combined with each --email' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l email -d 'an e-mail address; may be repeated' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l separate -d 'make user IDs of their own from each --name and --email'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l no-user-id -d 'make a key that bears no name; its fingerprint is its name'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l signing-only -d 'make no subkey for encryption'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l no-passphrase -d 'do not protect the secret key'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l new-passphrase-file -d 'protect it with the passphrase in F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l expires -d '2y, 18m, 90d, a date, or never; 3y unless said' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from generate' -l revocation-file -d 'write its revocation certificate to FILE' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a list -d 'list your own keys'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from list' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from list' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a show -d 'show one of your own keys'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from show' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from show' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a export -d 'write a secret key, for yourself on another machine'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -s o -l output -d 'write to FILE (readable only for you) instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -s a -l armor -d 'write text; this is the default'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -l binary -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -l subkeys-only -d 'leave the primary key\'s secret part out'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from export' -l ssh -d 'write the public part of the key that authenticates, for OpenSSH'
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a import -d 'add secret keys from files to the keyring'
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a edit -d 'change several things of your key at once'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l add-uid -d 'add a user ID' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l primary-uid -d 'make this user ID the primary one, which is shown' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l revoke-uid -d 'take a user ID back' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l expire -d 'the key expires then: 2y, 18m, 90d, a date, or never' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l extend -d 'the key and the subkeys in use live at least until then' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l rotate -d 'put a new subkey in the place of those for encrypt, sign or auth' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l add-subkey -d 'add a subkey for encrypt, sign, auth, or sign,auth' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l expire-subkey -d 'a subkey (fingerprint or key ID) expires then' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l revoke-subkey -d 'declare a subkey void' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l reason -d 'compromised, superseded, retired or unspecified' -x -a 'compromised superseded retired unspecified'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from edit' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a add-uid -d 'give your key another user ID'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -l name -d 'whose it is: combined with each --email' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -l email -d 'an e-mail address; may be repeated' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -l separate -d 'make user IDs of their own from each --name and --email'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -l primary -d 'make it the primary one, which is shown'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-uid' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a revoke-uid -d 'take a user ID of your key back'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-uid' -l reason -d 'invalid (it is not yours any more; the default) or unspecified' -x -a 'invalid unspecified'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-uid' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-uid' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-uid' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a add-subkey -d 'give your key another subkey'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-subkey' -l for -d 'encrypt (the default), sign, auth, or sign,auth' -x -a 'encrypt sign auth sign,auth'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-subkey' -l profile -d 'of the kind that keys of this profile have; that of the key unless said' -x -a 'default rfc9580 security compatibility'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-subkey' -l expires -d '2y, 18m, 90d, a date, or never; with the key unless said' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-subkey' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add-subkey' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a revoke-subkey -d 'declare a subkey of your key void'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-subkey' -l reason -d 'compromised, superseded, retired or unspecified' -x -a 'compromised superseded retired unspecified'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-subkey' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-subkey' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke-subkey' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a rotate -d 'put a new subkey in the place of an old one'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -l for -d 'encrypt (the default), sign, auth, or sign,auth' -x -a 'encrypt sign auth sign,auth'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -l profile -d 'of the kind that keys of this profile have; that of the key unless said' -x -a 'default rfc9580 security compatibility'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -l expires -d '2y, 18m, 90d, a date, or never; with the key unless said' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -l retire -d 'the old ones end then: now, 30d, a date, or never; unless said, those for encryption now, others never' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from rotate' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a expire -d 'set when your key, or a subkey, expires'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from expire' -l subkey -d 'this subkey (fingerprint or key ID) instead of the key itself' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from expire' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from expire' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a extend -d 'let your key and its subkeys live longer'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from extend' -s a -l all -d 'also subkeys in whose place there is a newer one'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from extend' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from extend' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a passphrase -d 'protect a key of yours with another passphrase'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from passphrase' -l new-passphrase-file -d 'protect it with the passphrase in F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from passphrase' -l no-passphrase -d 'do not protect it any more'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from passphrase' -l subkey -d 'change that of this key alone, a subkey or the primary one' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from passphrase' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from passphrase' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a revoke -d 'take a key of yours back, as a whole'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke' -l reason -d 'compromised, superseded, retired or unspecified' -x -a 'compromised superseded retired unspecified'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke' -s y -l yes -d 'do not ask'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revoke' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a revocation -d 'write a revocation certificate, to revoke a key later'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revocation' -s o -l output -d 'write to FILE instead of its place beside the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revocation' -s f -l force -d 'replace an existing file'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revocation' -l reason -d 'compromised, superseded, retired or unspecified' -x -a 'compromised superseded retired unspecified'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revocation' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from revocation' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a check -d 'tell which of your keys need attention'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from check' -l within -d 'tell what expires within TIME; 30d unless said' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from check' -l ignore -d 'say nothing of this kind; may be repeated' -x
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a lint -d 'find what is out of date in your keys, and sign it again'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from lint' -l fix -d 'sign again what is signed too weakly'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from lint' -l ignore -d 'say nothing of this kind; may be repeated' -x
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from lint' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from lint' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from key' -f -a delete -d 'remove a secret key; its certificate stays'
complete -c bulla -n '__fish_seen_subcommand_from key; and __fish_seen_subcommand_from delete' -s y -l yes -d 'do not ask'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a import -d 'add certificates from files to the keyring'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a update -d 'bring certificates in the keyring up to date from files'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a export -d 'write certificates, to give them to others'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -s o -l output -d 'write to FILE instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -s a -l armor -d 'write text; this is the default'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -l binary -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -l local -d 'also write certifications that are marked as local'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from export' -l minimal -d 'only write what recipients need now'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a list -d 'list the certificates in the keyring'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from list' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from list' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a show -d 'show a certificate: its keys, user IDs, and what is wrong with them'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from show' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from show' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a accept -d 'say that you have compared a fingerprint: the certificate is whose it says'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l all -d 'every user ID that is valid'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l expires -d 'until when it counts: 2y, a date, or never (the default)' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l amount -d 'how far you rely on it: 1 to 120, which is the default and means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l introducer -d 'what its owner certifies counts for you, too'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l depth -d 'with --introducer: its owner may certify others (1, the default), who may certify others (2), ...' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -l domain -d 'with --introducer: only people with addresses in DOMAIN and below it' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from accept' -s y -l yes -d 'do not ask'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a unaccept -d 'take back that you have accepted a certificate'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from unaccept' -l all -d 'every user ID that you have accepted'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from unaccept' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a certify -d 'sign that a certificate belongs to whom it names'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -s u -l signer -d 'with this key of yours' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l all -d 'every user ID that is valid'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l local -d 'for this keyring only: it is not exported'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l depth -d 'its owner may certify others (1), who may certify others (2), ...' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l expires -d 'until when it counts: 2y, a date, or never (the default)' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l amount -d 'how far you rely on it: 1 to 120, which is the default and means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -l domain -d 'with --depth: only people with addresses in DOMAIN and below it' -x
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from certify' -s y -l yes -d 'do not ask'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a revoke-certification -d 'take back what you have certified'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -s u -l signer -d 'with this key of yours' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -l passphrase-file -d 'take the key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -l all -d 'every user ID that the key has certified'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -l reason -d 'invalid (the user ID was right once) or unspecified (it never was; the default)' -x -a 'invalid unspecified'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from revoke-certification' -l message -d 'more about it, for people to read' -x
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a delete -d 'remove certificates from the keyring'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from delete' -s y -l yes -d 'do not ask'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a split -d 'make a file of each certificate in files'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from split' -s o -l output -d 'write into DIR instead of the current directory' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from split' -s a -l armor -d 'write text (.asc) instead of bytes (.pgp)'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from split' -s f -l force -d 'replace existing files of other content'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a join -d 'make one file of the certificates in files'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from join' -s o -l output -d 'write to FILE instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from join' -s a -l armor -d 'write text instead of bytes'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from join' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from cert' -f -a merge -d 'make one certificate of several copies of it'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from merge' -s o -l output -d 'write to FILE instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from merge' -s a -l armor -d 'write text instead of bytes'
complete -c bulla -n '__fish_seen_subcommand_from cert; and __fish_seen_subcommand_from merge' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a check -d 'tell whether a certificate belongs to whom it names'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l email -d 'what is named is an e-mail address, whatever name stands before it'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from check' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a path -d 'show why a certificate is authenticated, or what is missing'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from path' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a graph -d 'draw the web of trust, or the part that matters for a certificate'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l all-edges -d 'also what does not count, dashed, with the reason'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l format -d 'text, dot, svg, mmd (Mermaid) or json; else the output file\'s ending says it' -x -a 'text dot svg mmd json'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l hops -d 'all that is at most N steps away from WHO, or from the roots' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l limit -d 'at most N certificates; 100 unless said' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -s o -l output -d 'write to FILE: .svg, .dot, .mmd, .json or .txt' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l roots -d 'with WHO: all that the roots can say, not only as much as is needed'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from graph' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a list -d 'list whose certificate is whose'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l all -d 'also those that nothing reaches'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from list' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a identify -d 'tell to whom a certificate belongs'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from identify' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a lookup -d 'tell which certificates belong to an e-mail address'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from lookup' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a root -d 'choose whose word counts on whose certificate is whose'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from root' -f -a 'list add remove never'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from root' -l amount -d 'with add: how far you rely on it: 1 to 120, which is the default and means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from root' -s y -l yes -d 'with add: do not ask'
complete -c bulla -n '__fish_seen_subcommand_from trust' -f -a whatif -d 'tell what would change: without somebody, at another time, with a file'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l without -d 'as if this certificate were not there' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l import -d 'as if the certificates in FILE were there, too' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l at -d 'judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l policy-as-of -d 'accept algorithms that were acceptable at DATE' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l amount -d 'how much is enough: 120 unless said, which means completely' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l root -d 'start from this certificate, not from those that you have chosen' -x
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l keyring -d 'look at the certificates in FILE, not at those in the keyring' -r -F
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l certification-network -d 'whoever certifies somebody relies on what that one certifies'
complete -c bulla -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from whatif' -l gossip -d 'what anybody says, relied on or not: proves nothing'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a check -d 'look for damage in the keyring, and repair it'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from check' -l fix -d 'make the index again, close files to others, and remove what cannot be read'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a stats -d 'tell how much is in the keyring, and how much room it takes'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a compact -d 'give back the room of what was deleted'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a backup -d 'write all of the keyring into one encrypted file'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -s r -l recipient -d 'encrypt to WHO: fingerprint, key ID, e-mail or part of a user ID' -x -a '(__bulla_names)'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -l recipient-file -d 'encrypt to the certificate in a file' -r -F
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -s p -l passphrase -d 'encrypt with a passphrase, too'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -l passphrase-file -d 'take the backup\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -s f -l force -d 'replace an existing output file'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -s o -l output -d 'write to FILE; - is standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from backup' -l profile -d 'rfc9580 (AEAD, and passphrases cost memory to guess) or rfc4880 (for old programs), whatever the recipients announce' -x -a 'rfc9580 rfc4880'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a verify-backup -d 'see whether a backup can be restored, and what is in it'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from verify-backup' -l passphrase-file -d 'take the backup\'s or key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a restore -d 'bring a backup back'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from restore' -l passphrase-file -d 'take the backup\'s or key\'s passphrase from F: a file, @FD:n or @ENV:NAME' -r -F
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from restore' -s n -l dry-run -d 'only tell what would change'
complete -c bulla -n '__fish_seen_subcommand_from keyring' -f -a import-gnupg -d 'take over the keys, certificates and trust of GnuPG'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from import-gnupg' -s n -l dry-run -d 'only show what would change'
complete -c bulla -n '__fish_seen_subcommand_from keyring; and __fish_seen_subcommand_from import-gnupg' -l passphrase-file -d 'take a passphrase from F: a file, @FD:n or @ENV:NAME; may be repeated' -r -F
complete -c bulla -n __fish_use_subcommand -f -a inspect -d 'show what a file is, packet by packet; needs no keys'
complete -c bulla -n '__fish_seen_subcommand_from inspect' -l hex -d 'show the bytes of every field, secret ones included, and where they stand'
complete -c bulla -n __fish_use_subcommand -f -a armor -d 'turn OpenPGP bytes into text (radix-64)'
complete -c bulla -n '__fish_seen_subcommand_from armor' -l label -d 'what it is: message, key, public-key or signature; found out if not given' -x -a 'message key public-key signature'
complete -c bulla -n '__fish_seen_subcommand_from armor' -s o -l output -d 'write to FILE instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from armor' -s f -l force -d 'replace an existing output file'
complete -c bulla -n __fish_use_subcommand -f -a dearmor -d 'turn OpenPGP text back into bytes'
complete -c bulla -n '__fish_seen_subcommand_from dearmor' -s o -l output -d 'write to FILE instead of standard output' -r -F
complete -c bulla -n '__fish_seen_subcommand_from dearmor' -s f -l force -d 'replace an existing output file'
complete -c bulla -n __fish_use_subcommand -f -a help -d 'explain commands'
complete -c bulla -n '__fish_seen_subcommand_from help' -l man -d 'print the man page\'s source'
complete -c bulla -n '__fish_seen_subcommand_from help' -l list -d 'print the names of all commands'
complete -c bulla -n __fish_use_subcommand -f -a completion -d 'print a completion script for a shell'
complete -c bulla -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'
complete -c bulla -n __fish_use_subcommand -f -a version -d 'show the version of this program'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a version -d 'show the version of this program'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -l backend -d 'of the library that does the mathematics'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -l extended -d 'of everything, a line each'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -l sop-spec -d 'of the interface that this follows'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -l sopv -d 'of its subset that only verifies'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from version' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a list-profiles -d 'list the profiles of a subcommand'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from list-profiles' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from list-profiles' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a generate-key -d 'make a new secret key'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -l with-key-password -d 'protect the key with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -l profile -d 'what kind of key; list-profiles generate-key lists them' -x -a 'default rfc9580 security compatibility'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -l signing-only -d 'make no key for encryption'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from generate-key' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a change-key-password -d 'protect keys with another password, or with none'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from change-key-password' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from change-key-password' -l new-key-password -d 'protect all keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from change-key-password' -l old-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from change-key-password' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from change-key-password' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a revoke-key -d 'make revoked certificates of keys'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from revoke-key' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from revoke-key' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from revoke-key' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from revoke-key' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a extract-cert -d 'make the certificate of a key'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from extract-cert' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from extract-cert' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from extract-cert' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a update-key -d 'bring keys up to date'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l signing-only -d 'add no subkey for encryption to a key that never had one'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l no-added-capabilities -d 'let the key announce and do nothing that it did not before'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l revoke-deprecated-keys -d 'revoke subkeys that are too weak'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l merge-certs -d 'first add what these copies of the certificates know' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from update-key' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a merge-certs -d 'add what is new in other copies of certificates'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from merge-certs' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from merge-certs' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from merge-certs' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a certify-userid -d 'certify that certificates belong to a user ID'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -l userid -d 'certify this user ID; needed, may be repeated' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -l no-require-self-sig -d 'also if its owner has not signed the user ID; adds it where it is missing'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from certify-userid' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a validate-userid -d 'check that certificates belong to a user ID'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from validate-userid' -l addr-spec-only -d 'USERID is a mail address; what else is in a user ID does not matter'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from validate-userid' -l validate-at -d 'judge as of then, and not of now' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from validate-userid' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from validate-userid' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a sign -d 'make detached signatures'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -l as -d 'sign binary data (the default) or text' -x -a 'binary text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -l micalg-out -d 'write what a mail\'s header calls the hash to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from sign' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a verify -d 'check detached signatures'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from verify' -l not-before -d 'accept only signatures made then or later; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from verify' -l not-after -d 'accept only signatures made then or earlier; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from verify' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from verify' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a encrypt -d 'encrypt a message'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l as -d 'encrypt binary data (the default) or text' -x -a 'binary text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l for -d 'take keys that are meant for storage, or for communications' -x -a 'any storage communications'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l profile -d 'what kind of message; list-profiles encrypt lists them' -x -a 'default rfc9580 rfc4880'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l with-password -d 'encrypt with the password in F, too' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l sign-with -d 'sign with these keys' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l with-key-password -d 'unlock the signing keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l session-key-out -d 'write the session key to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from encrypt' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a decrypt -d 'decrypt a message'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l with-password -d 'decrypt with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l with-session-key -d 'decrypt with the session key in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l session-key-out -d 'write the session key to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l verify-with -d 'check signatures by these certificates' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l verifications-out -d 'write a line for each good signature to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l verify-out -d 'the same, by its older name' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l verify-not-before -d 'accept only signatures made then or later; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l verify-not-after -d 'accept only signatures made then or earlier; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from decrypt' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a inline-sign -d 'make a message of data and its signatures'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-sign' -l no-armor -d 'write bytes instead of text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-sign' -l as -d 'sign binary data (the default), text, or text that stays readable' -x -a 'binary text clearsigned'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-sign' -l with-key-password -d 'unlock keys with the password in F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-sign' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-sign' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a inline-verify -d 'check a signed message and write what it says'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-verify' -l not-before -d 'accept only signatures made then or later; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-verify' -l not-after -d 'accept only signatures made then or earlier; - is no limit' -x
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-verify' -l verifications-out -d 'write a line for each good signature to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-verify' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-verify' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a inline-detach -d 'take a signed message apart: data and signatures'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-detach' -l no-armor -d 'write signatures as bytes'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-detach' -l signatures-out -d 'write the signatures to F' -r -F
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-detach' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from inline-detach' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a armor -d 'turn OpenPGP bytes into text'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from armor' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from armor' -l debug -d 'tell more on standard error'
complete -c bulla -n '__fish_seen_subcommand_from sop' -f -a dearmor -d 'turn OpenPGP text back into bytes'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from dearmor' -s h -l help -d 'show this help'
complete -c bulla -n '__fish_seen_subcommand_from sop; and __fish_seen_subcommand_from dearmor' -l debug -d 'tell more on standard error'
