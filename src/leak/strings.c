/* SPDX-License-Identifier: ISC
 *
 * A set of strings of bits.
 */
#include <string.h>

#include "leak/crowd.h"

tct_err tct_strings_init(tct_strings *s, tct_arena *arena, uint32_t count_max, size_t words)
{
    uint32_t table = 2;
    while (table < 2 * count_max)
        table *= 2;
    *s = (tct_strings){.table_mask = table - 1, .count_max = count_max, .room = words};
    s->pool = tct_arena_take(arena, words, sizeof *s->pool);
    s->at = tct_arena_take(arena, count_max, sizeof *s->at);
    s->table = tct_arena_take(arena, table, sizeof *s->table);
    return s->pool != NULL && s->at != NULL && s->table != NULL ? TCT_OK : TCT_ERR_MEMORY;
}

void tct_strings_clear(tct_strings *s)
{
    memset(s->table, 0, (s->table_mask + (size_t)1) * sizeof *s->table);
    s->count = 0;
    s->used = 0;
}

tct_bits tct_strings_begin(const tct_strings *s)
{
    size_t words = s->room - s->used;
    words = words > UINT32_MAX / 64 ? UINT32_MAX / 64 : words;
    /* One word for the length, and one for nothing, so that a cut string is never taken for whole. */
    return (tct_bits){.words = s->pool + s->used + 1,
                      .room = words < 2 ? 0 : (uint32_t)(words - 2) * 64};
}

uint32_t tct_strings_put(tct_strings *s, const tct_bits *bits)
{
    if (bits->bits > bits->room || s->room - s->used < 2)
        return TCT_CROWD_NONE;
    uint64_t *fresh = s->pool + s->used, h = 0x9e3779b97f4a7c15u;
    size_t words = 1 + ((size_t)bits->bits + 63) / 64;
    fresh[0] = bits->bits;
    for (size_t i = 0; i < words; i++) {
        h = (h ^ fresh[i]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    uint32_t at = (uint32_t)h & s->table_mask;
    for (; s->table[at] != 0; at = (at + 1) & s->table_mask) {
        uint32_t old = s->table[at] - 1;
        /* Neither is sent anywhere: no secret is told by how long this takes. */
        if (memcmp(s->pool + s->at[old], fresh, words * sizeof *fresh) == 0)
            return old;
    }
    if (s->count == s->count_max)
        return TCT_CROWD_NONE;
    s->at[s->count] = (uint32_t)s->used;
    s->used += words;
    s->table[at] = ++s->count;
    return s->count - 1;
}
