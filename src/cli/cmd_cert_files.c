/* cert: split, join, merge: files of certificates, without a keyring. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/certinput.h"
#include "cli/certpool.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/who.h"
#include "pgp/armored.h"
#include "stream/input.h"
#include "stream/pump.h"

struct file_opts {
    const char *output;
    bool armor, force;
};

/* Reading. */

struct reading {
    struct app *app;
    struct certpool *pool;
    bool only_one; /* copies of one certificate are wanted */
    const char *first_file;
};

static void reading_clear(struct reading *x)
{
    certpool_free(x->pool);
}

/* What cannot be read does not stop the others. */
static void note_damage(struct reading *x, const char *title, err *bad)
{
    app_note_failure(x->app, err_hint(err_wrap(bad, "%s", title),
                                      "the result has the others; get this one again"));
}

static err *other_cert(const struct reading *x, const char *title, const struct cert *c)
{
    char first[FPR_TEXT_SIZE], fpr[FPR_TEXT_SIZE];
    fingerprint_text(certpool_first(x->pool), first);
    fingerprint_text(cert_fingerprint(c), fpr);
    return err_hint(err_new(ERR_AMBIGUOUS,
                            "these are different certificates: %s in %s and %s in %s", first,
                            x->first_file, fpr, title),
                    "bulla cert join brings different ones together");
}

static err *take(struct reading *x, const char *title, const struct cert *c)
{
    if (certpool_n(x->pool) == 0)
        x->first_file = title;
    else if (x->only_one && !fingerprint_equal(certpool_first(x->pool), cert_fingerprint(c)))
        return other_cert(x, title, c);
    if (cert_has_secret(c))
        report_remark(
            &x->app->report,
            "The secret key in %s is left out; bulla key import and key export move those", title);
    return certpool_add(x->pool, c);
}

static err *read_all(struct reading *x, const char *title, struct certinput *i)
{
    bool any = false;
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        err *bad = NULL;
        TRY(interrupt_check());
        TRY(err_wrap(certinput_next(i, &c, &bad), "%s", title));
        if (bad != NULL)
            note_damage(x, title, bad);
        else if (c != NULL)
            TRY(take(x, title, c));
        else
            break;
        any = true;
    }
    return any ? NULL : err_new(ERR_MALFORMED, "%s: no certificate found", title);
}

static err *read_file(struct reading *x, const char *name)
{
    AUTO(certinput_close) struct certinput *i = NULL;
    struct source *input = NULL;
    TRY(job_open(x->app, name, "reading", &input));
    TRY(input_error(certinput_open(input, &i), name));
    return read_all(x, input_title(name), i);
}

/* Where nothing could be read, that has been told already. */
static err *read_files(struct reading *x, const struct args *args)
{
    TRY(certpool_new(app_temporary_directory(), &x->pool));
    if (args->n == 0)
        TRY(read_file(x, NULL));
    for (size_t i = 0; i < args->n; i++)
        TRY(read_file(x, args->items[i]));
    return certpool_n(x->pool) > 0 ? NULL : app_failures(x->app, "files");
}

/* A pool as a source of packets. */

struct pool_source {
    struct source source;
    struct certpool *pool; /* borrowed */
    struct buf packets;    /* of the certificate at hand */
    size_t used, n;        /* n: how many there were */
};

static err *pool_fill(struct source *s, struct slice *view)
{
    struct pool_source *x = (struct pool_source *)s;
    AUTO(cert_free) struct cert *c = NULL;
    if (x->used == x->packets.len) {
        buf_reset(&x->packets);
        x->used = 0;
        TRY(interrupt_check());
        TRY(certpool_next(x->pool, &c));
    }
    if (c != NULL) {
        cert_write(c, CERT_LOCAL, &x->packets);
        TRY(buf_end(&x->packets));
        x->n++;
    }
    *view = slice_from(buf_view(&x->packets), x->used);
    return NULL;
}

static void pool_consume(struct source *s, size_t n)
{
    ((struct pool_source *)s)->used += n;
}

static void pool_close(struct source *s)
{
    buf_clear(&((struct pool_source *)s)->packets);
}

static const struct source_ops pool_ops = {"certificates", pool_fill, pool_consume, pool_close};

