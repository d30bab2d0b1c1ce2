/* SPDX-License-Identifier: ISC
 *
 * sealed.h — a run put aside before its reveal: the deposit, and what reads the other side's.
 *
 * When every flight of an escrowed run is over, a few kilobytes are all that is needed to hand in the
 * deposit later and to read what is released then.  They take the place of the run: Δ, keys, labels and
 * masks can go.  Whoever has these bytes and the other side's deposit has the outcome, and no answer.
 *
 * Source   protocol.md 6.4 ("P persists its own z_P, c_P' and E").
 * Shapes   u32 o ‖ u32 n' ‖ z_P ⊕ c_P' (o bytes 0/1) ‖ E (o rows of ⌈n'/8⌉) ‖ F10 (48·n') ‖ the two
 *          candidates for each of the peer's values (32·n').  Secret.
 * Gives    the same deposit every time: single use holds by itself.
 */
#ifndef TCT_GARBLE_SEALED_H
#define TCT_GARBLE_SEALED_H

#include "garble/engine.h"

size_t tct_run_sealed_bytes(const tct_run *r);
/* Instead of tct_run_deposit, once, and final: the run counts as revealed, and is over.  SPACE, USAGE:
 * nothing changed. */
TCT_MUST_CHECK tct_err tct_run_put_aside(tct_run *r, uint8_t *out, size_t *bytes);

/* By public sizes alone. */
static inline size_t tct_sealed_run_bytes(uint32_t outputs, uint32_t spread)
{
    return 8 + outputs + outputs * tct_bits_bytes(spread) + 80 * (size_t)spread;
}

typedef struct {
    uint32_t outputs, spread;
    const uint8_t *base, *rows, *deposit, *candidates;
} tct_sealed_run;

/* Finds the parts.  false: these bytes are of no run. */
bool tct_sealed_run_read(tct_sealed_run *out, const uint8_t *bytes, size_t count);
static inline size_t tct_sealed_deposit_bytes(const tct_sealed_run *s)
{
    return 48 * (size_t)s->spread;
}
/* released: the peer's 16·n' bytes, from the relay.  result: one byte 0/1 an output; written only when
 * everything fits (OK). */
TCT_MUST_CHECK tct_err tct_sealed_release(const tct_sealed_run *s, const uint8_t *released,
                                          size_t count, uint8_t *result);

#endif
