/* Large files: read ahead, written in whole blocks. */
#include "unit.h"
#include "home.h"
#include "kit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/ahead.h"
#include "stream/input.h"
#include "stream/sink.h"
#include "stream/source.h"

enum { LARGE = 3 * AHEAD_MIN + 7 };

static const char *large_file(void *home)
{
    const char *path = home_file(home, "large");
    home_write(path, kit_data(LARGE));
    return path;
}

static void they_come_whole(void **state)
{
    struct slice data = kit_data(LARGE), view;
    struct source *s = NULL;
    size_t at = 0;
    OK(input_from_file(large_file(*state), &s));
    for (size_t step = 1;; step = step * 3 % 300007) {
        OK(source_fill(s, 1, &view));
        if (view.len == 0)
            break;
        size_t n = step < view.len ? step : view.len;
        SAME(slice_of(view.data, n), slice_of(data.data + at, n));
        source_consume(s, n);
        at += n;
    }
    assert_int_equal(at, LARGE);
    OK(source_fill(s, 1, &view));
    assert_int_equal(view.len, 0);
    source_close(s);
}

static void one_may_stop_early(void **state)
{
    const char *path = large_file(*state);
    for (int i = 0; i < 20; i++) {
        struct source *s = NULL;
        struct slice view;
        OK(input_from_file(path, &s));
        if (i % 2 == 0) {
            OK(source_fill(s, 1, &view));
            source_consume(s, view.len);
        }
        source_close(s);
    }
}

/* It has become shorter since its length was asked for. */
static void they_may_end_early(void **state)
{
    const char *path = large_file(*state);
    struct source *s = NULL;
    struct slice view;
    size_t at = 0;
    OK(input_from_file(path, &s));
    assert_int_equal(truncate(path, AHEAD_MIN), 0);
    for (;;) {
        OK(source_fill(s, 1, &view));
        if (view.len == 0)
            break;
        at += view.len;
        source_consume(s, view.len);
    }
    assert_true(at >= AHEAD_MIN && at < LARGE);
    source_close(s);
}

/* Not those for which a thread is not worth it, nor what cannot be read twice. */
static void small_ones_are_not_read_ahead(void **state)
{
    int ends[2];
    struct ahead *a = NULL;
    home_write(home_file(*state, "small"), kit_data(AHEAD_MIN - 1));
    FILE *f = fopen(home_file(*state, "small"), "r");
    assert_non_null(f);
    OK(ahead_new(fileno(f), 4096, &a));
    assert_null(a);
    fclose(f);
    assert_int_equal(pipe(ends), 0);
    OK(ahead_new(ends[0], 4096, &a));
    assert_null(a);
    close(ends[0]);
    close(ends[1]);
}

/* Errors of the disk are the user's to see. */
static void failures_are_told(void **state)
{
    CLEANUP(window_clear) struct window w = {0};
    struct ahead *a = NULL;
    FILE *f = fopen(large_file(*state), "a"); /* cannot be read */
    assert_non_null(f);
    OK(window_init(&w, 4096));
    OK(ahead_new(fileno(f), 4096, &a));
    if (a != NULL) /* more than one processor */
        assert_int_equal(ahead_next(a, &w), EBADF);
    ahead_free(a);
    fclose(f);
}

static off_t length_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : -1;
}

static void pieces_are_gathered(void **state)
{
    const struct fs_output_options options = {.durable = true};
    const char *path = home_file(*state, "out");
    struct slice data = kit_data(LARGE), view;
    struct sink *k = NULL;
    struct source *s = NULL;
    size_t at = 0;
    OK(sink_to_file(path, &options, &k));
    for (size_t n = 1; at < LARGE; n = n * 5 % 600011) {
        size_t part = n < LARGE - at ? n : LARGE - at;
        OK(sink_write(k, slice_of(data.data + at, part)));
        at += part;
    }
    assert_int_equal(length_of(path), -1);
    OK(sink_commit(k));
    sink_close(k);
    assert_int_equal(length_of(path), LARGE);
    OK(input_from_file(path, &s));
    for (at = 0; at < LARGE; at += view.len) {
        OK(source_fill(s, 1, &view));
        assert_true(view.len > 0);
        SAME(view, slice_of(data.data + at, view.len));
        source_consume(s, view.len);
    }
    source_close(s);
}

static void without_a_commit_nothing_is_left(void **state)
{
    const struct fs_output_options options = {0};
    struct sink *k = NULL;
    OK(sink_to_file(home_file(*state, "out"), &options, &k));
    OK(sink_write(k, kit_data(LARGE)));
    OK(sink_write(k, SLICE_TEXT("and more")));
    sink_close(k);
    assert_int_equal(length_of(home_file(*state, "out")), -1);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(they_come_whole),
        IN_HOME(one_may_stop_early),
        IN_HOME(they_may_end_early),
        IN_HOME(small_ones_are_not_read_ahead),
        IN_HOME(failures_are_told),
        IN_HOME(pieces_are_gathered),
        IN_HOME(without_a_commit_nothing_is_left),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
