#include "cli/gnupgkeys.h"

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "crypto/ct.h"

/* Reading. */

static err *read_key(const char *directory, const char *name, struct agentkey **out)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(AGENTKEY_FILE_MAX);
    AUTO(free) char *path = NULL;
    TRY(fs_join(directory, name, &path));
    TRY(fs_read_file(path, &file));
    return agentkey_parse(buf_view(&file), out);
}

static err *add_file(struct gnupgkeys *g, const char *directory, const char *name)
{
    AUTO(agentkey_free) struct agentkey *key = NULL;
    AUTO(free) char *copy = NULL;
    err *e = read_key(directory, name, &key);
    if (e != NULL)
        return leftovers_add(g->left, name, e);
    TRY(mem_strdup(name, &copy));
    TRY(VEC_PUSH(&g->files, ((struct gnupgkey){.name = copy, .key = key})));
    copy = NULL;
    key = NULL;
    return NULL;
}

err *gnupgkeys_open(struct app *app, const char *directory, struct leftovers *left,
                    struct gnupgkeys *out)
{
    CLEANUP(fs_names_clear) struct fs_names names = {0};
    *out = (struct gnupgkeys){.app = app, .left = left};
    if (!fs_exists(directory))
        return NULL;
    err *e = fs_list(directory, ".key", &names);
    if (e != NULL)
        return leftovers_add(left, "private-keys-v1.d", e);
    for (size_t i = 0; i < names.n; i++)
        TRY(add_file(out, directory, names.items[i]));
    return NULL;
}

void gnupgkeys_clear(struct gnupgkeys *g)
{
    for (size_t i = 0; i < g->files.n; i++) {
        free(g->files.items[i].name);
        agentkey_free(g->files.items[i].key);
    }
    for (size_t i = 0; i < g->passphrases.n; i++)
        secret_free(g->passphrases.items[i]);
    vec_free(&g->files);
    vec_free(&g->passphrases);
}

/* Passphrases. */

/* One key on its way into a packet. */
struct taking {
    struct gnupgkeys *all;
    const struct agentkey *key;
    const struct cert *cert;
    const struct component *of;
    struct buf *body;
};

static err *write_with(const struct taking *t, const struct secret *passphrase)
{
    uint8_t type = t->of->kind == COMPONENT_PRIMARY ? PACKET_SECRET_KEY : PACKET_SECRET_SUBKEY;
    buf_reset(t->body);
    return agentkey_write(t->key, &t->of->key, type, passphrase, &t->all->app->limits,
                          t->all->app->world, t->body);
}

/* True with the outcome where that is not "wrong passphrase". */
static bool settles(const struct taking *t, const struct secret *passphrase, err **outcome)
{
    *outcome = write_with(t, passphrase);
    if (err_kind_of(*outcome) != ERR_LOCKED)
        return true;
    err_free(*outcome);
    *outcome = NULL;
    return false;
}

static bool is_known(const struct gnupgkeys *g, const struct secret *passphrase)
{
    for (size_t i = 0; i < g->passphrases.n; i++) {
        if (ct_equal(secret_view(g->passphrases.items[i]), secret_view(passphrase)))
            return true;
    }
    return false;
}

/* The outcome is about this key; an error returned is not. */
static err *ask_until_it_fits(const struct taking *t, err **outcome)
{
    struct gnupgkeys *g = t->all;
    const struct key_finder finder = app_finder(g->app);
    struct passphrase_request request = {
        .purpose = PASSPHRASE_FOR_KEY, .cert = t->cert, .key = &t->of->key};
    for (;; request.attempt++) {
        AUTO(secret_free) struct secret *offered = NULL;
        TRY(interrupt_check());
        TRY(finder.passphrase(finder.context, &request, &offered));
        if (offered == NULL) {
            *outcome = err_new(ERR_LOCKED, request.attempt > 0 ? "wrong passphrase"
                                                               : "it is protected by a passphrase");
            return NULL;
        }
        if (is_known(g, offered) || !settles(t, offered, outcome))
            continue;
        if (*outcome != NULL)
            return NULL;
        TRY(VEC_PUSH(&g->passphrases, offered));
        offered = NULL;
        return NULL;
    }
}

