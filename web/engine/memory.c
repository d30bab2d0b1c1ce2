/* SPDX-License-Identifier: ISC
 *
 * memory.c — malloc and its relatives for one sitting: memory is taken and never given back.
 *
 * The worker makes a fresh engine for every sitting, and the old one goes as a whole.  A general
 * allocator would be six kilobytes of the page, for the sake of one QR code.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 65536, ALIGNMENT = 64 };

extern unsigned char __heap_base; /* set by the linker */
static uintptr_t next;

/* Every piece follows its own size, which realloc needs. */
void *malloc(size_t bytes)
{
    if (next == 0)
        next = (uintptr_t)&__heap_base;
    uintptr_t start = (next + sizeof bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    uintptr_t end = start + bytes;
    uintptr_t room = __builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (start < next || end < start)
        return NULL;
    if (end > room &&
        __builtin_wasm_memory_grow(0, (end - room + PAGE_BYTES - 1) / PAGE_BYTES) == SIZE_MAX)
        return NULL;
    memcpy((void *)(start - sizeof bytes), &bytes, sizeof bytes);
    next = end;
    return (void *)start;
}

void free(void *memory)
{
    (void)memory;
}

/* Fresh memory of WebAssembly is zero, and none is given out twice. */
void *calloc(size_t count, size_t bytes)
{
    if (bytes != 0 && count > SIZE_MAX / bytes)
        return NULL;
    return malloc(count * bytes);
}

void *realloc(void *memory, size_t bytes)
{
    size_t before = 0;
    void *moved = malloc(bytes);
    if (moved == NULL || memory == NULL)
        return moved;
    memcpy(&before, (char *)memory - sizeof before, sizeof before);
    return memcpy(moved, memory, before < bytes ? before : bytes);
}
