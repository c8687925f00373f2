/* killer - makes the N-th writing call of a program its last one, or fail.
 *
 *     LD_PRELOAD=killer.so FAULT_MODE=kill FAULT_AT=17 bulla ...
 *
 * Counted are calls that change files: those that write, cut, sync, create, rename, link
 * and remove.  Standard streams, and what is written through a mapping, do not count.
 *
 *     count   nothing fails; their number goes to the file FAULT_COUNT
 *     kill    the process is killed right before the call
 *     torn    the same, but half of what the call was to write is written
 *     full    from this call on, what needs room fails: the disk is full
 *     io      this call fails as one does on a broken disk
 *
 * With FAULT_NOW the clock stands at that time, and random numbers depend on it alone, so
 * that what a command makes can be compared.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum mode { COUNT, KILL, TORN, FULL, IO };
enum room { NEEDS_ROOM, NEEDS_NONE };

static atomic_long calls;
static atomic_ulong random_state;
static enum mode mode;
static long fault_at;
static const char *now;

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {"count", "kill", "torn", "full", "io"};
    const char *wanted = getenv("FAULT_MODE"), *at = getenv("FAULT_AT");
    for (size_t i = 0; wanted != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], wanted) == 0)
            mode = (enum mode)i;
    }
    fault_at = at != NULL ? strtol(at, NULL, 10) : 0;
    now = getenv("FAULT_NOW");
    random_state = now != NULL ? strtoul(now, NULL, 10) << 20 : 0;
    setvbuf(stdout, NULL, _IOLBF, 0); /* as at a terminal: what is told is told at once */
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAULT_COUNT");
    FILE *f = path != NULL ? fopen(path, "we") : NULL;
    if (f == NULL)
        return;
    fprintf(f, "%ld\n", (long)calls);
    fclose(f);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Is it the time for a call to fail?  errno says how. */
static bool fails(enum room room)
{
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (mode == FULL && n >= fault_at && room == NEEDS_ROOM) {
        errno = ENOSPC;
        return true;
    }
    if (n != fault_at)
        return false;
    if (mode == KILL || mode == TORN)
        die();
    if (mode == IO)
        errno = EIO;
    return mode == IO;
}

static bool is_file(int fd)
{
    struct stat st;
    return fd > STDERR_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Half of the bytes get there where the next call is the last one. */
static bool tears(int fd, size_t len)
{
    return mode == TORN && is_file(fd) && atomic_load(&calls) + 1 == fault_at && len > 1;
}

ssize_t write(int fd, const void *data, size_t len)
{
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (tears(fd, len))
        real(fd, data, len / 2);
    return is_file(fd) && fails(NEEDS_ROOM) ? -1 : real(fd, data, len);
}

static ssize_t write_at(const char *name, int fd, const void *data, size_t len, off64_t at)
{
    ssize_t (*real)(int, const void *, size_t, off64_t) = next(name);
    if (tears(fd, len))
        real(fd, data, len / 2, at);
    return is_file(fd) && fails(NEEDS_ROOM) ? -1 : real(fd, data, len, at);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    return write_at("pwrite", fd, data, len, at);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
    return write_at("pwrite64", fd, data, len, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    ssize_t (*real)(int, const struct iovec *, int) = next("writev");
    return is_file(fd) && fails(NEEDS_ROOM) ? -1 : real(fd, parts, n);
}

/* Cutting needs no room, growing does. */
static int cut(const char *name, int fd, off64_t len)
{
    int (*real)(int, off64_t) = next(name);
    struct stat st;
    bool grows = fstat(fd, &st) == 0 && st.st_size < len;
    return is_file(fd) && fails(grows ? NEEDS_ROOM : NEEDS_NONE) ? -1 : real(fd, len);
}

int ftruncate(int fd, off_t len)
{
    return cut("ftruncate", fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    return cut("ftruncate64", fd, len);
}

int fallocate(int fd, int how, off_t at, off_t len)
{
    int (*real)(int, int, off_t, off_t) = next("fallocate");
    return is_file(fd) && fails(NEEDS_ROOM) ? -1 : real(fd, how, at, len);
}

int posix_fallocate(int fd, off_t at, off_t len)
{
    int (*real)(int, off_t, off_t) = next("posix_fallocate");
    return is_file(fd) && fails(NEEDS_ROOM) ? errno : real(fd, at, len);
}

/* Folders are synced, too. */
static int sync_with(const char *name, int fd)
{
    int (*real)(int) = next(name);
    return fails(NEEDS_NONE) ? -1 : real(fd);
}

int fsync(int fd)
{
    return sync_with("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_with("fdatasync", fd);
}

/* Files that are created; others are only opened. */
static bool creates(int folder, const char *path, int flags)
{
    if ((flags & O_TMPFILE) == O_TMPFILE)
        return true;
    return (flags & O_CREAT) != 0 && faccessat(folder, path, F_OK, 0) != 0;
}

static int open_with(int folder, const char *path, int flags, mode_t bits)
{
    if (creates(folder, path, flags) && fails(NEEDS_ROOM))
        return -1;
    return (int)syscall(SYS_openat, folder, path, flags, bits);
}

/* The third argument is there only where a file may be created. */
#define OPEN_BITS(flags, bits)                                                                     \
    mode_t bits = 0;                                                                               \
    if (((flags) & (O_CREAT | __O_TMPFILE)) != 0) {                                                \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        bits = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    OPEN_BITS(flags, bits)
    return open_with(AT_FDCWD, path, flags, bits);
}

int open64(const char *path, int flags, ...)
{
    OPEN_BITS(flags, bits)
    return open_with(AT_FDCWD, path, flags, bits);
}

int openat(int folder, const char *path, int flags, ...)
{
    OPEN_BITS(flags, bits)
    return open_with(folder, path, flags, bits);
}

int openat64(int folder, const char *path, int flags, ...)
{
    OPEN_BITS(flags, bits)
    return open_with(folder, path, flags, bits);
}

int mkdir(const char *path, mode_t bits)
{
    int (*real)(const char *, mode_t) = next("mkdir");
    return access(path, F_OK) != 0 && fails(NEEDS_ROOM) ? -1 : real(path, bits);
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("rename");
    return fails(NEEDS_NONE) ? -1 : real(from, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    int (*real)(int, const char *, int, const char *, unsigned) = next("renameat2");
    return fails(NEEDS_NONE) ? -1 : real(a, from, b, to, flags);
}

int link(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("link");
    return fails(NEEDS_ROOM) ? -1 : real(from, to);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    int (*real)(int, const char *, int, const char *, int) = next("linkat");
    return fails(NEEDS_ROOM) ? -1 : real(a, from, b, to, flags);
}

int unlink(const char *path)
{
    int (*real)(const char *) = next("unlink");
    return fails(NEEDS_NONE) ? -1 : real(path);
}

time_t time(time_t *out)
{
    time_t (*real)(time_t *) = next("time");
    if (now == NULL)
        return real(out);
    time_t at = (time_t)strtoll(now, NULL, 10);
    if (out != NULL)
        *out = at;
    return at;
}

/* Not random at all, but no two are the same. */
ssize_t getrandom(void *data, size_t len, unsigned flags)
{
    uint8_t *out = data;
    if (now == NULL)
        return (ssize_t)syscall(SYS_getrandom, data, len, flags);
    for (size_t i = 0; i < len; i++) {
        uint64_t x = atomic_fetch_add(&random_state, 1) * 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        out[i] = (uint8_t)(x >> 56);
    }
    return (ssize_t)len;
}
