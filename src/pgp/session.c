#include "pgp/session.h"

#include "base/interrupt.h"
#include "base/mem.h"
#include "crypto/cipher.h"
#include "packet/packet.h"
#include "pgp/bind.h"
#include "pgp/unlock.h"

void esk_list_clear(struct esk_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        buf_clear(&l->items[i].body);
    err_free(l->flaw);
    err_free(l->unsupported);
    vec_free(l);
}

/* Takes e over; only want of memory is the caller's business. */
static err *note_unusable(struct esk_list *l, err *e)
{
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    err **first = err_kind_of(e) == ERR_UNSUPPORTED ? &l->unsupported : &l->flaw;
    l->n_unusable++;
    if (*first == NULL)
        *first = TAKE(e);
    err_free(e);
    return NULL;
}

err *esk_list_add(struct esk_list *l, uint8_t packet_type, struct buf *body)
{
    struct esk x = {.is_public_key = packet_type == PACKET_PKESK};
    struct reader r = reader_init(buf_view(body), packet_name(packet_type));
    err *e = x.is_public_key ? pkesk_parse(&r, &x.pk) : skesk_parse(&r, &x.sk);
    if (e != NULL)
        return note_unusable(l, e);
    if (l->n == ESKS_MAX)
        return err_new(ERR_LIMIT, "more than %d recipients", ESKS_MAX);
    x.body = *body; /* the parsed slices point into its memory, which stays */
    TRY(VEC_PUSH(l, x));
    *body = BUF_EMPTY(body->max);
    return NULL;
}

void session_clear(struct session *s)
{
    secret_free(s->key);
    *s = (struct session){0};
}

struct search {
    struct esk_list *esks;
    const struct encdata *data;
    const struct session_params *params;
    struct session *out;
    bool found;
    err *locked;      /* a key that would fit could not be unlocked */
    err *unusable;    /* what a passphrase is for, but it cannot be tried on */
    bool for_signing; /* a key opens its session key, but is for signing only */
    bool named_unfit; /* a key that is named and here does not open its session key */
    bool wrong_passphrase;
};

/* Packets of another version than the data asks for are discarded
 * [RFC9580 10.3.2.1] [LibrePGP]. */
static bool version_fits(const struct search *s, const struct esk *x)
{
    uint8_t version = x->is_public_key ? x->pk.version : x->sk.version;
    if (s->data->kind == ENCDATA_AEAD)
        return version == 6;
    if (x->is_public_key)
        return version == 3;
    return version == 4 || (version == 5 && s->data->kind == ENCDATA_OCB);
}

/* Where the data names its cipher, that says how long the key must be, and it must be the
 * one that came with the key, if one did; elsewhere the latter has said so already. */
static bool key_fits(const struct search *s, const struct secret *key, uint8_t with_key)
{
    const struct cipher_algo *cipher = algo_cipher(s->data->cipher);
    if (!encdata_names_cipher(s->data))
        return true;
    return cipher != NULL && cipher->key_len == secret_len(key) &&
           (with_key == 0 || with_key == s->data->cipher);
}

static void accept(struct search *s, struct secret *key, uint8_t cipher)
{
    s->out->key = key;
    s->out->cipher = encdata_names_cipher(s->data) ? s->data->cipher : cipher;
    s->found = true;
}

/* Public keys. */

/* With RSA, signing and decrypting are the same computation: a key that is for signing
 * opens nothing, lest somebody has a signature made by way of a message.  One whose flags
 * are not known any more, since its binding has expired say, opens what it did. */
static err *check_for_signing(struct search *s, const struct cert *c, const struct component *k,
                              bool *for_signing)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, s->params->policy, s->params->now, &b));
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (x->component == k)
            *for_signing = x->binding != NULL && x->binding->has_key_flags &&
                           (x->key_flags & FLAG_ENCRYPT) == 0;
    }
    return NULL;
}

