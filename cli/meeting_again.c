/* SPDX-License-Identifier: ISC
 *
 * `--again`, `--keep` and `--no-history`: checked before anything is sent, and what is said of them.
 */
#include "cli/commands.h"
#include "cli/meeting.h"

#include <stdio.h>
#include <string.h>

int tct_meeting_prepare_again(tct_meeting *m)
{
    const char *name = m->again != NULL ? m->again : m->keep;
    tct_kept other;
    if (name == NULL)
        return 0;
    if (m->again != NULL && m->keep != NULL)
        return tct_meeting_stop(m, TCT_END_USAGE,
                                "--keep goes without --again: that pairing is kept.");
    if (!tct_kept_name_is_good(name))
        return tct_meeting_stop(m, TCT_END_USAGE,
                                "A name is short, without control characters, and begins with "
                                "neither a hyphen nor a space.");
    tct_kept_status status = tct_kept_load(m->again != NULL ? &m->kept : &other, name);
    if (m->again == NULL) {
        if (status == TCT_KEPT_OK)
            return tct_meeting_stop(m, TCT_END_USAGE, tct_kept_says(TCT_KEPT_NAME_TAKEN));
        return status == TCT_KEPT_ABSENT
                   ? 0
                   : tct_meeting_stop(m, TCT_END_HISTORY, tct_kept_says(status));
    }
    if (status != TCT_KEPT_OK)
        return tct_meeting_stop(
            m, status == TCT_KEPT_ABSENT ? TCT_END_NO_PAIRING : TCT_END_HISTORY,
            status == TCT_KEPT_ABSENT ? NULL : tct_kept_says(status));
    /* A disk that is full is better known now than when the two have met. */
    status = tct_kept_save(&m->kept, false);
    if (status != TCT_KEPT_OK)
        return tct_meeting_stop(m, TCT_END_HISTORY, tct_kept_says(status));
    if (m->relay == NULL)
        (void)snprintf(m->url, sizeof m->url, "%s", m->kept.url);
    return 0;
}

int tct_meeting_prepare_history(tct_meeting *m)
{
    char detail[TCT_END_DETAIL_MAX];
    int64_t again;
    uint32_t hours = m->own.view->once_every_hours;
    if (hours == 0)
        return 0;
    if (m->no_history)
        return tct_meeting_stop(m, TCT_END_NO_HISTORY, NULL);
    if (m->kept.name[0] == '\0')
        return 0; /* two who meet by a code start without history */
    tct_kept_status status =
        tct_kept_may_ask(m->kept.id, m->own.view->fingerprint, hours, &again);
    if (status == TCT_KEPT_OK)
        return 0;
    if (status != TCT_KEPT_TOO_SOON)
        return tct_meeting_stop(m, TCT_END_HISTORY, tct_kept_says(status));
    tct_too_soon_says(detail, hours, again);
    return tct_meeting_stop(m, TCT_END_TOO_SOON, detail);
}

void tct_meeting_keeping_page(const tct_meeting *m, tct_page *page)
{
    tct_keeping keeping = tct_pairing_keeping(m->pairing);
    if (keeping == TCT_KEEPING_NONE)
        return;
    tct_page_gap(page);
    if (keeping == TCT_KEEPING_BOTH)
        tct_page_add(
            page, TCT_STYLE_PLAIN, 0,
            "You can meet again without a code. One of you runs `tacit ask SHEET --again "
            "%s`, the other `tacit answer --again` with the name they chose.",
            m->keep);
    else if (keeping == TCT_KEEPING_NOT)
        tct_page_add(page, TCT_STYLE_PLAIN, 0,
                     "Nothing is kept: that takes both of you. Next time a new code will do.");
    else
        tct_page_add(
            page, TCT_STYLE_PLAIN, 0,
            "The pairing could not be written down on this device. Next time a new code "
            "will do.");
}
