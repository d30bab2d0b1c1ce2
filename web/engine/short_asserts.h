/* SPDX-License-Identifier: ISC
 *
 * short_asserts.h — put before every source of src/: a broken assertion ends the engine without a word,
 * since there is nobody to read where.  It ends it all the same.
 */
#ifndef TACIT_WEB_SHORT_ASSERTS_H
#define TACIT_WEB_SHORT_ASSERTS_H

#include "base/base.h"

#undef TCT_ASSERT
#define TCT_ASSERT(condition)                                                                  \
    do {                                                                                       \
        if (!(condition))                                                                      \
            __builtin_trap();                                                                  \
    } while (0)

#endif
