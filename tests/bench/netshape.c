#include "netshape.h"

#include <string.h>

#include "packet/sig.h"

enum { DOMAINS = 5, FULL = 120, UNLIMITED = 255, NAME_MAX = 80 };

const char net_shapes_help[] =
    "    random CERTS SIGS              of everything that may be\n"
    "    plain CERTS SIGS DEPTH AMOUNT  all valid; AMOUNT 0: of every size\n"
    "    parallel PATHS                 from the root over one introducer each\n"
    "    chain LENGTH                   one after the other\n"
    "    cliques COUNT SIZE             all certify all within one, and one goes to the next\n"
    "    cycle LENGTH                   a ring with chords\n"
    "    flood SIGS                     on one user ID, forged, by certificates that are here\n"
    "    strangers SIGS                 on one user ID, by keys that are not\n"
    "    regex LENGTH                   expressions that take very long if one is not careful\n";

struct shape {
    struct net *net;
    uint64_t state; /* of the random numbers */
    int32_t a, b, c, d;
    bool has_direct; /* delegations over keys themselves, in one seed of four */
};

/* splitmix64: all the same on every machine. */
static uint64_t next(struct shape *s)
{
    uint64_t z = s->state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static int32_t below(struct shape *s, int32_t n)
{
    return (int32_t)(next(s) % (uint64_t)n);
}

static int32_t between(struct shape *s, int32_t low, int32_t high)
{
    return low + below(s, high - low + 1);
}

static bool chance(struct shape *s, int percent)
{
    return below(s, 100) < percent;
}

static uint32_t day(int32_t number)
{
    return NET_START + (uint32_t)number * NET_DAY;
}

/* An ordinary certificate with one user ID, from the first day on. */
static err *add_cert(struct shape *s, int32_t number)
{
    char name[NAME_MAX];
    snprintf(name, sizeof name, "User %06d <user%06d@d%d.example>", (int)number, (int)number,
             (int)(number % DOMAINS));
    TRY(net_add_cert(s->net, day(0), 0));
    return net_add_user(s->net, number, day(0), name);
}

static err *add_certs(struct shape *s, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        TRY(add_cert(s, i));
    return NULL;
}

static struct net_sig sig_by(int32_t issuer, int32_t subject, int depth, int amount)
{
    return (struct net_sig){.issuer = issuer,
                            .subject = subject,
                            .type = SIG_CERT_GENERIC,
                            .at = day(10),
                            .has_trust = depth > 0 || amount != FULL,
                            .depth = (uint8_t)depth,
                            .amount = (uint8_t)amount};
}

static err *certify(struct shape *s, int32_t issuer, int32_t subject, int depth, int amount)
{
    const struct net_sig sig = sig_by(issuer, subject, depth, amount);
    return net_add_sig(s->net, &sig);
}

/* What there is to ask about: from one root to one target. */
static err *ask(struct shape *s, int32_t target)
{
    TRY(net_add_root(s->net, 0, FULL));
    TRY(net_add_target(s->net, target, 0));
    return net_add_time(s->net, day(1000));
}

/* Everything that may be. */

enum { LAST_DAY = 1800, STEPS = 60 };

static err *random_user(struct shape *s, int32_t cert, int32_t number)
{
    char name[NAME_MAX];
    uint32_t created = s->net->certs.items[cert].created;
    snprintf(name, sizeof name, "%s%d of %d <u%d.%d@d%d.example>", number == 0 ? "User " : "Name ",
             (int)number, (int)cert, (int)cert, (int)number, (int)below(s, DOMAINS));
    TRY(net_add_user(s->net, cert, chance(s, 94) || number == 0 ? created : 0, name));
    if (!chance(s, 5))
        return NULL;
    const struct net_sig revocation = {.issuer = cert,
                                       .subject = cert,
                                       .user = number,
                                       .type = SIG_CERT_REVOCATION,
                                       .at = day(between(s, 300, LAST_DAY)),
                                       .reason = chance(s, 70) ? REVOKED_USER_ID : 0};
    return net_add_sig(s->net, &revocation);
}

static err *random_cert(struct shape *s, int32_t number)
{
    static const uint8_t reasons[] = {REVOKED_SUPERSEDED, REVOKED_RETIRED, REVOKED_COMPROMISED,
                                      REVOKED_NO_REASON};
    int32_t made = chance(s, 70) ? 0 : between(s, 1, 400);
    uint32_t valid_for = chance(s, 12) ? (uint32_t)between(s, 300, 1500) * NET_DAY : 0;
    TRY(net_add_cert(s->net, day(made), valid_for));
    TRY(random_user(s, number, 0));
    if (chance(s, 40))
        TRY(random_user(s, number, 1));
    if (!chance(s, 7))
        return NULL;
    const struct net_sig revocation = {.issuer = number,
                                       .subject = number,
                                       .user = -1,
                                       .type = SIG_KEY_REVOCATION,
                                       .at = day(between(s, 400, LAST_DAY)),
                                       .reason = reasons[below(s, 4)]};
    return net_add_sig(s->net, &revocation);
}

static uint8_t random_depth(struct shape *s)
{
    static const uint8_t depths[] = {0, 0, 0, 1, 1, 2, 2, 3, 3, UNLIMITED};
    return depths[below(s, 10)];
}

static uint8_t random_amount(struct shape *s)
{
    int32_t roll = below(s, 100);
    if (roll < 5)
        return 0;
    return (uint8_t)(roll < 40 ? FULL : between(s, 1, FULL));
}

static void random_scopes(struct shape *s, size_t size, char *out)
{
    size_t len = 0;
    for (int32_t i = chance(s, 70) ? 1 : 2; i > 0; i--) {
        int n = snprintf(out + len, size - len, "%s<[^>]+[@.]d%d\\.example>$", len > 0 ? " " : "",
                         (int)below(s, DOMAINS));
        len += (size_t)n;
    }
}

/* Steps of days, so that much is made in the same second. */
static uint32_t random_time(struct shape *s)
{
    return day(30 * between(s, 1, STEPS));
}

static int32_t random_user_of(struct shape *s, int32_t cert)
{
    return net_user(s->net, cert, 1) != NULL ? below(s, 2) : 0;
}

/* Says something else, or takes it back, or both; never in the same second, of which programs
 * think differently. */
static err *random_changes(struct shape *s, struct net_sig *sig)
{
    if (chance(s, 7)) {
        struct net_sig back = *sig;
        back.type = SIG_CERT_REVOCATION;
        back.at += (uint32_t)between(s, 0, 20) * 30 * NET_DAY + 1;
        back.reason = chance(s, 60) ? REVOKED_NO_REASON : REVOKED_RETIRED;
        back.has_trust = false;
        back.valid_for = 0;
        back.scopes = NULL;
        if (back.user >= 0)
            TRY(net_add_sig(s->net, &back));
    }
    if (!chance(s, 20))
        return NULL;
    sig->at = random_time(s);
    sig->user = random_user_of(s, sig->subject);
    sig->type = (uint8_t)between(s, SIG_CERT_GENERIC, SIG_CERT_POSITIVE);
    sig->depth = random_depth(s);
    sig->amount = random_amount(s);
    sig->has_trust = true;
    sig->scopes = NULL;
    return net_add_sig(s->net, sig);
}

static err *random_sig(struct shape *s, int32_t issuer, int32_t subject)
{
    char scopes[NAME_MAX * 2];
    struct net_sig sig = sig_by(issuer, subject, random_depth(s), random_amount(s));
    sig.user = random_user_of(s, subject);
    sig.type = (uint8_t)between(s, SIG_CERT_GENERIC, SIG_CERT_POSITIVE);
    sig.at = random_time(s);
    sig.valid_for = chance(s, 20) ? (uint32_t)between(s, 60, 1500) * NET_DAY : 0;
    if (chance(s, 15)) {
        random_scopes(s, sizeof scopes, scopes);
        sig.scopes = scopes;
        sig.has_trust = true;
    }
    if (sig.depth > 0 && s->has_direct && chance(s, 8)) {
        sig.user = -1;
        sig.type = SIG_DIRECT_KEY;
    }
    TRY(net_add_sig(s->net, &sig));
    return random_changes(s, &sig);
}

static err *shape_random(struct shape *s)
{
    for (int32_t i = 0; i < s->a; i++)
        TRY(random_cert(s, i));
    for (int32_t i = 0; i < s->b; i++) {
        int32_t issuer = below(s, s->a), subject = below(s, s->a);
        TRY(issuer == subject ? NULL : random_sig(s, issuer, subject));
    }
    for (int32_t i = 0, n = between(s, 1, s->a < 3 ? 1 : 3); i < n; i++)
        TRY(net_add_root(s->net, i, FULL));
    for (int32_t at = 600; at <= 1900; at += 650)
        TRY(net_add_time(s->net, day(at)));
    return NULL;
}

/* All valid.  The last certificate is certified by nobody, the one before only by one whom
 * nobody certifies. */
static err *shape_plain(struct shape *s)
{
    int32_t common = s->a - 3;
    TRY(add_certs(s, s->a));
    for (int32_t i = 0; i < s->b - 1; i++) {
        int32_t issuer = below(s, common), subject = below(s, common);
        int amount = s->d > 0 ? s->d : between(s, 10, FULL);
        while (subject == issuer)
            subject = below(s, common);
        TRY(certify(s, issuer, subject, s->c, amount));
    }
    TRY(certify(s, common, common + 1, s->c, FULL));
    TRY(ask(s, common / 2));
    TRY(net_add_target(s->net, common / 3, 0));
    TRY(net_add_target(s->net, common + 1, 0));
    return net_add_target(s->net, common + 2, 0);
}

/* Hostile. */

static err *shape_parallel(struct shape *s)
{
    int32_t target = s->a + 1;
    TRY(add_certs(s, s->a + 2));
    for (int32_t i = 1; i <= s->a; i++) {
        TRY(certify(s, 0, i, 1, 1));
        TRY(certify(s, i, target, 0, 1));
    }
    return ask(s, target);
}

static err *shape_chain(struct shape *s)
{
    TRY(add_certs(s, s->a + 1));
    for (int32_t i = 0; i < s->a; i++)
        TRY(certify(s, i, i + 1, UNLIMITED, FULL - i % 20));
    return ask(s, s->a);
}

/* The target is certified by the last one of the last clique, with too little. */
static err *shape_cliques(struct shape *s)
{
    int32_t n = s->a * s->b;
    TRY(add_certs(s, n + 1));
    for (int32_t i = 0; i < n; i++) {
        int32_t first = i - i % s->b;
        for (int32_t k = first; k < first + s->b; k++)
            TRY(k == i ? NULL : certify(s, i, k, UNLIMITED, between(s, 10, 60)));
        if (i + 1 < n && i + 1 == first + s->b)
            TRY(certify(s, i, i + 1, UNLIMITED, FULL));
    }
    TRY(certify(s, n - 1, n, 0, FULL));
    return ask(s, n);
}

static err *shape_cycle(struct shape *s)
{
    TRY(add_certs(s, s->a + 1));
    for (int32_t i = 0; i < s->a; i++) {
        TRY(certify(s, i, (i + 1) % s->a, UNLIMITED, FULL));
        TRY(certify(s, (i + 1) % s->a, i, UNLIMITED, FULL));
        TRY(certify(s, i, (i * 7 + 3) % s->a, UNLIMITED, between(s, 1, 20)));
    }
    TRY(certify(s, s->a / 2, s->a, 0, 70));
    return ask(s, s->a);
}

/* The flooded certificate comes last: the keys that have really certified it are at hand then. */
static err *flood(struct shape *s, int32_t n_certs, bool forged)
{
    int32_t target = n_certs - 1;
    TRY(add_certs(s, n_certs));
    for (int32_t i = 0; i < s->a; i++) {
        struct net_sig sig = sig_by(forged ? 1 + i % (target - 1) : -1 - i % 50, target, 1, FULL);
        sig.at += (uint32_t)i;
        sig.is_forged = true;
        TRY(net_add_sig(s->net, &sig));
    }
    TRY(certify(s, 0, 1, 1, FULL));
    TRY(certify(s, 1, target, 0, 90));
    return ask(s, target);
}

static err *shape_flood(struct shape *s)
{
    return flood(s, 102, true);
}

static err *shape_strangers(struct shape *s)
{
    return flood(s, 3, false);
}

static void repeat(const char *what, int32_t times, size_t size, char *out)
{
    size_t len = strlen(out);
    for (; times > 0 && len + strlen(what) + 1 < size; times--)
        len += (size_t)snprintf(out + len, size - len, "%s", what);
}

/* Each introducer has an expression of its own, that does not match, of the kinds that
 * backtrack; the last one's matches. */
static err *shape_regex(struct shape *s)
{
    static const char *const pieces[] = {"a*", "a?", "(a|a)*", "((a*)*)*", "(a|aa)+", ".*"};
    enum { N = sizeof pieces / sizeof *pieces, REGEX_ROOM = 4096 };
    char name[REGEX_ROOM] = "";
    TRY(add_certs(s, N + 2));
    repeat("a", s->a, sizeof name - 20, name);
    repeat(" <a@d0.example>", 1, sizeof name, name);
    TRY(net_add_cert(s->net, day(0), 0));
    TRY(net_add_user(s->net, N + 2, day(0), name));
    for (int32_t i = 0; i <= N; i++) {
        char regex[REGEX_ROOM] = "^";
        struct net_sig sig = sig_by(0, i + 1, 2, 10 * (i + 1));
        repeat(pieces[i % N], s->a, REGEX_ROOM / 2, regex);
        repeat(i < N ? "b$" : "<a@", 1, sizeof regex, regex);
        sig.scopes = i < N ? regex : "<[^>]+[@.]d0\\.example>$";
        TRY(net_add_sig(s->net, &sig));
        TRY(certify(s, i + 1, N + 2, 0, FULL));
    }
    return ask(s, N + 2);
}

struct named_shape {
    const char *name;
    int numbers;
    err *(*make)(struct shape *s);
};

static const struct named_shape shapes[] = {
    {"random", 2, shape_random}, {"plain", 4, shape_plain},     {"parallel", 1, shape_parallel},
    {"chain", 1, shape_chain},   {"cliques", 2, shape_cliques}, {"cycle", 1, shape_cycle},
    {"flood", 1, shape_flood},   {"regex", 1, shape_regex},     {"strangers", 1, shape_strangers},
};

static bool read_numbers(char *const *words, int count, struct shape *s)
{
    int32_t *const numbers[] = {&s->a, &s->b, &s->c, &s->d};
    for (int i = 0; i < count; i++) {
        if (words[i] == NULL)
            return false;
        *numbers[i] = (int32_t)strtol(words[i], NULL, 10);
    }
    return words[count] == NULL && s->a > 0;
}

err *net_shape(char *const *words, uint32_t seed, struct net *out)
{
    struct shape s = {.net = out, .state = seed, .has_direct = seed % 4 == 0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (strcmp(words[0], shapes[i].name) == 0 && read_numbers(words + 1, shapes[i].numbers, &s))
            return shapes[i].make(&s);
    }
    return err_new(ERR_USAGE, "that is no shape, or its numbers are others");
}
