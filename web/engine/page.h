/* SPDX-License-Identifier: ISC
 *
 * page.h — what the files of the page's engine share: the exchange buffer, and how an outcome goes through it.
 */
#ifndef TACIT_WEB_PAGE_H
#define TACIT_WEB_PAGE_H

#include <stdint.h>

#include "tacit/tacit.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

enum { EXCHANGE_BYTES = TACIT_FRAME_MAX + 65536 };

extern uint8_t exchange[EXCHANGE_BYTES];

/* Outcome or NULL to the exchange as JSON; its bytes, 0 for NULL. */
int outcome_json(const tacit_outcome *o);

#endif
