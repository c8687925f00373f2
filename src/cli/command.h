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
};

struct command {
    const char *noun; /* "key", "cert"; NULL for a daily verb */
    const char *name;
    const char *summary;  /* lower case, no full stop */
    const char *synopsis; /* behind the command's name */
    const char *details;  /* paragraphs for --help and the man page; may be NULL */
    const char *examples; /* lines "command # what it does" */
    const char *values;   /* what the arguments are: "FILE", "CERT", "KEY", or NULL */
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
 * ERR_USAGE suggests one that is like it. */
MUST_USE err *command_find(int argc, const char *const *argv, const struct command **out,
                           int *words);

/* What commands are about: "key", "cert"; ends with a NULL name. */
struct noun {
    const char *name;
    const char *summary; /* lower case */
};
extern const struct noun nouns[];

bool command_is_noun(const char *word);

/* "key generate" */
void command_title(const struct command *c, char text[static 64]);

#endif
