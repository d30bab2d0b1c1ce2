/* SPDX-License-Identifier: ISC */
#include "garble/list_hash.h"

void tct_list_begin(tct_list_hash *l, const char *tag, const tct_run *r, int place)
{
    tct_run_hash(&l->hash, tag, r);
    l->bulk = tct_shape_bulk(&r->shape);
    l->count = 0;
    if (l->bulk) {
        tct_tree_init(&l->tree);
        l->block = r->list[place];
        l->room = TCT_LIST_BLOCKS;
    } else {
        tct_hash_field_open(&l->hash, sizeof(tct_block) * (uint64_t)r->shape.ands);
        l->block = l->small;
        l->room = TCT_LIST_SMALL;
    }
}

void tct_list_flush(tct_list_hash *l)
{
    if (l->bulk)
        tct_tree_feed(&l->tree, l->block, l->count * sizeof *l->block);
    else
        tct_hash_feed(&l->hash, l->block, l->count * sizeof *l->block);
    l->count = 0;
}

void tct_list_final(tct_list_hash *l, uint8_t out[TCT_HASH_BYTES])
{
    uint8_t tree[TCT_HASH_BYTES];
    if (l->bulk) {
        tct_tree_final(&l->tree, l->block, l->count * sizeof *l->block, tree);
        tct_hash_field(&l->hash, tree, sizeof tree);
    } else {
        tct_list_flush(l);
    }
    tct_hash_final(&l->hash, out);
    tct_wipe(l->block, l->room * sizeof *l->block);
    tct_wipe(l, sizeof *l);
}
