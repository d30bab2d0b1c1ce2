/* SPDX-License-Identifier: ISC
 *
 * tree_lanes.h — BLAKE2b of several leaves at once, a leaf in every 64-bit lane of a vector.
 *
 * A template: include it after defining LANES_VECTOR (a vector type of uint64_t), LANES (how many),
 * LANES_INLINE (the attributes of its functions), LANES_ROTATE(v, n) to the right, and
 * LANES_LOAD(m, data): word w of the 128 bytes at data + lane·8192 into lane `lane` of m[w].
 * Source  RFC 7693, 3.1 and 3.2.
 */
LANES_INLINE void mix(LANES_VECTOR *v, int a, int b, int c, int d, LANES_VECTOR x,
                      LANES_VECTOR y)
{
    v[a] = v[a] + v[b] + x;
    v[d] = LANES_ROTATE(v[d] ^ v[a], 32);
    v[c] = v[c] + v[d];
    v[b] = LANES_ROTATE(v[b] ^ v[c], 24);
    v[a] = v[a] + v[b] + y;
    v[d] = LANES_ROTATE(v[d] ^ v[a], 16);
    v[c] = v[c] + v[d];
    v[b] = LANES_ROTATE(v[b] ^ v[c], 63);
}

LANES_INLINE void compress(LANES_VECTOR h[8], const LANES_VECTOR m[16], uint64_t count,
                           uint64_t final, uint64_t last)
{
    const uint64_t iv[8] = TCT_BLAKE2B_IV;
    const LANES_VECTOR zero = {0};
    LANES_VECTOR v[16];
    TCT_UNROLL
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
        v[i + 8] = zero + iv[i];
    }
    v[12] = v[12] ^ count;
    v[14] = v[14] ^ final; /* all ones in the last block of a node, */
    v[15] = v[15] ^ last;  /* ... and if the node is the last of its layer */
    TCT_UNROLL
    for (int r = 0; r < TCT_BLAKE2B_ROUNDS; r++) {
        const uint8_t *s = tct_blake2b_sigma[r % 10];
        TCT_UNROLL
        for (int i = 0; i < 4; i++)
            mix(v, i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
        TCT_UNROLL
        for (int i = 0; i < 4; i++)
            mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[2 * i + 8]],
                m[s[2 * i + 9]]);
    }
    TCT_UNROLL
    for (int i = 0; i < 8; i++)
        h[i] = h[i] ^ v[i] ^ v[i + 8];
}

LANES_INLINE void hash_leaves(const uint8_t *data, uint64_t first, uint8_t *digests)
{
    const uint64_t iv[8] = TCT_BLAKE2B_IV;
    LANES_VECTOR h[8], m[16];
    for (int i = 0; i < 8; i++)
        h[i] = (LANES_VECTOR){0} + iv[i];
    for (unsigned lane = 0; lane < LANES; lane++) {
        uint64_t words[3];
        tct_tree_parameters(words, first + lane, 0);
        for (int i = 0; i < 3; i++)
            h[i][lane] ^= words[i];
    }
    for (uint64_t at = 0; at < TCT_TREE_LEAF_BYTES; at += TCT_BLAKE2B_BLOCK) {
        bool end = at + TCT_BLAKE2B_BLOCK == TCT_TREE_LEAF_BYTES;
        LANES_LOAD(m, data + at);
        compress(h, m, at + TCT_BLAKE2B_BLOCK, end ? ~(uint64_t)0 : 0, 0);
    }
    for (unsigned lane = 0; lane < LANES; lane++)
        for (unsigned i = 0; i < 4; i++)
            tct_store64(digests + TCT_HASH_BYTES * lane + 8 * i, h[i][lane]);
}
