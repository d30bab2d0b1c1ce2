/* SPDX-License-Identifier: ISC
 *
 * A planted leak: a branch on one bit of a secret label, past tct_mask.  valgrind must report it,
 * or else the constant-time tests prove nothing.
 */
#include "base/mask.h"
#include "crypto/block.h"

static volatile int taken;

int main(void)
{
    tct_block label = {1, 2};
    TCT_SECRET(&label, sizeof label);
    if (tct_block_bit(label, 70))
        taken = 1;
    return 0;
}
