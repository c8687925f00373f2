/* sop armor, dearmor: radix-64 on and off.  What is in the wanted form already goes
 * through as it is. */
#include "cli/command.h"
#include "pgp/armored.h"
#include "pgp/cleartext.h"
#include "sop/data.h"
#include "stream/spool.h"

static err *check_cleartext(struct source *s)
{
    AUTO(spool_free) struct spool *text = NULL;
    CLEANUP(buf_clear) struct buf signatures = BUF_EMPTY(SIZE_MAX);
    TRY(spool_new(app_temporary_directory(), &text));
    return cleartext_split(s, text, &signatures);
}

/* Is it armor or a cleartext signed text, whole and well-formed? */
static err *check_text(const struct spool *text)
{
    AUTO(source_close) struct source *s = NULL;
    enum armor_kind kind;
    TRY(spool_source(text, &s));
    TRY(armor_find(s, &kind));
    if (kind == ARMOR_SIGNED_MESSAGE)
        return check_cleartext(s);
    TRY(armor_decode(TAKE(s), kind, ARMOR_MANY, &s));
    return source_drain(s);
}

static err *pass_text(struct app *app, struct source *s)
{
    AUTO(spool_free) struct spool *text = NULL;
    struct source *again = NULL;
    TRY(spool_new(app_temporary_directory(), &text));
    TRY(spool_fill(text, s));
    TRY(check_text(text));
    TRY(spool_source(text, &again));
    return data_put(app, again);
}

static err *run_armor(struct app *app, const void *options, const struct args *args)
{
    AUTO(source_close) struct source *s = NULL;
    enum armor_kind kind;
    bool text;
    (void)options;
    TRY(args_check(args, 0, 0, NULL));
    TRY(data_input(app, &s));
    TRY(armor_is_text(s, &text));
    if (text)
        return pass_text(app, s);
    TRY(armored_kind(s, &kind));
    TRY(armored_new(TAKE(s), kind, &s));
    return data_put(app, TAKE(s));
}

static err *run_dearmor(struct app *app, const void *options, const struct args *args)
{
    AUTO(source_close) struct source *s = NULL;
    struct slice view;
    (void)options;
    TRY(args_check(args, 0, 0, NULL));
    TRY(data_input(app, &s));
    TRY(armor_open(TAKE(s), ARMOR_MANY, &s));
    TRY(source_fill(s, 1, &view));
    if (view.len == 0)
        return err_new(ERR_NO_DATA, "there is nothing");
    return data_put(app, TAKE(s));
}

const struct command cmd_sop_armor = {
    .noun = "sop",
    .name = "armor",
    .summary = "turn OpenPGP bytes into text",
    .synopsis = "< DATA > ARMORED",
    .details = "What is text already, cleartext signed messages included, goes through as it is.",
    .examples = "bulla sop armor < message.pgp > message.asc",
    .run = run_armor,
};

const struct command cmd_sop_dearmor = {
    .noun = "sop",
    .name = "dearmor",
    .summary = "turn OpenPGP text back into bytes",
    .synopsis = "< ARMORED > DATA",
    .details = "What is bytes already goes through as it is.",
    .examples = "bulla sop dearmor < message.asc > message.pgp",
    .run = run_dearmor,
};
