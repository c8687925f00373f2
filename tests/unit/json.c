#include "json.h"

#include <stdio.h>

/* Records */

static const struct json_field *find(const struct record *r, const char *name)
{
    for (; r != NULL; r = r->outer) {
        for (size_t i = 0; i < r->n; i++) {
            if (strcmp(r->fields[i].name, name) == 0)
                return &r->fields[i];
        }
    }
    return NULL;
}

void record_set(struct record *r, struct slice name, struct slice text)
{
    char key[RECORD_NAME];
    size_t i = 0;
    assert_true(name.len < sizeof key);
    snprintf(key, sizeof key, "%.*s", (int)name.len, (const char *)name.data);
    while (i < r->n && strcmp(r->fields[i].name, key) != 0)
        i++;
    assert_true(i < RECORD_FIELDS);
    memcpy(r->fields[i].name, key, sizeof key);
    r->fields[i].text = text;
    if (i == r->n)
        r->n++;
}

bool record_has(const struct record *r, const char *name)
{
    return find(r, name) != NULL;
}

struct slice record_text(const struct record *r, const char *name)
{
    const struct json_field *f = find(r, name);
    if (f == NULL)
        fail_msg("no field \"%s\"", name);
    return f->text;
}

bool record_is(const struct record *r, const char *name, const char *text)
{
    return slice_equal(record_text(r, name), slice_of_string(text));
}

unsigned record_number(const struct record *r, const char *name)
{
    struct slice text = record_text(r, name);
    unsigned value = 0;
    assert_true(text.len > 0 && text.len < 10);
    for (size_t i = 0; i < text.len; i++) {
        assert_true(text.data[i] >= '0' && text.data[i] <= '9');
        value = value * 10 + (unsigned)(text.data[i] - '0');
    }
    return value;
}

static unsigned digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)c - '0';
    c |= 0x20;
    assert_true(c >= 'a' && c <= 'f');
    return (unsigned)c - 'a' + 10;
}

struct slice record_hex(struct record *r, const char *name)
{
    struct slice text = record_text(r, name);
    uint8_t *out = r->bytes + r->used;
    size_t len = text.len / 2;
    assert_true(text.len % 2 == 0 && len <= r->room - r->used);
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(digit(text.data[2 * i]) << 4 | digit(text.data[2 * i + 1]));
    r->used += len;
    return slice_of(out, len);
}

struct slice record_optional(struct record *r, const char *name)
{
    return record_has(r, name) ? record_hex(r, name) : slice_of(r->bytes, 0);
}

/* Runs */

enum err_kind drop(err *e)
{
    enum err_kind kind = err_kind_of(e);
    err_free(e);
    return kind;
}

static bool is_right(struct slice result, enum outcome outcome)
{
    if (outcome == SKIPPED)
        return true;
    if (slice_equal(result, SLICE_TEXT("valid")))
        return outcome == ACCEPTED;
    if (slice_equal(result, SLICE_TEXT("invalid")))
        return outcome == REJECTED;
    assert_true(slice_equal(result, SLICE_TEXT("acceptable")));
    return outcome != WRONG;
}

void run_case(struct run *run, struct record *r, struct slice result, struct slice name)
{
    static const char *const outcomes[] = {"accepted", "rejected", "skipped", "wrong"};
    r->used = 0;
    enum outcome outcome = run->check(r, run->variant);
    run->counts[outcome]++;
    if (is_right(result, outcome))
        return;
    run->surprises++;
    print_error("%s: case %.*s is %.*s, but was %s\n", run->path, (int)name.len,
                (const char *)name.data, (int)result.len, (const char *)result.data,
                outcomes[outcome]);
}

void run_end(const struct run *run, struct tally expected)
{
    print_message("%s: %u accepted, %u rejected, %u skipped\n", run->path, run->counts[ACCEPTED],
                  run->counts[REJECTED], run->counts[SKIPPED]);
    /* A run that checks nothing proves nothing. */
    assert_true(expected.accepted + expected.rejected > 0);
    assert_int_equal(run->surprises, 0);
    assert_int_equal(run->counts[WRONG], 0);
    assert_int_equal(run->counts[ACCEPTED], expected.accepted);
    assert_int_equal(run->counts[REJECTED], expected.rejected);
    assert_int_equal(run->counts[SKIPPED], expected.skipped);
}

/* JSON */

struct json {
    const uint8_t *p, *end;
};

