#include "sop/inlinesigned.h"

#include "pgp/cleartext.h"
#include "pgp/message.h"
#include "sop/data.h"
#include "stream/armor.h"
#include "stream/pump.h"
#include "stream/spool.h"

/* What is wanted: verdicts, or signatures, whichever is not NULL. */
struct reading {
    struct app *app;
    const struct key_finder *finder;
    struct sink *sink;
    struct verdict_list *verdicts;
    struct buf *signatures;
};

/* A message. */

static err *finish(const struct reading *x, struct message *m)
{
    err *e = pump(message_body(m), x->sink);
    if (err_kind_of(e) == ERR_OUTPUT || err_kind_of(e) == ERR_INTERRUPTED)
        return e;
    TRY(message_finish(m, e));
    if (x->signatures != NULL)
        return message_write_signatures(m, x->signatures);
    message_take_verdicts(m, x->verdicts);
    return NULL;
}

/* Takes packets over, also on failure. */
static err *read_message(const struct reading *x, struct source *packets)
{
    AUTO(message_close) struct message *m = NULL;
    const struct message_params params = {.finder = x->finder,
                                          .policy = x->app->policy,
                                          .limits = &x->app->limits,
                                          .world = x->app->world,
                                          .only_signed = true};
    TRY(message_open(packets, &params, &m));
    if (message_info(m)->detached)
        return err_hint(err_new(ERR_MALFORMED, "signatures without the data that they sign"),
                        "bulla sop verify SIGNATURES CERTS... < DATA");
    return finish(x, m);
}

/* Cleartext. */

static err *read_text(const struct reading *x, struct source *s, struct spool *text)
{
    const struct verify_params params = {
        .finder = x->finder, .policy = x->app->policy, .world = x->app->world};
    return x->signatures != NULL ? cleartext_split(s, text, x->signatures)
                                 : cleartext_verify(s, &params, text, x->verdicts);
}

static err *read_cleartext(const struct reading *x, struct source *s)
{
    AUTO(spool_free) struct spool *text = NULL;
    AUTO(source_close) struct source *again = NULL;
    TRY(spool_new(app_temporary_directory(), &text));
    TRY(read_text(x, s, text));
    TRY(spool_source(text, &again));
    return pump(again, x->sink);
}

/* Which of the two is it? */

static err *read_armored(const struct reading *x, struct source *s)
{
    struct source *borrowed = NULL, *packets = NULL;
    enum armor_kind kind;
    TRY(armor_find(s, &kind));
    if (kind == ARMOR_NONE)
        return err_new(ERR_NO_DATA, "no OpenPGP data found");
    if (kind == ARMOR_SIGNED_MESSAGE)
        return read_cleartext(x, s);
    TRY(source_borrow(s, &borrowed));
    TRY(armor_decode(borrowed, kind, ARMOR_ONE, &packets));
    return read_message(x, packets);
}

/* What is not supported is as good as malformed to whoever only looks at exit codes. */
static err *read_all(const struct reading *x)
{
    AUTO(source_close) struct source *s = NULL;
    bool text;
    TRY(data_input(x->app, &s));
    TRY(armor_is_text(s, &text));
    err *e = text ? read_armored(x, s) : read_message(x, TAKE(s));
    return err_kind_of(e) == ERR_UNSUPPORTED ? err_as(e, ERR_MALFORMED) : e;
}

err *inlinesigned_verify(struct app *app, const struct key_finder *finder, struct sink *k,
                         struct verdict_list *verdicts)
{
    const struct reading x = {.app = app, .finder = finder, .sink = k, .verdicts = verdicts};
    return read_all(&x);
}

err *inlinesigned_split(struct app *app, struct sink *k, struct buf *signatures)
{
    static const struct key_finder nobody;
    const struct reading x = {.app = app, .finder = &nobody, .sink = k, .signatures = signatures};
    return read_all(&x);
}
