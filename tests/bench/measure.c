/* measure - what a command costs: CPU time, time and memory.
 *
 *     measure [-n TIMES] [-c DIRECTORY] COMMAND...
 *
 * Prints "CPU WALL PEAK": milliseconds of the processor (user and system, of the command and
 * what it waited for), milliseconds that went by, and KiB of memory at most.  Of several
 * runs the least of each time counts, since others only ever slow them down.  What the
 * command prints goes nowhere; if it fails, so does measure.  With -c the files of the
 * directory are not in memory when the command starts.
 */
#include <dirent.h>
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

/* What has been written can be dropped from memory once it is on the disk. */
static void drop_file(int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

static void drop_files(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
        if (e->d_type == DT_REG)
            drop_file(dirfd(d), e->d_name);
    }
    if (d != NULL)
        closedir(d);
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
    const char *cold = NULL;
    for (int option; (option = getopt(argc, argv, "+n:c:")) != -1;) {
        if (option == 'c')
            cold = optarg;
        else
            times = option == 'n' ? strtol(optarg, NULL, 10) : 0;
    }
    if (times < 1 || optind == argc) {
        fprintf(stderr, "measure [-n TIMES] [-c DIRECTORY] COMMAND...\n");
        return 2;
    }
    for (; times > 0; times--) {
        if (cold != NULL)
            drop_files(cold);
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
