/* SPDX-License-Identifier: ISC
 *
 * vector.h — 128 bits at a time with the compiler's vector types (gcc 12, clang 14 and newer).
 *
 * Gives    one type for SSE2, NEON and wasm SIMD128, and for machines without any of them, where
 *          the compiler takes the two halves apart.  Operators ^ & | ~ << >> work per 64-bit half.
 * The one place that knows the compilers' spelling; the bitsliced kernels stand on it.
 */
#ifndef TCT_BASE_VECTOR_H
#define TCT_BASE_VECTOR_H

#include <stdint.h>
#include <string.h>

/* Before a loop whose count is constant once it is inlined: unroll it whole.  Not under the
 * sanitizers, whose checks in every turn would take the compiler minutes, nor where the page asks for
 * short code (tools/wasm). */
#if defined(__SANITIZE_ADDRESS__) || defined(TCT_ROLLED)
#define TCT_UNROLL
#elif defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define TCT_UNROLL
#else
#define TCT_UNROLL _Pragma("clang loop unroll(full)")
#endif
#else
#define TCT_UNROLL _Pragma("GCC unroll 32")
#endif

/* Inlines always, so that constant arguments become constants. */
#define TCT_INLINE __attribute__((always_inline)) static inline

typedef uint64_t tct_v128 __attribute__((vector_size(16)));
typedef uint8_t tct_v128_bytes __attribute__((vector_size(16)));
typedef uint32_t tct_v128_words __attribute__((vector_size(16)));

static inline tct_v128 tct_v128_load(const void *in)
{
    tct_v128 v;
    memcpy(&v, in, sizeof v);
    return v;
}
static inline void tct_v128_store(void *out, tct_v128 v)
{
    memcpy(out, &v, sizeof v);
}
/* The same 64 bits in both halves. */
static inline tct_v128 tct_v128_splat(uint64_t half)
{
    return (tct_v128){half, half};
}
/* Low half and high half change places. */
static inline tct_v128 tct_v128_swap(tct_v128 v)
{
    return __builtin_shufflevector(v, v, 1, 0);
}

/* Word i of the result is word w_i of the eight in v and u; the w_i are constants. */
#define TCT_V128_WORDS(v, u, ...)                                                              \
    ((tct_v128)__builtin_shufflevector((tct_v128_words)(v), (tct_v128_words)(u), __VA_ARGS__))

/* Byte i of the result is byte b_i of v; the b_i are constants. Only where TCT_V128_SHUFFLE says
 * that it is one instruction: elsewhere the compilers take the vector apart byte by byte. */
#if defined(__SSSE3__) || defined(__ARM_NEON) || defined(__wasm_simd128__)
#define TCT_V128_SHUFFLE 1
#else
#define TCT_V128_SHUFFLE 0
#endif
#define TCT_V128_BYTES(v, ...)                                                                 \
    ((tct_v128)__builtin_shufflevector((tct_v128_bytes)(v), (tct_v128_bytes)(v), __VA_ARGS__))

#endif
