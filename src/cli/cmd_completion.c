/* completion: scripts for shells, from the command tables. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void put(FILE *f, const char *line)
{
    fprintf(f, "%s\n", line);
}

/* bash: one case for each command. */

static void bash_words(FILE *f, const struct opt_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->opts[i].letter != 0)
            fprintf(f, " -%c", t->opts[i].letter);
        fprintf(f, " --%s", t->opts[i].name);
    }
}

static void bash_values(FILE *f, const struct opt_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct opt *o = &t->opts[i];
        if (o->type == OPT_TYPE_FLAG)
            continue;
        fprintf(f, "            ");
        if (o->letter != 0)
            fprintf(f, "-%c|", o->letter);
        fprintf(f, "--%s) ", o->name);
        if (o->kind == OPT_CHOICE)
            fprintf(f, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", o->choices);
        else if (o->kind == OPT_INPUT || o->kind == OPT_PLACE)
            fprintf(f, "COMPREPLY=($(compgen -f -- \"$cur\"))");
        else if (o->kind == OPT_CERT || o->kind == OPT_KEY)
            fprintf(f, "_bulla_names %s", o->kind == OPT_KEY ? "key" : "cert");
        else
            fprintf(f, "COMPREPLY=()");
        fprintf(f, "; return ;;\n");
    }
}

static void bash_command(FILE *f, const struct command *c)
{
    char title[64];
    command_title(c, title);
    fprintf(f, "    '%s')\n        case $prev in\n", title);
    bash_values(f, &c->table);
    bash_values(f, command_shared_opts(c));
    fprintf(f, "        esac\n        words='");
    bash_words(f, &c->table);
    bash_words(f, command_shared_opts(c));
    fprintf(f, "'\n        arguments=%s\n", c->values != NULL ? c->values : "");
    if (c->verbs != NULL)
        fprintf(f, "        [ \"$COMP_CWORD\" -gt %d ] || words='%s' arguments=WORD\n",
                c->noun != NULL ? 3 : 2, c->verbs);
    fprintf(f, "        ;;\n");
}

static void bash_firsts(FILE *f)
{
    const char *last = NULL;
    for (const struct command *const *c = commands; *c != NULL; c++) {
        const char *word = (*c)->noun != NULL ? (*c)->noun : (*c)->name;
        if (last == NULL || strcmp(last, word) != 0)
            fprintf(f, "%s ", word);
        last = word;
    }
}

static void bash_seconds(FILE *f, const char *noun)
{
    fprintf(f, "    %s) COMPREPLY=($(compgen -W '", noun);
    for (const struct command *const *c = commands; *c != NULL; c++) {
        if ((*c)->noun != NULL && strcmp((*c)->noun, noun) == 0)
            fprintf(f, "%s ", (*c)->name);
    }
    fprintf(f, "' -- \"$cur\")); return ;;\n");
}

static void bash(FILE *f)
{
    put(f, "# bash completion for bulla; made by: bulla completion bash\n"
           "_bulla_names() {\n"
           "    COMPREPLY=($(compgen -W \"$(bulla \"$1\" list 2>/dev/null |\n"
           "        grep -oE '[[:alnum:]._%+-]+@[[:alnum:].-]+')\" -- \"$cur\"))\n"
           "}\n"
           "_bulla() {\n"
           "    local cur prev words arguments command\n"
           "    cur=${COMP_WORDS[COMP_CWORD]}\n"
           "    prev=${COMP_WORDS[COMP_CWORD-1]}");
    fprintf(f, "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '");
    bash_firsts(f);
    put(f, "' -- \"$cur\"))\n        return\n    fi\n    command=${COMP_WORDS[1]}\n"
           "    case $command in");
    for (const struct noun *n = nouns; n->name != NULL; n++)
        fprintf(f, "%s%s", n == nouns ? "    " : "|", n->name);
    put(f, ")\n        if [ \"$COMP_CWORD\" -eq 2 ]; then\n        case $command in");
    for (const struct noun *n = nouns; n->name != NULL; n++)
        bash_seconds(f, n->name);
    put(f, "        esac\n        fi\n        command=\"$command ${COMP_WORDS[2]}\"\n        ;;\n"
           "    esac\n    case $command in");
    for (const struct command *const *c = commands; *c != NULL; c++)
        bash_command(f, *c);
    put(f, "    esac\n"
           "    case $cur in\n"
           "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
           "    *)\n"
           "        case $arguments in\n"
           "        WORD) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
           "        FILE) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
           "        CERT) _bulla_names cert ;;\n"
           "        KEY) _bulla_names key ;;\n"
           "        esac ;;\n"
           "    esac\n"
           "}\n"
           "complete -o filenames -F _bulla bulla");
}

