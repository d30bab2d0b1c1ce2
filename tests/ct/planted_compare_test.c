/* SPDX-License-Identifier: ISC
 *
 * A planted leak: two secret tags compared byte by byte until they differ, as memcmp may do it.
 * valgrind must report it.
 */
#include "base/mask.h"
#include "crypto/tcr.h"

static volatile size_t common;

int main(void)
{
    const uint64_t tweaks[2] = {5, 6};
    tct_block labels[2] = {{1, 2}, {1, 2}}, pads[2];
    TCT_SECRET(labels, sizeof labels);
    tct_tcr((tct_block){7, 8}, TCT_DOM_GATE_A, tweaks, 2, 1, labels, pads);
    const uint8_t *a = (const uint8_t *)&pads[0], *b = (const uint8_t *)&pads[1];
    size_t i = 0;
    while (i < TCT_BLOCK_BYTES && a[i] == b[i])
        i++;
    common = i;
    return 0;
}
