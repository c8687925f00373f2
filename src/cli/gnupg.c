#include "cli/gnupg.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/gnupgkeys.h"
#include "cli/gnupgrevs.h"
#include "cli/gnupgtrust.h"
#include "cli/import.h"
#include "cli/job.h"
#include "keyring/gnupgcerts.h"

/* Where certificates may be; the last is that of secret keys before GnuPG 2.1. */
static const char *const sources[] = {
    "pubring.kbx",
    "pubring.gpg",
    "public-keys.d/pubring.db",
    "secring.gpg",
};
enum { CONF_MAX = 1 << 20 };
enum { N_SOURCES = sizeof sources / sizeof *sources, SECRING = N_SOURCES - 1 };

/* One's own key, with the secret parts that are to be stored. */
struct own_key {
    struct cert *cert;
    size_t n_secret;
    bool stored;
};

struct outcome {
    struct fingerprint fpr;
    char *user;
    enum keyring_put result;
    size_t n_secret, left_out; /* keyring_left_out */
};

struct takeover {
    struct app *app;
    const char *directory;
    bool absent; /* a dry run without a keyring, which makes none */
    struct leftovers left;
    struct gnupgkeys keys;
    struct gnupgtrust trust;
    VEC(struct own_key) own;
    VEC(struct outcome) outcomes;
    bool damaged[N_SOURCES]; /* what could be read of it counts */
    size_t n[3];             /* by enum keyring_put */
};

static void takeover_clear(struct takeover *t)
{
    for (size_t i = 0; i < t->own.n; i++)
        cert_free(t->own.items[i].cert);
    for (size_t i = 0; i < t->outcomes.n; i++)
        free(t->outcomes.items[i].user);
    vec_free(&t->own);
    vec_free(&t->outcomes);
    gnupgtrust_clear(&t->trust);
    gnupgkeys_clear(&t->keys);
    leftovers_clear(&t->left);
}

/* The home. */

static err *find_home(const char *given, char **out)
{
    const char *set = getenv("GNUPGHOME"), *home = getenv("HOME");
    if (given != NULL)
        return mem_strdup(given, out);
    if (set != NULL && set[0] != '\0')
        return mem_strdup(set, out);
    if (home != NULL && home[0] != '\0')
        return fs_join(home, ".gnupg", out);
    return err_hint(err_new(ERR_NO_INPUT, "where is GnuPG's home? HOME is not set"),
                    "name its directory");
}

/* Whoever may write there could have put keys in, and have them trusted. */
static err *check_home(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_hint(err_system(ERR_NO_INPUT, "%s", path),
                        "name the directory: bulla keyring import-gnupg DIR");
    if (!S_ISDIR(st.st_mode))
        return err_new(ERR_NO_INPUT, "%s: is no directory", path);
    if (access(path, R_OK | X_OK) != 0)
        return err_system(ERR_NO_INPUT, "%s", path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return err_hint(err_new(ERR_POLICY, "%s: belongs to somebody else", path),
                        "if it is yours nevertheless, make a copy that belongs to you");
    if ((st.st_mode & 022) != 0)
        return err_hint(err_new(ERR_POLICY, "%s: others may write to it", path), "chmod 700 %s",
                        path);
    return NULL;
}

static err *has_file(const struct takeover *t, const char *name, bool *out)
{
    AUTO(free) char *path = NULL;
    TRY(fs_join(t->directory, name, &path));
    *out = fs_exists(path);
    return NULL;
}

static err *check_content(const struct takeover *t)
{
    bool any = false;
    TRY(has_file(t, "private-keys-v1.d", &any));
    for (size_t i = 0; i < N_SOURCES && !any; i++)
        TRY(has_file(t, sources[i], &any));
    return any ? NULL : err_new(ERR_NO_DATA, "%s: no keys of GnuPG in it", t->directory);
}

/* Certificates. */

struct pass {
    const char *verb;
    err *(*each)(struct takeover *t, bool secring, const struct cert *c);
    bool first; /* tells what cannot be read */
};

/* What cannot be read is told by the first pass, and passed over by the second. */
static err *unreadable(struct takeover *t, const struct pass *p, size_t source, err *e)
{
    bool serious = err_kind_of(e) == ERR_NO_MEMORY || err_kind_of(e) == ERR_INTERRUPTED;
    if (serious || (!p->first && !t->damaged[source]))
        return e;
    if (p->first && !t->damaged[source]) {
        t->damaged[source] = true;
        return leftovers_add(&t->left, sources[source], e);
    }
    err_free(e);
    return NULL;
}

static err *read_certs(struct takeover *t, const struct pass *p, size_t source,
                       struct gnupgcerts *certs)
{
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        err *bad = NULL;
        TRY(interrupt_check());
        err *e = gnupgcerts_next(certs, &c, &bad);
        if (e != NULL)
            return unreadable(t, p, source, e);
        if (bad != NULL && p->first)
            TRY(leftovers_add(&t->left, sources[source], bad));
        else if (bad != NULL)
            err_free(bad);
        else if (c == NULL)
            return NULL;
        else
            TRY(p->each(t, source == SECRING, c));
    }
}

