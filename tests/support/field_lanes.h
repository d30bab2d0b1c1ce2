/* SPDX-License-Identifier: ISC
 *
 * field_lanes.h — the two templates of field arithmetic (src/crypto/curve_field*.h) over lanes of the
 * tests' own, for tests/property/crypto_field_test.c.
 *
 * field_51_exact, field_25_exact   the lane is a number of 128 bits: nothing wraps around, so what
 *     does not fit in the 64 bits of a real lane is seen; factors that a multiplier would cut off end
 *     the program.
 * field_51_ifma   one lane of 64 bits whose columns do what the IFMA instructions do.
 * field_51_wide, field_25_plain   what curve_portable.c uses.
 */
#ifndef TCT_TESTS_SUPPORT_FIELD_LANES_H
#define TCT_TESTS_SUPPORT_FIELD_LANES_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 field_word;

enum { FIELD_LIMBS_MAX = 10 };
typedef struct {
    field_word limb[FIELD_LIMBS_MAX];
} field_number;

typedef struct {
    const char *name;
    int limbs;
    void (*mul)(field_number *out, const field_number *a, const field_number *b);
    void (*square)(field_number *out, const field_number *a);
    void (*add)(field_number *out, const field_number *a, const field_number *b);
    void (*sub)(field_number *out, const field_number *a, const field_number *b);
    void (*twice_sub)(field_number *out, const field_number *a, const field_number *b);
    void (*memory)(field_number *out, const field_number *a); /* to five limbs and back */
} field_lanes;

extern const field_lanes field_51_exact, field_51_ifma, field_51_wide, field_25_exact,
    field_25_plain;

#endif
