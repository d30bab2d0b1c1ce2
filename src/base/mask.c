/* SPDX-License-Identifier: ISC */
#include "base/mask.h"

tct_mask tct_differ(const void *a, const void *b, size_t bytes)
{
    const uint8_t *p = a, *q = b;
    uint64_t difference = 0;
    for (size_t i = 0; i < bytes; i++)
        difference |= (uint64_t)(p[i] ^ q[i]);
    return tct_mask_of_nonzero(difference);
}