static err *try_key(struct search *s, const struct esk *x, const struct cert *c,
                    const struct component *k)
{
    AUTO(secret_free) struct secret *fields = NULL;
    struct pk_session session = {.with_cipher = x->pk.version != 6,
                                 .fingerprint = pubkey_kdf_fingerprint(&k->key)};
    err *e = unlock_key(c, k, s->params->finder, s->params->limits, &fields);
    enum err_kind kind = err_kind_of(e);
    bool locked = kind == ERR_LOCKED || kind == ERR_LIMIT || kind == ERR_NO_CARD;
    if (locked && s->locked == NULL) {
        s->locked = e;
        return NULL;
    }
    if (e == NULL)
        e = pk_unwrap(k->key.algo, k->key.material, fields, x->pk.fields, &session);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (e != NULL || !key_fits(s, session.key, session.cipher)) {
        bool named = fields != NULL && !key_handle_is_empty(&x->pk.recipient);
        s->named_unfit |= named;
        err_free(e);
        secret_free(session.key);
        return NULL;
    }
    bool for_signing = false;
    e = check_for_signing(s, c, k, &for_signing);
    if (e != NULL || for_signing) {
        s->for_signing |= for_signing;
        secret_free(session.key);
        return e;
    }
    accept(s, session.key, session.cipher);
    s->out->key_fpr = k->key.fpr;
    s->out->primary_fpr = *cert_fingerprint(c);
    return NULL;
}

/* Which keys a pass looks at: those that open without asking come first. */
enum pass { PASS_UNPROTECTED, PASS_PROTECTED, PASSES };

static bool in_pass(const struct component *k, enum pass pass)
{
    bool unprotected = k->has_secret && k->secret.state == SECKEY_UNPROTECTED;
    return k->has_secret && unprotected == (pass == PASS_UNPROTECTED);
}

static err *try_cert(struct search *s, const struct esk *x, const struct cert *c, enum pass pass)
{
    for (size_t i = 0; i < c->components.n && !s->found; i++) {
        const struct component *k = &c->components.items[i];
        bool is_key = k->kind == COMPONENT_PRIMARY || k->kind == COMPONENT_SUBKEY;
        bool meant = is_key && (key_handle_is_empty(&x->pk.recipient) ||
                                pubkey_matches(&k->key, &x->pk.recipient));
        if (meant && k->key.algo == x->pk.algo && in_pass(k, pass))
            TRY(try_key(s, x, c, k));
    }
    return NULL;
}

static err *try_esk(struct search *s, const struct esk *x, enum pass pass)
{
    const struct key_finder *f = s->params->finder;
    CLEANUP(cert_list_clear) struct cert_list certs = {0};
    if (f->secrets == NULL)
        return NULL;
    TRY(interrupt_check());
    TRY(f->secrets(f->context, &x->pk.recipient, &certs));
    for (size_t i = 0; i < certs.n && !s->found; i++)
        TRY(try_cert(s, x, certs.items[i], pass));
    return NULL;
}

/* Named recipients before hidden ones, which may mean any key. */
static err *try_public_keys(struct search *s)
{
    for (int pass = PASS_UNPROTECTED; pass < PASSES; pass++) {
        for (int hidden = 0; hidden < 2; hidden++) {
            for (size_t i = 0; i < s->esks->n && !s->found; i++) {
                const struct esk *x = &s->esks->items[i];
                bool turn = x->is_public_key && version_fits(s, x) &&
                            key_handle_is_empty(&x->pk.recipient) == (hidden == 1);
                if (turn)
                    TRY(try_esk(s, x, (enum pass)pass));
            }
        }
    }
    return NULL;
}

/* Passphrases. */

/* The repeated octets at the start of SEIPD v1.  As an answer to a stranger this
 * check would be an oracle; here it tells the user, who has just typed, that it
 * was the wrong passphrase [RFC9580 13.4].  Where `told`, the cipher was told with the key,
 * so that one that does not exist only shows that the key is wrong. */
static err *quick_check(const struct search *s, uint8_t cipher, bool told, const struct secret *key,
                        bool *fits)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    uint8_t plain[BLOCK_MAX + 2];
    struct cfb cfb;
    err *e = cipher_new(cipher, secret_view(key), &c);
    if (err_kind_of(e) == ERR_UNSUPPORTED && told) {
        err_free(e);
        *fits = false;
        return NULL;
    }
    TRY(e);
    size_t block = cipher_block_len(c);
    *fits = true;
    if (s->params->start.len < block + 2)
        return NULL;
    cfb_start(&cfb, c, NULL);
    cfb_open(&cfb, plain, s->params->start.data, block + 2);
    *fits = plain[block - 2] == plain[block] && plain[block - 1] == plain[block + 1];
    cfb_clear(&cfb);
    mem_wipe(plain, sizeof plain);
    return NULL;
}

