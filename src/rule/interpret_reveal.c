/* SPDX-License-Identifier: ISC
 *
 * What outcomes reveal, in the clear, and what is drawn for it by lot.
 */
#include "rule/interpret.h"

static uint64_t items_where(const tct_view_point *v, const tct_expr *e)
{
    uint64_t items = 0;
    for (uint32_t i = 0; i < v->model->lists[e->list_index].item_count; i++)
        items |= (uint64_t)(tct_interpret_for_item(v, e->kids[0], e->list_index, i) != 0) << i;
    return items;
}

tct_value tct_interpret_reveal(const tct_view_point *v, const tct_expr *e, bool *exists)
{
    *exists = true;
    if (e->op == TCT_E_WHERE)
        return (tct_value){.items = items_where(v, e)};
    return (tct_value){.number = tct_interpret_number(v, e)};
}
