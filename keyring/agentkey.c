#include "keyring/agentkey.h"

#include "base/mem.h"
#include "base/text.h"
#include "crypto/algo.h"
#include "crypto/mpi.h"
#include "keyring/agentnative.h"
#include "keyring/agentseal.h"
#include "packet/seckey.h"

enum { SERIAL_MAX = 16 };

struct agentkey {
    enum agentkey_form form;
    struct secret *sexp; /* the whole, canonical: slices point into it */
    const struct kind *kind;
    struct slice point;    /* the public parameter that tells which key it is */
    struct slice params;   /* of the algorithm's list, behind its name */
    struct agentseal seal; /* where it is protected */
    struct slice shadow;   /* where it is elsewhere: the protocol and what that needs */
};

/* Algorithms by the name that the agent gives them: the public parameter that tells one key
 * from another, and the secret ones in the order of a packet. */
struct kind {
    const char *name, *point, *secret;
    uint8_t ids[3];
};

static const struct kind kinds[] = {
    {"rsa", "n", "dpqu", {PK_RSA, PK_RSA_ENCRYPT_ONLY, PK_RSA_SIGN_ONLY}},
    {"dsa", "y", "x", {PK_DSA}},
    {"elg", "y", "x", {PK_ELGAMAL}},
    {"ecc", "q", "d", {PK_ECDH, PK_ECDSA, PK_EDDSA_LEGACY}},
    {"ecdsa", "q", "d", {PK_ECDSA}},
    {"ecdh", "q", "d", {PK_ECDH}},
};

static const struct kind *kind_of(struct slice name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (text_equal_nocase(name, slice_of_string(kinds[i].name)))
            return &kinds[i];
    }
    return NULL;
}

/* The file. */

