/* SPDX-License-Identifier: ISC
 *
 * Frames: the prototype's keys, heads and associated data; the ladder of sizes; what opens and what
 * does not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pair/channel.h"
#include "support/kat.h"

static tct_channel ends[2];

static void join_ends(void)
{
    uint8_t isk[TCT_ISK_BYTES], sid[32];
    kat_open("protocol.txt");
    kat_hex(isk, sizeof isk, "strings.CPace.ISK");
    kat_hex(sid, sizeof sid, "strings.sid");
    for (int role = 0; role < 2; role++)
        tct_channel_init(&ends[role], role, sid, isk);
}

static void keys_heads_and_associated_data_are_the_prototype_s(void **state)
{
    (void)state;
    uint8_t key[32], head[TCT_FRAME_HEAD_BYTES], ad[TCT_CHANNEL_AD_BYTES], qid[32];
    join_ends();
    assert_true(kat_is(ends[0].live[0], 32, "strings.channel.k_live_X"));
    tct_channel_run_key(&ends[0], 1, 3, key);
    assert_true(kat_is(key, 32, "strings.channel.k_run3_Y"));
    ends[0].sent = 1;
    tct_frame_head h = tct_channel_next_head(&ends[0], TCT_KIND_LIVE, 0, 3, 0);
    tct_frame_head_write(head, &h);
    assert_true(kat_is(head, sizeof head, "strings.channel.F3_run0.header_X_counter_1"));
    tct_channel_ad(&ends[0], 0, 3, NULL, ad);
    assert_true(kat_is(ad, sizeof ad, "strings.channel.F3_run0.AD"));
    h = tct_channel_next_head(&ends[0], TCT_KIND_RUN, 3, 7, 0);
    tct_frame_head_write(head, &h);
    assert_true(kat_is(head, sizeof head, "strings.channel.F7_run3.header"));
    kat_hex(qid, sizeof qid, "strings.channel.qid");
    tct_channel_ad(&ends[0], 3, 7, qid, ad);
    assert_true(kat_is(ad, sizeof ad, "strings.channel.F7_run3.AD"));
}

/* The nonces of the prototype, checked through the AEAD itself: what was sealed by hand opens. */
static void nonces_are_the_prototype_s(void **state)
{
    (void)state;
    uint8_t nonce[12], key[32], ad[TCT_CHANNEL_AD_BYTES], body[256] = {5}, sealed[272],
                                                          out[256];
    join_ends();
    assert_int_equal(kat_hex(nonce, sizeof nonce, "strings.channel.F3_run0.nonce"), 12);
    tct_channel_ad(&ends[1], 0, 3, NULL, ad);
    tct_aead_seal(sealed, body, sizeof body, ad, sizeof ad, nonce, ends[1].live[0]);
    tct_frame_head head = {TCT_KIND_LIVE, 3, 0, 1};
    assert_true(tct_channel_open(&ends[1], &head, NULL, sealed, sizeof sealed, out));
    assert_int_equal(kat_hex(nonce, sizeof nonce, "strings.channel.F7_run3.nonce"), 12);
    tct_channel_run_key(&ends[0], 1, 3, key);
    tct_channel_ad(&ends[0], 3, 7, body, ad);
    tct_aead_seal(sealed, body, sizeof body, ad, sizeof ad, nonce, key);
    head = (tct_frame_head){TCT_KIND_RUN, 7, 3, 7};
    assert_true(tct_channel_open(&ends[0], &head, body, sealed, sizeof sealed, out));
}