static err *note_x509(struct takeover *t, size_t source, const struct gnupgcerts *certs)
{
    AUTO(free) char *what = NULL;
    size_t n = gnupgcerts_n_x509(certs);
    if (n == 0)
        return NULL;
    TRY(mem_printf(&what, "%s: %zu certificate%s for X.509", sources[source], n,
                   n == 1 ? "" : "s"));
    return leftovers_note(&t->left, what, "not of OpenPGP");
}

static err *open_certs(struct takeover *t, const char *path, const char *verb,
                       struct gnupgcerts **out)
{
    struct source *input = NULL;
    TRY(job_open(t->app, path, verb, &input));
    return gnupgcerts_open(input, path, out);
}

static err *read_source(struct takeover *t, const struct pass *p, size_t source)
{
    AUTO(free) char *path = NULL;
    AUTO(gnupgcerts_close) struct gnupgcerts *certs = NULL;
    TRY(fs_join(t->directory, sources[source], &path));
    if (!fs_exists(path))
        return NULL;
    err *e = open_certs(t, path, p->verb, &certs);
    if (e != NULL)
        return unreadable(t, p, source, e);
    TRY(read_certs(t, p, source, certs));
    return p->first ? note_x509(t, source, certs) : NULL;
}

/* GnuPG 2.1 has moved the secret keys, and leaves the old file as it was then. */
static err *is_left_behind(const struct takeover *t, size_t source, bool *out)
{
    *out = false;
    return source == SECRING ? has_file(t, ".gpg-v21-migrated", out) : NULL;
}

static err *run_pass(struct takeover *t, const struct pass *p)
{
    for (size_t i = 0; i < N_SOURCES; i++) {
        bool old;
        TRY(is_left_behind(t, i, &old));
        if (!old)
            TRY(read_source(t, p, i));
    }
    return NULL;
}

/* The first pass: whose secret keys are here. */

static size_t count_secrets(const struct cert *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->components.n; i++)
        n += c->components.items[i].has_secret;
    return n;
}

static err *look(struct takeover *t, bool secring, const struct cert *c)
{
    AUTO(cert_free) struct cert *own = NULL;
    size_t n = 0;
    TRY(gnupgtrust_seen(&t->trust, cert_fingerprint(c)));
    if (secring) {
        n = count_secrets(c);
        TRY(n > 0 ? cert_copy(c, &own) : NULL);
    } else {
        TRY(gnupgkeys_take(&t->keys, c, &own, &n));
    }
    if (own == NULL)
        return NULL;
    TRY(VEC_PUSH(&t->own, ((struct own_key){.cert = own, .n_secret = n})));
    own = NULL;
    return NULL;
}

/* The second: storing. */

/* Fills in the rest. */
static err *add_outcome(struct takeover *t, const struct cert *c, struct outcome *o)
{
    AUTO(free) char *user = NULL;
    TRY(mem_string_of(cert_any_user_id(c), &user));
    o->fpr = *cert_fingerprint(c);
    o->user = user;
    TRY(VEC_PUSH(&t->outcomes, *o));
    user = NULL;
    t->n[o->result]++;
    return NULL;
}

