/* main: what concerns the process, before anything else happens. */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "cli/exit.h"
#include "cli/program.h"
#include "crypto/pk.h"

/* Secrets go neither into core files nor to other processes of the user. */
static void harden(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef SANITIZED /* the leak checker traces the process */
    prctl(PR_SET_DUMPABLE, 0);
#endif
    pk_init();
}

static void on_signal(int number)
{
    if (interrupt_flag != 0)
        _exit(128 + number);
    interrupt_flag = 1;
    alarm(1);
}

/* A signal that comes right before a call that waits does not cut it short: this one,
 * which comes again and again, does. */
static void on_alarm(int number)
{
    (void)number;
    alarm(1);
}

/* What nohup and the like have told to be ignored stays so. */
static void handle(int number, void (*handler)(int))
{
    struct sigaction before, action = {.sa_handler = handler};
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

/* A standard stream that is closed must not become the number of the next file that is
 * opened; what stands for it instead refuses to be used. */
static void claim_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
            _exit(exit_code_of(ERR_IO)->code);
    }
}

/* An interrupt ends long work in an orderly way, a second one at once; a reader that has
 * gone away and a file that may not grow are errors of writing, not the end of the
 * process. */
static void set_signals(void)
{
    handle(SIGINT, on_signal);
    handle(SIGTERM, on_signal);
    handle(SIGHUP, on_signal);
    handle(SIGALRM, on_alarm);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
}

int main(int argc, char **argv)
{
    claim_standard_streams();
    harden();
    set_signals();
    return program_run(argc, (const char *const *)argv);
}
