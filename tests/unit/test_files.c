/* Large files: read ahead, written in whole blocks. */
#include "unit.h"
#include "home.h"
#include "kit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "stream/ahead.h"
#include "stream/input.h"
#include "stream/sink.h"
#include "stream/source.h"

/* Reading ahead begins after the first AHEAD bytes, in blocks of that length. */
enum { BLOCK = 1 << 18, AHEAD = 4 * BLOCK, LARGE = 4 * AHEAD + 7 };

static const unsigned thread_counts[] = {0, 1, 3};
enum { N_COUNTS = sizeof thread_counts / sizeof *thread_counts };

static const char *large_file(void *home)
{
    const char *path = home_file(home, "large");
    home_write(path, kit_data(LARGE));
    return path;
}

/* All of it in steps of many lengths, by views and by copies. */
static void check_whole(struct source *s, struct slice data)
{
    struct slice view;
    uint8_t *copy = malloc(2 * BLOCK);
    size_t at = 0, n = 0;
    assert_non_null(copy);
    for (size_t step = 1;; step = step * 3 % 500009) {
        if (step % 2 == 0) {
            OK(source_read(s, copy, step, &n));
            SAME(slice_of(copy, n), slice_of(data.data + at, n));
            assert_true(n == step || at + n == data.len);
        } else {
            OK(source_fill(s, 1, &view));
            n = step < view.len ? step : view.len;
            SAME(slice_of(view.data, n), slice_of(data.data + at, n));
            source_consume(s, n);
        }
        at += n;
        assert_int_equal(s->offset, at);
        if (n == 0)
            break;
    }
    assert_int_equal(at, data.len);
    OK(source_fill(s, 1, &view));
    assert_int_equal(view.len, 0);
    free(copy);
}

static void they_come_whole(void **state)
{
    const char *path = large_file(*state);
    for (size_t i = 0; i < N_COUNTS; i++) {
        AUTO(pool_free) struct pool *pool = NULL;
        struct source *s = NULL;
        OK(pool_new(thread_counts[i], &pool));
        OK(input_from_file(path, &s));
        input_read_ahead(s, pool);
        check_whole(s, kit_data(LARGE));
        source_close(s);
    }
}

/* Everything goes straight to where it is wanted, but for what has been looked at. */
static void they_come_in_large_pieces(void **state)
{
    struct slice data = kit_data(LARGE), view;
    struct source *s = NULL;
    uint8_t *copy = malloc(LARGE + 1);
    size_t n;
    assert_non_null(copy);
    OK(input_from_file(large_file(*state), &s));
    OK(source_fill(s, 100, &view));
    OK(source_read(s, copy, 4 * BLOCK, &n));
    assert_int_equal(n, 4 * BLOCK);
    OK(source_read(s, copy + n, LARGE + 1 - n, &n));
    SAME(slice_of(copy, 4 * BLOCK + n), data);
    OK(source_read(s, copy, LARGE, &n));
    assert_int_equal(n, 0);
    source_close(s);
    free(copy);
}

/* Progress shows bytes that pass and keeps none. */
static void progress_only_looks_on(void **state)
{
    const char *path = large_file(*state);
    struct slice data = kit_data(LARGE), view;
    uint8_t *copy = malloc(LARGE + 1);
    struct source *s = NULL, *file = NULL;
    size_t n;
    assert_non_null(copy);
    OK(input_from_file(path, &file));
    OK(progress_new(file, "test", LARGE, &s));
    check_whole(s, data);
    source_close(s);
    OK(input_from_file(path, &file));
    OK(progress_new(file, "test", LARGE, &s));
    OK(source_read_straight(s, copy, 1, &n));
    assert_int_equal(n, 0); /* too short a piece */
    OK(source_read_straight(s, copy, LARGE - 1, &n));
    assert_int_equal(n, LARGE - 1);
    assert_int_equal(file->offset, LARGE - 1);
    OK(source_fill(s, 1, &view));
    assert_int_equal(view.len, 1);
    source_consume(s, 1);
    OK(source_read(s, copy + n, 2, &n));
    assert_int_equal(n, 0);
    SAME(slice_of(copy, LARGE - 1), slice_of(data.data, LARGE - 1));
    source_close(s);
    free(copy);
}