/* The next character behind white space, not consumed; 0 at the end. */
static char next(struct json *j)
{
    while (j->p < j->end && memchr(" \t\r\n", *j->p, 4) != NULL)
        j->p++;
    return j->p < j->end ? (char)*j->p : '\0';
}

static bool take(struct json *j, char c)
{
    bool there = next(j) == c;
    if (there)
        j->p++;
    return there;
}

static void expect(struct json *j, char c)
{
    if (!take(j, c))
        fail_msg("JSON: '%c' expected, %zu bytes from the end", c, (size_t)(j->end - j->p));
}

/* What stands between quotes; escapes are left alone. */
static struct slice string(struct json *j)
{
    expect(j, '"');
    const uint8_t *start = j->p;
    while (j->p < j->end && *j->p != '"')
        j->p += *j->p == '\\' && j->end - j->p > 1 ? 2 : 1;
    struct slice s = slice_of(start, (size_t)(j->p - start));
    expect(j, '"');
    return s;
}

/* A number, true, false or null. */
static struct slice word(struct json *j)
{
    const uint8_t *start = j->p;
    while (j->p < j->end && strchr(",]} \t\r\n", *j->p) == NULL)
        j->p++;
    assert_true(j->p > start);
    return slice_of(start, (size_t)(j->p - start));
}

static struct slice value(struct json *j, struct record *r, struct slice name);

/* The rest of a list behind its opening bracket. */
static void elements(struct json *j)
{
    if (take(j, ']'))
        return;
    do {
        value(j, NULL, SLICE_EMPTY);
    } while (take(j, ','));
    expect(j, ']');
}

/* The rest of an object behind its opening brace; its members go into r, unless
 * that is NULL, under their name or "name.theirs". */
static void members(struct json *j, struct record *r, struct slice name)
{
    if (take(j, '}'))
        return;
    do {
        char path[2 * RECORD_NAME];
        struct slice key = string(j);
        snprintf(path, sizeof path, "%.*s%s%.*s", (int)name.len, (const char *)name.data,
                 name.len > 0 ? "." : "", (int)key.len, (const char *)key.data);
        expect(j, ':');
        struct slice text = value(j, name.len == 0 ? r : NULL, key);
        if (r != NULL)
            record_set(r, slice_of_string(path), text);
    } while (take(j, ','));
    expect(j, '}');
}

/* Any value.  The members of an object called `name` go into r. */
static struct slice value(struct json *j, struct record *r, struct slice name)
{
    char c = next(j);
    const uint8_t *start = j->p;
    if (c == '"')
        return string(j);
    if (take(j, '{'))
        members(j, r, name);
    else if (take(j, '['))
        elements(j);
    else
        return word(j);
    return slice_of(start, (size_t)(j->p - start));
}

/* An object by itself. */
static void object(struct json *j, struct record *r)
{
    r->n = 0;
    expect(j, '{');
    members(j, r, SLICE_EMPTY);
}

/* The list of objects that is a field of r; opens it. */
static struct json list(const struct record *r, const char *name)
{
    struct slice text = record_text(r, name);
    struct json j = {text.data, text.data + text.len};
    expect(&j, '[');
    return j;
}

static unsigned run_group(struct run *run, struct record *test)
{
    struct json tests = list(test->outer, "tests");
    unsigned n = 0;
    do {
        object(&tests, test);
        run_case(run, test, record_text(test, "result"), record_text(test, "tcId"));
        n++;
    } while (take(&tests, ','));
    expect(&tests, ']');
    return n;
}

void json_run(const char *path, record_check *check, int variant, struct tally expected)
{
    struct slice text = unit_specdata(path);
    AUTO(free) uint8_t *bytes = malloc(text.len);
    struct run run = {.path = path, .check = check, .variant = variant};
    struct record file = {0}, group = {0};
    struct record test = {.outer = &group, .bytes = bytes, .room = text.len};
    struct json all = {text.data, text.data + text.len};
    unsigned n = 0;
    assert_non_null(bytes);
    object(&all, &file);
    assert_int_equal(next(&all), '\0');
    struct json groups = list(&file, "testGroups");
    do {
        object(&groups, &group);
        n += run_group(&run, &test);
    } while (take(&groups, ','));
    expect(&groups, ']');
    assert_int_equal(n, record_number(&file, "numberOfTests"));
    run_end(&run, expected);
}
