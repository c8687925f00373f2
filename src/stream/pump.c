#include "stream/pump.h"

#include "base/interrupt.h"

err *pump(struct source *s, struct sink *k)
{
    struct slice view;
    do {
        TRY(interrupt_check());
        TRY(source_fill(s, 1, &view));
        TRY(sink_write(k, view));
        source_consume(s, view.len);
    } while (view.len > 0);
    return NULL;
}
