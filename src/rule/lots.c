/* SPDX-License-Identifier: ISC */
#include "rule/lots.h"

#include "base/mask.h"

static uint32_t append(tct_lots *lots, tct_draw draw)
{
    TCT_ASSERT(lots->draw_count < TCT_DRAWS_MAX);
    draw.first_bit = lots->bit_count;
    draw.first_byte = lots->byte_count;
    lots->bit_count += draw.bits;
    lots->byte_count += draw.bytes;
    lots->draws[lots->draw_count] = draw;
    return lots->draw_count++;
}

uint32_t tct_lots_bits(tct_lots *lots, uint32_t count)
{
    return append(lots, (tct_draw){.count = count, .bits = count, .bytes = (count + 7) / 8});
}

uint32_t tct_lots_shuffle(tct_lots *lots, uint32_t things)
{
    tct_exchange network[TCT_EXCHANGES_MAX];
    return append(lots, (tct_draw){.shuffle = true,
                                   .count = things,
                                   .bits = tct_shuffle_network(things, network),
                                   .bytes = 8 * things});
}

uint32_t tct_shuffle_network(uint32_t n, tct_exchange out[TCT_EXCHANGES_MAX])
{
    uint32_t top = 1, count = 0;
    while (2 * top < n)
        top *= 2;
    for (uint32_t p = n < 2 ? 0 : top; p > 0; p /= 2) {
        uint32_t q = top, r = 0, d = p;
        for (;;) {
            for (uint32_t i = 0; i + d < n; i++)
                if ((i & p) == r)
                    out[count++] = (tct_exchange){(uint8_t)i, (uint8_t)(i + d)};
            if (q == p)
                break;
            d = q - p;
            q /= 2;
            r = p;
        }
    }
    return count;
}

/* Sorts tags through the network and notes each exchange. */
static void encode_shuffle(const tct_draw *draw, const uint8_t *raw, uint8_t *bits)
{
    tct_exchange network[TCT_EXCHANGES_MAX];
    uint64_t tags[TCT_ITEMS_MAX];
    uint32_t count = tct_shuffle_network(draw->count, network);
    for (uint32_t i = 0; i < draw->count; i++)
        tags[i] = tct_load64(raw + 8 * (size_t)i);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *low = &tags[network[i].low], *high = &tags[network[i].high];
        /* low > high: the borrow of high - low. */
        uint64_t borrow = ((~*high & *low) | ((~*high | *low) & (*high - *low))) >> 63;
        uint64_t change = (*low ^ *high) & tct_mask_of_bit(borrow).bits;
        *low ^= change;
        *high ^= change;
        bits[i] = (uint8_t)borrow;
    }
    tct_wipe(tags, sizeof tags);
}

void tct_lots_encode(const tct_lots *lots, const uint8_t *raw, uint8_t *bits)
{
    for (uint32_t i = 0; i < lots->draw_count; i++) {
        const tct_draw *draw = &lots->draws[i];
        const uint8_t *from = raw + draw->first_byte;
        uint8_t *to = bits + draw->first_bit;
        if (draw->shuffle) {
            encode_shuffle(draw, from, to);
            continue;
        }
        for (uint32_t k = 0; k < draw->count; k++)
            to[k] = from[k / 8] >> (k % 8) & 1;
    }
}
