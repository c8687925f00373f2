#include "cli/command.h"

#include <stdio.h>
#include <string.h>

extern const struct command cmd_encrypt, cmd_decrypt, cmd_sign, cmd_verify;
extern const struct command cmd_key_generate, cmd_key_list, cmd_key_show, cmd_key_export,
    cmd_key_import, cmd_key_delete, cmd_key_add_uid, cmd_key_revoke_uid, cmd_key_add_subkey,
    cmd_key_revoke_subkey, cmd_key_rotate, cmd_key_expire, cmd_key_extend, cmd_key_edit,
    cmd_key_passphrase, cmd_key_revoke, cmd_key_revocation, cmd_key_check, cmd_key_lint;
extern const struct command cmd_cert_import, cmd_cert_update, cmd_cert_export, cmd_cert_list,
    cmd_cert_show, cmd_cert_delete, cmd_cert_split, cmd_cert_join, cmd_cert_merge, cmd_cert_certify,
    cmd_cert_accept, cmd_cert_unaccept, cmd_cert_revoke_certification;
extern const struct command cmd_keyring_check, cmd_keyring_stats, cmd_keyring_compact,
    cmd_keyring_backup, cmd_keyring_verify_backup, cmd_keyring_restore, cmd_keyring_import_gnupg;
extern const struct command cmd_trust_check, cmd_trust_list, cmd_trust_identify, cmd_trust_lookup,
    cmd_trust_path, cmd_trust_graph, cmd_trust_root, cmd_trust_whatif;
extern const struct command cmd_inspect, cmd_armor, cmd_dearmor;
extern const struct command cmd_sop_version, cmd_sop_list_profiles, cmd_sop_generate_key,
    cmd_sop_extract_cert, cmd_sop_sign, cmd_sop_verify, cmd_sop_armor, cmd_sop_dearmor,
    cmd_sop_change_key_password, cmd_sop_revoke_key, cmd_sop_merge_certs, cmd_sop_update_key,
    cmd_sop_certify_userid, cmd_sop_validate_userid, cmd_sop_encrypt, cmd_sop_decrypt,
    cmd_sop_inline_sign, cmd_sop_inline_verify, cmd_sop_inline_detach;
extern const struct command cmd_help, cmd_completion, cmd_version;

const struct command *const commands[] = {
    &cmd_encrypt,
    &cmd_decrypt,
    &cmd_sign,
    &cmd_verify,
    &cmd_key_generate,
    &cmd_key_list,
    &cmd_key_show,
    &cmd_key_export,
    &cmd_key_import,
    &cmd_key_edit,
    &cmd_key_add_uid,
    &cmd_key_revoke_uid,
    &cmd_key_add_subkey,
    &cmd_key_revoke_subkey,
    &cmd_key_rotate,
    &cmd_key_expire,
    &cmd_key_extend,
    &cmd_key_passphrase,
    &cmd_key_revoke,
    &cmd_key_revocation,
    &cmd_key_check,
    &cmd_key_lint,
    &cmd_key_delete,
    &cmd_cert_import,
    &cmd_cert_update,
    &cmd_cert_export,
    &cmd_cert_list,
    &cmd_cert_show,
    &cmd_cert_accept,
    &cmd_cert_unaccept,
    &cmd_cert_certify,
    &cmd_cert_revoke_certification,
    &cmd_cert_delete,
    &cmd_cert_split,
    &cmd_cert_join,
    &cmd_cert_merge,
    &cmd_trust_check,
    &cmd_trust_path,
    &cmd_trust_graph,
    &cmd_trust_list,
    &cmd_trust_identify,
    &cmd_trust_lookup,
    &cmd_trust_root,
    &cmd_trust_whatif,
    &cmd_keyring_check,
    &cmd_keyring_stats,
    &cmd_keyring_compact,
    &cmd_keyring_backup,
    &cmd_keyring_verify_backup,
    &cmd_keyring_restore,
    &cmd_keyring_import_gnupg,
    &cmd_inspect,
    &cmd_armor,
    &cmd_dearmor,
    &cmd_help,
    &cmd_completion,
    &cmd_version,
    &cmd_sop_version,
    &cmd_sop_list_profiles,
    &cmd_sop_generate_key,
    &cmd_sop_change_key_password,
    &cmd_sop_revoke_key,
    &cmd_sop_extract_cert,
    &cmd_sop_update_key,
    &cmd_sop_merge_certs,
    &cmd_sop_certify_userid,
    &cmd_sop_validate_userid,
    &cmd_sop_sign,
    &cmd_sop_verify,
    &cmd_sop_encrypt,
    &cmd_sop_decrypt,
    &cmd_sop_inline_sign,
    &cmd_sop_inline_verify,
    &cmd_sop_inline_detach,
    &cmd_sop_armor,
    &cmd_sop_dearmor,
    NULL,
};

