/* unit.h - what every unit test needs: cmocka, error assertions, vectors. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/world.h"

/* The call succeeds; otherwise its error is shown. */
#define OK(call) unit_ok((call), #call, __FILE__, __LINE__)

/* The call fails with this kind; the error is freed. */
#define FAILS(kind, call) unit_fails((kind), (call), #call, __FILE__, __LINE__)

void unit_ok(err *e, const char *call, const char *file, int line);
void unit_fails(enum err_kind kind, err *e, const char *call, const char *file, int line);

/* An empty buffer that lives until the program ends. */
struct buf *unit_keep(void);

/* Bytes from hexadecimal digits (blanks and line ends between them are
 * skipped).  Lives until the program ends. */
struct slice unit_hex(const char *digits);

/* Both, one after the other; s with the bit turned over (bit 0 is the lowest of
 * the first byte).  They live until the program ends. */
struct slice unit_joined(struct slice a, struct slice b);
struct slice unit_flipped(struct slice s, size_t bit);

/* A secret with these bytes; the caller frees. */
struct secret *unit_secret(struct slice bytes);

/* Equal bytes; shows both otherwise. */
#define SAME(a, b) unit_same((a), (b), __FILE__, __LINE__)
void unit_same(struct slice a, struct slice b, const char *file, int line);

/* A file of the collection named by $SPECDATA; skips the running test where the
 * collection is absent.  Lives until the program ends. */
struct slice unit_specdata(const char *path);

/* A file of tests/vectors. */
struct slice unit_vector(const char *path);

/* A world whose time is `at` and whose random bytes count up from `seed`. */
struct world unit_world(int64_t at, uint8_t seed);

#endif
