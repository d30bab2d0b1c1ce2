/* SPDX-License-Identifier: ISC
 *
 * asleep.c — what a person sleeps on, taken up again: one at a time, in an engine of its own.
 *
 * Order    page_aside_read → page_aside_title, page_aside_deposit → page_aside_verdict → page_aside_outcome.
 * Secrets  the bytes, until page_aside_wipe; the deposit is for the relay.
 */
#include <stdlib.h>
#include <string.h>

#include "page.h"

static tacit_aside *aside; /* NULL: nothing was read */

/* Exchange: what page_put_aside gave, without the time and the pause before it. */
int EXPORT(page_aside_read)(size_t bytes)
{
    void *memory = malloc(TACIT_ASIDE_MEMORY);
    if (memory == NULL)
        return -TACIT_ERR_MEMORY;
    return -(int)tacit_aside_read(&aside, memory, TACIT_ASIDE_MEMORY, exchange, bytes);
}

/* To the exchange: the title of the sheet. */
int EXPORT(page_aside_title)(void)
{
    if (aside == NULL)
        return -TACIT_ERR_USAGE;
    const char *title = tacit_sheet_see(tacit_aside_see(aside).sheet)->title;
    memcpy(exchange, title, strlen(title));
    return (int)strlen(title);
}

/* To the exchange: the same bytes, as often as they are handed in. */
int EXPORT(page_aside_deposit)(void)
{
    if (aside == NULL)
        return -TACIT_ERR_USAGE;
    const tacit_aside_view view = tacit_aside_see(aside);
    memcpy(exchange, view.deposit, view.deposit_bytes);
    return (int)view.deposit_bytes;
}

/* Exchange: what the other side left, when it was released. */
int EXPORT(page_aside_verdict)(int released, size_t bytes)
{
    if (aside == NULL)
        return -TACIT_ERR_USAGE;
    return -(int)tacit_aside_verdict(aside, released != 0, exchange, bytes);
}

/* To the exchange: what both see, as JSON; before a verdict that released it, what the sheet says
 * otherwise. */
int EXPORT(page_aside_outcome)(void)
{
    if (aside == NULL)
        return -TACIT_ERR_USAGE;
    const tacit_outcome *computed = tacit_aside_outcome(aside);
    return outcome_json(computed != NULL ? computed : tacit_aside_see(aside).otherwise);
}

void EXPORT(page_aside_wipe)(void)
{
    if (aside != NULL)
        tacit_aside_wipe(aside);
    aside = NULL;
}
