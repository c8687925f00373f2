/* program.h - a command line from its first word to its exit code.
 *
 * Errors are printed here and nowhere else.  What concerns the process (signals, core
 * dumps, closed standard streams) is main's, so that a command line may be run many
 * times in one process.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

/* argv[0] is the program's name, which chooses the interface.  Returns the exit code. */
int program_run(int argc, const char *const *argv);

#endif
