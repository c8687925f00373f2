#include "pgp/issue.h"

#include "packet/packet.h"

enum { BODY_MAX = 1 << 18 };

err *issue_body(const struct issue *i, struct buf *out)
{
    CLEANUP(sigmaker_clear) struct sigmaker m = {0};
    uint32_t at = i->at != 0 ? i->at : (uint32_t)world_now(i->world);
    TRY(sigmaker_start(&m, i->signer, i->type, i->world));
    target_digest(&i->target, i->signer->key->version == 6 ? 6 : 4, m.digest);
    buf_bytes(&m.hashed, i->subpackets);
    return sigmaker_finish(&m, i->world, at, out);
}

err *issue_packet(const struct issue *i, struct buf *packets)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(BODY_MAX);
    TRY(issue_body(i, &body));
    packet_write(packets, PACKET_SIGNATURE, buf_view(&body));
    return buf_end(packets);
}

static enum sig_type revocation_type(const struct target *t)
{
    if (t->has_user)
        return SIG_CERT_REVOCATION;
    return t->subkey.len > 0 ? SIG_SUBKEY_REVOCATION : SIG_KEY_REVOCATION;
}

err *issue_revocation(const struct issue *i, enum revocation_reason reason, const char *words,
                      struct buf *packets)
{
    CLEANUP(buf_clear) struct buf why = BUF_EMPTY(1 << 12), subpackets = BUF_EMPTY(1 << 13);
    struct issue revocation = *i;
    buf_u8(&why, (uint8_t)reason);
    buf_text(&why, words);
    TRY(buf_end(&why));
    buf_bytes(&subpackets, i->subpackets);
    subpacket_write(&subpackets, SUB_REVOCATION_REASON, false, buf_view(&why));
    TRY(buf_end(&subpackets));
    revocation.type = revocation_type(&i->target);
    revocation.subpackets = buf_view(&subpackets);
    return issue_packet(&revocation, packets);
}

err *issue_revocation_certificate(const struct issue *i, enum revocation_reason reason,
                                  const char *words, struct buf *packets)
{
    if (i->signer->key->version >= 6)
        packet_write(packets, PACKET_PUBLIC_KEY, i->target.primary);
    return issue_revocation(i, reason, words, packets);
}