static struct slice next_line(struct slice *text)
{
    const uint8_t *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    struct slice line = *text;
    if (end != NULL)
        line.len = (size_t)(end - text->data);
    *text = slice_from(*text, line.len + 1);
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* The value of "Key:", whose lines go on where one begins with a blank, which does not
 * count. */
static err *read_value(struct slice text, struct buf *out)
{
    const struct slice name = SLICE_TEXT("Key:");
    bool inside = false;
    while (text.len > 0) {
        struct slice line = next_line(&text);
        bool more = line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
        if (!more)
            inside = line.len >= name.len &&
                     text_equal_nocase(slice_of(line.data, name.len), name) && out->len == 0;
        if (inside)
            buf_bytes(out, slice_from(line, more ? 1 : name.len));
    }
    return buf_end(out);
}

/* The expression in the file, in canonical form. */
static err *read_file(struct slice file, struct secret **out)
{
    CLEANUP(buf_clear) struct buf value = BUF_EMPTY(AGENTKEY_FILE_MAX);
    CLEANUP(buf_clear) struct buf list = BUF_EMPTY(AGENTKEY_FILE_MAX);
    if (file.len > 0 && file.data[0] == '(')
        buf_bytes(&value, file);
    else
        TRY(read_value(file, &value));
    TRY(buf_end(&value));
    struct reader r = reader_init(buf_view(&value), "key file");
    TRY(sexp_read(&r, &list));
    while (reader_peek(&r) == '\n')
        reader_u8(&r);
    TRY(reader_end(&r));
    return secret_of(buf_view(&list), out);
}

static struct slice between(const uint8_t *from, const uint8_t *to)
{
    return slice_of(from, (size_t)(to - from));
}

/* "(protected MODE ...)" in the algorithm's list */
static bool find_seal(struct agentkey *k, const struct sexp *algo)
{
    struct slice rest = algo->content, name, mode;
    struct sexp x;
    if (!sexp_find(algo->content, "protected", &x))
        return false;
    k->seal.protection = rest = x.content;
    k->seal.before = between(algo->whole.data, x.whole.data);
    k->seal.after = between(x.whole.data + x.whole.len, algo->whole.data + algo->whole.len);
    if (!sexp_next_string(&rest, &mode))
        return false;
    k->form = agentseal_is_known(&k->seal) ? AGENTKEY_SEALED : AGENTKEY_OTHER;
    if (slice_equal(mode, SLICE_TEXT("openpgp-native"))) {
        k->form = AGENTKEY_OPENPGP;
        return sexp_next_list(&rest, &x) && sexp_next_string(&x.content, &name);
    }
    return true;
}

/* "(shadowed PROTOCOL ...)"; t1-v1 are OpenPGP cards. */
static bool find_shadow(struct agentkey *k)
{
    struct slice rest, protocol;
    struct sexp x;
    if (!sexp_find(k->params, "shadowed", &x))
        return false;
    k->shadow = rest = x.content;
    if (!sexp_next_string(&rest, &protocol))
        return false;
    k->form = slice_equal(protocol, SLICE_TEXT("t1-v1")) ? AGENTKEY_CARD : AGENTKEY_OTHER;
    return true;
}

/* "(private-key (ALGORITHM PARAMETERS) ...)" */
static bool parse_list(struct agentkey *k)
{
    struct slice all = secret_view(k->sexp), title, name;
    struct sexp top, algo;
    if (!sexp_next_list(&all, &top) || !sexp_next_string(&top.content, &title) ||
        !sexp_next_list(&top.content, &algo))
        return false;
    k->params = algo.content;
    if (!sexp_next_string(&k->params, &name))
        return false;
    k->kind = kind_of(name);
    if (slice_equal(title, SLICE_TEXT("protected-private-key")))
        return find_seal(k, &algo);
    if (slice_equal(title, SLICE_TEXT("shadowed-private-key")))
        return find_shadow(k);
    return slice_equal(title, SLICE_TEXT("private-key"));
}

/* An integer without leading zeros, a native point of Curve25519 without its prefix,
 * which the agent may have left out. */
static struct slice stripped(struct slice s)
{
    if (s.len == 33 && s.data[0] == 0x40)
        s = slice_from(s, 1);
    while (s.len > 0 && s.data[0] == 0)
        s = slice_from(s, 1);
    return s;
}

err *agentkey_parse(struct slice file, struct agentkey **out)
{
    AUTO(agentkey_free) struct agentkey *k = NULL;
    TRY(MEM_NEW(k));
    TRY(read_file(file, &k->sexp));
    if (!parse_list(k))
        return err_new(ERR_MALFORMED, "no secret key in it");
    if (k->kind != NULL)
        k->point = stripped(sexp_value(k->params, k->kind->point));
    *out = TAKE(k);
    return NULL;
}

void agentkey_free(struct agentkey *k)
{
    if (k == NULL)
        return;
    secret_free(k->sexp);
    free(k);
}

enum agentkey_form agentkey_form(const struct agentkey *k)
{
    return k->form;
}

/* Which key it is. */

/* What stands in the packet for the parameter `point`; empty if there is none. */
static struct slice point_of(const struct pubkey *public)
{
    static const uint8_t skipped[] = {[PK_DSA] = 3, [PK_ELGAMAL] = 2};
    struct reader r = reader_init(public->material, "public key");
    if (public->algo == PK_DSA || public->algo == PK_ELGAMAL) {
        for (int i = 0; i < skipped[public->algo]; i++)
            mpi_read(&r);
    } else if (public->algo > PK_RSA_SIGN_ONLY) {
        reader_bytes(&r, reader_u8(&r)); /* the curve */
    }
    return mpi_read(&r);
}

static bool has_id(const struct kind *kind, uint8_t id)
{
    return id != 0 && memchr(kind->ids, id, sizeof kind->ids) != NULL;
}

bool agentkey_is_of(const struct agentkey *k, const struct pubkey *public)
{
    if (k->kind == NULL || !has_id(k->kind, public->algo))
        return false;
    return k->point.len > 0 && slice_equal(k->point, stripped(point_of(public)));
}

/* The packet. */

/* The agent's integers are those of a packet, whatever the algorithm. */
static err *write_fields(const struct kind *kind, struct slice params, struct secret **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(PK_FIELDS_MAX);
    for (const char *p = kind->secret; *p != '\0'; p++) {
        const char name[] = {*p, '\0'};
        struct slice value = sexp_value(params, name);
        if (value.len == 0)
            return err_new(ERR_MALFORMED, "the secret parameter %s is missing", name);
        mpi_write(&b, value);
    }
    TRY(buf_end(&b));
    return secret_of(buf_view(&b), out);
}

/* Secret parameters become a packet if they are those of the public key. */
static err *write_params(const struct agentkey *k, const struct pubkey *public, uint8_t packet_type,
                         struct slice params, const struct secret *passphrase,
                         const struct world *w, struct buf *body)
{
    AUTO(secret_free) struct secret *fields = NULL;
    TRY(write_fields(k->kind, params, &fields));
    TRY(pk_check(public->algo, public->material, fields));
    return seckey_write(body, public, packet_type, fields, passphrase, w);
}

static err *write_sealed(const struct agentkey *k, const struct pubkey *public, uint8_t packet_type,
                         const struct secret *passphrase, const struct s2k_limits *limits,
                         const struct world *w, struct buf *body)
{
    AUTO(secret_free) struct secret *params = NULL;
    if (passphrase == NULL)
        return err_new(ERR_LOCKED, "the key is protected by a passphrase");
    TRY(agentseal_open(&k->seal, passphrase, limits, &params));
    return write_params(k, public, packet_type, secret_view(params), passphrase, w, body);
}

/* What GnuPG writes instead of the secret: the card's serial number. */
static err *write_card(const struct agentkey *k, const struct pubkey *public, struct buf *body)
{
    static const struct s2k on_card = {.type = S2K_GNU, .gnu_mode = S2K_GNU_CARD};
    struct slice rest = k->shadow, protocol, serial = SLICE_EMPTY;
    struct sexp card;
    if (sexp_next_string(&rest, &protocol) && sexp_next_list(&rest, &card))
        (void)sexp_next_string(&card.content, &serial);
    if (serial.len > SERIAL_MAX)
        serial.len = SERIAL_MAX;
    buf_bytes(body, public->body);
    buf_u8(body, SECKEY_CFB_SUM);
    buf_u8(body, CIPHER_PLAINTEXT);
    s2k_write(&on_card, body);
    buf_u8(body, (uint8_t)serial.len);
    buf_bytes(body, serial);
    return buf_end(body);
}

/* A list like that of the agent's own forms, out of the last values. */
static err *native_params(const struct kind *kind, const struct agentnative *n, struct buf *out)
{
    size_t n_secret = strlen(kind->secret);
    if (n->n <= n_secret)
        return err_new(ERR_MALFORMED, "a secret parameter is missing");
    for (size_t i = 0; i < n_secret; i++) {
        struct slice value = n->values[n->n - n_secret + i];
        buf_printf(out, "(1:%c%zu:", kind->secret[i], value.len);
        buf_bytes(out, value);
        buf_u8(out, ')');
    }
    return buf_end(out);
}

/* What was protected is parsed for what could be wrong with it. */
static err *write_native(const struct agentkey *k, const struct pubkey *public, uint8_t packet_type,
                         const struct world *w, struct buf *body)
{
    CLEANUP(buf_clear) struct buf params = BUF_EMPTY(AGENTKEY_FILE_MAX);
    struct slice rest = k->seal.protection, name;
    struct agentnative n;
    struct seckey parsed;
    struct sexp list;
    if (!sexp_next_string(&rest, &name) || !sexp_next_list(&rest, &list) ||
        !sexp_next_string(&list.content, &name))
        return err_new(ERR_MALFORMED, "no key in it");
    TRY(agentnative_parse(list.content, &n));
    if (n.usage == SECKEY_PLAIN) {
        TRY(native_params(k->kind, &n, &params));
        return write_params(k, public, packet_type, buf_view(&params), NULL, w, body);
    }
    buf_bytes(body, public->body);
    agentnative_write(&n, body);
    TRY(buf_end(body));
    struct reader r = reader_init(buf_view(body), "secret key");
    return seckey_parse(&r, packet_type, &parsed);
}

err *agentkey_write(const struct agentkey *k, const struct pubkey *public, uint8_t packet_type,
                    const struct secret *passphrase, const struct s2k_limits *limits,
                    const struct world *w, struct buf *body)
{
    if (!agentkey_is_of(k, public))
        return err_new(ERR_MALFORMED, "the secret key does not belong to the public one");
    if (public->version < 4)
        return err_new(ERR_UNSUPPORTED, "secret keys of version %u are not written",
                       public->version);
    switch (k->form) {
    case AGENTKEY_OPEN:
        return write_params(k, public, packet_type, k->params, NULL, w, body);
    case AGENTKEY_SEALED:
        return write_sealed(k, public, packet_type, passphrase, limits, w, body);
    case AGENTKEY_OPENPGP:
        return write_native(k, public, packet_type, w, body);
    case AGENTKEY_CARD:
        return write_card(k, public, body);
    case AGENTKEY_OTHER:
        break;
    }
    return err_new(ERR_UNSUPPORTED, "the secret is elsewhere, or protected in an unknown way");
}