/* zsh: _arguments specifications. */

static void zsh_text(FILE *f, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("[]:", *text) != NULL)
            fputc('\\', f);
        if (*text == '\'')
            fputs("'\\'", f);
        fputc(*text, f);
    }
}

static void zsh_option(FILE *f, const struct opt *o)
{
    const char *many = o->type == OPT_TYPE_LIST ? "*" : "";
    if (o->letter != 0)
        fprintf(f, "            '%s'{-%c,--%s%s}'[", many, o->letter, o->name,
                o->type == OPT_TYPE_FLAG ? "" : "=");
    else
        fprintf(f, "            '%s--%s%s[", many, o->name, o->type == OPT_TYPE_FLAG ? "" : "=");
    zsh_text(f, o->help);
    fputc(']', f);
    if (o->type != OPT_TYPE_FLAG) {
        fprintf(f, ":%s:", o->value);
        if (o->kind == OPT_CHOICE)
            fprintf(f, "(%s)", o->choices);
        else if (o->kind == OPT_INPUT || o->kind == OPT_PLACE)
            fprintf(f, "_files");
        else if (o->kind == OPT_CERT || o->kind == OPT_KEY)
            fprintf(f, "_bulla_names");
    }
    put(f, "' \\");
}

static void zsh_command(FILE *f, const struct command *c)
{
    char title[64];
    command_title(c, title);
    fprintf(f, "    '%s')\n        _arguments -s \\\n", title);
    for (size_t i = 0; i < c->table.n; i++)
        zsh_option(f, &c->table.opts[i]);
    const struct opt_table *shared = command_shared_opts(c);
    for (size_t i = 0; i < shared->n; i++)
        zsh_option(f, &shared->opts[i]);
    if (c->verbs != NULL)
        fprintf(f, "            '1:WHAT:(%s)' \\\n", c->verbs);
    if (c->values == NULL)
        put(f, "            && return ;;");
    else
        fprintf(f, "            '*:%s:%s' && return ;;\n", c->values,
                strcmp(c->values, "FILE") == 0 ? "_files" : "_bulla_names");
}

static void zsh_entry(FILE *f, const char *name, const char *summary)
{
    fprintf(f, "        '%s:", name);
    zsh_text(f, summary);
    put(f, "'");
}

static void zsh_list(FILE *f, const char *noun)
{
    for (const struct command *const *c = commands; *c != NULL; c++) {
        bool fits = noun == NULL ? (*c)->noun == NULL
                                 : (*c)->noun != NULL && strcmp((*c)->noun, noun) == 0;
        if (fits)
            zsh_entry(f, (*c)->name, (*c)->summary);
    }
}

static void zsh(FILE *f)
{
    put(f, "#compdef bulla\n"
           "# zsh completion for bulla; made by: bulla completion zsh\n"
           "_bulla_names() {\n"
           "    compadd -- ${(f)\"$(bulla cert list 2>/dev/null |\n"
           "        grep -oE '[[:alnum:]._%+-]+@[[:alnum:].-]+')\"}\n"
           "}\n"
           "_bulla() {\n"
           "    local -a verbs\n"
           "    local command=$words[2]\n"
           "    if (( CURRENT == 2 )); then\n"
           "        verbs=(");
    zsh_list(f, NULL);
    for (const struct noun *n = nouns; n->name != NULL; n++)
        zsh_entry(f, n->name, n->summary);
    put(f, "        )\n        _describe command verbs && return\n    fi\n    case $command in");
    for (const struct noun *n = nouns; n->name != NULL; n++) {
        fprintf(f, "    %s)\n        verbs=(\n", n->name);
        zsh_list(f, n->name);
        put(f, "        ) ;;");
    }
    put(f, "    esac\n"
           "    if (( $#verbs )); then\n"
           "        if (( CURRENT == 3 )); then\n            _describe command verbs && return\n"
           "        fi\n        command=\"$command $words[3]\"\n        shift words\n"
           "        (( CURRENT-- ))\n    fi\n    shift words\n    (( CURRENT-- ))\n"
           "    case $command in");
    for (const struct command *const *c = commands; *c != NULL; c++)
        zsh_command(f, *c);
    put(f, "    esac\n}\n_bulla \"$@\"");
}

/* fish: one line for each option. */

