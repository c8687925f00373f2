#include "cli/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

enum { CLAIMS_SHOWN = 10 };

bool claims_have(const struct claims *c, const char *email, const struct fingerprint *fpr)
{
    for (size_t i = 0; i < c->n; i++) {
        if (fingerprint_equal(&c->items[i].fpr, fpr) && strcmp(c->items[i].email, email) == 0)
            return true;
    }
    return false;
}

err *claims_add(struct claims *c, const char *email, const struct fingerprint *fpr)
{
    struct claim claim = {.fpr = *fpr};
    if (claims_have(c, email, fpr))
        return NULL;
    TRY(mem_strdup(email, &claim.email));
    err *e = VEC_PUSH(c, claim);
    if (e != NULL)
        free(claim.email);
    return e;
}

void claims_clear(struct claims *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->items[i].email);
    vec_free(c);
}

static void remark(struct report *r, const struct claims *c)
{
    char fpr[FPR_TEXT_SIZE];
    for (size_t i = 0; i < c->n && i < CLAIMS_SHOWN; i++) {
        fingerprint_text(&c->items[i].fpr, fpr);
        report_remark(r, "note: another certificate claims %s: %s, which is not authenticated",
                      c->items[i].email, fpr);
    }
    if (c->n > CLAIMS_SHOWN)
        report_remark(r, "note: and %zu more like that", c->n - CLAIMS_SHOWN);
}

void claims_tell(struct report *r, const struct claims *c)
{
    remark(r, c);
    report_array(r, "claims");
    for (size_t i = 0; i < c->n; i++) {
        report_object(r, NULL);
        report_string(r, "email", c->items[i].email);
        report_fingerprint(r, "fingerprint", &c->items[i].fpr);
        report_end_object(r);
    }
    report_end_array(r);
}
