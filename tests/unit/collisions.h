/* collisions.h - texts with the same SHA-1, as published. */
#ifndef TESTS_COLLISIONS_H
#define TESTS_COLLISIONS_H

#include "unit.h"

/* 0 and 1 have the same digest, and so have 2 and 3.  Those are the beginnings of OpenPGP
 * keys as they are hashed for a signature: 99, length, body. */
enum { COLLISIONS = 4 };
struct slice collision(unsigned i);

#endif
