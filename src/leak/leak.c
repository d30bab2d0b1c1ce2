/* SPDX-License-Identifier: ISC
 *
 * The machine: from a sheet and answers to what they tell, in slices.
 */
#include "leak/state.h"

#include <string.h>

tacit_status tacit_leak_init(tacit_leak **out, void *memory, size_t memory_bytes,
                             const tacit_sheet *sheet, int person, const tacit_answers *answers,
                             unsigned wants)
{
    tct_arena arena;
    char error[160];
    *out = NULL;
    if (answers == NULL ? wants != TACIT_LEAK_FACTS
                        : tacit_answers_check(sheet, person, answers, error) != TACIT_OK)
        return TACIT_ERR_ANSWER;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_leak *l = tct_arena_take(&arena, 1, sizeof *l);
    if (l == NULL)
        return TACIT_ERR_MEMORY;
    l->arena = arena;
    l->sheet = sheet;
    l->person = person;
    l->wants = wants;
    *out = l;
    return TACIT_OK;
}

uint32_t tacit_leak_step(tacit_leak *l, uint32_t slices)
{
    l->progress = slices > 0 ? TACIT_LEAK_DONE : l->progress;
    return l->progress;
}

const tacit_leak_facts *tacit_leak_see_facts(const tacit_leak *l)
{
    bool there = l->progress == TACIT_LEAK_DONE && (l->wants & TACIT_LEAK_FACTS) != 0;
    return there ? &l->facts : NULL;
}

void tacit_leak_wipe(tacit_leak *l)
{
    tct_arena arena = l->arena;
    tct_wipe(arena.base, arena.used);
}
