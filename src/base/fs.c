#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

enum {
    READ_STEP = 1 << 16,
    NAME_TRIES = 100,
    WRITE_BACK = 2 << 20, /* bytes after which the disk may begin: telling it takes 0.2 ms */
    PIPE_SIZE = 1 << 20,  /* what Linux permits everybody */
};

struct fs_output {
    int fd;
    int old;     /* the long file that is replaced, or -1 */
    bool direct; /* a device or pipe: no name to give */
    bool replace, durable;
    bool settled, entered;       /* on the disk: what it holds; its name */
    uint64_t written, handed_on; /* to the disk; of what is to be there in the end */
    char *path;                  /* the final name, symbolic links resolved */
    char *directory;             /* where it lies */
    char *temporary;             /* the name it has meanwhile; NULL while it has none */
};

static err *read_steps(int fd, uint8_t step[static READ_STEP], struct buf *out)
{
    for (;;) {
        ssize_t n = read(fd, step, READ_STEP);
        if (n == 0)
            return NULL;
        if (n < 0 && errno == EINTR) {
            TRY(interrupt_check());
            continue;
        }
        if (n < 0)
            return err_system(ERR_IO, "read");
        buf_bytes(out, slice_of(step, (size_t)n));
        TRY(buf_end(out));
    }
}

err *fs_read_fd(int fd, struct buf *out)
{
    uint8_t step[READ_STEP];
    err *e = read_steps(fd, step, out);
    mem_wipe(step, sizeof step);
    return e;
}

static err *no_directory(const char *path, const struct stat *st)
{
    AUTO(free) char *shown = NULL;
    if (!S_ISDIR(st->st_mode))
        return NULL;
    TRY(text_escape(slice_of_string(path), &shown));
    return err_hint(err_new(ERR_NO_INPUT, "%s: is a directory", path),
                    "pack it first: tar -c %s | bulla ...", shown);
}

err *fs_check_input(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_system(ERR_NO_INPUT, "%s", path);
    return no_directory(path, &st);
}

err *fs_open_input(const char *path, int *fd)
{
    struct stat st;
    int opened = open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0 && errno == EINTR)
        TRY(interrupt_check()); /* a pipe that nobody has opened for writing */
    if (opened < 0)
        return err_system(ERR_NO_INPUT, "%s", path);
    err *e = fstat(opened, &st) == 0 ? no_directory(path, &st) : NULL;
    if (e != NULL)
        close(opened);
    else
        *fd = opened;
    return e;
}

err *fs_read_file(const char *path, struct buf *out)
{
    int fd = -1;
    TRY(fs_open_input(path, &fd));
    err *e = fs_read_fd(fd, out);
    close(fd);
    return err_wrap(e, "%s", path);
}

int fs_open_log(const char *path)
{
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    return fd >= 0 ? fd : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

bool fs_read_at(int fd, uint64_t at, void *out, size_t len)
{
    return pread(fd, out, len, (off_t)at) == (ssize_t)len;
}

err *fs_write_all(int fd, struct slice s)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.data, s.len);
        if (n < 0 && errno == EINTR) {
            TRY(interrupt_check());
            continue;
        }
        if (n < 0)
            return err_system(ERR_OUTPUT, "write");
        s = slice_from(s, (size_t)n);
    }
    return NULL;
}

bool fs_is_character_device(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode);
}

void fs_widen_pipe(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
        fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}

bool fs_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

err *fs_join(const char *directory, const char *name, char **out)
{
    size_t len = strlen(directory);
    bool slash = len > 0 && directory[len - 1] == '/';
    return mem_printf(out, "%s%s%s", directory, slash ? "" : "/", name);
}

void fs_names_clear(struct fs_names *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->items[i]);
    vec_free(l);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t len = strlen(name), tail = strlen(suffix);
    return len >= tail && strcmp(name + len - tail, suffix) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static err *list_open(DIR *d, const char *suffix, struct fs_names *out)
{
    for (const struct dirent *entry = readdir(d); entry != NULL; entry = readdir(d)) {
        AUTO(free) char *name = NULL;
        if (!ends_with(entry->d_name, suffix))
            continue;
        TRY(mem_strdup(entry->d_name, &name));
        TRY(VEC_PUSH(out, name));
        name = NULL;
    }
    if (out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, by_name);
    return NULL;
}

