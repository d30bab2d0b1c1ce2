/* SPDX-License-Identifier: ISC
 *
 * views.h — what somebody can see: an outcome with what it reveals, and the odds that given answers
 *           lead to it.
 */
#ifndef TCT_LEAK_VIEWS_H
#define TCT_LEAK_VIEWS_H

#include "leak/table.h"

enum { TCT_VIEWS_MAX = 1024 }; /* of one pair of answers */

typedef struct {
    uint32_t outcome;
    uint32_t like;   /* what is shown as it is computed is what number `like` of the row has */
    bool everything; /* too many to look at: as if what they are drawn from were shown */
    uint64_t value[TCT_REVEALS_MAX]; /* by reveal: the step, the items, the item, the split */
} tct_view;

typedef struct {
    const tct_table *table;
    const tct_table_row *row;
    uint8_t *starts,
        *ends; /* scratch by number of a grid: where somebody's range of steps begins */
    uint32_t
        few; /* a reveal of which only those steps are looked at at which the fewest answers are
                     possible; UINT32_MAX: none */
} tct_viewer;

/* MEMORY. */
TCT_MUST_CHECK tct_err tct_viewer_init(tct_viewer *v, tct_arena *arena, const tct_table *t);
/* A new row; before anything is asked about it. */
void tct_viewer_look(tct_viewer *v, const tct_table_row *row);

/* Everything that number `who` of the row may see if the coin does not fall.  Calls see(context, view)
 * for each; true when it stopped early, which `see` decides. */
bool tct_views_of(tct_viewer *v, uint32_t who, bool (*see)(void *context, const tct_view *view),
                  void *context);
/* The same view? */
bool tct_views_same(const tct_viewer *v, const tct_view *a, const tct_view *b);
/* odds[i]: of number i of the row to see this, of TCT_LIKELY_ONE; at least 1 when it is possible. */
void tct_views_odds(const tct_viewer *v, const tct_view *view, uint32_t *odds);

#endif
