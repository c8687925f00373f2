#include "cli/keydiff.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/show.h"
#include "crypto/algo.h"
#include "pgp/changes.h"
#include "pgp/revocation.h"

/* One component in both states. */
struct pair {
    const struct bound_cert *was_in, *is_in;
    const struct bound *was; /* NULL: it is new */
    const struct bound *is;
    struct buf words; /* "expires 2029-01-01, was 2027-01-01; now the primary one" */
};

static void pair_clear(struct pair *p)
{
    buf_clear(&p->words);
}

static bool is_key(const struct pair *p)
{
    enum component_kind kind = p->is->component->kind;
    return kind == COMPONENT_PRIMARY || kind == COMPONENT_SUBKEY;
}

static void add_words(struct pair *p, const char *text)
{
    if (p->words.len > 0)
        buf_text(&p->words, "; ");
    buf_text(&p->words, text);
}

/* Words. */

static void when_it_ends(const struct bound_cert *b, int64_t at, char text[static WHEN_TEXT_SIZE])
{
    if (at == 0)
        snprintf(text, WHEN_TEXT_SIZE, "never");
    else if (at <= b->at && at > b->at - 60)
        snprintf(text, WHEN_TEXT_SIZE, "now");
    else
        when_date(at, text);
}

static void say_expiry(struct pair *p)
{
    char now[WHEN_TEXT_SIZE], before[WHEN_TEXT_SIZE], text[3 * WHEN_TEXT_SIZE + 16];
    when_it_ends(p->is_in, p->is->expires_at, now);
    if (p->was == NULL) {
        snprintf(text, sizeof text, "expires %s", now);
    } else {
        when_it_ends(p->was_in, p->was->expires_at, before);
        snprintf(text, sizeof text, "expires %s, was %s", now, before);
    }
    add_words(p, text);
}

static void say_flags(struct pair *p)
{
    char flags[SHOW_FLAGS_MAX], text[SHOW_FLAGS_MAX + 8];
    show_flags_text(p->is->key_flags, flags);
    snprintf(text, sizeof text, "may %s", flags);
    add_words(p, text);
}

static bool is_primary_user(const struct bound_cert *b, const struct bound *x)
{
    return x != NULL && x == b->primary_user;
}

static bool has_other_secret(const struct pair *p)
{
    const struct component *a = p->was->component, *b = p->is->component;
    return a->has_secret && b->has_secret && !slice_equal(a->packet.body, b->packet.body);
}

static void say_secret(struct pair *p)
{
    bool protected = p->is->component->secret.state == SECKEY_PROTECTED;
    bool before = p->was->component->secret.state == SECKEY_PROTECTED;
    if (!protected)
        add_words(p, "not protected by a passphrase any more");
    else
        add_words(p, before ? "protected anew by a passphrase" : "protected by a passphrase");
}

static void say_new(struct pair *p)
{
    char kind[PK_DESCRIPTION_MAX];
    if (is_key(p)) {
        pubkey_describe(&p->is->component->key, kind);
        add_words(p, kind);
        say_flags(p);
        say_expiry(p);
    } else if (is_primary_user(p->is_in, p->is)) {
        add_words(p, "the primary one");
    }
}

static void say_changed(struct pair *p)
{
    bool primary = is_primary_user(p->is_in, p->is);
    if (p->is->expires_at != p->was->expires_at)
        say_expiry(p);
    if (is_key(p) && p->is->key_flags != p->was->key_flags)
        say_flags(p);
    if (p->was->problem != NULL && p->is->problem == NULL)
        add_words(p, "valid again");
    if (primary != is_primary_user(p->was_in, p->was))
        add_words(p, primary ? "now the primary one" : "not the primary one any more");
    if (is_key(p) && has_other_secret(p))
        say_secret(p);
}

static void say_revoked(struct pair *p, const struct sig *revocation)
{
    char text[512];
    AUTO(err_free) err *reason = revocation_problem(p->is_in->cert, revocation);
    add_words(p, err_text(reason, text, sizeof text));
}

/* What has become of it; NULL: nothing. */
static const char *outcome(struct pair *p)
{
    if (p->was == NULL) {
        say_new(p);
        return "new";
    }
    const struct sig *revocation = changes_revocation(p->is_in->cert, p->was, p->is->component);
    if (revocation != NULL) {
        say_revoked(p, revocation);
        return "revoked";
    }
    say_changed(p);
    if (p->words.len > 0)
        return "changed";
    return changes_count(p->was, p->is->component) > 0 ? "signed again" : NULL;
}

/* Telling. */

static void put_end(struct report *r, const char *name, int64_t at)
{
    if (at != 0)
        report_time(r, name, at);
    else
        report_string(r, name, NULL);
}

static void put_component(struct report *r, const struct pair *p)
{
    const struct component *x = p->is->component;
    char kind[PK_DESCRIPTION_MAX];
    if (x->kind == COMPONENT_USER_ID) {
        report_bytes(r, "userid", x->packet.body);
        report_bool(r, "primary", is_primary_user(p->is_in, p->is));
    }
    if (!is_key(p))
        return;
    pubkey_describe(&x->key, kind);
    report_fingerprint(r, "fingerprint", &x->key.fpr);
    report_bool(r, "primary", x->kind == COMPONENT_PRIMARY);
    report_string(r, "algorithm", kind);
    show_flags(r, p->is->key_flags);
    put_end(r, "expires", p->is->expires_at);
    if (p->was != NULL)
        put_end(r, "expired_before", p->was->expires_at);
}

static void put_signatures(struct report *r, const struct pair *p)
{
    const struct component *x = p->is->component;
    report_array(r, "signatures");
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct cert_sig *s = &x->sigs.items[i];
        if (!s->parsed || !changes_is_new(p->was, &s->sig))
            continue;
        report_object(r, NULL);
        report_string(r, "type", sig_type_name(s->sig.type));
        report_time(r, "made", s->sig.created_at);
        report_string(r, "hash", algo_hash_name(s->sig.hash_algo));
        report_end_object(r);
    }
    report_end_array(r);
}

static err *tell(struct app *app, struct pair *p, const char *what)
{
    AUTO(free) char *name = NULL, *words = NULL;
    struct report *r = &app->report;
    TRY(buf_end(&p->words));
    TRY(mem_string_of(buf_view(&p->words), &words));
    TRY(show_component_name(p->is->component, &name));
    report_say(r, "%-12s  %s%s%s", what, name, words[0] != '\0' ? ": " : "", words);
    report_object(r, NULL);
    report_string(r, "change", what);
    put_component(r, p);
    report_string(r, "what", words);
    put_signatures(r, p);
    report_end_object(r);
    return NULL;
}

err *keydiff_show(struct app *app, const struct bound_cert *before, const struct bound_cert *after,
                  size_t *n_changes)
{
    *n_changes = 0;
    report_array(&app->report, "changes");
    for (size_t i = 0; i < after->n; i++) {
        CLEANUP(pair_clear)
        struct pair p = {.was_in = before, .is_in = after, .words = BUF_EMPTY(1 << 16)};
        p.is = &after->items[i];
        p.was = changes_find(before, p.is->component);
        const char *what = outcome(&p);
        if (what == NULL)
            continue;
        TRY(tell(app, &p, what));
        (*n_changes)++;
    }
    report_end_array(&app->report);
    return NULL;
}
