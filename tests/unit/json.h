/* json.h - test cases as records of named values, judged and counted; and the
 * reader of Wycheproof's JSON files.
 *
 *     static enum outcome check_hkdf(struct record *r, int hash);
 *
 *     json_run("wycheproof/hkdf_sha256_test.json", check_hkdf, HASH_SHA256,
 *              (struct tally){.accepted = 83, .skipped = 3});
 *
 * The check says what our code did with a case.  The run compares that with what
 * the file says the code ought to do, names every case where they differ, and
 * holds the totals against those expected.
 */
#ifndef TESTS_JSON_H
#define TESTS_JSON_H

#include "unit.h"

enum { RECORD_FIELDS = 64, RECORD_NAME = 64 };

struct json_field {
    char name[RECORD_NAME];
    struct slice text; /* as in the file; a string without its quotes */
};

struct record {
    const struct record *outer; /* where names are looked up that are missing here */
    struct json_field fields[RECORD_FIELDS];
    size_t n;
    uint8_t *bytes; /* room for what record_hex decodes */
    size_t used, room;
};

/* Sets a field, replacing an earlier one of the same name. */
void record_set(struct record *r, struct slice name, struct slice text);

bool record_has(const struct record *r, const char *name);

/* The test fails where there is no such field. */
struct slice record_text(const struct record *r, const char *name);
bool record_is(const struct record *r, const char *name, const char *text);
unsigned record_number(const struct record *r, const char *name);

/* Decoded hexadecimal digits (never NULL), valid during the check.  The second
 * yields nothing where there is no such field. */
struct slice record_hex(struct record *r, const char *name);
struct slice record_optional(struct record *r, const char *name);

/* The kind of e, which is freed. */
enum err_kind drop(err *e);

enum outcome {
    ACCEPTED, /* our code took it, and computed what the file says */
    REJECTED, /* our code refused it */
    SKIPPED,  /* our code cannot be asked this */
    WRONG,    /* our code took it, but computed something else */
    OUTCOMES
};

/* The variant is what json_run was given. */
typedef enum outcome record_check(struct record *r, int variant);

struct tally {
    unsigned accepted, rejected, skipped;
};

struct run {
    const char *path;
    record_check *check;
    int variant;
    unsigned counts[OUTCOMES];
    unsigned surprises; /* cases where the outcome was not the right one */
};

/* Checks one case.  result: "valid", "invalid" or "acceptable", which means that
 * the check itself decides.  The name is for messages. */
void run_case(struct run *run, struct record *r, struct slice result, struct slice name);

/* The test fails unless every case was right and the totals are these. */
void run_end(const struct run *run, struct tally expected);

/* Every test of a Wycheproof file.  Its own fields are found first, then those
 * of its group; those of an object within are called "publicKey.curve".  Arrays
 * and objects further down are kept as text. */
void json_run(const char *path, record_check *check, int variant, struct tally expected);

#endif
