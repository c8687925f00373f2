#include "cli/usage.h"

#include <stdlib.h>
#include <string.h>

#include "cli/exit.h"

enum { WIDTH = 78, OPTION_COLUMN = 28 };

/* Prints text in lines of WIDTH; the first is `column` wide already, the others
 * start at `margin`. */
static void wrap(FILE *f, const char *text, size_t column, size_t margin)
{
    bool blank = false; /* owed before the next word */
    while (*text != '\0') {
        size_t len = strcspn(text, " \n");
        if (blank && column + 1 + len > WIDTH) {
            fprintf(f, "\n%*s", (int)margin, "");
            column = margin;
            blank = false;
        }
        fprintf(f, "%s%.*s", blank ? " " : "", (int)len, text);
        column += len + blank;
        blank = true;
        text += len;
        for (; *text == ' ' || *text == '\n'; text++) {
            if (*text == ' ')
                continue;
            fputc('\n', f);
            column = margin;
            blank = false;
        }
    }
    fputc('\n', f);
}

/* Columns that the longest title takes. */
enum { TITLE_COLUMNS = 25, STATELESS_COLUMNS = 23 };

static void print_row(FILE *f, const struct command *c)
{
    char title[64];
    command_title(c, title);
    fprintf(f, "  %-*s %s\n", command_is_stateless(c) ? STATELESS_COLUMNS : TITLE_COLUMNS, title,
            c->summary);
}

static void print_group(FILE *f, const char *title, const char *noun)
{
    fprintf(f, "\n%s:\n", title);
    for (const struct command *const *c = commands; *c != NULL; c++) {
        bool fits = noun == NULL ? (*c)->noun == NULL
                                 : (*c)->noun != NULL && strcmp((*c)->noun, noun) == 0;
        if (fits)
            print_row(f, *c);
    }
}

/* Its commands are many, and for programs: a line is enough. */
static void print_stateless(FILE *f)
{
    fputs("\nFor other programs:\n", f);
    for (const struct noun *n = nouns; n->name != NULL; n++) {
        if (n->stateless)
            fprintf(f, "  %-*s %s (bulla help %s)\n", TITLE_COLUMNS, n->name, n->summary, n->name);
    }
}

void usage_overview(FILE *f, const char *noun)
{
    fprintf(f, "Usage: bulla COMMAND [OPTION...] [ARGUMENT...]\n");
    if (noun == NULL)
        print_group(f, "Files and messages", NULL);
    for (const struct noun *n = nouns; n->name != NULL; n++) {
        char title[64];
        snprintf(title, sizeof title, "%c%s", n->summary[0] - 'a' + 'A', n->summary + 1);
        if (noun != NULL ? strcmp(noun, n->name) == 0 : !n->stateless)
            print_group(f, title, n->name);
    }
    if (noun == NULL)
        print_stateless(f);
    fprintf(f, "\nbulla COMMAND --help explains a command and shows examples.\n");
}

/* What stands between an option and its value: the stateless interface wants it so. */
static const char *separator(const struct command *c)
{
    return c != NULL && command_is_stateless(c) ? "=" : " ";
}

static void print_option(FILE *f, const struct command *c, const struct opt *o)
{
    char text[64];
    int n = snprintf(text, sizeof text, "  %c%c%c --%s%s%s", o->letter != 0 ? '-' : ' ',
                     o->letter != 0 ? o->letter : ' ', o->letter != 0 ? ',' : ' ', o->name,
                     o->value != NULL ? separator(c) : "", o->value != NULL ? o->value : "");
    fprintf(f, "%-*s", OPTION_COLUMN, text);
    if (n >= OPTION_COLUMN)
        fprintf(f, "\n%*s", OPTION_COLUMN, "");
    wrap(f, o->help, OPTION_COLUMN, OPTION_COLUMN);
}

static void print_options(FILE *f, const struct command *c, const struct opt_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        print_option(f, c, &t->opts[i]);
}

/* Lines "command # what it does": the comment in a column of its own. */
static void print_examples(FILE *f, const char *lines)
{
    while (lines != NULL && *lines != '\0') {
        size_t len = strcspn(lines, "\n");
        fprintf(f, "  %.*s\n", (int)len, lines);
        lines += lines[len] == '\n' ? len + 1 : len;
    }
}

void usage_command(FILE *f, const struct command *c)
{
    char title[64];
    command_title(c, title);
    fprintf(f, "Usage: bulla %s %s\n\n%c%s.\n", title, c->synopsis, c->summary[0] - 'a' + 'A',
            c->summary + 1);
    if (c->details != NULL) {
        fputc('\n', f);
        wrap(f, c->details, 0, 0);
    }
    fprintf(f, "\nOptions:\n");
    print_options(f, c, &c->table);
    print_options(f, c, command_shared_opts(c));
    if (c->examples != NULL) {
        fprintf(f, "\nExamples:\n");
        print_examples(f, c->examples);
    }
}

/* Man pages. */

/* Text in roff: backslashes, dashes, and dots that start a line. */
static void roff(FILE *f, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool starts_line = i == 0 || text[i - 1] == '\n';
        if (text[i] == '\\')
            fputs("\\e", f);
        else if (text[i] == '-')
            fputs("\\-", f);
        else if (starts_line && (text[i] == '.' || text[i] == '\''))
            fprintf(f, "\\&%c", text[i]);
        else if (text[i] == '\n' && i + 1 < len && text[i + 1] == '\n')
            fputs("\n.PP", f);
        else
            fputc(text[i], f);
    }
}

