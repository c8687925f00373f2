/* interrupt.h - has the user interrupted?
 *
 * A signal handler sets the flag.  Whoever waits (for input, output, an answer, a
 * lock) asks when a call has been cut short, and every loop over bulk data asks now
 * and then.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <signal.h>

#include "base/err.h"

/* Also set while other threads run. */
extern _Atomic sig_atomic_t interrupt_flag;

/* ERR_INTERRUPTED once the flag is set. */
MUST_USE err *interrupt_check(void);

#endif
