/* walk - runs a command again and again, with a fault at each of its writing calls.
 *
 *     walk [-n POINTS] [-m MODE]... FOLDER COMMAND...
 *
 * FOLDER holds a keyring, "home", and what files the command needs; the command runs in a
 * copy of it, with killer.so (beside this program) and BULLA_HOME=home.  MODE is a way to
 * fail of killer.c: kill, torn, full or io; without -m all of them.  With -n only so many
 * points of each mode are tried, evenly spread.
 *
 * The state of a copy is every certificate with its local signatures, every secret key and
 * every trust setting.
 * It must be what it was before the command or what it is after it, byte by byte: after it
 * where the command has said so or ended well, before it where it failed with an error; and
 * once it is after it, also at every later point.  The next command must find nothing in
 * its way, the keyring must be sound, and no file may lie about that neither state has.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/digest.h"
#include "crypto/pk.h"
#include "keyring/settings.h"

enum { MODES = 4, EXIT_IO = 1, EXIT_OUTPUT = 116, AGAIN_EVERY = 4 };

static const char *const mode_names[MODES] = {"kill", "torn", "full", "io"};

struct state {
    uint8_t keyring[DIGEST_MAX];
    struct buf files; /* the names of those that are no database, a line each */
};

struct walk {
    const char *folder, *program;
    char *const *command; /* what the program is told, with NULL at the end */
    char killer[PATH_MAX], copy[PATH_MAX];
    long points; /* of each mode; 0: all */
    bool modes[MODES];
    struct state before, after;
    long calls; /* of the command when nothing fails */
    unsigned killed, failed, unharmed, problems;
};

/* One run that is to go wrong. */
struct attempt {
    int mode;
    long at;
    int status; /* of waitpid */
    bool told;  /* it has printed something but warnings */
};

static void must(err *e)
{
    char text[512];
    if (e == NULL)
        return;
    fprintf(stderr, "walk: %s\n", err_text(e, text, sizeof text));
    exit(2);
}

static void must_do(bool done, const char *what)
{
    if (!done)
        must(err_system(ERR_FAILED, "%s", what));
}

/* Folders. */

static void each_entry(const char *folder,
                       void (*visit)(const char *from, const char *name, void *), void *context)
{
    DIR *d = opendir(folder);
    must_do(d != NULL, folder);
    for (struct dirent *entry = readdir(d); entry != NULL; entry = readdir(d)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(folder, entry->d_name, context);
    }
    closedir(d);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void remove_entry(const char *folder, const char *name, void *context)
{
    AUTO(free) char *path = NULL;
    must(fs_join(folder, name, &path));
    if (is_folder(path))
        each_entry(path, remove_entry, context);
    must_do(remove(path) == 0, path);
}

static void copy_file(const char *from, const char *to)
{
    CLEANUP(buf_clear) struct buf content = BUF_EMPTY(SIZE_MAX);
    must(fs_read_file(from, &content));
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must_do(fd >= 0, to);
    must(fs_write_all(fd, buf_view(&content)));
    close(fd);
}

static void copy_entry(const char *folder, const char *name, void *context)
{
    AUTO(free) char *from = NULL, *to = NULL;
    must(fs_join(folder, name, &from));
    must(fs_join(context, name, &to));
    if (!is_folder(from)) {
        copy_file(from, to);
        return;
    }
    must_do(mkdir(to, 0700) == 0, to);
    each_entry(from, copy_entry, to);
}

static void copy_anew(struct walk *w)
{
    each_entry(w->copy, remove_entry, NULL);
    each_entry(w->folder, copy_entry, w->copy);
}

/* Those that walk makes itself, and what any command may remember of signatures. */
static bool is_ours(const char *name)
{
    static const char *const names[] = {"said", "count", "verified"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return strncmp(name, "keyring.db", 10) == 0;
}

static void add_name(const char *folder, const char *name, void *context)
{
    AUTO(free) char *path = NULL;
    must(fs_join(folder, name, &path));
    if (is_folder(path))
        each_entry(path, add_name, context);
    else if (!is_ours(name))
        buf_printf(context, "%s\n", path);
}

/* States. */

static err *add_cert(void *context, const struct cert *c)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(SIZE_MAX);
    cert_write(c, CERT_SECRET | CERT_LOCAL, &bytes);
    TRY(buf_end(&bytes));
    digest_update(context, buf_view(&bytes));
    return NULL;
}

static err *add_trust(void *context, const struct trust_setting *t)
{
    const uint8_t numbers[] = {(uint8_t)t->kind, (uint8_t)t->amount};
    digest_update(context, fingerprint_view(&t->fpr));
    digest_update(context, SLICE_OF(numbers));
    return NULL;
}

/* Certificates first, all without secret parts; then the keys; then trust. */
static err *add_keyring(const char *home, struct digest *d)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    TRY(keyring_open(home, KEYRING_READ, &k));
    TRY(keyring_each(k, false, add_cert, d));
    digest_update(d, SLICE_TEXT("secret"));
    TRY(keyring_each(k, true, add_cert, d));
    digest_update(d, SLICE_TEXT("trust"));
    return keyring_trust_each(k, add_trust, d);
}

