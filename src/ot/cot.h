/* SPDX-License-Identifier: ISC
 *
 * cot.h — correlated OT extension: a few tree leaves become as many authenticated bits as needed.
 *
 * Source   [Roy22] SoftSpokenOT, small-field VOLE (§3), repetition code and consistency check (§4);
 *          protocol.md 2.3, 2.4.   k = 4: 32 trees of 16 leaves; k = 8, for slow links: 16
 *          trees of 256 leaves, half the bytes for eight times the keystream.
 * Differs  Fiat–Shamir with a 128-bit challenge, and a hash in place of the 128 v-values.
 * Order    receiver → d^1 … d^{trees-1} (16·blocks bytes each) ‖ x 16 ‖ vh 32.
 * Shapes   `bits` random bits of the receiver take blocks = ⌈bits/128⌉ + 1 blocks; the last block
 *          masks the check and is used for nothing else.  Receiver: choice[blocks] (bit j of the
 *          string is u_j) and macs[128·blocks]; sender: keys[128·blocks].
 * Gives    M_j = K_j ⊕ u_j·Δ for every row.  A cheating receiver learns c·k bits of Δ with
 *          probability 2^-kc and is caught otherwise.
 * Cost     8 AES blocks, two field multiplications and 3.9 bytes for each bit and pair of
 *          parties' work (k = 8: 64 blocks, 1.9 bytes); no memory beyond the rows.
 */
#ifndef TCT_OT_COT_H
#define TCT_OT_COT_H

#include "ot/pprf.h"

typedef struct {         /* everything is public */
    const uint8_t *sid;  /* 32 bytes */
    const uint8_t *salt; /* 32 bytes: salt_r */
    uint32_t run;
    int receiver;        /* session role of the COT receiver */
    const uint8_t *pprf; /* the TCT_PPRF_BYTES before the message in run 0, else NULL */
    uint8_t *tree; /* bulk mode: TREE(d^1 ‖ …) enters χ and is left here, 32 bytes; else NULL */
} tct_cot_place;

static inline uint64_t tct_cot_blocks(uint64_t bits)
{
    return bits / 128 + (bits % 128 != 0) + 1;
}
static inline uint64_t tct_cot_message_bytes(unsigned depth, uint64_t bits)
{
    return 16 * (uint64_t)(tct_trees(depth) - 1) * tct_cot_blocks(bits) + 48;
}

/* Receiver.  choice, macs: secret; shapes above.  message: tct_cot_message_bytes(k, bits). */
void tct_cot_receive(const tct_cot_place *place, const tct_pprf *full, size_t bits,
                     uint8_t *message, tct_block *choice, tct_block *macs);

/* Sender.  message: peer, of the right length.  keys: secret, as above.
 * Returns the mask "the check fails"; keys are then not to be used. */
tct_mask tct_cot_send(const tct_cot_place *place, const tct_pprf *punctured, tct_delta delta,
                      size_t bits, const uint8_t *message, tct_block *keys);

#endif
