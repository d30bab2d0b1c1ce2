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
#include "sodium/crypto_scalarmult_ristretto255.h"
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

/* assert() of the C library would print, and printing brings in all of stdio. */
_Noreturn void __assert_fail(const char *condition, const char *file, int line, const char *name)
{
    (void)condition, (void)file, (void)line, (void)name;
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

/* A multiple of the base point by the way for any point: libsodium's own has a table of 30 kB, which
 * saves a page three milliseconds and costs it a fifth of its engine.  The 32 bytes are the encoding
 * of the base point [RFC 9496, Appendix A.1]. */
int crypto_scalarmult_ristretto255_base(unsigned char *product, const unsigned char *scalar)
{
    static const unsigned char base_point[32] = {
        0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
        0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    return crypto_scalarmult_ristretto255(product, scalar, base_point);
}
