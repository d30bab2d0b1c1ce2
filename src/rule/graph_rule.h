/* SPDX-License-Identifier: ISC
 *
 * graph_rule.h — shared by the files that write a model out as a graph.
 */
#ifndef TCT_RULE_GRAPH_RULE_H
#define TCT_RULE_GRAPH_RULE_H

#include "rule/graph.h"

/* Whose turn it is, and which item of each list. */
typedef struct {
    int person; /* -1: nobody's */
    uint32_t item[TCT_LISTS_MAX];
} tct_scene;

tct_node tct_graph_expression(tct_graph *g, tct_expr *e, const tct_scene *scene);
tct_node tct_graph_for_item(tct_graph *g, tct_expr *e, int list, uint32_t item,
                            const tct_scene *scene);
/* `any step from … to …, by lot`. */
tct_node tct_graph_step(tct_graph *g, tct_expr *e, const tct_scene *scene);
/* Writes out reveal `index` of outcome k, appends it to g->reveals, and returns whether there is
 * anything to reveal: an outcome whose reveal would be empty does not happen. */
tct_node tct_graph_reveal_value(tct_graph *g, uint32_t k, uint32_t index);

/* `also by chance` as K in 2^bits, in lowest terms; 0, 0 without it. */
void tct_model_coin(const tct_model *m, uint32_t *k, uint8_t *bits);

#endif