static enum keyring_put both(enum keyring_put a, enum keyring_put b)
{
    if (a == KEYRING_NEW || b == KEYRING_NEW)
        return KEYRING_NEW;
    return a == KEYRING_CHANGED ? a : b;
}

typedef err *put_function(struct keyring *k, const struct cert *c, enum keyring_put *out);

static err *put(struct takeover *t, put_function *into, const struct cert *c, struct outcome *o)
{
    struct keyring *k = NULL;
    enum keyring_put result;
    if (t->absent)
        return NULL;
    TRY(app_begin(t->app, &k));
    TRY(into(k, c, &result));
    o->result = both(o->result, result);
    o->left_out += keyring_left_out(k);
    return NULL;
}

static err *store_cert(struct takeover *t, const struct cert *c)
{
    struct outcome o = {.result = t->absent ? KEYRING_NEW : KEYRING_UNCHANGED};
    TRY(put(t, keyring_put_local, c, &o));
    for (size_t i = 0; i < t->own.n; i++) {
        struct own_key *own = &t->own.items[i];
        if (own->stored || !fingerprint_equal(cert_fingerprint(own->cert), cert_fingerprint(c)))
            continue;
        TRY(put(t, keyring_put_key, own->cert, &o));
        o.n_secret += own->n_secret;
        own->stored = true;
    }
    return add_outcome(t, c, &o);
}

/* A secring.gpg has nothing that a pubring.gpg would lack, but for what store_own finds. */
static err *store(struct takeover *t, bool secring, const struct cert *c)
{
    return secring ? NULL : store_cert(t, c);
}

static err *store_own(struct takeover *t)
{
    for (size_t i = 0; i < t->own.n; i++) {
        if (!t->own.items[i].stored)
            TRY(store_cert(t, t->own.items[i].cert));
    }
    return NULL;
}

/* Telling. */

static void tell(struct takeover *t, const struct outcome *o)
{
    static const char *const names[] = {"new", "changed", "unchanged"};
    struct report *r = &t->app->report;
    char fpr[FPR_TEXT_SIZE], secrets[40] = "";
    fingerprint_text(&o->fpr, fpr);
    if (o->n_secret > 0)
        snprintf(secrets, sizeof secrets, " (%zu secret key%s)", o->n_secret,
                 o->n_secret == 1 ? "" : "s");
    report_remark(r, "%-9s  %s  %s%s", names[o->result], fpr,
                  o->user[0] != '\0' ? o->user : "(no user ID)", secrets);
    import_tell_left_out(r, o->left_out);
    report_object(r, NULL);
    report_string(r, "result", names[o->result]);
    report_fingerprint(r, "fingerprint", &o->fpr);
    report_bytes(r, "userid", slice_of_string(o->user));
    report_number(r, "secret_keys", (int64_t)o->n_secret);
    report_number(r, "left_out", (int64_t)o->left_out);
    report_end_object(r);
}

static void tell_stored(struct takeover *t)
{
    struct report *r = &t->app->report;
    report_array(r, "imported");
    for (size_t i = 0; i < t->outcomes.n; i++)
        tell(t, &t->outcomes.items[i]);
    report_end_array(r);
    report_number(r, "new", (int64_t)t->n[KEYRING_NEW]);
    report_number(r, "changed", (int64_t)t->n[KEYRING_CHANGED]);
    report_number(r, "unchanged", (int64_t)t->n[KEYRING_UNCHANGED]);
    gnupgtrust_report(&t->trust, r);
}

/* Options that name keys; all others only say how GnuPG works. */

static const struct {
    const char *name, *why;
} options[] = {
    {"keyring", "another keyring: bulla cert import takes it"},
    {"primary-keyring", "another keyring: bulla cert import takes it"},
    {"trusted-key", "options are not taken over"},
};

