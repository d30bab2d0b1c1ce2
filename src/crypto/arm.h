/* SPDX-License-Identifier: ISC
 *
 * arm.h — whether the AES and PMULL instructions of AArch64 can be compiled, and are there.
 *
 * Compiled: gcc lets a function ask for them by its target attribute; clang's <arm_neon.h> declares them
 * only where the whole build may use them, as on Apple's machines.
 * There: where the build may use them everywhere, they are.  On Linux the kernel lets a program read
 * the identification register (its `cpuid` feature, since 4.11), which needs no system call of ours;
 * elsewhere the portable backends run.
 */
#ifndef TCT_CRYPTO_ARM_H
#define TCT_CRYPTO_ARM_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__aarch64__) && (defined(__ARM_FEATURE_AES) || !defined(__clang__))
#define TCT_ARM_AES 1

/* level 1: the AES instructions; level 2: PMULL on 64 bits, too.  (Arm ARM, ID_AA64ISAR0_EL1.AES) */
static inline bool tct_arm_has_aes(unsigned level)
{
#if defined(__ARM_FEATURE_AES)
    (void)level;
    return true;
#elif defined(__linux__)
    uint64_t features;
    __asm__("mrs %0, ID_AA64ISAR0_EL1" : "=r"(features));
    return (features >> 4 & 15) >= level;
#else
    (void)level;
    return false;
#endif
}
#endif

#endif
