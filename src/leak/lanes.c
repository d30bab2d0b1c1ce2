/* SPDX-License-Identifier: ISC
 *
 * Gates on 512 inputs at once, in the widest words that there are.
 */
#include "leak/lanes.h"

#include "base/vector.h"

/* 64 bytes; the compiler takes them apart where the machine has no such words. */
typedef uint64_t lanes __attribute__((vector_size(8 * TCT_TABLE_LANES), may_alias));

TCT_INLINE void run(const tct_gate *gates, uint32_t count, const lanes *wires, lanes *to)
{
    for (uint32_t i = 0; i < count; i++) {
        const lanes *a = &wires[gates[i].a], *b = &wires[gates[i].b];
        if (gates[i].kind == TCT_GATE_AND)
            to[i] = *a & *b;
        else if (gates[i].kind == TCT_GATE_XOR)
            to[i] = *a ^ *b;
        else
            to[i] = ~*a;
    }
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void run_avx2(const tct_gate *gates, uint32_t count,
                                                     const lanes *wires, lanes *to)
{
    run(gates, count, wires, to);
}

__attribute__((target("avx512f"))) static void run_avx512(const tct_gate *gates, uint32_t count,
                                                          const lanes *wires, lanes *to)
{
    run(gates, count, wires, to);
}
#endif

void tct_lanes_run(const tct_gate *gates, uint32_t count, const uint64_t *wires, uint64_t *to)
{
    const lanes *in = (const void *)wires;
    lanes *out = (void *)to;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f"))
        run_avx512(gates, count, in, out);
    else if (__builtin_cpu_supports("avx2"))
        run_avx2(gates, count, in, out);
    else
#endif
        run(gates, count, in, out);
}
