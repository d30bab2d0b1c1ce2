/* SPDX-License-Identifier: ISC
 *
 * tcr.h — the tweakable circular correlation-robust hash of gates and leaky ANDs.
 *
 * Source   [GKWWY20] MITCCRH on AES-128; protocol.md 0.2.  V = hi‖lo, σ(V) = (hi⊕lo)‖hi,
 *          key = salt[0..15] ⊕ (u64 tweak ‖ u8 dom ‖ 0^7), pad = AES_key(σ(V)) ⊕ σ(V).
 * Trust    ideal cipher; a (salt, dom, tweak) is used for one gate or triple only.
 * Cost     one AES call with a fresh key each.
 */
#ifndef TCT_CRYPTO_TCR_H
#define TCT_CRYPTO_TCR_H

#include "crypto/aes.h"

enum { /* domains; dom + 16 gives the tag pad of the same input */
       TCT_DOM_LEAKY_X = 1,
       TCT_DOM_LEAKY_Y = 2,
       TCT_DOM_GATE_A = 3,
       TCT_DOM_GATE_B = 4,
       TCT_DOM_TAG = 16,
};

/* pads[i*per_tweak + j] = pad of TCR(salt, dom, tweaks[i], in[i*per_tweak + j]).
 * salt: public, the first 16 bytes of the run's salt.  in: secret.  per_tweak: 1 or 2.
 * Any count; works through it in batches on the stack.  in == pads is fine. */
void tct_tcr(tct_block salt, uint8_t dom, const uint64_t *tweaks, size_t tweak_count,
             size_t per_tweak, const tct_block *in, tct_block *pads);

/* The pads of AND gates in one batch, added up as half gates need them.  H_A, H_B: the pads with tweak =
 * number of the gate and domains dom and dom ⊕ 7 (TCT_DOM_GATE_A and _B, or their tags).
 *     both[i] = H_A(a) ⊕ H_B(b);  with Δ also a[i] = H_A(a) ⊕ H_A(a ⊕ Δ), b[i] = H_B(b) ⊕ H_B(b ⊕ Δ).
 * Labels and Δ: secret.  delta NULL: out->a and out->b are left alone. */
void tct_tcr_gates_sums(tct_block salt, uint8_t dom, const tct_tcr_gates *gates,
                        const tct_delta *delta, tct_tcr_sums *out);

#endif
