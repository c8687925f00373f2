/* fs.h - whole files: read at once, or written so that nobody sees half of one.
 *
 * An output file is written where it cannot be seen (an unnamed file in the
 * same directory, where the file system has that) and gets its name when it is
 * complete.  If the program dies before, nothing remains.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

/* Appends the whole of fd or of a file to out (bounded by out's limit). */
MUST_USE err *fs_read_fd(int fd, struct buf *out);
MUST_USE err *fs_read_file(const char *path, struct buf *out);

/* ERR_NO_INPUT if there is no such file, or it is a directory. */
MUST_USE err *fs_check_input(const char *path);

/* Opens for reading.  ERR_NO_INPUT if it cannot be, or is a directory. */
MUST_USE err *fs_open_input(const char *path, int *fd);

/* Opens for reading, and for adding at the end where that is permitted.  Nothing is created, and
 * no link followed; -1 if it cannot be. */
int fs_open_log(const char *path);

/* Reads len bytes that begin at `at`.  False if they are not all there. */
bool fs_read_at(int fd, uint64_t at, void *out, size_t len);

/* Writes all of s, whatever write(2) makes of it.  ERR_OUTPUT. */
MUST_USE err *fs_write_all(int fd, struct slice s);

/* A terminal is one: somebody may read what comes as it comes. */
bool fs_is_character_device(int fd);

/* A pipe holds more than it usually does, as far as that is permitted: those at its ends need to
 * wait for each other less. */
void fs_widen_pipe(int fd);

bool fs_exists(const char *path);

/* The names of a directory that end with `suffix`, in order; owned. */
struct fs_names {
    char **items;
    size_t n, capacity;
};
MUST_USE err *fs_list(const char *directory, const char *suffix, struct fs_names *out);
void fs_names_clear(struct fs_names *l);

/* "directory/name"; the caller frees. */
MUST_USE err *fs_join(const char *directory, const char *name, char **out);

/* Creates the directory and its parents with mode 0700 where they are missing.
 * ERR_POLICY if it is there but others may write to it or it is not ours. */
MUST_USE err *fs_private_directory(const char *path);

/* ERR_POLICY if others than its owner, who is the user or root, may write to the
 * directory.  What is no directory is not judged. */
MUST_USE err *fs_trusted_directory(const char *path);

struct fs_output;

struct fs_output_options {
    bool replace;    /* an existing file may be replaced */
    bool durable;    /* on disk (fsync) before it gets its name */
    bool owner_only; /* mode 0600: for secrets */
};

/* ERR_EXISTS if path exists and may not be replaced.  A path that is no regular
 * file (a device, a pipe) is written to directly. */
MUST_USE err *fs_output_open(const char *path, const struct fs_output_options *options,
                             struct fs_output **out);

/* A device or a pipe: what is written is out at once. */
bool fs_output_is_direct(const struct fs_output *f);

bool fs_output_is_character_device(const struct fs_output *f);

MUST_USE err *fs_output_write(struct fs_output *f, struct slice s);

/* Gives the file its name.  A file that has appeared under that name meanwhile
 * is left alone (ERR_EXISTS) unless it may be replaced. */
MUST_USE err *fs_output_commit(struct fs_output *f);

/* For many files at once: each is on the disk before it has its name, yet the disk is waited
 * for together.  When a file is complete, fs_output_start has the disk begin, if it likes;
 * fs_output_settle returns when the disk has it. */
void fs_output_start(struct fs_output *f);
MUST_USE err *fs_output_settle(struct fs_output *f);

/* Commits them in their order, and then each of their directories once.  errors[i] becomes what
 * went wrong with the file i, and else stays NULL; a file with an error before, or NULL for a
 * file, is passed over. */
void fs_outputs_commit(struct fs_output *const *files, size_t n, err **errors);

/* Frees f; what was not committed is gone.  NULL is allowed. */
void fs_output_close(struct fs_output *f);
AUTO_DEFINE(fs_output_close, struct fs_output *)

/* A nameless file in directory, open for reading and writing: for plaintext that
 * may not be shown yet.  The caller closes fd. */
MUST_USE err *fs_nameless(const char *directory, int *fd);

#endif
