/* home.h - a folder for one test, gone afterwards. */
#ifndef TESTS_HOME_H
#define TESTS_HOME_H

#include <sys/types.h>

#include "unit.h"

/* cmocka setup and teardown: *state is the path of a new folder. */
int home_make(void **state);
int home_remove(void **state);

/* "folder/name"; lives until the program ends. */
const char *home_file(void *state, const char *name);

/* Permission bits of a file; 0 if it does not exist. */
mode_t home_mode(const char *path);

/* Writes a file anew. */
void home_write(const char *path, struct slice bytes);

#endif
