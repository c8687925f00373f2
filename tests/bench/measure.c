/* measure - what a command costs: CPU time, time and memory.
 *
 *     measure [-n TIMES] COMMAND...
 *
 * Prints "CPU WALL PEAK": milliseconds of the processor (user and system, of the command and
 * what it waited for), milliseconds that went by, and KiB of memory at most.  Of several
 * runs the least of each time counts, since others only ever slow them down.  What the
 * command prints goes nowhere; if it fails, so does measure.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct cost {
    double cpu, wall; /* ms */
    long peak;        /* KiB */
};

static double ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void run_child(char **command)
{
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    if (getenv("MEASURE_SHOW") == NULL)
        dup2(nowhere, STDERR_FILENO);
    execvp(command[0], command);
    _exit(127);
}

static int run(char **command, struct cost *c)
{
    struct rusage used;
    int status = -1;
    double start = now();
    pid_t child = fork();
    if (child == 0)
        run_child(command);
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return -1;
    *c = (struct cost){ms(used.ru_utime) + ms(used.ru_stime), now() - start, used.ru_maxrss};
    return status;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

int main(int argc, char **argv)
{
    struct cost best = {1e18, 1e18, 0}, c;
    long times = 1;
    for (int option = getopt(argc, argv, "+n:"); option != -1; option = getopt(argc, argv, "+n:"))
        times = option == 'n' ? strtol(optarg, NULL, 10) : 0;
    if (times < 1 || optind == argc) {
        fprintf(stderr, "measure [-n TIMES] COMMAND...\n");
        return 2;
    }
    for (; times > 0; times--) {
        int status = run(argv + optind, &c);
        if (status != 0) {
            fprintf(stderr, "measure: %s failed (status %x)\n", argv[optind], (unsigned)status);
            return 1;
        }
        best.cpu = least(best.cpu, c.cpu);
        best.wall = least(best.wall, c.wall);
        best.peak = c.peak > best.peak ? c.peak : best.peak;
    }
    printf("%.2f %.2f %ld\n", best.cpu, best.wall, best.peak);
    return 0;
}
