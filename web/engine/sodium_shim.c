/* SPDX-License-Identifier: ISC
 *
 * sodium_shim.c — what the chosen files of libsodium expect of the rest of it, for wasm32.
 *
 * libsodium's core, runtime and utils probe a processor and a system that are not there; these
 * few functions keep its contract without them.  tests/web checks them with known answers.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sodium/core.h"
#include "sodium/randombytes.h"
#include "sodium/runtime.h"
#include "sodium/utils.h"

/* The page's crypto.getRandomValues: the engine's only import. */
__attribute__((import_module("env"), import_name("random_bytes"))) void
tacit_host_random_bytes(void *out, size_t bytes);

int sodium_init(void)
{
    return 0;
}

void sodium_misuse(void)
{
    __builtin_trap();
}

void sodium_memzero(void *const memory, const size_t bytes)
{
    memset(memory, 0, bytes);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

int sodium_memcmp(const void *const a, const void *const b, size_t bytes)
{
    const volatile uint8_t *p = a, *q = b;
    uint8_t difference = 0;
    for (size_t i = 0; i < bytes; i++)
        difference |= (uint8_t)(p[i] ^ q[i]);
    return (1 & ((difference - 1) >> 8)) - 1;
}

int sodium_is_zero(const unsigned char *bytes, const size_t count)
{
    unsigned char any = 0;
    for (size_t i = 0; i < count; i++)
        any |= bytes[i];
    return 1 & ((any - 1) >> 8);
}

void randombytes_buf(void *const out, const size_t bytes)
{
    tacit_host_random_bytes(out, bytes);
}
