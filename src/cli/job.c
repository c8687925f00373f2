#include "cli/job.h"

#include <unistd.h>

#include "cli/output.h"
#include "cli/progress.h"

err *job_open(struct app *app, const char *name, const char *verb, struct source **out)
{
    AUTO(source_close) struct source *input = NULL;
    TRY(input_open(name, &input));
    TRY(app_read_ahead(app, input));
    *out = TAKE(input);
    if (app->progress != NULL)
        return progress_join(*out, app->progress, out);
    if (app->report.is_part || !report_shows_remarks(&app->report))
        return NULL;
    if (output_is_standard(name) && isatty(STDIN_FILENO) != 0)
        report_remark(&app->report, "Reading what you type; end it with Ctrl-D.");
    return progress_is_possible() ? progress_new(*out, verb, input_size(name), out) : NULL;
}

err *job_each(struct app *app, const struct args *args, job_file *each, void *context)
{
    if (args->n <= 1)
        return each(context, args->n == 1 ? args->items[0] : NULL);
    for (size_t i = 0; i < args->n; i++) {
        err *e = each(context, args->items[i]);
        if (err_kind_of(e) == ERR_INTERRUPTED || err_kind_of(e) == ERR_NO_MEMORY)
            return e;
        app_note_failure(app, e);
    }
    return app_failures(app, "files");
}
