#include "cli/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/mem.h"

enum { LINE_MAX_BYTES = 4096 };

static int open_terminal(void)
{
    return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

bool prompt_is_possible(void)
{
    if (isatty(STDIN_FILENO) == 0 && isatty(STDERR_FILENO) == 0)
        return false;
    int fd = open_terminal();
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void show(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));
    (void)ignored; /* the terminal is gone: reading will fail, too */
}

void prompt_say(const char *text)
{
    int fd = open_terminal();
    if (fd < 0)
        return;
    show(fd, text);
    show(fd, "\n");
    close(fd);
}

/* Waits until there is something to read.  Signals reach the program only while it
 * waits: one that came between a look at interrupt_flag and a read() would leave that
 * read() waiting, or let it take what was typed behind the interrupt for the answer. */
static bool await_input(int fd)
{
    sigset_t all, before;
    struct pollfd typed = {.fd = fd, .events = POLLIN};
    int n;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    do {
        n = interrupt_flag ? -1 : ppoll(&typed, 1, NULL, &before);
    } while (n < 0 && errno == EINTR && !interrupt_flag);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return n > 0 && !interrupt_flag;
}

/* Reads up to the end of the line into line; *len is without it. */
static err *read_line(int fd, char *line, size_t size, size_t *len)
{
    *len = 0;
    for (;;) {
        char c;
        if (!await_input(fd) || read(fd, &c, 1) <= 0)
            return err_new(ERR_INTERRUPTED, "no answer");
        if (c == '\n' || c == '\r')
            return NULL;
        if (*len == size)
            return err_new(ERR_LIMIT, "more than %zu bytes in one line", size);
        line[(*len)++] = c;
    }
}

static err *ask(int fd, const char *question, char *line, size_t *len)
{
    show(fd, question);
    err *e = read_line(fd, line, LINE_MAX_BYTES, len);
    return e;
}

err *prompt_secret(const char *question, struct secret **out)
{
    AUTO(secret_free) struct secret *line = NULL;
    struct termios before, silent;
    size_t len;
    TRY(secret_new(LINE_MAX_BYTES, &line));
    int fd = open_terminal();
    if (fd < 0)
        return err_system(ERR_IO, "/dev/tty");
    bool restore = tcgetattr(fd, &before) == 0;
    if (restore) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &silent);
    }
    err *e = ask(fd, question, (char *)secret_data(line), &len);
    if (restore) {
        tcsetattr(fd, TCSAFLUSH, &before);
        show(fd, "\n");
    }
    close(fd);
    TRY(e);
    secret_truncate(line, len);
    *out = TAKE(line);
    return NULL;
}

err *prompt_yes(const char *question, bool *yes)
{
    char line[LINE_MAX_BYTES];
    size_t len;
    int fd = open_terminal();
    if (fd < 0)
        return err_system(ERR_IO, "/dev/tty");
    err *e = ask(fd, question, line, &len);
    close(fd);
    *yes = e == NULL && ((len == 1 && (line[0] == 'y' || line[0] == 'Y')) ||
                         (len == 3 && strncasecmp(line, "yes", 3) == 0));
    return e;
}
