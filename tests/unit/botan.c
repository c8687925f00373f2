#include "botan.h"

#include <stdio.h>

static const struct slice section = {(const uint8_t *)"section", 7};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trim(struct slice s)
{
    while (s.len > 0 && is_blank(s.data[0]))
        s = slice_from(s, 1);
    while (s.len > 0 && is_blank(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* Where c stands in s; s.len if nowhere. */
static size_t index_of(struct slice s, char c)
{
    const uint8_t *p = s.len == 0 ? NULL : memchr(s.data, c, s.len);
    return p == NULL ? s.len : (size_t)(p - s.data);
}

/* The next line, trimmed, which *rest is moved behind. */
static struct slice next_line(struct slice *rest)
{
    size_t len = index_of(*rest, '\n');
    struct slice line = slice_of(rest->data, len);
    *rest = slice_from(*rest, len + 1);
    return trim(line);
}

static void start_section(struct record *r, struct slice line)
{
    assert_true(line.data[line.len - 1] == ']');
    r->n = 0;
    record_set(r, section, slice_of(line.data + 1, line.len - 2));
}

/* Sets a field; true if it ends a case. */
static bool add_line(struct record *r, struct slice line, const char *last)
{
    size_t at = index_of(line, '=');
    assert_true(at < line.len);
    struct slice key = trim(slice_of(line.data, at));
    record_set(r, key, trim(slice_from(line, at + 1)));
    return slice_equal(key, slice_of_string(last));
}

static void end_case(struct run *run, struct record *r, unsigned number, bool keeps)
{
    char name[32];
    bool valid = !record_has(r, "Valid") || record_is(r, "Valid", "1");
    snprintf(name, sizeof name, "of line %u", number);
    run_case(run, r, valid ? SLICE_TEXT("valid") : SLICE_TEXT("invalid"), slice_of_string(name));
    if (!keeps)
        r->n = 1; /* the section */
}

void botan_run(struct botan_file file, record_check *check, int variant, struct tally expected)
{
    struct slice rest = unit_specdata(file.path);
    AUTO(free) uint8_t *bytes = malloc(rest.len);
    struct run run = {.path = file.path, .check = check, .variant = variant};
    struct record r = {.bytes = bytes, .room = rest.len};
    bool pending = false;
    assert_non_null(bytes);
    record_set(&r, section, SLICE_EMPTY);
    for (unsigned number = 1; rest.len > 0; number++) {
        struct slice line = next_line(&rest);
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (line.data[0] == '[') {
            assert_false(pending);
            start_section(&r, line);
            continue;
        }
        pending = !add_line(&r, line, file.last);
        if (!pending)
            end_case(&run, &r, number, file.keeps);
    }
    assert_false(pending); /* no case is cut off */
    run_end(&run, expected);
}