static void roff_text(FILE *f, const char *text)
{
    roff(f, text, strlen(text));
    fputc('\n', f);
}

static void man_options(FILE *f, const struct command *c, const struct opt_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct opt *o = &t->opts[i];
        fputs(".TP\n.B ", f);
        if (o->letter != 0)
            fprintf(f, "\\-%c, ", o->letter);
        fputs("\\-\\-", f);
        roff(f, o->name, strlen(o->name));
        if (o->value != NULL)
            fprintf(f, "%s\\fI%s\\fR", separator(c), o->value);
        fputc('\n', f);
        roff_text(f, o->help);
    }
}

static void man_exit_codes(FILE *f)
{
    fputs(".SH EXIT STATUS\n", f);
    for (const struct exit_code *x = exit_codes; x->code >= 0; x++) {
        fprintf(f, ".TP\n.B %d\n", x->code);
        roff_text(f, x->meaning);
    }
}

/* Whatever the interface has no number for is 1 and needs no line of its own. */
static void man_stateless_exit_codes(FILE *f)
{
    bool told = false; /* what 1 is */
    fputs(".SH EXIT STATUS\n", f);
    for (const struct exit_code *x = exit_codes; x->code >= 0; x++) {
        if (x->sop_code == 1 && told)
            continue;
        told |= x->sop_code == 1;
        fprintf(f, ".TP\n.B %d\n", x->sop_code);
        roff_text(f, x->meaning);
    }
}

static void man_examples(FILE *f, const char *lines)
{
    fputs(".SH EXAMPLES\n.nf\n", f);
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        roff(f, lines, len);
        fputc('\n', f);
        lines += lines[len] == '\n' ? len + 1 : len;
    }
    fputs(".fi\n", f);
}

static void man_commands(FILE *f, const char *noun)
{
    fputs(".SH COMMANDS\n", f);
    for (const struct command *const *c = commands; *c != NULL; c++) {
        char title[64];
        bool fits = noun == NULL || ((*c)->noun != NULL && strcmp((*c)->noun, noun) == 0);
        if (!fits)
            continue;
        command_title(*c, title);
        fprintf(f, ".TP\n.B %s\n", title);
        roff_text(f, (*c)->summary);
    }
}

void usage_man(FILE *f)
{
    fputs(".TH BULLA 1\n.SH NAME\nbulla \\- encrypt, sign, decrypt and verify with OpenPGP\n"
          ".SH SYNOPSIS\n.B bulla\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
          ".SH DESCRIPTION\n",
          f);
    roff_text(f, "Bulla encrypts, signs, decrypts and verifies files and messages with OpenPGP "
                 "(RFC 9580 and RFC 4880), and keeps keys and certificates in a local database. "
                 "It needs no daemon, asks only at a terminal, and reports as JSON with --json.");
    man_commands(f, NULL);
    fputs(".SH COMMON OPTIONS\n", f);
    man_options(f, NULL, &opt_common);
    man_exit_codes(f);
    fputs(".SH ENVIRONMENT\n.TP\n.B BULLA_HOME\nwhere keys are kept; else "
          "$XDG_DATA_HOME/bulla, else ~/.local/share/bulla\n.TP\n.B TMPDIR\nwhere text waits "
          "that may not be shown before it has been checked; else /tmp\n",
          f);
}

void usage_man_noun(FILE *f, const struct noun *n)
{
    fprintf(f, ".TH BULLA-%s 1\n.SH NAME\nbulla-%s \\- ", n->name, n->name);
    roff_text(f, n->summary);
    fprintf(f,
            ".SH SYNOPSIS\n.B bulla %s\n.I COMMAND\n[\\fIOPTION\\fR...] "
            "[\\fIARGUMENT\\fR...]\n.SH DESCRIPTION\n",
            n->name);
    roff_text(f, n->about);
    man_commands(f, n->name);
    fputs(".SH COMMON OPTIONS\n", f);
    man_options(f, NULL, n->stateless ? &opt_common_stateless : &opt_common);
    if (n->stateless)
        man_stateless_exit_codes(f);
    fputs(".SH SEE ALSO\n.BR bulla (1)\n", f);
}

void usage_man_command(FILE *f, const struct command *c)
{
    char title[64], name[64];
    command_title(c, title);
    command_title(c, name);
    for (char *p = name; *p != '\0'; p++)
        *p = *p == ' ' ? '-' : *p;
    fprintf(f, ".TH BULLA-%s 1\n.SH NAME\nbulla-%s \\- ", name, name);
    roff_text(f, c->summary);
    fprintf(f, ".SH SYNOPSIS\n.B bulla %s\n", title);
    roff_text(f, c->synopsis);
    if (c->details != NULL) {
        fputs(".SH DESCRIPTION\n", f);
        roff_text(f, c->details);
    }
    fputs(".SH OPTIONS\n", f);
    man_options(f, c, &c->table);
    man_options(f, c, command_shared_opts(c));
    if (c->examples != NULL)
        man_examples(f, c->examples);
    fputs(".SH SEE ALSO\n.BR bulla (1)\n", f);
}
