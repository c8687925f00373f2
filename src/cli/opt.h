/* opt.h - options: one const array beside each command's code.
 *
 *     struct sign_opts { bool armor; const char *output; struct opt_list signers; };
 *     static const struct opt opts[] = {
 *         OPT_FLAG('a', "armor", struct sign_opts, armor, "write text instead of bytes"),
 *         OPT_TEXT('o', "output", struct sign_opts, output, "FILE", "write to FILE", OPT_PLACE),
 *     };
 *
 * From the array come parsing, --help, the completions and the man pages.  Values
 * are stored in a zeroed struct of the command's own, so that nothing is global.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum opt_type { OPT_TYPE_FLAG, OPT_TYPE_TEXT, OPT_TYPE_LIST };

/* What a value is. */
enum opt_value {
    OPT_ANY,
    OPT_INPUT, /* a file to read; "-" and "@FD:0" are standard input */
    OPT_PLACE, /* a file to write, a directory */
    OPT_CERT,
    OPT_KEY,
    OPT_CHOICE,
};

/* Values of an option that may be given several times; the strings are those of
 * the command line. */
struct opt_list {
    const char **items;
    size_t n;
};

struct opt {
    enum opt_type type;
    char letter;       /* 0: none */
    const char *name;  /* without dashes */
    size_t offset;     /* of the field in the command's struct */
    const char *value; /* what the value is called; NULL for flags */
    const char *help;  /* lower case, no full stop */
    enum opt_value kind;
    const char *choices; /* for OPT_CHOICE: words separated by blanks */
};

#define OPT_FLAG(letter, name, type, field, help)                                                  \
    {                                                                                              \
        OPT_TYPE_FLAG, letter, name, offsetof(type, field), NULL, help, OPT_ANY, NULL              \
    }
#define OPT_TEXT(letter, name, type, field, value, help, kind)                                     \
    {                                                                                              \
        OPT_TYPE_TEXT, letter, name, offsetof(type, field), value, help, kind, NULL                \
    }
#define OPT_LIST(letter, name, type, field, value, help, kind)                                     \
    {                                                                                              \
        OPT_TYPE_LIST, letter, name, offsetof(type, field), value, help, kind, NULL                \
    }
#define OPT_WORD(letter, name, type, field, value, help, choices)                                  \
    {                                                                                              \
        OPT_TYPE_TEXT, letter, name, offsetof(type, field), value, help, OPT_CHOICE, choices       \
    }

/* Two options that do not go together. */
struct opt_conflict {
    const char *a, *b;
    const char *why;
};

struct opt_table {
    const struct opt *opts;
    size_t n;
};

/* Options that every command has: those of bulla itself, and the few of the stateless
 * interface, which knows neither JSON nor a keyring. */
struct common_opts {
    bool help, json, quiet, debug;
    const char *home;
};
extern const struct opt_table opt_common, opt_common_stateless;

/* Arguments that are no options. */
struct args {
    const char **items;
    size_t n;
};

/* Parses argv[0 .. argc-1] (without command words).  `opts` is the command's struct
 * after `table`, `common` that of the options in `shared`.  Lists and args are
 * allocated: opt_free.  ERR_UNKNOWN_OPTION, ERR_MISSING_ARG and ERR_USAGE name the
 * option; the first may suggest one. */
MUST_USE err *opt_parse(const struct opt_table *table, const struct opt_table *shared, int argc,
                        const char *const *argv, void *opts, struct common_opts *common,
                        struct args *args);

void opt_free(const struct opt_table *table, void *opts, struct args *args);

/* Was the option given? */
bool opt_is_set(const struct opt_table *table, const void *opts, const char *name);

/* ERR_INCOMPATIBLE for the first pair of conflicts (ending with a NULL name) that
 * are both given. */
MUST_USE err *opt_check_conflicts(const struct opt_table *table, const void *opts,
                                  const struct opt_conflict *conflicts);

/* ERR_INCOMPATIBLE if more than one input is standard input; args are inputs, too, where
 * `args_are_inputs`, and none of them means standard input. */
MUST_USE err *opt_check_inputs(const struct opt_table *table, const void *opts,
                               const struct args *args, bool args_are_inputs);

/* ERR_MISSING_ARG, ERR_USAGE where there are not min to max arguments; `names` says which
 * there should be. */
MUST_USE err *args_check(const struct args *args, size_t min, size_t max, const char *names);

/* The candidate that is most like `word`, if any is like it; for suggestions. */
const char *opt_nearest(const char *word, const char *const *candidates, size_t n);

#endif
