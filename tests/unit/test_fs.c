/* fs: whole files, and outputs that are complete or absent. */
#include "unit.h"
#include "home.h"

#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

static char directory[64];

/* What the file system lacks: error numbers, 0 for what it has.  These functions stand
 * in front of the C library's. */
static struct {
    bool proc;
    int renameat2, link;
} lacks;

/* What is on the disk: how many files, and directories; these may fail. */
static struct {
    unsigned files, directories;
    bool no_directory;
} disk;

int fsync(int fd)
{
    struct stat st;
    bool is_directory = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    disk.files += !is_directory;
    disk.directories += is_directory;
    errno = EIO;
    return is_directory && disk.no_directory ? -1 : 0;
}

/* Who we are if not ourselves. */
static uid_t user;

uid_t geteuid(void)
{
    return user != 0 ? user : (uid_t)syscall(SYS_geteuid);
}

int lstat(const char *path, struct stat *st)
{
    if (lacks.proc && strncmp(path, "/proc/", 6) == 0) {
        errno = ENOENT;
        return -1;
    }
    return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    errno = lacks.renameat2;
    return errno != 0 ? -1 : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

int link(const char *from, const char *to)
{
    errno = lacks.link;
    return errno != 0 ? -1 : linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int enter(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "%s", "/tmp/bulla-fs.XXXXXX");
    return mkdtemp(directory) == NULL || chdir(directory) != 0 ? -1 : 0;
}

static int leave(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0 ? -1 : 0;
}

static unsigned files_here(void)
{
    unsigned n = 0;
    DIR *d = opendir(".");
    for (struct dirent *entry = readdir(d); entry != NULL; entry = readdir(d))
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(d);
    return n;
}

static void write_file(const char *path, const char *text, struct fs_output_options options)
{
    AUTO(fs_output_close) struct fs_output *f = NULL;
    OK(fs_output_open(path, &options, &f));
    OK(fs_output_write(f, slice_of_string(text)));
    OK(fs_output_commit(f));
}

static void assert_content(const char *path, const char *text)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1000);
    OK(fs_read_file(path, &b));
    SAME(buf_view(&b), slice_of_string(text));
}