err *fs_list(const char *directory, const char *suffix, struct fs_names *out)
{
    DIR *d = opendir(directory);
    if (d == NULL)
        return err_system(ERR_NO_INPUT, "%s: cannot be read", directory);
    err *e = list_open(d, suffix, out);
    closedir(d);
    return e;
}

static err *make_directory(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return NULL;
    return err_system(ERR_OUTPUT, "%s: cannot be created", path);
}

static err *others_may_write(const char *path)
{
    return err_hint(err_new(ERR_POLICY, "%s: others may write to it", path), "chmod 700 %s", path);
}

static err *belongs_to_another(const char *path)
{
    return err_hint(err_new(ERR_POLICY, "%s: belongs to somebody else", path),
                    "use a directory of your own: set BULLA_HOME, or give --home DIR");
}

err *fs_trusted_directory(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return NULL;
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return belongs_to_another(path);
    return (st.st_mode & 022) != 0 ? others_may_write(path) : NULL;
}

err *fs_private_directory(const char *path)
{
    AUTO(free) char *walk = NULL;
    struct stat st;
    if (stat(path, &st) != 0) {
        TRY(mem_strdup(path, &walk));
        for (char *p = walk + 1; *p != '\0'; p++) {
            if (*p != '/')
                continue;
            *p = '\0';
            TRY(make_directory(walk));
            *p = '/';
        }
        TRY(make_directory(path));
        if (stat(path, &st) != 0)
            return err_system(ERR_IO, "%s", path);
    }
    if (!S_ISDIR(st.st_mode))
        return err_new(ERR_IO, "%s: is not a directory", path);
    if (st.st_uid != geteuid())
        return belongs_to_another(path);
    return (st.st_mode & 022) != 0 ? others_may_write(path) : NULL;
}

static err *split_path(const char *path, struct fs_output *f)
{
    const char *slash = strrchr(path, '/');
    TRY(mem_strdup(path, &f->path));
    if (slash == NULL)
        return mem_strdup(".", &f->directory);
    size_t len = slash == path ? 1 : (size_t)(slash - path);
    return mem_string_of(slice_of(path, len), &f->directory);
}

/* Can /proc give a nameless file a name later? */
static bool has_proc_fd(int fd)
{
    char link[64];
    struct stat st;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return lstat(link, &st) == 0;
}

/* A name for the meantime.  Many files may have one at the same time: where each begins to try
 * depends on its name. */
static err *temporary_name(const struct fs_output *f, unsigned attempt, char **out)
{
    unsigned first = 0;
    for (const char *p = f->path; *p != '\0'; p++)
        first = (first * 31 + (unsigned char)*p) % 10000;
    return mem_printf(out, "%s/.bulla.%ld.%u", f->directory, (long)getpid(), first + attempt);
}

static err *open_named(struct fs_output *f, mode_t mode)
{
    for (unsigned i = 0; i < NAME_TRIES; i++) {
        AUTO(free) char *candidate = NULL;
        TRY(temporary_name(f, i, &candidate));
        f->fd = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (f->fd >= 0) {
            f->temporary = TAKE(candidate);
            return NULL;
        }
        if (errno != EEXIST)
            break;
    }
    return err_system(ERR_OUTPUT, "%s: no file can be created here", f->directory);
}

