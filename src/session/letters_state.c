/* SPDX-License-Identifier: ISC */
#include "session/letters_state.h"

#include <string.h>

enum { VERSION = 1, MAGIC = 8 };
static const char magic[MAGIC] = {'t', 'a', 'c', 'i', 't', '-', 'l', 'e'};

/* ---- writing --- */

static uint8_t *put(uint8_t *at, const void *bytes, size_t count)
{
    if (count != 0)
        memcpy(at, bytes, count);
    return at + count;
}

uint8_t *tct_letters_head_write(uint8_t *out, const tct_letters_head *head)
{
    uint8_t *at = put(out, magic, MAGIC);
    const uint8_t small[5] = {VERSION, head->role, head->person, head->askings,
                              head->dead ? 1 : 0};
    const uint8_t params[3] = {head->params.rho, head->params.tau, head->params.mode};
    at = put(at, small, sizeof small);
    at = put(at, head->room, sizeof head->room);
    at = put(at, head->sid, sizeof head->sid);
    at = put(at, head->isk, sizeof head->isk);
    at = put(at, params, sizeof params);
    at = put(at, head->delta, sizeof head->delta);
    tct_store64(at, head->begun_ms);
    tct_store32(at + 8, (uint32_t)head->text_bytes);
    return at + 12;
}

uint8_t *tct_letter_run_write(uint8_t *out, const tct_letter_run *run)
{
    uint8_t *at = out;
    *at++ = run->state;
    *at++ = run->marks;
    tct_store64(at, run->until_ms);
    at = put(at + 8, run->claims, sizeof run->claims);
    tct_store32(at, (uint32_t)run->hold_bytes);
    tct_store32(at + 4, (uint32_t)run->letter_bytes);
    at = put(at + 8, run->hold, run->hold_bytes);
    return put(at, run->letter, run->letter_bytes);
}

/* ---- reading --- */

static const uint8_t *get(const uint8_t *at, void *out, size_t count)
{
    memcpy(out, at, count);
    return at + count;
}

tacit_status tct_letters_head_read(tct_letters_head *head, const uint8_t *bytes, size_t count)
{
    uint8_t small[5], params[3];
    if (count < TCT_LETTERS_HEAD_BYTES || memcmp(bytes, magic, MAGIC) != 0) /* public */
        return TACIT_ERR_FORMAT;
    const uint8_t *at = get(bytes + MAGIC, small, sizeof small);
    if (small[0] != VERSION)
        return TACIT_ERR_VERSION;
    *head = (tct_letters_head){
        .role = small[1], .person = small[2], .askings = small[3], .dead = small[4] != 0};
    at = get(at, head->room, sizeof head->room);
    at = get(at, head->sid, sizeof head->sid);
    at = get(at, head->isk, sizeof head->isk);
    at = get(at, params, sizeof params);
    at = get(at, head->delta, sizeof head->delta);
    head->params = (tct_engine_params){params[0], params[1], params[2]};
    head->begun_ms = tct_load64(at);
    head->text_bytes = tct_load32(at + 8);
    if (head->role > 1 || head->person > 1 || head->askings < 1 || small[4] > 1 ||
        head->askings > TACIT_LETTERS_ASKINGS_MAX || head->text_bytes > TACIT_SHEET_TEXT_MAX ||
        head->text_bytes > count - TCT_LETTERS_HEAD_BYTES)
        return TACIT_ERR_FORMAT;
    return TACIT_OK;
}

const uint8_t *tct_letter_run_read(tct_letter_run *run, const uint8_t *bytes, size_t count)
{
    if (count < TCT_LETTERS_RUN_BYTES)
        return NULL;
    run->state = bytes[0];
    run->marks = bytes[1];
    run->until_ms = tct_load64(bytes + 2);
    const uint8_t *at = get(bytes + 10, run->claims, sizeof run->claims);
    run->hold_bytes = tct_load32(at);
    run->letter_bytes = tct_load32(at + 4);
    size_t left = count - TCT_LETTERS_RUN_BYTES;
    if (run->state > TCT_LETTER_DONE || run->marks > 15 || run->hold_bytes > left ||
        run->letter_bytes > left - run->hold_bytes)
        return NULL;
    at += 8;
    run->hold = (uint8_t *)(uintptr_t)at; /* copied before anything is written */
    run->letter = run->hold + run->hold_bytes;
    return at + run->hold_bytes + run->letter_bytes;
}

/* ---- lengths --- */

static size_t one_frame(uint64_t body_bytes)
{
    return body_bytes > TCT_CHUNK_BYTES ? SIZE_MAX / 4
                                        : tct_frame_bytes((size_t)body_bytes, false);
}

size_t tct_letter_first_bytes(const tct_shape *shape, int writer)
{
    return one_frame(tct_shape_body_bytes(shape, TCT_F7, writer) + TCT_LETTER_UNTIL_BYTES);
}

uint64_t tct_letters_frame_bytes(const tct_shape *shape)
{
    int garbler = shape->garbler;
    uint64_t first = tct_letter_first_bytes(shape, 1 - garbler);
    uint64_t second = (uint64_t)one_frame(tct_shape_body_bytes(shape, TCT_F7, garbler)) +
                      one_frame(tct_shape_body_bytes(shape, TCT_F8, garbler));
    uint64_t third = one_frame(tct_shape_body_bytes(shape, TCT_F9, 1 - garbler));
    uint64_t most = first > second ? first : second;
    return most > third ? most : third;
}