static void committed_files_are_whole(void **state)
{
    (void)state;
    struct stat st;
    write_file("a", "one", (struct fs_output_options){0});
    assert_content("a", "one");
    write_file("a", "two", (struct fs_output_options){.replace = true, .durable = true});
    assert_content("a", "two");
    write_file("secret", "s", (struct fs_output_options){.owner_only = true, .durable = true});
    assert_int_equal(stat("secret", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(files_here(), 2);
}

static void replaced_files_keep_their_mode(void **state)
{
    (void)state;
    struct stat st;
    write_file("m", "one", (struct fs_output_options){0});
    assert_int_equal(chmod("m", 0640), 0);
    write_file("m", "two", (struct fs_output_options){.replace = true});
    assert_int_equal(stat("m", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    unlink("m");
}

/* The bits that say more than who may read and write do not pass to the new file, nor
 * does anything from somebody else's. */
static void other_permissions_are_not_kept(void **state)
{
    (void)state;
    struct stat st, fresh;
    write_file("fresh", "", (struct fs_output_options){0});
    assert_int_equal(stat("fresh", &fresh), 0);
    write_file("m", "one", (struct fs_output_options){0});
    assert_int_equal(chmod("m", 07751), 0);
    write_file("m", "two", (struct fs_output_options){.replace = true});
    assert_int_equal(stat("m", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0751);
    assert_int_equal(chmod("m", 0606), 0);
    user = geteuid() + 1;
    write_file("m", "three", (struct fs_output_options){.replace = true});
    user = 0;
    assert_int_equal(stat("m", &st), 0);
    assert_int_equal(st.st_mode & 07777, fresh.st_mode & 07777);
    unlink("m");
    unlink("fresh");
}

static void aborted_files_do_not_exist(void **state)
{
    (void)state;
    struct fs_output *f = NULL;
    unsigned before = files_here();
    OK(fs_output_open("b", &(struct fs_output_options){0}, &f));
    OK(fs_output_write(f, SLICE_TEXT("half")));
    fs_output_close(f);
    assert_false(fs_exists("b"));
    assert_int_equal(files_here(), before);
}

static void existing_files_are_not_replaced(void **state)
{
    (void)state;
    struct fs_output *f = NULL;
    write_file("c", "old", (struct fs_output_options){0});
    FAILS(ERR_EXISTS, fs_output_open("c", &(struct fs_output_options){0}, &f));
    assert_null(f);
    /* Nor one that appears while the new one is written. */
    OK(fs_output_open("d", &(struct fs_output_options){0}, &f));
    write_file("d", "other", (struct fs_output_options){0});
    FAILS(ERR_EXISTS, fs_output_commit(f));
    fs_output_close(f);
    assert_content("d", "other");
    assert_content("c", "old");
}

/* A new file, one that is there already, and one that appears meanwhile, where files
 * have names from the start. */
static void check_named(int without_renameat2, int without_link)
{
    struct fs_output *f = NULL;
    lacks.proc = true;
    lacks.renameat2 = without_renameat2;
    lacks.link = without_link;
    unsigned before = files_here();
    write_file("named", "new", (struct fs_output_options){.durable = true});
    assert_content("named", "new");
    write_file("named", "newer", (struct fs_output_options){.replace = true});
    assert_content("named", "newer");
    OK(fs_output_open("late", &(struct fs_output_options){0}, &f));
    assert_int_equal(files_here(), before + 2);
    int fd = open("late", O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    close(fd);
    FAILS(ERR_EXISTS, fs_output_commit(f));
    fs_output_close(f);
    assert_content("late", "");
    assert_int_equal(unlink("named"), 0);
    assert_int_equal(unlink("late"), 0);
    assert_int_equal(files_here(), before);
    memset(&lacks, 0, sizeof lacks);
}

/* ext4 and the like; an old kernel; FAT; some network file systems. */
static void file_systems_differ(void **state)
{
    (void)state;
    check_named(0, 0);
    check_named(ENOSYS, 0);
    check_named(EINVAL, 0);
    check_named(0, EPERM);
    check_named(EINVAL, EPERM);
    check_named(EINVAL, EOPNOTSUPP);
    check_named(ENOSYS, ENOSYS);
}

/* Where the directory refuses the name for another reason, that is said. */
static void other_reasons_are_told(void **state)
{
    (void)state;
    struct fs_output *f = NULL;
    unsigned before = files_here();
    lacks.proc = true;
    lacks.renameat2 = EROFS;
    OK(fs_output_open("named", &(struct fs_output_options){0}, &f));
    FAILS(ERR_OUTPUT, fs_output_commit(f));
    fs_output_close(f);
    assert_int_equal(files_here(), before);
    memset(&lacks, 0, sizeof lacks);
}

static void links_and_devices_are_followed(void **state)
{
    (void)state;
    struct stat st;
    write_file("target", "old", (struct fs_output_options){0});
    assert_int_equal(symlink("target", "link"), 0);
    write_file("link", "new", (struct fs_output_options){.replace = true});
    assert_content("target", "new");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    write_file("/dev/null", "gone", (struct fs_output_options){0});
    struct fs_output *f = NULL;
    FAILS(ERR_OUTPUT, fs_output_open(".", &(struct fs_output_options){0}, &f));
    FAILS(ERR_OUTPUT, fs_output_open("no/such/place", &(struct fs_output_options){0}, &f));
}

static struct fs_output *written(const char *path, bool replace)
{
    struct fs_output *f = NULL;
    OK(fs_output_open(path, &(struct fs_output_options){.replace = replace, .durable = true}, &f));
    OK(fs_output_write(f, slice_of_string(path)));
    fs_output_start(f);
    return f;
}

enum { TOGETHER = 6 };

/* In two directories; one is given up before, and one has been overtaken. */
static void commit_together(err **errors)
{
    struct fs_output *files[TOGETHER] = {
        written("t1", false),    written("sub/t2", false), NULL,
        written("given", false), written("t3", true),      written("taken", false),
    };
    errors[3] = err_new(ERR_MALFORMED, "given up");
    write_file("taken", "before", (struct fs_output_options){0});
    for (size_t i = 0; i < TOGETHER; i++) {
        if (files[i] != NULL)
            OK(fs_output_settle(files[i]));
    }
    assert_int_equal(disk.files, 5);
    assert_false(fs_exists("t1"));
    fs_outputs_commit(files, TOGETHER, errors);
    for (size_t i = 0; i < TOGETHER; i++)
        fs_output_close(files[i]);
    assert_int_equal(disk.files, 5);
    assert_int_equal(err_kind_of(errors[3]), ERR_MALFORMED);
    assert_int_equal(err_kind_of(errors[5]), ERR_EXISTS);
    assert_false(fs_exists("given"));
    assert_content("taken", "before");
    assert_content("t3", "t3");
}

static void several_are_committed_together(void **state)
{
    (void)state;
    err *errors[TOGETHER] = {NULL};
    unsigned before = files_here();
    assert_int_equal(mkdir("sub", 0700), 0);
    memset(&disk, 0, sizeof disk);
    commit_together(errors);
    assert_int_equal(disk.directories, 2);
    for (size_t i = 0; i < TOGETHER; i++)
        assert_true(errors[i] == NULL || i == 3 || i == 5);
    assert_content("t1", "t1");
    assert_content("sub/t2", "sub/t2");
    assert_int_equal(files_here(), before + 4);
    for (size_t i = 0; i < TOGETHER; i++)
        err_free(errors[i]);
    assert_int_equal(unlink("t1") | unlink("taken") | unlink("sub/t2"), 0);
}

/* What is not known to be on the disk is not there, unless it has replaced something. */
static void a_directory_that_is_not_on_the_disk(void **state)
{
    (void)state;
    err *errors[TOGETHER] = {NULL};
    memset(&disk, 0, sizeof disk);
    disk.no_directory = true;
    commit_together(errors);
    disk.no_directory = false;
    assert_int_equal(disk.directories, 3); /* t3, which is there already, by its full name */
    for (size_t i = 0; i < TOGETHER; i++)
        assert_int_equal(err_kind_of(errors[i]), i == 2   ? ERR_NONE
                                                 : i == 3 ? ERR_MALFORMED
                                                 : i == 5 ? ERR_EXISTS
                                                          : ERR_OUTPUT);
    assert_false(fs_exists("t1"));
    assert_false(fs_exists("sub/t2"));
    for (size_t i = 0; i < TOGETHER; i++)
        err_free(errors[i]);
    assert_int_equal(unlink("t3") | unlink("taken") | rmdir("sub"), 0);
}

static void full_disk_is_reported(void **state)
{
    (void)state;
    struct fs_output *f = NULL;
    OK(fs_output_open("/dev/full", &(struct fs_output_options){0}, &f));
    FAILS(ERR_OUTPUT, fs_output_write(f, SLICE_TEXT("x")));
    fs_output_close(f);
}

static void inputs_are_files(void **state)
{
    (void)state;
    int fd = -1;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(2);
    FAILS(ERR_NO_INPUT, fs_open_input("nothing here", &fd));
    FAILS(ERR_NO_INPUT, fs_open_input(".", &fd));
    write_file("three", "abc", (struct fs_output_options){0});
    FAILS(ERR_LIMIT, fs_read_file("three", &b));
}

static void private_directories(void **state)
{
    (void)state;
    struct stat st;
    OK(fs_private_directory("x/y/z"));
    assert_int_equal(stat("x/y/z", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    OK(fs_private_directory("x/y/z"));
    assert_int_equal(chmod("x/y/z", 0777), 0);
    FAILS(ERR_POLICY, fs_private_directory("x/y/z"));
    write_file("plain", "", (struct fs_output_options){0});
    FAILS(ERR_IO, fs_private_directory("plain"));
}

static void nameless_files(void **state)
{
    (void)state;
    int fd = -1;
    char back[5] = {0};
    unsigned before = files_here();
    OK(fs_nameless(".", &fd));
    assert_int_equal(files_here(), before);
    OK(fs_write_all(fd, SLICE_TEXT("text")));
    assert_int_equal(pread(fd, back, 4, 0), 4);
    assert_string_equal(back, "text");
    close(fd);
}

static void directories_are_listed(void **state)
{
    (void)state;
    static const char *const files[] = {"b.key", "a.key", ".key", "key", "c.key~"};
    CLEANUP(fs_names_clear) struct fs_names names = {0};
    assert_int_equal(mkdir("list", 0700), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        AUTO(free) char *path = NULL;
        OK(fs_join("list", files[i], &path));
        home_write(path, SLICE_EMPTY);
    }
    OK(fs_list("list", ".key", &names));
    assert_int_equal(names.n, 3);
    assert_string_equal(names.items[0], ".key");
    assert_string_equal(names.items[1], "a.key");
    assert_string_equal(names.items[2], "b.key");
    FAILS(ERR_NO_INPUT, fs_list("list/none", "", &names));
    FAILS(ERR_NO_INPUT, fs_list("list/key", "", &names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_files_are_whole),
        cmocka_unit_test(replaced_files_keep_their_mode),
        cmocka_unit_test(other_permissions_are_not_kept),
        cmocka_unit_test(aborted_files_do_not_exist),
        cmocka_unit_test(existing_files_are_not_replaced),
        cmocka_unit_test(file_systems_differ),
        cmocka_unit_test(other_reasons_are_told),
        cmocka_unit_test(links_and_devices_are_followed),
        cmocka_unit_test(several_are_committed_together),
        cmocka_unit_test(a_directory_that_is_not_on_the_disk),
        cmocka_unit_test(full_disk_is_reported),
        cmocka_unit_test(inputs_are_files),
        cmocka_unit_test(private_directories),
        cmocka_unit_test(nameless_files),
        cmocka_unit_test(directories_are_listed),
    };
    return cmocka_run_group_tests_name("fs", tests, enter, leave);
}