static err *open_temporary(struct fs_output *f, mode_t mode)
{
    f->fd = open(f->directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (f->fd >= 0 && has_proc_fd(f->fd))
        return NULL;
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    return open_named(f, mode);
}

static err *already_exists(const char *path)
{
    return err_hint(err_new(ERR_EXISTS, "%s: exists already", path),
                    "choose another name with -o, or replace it with --force");
}

/* A file of our own that is replaced keeps its permissions.  Not set-uid and the like,
 * which were given to what was in it, and not what a stranger has chosen. */
static err *keep_permissions(const struct fs_output *f, const struct stat *old)
{
    if (old->st_uid != geteuid() || fchmod(f->fd, old->st_mode & 0777) == 0)
        return NULL;
    return err_system(ERR_OUTPUT, "%s", f->path);
}

/* For give_memory_back: what is short, or has other names, is not worth it. */
static void remember_old(struct fs_output *f, const struct stat *old)
{
    if (old->st_size >= WRITE_BACK && old->st_nlink == 1)
        f->old = open(f->path, O_RDONLY | O_CLOEXEC);
}

static err *open_target(struct fs_output *f, const char *path,
                        const struct fs_output_options *options)
{
    struct stat st;
    mode_t mode = options->owner_only ? 0600 : 0666;
    bool taken = fs_exists(path), exists = taken && stat(path, &st) == 0;
    if (exists && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        f->direct = true;
        TRY(split_path(path, f));
        f->fd = open(path, O_WRONLY | O_CLOEXEC);
        return f->fd < 0 ? err_system(ERR_OUTPUT, "%s", path) : NULL;
    }
    if (exists && S_ISDIR(st.st_mode))
        return err_new(ERR_OUTPUT, "%s: is a directory", path);
    if (taken && !options->replace)
        return already_exists(path);
    AUTO(free) char *resolved = exists ? realpath(path, NULL) : NULL;
    TRY(split_path(resolved != NULL ? resolved : path, f));
    TRY(open_temporary(f, mode));
    if (exists)
        remember_old(f, &st);
    return exists && !options->owner_only ? keep_permissions(f, &st) : NULL;
}

err *fs_output_open(const char *path, const struct fs_output_options *options,
                    struct fs_output **out)
{
    AUTO(fs_output_close) struct fs_output *f = NULL;
    TRY(MEM_NEW(f));
    f->fd = f->old = -1;
    f->replace = options->replace;
    f->durable = options->durable;
    TRY(open_target(f, path, options));
    *out = TAKE(f);
    return NULL;
}

bool fs_output_is_direct(const struct fs_output *f)
{
    return f->direct;
}

bool fs_output_is_character_device(const struct fs_output *f)
{
    return fs_is_character_device(f->fd);
}

/* The kernel need not keep in memory what is about to be replaced, and the new file can have
 * the same pages: where a virtual machine must ask for new ones, that took longer than all the rest. */
static void give_memory_back(const struct fs_output *f, off_t start, off_t len)
{
    if (f->old >= 0)
        posix_fadvise(f->old, start, len, POSIX_FADV_DONTNEED);
}

/* Whoever waits for the disk in the end waits less if it has begun before.  It may refuse. */
static void hand_on(struct fs_output *f)
{
    off_t start = (off_t)f->handed_on, len = (off_t)(f->written - f->handed_on);
    if (len < WRITE_BACK)
        return;
    if (f->durable)
        sync_file_range(f->fd, start, len, SYNC_FILE_RANGE_WRITE);
    give_memory_back(f, start, len);
    f->handed_on = f->written;
}

err *fs_output_write(struct fs_output *f, struct slice s)
{
    TRY(err_wrap(fs_write_all(f->fd, s), "%s", f->path));
    f->written += s.len;
    hand_on(f);
    return NULL;
}

/* Gives a nameless file the name `to`, which must be free. */
static bool link_nameless(const struct fs_output *f, const char *to)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", f->fd);
    return linkat(AT_FDCWD, link, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0;
}

/* Does the file system (or the kernel, or a sandbox) not have this call? */
static bool is_unsupported(int reason)
{
    return reason == EINVAL || reason == ENOSYS || reason == EOPNOTSUPP || reason == EPERM;
}

/* Takes the name with an empty file, then replaces that.  What somebody writes to it
 * in between is lost; a file that was there before never is. */
static bool rename_over_placeholder(const char *from, const char *to)
{
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    close(fd);
    if (rename(from, to) == 0)
        return true;
    int reason = errno;
    unlink(to);
    errno = reason;
    return false;
}

/* Gives a file another name, which must be free.  FAT has no hard links, and some
 * network file systems have no RENAME_NOREPLACE either. */
static bool rename_to_free(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (!is_unsupported(errno))
        return false;
    if (link(from, to) == 0) {
        unlink(from);
        return true;
    }
    return is_unsupported(errno) && rename_over_placeholder(from, to);
}

static void forget_temporary(struct fs_output *f)
{
    free(f->temporary);
    f->temporary = NULL;
}

static err *name_without_replacing(struct fs_output *f)
{
    bool done = f->temporary == NULL ? link_nameless(f, f->path)
                                     : rename_to_free(f->temporary, f->path);
    if (!done && errno == EEXIST)
        return already_exists(f->path);
    if (!done)
        return err_system(ERR_OUTPUT, "%s", f->path);
    forget_temporary(f);
    return NULL;
}

/* rename(2) replaces atomically, but needs a name to start from. */
static err *name_replacing(struct fs_output *f)
{
    for (unsigned i = 0; f->temporary == NULL && i < NAME_TRIES; i++) {
        AUTO(free) char *candidate = NULL;
        TRY(temporary_name(f, i, &candidate));
        if (link_nameless(f, candidate))
            f->temporary = TAKE(candidate);
        else if (errno != EEXIST)
            return err_system(ERR_OUTPUT, "%s", f->path);
    }
    if (f->temporary == NULL || rename(f->temporary, f->path) != 0)
        return err_system(ERR_OUTPUT, "%s", f->path);
    forget_temporary(f);
    return NULL;
}

/* Puts the directory's entry on disk, too. */
static err *sync_directory(const struct fs_output *f)
{
    int fd = open(f->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    err *e = ok ? NULL : err_system(ERR_OUTPUT, "%s", f->directory);
    if (fd >= 0)
        close(fd);
    return e;
}

void fs_output_start(struct fs_output *f)
{
    if (!f->direct && f->durable)
        sync_file_range(f->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

err *fs_output_settle(struct fs_output *f)
{
    if (f->direct || !f->durable || f->settled)
        return NULL;
    if (fsync(f->fd) != 0)
        return err_system(ERR_OUTPUT, "%s", f->path);
    f->settled = true;
    return NULL;
}

static err *give_name(struct fs_output *f)
{
    f->entered = f->direct || !f->durable;
    if (f->direct)
        return NULL;
    TRY(fs_output_settle(f));
    return f->replace ? name_replacing(f) : name_without_replacing(f);
}

/* The names of all of these that lie in the directory of the first. */
static void enter_names(struct fs_output *const *files, size_t n, err **errors)
{
    AUTO(err_free) err *e = sync_directory(files[0]);
    for (size_t i = 0; i < n; i++) {
        struct fs_output *f = files[i];
        if (f == NULL || errors[i] != NULL || f->entered ||
            strcmp(f->directory, files[0]->directory) != 0)
            continue;
        f->entered = true;
        errors[i] = e != NULL ? err_copy(e) : NULL;
        if (e != NULL && !f->replace)
            unlink(f->path);
    }
}

/* Network file systems report a full disk only when the file is closed. */
static err *close_file(struct fs_output *f)
{
    int fd = f->fd;
    f->fd = -1;
    if (close(fd) != 0 && errno != EINTR)
        return err_system(ERR_OUTPUT, "%s", f->path);
    return NULL;
}

void fs_outputs_commit(struct fs_output *const *files, size_t n, err **errors)
{
    for (size_t i = 0; i < n; i++) {
        if (files[i] != NULL && errors[i] == NULL)
            errors[i] = give_name(files[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (files[i] != NULL && errors[i] == NULL && !files[i]->entered)
            enter_names(files + i, n - i, errors + i);
        if (files[i] != NULL && errors[i] == NULL)
            errors[i] = close_file(files[i]);
    }
}

err *fs_output_commit(struct fs_output *f)
{
    err *e = NULL;
    fs_outputs_commit(&f, 1, &e);
    return e;
}

void fs_output_close(struct fs_output *f)
{
    if (f == NULL)
        return;
    if (f->fd >= 0)
        close(f->fd);
    if (f->old >= 0)
        close(f->old);
    if (f->temporary != NULL)
        unlink(f->temporary);
    free(f->temporary);
    free(f->directory);
    free(f->path);
    free(f);
}

err *fs_nameless(const char *directory, int *fd)
{
    AUTO(free) char *name = NULL;
    *fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd >= 0)
        return NULL;
    TRY(mem_printf(&name, "%s/.bulla.XXXXXX", directory));
    *fd = mkostemp(name, O_CLOEXEC);
    if (*fd < 0)
        return err_system(ERR_OUTPUT, "%s: no temporary file can be created", directory);
    unlink(name);
    return NULL;
}
