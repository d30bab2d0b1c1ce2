/* SPDX-License-Identifier: ISC */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(size_t) >= 4, "sizes of at least 32 bits");
#if defined(__BYTE_ORDER__)
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "blocks are laid out little-endian");
#endif

enum { ARENA_ALIGN = 64 }; /* a cache line, and enough for every vector type */

_Noreturn void tct_assert_failed(const char *condition, const char *file, int line)
{
    /* No output here: base has no stdio.  The arguments are there for a debugger. */
    (void)condition;
    (void)file;
    (void)line;
    abort();
}

void tct_wipe(void *memory, size_t bytes)
{
    if (bytes == 0)
        return;
    memset(memory, 0, bytes);
    /* The compiler must assume that someone reads the zeros. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}

void tct_arena_init(tct_arena *arena, void *memory, size_t bytes)
{
    arena->base = memory;
    arena->bytes = bytes;
    arena->used = 0;
}

void *tct_arena_take_raw(tct_arena *arena, size_t count, size_t unit_bytes)
{
    uintptr_t at = (uintptr_t)(arena->base + arena->used);
    size_t pad = (size_t)(-at & (ARENA_ALIGN - 1));
    if (unit_bytes != 0 && count > SIZE_MAX / unit_bytes)
        return NULL;
    size_t bytes = count * unit_bytes, left = arena->bytes - arena->used;
    if (left < pad || left - pad < bytes)
        return NULL;
    uint8_t *taken = arena->base + arena->used + pad;
    arena->used += pad + bytes;
    return taken;
}

void *tct_arena_take(tct_arena *arena, size_t count, size_t unit_bytes)
{
    void *taken = tct_arena_take_raw(arena, count, unit_bytes);
    if (taken != NULL && count != 0 && unit_bytes != 0)
        memset(taken, 0, count * unit_bytes);
    return taken;
}

size_t tct_arena_cost(size_t count, size_t unit_bytes)
{
    if (unit_bytes != 0 && count > (SIZE_MAX - ARENA_ALIGN) / unit_bytes)
        return SIZE_MAX;
    return count * unit_bytes + ARENA_ALIGN;
}