/* Costs some of the budget, whether the passphrase fits or not. */
static err *unwrap(const struct skesk *x, const struct secret *passphrase,
                   struct s2k_limits *budget, uint8_t *cipher, struct secret **key)
{
    const struct s2k_limits before = *budget;
    uint64_t work = s2k_work_kib(&x->s2k);
    TRY(interrupt_check());
    budget->work_kib -= work < budget->work_kib ? work : budget->work_kib;
    return skesk_unwrap(x, passphrase, &before, cipher, key);
}

static err *try_passphrase_on(struct search *s, const struct esk *x,
                              const struct secret *passphrase, struct s2k_limits *budget)
{
    AUTO(secret_free) struct secret *key = NULL;
    uint8_t cipher = 0;
    bool fits = true;
    TRY(unwrap(&x->sk, passphrase, budget, &cipher, &key));
    if (!encdata_names_cipher(s->data))
        TRY(quick_check(s, cipher, x->sk.esk.len > 0, key, &fits));
    if (!fits || !key_fits(s, key, cipher))
        return err_new(ERR_CANNOT_DECRYPT, "wrong passphrase");
    accept(s, TAKE(key), cipher);
    s->out->by_passphrase = true;
    return NULL;
}

static size_t n_for_passphrases(const struct search *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->esks->n; i++)
        n += !s->esks->items[i].is_public_key && version_fits(s, &s->esks->items[i]);
    return n;
}

/* One packet that cannot be tried must not keep the others from being: it is told of
 * only where none opens. */
static err *pass_over(struct search *s, err *e)
{
    enum err_kind kind = err_kind_of(e);
    if (kind == ERR_NO_MEMORY || kind == ERR_INTERRUPTED || kind == ERR_BUG)
        return e;
    s->wrong_passphrase |= kind == ERR_CANNOT_DECRYPT;
    /* About what is not supported nobody can do anything, unlike a limit. */
    bool tells_more = s->unusable == NULL || err_kind_of(s->unusable) == ERR_UNSUPPORTED;
    if (kind != ERR_CANNOT_DECRYPT && tells_more) {
        err_free(s->unusable);
        s->unusable = TAKE(e);
    }
    err_free(e);
    return NULL;
}

static err *try_passphrase(struct search *s, const struct secret *passphrase)
{
    struct s2k_limits budget = *s->params->limits;
    for (size_t i = 0; i < s->esks->n && !s->found; i++) {
        const struct esk *x = &s->esks->items[i];
        if (!x->is_public_key && version_fits(s, x))
            TRY(pass_over(s, try_passphrase_on(s, x, passphrase, &budget)));
    }
    return NULL;
}

static err *try_passphrases(struct search *s)
{
    const struct key_finder *f = s->params->finder;
    struct passphrase_request request = {.purpose = PASSPHRASE_FOR_MESSAGE};
    if (n_for_passphrases(s) == 0 || f->passphrase == NULL)
        return NULL;
    /* Where no packet could be tried, another passphrase would not help. */
    for (; !s->found && (s->unusable == NULL || s->wrong_passphrase); request.attempt++) {
        AUTO(secret_free) struct secret *passphrase = NULL;
        TRY(f->passphrase(f->context, &request, &passphrase));
        if (passphrase == NULL)
            return NULL;
        TRY(try_passphrase(s, passphrase));
    }
    return NULL;
}

/* A session key that the caller has. */

