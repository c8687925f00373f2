#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "stream/input.h"

bool output_is_standard(const char *name)
{
    return name == NULL || strcmp(name, "-") == 0;
}

const char *input_title(const char *name)
{
    return output_is_standard(name) ? "standard input" : name;
}

err *input_open(const char *name, struct source **out)
{
    if (output_is_standard(name))
        return input_from_fd(STDIN_FILENO, false, "standard input", out);
    return input_from_file(name, out);
}

static bool stat_regular(const char *name, struct stat *st)
{
    int failed = output_is_standard(name) ? fstat(STDIN_FILENO, st) : stat(name, st);
    return failed == 0 && S_ISREG(st->st_mode);
}

bool input_is_regular(const char *name)
{
    struct stat st;
    return stat_regular(name, &st);
}

bool input_may_wait(const char *name)
{
    struct stat st;
    return output_is_standard(name) ||
           (stat(name, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

uint64_t input_size(const char *name)
{
    struct stat st;
    return stat_regular(name, &st) ? (uint64_t)st.st_size : 0;
}

err *input_error(err *e, const char *name)
{
    switch (err_kind_of(e)) {
    case ERR_IO:
    case ERR_NO_INPUT:
    case ERR_OUTPUT:
    case ERR_EXISTS:
    case ERR_INTERRUPTED:
        return e;
    case ERR_NO_DATA:
        e = err_hint(e, "OpenPGP text starts with a line like -----BEGIN PGP MESSAGE-----");
        break;
    default:
        break;
    }
    return err_wrap(e, "%s", input_title(name));
}

void output_expect(struct app *app, const char *given, bool standard_else)
{
    app->data_on_stdout = given != NULL ? output_is_standard(given) : standard_else;
}

err *output_name(const char *given, const char *input, const char *suffix, char **out)
{
    *out = NULL;
    if (given != NULL)
        return output_is_standard(given) ? NULL : mem_strdup(given, out);
    if (output_is_standard(input))
        return NULL;
    return mem_printf(out, "%s%s", input, suffix);
}

err *output_name_without(const char *given, const char *input, const char *const *suffixes,
                         char **out)
{
    *out = NULL;
    if (given != NULL || output_is_standard(input))
        return output_name(given, input, "", out);
    size_t len = strlen(input);
    for (; *suffixes != NULL; suffixes++) {
        size_t n = strlen(*suffixes);
        bool bare = len > n && input[len - n - 1] != '/';
        if (bare && strcmp(input + len - n, *suffixes) == 0)
            return mem_string_of(slice_of(input, len - n), out);
    }
    TRY(fs_check_input(input));
    return err_hint(err_new(ERR_USAGE, "%s: what should the result be called?", input),
                    "say so with -o FILE (-o - for standard output)");
}

static err *open_sink(struct app *app, const char *name, const struct fs_output_options *options,
                      struct sink **out)
{
    if (!output_is_standard(name))
        return sink_to_file(name, options, out);
    app->data_on_stdout = true;
    return sink_to_fd(STDOUT_FILENO, "standard output", out);
}

err *output_open(struct app *app, const char *name, bool replace, struct sink **out)
{
    const struct fs_output_options options = {.replace = replace, .durable = true};
    return open_sink(app, name, &options, out);
}

err *output_open_private(struct app *app, const char *name, bool replace, struct sink **out)
{
    const struct fs_output_options options = {
        .replace = replace, .durable = true, .owner_only = true};
    return open_sink(app, name, &options, out);
}

bool output_wants_text(const char *name)
{
    return output_is_standard(name) && isatty(STDOUT_FILENO) != 0;
}

err *output_write_all(struct sink *k, struct slice s)
{
    TRY(sink_write(k, s));
    return sink_commit(k);
}
