/* SPDX-License-Identifier: ISC
 *
 * state.h — what a tacit_leak is, and what it finds.
 *
 * Shapes   side 0: what they learn about me; side 1: what I learn about them.
 */
#ifndef TCT_LEAK_STATE_H
#define TCT_LEAK_STATE_H

#include "rule/state.h"

struct tacit_leak {
    tct_arena arena; /* everything below lives here */
    const tacit_sheet *sheet;
    int person;
    unsigned wants;
    uint32_t progress; /* 0 … TACIT_LEAK_DONE */
    bool exact;
    tacit_leak_facts facts;
};

#endif
