/* attribute.h - user attribute packets: images, in practice [RFC9580 5.12].
 *
 * Nothing is done with them but to show what they hold.
 */
#ifndef PACKET_ATTRIBUTE_H
#define PACKET_ATTRIBUTE_H

#include "base/reader.h"

enum { ATTRIBUTE_IMAGE = 1 }; /* types */
enum { ATTRIBUTE_JPEG = 1 };  /* formats of images */

/* Reads all attributes, marking their fields.  ERR_MALFORMED. */
MUST_USE err *attribute_parse(struct reader *r);

#endif
