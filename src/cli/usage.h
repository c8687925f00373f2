/* usage.h - help texts and man pages from the command tables. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include <stdio.h>

#include "cli/command.h"

/* The overview of all commands, or of those of one noun. */
void usage_overview(FILE *f, const char *noun);

/* The help of one command. */
void usage_command(FILE *f, const struct command *c);

/* Man pages: of the program, of one command, of a noun that has an `about`. */
void usage_man(FILE *f);
void usage_man_command(FILE *f, const struct command *c);
void usage_man_noun(FILE *f, const struct noun *n);

#endif
