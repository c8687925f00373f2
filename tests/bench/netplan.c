#include "netplan.h"

#include <string.h>

#include "base/mem.h"

enum { FORGED = 255 };

err *net_add_cert(struct net *n, uint32_t created, uint32_t valid_for)
{
    const struct net_cert c = {.created = created, .valid_for = valid_for};
    return VEC_PUSH(&n->certs, c);
}

err *net_add_user(struct net *n, int32_t cert, uint32_t self_at, const char *name)
{
    struct net_user u = {.cert = cert, .serial = (uint32_t)n->users.n, .self_at = self_at};
    u.name = strdup(name);
    return u.name == NULL ? err_no_memory() : VEC_PUSH(&n->users, u);
}

err *net_add_sig(struct net *n, const struct net_sig *sig)
{
    struct net_sig s = *sig;
    s.serial = (uint32_t)n->sigs.n;
    if (s.scopes != NULL && (s.scopes = strdup(s.scopes)) == NULL)
        return err_no_memory();
    return VEC_PUSH(&n->sigs, s);
}

err *net_add_root(struct net *n, int32_t cert, int32_t amount)
{
    const struct net_pair p = {cert, amount};
    return VEC_PUSH(&n->roots, p);
}

err *net_add_target(struct net *n, int32_t cert, int32_t user)
{
    const struct net_pair p = {cert, user};
    return VEC_PUSH(&n->targets, p);
}

err *net_add_time(struct net *n, uint32_t at)
{
    return VEC_PUSH(&n->times, at);
}

