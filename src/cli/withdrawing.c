#include "cli/withdrawing.h"

#include "base/vec.h"
#include "base/when.h"
#include "packet/subpacket.h"
#include "pgp/certification.h"
#include "pgp/edit.h"

void withdrawing_clear(struct withdrawing *x)
{
    certifying_clear(&x->common);
}

static err *never_said(const struct withdrawing *x, const char *fpr)
{
    if (x->common.is_local)
        return err_new(ERR_NO_USER_ID, "you have not accepted it");
    return err_hint(err_new(ERR_NO_USER_ID, "%s has not certified it", fpr),
                    "-u chooses another key of yours; bulla cert show tells who has");
}

/* Why there is nothing to take back; NULL: there is something. */
static err *nothing_said(const struct withdrawing *x, const struct certification *said)
{
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE];
    const struct sig *s = said->newest;
    const char *name = x->common.is_local ? "you" : fpr;
    fingerprint_text(cert_fingerprint(x->common.own), fpr);
    if (s == NULL)
        return never_said(x, fpr);
    when_date(said->revocation != NULL ? said->revocation->created_at : sig_expires_at(s), date);
    if (said->revocation != NULL)
        return err_new(ERR_EXISTS, "what %s said of it was revoked on %s", name, date);
    if (sig_expires_at(s) != 0 && sig_expires_at(s) <= world_now(x->common.app->world))
        return err_new(ERR_NO_USER_ID, "what %s said of it has expired on %s", name, date);
    return NULL;
}

err *withdrawing_find_users(struct withdrawing *x)
{
    const struct cert *c = x->common.subject;
    for (size_t i = 0; i < c->components.n; i++) {
        struct userpick p = {.user = &c->components.items[i]};
        struct certification said;
        if (p.user->kind != COMPONENT_USER_ID)
            continue;
        TRY(certification_find(c, p.user, cert_primary(x->common.own), &said));
        p.problem = nothing_said(x, &said);
        err *e = VEC_PUSH(&x->common.picks, p);
        if (e != NULL)
            err_free(p.problem);
        TRY(e);
    }
    return NULL;
}

/* What nobody else knows of is revoked where nobody else sees it. */
static err *revoke_one(struct withdrawing *x, const struct cert *c, struct slice id,
                       struct cert **out)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(1 << 8);
    const struct component *user;
    struct certification said;
    TRY(certifying_find_user(c, id, &user));
    TRY(certification_find(c, user, cert_primary(x->common.own), &said));
    x->public |= said.is_public;
    if (!said.is_public)
        subpacket_write_u8(&subpackets, SUB_EXPORTABLE, true, 0);
    TRY(buf_end(&subpackets));
    const struct edit_certify p = {.user_ids = &id,
                                   .n_user_ids = 1,
                                   .signers = &x->common.signer,
                                   .n_signers = 1,
                                   .subpackets = buf_view(&subpackets),
                                   .world = x->common.app->world,
                                   .at = (uint32_t)x->common.at};
    return edit_uncertify(c, &p, x->reason, x->message, out);
}

err *withdrawing_apply(void *context, const struct cert *c, struct cert **out)
{
    struct withdrawing *x = context;
    AUTO(cert_free) struct cert *latest = NULL;
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        struct cert *next = NULL;
        if (!p->chosen)
            continue;
        TRY(revoke_one(x, latest != NULL ? latest : c, p->user->packet.body, &next));
        cert_free(latest);
        latest = next;
    }
    *out = TAKE(latest);
    return NULL;
}