static void what_is_read_ahead_comes_first(void **state)
{
    struct slice data = kit_data(LARGE), view;
    AUTO(pool_free) struct pool *pool = NULL;
    struct source *s = NULL;
    uint8_t *copy = malloc(2 * BLOCK);
    size_t n;
    assert_non_null(copy);
    OK(pool_new(1, &pool));
    OK(input_from_file(large_file(*state), &s));
    input_read_ahead(s, pool);
    while (s->offset < 2 * AHEAD) {
        OK(source_fill(s, 1, &view));
        source_consume(s, view.len);
    }
    usleep(50000); /* by now the pool has read */
    OK(source_read(s, copy, 2 * BLOCK, &n));
    SAME(slice_of(copy, n), slice_of(data.data + 2 * AHEAD, 2 * BLOCK));
    source_close(s);
    free(copy);
}

static void what_was_looked_at_comes_first(void **state)
{
    struct source *s = NULL;
    struct slice view;
    uint8_t *copy = malloc(BLOCK);
    int ends[2];
    size_t n;
    (void)state;
    assert_non_null(copy);
    assert_int_equal(pipe(ends), 0);
    OK(input_from_fd(ends[0], true, "pipe", &s));
    for (size_t seen = 0; seen < 6; seen += 3) {
        assert_int_equal(write(ends[1], &"abcdef"[seen], 3), 3);
        OK(source_fill(s, seen + 3, &view));
    }
    assert_int_equal(write(ends[1], "ghi", 3), 3);
    close(ends[1]);
    OK(source_read(s, copy, BLOCK, &n));
    SAME(slice_of(copy, n), SLICE_TEXT("abcdefghi"));
    source_close(s);
    free(copy);
}

static void one_may_stop_early(void **state)
{
    const char *path = large_file(*state);
    AUTO(pool_free) struct pool *pool = NULL;
    OK(pool_new(1, &pool));
    for (size_t i = 0; i < 20; i++) {
        struct source *s = NULL;
        struct slice view;
        OK(input_from_file(path, &s));
        input_read_ahead(s, pool);
        for (size_t k = 0; k < i; k++) {
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
    AUTO(pool_free) struct pool *pool = NULL;
    struct source *s = NULL;
    struct slice view;
    OK(pool_new(1, &pool));
    OK(input_from_file(path, &s));
    input_read_ahead(s, pool);
    do {
        OK(source_fill(s, 1, &view));
        source_consume(s, view.len);
        if (s->offset == 2 * AHEAD)
            assert_int_equal(truncate(path, BLOCK), 0);
    } while (view.len > 0);
    assert_true(s->offset >= 2 * AHEAD && s->offset <= 3 * AHEAD); /* one block was there already */
    source_close(s);
}

/* Writes into a pipe in pieces, now faster and now slower than they are read. */
struct writing {
    int fd;
    struct slice data;
};

static void *write_pieces(void *arg)
{
    struct writing *w = arg;
    for (size_t at = 0, n = 1; at < w->data.len; n = n * 7 % 300007) {
        size_t left = w->data.len - at;
        ssize_t done = write(w->fd, w->data.data + at, n < left ? n : left);
        if (done <= 0)
            break;
        at += (size_t)done;
        if (n % 5 == 0)
            usleep(2000);
    }
    close(w->fd);
    return NULL;
}

static void pipes_come_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_COUNTS; i++) {
        AUTO(pool_free) struct pool *pool = NULL;
        struct source *s = NULL;
        struct writing w = {.data = kit_data(LARGE)};
        pthread_t writer;
        int ends[2];
        OK(pool_new(thread_counts[i], &pool));
        assert_int_equal(pipe(ends), 0);
        w.fd = ends[1];
        assert_int_equal(pthread_create(&writer, NULL, write_pieces, &w), 0);
        OK(input_from_fd(ends[0], true, "pipe", &s));
        input_read_ahead(s, pool);
        check_whole(s, w.data);
        source_close(s);
        pthread_join(writer, NULL);
    }
}

/* Nobody waits for what does not come. */
static void a_silent_pipe_can_be_closed(void **state)
{
    CLEANUP(window_clear) struct window w = {0};
    AUTO(pool_free) struct pool *pool = NULL;
    struct ahead *a = NULL;
    int ends[2];
    (void)state;
    OK(pool_new(1, &pool));
    OK(window_init(&w, 4096));
    assert_int_equal(pipe(ends), 0);
    OK(ahead_new(ends[0], 4096, pool, &a));
    assert_non_null(a);
    assert_int_equal(write(ends[1], "abc", 3), 3);
    assert_int_equal(ahead_next(a, &w), 0);
    SAME(window_view(&w), SLICE_TEXT("abc"));
    ahead_free(a); /* its job has found nothing */
    close(ends[0]);
    close(ends[1]);
}