static err *read_state(const struct walk *w, struct state *s)
{
    AUTO(free) char *home = NULL;
    struct digest *d = NULL;
    TRY(fs_join(w->copy, "home", &home));
    TRY(digest_new(HASH_SHA256, &d));
    err *e = add_keyring(home, d);
    digest_final(d, s->keyring);
    digest_free(d);
    s->files = BUF_EMPTY(SIZE_MAX);
    each_entry(w->copy, add_name, &s->files);
    return e;
}

static void state_clear(struct state *s)
{
    buf_clear(&s->files);
}

static bool same_keyring(const struct state *a, const struct state *b)
{
    return memcmp(a->keyring, b->keyring, 32) == 0;
}

static bool has_line(const struct buf *lines, const char *line, size_t len)
{
    return memmem(lines->data, lines->len, line, len) != NULL;
}

/* The first file of s that neither a nor b has; NULL if there is none. */
static const char *stray_file(const struct state *s, const struct state *a, const struct state *b)
{
    static char name[PATH_MAX];
    for (size_t at = 0; at < s->files.len;) {
        const char *line = (const char *)s->files.data + at;
        size_t len = (size_t)((const char *)memchr(line, '\n', s->files.len - at) - line) + 1;
        if (!has_line(&a->files, line, len) && !has_line(&b->files, line, len)) {
            snprintf(name, sizeof name, "%.*s", (int)len - 1, line);
            return name;
        }
        at += len;
    }
    return NULL;
}

/* Running. */

static void set_number(const char *name, long value)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", value);
    setenv(name, text, 1);
}

/* In the child: mode NULL is a run without the library. */
static void run_child(const struct walk *w, char *const *words, const char *mode, long at)
{
    int said = -1;
    if (chdir(w->copy) != 0 || (said = open("said", O_RDWR | O_CREAT | O_TRUNC, 0600)) < 0)
        _exit(125);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    close(said);
    if (mode != NULL) {
        setenv("LD_PRELOAD", w->killer, 1);
        setenv("FAULT_MODE", mode, 1);
        setenv("FAULT_COUNT", "count", 1);
        setenv("FAULT_NOW", "1795440493", 1); /* 2026-11-23 */
        set_number("FAULT_AT", at);
    }
    execv(w->program, words);
    _exit(127);
}

static int run(const struct walk *w, char *const *words, const char *mode, long at)
{
    int status = 0;
    pid_t child = fork();
    must_do(child >= 0, "fork");
    if (child == 0)
        run_child(w, words, mode, at);
    must_do(waitpid(child, &status, 0) == child, "waitpid");
    return status;
}

static void read_said(const struct walk *w, const char *name, struct buf *out)
{
    AUTO(free) char *path = NULL;
    must(fs_join(w->copy, name, &path));
    must(fs_read_file(path, out));
}

