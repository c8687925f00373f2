#include "cli/command.h"
#include "cli/usage.h"

#include <stdlib.h>
#include <string.h>

struct help_opts {
    bool man, list;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "man", struct help_opts, man, "print the man page's source"),
    OPT_FLAG(0, "list", struct help_opts, list, "print the names of all commands"),
};

static void list(void)
{
    for (const struct command *const *c = commands; *c != NULL; c++) {
        char title[64];
        command_title(*c, title);
        puts(title);
    }
}

static void put_option(struct report *r, const struct opt *o)
{
    const char letter[] = {o->letter, '\0'};
    report_object(r, NULL);
    report_string(r, "name", o->name);
    report_string(r, "letter", o->letter != 0 ? letter : NULL);
    report_string(r, "value", o->value);
    report_bool(r, "repeatable", o->type == OPT_TYPE_LIST);
    report_string(r, "help", o->help);
    report_end_object(r);
}

/* The tables of all commands, or of one, or of those of one noun. */
static void put_commands(struct report *r, const struct command *only, const char *noun)
{
    report_array(r, "commands");
    for (const struct command *const *c = commands; *c != NULL; c++) {
        char title[64];
        bool of_noun = noun == NULL || ((*c)->noun != NULL && strcmp((*c)->noun, noun) == 0);
        if ((only != NULL && *c != only) || !of_noun)
            continue;
        command_title(*c, title);
        report_object(r, NULL);
        report_string(r, "name", title);
        report_string(r, "summary", (*c)->summary);
        report_string(r, "synopsis", (*c)->synopsis);
        report_array(r, "options");
        for (size_t i = 0; i < (*c)->table.n; i++)
            put_option(r, &(*c)->table.opts[i]);
        report_end_array(r);
        report_end_object(r);
    }
    report_end_array(r);
}

/* A noun without a page of its own has the program's. */
static void print_man(const struct noun *about, const struct command *c)
{
    if (c != NULL)
        usage_man_command(stdout, c);
    else if (about != NULL && about->about != NULL)
        usage_man_noun(stdout, about);
    else
        usage_man(stdout);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct help_opts *o = options;
    const struct command *c = NULL;
    const struct noun *about = args->n == 1 ? command_noun(args->items[0]) : NULL;
    const char *noun = about != NULL ? about->name : NULL;
    int words;
    if (args->n > 0 && noun == NULL)
        TRY(command_find((int)args->n, args->items, &c, &words));
    if (app->report.json)
        put_commands(&app->report, c, noun);
    else if (o->list)
        list();
    else if (o->man)
        print_man(about, c);
    else if (c != NULL)
        usage_command(stdout, c);
    else
        usage_overview(stdout, noun);
    return NULL;
}

const struct command cmd_help = {
    .name = "help",
    .summary = "explain commands",
    .synopsis = "[COMMAND]",
    .examples = "bulla help\n"
                "bulla help key generate",
    COMMAND_OPTIONS(opts, struct help_opts),
    .run = run,
};
