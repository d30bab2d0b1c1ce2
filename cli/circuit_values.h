/* SPDX-License-Identifier: ISC
 *
 * circuit_values.h — input values of a circuit as people write them: hexadecimal numbers, wire 0 the
 *                    lowest bit.
 */
#ifndef TCT_CLI_CIRCUIT_VALUES_H
#define TCT_CLI_CIRCUIT_VALUES_H

#include "cli/options.h"
#include "cli/prose.h"
#include "tacit/tacit.h"

enum { TCT_VALUES_MAX = 64 };

/* What the command line says of each input value, before the circuit is known. */
typedef struct {
    const char *hex[TCT_VALUES_MAX]; /* NULL: not given; hex digits, checked, no prefix */
    uint8_t owner[TCT_VALUES_MAX];   /* 0 the first person, 1 the second */
    uint32_t beyond;                 /* the largest number given, from 1 */
} tct_values;

/* first, second: the options of these names, or NULL; inputs: each `K=HEX@first` or `@second`.
 * false: *error says what is wrong. */
bool tct_values_read(tct_values *values, const char *first, const char *second,
                     const tct_option_list *inputs, tct_string *error);

/* Packs the values of one person as tacit_party_input takes them into `out` (freed with
 * tct_release, *bytes + 1).  false: *error says which value is missing or too large, or is none. */
bool tct_values_pack(const tct_values *values, const tacit_circuit_view *view, int person,
                     uint8_t **out, size_t *bytes, tct_string *error);

/* Adds a packed value as hexadecimal digits, as many as its width takes. */
void tct_value_add_hex(tct_string *s, const uint8_t *value, uint32_t bits);

#endif
