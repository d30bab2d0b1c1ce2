/* SPDX-License-Identifier: ISC
 *
 * sbox.h — the S-box of AES as a circuit of 114 gates on whole planes, and 4 inversions.
 *
 * Source   FIPS 197 5.1.1; derived from the field, not from a published list of gates: with
 *          GF(2^8) over GF(2^4) write x = a·B0 + b·B1, where B0 = g^10, B1 = g^2, g = z+1.  Then
 *              n = x^17 = a²·B0^17 + b²·B1^17 + a·b·(B0·B1^16 + B0^16·B1)   is in GF(2^4),
 *              1/x = x^16/n = (a·B0^16 + b·B1^16)·e   with   e = 1/n.
 *          A product in GF(2^4) takes nine ANDs of linear forms: seen as a plane over its subfield
 *          GF(2^2), GF(2^4) has five lines of forms, three forms on each, and any three lines do
 *          (Karatsuba's trick, twice).  The forms of a, b and e serve all three products.  In n,
 *          an OR in place of an AND (p|q = pq+p+q) takes in part of the squares, which are linear.
 *          The bases were chosen by trying them all, the sums shared by greedy search; the test
 *          goes through all 256 values.
 * Planes   bit i of every byte is plane x[i]; works on any number of bytes at once.
 */
#ifndef TCT_CRYPTO_SBOX_H
#define TCT_CRYPTO_SBOX_H

#include "base/vector.h"

/* The nine forms of a and of b: 23 gates. */
static inline void sbox_forms(const tct_v128 x[8], tct_v128 a[9], tct_v128 b[9])
{
    const tct_v128 s0 = x[0] ^ x[2], s1 = x[4] ^ x[7], s2 = x[3] ^ x[6];
    a[0] = x[5] ^ s1;
    const tct_v128 s3 = x[1] ^ s0;
    a[4] = s0 ^ s2;
    const tct_v128 s4 = x[1] ^ s2;
    a[7] = x[5] ^ s3;
    const tct_v128 s5 = x[1] ^ s1;
    b[8] = x[3] ^ s5;
    a[2] = x[7] ^ a[7];
    a[5] = x[7] ^ a[4];
    b[4] = x[5] ^ x[6];
    b[0] = a[0] ^ s4;
    const tct_v128 s6 = x[6] ^ s0;
    a[6] = s1 ^ s4;
    a[8] = a[0] ^ a[4];
    b[5] = s0 ^ a[0];
    b[3] = s1 ^ s6;
    b[1] = x[2] ^ a[0];
    b[2] = x[2] ^ s4;
    a[1] = x[4] ^ s3;
    b[7] = x[0] ^ b[8];
    a[3] = x[7];
    b[6] = x[0];
}

/* Four forms of n = x^17: 9 products and 14 sums. */
static inline void sbox_norm(const tct_v128 x[8], const tct_v128 a[9], const tct_v128 b[9],
                             tct_v128 n[4])
{
    const tct_v128 s0 = a[0] & b[0], s1 = a[1] & b[1], s2 = a[2] | b[2], s3 = a[3] | b[3],
                   s4 = a[4] & b[4], s5 = a[5] | b[5], s6 = a[6] & b[6], s7 = a[7] | b[7],
                   s8 = a[8] | b[8], s9 = s2 ^ s3, s10 = s2 ^ s8, s11 = s1 ^ s9,
                   s12 = s4 ^ a[2], s13 = s7 ^ b[4], s14 = s1 ^ s10, s15 = s0 ^ a[5],
                   s16 = s6 ^ s15;
    n[2] = s10 ^ s16;
    n[3] = s13 ^ s14;
    const tct_v128 s17 = s0 ^ s12;
    n[0] = s9 ^ s17;
    const tct_v128 s18 = s5 ^ s11;
    n[1] = x[3] ^ s18;
}

/* The nine forms of e = 1/n = n^4·(n^5)^2, where n^5 is in GF(2^2): 25 gates. */
static inline void sbox_invert(const tct_v128 n[4], tct_v128 e[9])
{
    const tct_v128 s0 = n[0] ^ n[1], s1 = n[2] ^ n[3], s2 = s0 | s1, s3 = n[0] | n[2],
                   s4 = n[1] & n[3], s5 = s2 ^ n[0], s6 = s4 ^ n[3], s7 = s3 ^ s6, s8 = s3 ^ s5,
                   s9 = s5 ^ s6, s10 = s0 & s8, s11 = n[0] & s7, s12 = n[1] & s9;
    e[0] = s10 ^ s11;
    e[1] = s10 ^ s12;
    e[2] = s11 ^ s12;
    const tct_v128 s13 = s1 & s8, s14 = n[2] & s7, s15 = n[3] & s9;
    e[3] = s14 ^ s15;
    e[4] = s13 ^ s14;
    e[5] = s13 ^ s15;
    e[6] = e[4] ^ e[2];
    e[7] = e[0] ^ e[5];
    e[8] = e[1] ^ e[3];
}

/* The products a·e and b·e, and from them the bits of the affine map of 1/x: 43 gates. */
static inline void sbox_outputs(const tct_v128 a[9], const tct_v128 b[9], const tct_v128 e[9],
                                tct_v128 x[8])
{
    const tct_v128 s0 = a[0] & e[0], s1 = a[1] & e[1], s2 = a[2] & e[2], s3 = a[3] & e[6],
                   s4 = a[4] & e[7], s5 = a[5] & e[8], s6 = a[6] & e[3], s7 = a[7] & e[4],
                   s8 = a[8] & e[5], s9 = b[0] & e[1], s10 = b[1] & e[2], s11 = b[2] & e[0],
                   s12 = b[3] & e[7], s13 = b[4] & e[8], s14 = b[5] & e[6], s15 = b[6] & e[4],
                   s16 = b[7] & e[5], s17 = b[8] & e[3], s18 = s6 ^ s8, s19 = s3 ^ s18,
                   s20 = s4 ^ s19, s21 = s10 ^ s16, s22 = s9 ^ s21, s23 = s12 ^ s20,
                   s24 = s15 ^ s22, s25 = s0 ^ s1, s26 = s0 ^ s18, s27 = s14 ^ s23;
    x[1] = s2 ^ s26;
    const tct_v128 s28 = s17 ^ s22;
    x[4] = s20 ^ s24;
    const tct_v128 s29 = s7 ^ s25, s30 = s6 ^ s24, s31 = s23 ^ s28, s32 = s19 ^ s25,
                   s33 = s10 ^ s11, s34 = s17 ^ s27;
    x[0] = s24 ^ x[1];
    x[6] = s13 ^ s31;
    x[2] = s5 ^ s32;
    x[3] = s16 ^ s34;
    x[7] = s27 ^ s33;
    x[5] = s29 ^ s30;
}

/* SubBytes in place. */
static inline void tct_sbox(tct_v128 x[8])
{
    tct_v128 a[9], b[9], n[4], e[9];
    sbox_forms(x, a, b);
    sbox_norm(x, a, b, n);
    sbox_invert(n, e);
    sbox_outputs(a, b, e, x);
    x[0] = ~x[0]; /* the constant 0x63 */
    x[1] = ~x[1];
    x[5] = ~x[5];
    x[6] = ~x[6];
}

#endif
