/* fuzz_cli - whole command lines: cli/program and everything below it.
 *
 * The first byte chooses a command line, which reads the other bytes as a file.  Files
 * lie in a folder of their own, in memory where the system has that, with a keyring that
 * commands only read; those that change a keyring get a new one.  Nothing else stays.
 */
#include "fuzz.h"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "cli/program.h"

enum { WORDS_MAX = 16 };

/* IN is the input, DOCUMENT a text, HOME the keyring with keys, NEW an empty one, OUT a
 * file that is removed, PASS a passphrase. */
static const char *const lines[] = {
    "inspect IN",
    "inspect --json IN",
    "decrypt --home HOME --allow-legacy -f -o OUT IN",
    "decrypt --home HOME --max-passphrase-memory 1MiB --passphrase-file PASS --json -o OUT IN",
    "decrypt --home HOME --signer CB186C4F0609A697 -o OUT IN",
    "verify --home HOME IN",
    "verify --home HOME --json -o OUT IN",
    "verify --home HOME IN DOCUMENT",
    "verify --signer-file IN SIGNATURE DOCUMENT",
    "cert import --home NEW IN;cert list --home NEW;cert show --home NEW --json @;"
    "cert import --home NEW IN;cert export --home NEW -o OUT @",
    "key import --home NEW --json IN;key list --home NEW;key show --home NEW @;"
    "key export --home NEW -o OUT @",
    "encrypt --home HOME --recipient-file IN --no-self -o OUT DOCUMENT",
    "armor -o OUT IN",
    "dearmor -o OUT IN",
    "sign --home HOME --cleartext -o OUT IN",
};

static char folder[64];
static pid_t owner;

static const char *path_of(const char *name)
{
    static char *names[WORDS_MAX];
    static size_t n;
    char **slot = &names[n++ % WORDS_MAX];
    free(*slot);
    *slot = NULL;
    OK(mem_printf(slot, "%s/%s", folder, name));
    return *slot;
}

static bool is_name(const char *word)
{
    return word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z' &&
           (word[2] == '\0' || (word[2] >= 'A' && word[2] <= 'Z'));
}

/* Runs one command of a line. */
static void run(const char *command)
{
    char text[256];
    const char *argv[WORDS_MAX + 1] = {"bulla"};
    int argc = 1;
    char *rest = text;
    snprintf(text, sizeof text, "%s", command);
    for (char *word = strsep(&rest, " "); word != NULL && argc < WORDS_MAX;
         word = strsep(&rest, " "))
        argv[argc++] = is_name(word) ? path_of(word) : word;
    assert_true(program_run(argc, argv) >= 0);
}

static void run_line(const char *line)
{
    char text[512];
    char *rest = text;
    snprintf(text, sizeof text, "%s", line);
    for (char *command = strsep(&rest, ";"); command != NULL; command = strsep(&rest, ";"))
        run(command);
}

static void write_file(const char *name, struct slice bytes)
{
    FILE *f = fopen(path_of(name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.data, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
}

static void clean(void)
{
    static const char *const names[] = {"OUT", "NEW/keyring.db", "NEW/keyring.db-wal",
                                        "NEW/keyring.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    rmdir(path_of("NEW"));
}

static void remove_folder(void)
{
    static const char *const names[] = {"IN",
                                        "DOCUMENT",
                                        "SIGNATURE",
                                        "PASS",
                                        "HOME/keyring.db",
                                        "HOME/keyring.db-wal",
                                        "HOME/keyring.db-shm"};
    if (getpid() != owner)
        return;
    clean();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    rmdir(path_of("HOME"));
    rmdir(folder);
}

/* Threads would make coverage waver, and a question must find nobody to answer. */
static void stay_alone(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    setsid();
}

static void make_folder(void)
{
    struct stat st;
    bool shm = stat("/dev/shm", &st) == 0 && access("/dev/shm", W_OK) == 0;
    snprintf(folder, sizeof folder, "%s/bulla-fuzz-XXXXXX", shm ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(folder));
    owner = getpid();
    atexit(remove_folder);
    setenv("TMPDIR", folder, 1);
}

static void start(void)
{
    const struct feed *f = fuzz_feed();
    stay_alone();
    make_folder();
    write_file("DOCUMENT", f->document);
    write_file("PASS", SLICE_TEXT("password"));
    for (size_t i = 0; i < KEY_RING_MAX && f->ring.certs[i] != NULL; i++) {
        write_file("IN", buf_view(&f->ring.certs[i]->bytes));
        run("key import --quiet --home HOME IN");
    }
    run("sign --home HOME -u CB186C4F0609A697 -o SIGNATURE DOCUMENT");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (folder[0] == '\0')
        start();
    if (size == 0)
        return 0;
    write_file("IN", slice_of(data + 1, size - 1));
    run_line(lines[data[0] % (sizeof lines / sizeof *lines)]);
    clean();
    return 0;
}
