/* SPDX-License-Identifier: ISC */
#include "ot/twist.h"

#ifdef TCT_EVIL
tct_twist_hook tct_twist;
#endif
