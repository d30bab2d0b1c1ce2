/* SPDX-License-Identifier: ISC
 *
 * backends.c — says which backends this machine chooses, and fails if a usable one fails its self-test.
 */
#include <stdio.h>

#include "crypto/aes_backends.h"
#include "crypto/curve_backends.h"
#include "crypto/gf128_backends.h"

int main(void)
{
    bool good = true;
    for (size_t i = 0; tct_aes_backends[i] != NULL; i++)
        good &= !tct_aes_backends[i]->usable() || tct_aes_self_test(tct_aes_backends[i]);
    for (size_t i = 0; tct_gf128_backends[i] != NULL; i++)
        good &= !tct_gf128_backends[i]->usable() || tct_gf128_self_test(tct_gf128_backends[i]);
    for (size_t i = 0; tct_curve_backends[i] != NULL; i++)
        good &= !tct_curve_backends[i]->usable() || tct_curve_self_test(tct_curve_backends[i]);
    const tct_gf128_backend *gf128 = tct_gf128_backends[0];
    printf("aes %s, gf128 %s, curve %s\n", tct_aes()->name,
           gf128->usable() ? gf128->name : "portable", tct_curve()->name);
    return good ? 0 : 1;
}
