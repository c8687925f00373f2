/* window.h - the buffer of a stage: filled at its end, shown from its start.
 *
 *     uint8_t *room = window_room(&w);        window_room_len(&w) bytes, fill some
 *     window_add(&w, n);
 *     *view = window_view(&w);
 *     window_drop(&w, n);
 */
#ifndef STREAM_WINDOW_H
#define STREAM_WINDOW_H

#include <stdlib.h>

#include "base/mem.h"
#include "base/slice.h"

struct window {
    uint8_t *data;
    size_t capacity, start, end, most; /* the most that was ever in it, but for the last */
};

MUST_USE static inline err *window_init(struct window *w, size_t capacity)
{
    *w = (struct window){.data = mem_block(capacity), .capacity = capacity};
    return w->data == NULL ? err_no_memory() : NULL;
}

static inline void window_mark(struct window *w)
{
    w->most = w->end > w->most ? w->end : w->most;
}

/* Wipes what has been used: the rest of a long buffer need not even be in memory. */
static inline void window_clear(struct window *w)
{
    window_mark(w);
    mem_free_wiped(w->data, w->most);
    *w = (struct window){0};
}

static inline struct slice window_view(const struct window *w)
{
    return slice_of(w->data + w->start, w->end - w->start);
}

static inline size_t window_len(const struct window *w)
{
    return w->end - w->start;
}

static inline void window_drop(struct window *w, size_t n)
{
    w->start += n;
    window_mark(w);
    if (w->start == w->end)
        w->start = w->end = 0;
}

/* Moves what is shown to the front, to make the most room behind it. */
static inline uint8_t *window_room(struct window *w)
{
    window_mark(w);
    if (w->start > 0) {
        memmove(w->data, w->data + w->start, w->end - w->start);
        w->end -= w->start;
        w->start = 0;
    }
    return w->data + w->end;
}

static inline size_t window_room_len(const struct window *w)
{
    return w->capacity - w->end;
}

static inline void window_add(struct window *w, size_t n)
{
    w->end += n;
}

/* Appends; the caller has made sure of the room. */
static inline void window_put(struct window *w, struct slice s)
{
    if (s.len > 0)
        memcpy(w->data + w->end, s.data, s.len);
    w->end += s.len;
}

#endif
