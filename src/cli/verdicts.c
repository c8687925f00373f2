#include "cli/verdicts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cli/who.h"
#include "crypto/algo.h"

/* The signer as well as it is known: name, else fingerprint or key ID. */
static void issuer_text(const struct verdict *v, char text[static FPR_TEXT_SIZE])
{
    if (v->key.version != 0)
        fingerprint_text(&v->primary, text);
    else
        key_handle_text(&v->issuer, text);
}

/* By the name that is most certain. */
static const char *name_of(const struct verdict *v, const struct signer_standing *s)
{
    return s->name != NULL ? s->name : v->user_id;
}

static void say_good(struct report *r, const struct verdict *v, const char *name,
                     const char *issuer, const char *date)
{
    char remark[512];
    bool named = name != NULL && name[0] != '\0';
    report_remark(r, "Good signature by %s%s%s%s, made %s", named ? name : issuer,
                  named ? " (" : "", named ? issuer : "", named ? ")" : "", date);
    if (v->remark != NULL)
        report_remark(r, "  but: %s", err_text(v->remark, remark, sizeof remark));
}

static void say_rejected(struct report *r, const struct verdict *v, const char *issuer,
                         const char *date)
{
    char reason[512];
    bool named = v->user_id != NULL && v->user_id[0] != '\0';
    report_remark(r, "Signature by %s, made %s, not accepted: %s", named ? v->user_id : issuer,
                  date, err_text(v->reason, reason, sizeof reason));
    if (err_hint_of(v->reason) != NULL)
        report_remark(r, "  hint: %s", err_hint_of(v->reason));
}

static void say(struct report *r, const struct verdict *v, const char *name)
{
    char issuer[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE], reason[512];
    issuer_text(v, issuer);
    when_text(v->made_at, date);
    err_text(v->reason, reason, sizeof reason);
    switch (v->status) {
    case VERDICT_GOOD:
        say_good(r, v, name, issuer, date);
        break;
    case VERDICT_BAD:
        report_remark(r, "BAD signature, said to be by %s: %s", issuer, reason);
        break;
    case VERDICT_UNKNOWN_SIGNER:
        report_remark(r, "Signature by an unknown signer, key %s: %s", issuer, reason);
        break;
    case VERDICT_REJECTED:
        say_rejected(r, v, issuer, date);
        break;
    default:
        report_remark(r, "A signature that cannot be judged: %s", reason);
        break;
    }
}

static void put(struct report *r, const struct verdict *v, const struct signer_standing *s)
{
    char text[512];
    report_object(r, NULL);
    report_string(r, "status", verdict_status_name(v->status));
    if (v->key.version != 0) {
        report_fingerprint(r, "signer", &v->primary);
        report_fingerprint(r, "key", &v->key);
    } else {
        key_handle_text(&v->issuer, text);
        report_string(r, "issuer", key_handle_is_empty(&v->issuer) ? NULL : text);
    }
    if (name_of(v, s) != NULL)
        report_string(r, "userid", name_of(v, s));
    if (v->made_at != 0)
        report_time(r, "made", v->made_at);
    report_string(r, "mode", v->type == SIG_TEXT ? "text" : "binary");
    report_string(r, "hash", v->hash_algo != 0 ? algo_hash_name(v->hash_algo) : NULL);
    if (v->reason != NULL)
        report_string(r, "reason", err_text(v->reason, text, sizeof text));
    if (err_hint_of(v->reason) != NULL)
        report_string(r, "hint", err_hint_of(v->reason));
    if (v->remark != NULL)
        report_string(r, "remark", err_text(v->remark, text, sizeof text));
    signertrust_put(r, s);
    report_end_object(r);
}

static err *report_one(struct report *r, const struct verdict *v, struct signertrust *t)
{
    CLEANUP(signer_standing_clear) struct signer_standing s = {0};
    TRY(signertrust_judge(t, v, &s));
    say(r, v, name_of(v, &s));
    TRY(signertrust_say(r, t, v, &s));
    put(r, v, &s);
    return NULL;
}

err *verdicts_report(struct report *r, const struct verdict_list *l, struct signertrust *t)
{
    report_array(r, "signatures");
    for (size_t i = 0; i < l->n; i++)
        TRY(report_one(r, &l->items[i], t));
    report_end_array(r);
    return NULL;
}

err *verdicts_require(const struct verdict_list *l, const struct wanted_signers *w)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->items[i].status == VERDICT_GOOD && wanted_signers_made(w, &l->items[i]))
            return NULL;
    }
    if (verdict_count(l, VERDICT_BAD) > 0)
        return err_hint(err_new(ERR_NO_SIGNATURE, "bad signature: text or signature were changed"),
                        "get the file again, from a place you trust");
    if (w->n > 0 && verdict_count(l, VERDICT_GOOD) > 0)
        return err_new(ERR_NO_SIGNATURE, "signed, but not by the one asked for");
    if (verdict_count(l, VERDICT_UNKNOWN_SIGNER) > 0)
        return err_hint(err_new(ERR_NO_SIGNATURE, "no good signature: the signer is not known"),
                        "import the signer's certificate: bulla cert import FILE");
    return err_new(ERR_NO_SIGNATURE, "no good signature");
}

err *verdicts_refuse_bad(const struct verdict_list *l)
{
    const struct wanted_signers anybody = {0};
    if (verdict_count(l, VERDICT_BAD) == 0 || verdict_count(l, VERDICT_GOOD) > 0)
        return NULL;
    return verdicts_require(l, &anybody);
}
