/* command.h - what a command is: a const struct beside its code. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/app.h"
#include "cli/opt.h"

enum command_needs {
    NEEDS_NOTHING = 0,
    NEEDS_WRITE = 1,    /* changes the keyring: committed when the command succeeds */
    DATA_ON_STDOUT = 2, /* may write data there: the JSON report goes to standard error
                              whenever it does */
    ONLY_VERIFIES = 4,  /* a stateless command that the subset `sopv` has, too */
};

struct command {
    const char *noun; /* "key", "cert"; NULL for a daily verb */
    const char *name;
    const char *summary;  /* lower case, no full stop */
    const char *synopsis; /* behind the command's name */
    const char *details;  /* paragraphs for --help and the man page; may be NULL */
    const char *examples; /* lines "command # what it does" */
    const char *values;   /* what the arguments are: "FILE", "CERT", "KEY", or NULL */
    const char *verbs;    /* what the first of them is instead: words, or NULL */
    struct opt_table table;
    size_t opts_size;
    const struct opt_conflict *conflicts;
    unsigned needs;
    err *(*run)(struct app *app, const void *opts, const struct args *args);
};

#define COMMAND_OPTIONS(array, type)                                                               \
    .table = {array, sizeof(array) / sizeof *(array)}, .opts_size = sizeof(type)

/* All commands, in the order of the help; ends with NULL. */
extern const struct command *const commands[];

/* The command that argv's first words name; *words is how many they are (1 or 2).
 * ERR_UNKNOWN_COMMAND suggests one that is like it; ERR_MISSING_ARG. */
MUST_USE err *command_find(int argc, const char *const *argv, const struct command **out,
                           int *words);

/* What commands are about: "key", "cert"; ends with a NULL name. */
struct noun {
    const char *name;
    const char *summary; /* lower case */
    const char *about;   /* for its man page; NULL: it has none */
    bool stateless;      /* the Stateless OpenPGP interface: its options, its exit codes */
};
extern const struct noun nouns[];

/* NULL if the word is none. */
const struct noun *command_noun(const char *word);

bool command_is_stateless(const struct command *c);

/* The options that it has besides its own. */
const struct opt_table *command_shared_opts(const struct command *c);

/* "key generate" */
void command_title(const struct command *c, char text[static 64]);

#endif