/* *n becomes how many certificates there are. */
static err *write_pool(struct app *app, const struct file_opts *o, struct certpool *pool, size_t *n)
{
    struct pool_source all = {.pool = pool, .packets = BUF_EMPTY(CERT_MAX)};
    AUTO(source_close) struct source *s = &all.source;
    AUTO(sink_close) struct sink *sink = NULL;
    source_init(&all.source, &pool_ops, NULL);
    if (o->armor || output_wants_text(o->output))
        TRY(armored_new(TAKE(s), ARMOR_PUBLIC_KEY, &s));
    TRY(output_open(app, o->output, o->force, &sink));
    TRY(pump(s, sink));
    *n = all.n;
    return sink_commit(sink);
}

/* join */

static err *run_join(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(reading_clear) struct reading x = {.app = app};
    const struct file_opts *o = options;
    struct report *r = &app->report;
    size_t n;
    output_expect(app, o->output, true);
    TRY(read_files(&x, args));
    TRY(write_pool(app, o, x.pool, &n));
    report_number(r, "read", (int64_t)certpool_n(x.pool));
    report_number(r, "certificates", (int64_t)n);
    report_string(r, "output", o->output);
    report_remark(r, "Certificates: %zu, out of %zu", n, certpool_n(x.pool));
    return app_failures(app, "files");
}

/* merge */

static err *run_merge(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(reading_clear) struct reading x = {.app = app, .only_one = true};
    const struct file_opts *o = options;
    struct report *r = &app->report;
    size_t n;
    output_expect(app, o->output, true);
    TRY(read_files(&x, args));
    report_fingerprint(r, "fingerprint", certpool_first(x.pool));
    report_number(r, "copies", (int64_t)certpool_n(x.pool));
    report_string(r, "output", o->output);
    TRY(write_pool(app, o, x.pool, &n));
    return app_failures(app, "files");
}

/* split */

static err *file_name(const struct file_opts *o, const struct cert *c, char **out)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(c), fpr);
    TRY(mem_printf(&name, "%s%s", fpr, o->armor ? ".asc" : ".pgp"));
    return o->output != NULL ? fs_join(o->output, name, out) : mem_strdup(name, out);
}

static err *content(const struct file_opts *o, const struct cert *c, struct buf *out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    AUTO(source_close) struct source *s = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    cert_write(c, CERT_LOCAL, o->armor ? &packets : out);
    TRY(buf_end(out));
    if (!o->armor)
        return NULL;
    TRY(buf_end(&packets));
    TRY(input_from_memory(buf_view(&packets), &s));
    TRY(armored_new(TAKE(s), ARMOR_PUBLIC_KEY, &s));
    TRY(sink_to_buf(out, &sink));
    TRY(pump(s, sink));
    return sink_commit(sink);
}

/* What is not ours to read is different. */
static bool is_the_same(const char *path, struct slice wanted)
{
    CLEANUP(buf_clear) struct buf there = BUF_EMPTY(wanted.len + 1);
    err *e = fs_read_file(path, &there);
    bool same = e == NULL && slice_equal(buf_view(&there), wanted);
    err_free(e);
    return same;
}

static err *put(const struct file_opts *o, const char *path, struct slice bytes,
                const char **result)
{
    const struct fs_output_options options = {.replace = o->force};
    AUTO(sink_close) struct sink *sink = NULL;
    bool exists = fs_exists(path), same = exists && is_the_same(path, bytes);
    *result = same ? "unchanged" : exists ? "replaced" : "new";
    if (same)
        return NULL;
    if (exists && !o->force)
        return err_hint(err_new(ERR_EXISTS, "%s: it exists already, with other content", path),
                        "--force replaces it; bulla cert merge makes one of the two");
    TRY(sink_to_file(path, &options, &sink));
    return output_write_all(sink, bytes);
}

static err *write_one(struct app *app, const struct file_opts *o, const struct cert *c)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(2 * (size_t)CERT_MAX);
    AUTO(free) char *path = NULL, *name = NULL;
    const char *result;
    TRY(file_name(o, c, &path));
    report_string(&app->report, "output", path);
    report_fingerprint(&app->report, "fingerprint", cert_fingerprint(c));
    report_bytes(&app->report, "userid", cert_any_user_id(c));
    TRY(content(o, c, &bytes));
    TRY(put(o, path, buf_view(&bytes), &result));
    report_string(&app->report, "result", result);
    TRY(mem_string_of(cert_any_user_id(c), &name));
    report_remark(&app->report, "%-9s  %s  %s", result, path,
                  name[0] != '\0' ? name : "(no user ID)");
    return NULL;
}