static bool is_read_ahead(int fd, unsigned threads)
{
    AUTO(pool_free) struct pool *pool = NULL;
    struct ahead *a = NULL;
    OK(pool_new(threads, &pool));
    OK(ahead_new(fd, 4096, pool, &a));
    bool is = a != NULL;
    ahead_free(a);
    return is;
}

static void not_everything_is_read_ahead(void **state)
{
    int ends[2], file = open(large_file(*state), O_RDONLY);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_true(is_read_ahead(file, 1));
    assert_false(is_read_ahead(file, 0));
    assert_false(is_read_ahead(ends[0], 1));
    close(file);
    close(ends[0]);
    close(ends[1]);
}

/* Errors of the disk are the user's to see. */
static void failures_are_told(void **state)
{
    CLEANUP(window_clear) struct window w = {0};
    AUTO(pool_free) struct pool *pool = NULL;
    struct ahead *a = NULL;
    const char *path = large_file(*state);
    int fd = open(path, O_WRONLY);
    OK(pool_new(1, &pool));
    OK(window_init(&w, 4096));
    OK(ahead_new(fd, 4096, pool, &a));
    assert_int_equal(ahead_next(a, &w), EBADF);
    ahead_free(a);
    close(fd);
}

static void failures_of_the_pool_are_told(void **state)
{
    CLEANUP(window_clear) struct window w = {0};
    AUTO(pool_free) struct pool *pool = NULL;
    struct ahead *a = NULL;
    const char *path = large_file(*state);
    int fd = open(path, O_RDONLY), unreadable = open(path, O_WRONLY), failure = 0;
    OK(pool_new(1, &pool));
    OK(window_init(&w, 4096));
    OK(ahead_new(fd, 4096, pool, &a));
    assert_int_equal(ahead_next(a, &w), 0);
    assert_int_equal(dup2(unreadable, fd), fd);
    for (int i = 0; i < 2 && failure == 0; i++) { /* one block was there already */
        window_drop(&w, window_len(&w));
        failure = ahead_next(a, &w);
        assert_true(failure != 0 || window_len(&w) > 0);
    }
    assert_int_equal(failure, EBADF);
    ahead_free(a);
    close(fd);
    close(unreadable);
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

/* What can be read from fd now. */
static size_t waiting_at(int fd)
{
    int n = 0;
    assert_int_equal(ioctl(fd, FIONREAD, &n), 0);
    return (size_t)n;
}

static void pipes_get_whole_blocks(void **state)
{
    struct sink *k = NULL;
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    OK(sink_to_fd(ends[1], "pipe", &k));
    assert_true(k->immediate);
    OK(sink_write(k, kit_data(BLOCK - 1)));
    assert_int_equal(waiting_at(ends[0]), 0);
    OK(sink_write(k, SLICE_TEXT("abc")));
    assert_int_equal(waiting_at(ends[0]), BLOCK);
    OK(sink_commit(k));
    assert_int_equal(waiting_at(ends[0]), BLOCK + 2);
    sink_close(k);
    close(ends[0]);
    close(ends[1]);
}

/* Whether it is the standard output or has been named. */
static void terminals_get_all_at_once(void **state)
{
    const struct fs_output_options options = {0};
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    (void)state;
    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    int fd = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    for (size_t n = 0; n < 2; n++) {
        struct sink *k = NULL;
        OK(n == 0 ? sink_to_fd(fd, "terminal", &k) : sink_to_file(ptsname(terminal), &options, &k));
        OK(sink_write(k, SLICE_TEXT("abc")));
        struct pollfd shown = {.fd = terminal, .events = POLLIN};
        char seen[8];
        assert_int_equal(poll(&shown, 1, 10000), 1);
        assert_int_equal(read(terminal, seen, sizeof seen), 3);
        sink_close(k);
    }
    close(fd);
    close(terminal);
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
        IN_HOME(they_come_in_large_pieces),
        IN_HOME(progress_only_looks_on),
        IN_HOME(what_is_read_ahead_comes_first),
        cmocka_unit_test(what_was_looked_at_comes_first),
        IN_HOME(one_may_stop_early),
        IN_HOME(they_may_end_early),
        cmocka_unit_test(pipes_come_whole),
        cmocka_unit_test(a_silent_pipe_can_be_closed),
        IN_HOME(not_everything_is_read_ahead),
        IN_HOME(failures_are_told),
        IN_HOME(failures_of_the_pool_are_told),
        IN_HOME(pieces_are_gathered),
        cmocka_unit_test(pipes_get_whole_blocks),
        cmocka_unit_test(terminals_get_all_at_once),
        IN_HOME(without_a_commit_nothing_is_left),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
