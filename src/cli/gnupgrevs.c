#include "cli/gnupgrevs.h"

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/revocert.h"
#include "stream/armor.h"
#include "stream/input.h"

enum { FILE_MAX = 1 << 16 };

/* From the armor on: GnuPG puts a colon before it, so that nobody imports it by mistake. */
static struct slice armor_in(struct slice file)
{
    const struct slice guard = SLICE_TEXT("\n:-----BEGIN PGP ");
    for (size_t at = 0; at < file.len; at++) {
        if (slice_starts_with(slice_from(file, at), guard))
            return slice_from(file, at + 2);
    }
    return file;
}

/* The body of the signature in the file. */
static err *read_signature(const char *path, struct buf *body)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(FILE_MAX);
    AUTO(source_close) struct source *packets = NULL;
    struct source *s = NULL;
    struct packet_header h;
    bool end;
    TRY(fs_read_file(path, &file));
    TRY(input_from_memory(armor_in(buf_view(&file)), &s));
    TRY(armor_open(s, ARMOR_ONE, &packets));
    TRY(packet_read_header(packets, &h, &end));
    if (end || h.type != PACKET_SIGNATURE)
        return err_new(ERR_MALFORMED, "no signature in it");
    return packet_read_body(packets, &h, body);
}

/* The key of the keyring that it revokes; NULL if there is none. */
static err *find_revoked(struct app *app, const struct sig *s, struct cert **out)
{
    CLEANUP(cert_list_clear) struct cert_list certs = {0};
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_find_certs(k, &s->issuer, &certs));
    for (size_t i = 0; i < certs.n; i++) {
        struct target t = cert_target(certs.items[i], &certs.items[i]->components.items[0]);
        bool good;
        TRY(target_verify(&t, s, cert_primary(certs.items[i]), &good));
        if (good && *out == NULL)
            *out = TAKE(certs.items[i]);
    }
    return NULL;
}

static void tell(struct report *r, const struct cert *c, const char *path)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(c), fpr);
    report_remark(r, "revocation %s  %s", fpr, path);
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", cert_fingerprint(c));
    report_string(r, "file", path);
    report_end_object(r);
}

static err *write_copy(struct app *app, const struct cert *c, struct slice body)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(FILE_MAX);
    AUTO(free) char *place = NULL, *written = NULL;
    TRY(revocert_path(app, cert_fingerprint(c), &place));
    if (fs_exists(place))
        return NULL;
    packet_write(&packets, PACKET_SIGNATURE, body);
    TRY(buf_end(&packets));
    TRY(revocert_write(app, c, buf_view(&packets), NULL, false, &written));
    tell(&app->report, c, written);
    return NULL;
}

/* One for a key that is not here any more is no failure. */
static err *copy_one(struct app *app, const char *path, bool *known)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(FILE_MAX);
    AUTO(cert_free) struct cert *c = NULL;
    struct sig s;
    TRY(interrupt_check());
    TRY(read_signature(path, &body));
    TRY(sig_parse(buf_view(&body), &s));
    if (s.type == SIG_KEY_REVOCATION)
        TRY(find_revoked(app, &s, &c));
    *known = c != NULL;
    return *known ? write_copy(app, c, buf_view(&body)) : NULL;
}

static err *copy_all(struct app *app, const char *directory, struct leftovers *left)
{
    CLEANUP(fs_names_clear) struct fs_names names = {0};
    err *e = fs_list(directory, ".rev", &names);
    if (e != NULL)
        return leftovers_add(left, "openpgp-revocs.d", e);
    for (size_t i = 0; i < names.n; i++) {
        AUTO(free) char *path = NULL;
        bool known = true;
        TRY(fs_join(directory, names.items[i], &path));
        e = copy_one(app, path, &known);
        if (e != NULL)
            TRY(leftovers_add(left, names.items[i], e));
        else if (!known)
            TRY(leftovers_note(left, names.items[i], "it revokes no key that is here"));
    }
    return NULL;
}

err *gnupgrevs_copy(struct app *app, const char *directory, struct leftovers *left)
{
    report_array(&app->report, "revocations");
    if (fs_exists(directory))
        TRY(copy_all(app, directory, left));
    report_end_array(&app->report);
    return NULL;
}