/* A file that is in the way does not keep the others from being written. */
static err *report_one(struct app *app, const struct file_opts *o, const struct cert *c)
{
    report_object(&app->report, NULL);
    err *e = write_one(app, o, c);
    if (e != NULL)
        report_error(&app->report, e);
    report_end_object(&app->report);
    if (err_kind_of(e) != ERR_EXISTS)
        return e;
    app_note_failure(app, e);
    return NULL;
}

static err *write_each(struct app *app, const struct file_opts *o, struct certpool *pool)
{
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(interrupt_check());
        TRY(certpool_next(pool, &c));
        if (c == NULL)
            return NULL;
        TRY(report_one(app, o, c));
    }
}

static err *run_split(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(reading_clear) struct reading x = {.app = app};
    const struct file_opts *o = options;
    if (o->output != NULL && !fs_exists(o->output))
        return err_hint(err_new(ERR_OUTPUT, "%s: there is no such directory", o->output),
                        "make it first: mkdir %s", o->output);
    TRY(read_files(&x, args));
    report_array(&app->report, "files");
    err *e = write_each(app, o, x.pool);
    report_end_array(&app->report);
    TRY(e);
    return app_failures(app, "files");
}

/* The commands. */

#define FILES_DETAILS                                                                              \
    "No keyring is opened or changed. Files may be armored or not, and whatever bulla cert "       \
    "import takes. Secret parts are left out, with a remark; local certifications stay. A "        \
    "certificate that cannot be read is told, the result has the others, and the command fails "   \
    "in the end."

static const struct opt one_file[] = {
    OPT_TEXT('o', "output", struct file_opts, output, "FILE",
             "write to FILE instead of standard output", OPT_PLACE),
    OPT_FLAG('a', "armor", struct file_opts, armor, "write text instead of bytes"),
    OPT_FLAG('f', "force", struct file_opts, force, "replace an existing output file"),
};

static const struct opt many_files[] = {
    OPT_TEXT('o', "output", struct file_opts, output, "DIR",
             "write into DIR instead of the current directory", OPT_PLACE),
    OPT_FLAG('a', "armor", struct file_opts, armor, "write text (.asc) instead of bytes (.pgp)"),
    OPT_FLAG('f', "force", struct file_opts, force, "replace existing files of other content"),
};

const struct command cmd_cert_split = {
    .noun = "cert",
    .name = "split",
    .summary = "make a file of each certificate in files",
    .synopsis = "[-o DIR] [FILE...]",
    .details =
        "Each certificate goes to a file that is called after its fingerprint, .pgp or (with "
        "--armor) .asc. If one comes several times, its file has what all copies know. A "
        "file that is there with the same content stays; one with other content is told, "
        "and stays as well unless --force is given.\n\n" FILES_DETAILS,
    .examples = "bulla cert split keyring.pgp -o certificates\n"
                "bulla cert export --binary | bulla cert split --armor",
    .values = "FILE",
    COMMAND_OPTIONS(many_files, struct file_opts),
    .run = run_split,
};

const struct command cmd_cert_join = {
    .noun = "cert",
    .name = "join",
    .summary = "make one file of the certificates in files",
    .synopsis = "[-o FILE] [FILE...]",
    .details = "Each certificate is written once, in the order in which they come; if it comes "
               "several times, with what all copies know.\n\n" FILES_DETAILS,
    .examples = "bulla cert join *.asc -o keyring.pgp\n"
                "bulla cert join --armor alice.pgp bob.pgp > both.asc",
    .values = "FILE",
    COMMAND_OPTIONS(one_file, struct file_opts),
    .needs = DATA_ON_STDOUT,
    .run = run_join,
};

const struct command cmd_cert_merge = {
    .noun = "cert",
    .name = "merge",
    .summary = "make one certificate of several copies of it",
    .synopsis = "[-o FILE] [FILE...]",
    .details = "The result has every user ID, subkey and signature that any of the copies has. If "
               "the files hold different certificates, nothing is written, and the exit code is "
               "111.\n\n" FILES_DETAILS,
    .examples = "bulla cert merge mine.asc from-server.asc -o merged.pgp",
    .values = "FILE",
    COMMAND_OPTIONS(one_file, struct file_opts),
    .needs = DATA_ON_STDOUT,
    .run = run_merge,
};
