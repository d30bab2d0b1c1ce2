/* SPDX-License-Identifier: ISC
 *
 * aes_gates.h — the re-keyed hash of AND gates, with the schedules of the keys in columns: a template.
 *
 * Include it after defining LANES, `lanes`, a vector of LANES blocks, LANES_INLINE, the attributes of its
 * functions, and the functions on such vectors that it calls: lanes_xor; lanes_enc and lanes_last, a
 * round of AES in every block; lanes_low32 … lanes_high64, unpackings in every block; lanes_sigma, σ of
 * tcr.h; lanes_same and lanes_words, the same block or two words everywhere; lanes_of, blocks from LANES places; lanes_column, the
 * byte order of next_columns; lanes_numbers, below; lanes_store.
 * Source   FIPS 197, 5.2: a column of a round key is the sum of the column before it and of the same
 *          one a round earlier; the first takes SubWord(RotWord(last)) ⊕ constant.
 * Shapes   w[c], c < 4, holds column c of 4·LANES keys: word d of block l is of the key that goes into
 *          block l of x[d].  So one round of all schedules is one shuffle, one aesenclast and four
 *          additions, and eight unpackings turn the columns into round keys.
 *          x[0]: first operands of LANES gates, x[1]: their second ones; x[2], x[3]: of the next LANES.
 * Limit    a round of 4·LANES keys takes nine shuffles, four additions and nine AES instructions (five
 *          with one block a key).  With loads and sums that is, on two ports of 512 bits at 2.9 GHz, 17
 *          cycles for a gate of a garbler and 13.5 of an evaluator: 174 and 217 million a second; on three
 *          ports of 128 bits, 43 and 36 cycles: 68 and 80.
 */
enum { GATES_ROUNDS = 10, GATES_UNIT = 2 * LANES };

/* The columns of round key `round` from those of the one before. */
LANES_INLINE void next_columns(lanes w[4], int round)
{
#define EVERY_WORD(c)                                                                          \
    {                                                                                          \
        (uint64_t)(c) << 32 | (c), (uint64_t)(c) << 32 | (c)                                   \
    }
    static const tct_block constant[GATES_ROUNDS] = {
        EVERY_WORD(0x01), EVERY_WORD(0x02), EVERY_WORD(0x04), EVERY_WORD(0x08),
        EVERY_WORD(0x10), EVERY_WORD(0x20), EVERY_WORD(0x40), EVERY_WORD(0x80),
        EVERY_WORD(0x1b), EVERY_WORD(0x36)};
#undef EVERY_WORD
    w[0] = lanes_xor(w[0], lanes_last(lanes_column(w[3]), lanes_same(&constant[round - 1])));
    w[1] = lanes_xor(w[1], w[0]);
    w[2] = lanes_xor(w[2], w[1]);
    w[3] = lanes_xor(w[3], w[2]);
}

LANES_INLINE lanes gates_round(lanes x, lanes k, int round)
{
    if (round == 0)
        return lanes_xor(x, k);
    return round < GATES_ROUNDS ? lanes_enc(x, k) : lanes_last(x, k);
}

/* x[d][j] ← AES of it under the keys in word d of w; `labels` blocks a key. */
LANES_INLINE void gates_encrypt(lanes w[4], lanes x[4][2], int labels)
{
    TCT_UNROLL
    for (int r = 0; r <= GATES_ROUNDS; r++) {
        if (r > 0)
            next_columns(w, r);
        lanes low[2] = {lanes_low32(w[0], w[1]), lanes_low32(w[2], w[3])};
        lanes high[2] = {lanes_high32(w[0], w[1]), lanes_high32(w[2], w[3])};
        TCT_UNROLL
        for (int j = 0; j < labels; j++) {
            x[0][j] = gates_round(x[0][j], lanes_low64(low[0], low[1]), r);
            x[1][j] = gates_round(x[1][j], lanes_high64(low[0], low[1]), r);
            x[2][j] = gates_round(x[2][j], lanes_low64(high[0], high[1]), r);
            x[3][j] = gates_round(x[3][j], lanes_high64(high[0], high[1]), r);
        }
    }
}

/* Gates at … at+GATES_UNIT-1; those from the count on do again what gate `at` does, and what comes of
 * them is of no meaning. */
LANES_INLINE void gates_unit(const lanes salt[4], lanes turned, const tct_tcr_gates *g,
                             size_t at, size_t count, int labels, tct_tcr_sums *out)
{
    lanes x[4][2], both[2];
    lanes w[4] = {lanes_xor(salt[0], lanes_numbers(g->number + at)), salt[1], salt[2], salt[3]};
    TCT_UNROLL
    for (int d = 0; d < 4; d++) {
        const tct_block *const *from = (d % 2 == 0 ? g->a : g->b) + at;
        x[d][0] = lanes_sigma(lanes_of(from, (size_t)(d / 2 * LANES), count));
        if (labels == 2)
            x[d][1] = lanes_xor(x[d][0], turned);
    }
    both[0] = lanes_xor(x[0][0], x[1][0]);
    both[1] = lanes_xor(x[2][0], x[3][0]);
    gates_encrypt(w, x, labels);
    TCT_UNROLL
    for (int h = 0; h < 2; h++) {
        size_t to = at + (size_t)(h * LANES);
        lanes *a = x[2 * h], *b = x[2 * h + 1];
        lanes_store(&out->both[to], lanes_xor(both[h], lanes_xor(a[0], b[0])));
        if (labels == 2) {
            lanes_store(&out->a[to], lanes_xor(turned, lanes_xor(a[0], a[1])));
            lanes_store(&out->b[to], lanes_xor(turned, lanes_xor(b[0], b[1])));
        }
    }
}

LANES_INLINE void gates_all(tct_block salt, const tct_tcr_gates *g, const tct_delta *delta,
                            tct_tcr_sums *out)
{
    const int labels = delta != NULL ? 2 : 1;
    uint64_t half[2] = {tct_opaque64(salt.lo), tct_opaque64(salt.hi)};
    lanes column[4], turned = lanes_sigma(lanes_same(delta != NULL ? &delta->block : &salt));
    size_t at = 0;
    TCT_UNROLL
    for (int c = 0; c < 4; c++) {
        uint64_t word = half[c / 2] >> 32 * (c % 2) & 0xffffffff;
        uint64_t other = c == 2 ? word ^ TCT_DOM_GATE_A ^ TCT_DOM_GATE_B : word;
        column[c] = lanes_words(other << 32 | word);
    }
    for (; g->count - at >= GATES_UNIT; at += GATES_UNIT)
        gates_unit(column, turned, g, at, GATES_UNIT, labels, out);
    if (at < g->count)
        gates_unit(column, turned, g, at, g->count - at, labels, out);
}
