/* usage.h - help texts and man pages from the command tables. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include <stdio.h>

#include "cli/command.h"

/* The overview of all commands, or of those of one noun. */
void usage_overview(FILE *f, const char *noun);

/* The help of one command. */
void usage_command(FILE *f, const struct command *c);

/* Man pages: of the program (c NULL) or of one command. */
void usage_man(FILE *f, const struct command *c);

#endif
