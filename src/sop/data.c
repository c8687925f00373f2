#include "sop/data.h"

#include <unistd.h>

#include "cli/designator.h"
#include "cli/output.h"
#include "pgp/armored.h"
#include "stream/input.h"
#include "stream/pump.h"
#include "stream/utf8.h"

err *data_input(struct app *app, struct source **out)
{
    AUTO(source_close) struct source *input = NULL;
    TRY(input_open(NULL, &input));
    TRY(app_read_ahead(app, input));
    *out = TAKE(input);
    return NULL;
}

err *data_input_text(struct app *app, struct source **out)
{
    TRY(data_input(app, out));
    return utf8_new(TAKE(*out), out);
}

err *data_output(struct app *app, struct sink **out)
{
    struct sink *k = NULL;
    app->data_on_stdout = true;
    TRY(sink_to_fd(STDOUT_FILENO, "standard output", &k));
    return sink_hold(k, app_temporary_directory(), out);
}

err *data_put(struct app *app, struct source *s)
{
    AUTO(source_close) struct source *owner = s;
    AUTO(sink_close) struct sink *k = NULL;
    TRY(data_output(app, &k));
    TRY(pump(owner, k));
    return sink_commit(k);
}

err *data_put_bytes(struct app *app, struct slice bytes)
{
    struct source *s = NULL;
    TRY(input_from_memory(bytes, &s));
    return data_put(app, s);
}

err *data_put_packets(struct app *app, struct slice packets, enum armor_kind kind, bool no_armor)
{
    struct source *s = NULL;
    TRY(input_from_memory(packets, &s));
    if (!no_armor)
        TRY(armored_new(s, kind, &s));
    return data_put(app, s);
}

err *data_aside(const char *name, bool owner_only, struct sink **out)
{
    return name != NULL ? designator_create(name, owner_only, out) : NULL;
}

err *data_aside_put(struct sink *k, struct slice bytes)
{
    if (k == NULL)
        return NULL;
    TRY(sink_write(k, bytes));
    return sink_commit(k);
}
