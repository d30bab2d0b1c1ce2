/* SPDX-License-Identifier: ISC
 *
 * list_hash.h — a hash over a list of blocks that is made one block at a time: a block per AND.
 *
 * Gives    HASH(tag, sid, u32 run, list), or in bulk mode HASH(tag, sid, u32 run, TREE(list)).
 * Memory   in bulk mode the list passes through r->list[place], so two can be under way at once.
 */
#ifndef TCT_GARBLE_LIST_HASH_H
#define TCT_GARBLE_LIST_HASH_H

#include "crypto/tree.h"
#include "garble/run_state.h"

enum {
    TCT_LIST_BLOCKS = TCT_TREE_LANES_MAX * TCT_TREE_LEAF_BYTES / TCT_BLOCK_BYTES,
    TCT_LIST_SMALL = 64 /* blocks collected without bulk mode */
};

typedef struct {
    tct_hash hash;
    tct_tree tree;
    tct_block *block; /* collected and not hashed yet: `count` of them, of at most `room` */
    size_t count, room;
    bool bulk;
    tct_block small[TCT_LIST_SMALL];
} tct_list_hash;

/* One block for each AND of the run must follow.  place: 0 or 1. */
void tct_list_begin(tct_list_hash *l, const char *tag, const tct_run *r, int place);
void tct_list_flush(tct_list_hash *l);
/* Wipes what was collected. */
void tct_list_final(tct_list_hash *l, uint8_t out[TCT_HASH_BYTES]);

static inline void tct_list_feed(tct_list_hash *l, tct_block block)
{
    if (l->count == l->room) /* only when more follows */
        tct_list_flush(l);
    l->block[l->count++] = block;
}

#endif
