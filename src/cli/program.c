#include "cli/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/usage.h"

/* What stdio holds back must have reached its place, too. */
static err *flush_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        return err_system(ERR_OUTPUT, "standard output");
    return NULL;
}

static err *run_command(const struct command *c, struct app *app, const void *opts,
                        const struct args *args)
{
    bool takes_files = c->values != NULL && strcmp(c->values, "FILE") == 0;
    TRY(opt_check_conflicts(&c->table, opts, c->conflicts));
    if (!command_is_stateless(c)) /* where "-" is a file like any other */
        TRY(opt_check_inputs(&c->table, opts, args, takes_files));
    app->writes = (c->needs & NEEDS_WRITE) != 0;
    TRY(c->run(app, opts, args));
    return app_commit(app);
}

/* What has been told in JSON: that there was an error goes there, too. */
struct told {
    bool in_json;
    bool on_stderr; /* and must stand alone there */
};

static err *with_app(const struct command *c, const struct common_opts *common, const void *opts,
                     const struct args *args, struct told *told)
{
    struct app app;
    char title[64];
    command_title(c, title);
    err *e = app_init(&app, title, common);
    if (e == NULL)
        e = run_command(c, &app, opts, args);
    told->in_json = common->json;
    told->on_stderr = common->json && app.data_on_stdout;
    e = report_finish(&app.report, e, told->on_stderr ? stderr : stdout);
    app_clear(&app);
    return e;
}

static err *dispatch(const struct command *c, int argc, const char *const *argv, struct told *told)
{
    struct common_opts common = {0};
    struct args args = {0};
    AUTO(free) void *opts = mem_zeroed(1, c->opts_size);
    if (opts == NULL)
        return err_no_memory();
    err *e = opt_parse(&c->table, command_shared_opts(c), argc, argv, opts, &common, &args);
    if (command_is_stateless(c))
        common.quiet = !common.debug;
    if (e == NULL && common.help)
        usage_command(stdout, c);
    else if (e == NULL)
        e = with_app(c, &common, opts, &args, told);
    if (e == NULL)
        e = flush_output();
    opt_free(&c->table, opts, &args);
    return e;
}

/* --help and --version stand for the commands of that name. */
static const char *as_command(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return "help";
    return strcmp(word, "--version") == 0 ? "version" : word;
}

/* What was typed: "bulla sop encrypt" is also called "sop encrypt", and "sopv" is the
 * part of it that only verifies. */
struct line {
    int argc;
    const char **argv; /* owned; the program's name, then a command's words */
    bool stateless, only_verifies;
};

static void line_clear(struct line *l)
{
    free(l->argv);
}

static bool is_called(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash != NULL ? slash + 1 : path, name) == 0;
}

static err *line_init(int argc, const char *const *argv, struct line *l)
{
    TRY(MEM_ARRAY(l->argv, (size_t)argc + 2));
    l->only_verifies = argc > 0 && is_called(argv[0], "sopv");
    l->stateless = l->only_verifies || (argc > 0 && is_called(argv[0], "sop"));
    l->argv[l->argc++] = "bulla";
    if (l->stateless)
        l->argv[l->argc++] = "sop";
    for (int i = 1; i < argc; i++)
        l->argv[l->argc++] = argv[i];
    const struct noun *noun = l->argc > 1 ? command_noun(l->argv[1]) : NULL;
    l->stateless = noun != NULL && noun->stateless;
    return NULL;
}

static void swap_words(const char **a, const char **b)
{
    const char *word = *a;
    *a = *b;
    *b = word;
}

/* The stateless interface lets "--debug" stand before the subcommand, and has its own
 * "help COMMAND" and "--version". */
static void straighten(struct line *l)
{
    if (!l->stateless || l->argc < 3)
        return;
    if (l->argc > 3 && strcmp(l->argv[2], "--debug") == 0)
        swap_words(&l->argv[2], &l->argv[3]);
    l->argv[2] = as_command(l->argv[2]);
    if (l->argc == 4 && strcmp(l->argv[2], "help") == 0) {
        l->argv[2] = l->argv[3];
        l->argv[3] = "--help";
    }
}

/* "bulla key --help" */
static bool asks_about_noun(const struct line *l)
{
    return l->argc == 3 && command_noun(l->argv[1]) != NULL &&
           strcmp(as_command(l->argv[2]), "help") == 0;
}

static err *find_command(const struct line *l, const struct command **c, int *words)
{
    TRY(command_find(l->argc - 1, l->argv + 1, c, words));
    if (l->only_verifies && ((*c)->needs & ONLY_VERIFIES) == 0)
        return err_hint(err_new(ERR_UNKNOWN_COMMAND, "%s: not a command of sopv", (*c)->name),
                        "sop %s", (*c)->name);
    return NULL;
}

static err *run(struct line *l, struct told *told)
{
    const struct command *c = NULL;
    char title[64];
    int words = 0;
    if (l->argc < 2) {
        usage_overview(stderr, NULL);
        return err_hint(err_new(ERR_USAGE, "no command"), "for example: bulla encrypt --help");
    }
    straighten(l);
    if (asks_about_noun(l)) {
        usage_overview(stdout, l->argv[1]);
        return flush_output();
    }
    l->argv[1] = as_command(l->argv[1]);
    TRY(find_command(l, &c, &words));
    command_title(c, title);
    return err_wrap(dispatch(c, l->argc - 1 - words, l->argv + 1 + words, told), "%s", title);
}

static bool asks_for_json(const struct line *l)
{
    for (int i = 1; i < l->argc && !l->stateless && strcmp(l->argv[i], "--") != 0; i++) {
        if (strcmp(l->argv[i], "--json") == 0)
            return true;
    }
    return false;
}

/* A command line that is wrong has no report of its own. */
static err *tell_in_json(err *e)
{
    struct report r;
    report_init(&r, true, false);
    e = report_finish(&r, e, stdout);
    report_clear(&r);
    fflush(stdout);
    return e;
}

int program_run(int argc, const char *const *argv)
{
    CLEANUP(line_clear) struct line line = {0};
    struct told told = {0};
    err *e = line_init(argc, argv, &line);
    if (e == NULL)
        e = run(&line, &told);
    const struct exit_code *x = exit_code_of(err_kind_of(e));
    int code = line.stateless ? x->sop_code : x->code;
    if (e != NULL && !told.in_json && asks_for_json(&line))
        e = tell_in_json(e);
    if (e != NULL && !told.on_stderr)
        app_print_error(e);
    err_free(e);
    return code;
}
