#include "sop/verifications.h"

#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "crypto/algo.h"

static void put_text(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    text_json_to(b, slice_of_string(value));
}

/* Every input that the certificate came from. */
static void put_signers(struct buf *b, const struct fingerprint *primary, const struct certs *certs)
{
    const char *comma = "";
    buf_text(b, "\"signers\":[");
    for (size_t i = 0; i < certs->list.n; i++) {
        if (!fingerprint_equal(cert_fingerprint(certs->list.items[i]), primary))
            continue;
        buf_text(b, comma);
        text_json_to(b, slice_of_string(certs->origins.items[i]));
        comma = ",";
    }
    buf_text(b, "]");
}

static void put_ext(struct buf *b, const struct verdict *v)
{
    char remark[512];
    buf_text(b, "\"ext\":{");
    put_text(b, "hash", algo_hash_name(v->hash_algo));
    if (v->user_id != NULL && v->user_id[0] != '\0') {
        buf_text(b, ",");
        put_text(b, "userid", v->user_id);
    }
    if (v->remark != NULL) {
        buf_text(b, ",");
        put_text(b, "remark", err_text(v->remark, remark, sizeof remark));
    }
    buf_text(b, "}");
}

static void put_line(struct buf *b, const struct verdict *v, const struct certs *certs)
{
    char at[WHEN_TEXT_SIZE], key[FPR_TEXT_SIZE], primary[FPR_TEXT_SIZE];
    when_text(v->made_at, at);
    fingerprint_text(&v->key, key);
    fingerprint_text(&v->primary, primary);
    buf_printf(b, "%s %s %s mode:%s {", at, key, primary, v->type == SIG_TEXT ? "text" : "binary");
    put_signers(b, &v->primary, certs);
    buf_text(b, ",");
    put_ext(b, v);
    buf_text(b, "}\n");
}

err *verifications_write(const struct verdict_list *l, const struct certs *certs, struct buf *out)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->items[i].status == VERDICT_GOOD)
            put_line(out, &l->items[i], certs);
    }
    return buf_end(out);
}

/* The verdicts in the order in which their reasons tell most. */
static const struct verdict *most_telling(const struct verdict_list *l)
{
    static const enum verdict_status order[] = {VERDICT_BAD, VERDICT_REJECTED, VERDICT_UNUSABLE,
                                                VERDICT_UNKNOWN_SIGNER};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        for (size_t i = 0; i < l->n; i++) {
            if (l->items[i].status == order[k])
                return &l->items[i];
        }
    }
    return NULL;
}

err *verifications_require(const struct verdict_list *l)
{
    char reason[512];
    if (verdict_count(l, VERDICT_GOOD) > 0)
        return NULL;
    const struct verdict *v = most_telling(l);
    if (v == NULL)
        return err_new(ERR_NO_SIGNATURE, "it is not signed");
    return err_new(ERR_NO_SIGNATURE, "no acceptable signature: %s",
                   err_text(v->reason, reason, sizeof reason));
}
