#include "keyring/trustbuckets.h"

#include <string.h>

err *trustbuckets_push(struct trustbuckets *b, unsigned amount, unsigned order, uint32_t item)
{
    struct trustbuckets_list *list = &b->lists[amount][order];
    uint64_t *orders = b->orders[amount], bit = UINT64_C(1) << order % 64;
    TRY(VEC_EXTEND(&b->next, (size_t)item + 1));
    if ((orders[order / 64] & bit) == 0)
        list->first = item;
    else
        b->next.items[list->last] = item;
    list->last = item;
    orders[order / 64] |= bit;
    b->amounts[amount / 64] |= UINT64_C(1) << amount % 64;
    return NULL;
}

/* The number of the highest bit that is set, one is. */
static unsigned highest(uint64_t bits)
{
    return 63 - (unsigned)__builtin_clzll(bits);
}

static unsigned first_order(const uint64_t *orders)
{
    unsigned word = 0;
    while (orders[word] == 0)
        word++;
    return word * 64 + (unsigned)__builtin_ctzll(orders[word]);
}

static bool is_used_up(const uint64_t *orders)
{
    return (orders[0] | orders[1] | orders[2] | orders[3]) == 0;
}

bool trustbuckets_pop(struct trustbuckets *b, uint32_t *item)
{
    if ((b->amounts[0] | b->amounts[1]) == 0)
        return false;
    unsigned amount = b->amounts[1] != 0 ? 64 + highest(b->amounts[1]) : highest(b->amounts[0]);
    uint64_t *orders = b->orders[amount];
    unsigned order = first_order(orders);
    struct trustbuckets_list *list = &b->lists[amount][order];
    *item = list->first;
    if (list->first != list->last) {
        list->first = b->next.items[list->first];
        return true;
    }
    orders[order / 64] &= ~(UINT64_C(1) << order % 64);
    if (is_used_up(orders))
        b->amounts[amount / 64] &= ~(UINT64_C(1) << amount % 64);
    return true;
}

void trustbuckets_reset(struct trustbuckets *b)
{
    memset(b->amounts, 0, sizeof b->amounts);
    memset(b->orders, 0, sizeof b->orders);
}
