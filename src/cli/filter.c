#include "cli/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "cli/app.h"

extern char **environ;

enum {
    COMPLAINT_MAX = 200, /* bytes */
    NOT_FOUND = 127,     /* the child's exit code where only it has found that out [POSIX] */
};

/* The descriptors of a run; -1: none.  The input waits in a file, so that neither program
 * waits for the other. */
struct ends {
    int input, complaints;
    int output[2]; /* read, write */
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void ends_close(struct ends *x)
{
    close_end(&x->input);
    close_end(&x->complaints);
    close_end(&x->output[0]);
    close_end(&x->output[1]);
}

static err *ends_open(struct ends *x, struct slice in)
{
    TRY(fs_nameless(app_temporary_directory(), &x->input));
    TRY(fs_nameless(app_temporary_directory(), &x->complaints));
    if (pipe2(x->output, O_CLOEXEC) != 0)
        return err_system(ERR_IO, "pipe");
    TRY(fs_write_all(x->input, in));
    return lseek(x->input, 0, SEEK_SET) == 0 ? NULL : err_system(ERR_IO, "temporary file");
}

/* What this process ignores would else stay ignored. */
static int spawn(const char *const *argv, const posix_spawn_file_actions_t *actions, pid_t *child)
{
    posix_spawnattr_t attributes;
    sigset_t defaults;
    char *const *words = (char *const *)(uintptr_t)argv; /* is only read */
    int code = posix_spawnattr_init(&attributes);
    if (code != 0)
        return code;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    code = posix_spawnp(child, argv[0], actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    return code;
}

static err *not_installed(const char *name)
{
    return err_new(ERR_UNSUPPORTED, "%s: this program is not installed", name);
}

static err *start(const char *const *argv, const struct ends *x, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return err_no_memory();
    int failed = posix_spawn_file_actions_adddup2(&actions, x->input, STDIN_FILENO);
    failed |= posix_spawn_file_actions_adddup2(&actions, x->output[1], STDOUT_FILENO);
    failed |= posix_spawn_file_actions_adddup2(&actions, x->complaints, STDERR_FILENO);
    int code = failed != 0 ? ENOMEM : spawn(argv, &actions, child);
    posix_spawn_file_actions_destroy(&actions);
    if (code == ENOENT || code == EACCES)
        return not_installed(argv[0]);
    errno = code;
    return code == 0 ? NULL : err_system(ERR_FAILED, "%s", argv[0]);
}

/* The first line of what it has complained about. */
static void read_complaint(int fd, char text[static COMPLAINT_MAX])
{
    ssize_t n = pread(fd, text, COMPLAINT_MAX - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
}

static err *finish(const char *name, pid_t child, const struct ends *x)
{
    int status = 0;
    char complaint[COMPLAINT_MAX];
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return err_system(ERR_FAILED, "%s", name);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return NULL;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return not_installed(name);
    read_complaint(x->complaints, complaint);
    if (WIFSIGNALED(status))
        return err_new(ERR_FAILED, "%s: ended by signal %d", name, WTERMSIG(status));
    return err_new(ERR_FAILED, "%s: %s", name, complaint[0] != '\0' ? complaint : "it failed");
}

err *filter_run(const char *const *argv, struct slice in, struct buf *out)
{
    CLEANUP(ends_close) struct ends x = {-1, -1, {-1, -1}};
    pid_t child;
    TRY(ends_open(&x, in));
    TRY(start(argv, &x, &child));
    close_end(&x.output[1]);
    err *e = fs_read_fd(x.output[0], out);
    if (e != NULL) /* interrupted, or too much for us */
        kill(child, SIGTERM);
    err *failed = finish(argv[0], child, &x);
    if (e == NULL)
        return failed;
    err_free(failed);
    return e;
}
