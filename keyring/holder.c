#include "keyring/holder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

/* The writer's lock is a byte of the log's index [SQLite, "WAL-mode file format" 2.3]. */
enum { WRITE_LOCK = 120 };

/* The process in a line of /proc/locks if it has locked that byte of the file, else 0:
 * "1: POSIX  ADVISORY  WRITE 1234 fd:00:5678 120 120". */
static long holder_in(const char *line, ino_t file)
{
    long pid;
    uint64_t inode, from, to;
    int n = sscanf(line, "%*s POSIX ADVISORY WRITE %ld %*x:%*x:%" SCNu64 " %" SCNu64 " %" SCNu64,
                   &pid, &inode, &from, &to);
    return n == 4 && inode == (uint64_t)file && from <= WRITE_LOCK && to >= WRITE_LOCK ? pid : 0;
}

/* Opening the file itself and closing it again would take away our own locks on it. */
static long find_holder(ino_t file)
{
    char line[256];
    long pid = 0;
    FILE *f = fopen("/proc/locks", "re");
    while (f != NULL && pid <= 0 && fgets(line, sizeof line, f) != NULL)
        pid = holder_in(line, file);
    if (f != NULL)
        fclose(f);
    return pid > 0 ? pid : 0;
}

/* What the process calls itself; empty if that is not told. */
static err *read_name(long pid, char name[static 64])
{
    AUTO(free) char *path = NULL;
    TRY(mem_printf(&path, "/proc/%ld/comm", pid));
    FILE *f = fopen(path, "re");
    if (f == NULL || fgets(name, 64, f) == NULL)
        name[0] = '\0';
    if (f != NULL)
        fclose(f);
    name[strcspn(name, "\n")] = '\0';
    return NULL;
}

err *holder_of(const char *path, char **out)
{
    AUTO(free) char *index = NULL;
    char name[64];
    struct stat st;
    *out = NULL;
    TRY(mem_printf(&index, "%s-shm", path));
    long pid = stat(index, &st) == 0 ? find_holder(st.st_ino) : 0;
    if (pid == 0)
        return NULL;
    TRY(read_name(pid, name));
    return name[0] != '\0' ? mem_printf(out, "process %ld (%s)", pid, name)
                           : mem_printf(out, "process %ld", pid);
}
