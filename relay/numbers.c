/* SPDX-License-Identifier: ISC */
#include "relay/numbers.h"

#include <stdlib.h>

/* A number is free (no holder, not resting), held, or resting.  Those at rest stand in a ring in the
 * order in which they will wake, each with its time. */
typedef struct {
    uint32_t number;
    uint64_t until_ms;
} rester;

struct tct_numbers {
    uint32_t max, rest_ms;
    uint64_t random;
    void **holder;   /* [max + 1] */
    bool *busy;      /* [max + 1]: held or resting */
    rester *resting; /* a ring of max */
    uint32_t resting_first, resting_count;
    uint32_t busy_count[10]; /* of the numbers with i + 1 digits */
};

static uint32_t digits_of(uint32_t number)
{
    uint32_t digits = 0;
    for (; number >= 10; number /= 10)
        digits++;
    return digits; /* one less: an index */
}

/* The first number with index + 1 digits. */
static uint64_t first_with(uint32_t index)
{
    uint64_t first = 1;
    for (uint32_t i = 0; i < index; i++)
        first *= 10;
    return first;
}

tct_numbers *tct_numbers_new(uint32_t max, uint32_t rest_ms, uint64_t seed)
{
    tct_numbers *n = calloc(1, sizeof *n);
    if (n == NULL)
        return NULL;
    *n = (tct_numbers){.max = max, .rest_ms = rest_ms, .random = seed};
    n->holder = calloc((size_t)max + 1, sizeof *n->holder);
    n->busy = calloc((size_t)max + 1, sizeof *n->busy);
    n->resting = calloc((size_t)max + 1, sizeof *n->resting);
    if (n->holder != NULL && n->busy != NULL && n->resting != NULL)
        return n;
    tct_numbers_free(n);
    return NULL;
}

void tct_numbers_free(tct_numbers *n)
{
    if (n == NULL)
        return;
    free(n->holder);
    free(n->busy);
    free(n->resting);
    free(n);
}

/* splitmix64: spreads the numbers; nothing depends on their being hard to guess. */
static uint64_t next_random(tct_numbers *n)
{
    uint64_t z = n->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void wake(tct_numbers *n, uint64_t now_ms)
{
    while (n->resting_count > 0 && n->resting[n->resting_first].until_ms <= now_ms) {
        uint32_t number = n->resting[n->resting_first].number;
        n->resting_first = (n->resting_first + 1) % n->max;
        n->resting_count--;
        n->busy[number] = false;
        n->busy_count[digits_of(number)]--;
    }
}

/* A free number of first … first + count - 1, from a random place on; there is one. */
static uint32_t find(tct_numbers *n, uint64_t first, uint64_t count)
{
    uint64_t from = next_random(n) % count;
    for (uint64_t i = 0; i < count; i++) {
        uint32_t number = (uint32_t)(first + (from + i) % count);
        if (!n->busy[number])
            return number;
    }
    return 0;
}

uint32_t tct_numbers_draw(tct_numbers *n, void *holder, uint64_t now_ms)
{
    wake(n, now_ms);
    uint32_t found = 0;
    /* First where half are free; then, should that fail, where any is. */
    for (uint32_t share = 2; share >= 1 && found == 0; share--) {
        for (uint32_t i = 0; first_with(i) <= n->max && found == 0; i++) {
            uint64_t first = first_with(i), end = first_with(i + 1);
            uint64_t count = (end > n->max ? (uint64_t)n->max + 1 : end) - first;
            if ((uint64_t)n->busy_count[i] * share < count)
                found = find(n, first, count);
        }
    }
    if (found != 0)
        tct_numbers_claim(n, found, holder);
    return found;
}

bool tct_numbers_claim(tct_numbers *n, uint32_t number, void *holder)
{
    if (number < 1 || number > n->max || n->busy[number])
        return false;
    n->busy[number] = true;
    n->holder[number] = holder;
    n->busy_count[digits_of(number)]++;
    return true;
}

void *tct_numbers_holder(const tct_numbers *n, uint32_t number)
{
    return number <= n->max ? n->holder[number] : NULL;
}

void tct_numbers_rest(tct_numbers *n, uint32_t number, uint64_t now_ms)
{
    TCT_ASSERT(number >= 1 && number <= n->max && n->holder[number] != NULL);
    n->holder[number] = NULL;
    uint32_t at = (n->resting_first + n->resting_count) % n->max;
    n->resting[at] = (rester){.number = number, .until_ms = now_ms + n->rest_ms};
    n->resting_count++;
}
