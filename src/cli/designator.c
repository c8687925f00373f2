#include "cli/designator.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "stream/input.h"

enum { FD_MAX = 1 << 20 };

enum kind { KIND_FILE, KIND_FD, KIND_ENV, KIND_UNKNOWN };

static enum kind kind_of(const char *name)
{
    if (name[0] != '@')
        return KIND_FILE;
    if (strncmp(name, "@FD:", 4) == 0)
        return KIND_FD;
    return strncmp(name, "@ENV:", 5) == 0 ? KIND_ENV : KIND_UNKNOWN;
}

static err *unknown(const char *name)
{
    return err_hint(err_new(ERR_BAD_DESIGNATOR, "%s: unknown designator", name),
                    "use @FD:n, @ENV:NAME, or ./%s for a file of that name", name);
}

/* Is the name what it looks like? */
static err *check(const char *name)
{
    enum kind kind = kind_of(name);
    if (kind == KIND_UNKNOWN)
        return unknown(name);
    if (kind != KIND_FILE && fs_exists(name))
        return err_hint(err_new(ERR_AMBIGUOUS_INPUT, "%s: there is a file of this name, too", name),
                        "./%s means the file", name);
    return NULL;
}

static err *variable(const char *name, const char **value)
{
    *value = getenv(name + strlen("@ENV:"));
    return *value != NULL ? NULL : err_new(ERR_BAD_DESIGNATOR, "%s: the variable is not set", name);
}

static err *descriptor(const char *name, int *fd)
{
    const char *number = name + strlen("@FD:");
    char *end = NULL;
    long n = strtol(number, &end, 10);
    if (end == number || *end != '\0' || n < 0 || n > FD_MAX)
        return err_new(ERR_BAD_DESIGNATOR, "%s: not a number", name);
    *fd = (int)n;
    return NULL;
}

err *designator_read(const char *name, struct buf *b)
{
    const char *value;
    int fd;
    TRY(check(name));
    switch (kind_of(name)) {
    case KIND_ENV:
        TRY(variable(name, &value));
        buf_text(b, value);
        return buf_end(b);
    case KIND_FD:
        TRY(descriptor(name, &fd));
        return err_wrap(fs_read_fd(fd, b), "%s", name);
    default:
        return fs_read_file(name, b);
    }
}

err *designator_open(const char *name, struct source **out)
{
    const char *value;
    int fd;
    TRY(check(name));
    switch (kind_of(name)) {
    case KIND_ENV:
        TRY(variable(name, &value));
        return input_from_memory(slice_of_string(value), out);
    case KIND_FD:
        TRY(descriptor(name, &fd));
        return input_from_fd(fd, false, name, out);
    default:
        return input_from_file(name, out);
    }
}

err *designator_create(const char *name, bool owner_only, struct sink **out)
{
    const struct fs_output_options options = {.owner_only = owner_only};
    int fd;
    switch (kind_of(name)) {
    case KIND_FILE:
        return sink_to_file(name, &options, out);
    case KIND_FD:
        TRY(descriptor(name, &fd));
        return sink_to_fd(fd, name, out);
    case KIND_ENV:
        return err_new(ERR_BAD_DESIGNATOR, "%s: a variable cannot be written to", name);
    default:
        return unknown(name);
    }
}