static void fish_text(FILE *f, const char *text)
{
    fputc('\'', f);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', f);
        fputc(*text, f);
    }
    fputc('\'', f);
}

/* Without a command: wherever the options are that every command has. */
static void fish_condition(FILE *f, const struct command *c)
{
    if (c == NULL)
        fprintf(f, " -n 'not __fish_seen_subcommand_from sop'");
    else if (c->noun != NULL)
        fprintf(f, " -n '__fish_seen_subcommand_from %s; and __fish_seen_subcommand_from %s'",
                c->noun, c->name);
    else
        fprintf(f, " -n '__fish_seen_subcommand_from %s'", c->name);
}

static void fish_option(FILE *f, const struct command *c, const struct opt *o)
{
    fprintf(f, "complete -c bulla");
    fish_condition(f, c);
    if (o->letter != 0)
        fprintf(f, " -s %c", o->letter);
    fprintf(f, " -l %s -d ", o->name);
    fish_text(f, o->help);
    if (o->kind == OPT_CHOICE)
        fprintf(f, " -x -a '%s'", o->choices);
    else if (o->kind == OPT_INPUT || o->kind == OPT_PLACE)
        fprintf(f, " -r -F");
    else if (o->kind == OPT_CERT || o->kind == OPT_KEY)
        fprintf(f, " -x -a '(__bulla_names)'");
    else if (o->type != OPT_TYPE_FLAG)
        fprintf(f, " -x");
    fputc('\n', f);
}

/* A word that may follow "bulla". */
static void fish_first(FILE *f, const char *name, const char *summary)
{
    fprintf(f, "complete -c bulla -n __fish_use_subcommand -f -a %s -d ", name);
    fish_text(f, summary);
    fputc('\n', f);
}

static void fish_second(FILE *f, const struct command *c)
{
    fprintf(f, "complete -c bulla -n '__fish_seen_subcommand_from %s' -f -a %s -d ", c->noun,
            c->name);
    fish_text(f, c->summary);
    fputc('\n', f);
}

/* Words that may follow the command's own. */
static void fish_verbs(FILE *f, const struct command *c)
{
    fprintf(f, "complete -c bulla");
    fish_condition(f, c);
    fprintf(f, " -f -a '%s'\n", c->verbs);
}

static void fish_command(FILE *f, const struct command *c)
{
    if (c->noun != NULL)
        fish_second(f, c);
    else
        fish_first(f, c->name, c->summary);
    if (c->verbs != NULL)
        fish_verbs(f, c);
    for (size_t i = 0; i < c->table.n; i++)
        fish_option(f, c, &c->table.opts[i]);
    const struct opt_table *shared = command_shared_opts(c);
    for (size_t i = 0; shared != &opt_common && i < shared->n; i++)
        fish_option(f, c, &shared->opts[i]);
}

static void fish(FILE *f)
{
    put(f, "# fish completion for bulla; made by: bulla completion fish\n"
           "function __bulla_names\n"
           "    bulla cert list 2>/dev/null | string match -ra '[[:alnum:]._%+-]+@[[:alnum:].-]+'\n"
           "end");
    for (const struct noun *n = nouns; n->name != NULL; n++)
        fish_first(f, n->name, n->summary);
    for (size_t i = 0; i < opt_common.n; i++)
        fish_option(f, NULL, &opt_common.opts[i]);
    for (const struct command *const *c = commands; *c != NULL; c++)
        fish_command(f, *c);
}

typedef void completion_writer(FILE *f);

/* The script as it is, or as a string in JSON. */
static err *tell(struct app *app, const char *shell, completion_writer *write)
{
    AUTO(free) char *script = NULL;
    size_t len;
    if (!app->report.json) {
        write(stdout);
        return NULL;
    }
    FILE *f = open_memstream(&script, &len);
    if (f == NULL)
        return err_no_memory();
    write(f);
    if (fclose(f) != 0)
        return err_no_memory();
    report_string(&app->report, "shell", shell);
    report_string(&app->report, "script", script);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    static const struct {
        const char *shell;
        completion_writer *write;
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    (void)options;
    for (size_t i = 0; args->n == 1 && i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(args->items[0], shells[i].shell) == 0)
            return tell(app, shells[i].shell, shells[i].write);
    }
    return err_hint(err_new(ERR_USAGE, "for which shell?"), "bash, zsh or fish");
}

const struct command cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .synopsis = "bash|zsh|fish",
    .verbs = "bash zsh fish",
    .examples = "bulla completion bash > ~/.local/share/bash-completion/completions/bulla",
    .run = run,
};
