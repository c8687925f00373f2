#include "pgp/armored.h"

#include "packet/packet.h"
#include "stream/input.h"
#include "stream/join.h"

/* Versions from which on a checksum is forbidden. */
static bool is_new(uint8_t type, uint8_t version)
{
    switch (type) {
    case PACKET_PKESK:
    case PACKET_SKESK:
    case PACKET_SIGNATURE:
    case PACKET_ONE_PASS:
    case PACKET_PUBLIC_KEY:
    case PACKET_SECRET_KEY:
        return version >= 6;
    case PACKET_SEIPD:
        return version >= 2;
    default:
        return false;
    }
}

static err *starts_new(struct source *packets, bool *out)
{
    struct slice view;
    struct packet_header h;
    TRY(source_fill(packets, PACKET_HEADER_MAX + 1, &view));
    struct reader r = reader_init(view, "packet");
    *out = false;
    if (view.len == 0)
        return NULL;
    TRY(packet_parse_header(&r, &h));
    *out = is_new(h.type, reader_peek(&r));
    return NULL;
}

err *armored_kind(struct source *packets, enum armor_kind *out)
{
    struct packet_header h;
    struct slice view;
    TRY(source_fill(packets, PACKET_HEADER_MAX, &view));
    if (view.len == 0)
        return err_new(ERR_NO_DATA, "there is nothing");
    struct reader r = reader_init(view, "packet");
    TRY(packet_parse_header(&r, &h));
    *out = h.type == PACKET_PUBLIC_KEY   ? ARMOR_PUBLIC_KEY
           : h.type == PACKET_SECRET_KEY ? ARMOR_PRIVATE_KEY
           : h.type == PACKET_SIGNATURE  ? ARMOR_SIGNATURE
                                         : ARMOR_MESSAGE;
    return NULL;
}

err *armored_new(struct source *packets, enum armor_kind kind, struct source **out)
{
    bool new;
    err *e = starts_new(packets, &new);
    if (e != NULL) {
        source_close(packets);
        return e;
    }
    return armor_encode(packets, kind, !new, out);
}

/* Takes packets over, also on failure. */
static err *put_marker_before(struct source *packets, struct source **out)
{
    static const uint8_t marker[] = {0xC0 | PACKET_MARKER, 3, 'P', 'G', 'P'};
    AUTO(source_close) struct source *owner = packets;
    struct source *part = NULL;
    struct join *j = NULL;
    TRY(join_new(&j));
    AUTO(source_close) struct source *joined = join_source(j);
    TRY(input_from_memory(SLICE_OF(marker), &part));
    TRY(join_add(j, part));
    TRY(join_add(j, TAKE(owner)));
    *out = TAKE(joined);
    return NULL;
}

err *armored_message(struct source *packets, struct source **out)
{
    AUTO(source_close) struct source *owner = packets;
    struct slice view;
    TRY(source_fill(packets, SOURCE_PEEK_MAX, &view));
    bool unpadded = view.len < SOURCE_PEEK_MAX && view.len % 3 == 0;
    if (unpadded)
        TRY(put_marker_before(TAKE(owner), &owner));
    return armor_encode(TAKE(owner), ARMOR_MESSAGE, false, out);
}