static long count_calls(const struct walk *w)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(64);
    read_said(w, "count", &text);
    buf_u8(&text, 0);
    return strtol((const char *)text.data, NULL, 10);
}

/* Problems. */

__attribute__((format(printf, 3, 4))) static void problem(struct walk *w, const struct attempt *a,
                                                          const char *format, ...)
{
    CLEANUP(buf_clear) struct buf said = BUF_EMPTY(SIZE_MAX);
    va_list args;
    w->problems++;
    printf("# %s at call %ld of %ld: ", mode_names[a->mode], a->at, w->calls);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    read_said(w, "said", &said);
    printf("\n#     said: %.*s\n", (int)said.len, (const char *)said.data);
}

static bool ended(const struct attempt *a, int code)
{
    return WIFEXITED(a->status) && WEXITSTATUS(a->status) == code;
}

/* It fails with an error of writing, or of the disk; or it was not in its way. */
static void check_ending(struct walk *w, const struct attempt *a)
{
    bool killed = WIFSIGNALED(a->status) && WTERMSIG(a->status) == SIGKILL;
    bool kills = a->mode < 2;
    w->killed += killed;
    w->unharmed += ended(a, 0);
    w->failed += !killed && !ended(a, 0);
    if (kills && !killed)
        problem(w, a, "it was to be killed (status %x)", a->status);
    if (!kills && !ended(a, 0) && !ended(a, EXIT_OUTPUT) &&
        !(ended(a, EXIT_IO) && strcmp(mode_names[a->mode], "io") == 0))
        problem(w, a, "it ended in another way (status %x)", a->status);
}

/* Returns whether the state is that after the command. */
static bool check_state(struct walk *w, const struct attempt *a)
{
    CLEANUP(state_clear) struct state s = {0};
    char text[512];
    AUTO(err_free) err *e = read_state(w, &s);
    bool done = same_keyring(&s, &w->after);
    if (e != NULL)
        problem(w, a, "the keyring cannot be read: %s", err_text(e, text, sizeof text));
    else if (!done && !same_keyring(&s, &w->before))
        problem(w, a, "half done");
    else if (done && !ended(a, 0) && WIFEXITED(a->status) && !same_keyring(&s, &w->before))
        problem(w, a, "it failed, and is done");
    else if (!done && (ended(a, 0) || (WIFSIGNALED(a->status) && a->told)))
        problem(w, a, "it was told, and is not done");
    const char *stray = stray_file(&s, &w->before,
                                   WIFSIGNALED(a->status) || done ? &w->after : &w->before);
    if (stray != NULL)
        problem(w, a, "a file is left: %s", stray);
    return done;
}