static err *try_known(struct search *s, const struct session *known)
{
    AUTO(secret_free) struct secret *key = NULL;
    bool named = encdata_names_cipher(s->data);
    uint8_t cipher = named ? s->data->cipher : known->cipher;
    const struct cipher_algo *algo = algo_cipher(cipher);
    bool fits = algo != NULL && algo->key_len == secret_len(known->key);
    if (fits && !named)
        TRY(quick_check(s, cipher, true, known->key, &fits));
    if (!fits)
        return err_new(ERR_CANNOT_DECRYPT, "the session key is not that of the message");
    TRY(secret_of(secret_view(known->key), &key));
    accept(s, TAKE(key), cipher);
    return NULL;
}

/* Nothing fitted: why? */

static void list_recipients(const struct search *s, struct buf *b)
{
    size_t shown = 0;
    for (size_t i = 0; i < s->esks->n && shown < 8; i++) {
        const struct esk *x = &s->esks->items[i];
        char text[FPR_TEXT_SIZE];
        if (!x->is_public_key || !version_fits(s, x))
            continue;
        key_handle_text(&x->pk.recipient, text);
        bool hidden = key_handle_is_empty(&x->pk.recipient);
        buf_printf(b, "%s%s", shown++ > 0 ? ", " : "", hidden ? "a hidden recipient" : text);
        if (pk_find(x->pk.algo) == NULL)
            buf_printf(b, " by public-key algorithm %u, which is not supported", x->pk.algo);
    }
    buf_u8(b, 0);
}

/* Nor one that only a key or a passphrase is missing for. */
static err *no_session_key(struct esk_list *esks)
{
    static const char *const kind = "none of its encrypted session keys is of a supported kind";
    if (esks->unsupported != NULL)
        return err_wrap(err_as(TAKE(esks->unsupported), ERR_CANNOT_DECRYPT), "%s", kind);
    if (esks->n + esks->n_unusable > 0)
        return err_new(ERR_CANNOT_DECRYPT, "%s", kind);
    return err_new(ERR_CANNOT_DECRYPT, "it holds no encrypted session key");
}

static err *why_not(struct search *s)
{
    CLEANUP(buf_clear) struct buf recipients = BUF_EMPTY(4096);
    const char *hint = s->params->finder->secrets_hint;
    size_t for_passphrases = n_for_passphrases(s);
    if (s->unusable != NULL)
        return TAKE(s->unusable);
    if (s->locked != NULL && !s->wrong_passphrase)
        return TAKE(s->locked);
    if (s->wrong_passphrase)
        return err_hint(err_new(ERR_CANNOT_DECRYPT, "wrong passphrase"),
                        "check the passphrase and try again");
    if (s->for_signing)
        return err_hint(err_new(ERR_CANNOT_DECRYPT, "your key that it is for is for signing only"),
                        "ask the sender to encrypt to the key that your certificate has for it");
    if (s->named_unfit)
        return err_hint(err_new(ERR_CANNOT_DECRYPT, "the session key for your key is damaged"),
                        "get the message again from its sender");
    list_recipients(s, &recipients);
    TRY(buf_end(&recipients));
    if (for_passphrases > 0)
        return finder_hint(s->params->finder,
                           err_new(ERR_CANNOT_DECRYPT, "the message needs a passphrase"));
    if (recipients.len > 1)
        return err_hint(err_new(ERR_CANNOT_DECRYPT, "no secret key for this message"),
                        "it is for %s%s%s", (const char *)recipients.data, hint != NULL ? "; " : "",
                        hint != NULL ? hint : "");
    if (s->esks->flaw != NULL)
        return TAKE(s->esks->flaw);
    return no_session_key(s->esks);
}

err *session_find(struct esk_list *esks, const struct encdata *data, const struct session_params *p,
                  struct session *out)
{
    struct search s = {.esks = esks, .data = data, .params = p, .out = out};
    *out = (struct session){0};
    if (encdata_names_cipher(data) && !algo_cipher_is_supported(data->cipher))
        return err_new(ERR_UNSUPPORTED, "cipher %s (%u) is not supported",
                       algo_cipher_name(data->cipher), data->cipher);
    if (p->known != NULL)
        return try_known(&s, p->known);
    err *e = try_public_keys(&s);
    if (e == NULL && !s.found)
        e = try_passphrases(&s);
    if (e == NULL && !s.found)
        e = why_not(&s);
    err_free(s.locked);
    err_free(s.unusable);
    return e;
}