/* The first one of a certificate; they are sorted. */
static size_t first_user(const struct net *n, int32_t cert)
{
    size_t low = 0, high = n->users.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (n->users.items[middle].cert < cert)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct net_user *net_user(const struct net *n, int32_t cert, int32_t user)
{
    size_t at = first_user(n, cert) + (size_t)user;
    if (user < 0 || at >= n->users.n || n->users.items[at].cert != cert)
        return NULL;
    return &n->users.items[at];
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int order_users(const void *a, const void *b)
{
    const struct net_user *x = a, *y = b;
    int by_cert = order(x->cert, y->cert);
    return by_cert != 0 ? by_cert : order(x->serial, y->serial);
}

static int order_sigs(const void *a, const void *b)
{
    const struct net_sig *x = a, *y = b;
    int by_subject = order(x->subject, y->subject);
    int by_user = order(x->user, y->user);
    if (by_subject != 0 || by_user != 0)
        return by_subject != 0 ? by_subject : by_user;
    return order(x->serial, y->serial);
}

void net_sort(struct net *n)
{
    qsort(n->users.items, n->users.n, sizeof *n->users.items, order_users);
    qsort(n->sigs.items, n->sigs.n, sizeof *n->sigs.items, order_sigs);
}

/* Text. */

static uint32_t read_time(const char *text)
{
    unsigned long value = strtoul(text, NULL, 10);
    return (uint32_t)(value > 0 && value < 1000000 ? NET_START + value * NET_DAY : value);
}

/* The next word, or "" at the end. */
static char *word(char **line)
{
    char *w = strsep(line, " ");
    return w != NULL ? w : "";
}

static int32_t number(char **line)
{
    const char *w = word(line);
    return *w == '-' && w[1] == '\0' ? -1 : (int32_t)strtol(w, NULL, 10);
}

static uint32_t time_word(char **line)
{
    return read_time(word(line));
}

/* A duration is in seconds, or, below a million, in days. */
static uint32_t duration(char **line)
{
    uint32_t t = time_word(line);
    return t > NET_START ? t - NET_START : t;
}

static err *read_sig(struct net *n, char *line)
{
    struct net_sig s = {.issuer = number(&line), .subject = number(&line), .user = number(&line)};
    s.type = (uint8_t)strtoul(word(&line), NULL, 16);
    s.at = time_word(&line);
    s.valid_for = duration(&line);
    int32_t depth = number(&line), amount = number(&line);
    s.has_trust = depth >= 0;
    s.depth = s.has_trust ? (uint8_t)depth : 0;
    s.amount = s.has_trust ? (uint8_t)amount : 120;
    s.reason = (uint8_t)number(&line);
    s.hash = (uint8_t)number(&line);
    s.is_forged = s.hash == FORGED;
    s.scopes = line != NULL && *line != '\0' ? line : NULL;
    return net_add_sig(n, &s);
}

static bool read_hex(const char *text, struct fingerprint *f)
{
    f->version = 4;
    f->len = FPR_V4_LEN;
    for (size_t i = 0; i < f->len; i++) {
        char digits[3] = {text[2 * i], text[2 * i] != '\0' ? text[2 * i + 1] : '\0', '\0'};
        char *end;
        f->bytes[i] = (uint8_t)strtoul(digits, &end, 16);
        if (end != digits + 2)
            return false;
    }
    return true;
}

static bool is_cert(const struct net *n, int32_t cert)
{
    return cert >= 0 && (size_t)cert < n->certs.n;
}

static err *read_about_cert(struct net *n, const char *kind, char *line)
{
    int32_t cert = number(&line);
    if (!is_cert(n, cert))
        return err_new(ERR_MALFORMED, "%s %d: there is no such certificate", kind, (int)cert);
    if (strcmp(kind, "user") == 0) {
        uint32_t self_at = time_word(&line);
        return net_add_user(n, cert, self_at, line != NULL ? line : "");
    }
    if (strcmp(kind, "root") == 0)
        return net_add_root(n, cert, number(&line));
    if (strcmp(kind, "target") == 0)
        return net_add_target(n, cert, number(&line));
    if (strcmp(kind, "fpr") == 0 && read_hex(word(&line), &n->certs.items[cert].fpr))
        return NULL;
    return err_new(ERR_MALFORMED, "what is \"%s\"?", kind);
}

static err *read_line(struct net *n, char *line)
{
    const char *kind = word(&line);
    if (strcmp(kind, "cert") == 0) {
        uint32_t created = time_word(&line);
        return net_add_cert(n, created, duration(&line));
    }
    if (strcmp(kind, "sig") == 0)
        return read_sig(n, line);
    if (strcmp(kind, "at") == 0)
        return net_add_time(n, time_word(&line));
    return *kind == '\0' || *kind == '#' ? NULL : read_about_cert(n, kind, line);
}

static err *check_sigs(const struct net *n)
{
    for (size_t i = 0; i < n->sigs.n; i++) {
        const struct net_sig *s = &n->sigs.items[i];
        bool has_user = s->user < 0 || net_user(n, s->subject, s->user) != NULL;
        if (!is_cert(n, s->subject) || s->issuer >= (int32_t)n->certs.n || !has_user)
            return err_new(ERR_MALFORMED, "sig %d %d %d: there is no such certificate or user ID",
                           (int)s->issuer, (int)s->subject, (int)s->user);
    }
    return NULL;
}

err *net_read(struct net *n, FILE *from)
{
    char *line = NULL;
    size_t size = 0;
    err *e = NULL;
    while (e == NULL && getline(&line, &size, from) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        e = read_line(n, line);
    }
    free(line);
    if (e != NULL)
        return e;
    net_sort(n);
    return check_sigs(n);
}

static void print_sig(const struct net_sig *s, FILE *to)
{
    fprintf(to, "sig %d %d ", (int)s->issuer, (int)s->subject);
    if (s->user < 0)
        fputs("-", to);
    else
        fprintf(to, "%d", (int)s->user);
    fprintf(to, " %02x %u %u ", s->type, s->at, s->valid_for);
    if (s->has_trust)
        fprintf(to, "%u %u", s->depth, s->amount);
    else
        fputs("- -", to);
    fprintf(to, " %u %u%s%s\n", s->reason, s->is_forged ? FORGED : s->hash,
            s->scopes != NULL ? " " : "", s->scopes != NULL ? s->scopes : "");
}

static void print_fpr(const struct net *n, size_t cert, FILE *to)
{
    char text[FPR_TEXT_SIZE];
    if (n->certs.items[cert].fpr.version == 0)
        return;
    fingerprint_text(&n->certs.items[cert].fpr, text);
    fprintf(to, "fpr %zu %s\n", cert, text);
}

void net_print(const struct net *n, FILE *to)
{
    for (size_t i = 0; i < n->certs.n; i++)
        fprintf(to, "cert %u %u\n", n->certs.items[i].created, n->certs.items[i].valid_for);
    for (size_t i = 0; i < n->users.n; i++) {
        const struct net_user *u = &n->users.items[i];
        fprintf(to, "user %d %u %s\n", (int)u->cert, u->self_at, u->name);
    }
    for (size_t i = 0; i < n->sigs.n; i++)
        print_sig(&n->sigs.items[i], to);
    for (size_t i = 0; i < n->roots.n; i++)
        fprintf(to, "root %d %d\n", (int)n->roots.items[i].cert, (int)n->roots.items[i].value);
    for (size_t i = 0; i < n->targets.n; i++)
        fprintf(to, "target %d %d\n", (int)n->targets.items[i].cert,
                (int)n->targets.items[i].value);
    for (size_t i = 0; i < n->times.n; i++)
        fprintf(to, "at %u\n", n->times.items[i]);
    for (size_t i = 0; i < n->certs.n; i++)
        print_fpr(n, i, to);
}

void net_clear(struct net *n)
{
    for (size_t i = 0; i < n->users.n; i++)
        free(n->users.items[i].name);
    for (size_t i = 0; i < n->sigs.n; i++)
        free((char *)n->sigs.items[i].scopes);
    vec_free(&n->certs);
    vec_free(&n->users);
    vec_free(&n->sigs);
    vec_free(&n->roots);
    vec_free(&n->targets);
    vec_free(&n->times);
}