static bool is_sound(const struct walk *w)
{
    static char *const check[] = {"bulla", "keyring", "check", "--quiet", NULL};
    int status = run(w, check, NULL, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The keyring is sound, and (sometimes: it takes its time) the command can be given
 * again, and finds no lock. */
static void check_next(struct walk *w, const struct attempt *a, bool done, bool again)
{
    if (!is_sound(w))
        problem(w, a, "keyring check is not content");
    int status = again ? run(w, w->command, NULL, 0) : 0;
    if (status != 0 && !done)
        problem(w, a, "the next time it fails (status %x)", status);
}

/* A warning may come before anything is done. */
static bool tells(struct slice said)
{
    static const char warning[] = "Warning: ";
    while (said.len > 0) {
        const uint8_t *end = memchr(said.data, '\n', said.len);
        size_t line = end != NULL ? (size_t)(end - said.data) + 1 : said.len;
        if (line < strlen(warning) || memcmp(said.data, warning, strlen(warning)) != 0)
            return true;
        said = slice_of(said.data + line, said.len - line);
    }
    return false;
}

static bool attempt(struct walk *w, struct attempt *a, bool again)
{
    CLEANUP(buf_clear) struct buf said = BUF_EMPTY(SIZE_MAX);
    copy_anew(w);
    a->status = run(w, w->command, mode_names[a->mode], a->at);
    read_said(w, "said", &said);
    a->told = tells(buf_view(&said));
    check_ending(w, a);
    bool done = check_state(w, a);
    check_next(w, a, done, again);
    return done;
}

/* The points of one mode lie between those of the next. */
static void walk_mode(struct walk *w, int mode)
{
    long points = w->points == 0 || w->points > w->calls ? w->calls : w->points;
    bool done_before = false;
    for (long i = 0; i < points; i++) {
        struct attempt a = {.mode = mode, .at = 1 + (2 * i + mode % 2) * w->calls / (2 * points)};
        bool done = attempt(w, &a, i % AGAIN_EVERY == 0);
        if (mode < 2 && done_before && !done)
            problem(w, &a, "it was done at an earlier call");
        done_before = done;
    }
}

/* The command without faults, for the states before and after it. */
static void begin(struct walk *w)
{
    CLEANUP(buf_clear) struct buf said = BUF_EMPTY(SIZE_MAX);
    copy_anew(w);
    must(read_state(w, &w->before));
    state_clear(&w->before);
    int status = run(w, w->command, "count", 0);
    read_said(w, "said", &said);
    if (status != 0) {
        printf("# it fails by itself (status %x): %.*s\n", status, (int)said.len,
               (const char *)said.data);
        exit(1);
    }
    w->calls = count_calls(w);
    must(read_state(w, &w->after));
    copy_anew(w);
    must(read_state(w, &w->before));
    if (!is_sound(w))
        problem(w, &(struct attempt){0}, "keyring check is not content before anything is done");
}

static void find_tools(struct walk *w, const char *self)
{
    char here[PATH_MAX];
    must_do(realpath(self, here) != NULL, self);
    *strrchr(here, '/') = '\0';
    snprintf(w->killer, sizeof w->killer, "%.4000s/killer.so", here);
    snprintf(w->copy, sizeof w->copy, "%s/walk.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    must_do(mkdtemp(w->copy) != NULL, w->copy);
}

static int usage(void)
{
    fprintf(stderr, "walk [-n POINTS] [-m MODE]... FOLDER COMMAND...\n");
    return 2;
}

static bool choose_mode(struct walk *w, const char *name)
{
    for (int i = 0; i < MODES; i++) {
        if (strcmp(name, mode_names[i]) == 0)
            return w->modes[i] = true;
    }
    return false;
}

static bool read_options(struct walk *w, int argc, char **argv)
{
    bool all = true;
    for (int c = getopt(argc, argv, "+n:m:"); c != -1; c = getopt(argc, argv, "+n:m:")) {
        if (c == 'n')
            w->points = strtol(optarg, NULL, 10);
        else if (c != 'm' || !choose_mode(w, optarg))
            return false;
        all = all && c != 'm';
    }
    for (int i = 0; all && i < MODES; i++)
        w->modes[i] = true;
    return argc - optind >= 2;
}

int main(int argc, char **argv)
{
    struct walk w = {0};
    if (!read_options(&w, argc, argv))
        return usage();
    char folder[PATH_MAX], program[PATH_MAX];
    must_do(realpath(argv[optind], folder) != NULL, argv[optind]);
    must_do(realpath(argv[optind + 1], program) != NULL, argv[optind + 1]);
    w.folder = folder;
    w.program = program;
    w.command = argv + optind + 1;
    pk_init();
    setenv("BULLA_HOME", "home", 1);
    find_tools(&w, argv[0]);
    begin(&w);
    for (int i = 0; i < MODES; i++) {
        if (w.modes[i])
            walk_mode(&w, i);
    }
    each_entry(w.copy, remove_entry, NULL);
    rmdir(w.copy);
    printf("# %ld calls; %u runs killed, %u failed, %u unharmed\n", w.calls, w.killed, w.failed,
           w.unharmed);
    state_clear(&w.before);
    state_clear(&w.after);
    return w.problems > 0;
}
