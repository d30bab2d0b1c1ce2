/* SPDX-License-Identifier: ISC
 *
 * Words of bits with the fewest ANDs known for each: inversions and XORs cost nothing, so a full
 * adder is one AND [BPP00, section 4]: with carry c, c' = c ⊕ (p⊕c)(q⊕c), sum = p⊕q⊕c.
 */
#include "circuit/builder.h"

void tct_word_const(tct_wire *out, unsigned width, uint64_t value)
{
    for (unsigned i = 0; i < width; i++)
        out[i] = i < 64 && (value >> i & 1) ? TCT_ONE : TCT_ZERO;
}

/* The carry of p + q + carry; one AND.  Two calls that make gates never stand in one list of
 * arguments: C leaves their order open, and compilers differ, but both people's circuits are hashed. */
static tct_wire carry_of(tct_builder *b, tct_wire p, tct_wire q, tct_wire carry)
{
    tct_wire left = tct_xor(b, p, carry);
    tct_wire right = tct_xor(b, q, carry);
    return tct_xor(b, carry, tct_and(b, left, right));
}

tct_wire tct_word_add(tct_builder *b, tct_wire *out, const tct_wire *p, const tct_wire *q,
                      tct_wire carry, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        tct_wire next =
            carry_of(b, p[i], q[i], carry); /* before out[i]: it may be p[i] or q[i] */
        out[i] = tct_xor(b, tct_xor(b, p[i], q[i]), carry);
        carry = next;
    }
    return carry;
}

/* p - q = p + ¬q + 1, and its carry says p >= q. */
tct_wire tct_word_sub(tct_builder *b, tct_wire *out, const tct_wire *p, const tct_wire *q,
                      unsigned width)
{
    tct_wire carry = TCT_ONE;
    for (unsigned i = 0; i < width; i++) {
        tct_wire minus = tct_not(b, q[i]);
        tct_wire next = carry_of(b, p[i], minus, carry);
        out[i] = tct_xor(b, tct_xor(b, p[i], minus), carry);
        carry = next;
    }
    return carry;
}

tct_wire tct_word_at_least(tct_builder *b, const tct_wire *p, const tct_wire *q, unsigned width)
{
    tct_wire carry = TCT_ONE;
    for (unsigned i = 0; i < width; i++)
        carry = carry_of(b, p[i], tct_not(b, q[i]), carry);
    return carry;
}

/* In two's complement the top bit counts the other way: exchange the two top bits. */
tct_wire tct_word_at_least_signed(tct_builder *b, const tct_wire *p, const tct_wire *q,
                                  unsigned width)
{
    if (width == 0)
        return TCT_ONE;
    tct_wire below = tct_word_at_least(b, p, q, width - 1);
    return carry_of(b, q[width - 1], tct_not(b, p[width - 1]), below);
}

tct_wire tct_word_equal(tct_builder *b, const tct_wire *p, const tct_wire *q, unsigned width)
{
    tct_wire all = TCT_ONE;
    for (unsigned i = 0; i < width; i++)
        all = tct_and(b, all, tct_not(b, tct_xor(b, p[i], q[i])));
    return all;
}

void tct_word_mux(tct_builder *b, tct_wire *out, tct_wire sel, const tct_wire *one,
                  const tct_wire *zero, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        out[i] = tct_mux(b, sel, one[i], zero[i]);
}

static bool all_constant(const tct_wire *p, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        if (p[i] != TCT_ZERO && p[i] != TCT_ONE)
            return false;
    return true;
}

/* Schoolbook: for every bit j of q, adds q_j·p at place j.  A constant factor is the q: its zeros
 * cost nothing. */
void tct_word_mul(tct_builder *b, tct_wire *out, unsigned out_width, const tct_wire *p,
                  unsigned p_width, const tct_wire *q, unsigned q_width)
{
    if (all_constant(p, p_width) && !all_constant(q, q_width)) {
        tct_word_mul(b, out, out_width, q, q_width, p, p_width);
        return;
    }
    tct_word_const(out, out_width, 0);
    for (unsigned j = 0; j < q_width && j < out_width; j++) {
        tct_wire carry = TCT_ZERO;
        unsigned i = j;
        for (; i < out_width && i - j < p_width; i++) {
            tct_wire product = tct_and(b, p[i - j], q[j]);
            tct_wire next = carry_of(b, out[i], product, carry);
            out[i] = tct_xor(b, tct_xor(b, out[i], product), carry);
            carry = next;
        }
        if (i < out_width)
            out[i] = carry; /* untouched so far: row j-1 ended one place lower */
    }
}

/* A counter with up to two bits waiting at every place: three make a full adder, whose sum stays
 * and whose carry moves up.  In all count - (ones in count) ANDs, the least possible [BP05]. */
void tct_word_popcount(tct_builder *b, tct_wire *out, unsigned width, const tct_wire *bits,
                       unsigned count)
{
    enum { PLACES = 32 };
    tct_wire waiting[PLACES][2];
    unsigned how_many[PLACES] = {0};
    TCT_ASSERT(width >= PLACES || count >> width == 0);

    for (unsigned i = 0; i < count; i++) {
        tct_wire w = bits[i];
        unsigned place = 0;
        while (how_many[place] == 2) {
            tct_wire p = waiting[place][0], q = waiting[place][1];
            waiting[place][0] = tct_xor(b, tct_xor(b, p, q), w);
            how_many[place] = 1;
            w = carry_of(b, p, q, w);
            place++;
        }
        waiting[place][how_many[place]++] = w;
    }
    tct_wire carry = TCT_ZERO;
    for (unsigned place = 0; place < width; place++) {
        tct_wire p = place < PLACES && how_many[place] > 0 ? waiting[place][0] : TCT_ZERO;
        tct_wire q = place < PLACES && how_many[place] > 1 ? waiting[place][1] : TCT_ZERO;
        out[place] = tct_xor(b, tct_xor(b, p, q), carry);
        carry = carry_of(b, p, q, carry);
    }
}
