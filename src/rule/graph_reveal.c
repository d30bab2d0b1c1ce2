/* SPDX-License-Identifier: ISC
 *
 * What outcomes reveal, and what is drawn by lot.
 */
#include "rule/graph_rule.h"

tct_node tct_graph_lots(tct_graph *g, const tct_expr *e, const tct_scene *scene)
{
    (void)e;
    (void)scene;
    g->err = g->err == TCT_OK ? TCT_ERR_LIMIT : g->err;
    return TCT_FALSE;
}

static tct_graph_reveal *append(tct_graph *g, uint32_t k, uint32_t index, uint32_t count)
{
    tct_graph_reveal *r = &g->reveals[g->reveal_count++];
    *r = (tct_graph_reveal){.outcome = k, .index = index, .count = count};
    r->nodes = tct_arena_take(g->arena, count, sizeof *r->nodes);
    if (r->nodes == NULL && g->err == TCT_OK)
        g->err = TCT_ERR_MEMORY;
    return r->nodes == NULL ? NULL : r;
}

tct_node tct_graph_reveal_value(tct_graph *g, uint32_t k, uint32_t index)
{
    const tct_expr *e = g->model->outcomes[k].reveals[index].value;
    const tct_scene nobody = {.person = -1};
    if (e->type == TCT_TYPE_NUMBER) {
        tct_node value = tct_graph_expression(g, e, &nobody);
        tct_graph_reveal *r = append(g, k, index, 1);
        if (r != NULL)
            r->nodes[0] = value;
        return TCT_TRUE;
    }
    if (e->op == TCT_E_WHERE) {
        uint32_t count = g->model->lists[e->list_index].item_count;
        tct_graph_reveal *r = append(g, k, index, count);
        for (uint32_t i = 0; r != NULL && i < count; i++)
            r->nodes[i] = tct_graph_for_item(g, e->kids[0], e->list_index, i, &nobody);
        return TCT_TRUE;
    }
    return tct_graph_lots(g, e, &nobody);
}
