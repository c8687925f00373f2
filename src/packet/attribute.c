#include "packet/attribute.h"

#include "packet/packet.h"

/* [RFC9580 5.12.1]; other versions may have other headers. */
static void read_image(struct reader *r)
{
    reader_mark(r, "image header length");
    reader_u16(r);
    reader_mark(r, "image header version");
    if (reader_u8(r) == 1) {
        reader_mark(r, "image format");
        reader_u8(r);
        reader_mark(r, "reserved");
        reader_bytes(r, 12);
    }
    reader_mark(r, "image");
    reader_rest(r);
}

static err *read_attribute(struct reader *r)
{
    reader_mark(r, "attribute length");
    size_t len = packet_read_length(r);
    if (len == 0)
        reader_fail(r); /* not even a type */
    reader_mark(r, "attribute type");
    uint8_t type = reader_u8(r);
    struct reader body = reader_sub(r, len == 0 ? 0 : len - 1, "user attribute");
    if (type == ATTRIBUTE_IMAGE) {
        read_image(&body);
    } else {
        reader_mark(&body, "attribute");
        reader_rest(&body);
    }
    return reader_check(&body);
}

err *attribute_parse(struct reader *r)
{
    while (reader_left(r) > 0)
        TRY(read_attribute(r));
    return reader_end(r);
}