static void sizes_climb_a_ladder(void **state)
{
    (void)state;
    const size_t pairs[][2] = {{0, 256},           {1, 256},          {256, 256},
                               {257, 512},         {5696, 8192},      {32769, 65536},
                               {65536, 65536},     {65537, 131072},   {131073, 196608},
                               {1048575, 1048576}, {1048576, 1048576}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(tct_padded_bytes(pairs[i][0]), pairs[i][1]);
    assert_int_equal(tct_chunk_count(0), 1);
    assert_int_equal(tct_chunk_count(1048576), 1);
    assert_int_equal(tct_chunk_count(1048577), 2);
    assert_int_equal(tct_chunk_bytes(1048577, 0), 1048576);
    assert_int_equal(tct_chunk_bytes(1048577, 1), 1);
    assert_int_equal(tct_frame_bytes(0, false), 14 + 256 + 16);
    assert_int_equal(tct_frame_bytes(300, true), 14 + 32 + 512 + 16);
}

static void what_one_end_seals_the_other_opens_once_in_order(void **state)
{
    (void)state;
    join_ends();
    for (size_t bytes = 0; bytes < 1200; bytes += 111) {
        uint8_t body[1200], out[2048];
        memset(body, 0xa5, sizeof body);
        size_t size = tct_frame_bytes(bytes, false);
        uint8_t *frame = malloc(size);
        tct_frame_head head = tct_channel_next_head(&ends[0], TCT_KIND_LIVE, 0, 4, 0);
        tct_channel_seal(&ends[0], &head, NULL, NULL, body, bytes, frame);
        tct_frame_head read = tct_frame_head_read(frame);
        assert_true(tct_frame_head_same(&head, &read));
        assert_int_equal(read.counter, ends[1].taken);
        assert_true(tct_channel_open(&ends[1], &read, NULL, frame + 14, size - 14, out));
        assert_memory_equal(out, body, bytes);
        assert_true(tct_padding_is_zero(out, size - 30, bytes));
        out[size - 31] ^= 0x80;
        assert_false(tct_padding_is_zero(out, size - 30, bytes));
        free(frame);
    }
    assert_int_equal(ends[0].sent, ends[1].taken);
}

/* Every part of the context decides; nothing is counted when a frame does not open. */
static void a_frame_opens_only_where_it_belongs(void **state)
{
    (void)state;
    uint8_t frame[286], out[256], qid[32] = {1}, other[32] = {2};
    join_ends();
    tct_frame_head head = tct_channel_next_head(&ends[0], TCT_KIND_RUN, 0, 7, 0);
    tct_channel_seal(&ends[0], &head, qid, NULL, NULL, 0, frame);
    tct_frame_head wrong[] = {head, head, head, head, head};
    wrong[0].flight = 8;
    wrong[1].run = 1;
    wrong[2].counter = tct_run_counter(7, 1);
    wrong[3].counter = 8;
    wrong[4] = (tct_frame_head){TCT_KIND_LIVE, 7, 0, 7};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(tct_channel_open(&ends[1], &wrong[i], qid, frame + 14, 272, out));
    assert_false(tct_channel_open(&ends[1], &head, other, frame + 14, 272, out));
    assert_false(tct_channel_open(&ends[1], &head, NULL, frame + 14, 272, out));
    assert_false(tct_channel_open(&ends[0], &head, qid, frame + 14, 272, out)); /* mirrored */
    assert_false(tct_channel_open(&ends[1], &head, qid, frame + 14, 271, out));
    assert_false(tct_channel_open(&ends[1], &head, qid, frame + 14, 15, out));
    for (size_t i = 14; i < sizeof frame; i++) {
        frame[i] ^= 0x10;
        assert_false(tct_channel_open(&ends[1], &head, qid, frame + 14, 272, out));
        frame[i] ^= 0x10;
    }
    assert_int_equal(ends[1].taken, 0);
    assert_true(tct_channel_open(&ends[1], &head, qid, frame + 14, 272, out));
}

static void a_confirmation_stands_before_the_sealed_part(void **state)
{
    (void)state;
    uint8_t frame[318], out[256], t[32];
    join_ends();
    memset(t, 0x77, sizeof t);
    tct_frame_head head = tct_channel_next_head(&ends[1], TCT_KIND_LIVE, 0, 2, 0);
    tct_channel_seal(&ends[1], &head, NULL, t, t, 1, frame);
    assert_memory_equal(frame + 14, t, 32);
    assert_true(tct_channel_open(&ends[0], &head, NULL, frame + 46, 272, out));
    assert_int_equal(out[0], 0x77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_heads_and_associated_data_are_the_prototype_s),
        cmocka_unit_test(nonces_are_the_prototype_s),
        cmocka_unit_test(sizes_climb_a_ladder),
        cmocka_unit_test(what_one_end_seals_the_other_opens_once_in_order),
        cmocka_unit_test(a_frame_opens_only_where_it_belongs),
        cmocka_unit_test(a_confirmation_stands_before_the_sealed_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
