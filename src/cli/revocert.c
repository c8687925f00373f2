#include "cli/revocert.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/output.h"
#include "pgp/armored.h"
#include "stream/input.h"
#include "stream/pump.h"

enum { TEXT_MAX = 1 << 14 };

err *revocert_directory(const struct app *app, char **out)
{
    return fs_join(app->home, "revocations", out);
}

err *revocert_path(const struct app *app, const struct fingerprint *fpr, char **out)
{
    char text[FPR_TEXT_SIZE];
    AUTO(free) char *directory = NULL, *name = NULL;
    TRY(revocert_directory(app, &directory));
    fingerprint_text(fpr, text);
    TRY(mem_printf(&name, "%s.asc", text));
    return fs_join(directory, name, out);
}

/* When the last signature among the packets was made. */
static err *find_time(struct slice packets, int64_t *made_at)
{
    struct reader r = reader_init(packets, "revocation certificate");
    while (reader_left(&r) > 0) {
        struct packet p;
        struct sig s;
        TRY(packet_next(&r, &p));
        if (p.type != PACKET_SIGNATURE)
            continue;
        TRY(sig_parse(p.body, &s));
        *made_at = s.created_at;
    }
    return NULL;
}

/* Each of its lines is indented or begins with a letter, whatever the user ID is, so that
 * none is taken for the armor. */
static err *write_text(const struct cert *c, int64_t made_at, struct buf *text)
{
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE];
    AUTO(free) char *name = NULL;
    TRY(text_escape(cert_any_user_id(c), &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    when_date(made_at, date);
    buf_printf(text,
               "This is a revocation certificate, made on %s, for the OpenPGP key\n\n"
               "  %s\n  %s\n\n"
               "It declares the key void, for ever: whoever has imported it does not encrypt to\n"
               "the key any more, and relies on nothing that the key has signed. Whoever has this\n"
               "file can do that, and needs neither the secret key nor its passphrase. So keep\n"
               "a copy where you alone get at it, on paper or on a medium of its own, for the\n"
               "day when the key is stolen, or lost together with all its copies.\n\n"
               "To use it on that day:\n\n"
               "  bulla cert import FILE    (this file; gpg --import FILE does the same)\n"
               "  bulla cert export %s > revoked.asc\n\n"
               "and give revoked.asc to everybody who has your key, and to the key servers\n"
               "that have it.\n\n",
               date, fpr, name[0] != '\0' ? name : "(no user ID)", fpr);
    return buf_end(text);
}

static err *write_armor(struct slice packets, struct sink *k)
{
    AUTO(source_close) struct source *s = NULL;
    TRY(input_from_memory(packets, &s));
    TRY(armored_new(TAKE(s), ARMOR_PUBLIC_KEY, &s));
    return pump(s, k);
}

static err *choose_path(struct app *app, const struct cert *c, const char *given, char **out)
{
    AUTO(free) char *directory = NULL;
    if (given != NULL)
        return mem_strdup(given, out);
    TRY(revocert_directory(app, &directory));
    TRY(fs_private_directory(directory));
    return revocert_path(app, cert_fingerprint(c), out);
}

err *revocert_write(struct app *app, const struct cert *c, struct slice packets, const char *path,
                    bool replace, char **written)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(TEXT_MAX);
    AUTO(sink_close) struct sink *k = NULL;
    AUTO(free) char *name = NULL;
    int64_t made_at = world_now(app->world);
    TRY(choose_path(app, c, path, &name));
    TRY(find_time(packets, &made_at));
    TRY(write_text(c, made_at, &text));
    TRY(output_open_private(app, name, replace, &k));
    TRY(sink_write(k, buf_view(&text)));
    TRY(write_armor(packets, k));
    TRY(sink_commit(k));
    *written = TAKE(name);
    return NULL;
}
