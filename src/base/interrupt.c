#include "base/interrupt.h"

_Atomic sig_atomic_t interrupt_flag;

err *interrupt_check(void)
{
    return interrupt_flag != 0 ? err_new(ERR_INTERRUPTED, "interrupted") : NULL;
}
