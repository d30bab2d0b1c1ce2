/* SPDX-License-Identifier: ISC
 *
 * twist.h — where the tests' subverted parties reach in.
 *
 * Each TCT_TWIST stands at a value that a cheating party would change, after it was made and
 * before it is used or sent, so that the cheater stays consistent with its own lie.  Only the
 * library `tacit_evil` (built with TCT_EVIL, linked by tests alone) has them; in every other build
 * they are nothing at all.  The same places let the known-answer tests fix all randomness.
 */
#ifndef TCT_OT_TWIST_H
#define TCT_OT_TWIST_H

#include "crypto/block.h"

typedef enum {
    TCT_TWIST_DELTA,     /* tct_block[1]: Δ */
    TCT_TWIST_PPRF_CORR, /* tct_block[2·(128-trees)]: c_{i,j,b} in frame order */
    TCT_TWIST_PPRF_SUMS, /* uint8_t[32·trees]: all t̂_i, after which comes h[32] */
    TCT_TWIST_EXT_D,     /* uint8_t[(trees-1)·N/8]: d^1 … */
    TCT_TWIST_EXT_V,     /* tct_block[128]: the planes' hashes behind vh */
    TCT_TWIST_EXT_X,     /* uint8_t[48]: x ‖ vh */
    TCT_TWIST_COIN,      /* uint8_t[32] */
    TCT_TWIST_NONCE,     /* uint8_t[32] */
    TCT_TWIST_LEAKY_G,   /* uint8_t[16·T], [8·T] in bulk mode: G_t */
    TCT_TWIST_LEAKY_S,   /* uint8_t[⌈T/8⌉]: s bits */
    TCT_TWIST_LEAKY_L,   /* uint8_t[16·T], [8·T] in bulk mode: L_t */
    TCT_TWIST_OPEN_BITS, /* uint8_t[⌈n(β+1)/8⌉], [(β+1)·⌈n/8⌉] in bulk mode: opened bits of F5 */
    TCT_TWIST_OPEN_MACS, /* tct_block[β+1]: the MACs of the bits of gate `index`; in bulk mode index
                            * is 0 and these are the sums over the columns */
    TCT_TWIST_LATE_BITS,   /* uint8_t[⌈2n/8⌉]: p and q of F6P */
    TCT_TWIST_LATE_DIGEST, /* uint8_t[32]: over their MACs */
    TCT_TWIST_INPUT_LABEL, /* tct_block[in_X+in_Y]: L_{w,0} of the inputs, when drawn */
    TCT_TWIST_GATES,       /* uint8_t[32·n]: G0 ‖ G1 of every AND */
    TCT_TWIST_TAGS,        /* uint8_t[3·n·τ/8]: C0 ‖ C1 ‖ C2 of every AND */
    TCT_TWIST_PERMUTE,     /* uint8_t[⌈n/8⌉]: bb bits */
    TCT_TWIST_ACTIVE,      /* uint8_t[16·(in_X+in_Y)]: active labels of F8 */
    TCT_TWIST_AND_VALUES,  /* uint8_t[⌈n/8⌉]: Λ of the ANDs in F8b */
    TCT_TWIST_OUT_VALUES,  /* uint8_t[⌈o/8⌉]: Λ of the outputs in F9 */
    TCT_TWIST_OUT_BITS,    /* uint8_t[⌈o/8⌉]: z_P or c_P, opened */
    TCT_TWIST_DEPOSIT,     /* uint8_t[16·n']: D_i, own deposits */
    TCT_TWIST_TOKENS,      /* uint8_t[32·n']: sorted token pairs */
    TCT_TWIST_VERDICT,     /* tct_mask[1]: "the peer's flight `index` does not fit" */
} tct_twist_point;

#ifdef TCT_EVIL
/* role: session role of the party at work.  index and count as told above. */
typedef void (*tct_twist_hook)(int role, tct_twist_point point, uint64_t index, void *data,
                               size_t count);
extern tct_twist_hook tct_twist;
#define TCT_TWIST(role, point, index, data, count)                                             \
    do {                                                                                       \
        if (tct_twist != NULL)                                                                 \
            tct_twist((role), (point), (index), (data), (count));                              \
    } while (0)
#else
#define TCT_TWIST(role, point, index, data, count) ((void)(role))
#endif

#endif
