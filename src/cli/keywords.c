#include "cli/keywords.h"

#include <string.h>

#include "base/text.h"
#include "base/when.h"

/* What a subkey is for. */

static bool read_use(struct slice word, uint8_t *flags)
{
    static const struct {
        const char *name;
        uint8_t flags;
    } uses[] = {{"encrypt", FLAG_ENCRYPT},
                {"sign", FLAG_SIGN},
                {"auth", FLAG_AUTHENTICATE},
                {"authenticate", FLAG_AUTHENTICATE}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        if (!slice_equal(word, slice_of_string(uses[i].name)))
            continue;
        *flags |= uses[i].flags;
        return true;
    }
    return false;
}

err *keywords_uses(const char *text, uint8_t *flags)
{
    const char *rest = text;
    *flags = 0;
    for (;;) {
        size_t len = strcspn(rest, ",");
        if (!read_use(slice_of(rest, len), flags))
            return err_hint(err_new(ERR_USAGE, "%s: that is nothing a subkey is for", text),
                            "there are: encrypt, sign, auth");
        if (rest[len] == '\0')
            break;
        rest += len + 1;
    }
    if ((*flags & FLAG_ENCRYPT) != 0 && *flags != FLAG_ENCRYPT)
        return err_hint(err_new(ERR_USAGE, "%s: a subkey for encryption does nothing else", text),
                        "add two subkeys");
    return NULL;
}

err *keywords_user_reason(const char *word, enum revocation_reason *out)
{
    *out = REVOKED_USER_ID;
    if (word == NULL || strcmp(word, "invalid") == 0)
        return NULL;
    *out = REVOKED_NO_REASON;
    if (strcmp(word, "unspecified") == 0)
        return NULL;
    return err_hint(err_new(ERR_USAGE, "--reason %s: no such reason", word),
                    "there are: invalid, unspecified");
}

/* Which, when, what kind. */

err *keywords_subkey(const char *text, struct key_handle *out)
{
    uint8_t bytes[FPR_MAX];
    size_t len = text_hex_digits(text) / 2;
    struct fingerprint f;
    *out = (struct key_handle){0};
    bool hex = len > 0 && len <= FPR_MAX && text_unhex(text, bytes, len);
    if (hex && len == KEY_ID_LEN) {
        memcpy(out->id.bytes, bytes, KEY_ID_LEN);
        return NULL;
    }
    if (hex && fingerprint_from(len == FPR_V4_LEN ? 4 : 6, slice_of(bytes, len), &f)) {
        *out = key_handle_of(&f);
        return NULL;
    }
    return err_hint(err_new(ERR_USAGE, "%s: neither a fingerprint nor a key ID", text),
                    "bulla key show lists those of subkeys");
}

err *keywords_end(const struct app *app, const char *text, int64_t *out)
{
    int64_t now = world_now(app->world);
    uint32_t seconds;
    TRY(when_parse_end(text, now, &seconds));
    *out = seconds == 0 ? 0 : now + seconds;
    return NULL;
}

err *keywords_profile(const char *name, const struct keygen_profile **out)
{
    *out = keygen_profile_find(name);
    if (*out != NULL)
        return NULL;
    return err_hint(err_new(ERR_PROFILE, "%s: no such profile", name),
                    "there are: default, rfc9580, security, compatibility");
}

err *keywords_number(const char *option, const char *text, unsigned max, unsigned *out)
{
    char *end = NULL;
    if (text == NULL)
        return NULL;
    unsigned long n = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (n == 0 || n > max || *end != '\0')
        return err_new(ERR_USAGE, "%s %s: a number from 1 to %u is needed", option, text, max);
    *out = (unsigned)n;
    return NULL;
}

static uint8_t version_of_length(size_t len)
{
    switch (len) {
    case FPR_V3_LEN:
        return 3;
    case FPR_V4_LEN:
        return 4;
    default:
        return 6;
    }
}

/* Keys of two versions have fingerprints of this length: the one that is here is meant. */
static err *known_fingerprint(struct keyring *k, const char *text, struct fingerprint *f)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    TRY(keyring_find(k, text, false, &found));
    for (size_t i = 0; i < found.n; i++) {
        const struct fingerprint *known = cert_fingerprint(found.items[i]);
        if (slice_equal(fingerprint_view(known), fingerprint_view(f)))
            *f = *known;
    }
    return NULL;
}

err *keywords_fingerprint(struct keyring *k, const char *text, struct fingerprint *out)
{
    uint8_t bytes[FPR_MAX];
    size_t len = text_hex_digits(text) / 2;
    struct fingerprint f;
    if (keyring_name_kind(text) != KEYRING_FPR || !text_unhex(text, bytes, len) ||
        !fingerprint_from(version_of_length(len), slice_of(bytes, len), &f))
        return err_new(ERR_USAGE, "%s: a whole fingerprint is needed", text);
    TRY(known_fingerprint(k, text, &f));
    *out = f;
    return NULL;
}
