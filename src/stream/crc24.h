/* crc24.h - the CRC-24 of OpenPGP [RFC9580 6.1]. */
#ifndef STREAM_CRC24_H
#define STREAM_CRC24_H

#include <stdint.h>

#include "base/slice.h"

/* A CRC-24 starts with this. */
#define CRC24_INIT 0xB704CEU

/* Continues a CRC-24. */
uint32_t crc24_update(uint32_t crc, struct slice s);

/* The same with tables alone, whatever the processor can. */
uint32_t crc24_portable(uint32_t crc, struct slice s);

#endif