const struct noun nouns[] = {
    {"key", "your own keys", NULL, false},
    {"cert", "other people's certificates", NULL, false},
    {"trust", "whose certificate is whose", NULL, false},
    {"keyring", "the database itself", NULL, false},
    {"sop", "the Stateless OpenPGP interface",
     "OpenPGP without a keyring and without questions, for programs: all that a command needs is "
     "on its command line and on standard input, its result goes to standard output when all of "
     "it is known to be good, and its exit code says what went wrong. Other programs have the "
     "same interface. Called as sop, or as sopv for what only verifies, bulla leaves the first "
     "word out.\n\n"
     "Wherever a file is named, @FD:n is an open descriptor and @ENV:NAME (for input) an "
     "environment variable. No output replaces a file. A password is tried as it is, and without "
     "blanks at its end.",
     true},
    {NULL, NULL, NULL, false},
};

void command_title(const struct command *c, char text[static 64])
{
    snprintf(text, 64, "%s%s%s", c->noun != NULL ? c->noun : "", c->noun != NULL ? " " : "",
             c->name);
}

const struct noun *command_noun(const char *word)
{
    for (const struct noun *n = nouns; n->name != NULL; n++) {
        if (strcmp(n->name, word) == 0)
            return n;
    }
    return NULL;
}

bool command_is_stateless(const struct command *c)
{
    const struct noun *n = c->noun != NULL ? command_noun(c->noun) : NULL;
    return n != NULL && n->stateless;
}

const struct opt_table *command_shared_opts(const struct command *c)
{
    return command_is_stateless(c) ? &opt_common_stateless : &opt_common;
}

static const struct command *find(const char *noun, const char *name)
{
    for (const struct command *const *c = commands; *c != NULL; c++) {
        bool same_noun = noun == NULL ? (*c)->noun == NULL
                                      : (*c)->noun != NULL && strcmp((*c)->noun, noun) == 0;
        if (same_noun && strcmp((*c)->name, name) == 0)
            return *c;
    }
    return NULL;
}

/* Words that could stand where `noun` (NULL: nothing yet) has been read. */
static size_t candidates(const char *noun, const char **out, size_t max)
{
    size_t n = 0;
    for (const struct command *const *c = commands; *c != NULL && n < max; c++) {
        bool fits = noun == NULL || ((*c)->noun != NULL && strcmp((*c)->noun, noun) == 0);
        if (fits)
            out[n++] = noun == NULL && (*c)->noun != NULL ? (*c)->noun : (*c)->name;
    }
    return n;
}

static err *option_first(const char *word)
{
    return err_hint(err_new(ERR_UNKNOWN_OPTION, "%s: options stand behind the command", word),
                    "bulla COMMAND %s", word);
}

static err *unknown(const char *noun, const char *word)
{
    if (word[0] == '-')
        return option_first(word);
    const char *words[64];
    const char *near = opt_nearest(word, words, candidates(noun, words, 64));
    err *e = err_new(ERR_UNKNOWN_COMMAND, "%s%s%s: no such command", noun != NULL ? noun : "",
                     noun != NULL ? " " : "", word);
    if (near != NULL)
        return err_hint(e, "did you mean %s?", near);
    return err_hint(e, "bulla help%s%s lists the commands", noun != NULL ? " " : "",
                    noun != NULL ? noun : "");
}

err *command_find(int argc, const char *const *argv, const struct command **out, int *words)
{
    if (command_noun(argv[0]) == NULL) {
        *out = find(NULL, argv[0]);
        *words = 1;
        return *out != NULL ? NULL : unknown(NULL, argv[0]);
    }
    if (argc < 2)
        return err_hint(err_new(ERR_MISSING_ARG, "%s: what about it?", argv[0]), "bulla help %s",
                        argv[0]);
    *out = find(argv[0], argv[1]);
    *words = 2;
    return *out != NULL ? NULL : unknown(argv[0], argv[1]);
}