static err *write_packet(const struct taking *t, err **outcome)
{
    *outcome = NULL;
    if (agentkey_form(t->key) != AGENTKEY_SEALED) {
        *outcome = write_with(t, NULL);
        return NULL;
    }
    for (size_t i = 0; i < t->all->passphrases.n; i++) {
        if (settles(t, t->all->passphrases.items[i], outcome))
            return NULL;
    }
    return ask_until_it_fits(t, outcome);
}

/* Certificates. */

static struct gnupgkey *find_file(struct gnupgkeys *g, const struct component *x)
{
    bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
    for (size_t i = 0; i < g->files.n && is_key; i++) {
        if (agentkey_is_of(g->files.items[i].key, &x->key))
            return &g->files.items[i];
    }
    return NULL;
}

static bool has_files(struct gnupgkeys *g, const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        if (find_file(g, &c->components.items[i]) != NULL)
            return true;
    }
    return false;
}

/* A secret that is here need not be unlocked again. */
static bool is_here(const struct cert *own, const struct component *x)
{
    for (size_t i = 0; own != NULL && i < own->components.n; i++) {
        const struct component *o = &own->components.items[i];
        if (o->has_secret && fingerprint_equal(&o->key.fpr, &x->key.fpr))
            return o->secret.state != SECKEY_ABSENT;
    }
    return false;
}

static err *leave_key(struct gnupgkeys *g, const struct cert *c, const struct component *x,
                      err *why)
{
    AUTO(free) char *what = NULL, *user = NULL;
    char id[KEY_ID_TEXT_SIZE];
    key_id_text(&x->key.id, id);
    TRY(mem_string_of(cert_any_user_id(c), &user));
    TRY(mem_printf(&what, "secret key %s of %s", id, user));
    return leftovers_add(g->left, what, why);
}

/* Its secret key packet in `body`, which stays empty where there is none to take. */
static err *take_key(struct gnupgkeys *g, const struct cert *c, const struct cert *own,
                     const struct component *x, struct buf *body, size_t *n)
{
    struct gnupgkey *file = find_file(g, x);
    if (file == NULL)
        return NULL;
    file->used = true;
    *n += 1;
    if (is_here(own, x))
        return NULL;
    const struct taking t = {.all = g, .key = file->key, .cert = c, .of = x, .body = body};
    err *outcome = NULL;
    TRY(write_packet(&t, &outcome));
    if (outcome == NULL)
        return NULL;
    buf_reset(body);
    *n -= 1;
    return leave_key(g, c, x, outcome);
}

static err *take_component(struct gnupgkeys *g, const struct cert *c, const struct cert *own,
                           const struct component *x, struct buf *packets, size_t *n)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(CERT_PACKET_MAX);
    TRY(take_key(g, c, own, x, &body, n));
    if (body.len == 0)
        packet_write(packets, x->packet.type, x->packet.body);
    else
        packet_write(packets,
                     x->kind == COMPONENT_PRIMARY ? PACKET_SECRET_KEY : PACKET_SECRET_SUBKEY,
                     buf_view(&body));
    for (size_t i = 0; i < x->sigs.n; i++)
        packet_write(packets, PACKET_SIGNATURE, x->sigs.items[i].packet.body);
    return buf_end(packets);
}

err *gnupgkeys_take(struct gnupgkeys *g, const struct cert *c, struct cert **out, size_t *n)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    AUTO(cert_free) struct cert *own = NULL, *taken = NULL;
    struct keyring *k = NULL;
    *n = 0;
    *out = NULL;
    if (!has_files(g, c))
        return NULL;
    TRY(app_keyring(g->app, &k));
    TRY(keyring_get(k, cert_fingerprint(c), true, &own));
    for (size_t i = 0; i < c->components.n; i++)
        TRY(take_component(g, c, own, &c->components.items[i], &packets, n));
    TRY(cert_parse(buf_view(&packets), &taken));
    if (*n > 0)
        *out = TAKE(taken);
    return NULL;
}

err *gnupgkeys_strays(struct gnupgkeys *g)
{
    for (size_t i = 0; i < g->files.n; i++) {
        if (!g->files.items[i].used)
            TRY(leftovers_note(g->left, g->files.items[i].name,
                               "no certificate for this secret key is here (keys for SSH and "
                               "S/MIME have none)"));
    }
    return NULL;
}
