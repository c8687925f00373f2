#include "cli/gnupgtrust.h"

#include "base/fs.h"
#include "base/mem.h"
#include "keyring/trustdb.h"

static const struct {
    enum trustdb_level level;
    enum trust_kind kind;
    unsigned amount;
    const char *name;
} levels[] = {
    {TRUSTDB_ULTIMATE, TRUST_ROOT, 120, "root"},
    {TRUSTDB_FULL, TRUST_INTRODUCER, 120, "introducer"},
    {TRUSTDB_MARGINAL, TRUST_INTRODUCER, 40, "introducer"},
    {TRUSTDB_NEVER, TRUST_NEVER, 0, "never"},
};
enum { N_LEVELS = sizeof levels / sizeof *levels };

err *gnupgtrust_seen(struct gnupgtrust *t, const struct fingerprint *fpr)
{
    return fpr->version == 5 ? VEC_PUSH(&t->v5, *fpr) : NULL;
}

void gnupgtrust_clear(struct gnupgtrust *t)
{
    vec_free(&t->settings);
    vec_free(&t->v5);
}

/* Reading. */

struct reading {
    struct gnupgtrust *trust;
    struct leftovers *left;
};

/* Of a fingerprint of version 5 it has the last 12 octets, and then the first 8. */
static bool stands_for(struct slice fpr, const struct fingerprint *v5)
{
    return memcmp(fpr.data, v5->bytes + FPR_V4_LEN, FPR_V6_LEN - FPR_V4_LEN) == 0 &&
           memcmp(fpr.data + FPR_V6_LEN - FPR_V4_LEN, v5->bytes, KEY_ID_LEN) == 0;
}

static struct fingerprint whole_fingerprint(const struct gnupgtrust *t, struct slice fpr)
{
    struct fingerprint f = {0};
    for (size_t i = 0; i < t->v5.n; i++) {
        if (stands_for(fpr, &t->v5.items[i]))
            return t->v5.items[i];
    }
    (void)fingerprint_from(4, fpr, &f);
    return f;
}

static err *add_entry(void *context, const struct trustdb_entry *entry)
{
    const struct reading *r = context;
    struct gnupgtrust_setting s = {.setting.fpr = whole_fingerprint(r->trust, entry->fpr)};
    char what[FPR_TEXT_SIZE];
    fingerprint_text(&s.setting.fpr, what);
    if (entry->disabled)
        TRY(leftovers_note(r->left, what, "that it is disabled: there is no such mark here"));
    for (size_t i = 0; i < N_LEVELS; i++) {
        if (levels[i].level != entry->level)
            continue;
        s.setting.kind = levels[i].kind;
        s.setting.amount = levels[i].amount;
        return VEC_PUSH(&r->trust->settings, s);
    }
    return NULL;
}

err *gnupgtrust_read(struct gnupgtrust *t, const char *path, struct leftovers *left)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(TRUSTDB_MAX);
    struct reading r = {t, left};
    if (!fs_exists(path))
        return NULL;
    err *e = fs_read_file(path, &file);
    if (e == NULL && file.len > 0)
        e = trustdb_each(buf_view(&file), add_entry, &r);
    return e == NULL ? NULL : leftovers_add(left, "trustdb.gpg", e);
}

/* Storing. */

static err *keep(void *context, const struct trust_setting *here)
{
    struct gnupgtrust *t = context;
    for (size_t i = 0; i < t->settings.n; i++) {
        struct gnupgtrust_setting *s = &t->settings.items[i];
        if (fingerprint_equal(&s->setting.fpr, &here->fpr))
            s->kept = true;
    }
    return NULL;
}

err *gnupgtrust_store(struct gnupgtrust *t, struct keyring *k)
{
    TRY(keyring_trust_each(k, keep, t));
    for (size_t i = 0; i < t->settings.n; i++) {
        if (!t->settings.items[i].kept)
            TRY(keyring_trust_put(k, &t->settings.items[i].setting));
    }
    return NULL;
}

static const char *name_of(enum trust_kind kind)
{
    for (size_t i = 0; i < N_LEVELS; i++) {
        if (levels[i].kind == kind)
            return levels[i].name;
    }
    return "unknown";
}

void gnupgtrust_report(const struct gnupgtrust *t, struct report *r)
{
    report_array(r, "trust");
    for (size_t i = 0; i < t->settings.n; i++) {
        const struct gnupgtrust_setting *s = &t->settings.items[i];
        const char *name = name_of(s->setting.kind);
        char fpr[FPR_TEXT_SIZE];
        fingerprint_text(&s->setting.fpr, fpr);
        if (!s->kept)
            report_remark(r, "trust      %s  %s %u", fpr, name, s->setting.amount);
        report_object(r, NULL);
        report_fingerprint(r, "fingerprint", &s->setting.fpr);
        report_string(r, "kind", name);
        report_number(r, "amount", s->setting.amount);
        report_bool(r, "kept", s->kept);
        report_end_object(r);
    }
    report_end_array(r);
}