/* The word at the start of the line, which blanks and dashes may precede. */
static bool is_option(const char *line, const char *name)
{
    size_t len = strlen(name);
    line += strspn(line, " \t-");
    return strncmp(line, name, len) == 0 && (line[len] == ' ' || line[len] == '\t');
}

static err *note_option(struct takeover *t, const char *line)
{
    AUTO(free) char *what = NULL;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!is_option(line, options[i].name))
            continue;
        TRY(mem_printf(&what, "gpg.conf: %s", line + strspn(line, " \t-")));
        return leftovers_note(&t->left, what, options[i].why);
    }
    return NULL;
}

static err *note_options(struct takeover *t)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(CONF_MAX);
    AUTO(free) char *path = NULL, *text = NULL;
    TRY(fs_join(t->directory, "gpg.conf", &path));
    if (!fs_exists(path))
        return NULL;
    err *e = fs_read_file(path, &file);
    if (e != NULL)
        return leftovers_add(&t->left, "gpg.conf", e);
    TRY(mem_string_of(buf_view(&file), &text));
    for (char *line = text, *rest; line != NULL; line = rest) {
        rest = strchr(line, '\n');
        if (rest != NULL)
            *rest++ = '\0';
        TRY(note_option(t, line));
    }
    return NULL;
}

/* The whole. */

static err *gather(struct takeover *t)
{
    const struct pass p = {.verb = "reading", .each = look, .first = true};
    AUTO(free) char *keys = NULL, *trust = NULL;
    TRY(fs_join(t->directory, "private-keys-v1.d", &keys));
    TRY(fs_join(t->directory, "trustdb.gpg", &trust));
    TRY(gnupgkeys_open(t->app, keys, &t->left, &t->keys));
    TRY(run_pass(t, &p));
    TRY(gnupgkeys_strays(&t->keys));
    TRY(note_options(t));
    return gnupgtrust_read(&t->trust, trust, &t->left);
}

static err *store_all(struct takeover *t)
{
    const struct pass p = {.verb = "importing", .each = store};
    struct keyring *k = NULL;
    TRY(run_pass(t, &p));
    TRY(store_own(t));
    if (t->absent)
        return NULL;
    TRY(app_begin(t->app, &k));
    return gnupgtrust_store(&t->trust, k);
}

/* Files are no part of the transaction: those of revocations follow. */
static err *finish(struct takeover *t, bool dry_run)
{
    AUTO(free) char *revocations = NULL;
    if (dry_run) {
        app_rollback(t->app);
        tell_stored(t);
        report_remark(&t->app->report, "Nothing was changed: this was a dry run.");
        return NULL;
    }
    TRY(app_commit(t->app));
    tell_stored(t);
    TRY(fs_join(t->directory, "openpgp-revocs.d", &revocations));
    return gnupgrevs_copy(t->app, revocations, &t->left);
}

static err *take_over(struct takeover *t, bool dry_run)
{
    struct report *r = &t->app->report;
    TRY(check_home(t->directory));
    TRY(check_content(t));
    report_string(r, "directory", t->directory);
    report_bool(r, "dry_run", dry_run);
    TRY(gather(t));
    TRY(store_all(t));
    TRY(finish(t, dry_run));
    leftovers_report(&t->left, r);
    err *e = leftovers_failure(&t->left);
    return err_kind_of(e) == ERR_LOCKED ? err_hint(e, "%s", t->app->passphrases.hint) : e;
}

static err *find_keyring(struct takeover *t)
{
    AUTO(free) char *path = NULL;
    if (t->app->home == NULL)
        return NULL;
    TRY(fs_join(t->app->home, "keyring.db", &path));
    t->absent = !fs_exists(path);
    t->app->writes = !t->absent;
    return NULL;
}

err *gnupg_take_over(struct app *app, const char *directory, bool dry_run)
{
    AUTO(free) char *home = NULL;
    TRY(find_home(directory, &home));
    CLEANUP(takeover_clear) struct takeover t = {.app = app, .directory = home};
    if (dry_run)
        TRY(find_keyring(&t));
    return take_over(&t, dry_run);
}
