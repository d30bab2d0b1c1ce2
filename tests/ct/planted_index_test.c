/* SPDX-License-Identifier: ISC
 *
 * A planted leak: a table read at a secret index, after the secret has gone through a real kernel
 * (so it also shows that the marks survive the bitsliced AES).  valgrind must report it.
 */
#include "base/mask.h"
#include "crypto/aes.h"

static volatile uint8_t table[256], seen;

int main(void)
{
    tct_block key = {1, 2}, v = {3, 4};
    TCT_SECRET(&key, sizeof key);
    tct_aes()->encrypt_rekeyed(&key, 1, 1, &v, &v);
    seen = table[v.lo & 0xff];
    return 0;
}
