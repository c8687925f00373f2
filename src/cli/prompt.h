/* prompt.h - questions at the terminal, and only there. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "base/err.h"
#include "base/secret.h"

/* Is there somebody to ask?  There is if the program was started from a terminal
 * and standard input or error still is one. */
bool prompt_is_possible(void);

/* Reads a line without showing it.  ERR_INTERRUPTED. */
MUST_USE err *prompt_secret(const char *question, struct secret **out);

/* Asks for yes or no; anything but y or yes is no. */
MUST_USE err *prompt_yes(const char *question, bool *yes);

/* A line on the terminal. */
void prompt_say(const char *text);

#endif
