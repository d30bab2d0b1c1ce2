/* SPDX-License-Identifier: ISC
 *
 * A line that takes up a seat of a program before it, word by word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/line.h"

static const uint8_t room[TCT_RELAY_ROOM_BYTES] = {1}, ticket[TCT_RELAY_TICKET_BYTES] = {2};

/* RESUME was said, and answered: so many frames of before are kept. */
static tct_line *resumed(uint32_t kept)
{
    uint8_t answer[14] = {TCT_RELAY_RESUMED};
    tct_line_message message;
    tct_line *line = tct_line_new(ticket);
    assert_true(tct_line_resume(line, room, ticket, UINT32_MAX));
    tct_line_up(line);
    assert_true(tct_line_next(line, &message));
    assert_int_equal(message.head[0], TCT_RELAY_RESUME);
    tct_line_sent(line);
    tct_store32(answer + 9, kept);
    assert_int_equal(tct_line_take(line, answer, sizeof answer).kind, TCT_LINE_BACK);
    return line;
}

static tct_line_event_kind hear_kept(tct_line *line, uint32_t count)
{
    uint8_t word[5] = {TCT_RELAY_KEPT};
    tct_store32(word + 1, count);
    return tct_line_take(line, word, sizeof word).kind;
}

/* The relay writes frames of the program before only now, and says so: they are none of ours. */
static void frames_of_before_may_be_kept_later(void **state)
{
    (void)state;
    tct_line *line = resumed(2);
    assert_int_equal(hear_kept(line, 3), TCT_LINE_NOTHING);
    assert_int_equal(hear_kept(line, 5), TCT_LINE_NOTHING);
    tct_line_free(line);
}

/* Letters are said in their order, once, and only on a line that stands. */
static void letters_are_said_once_on_a_line_that_stands(void **state)
{
    (void)state;
    uint8_t digest[TCT_RELAY_DIGEST_BYTES] = {7};
    tct_line_message message;
    tct_line *line = resumed(0);
    assert_true(tct_line_letters(line));
    assert_true(tct_line_note(line, 3, 7, digest));
    assert_true(tct_line_letter(line, 3, 7, (const uint8_t *)"sealed", 6));
    assert_false(tct_line_letter(line, 3, 7, digest, 0));
    assert_false(tct_line_idle(line));
    static const uint8_t types[] = {TCT_RELAY_LETTERS, TCT_RELAY_NOTE, TCT_RELAY_LETTER};
    for (size_t i = 0; i < sizeof types; i++) {
        assert_true(tct_line_next(line, &message));
        assert_int_equal(message.head_bytes, 0);
        assert_int_equal(message.body[0], types[i]);
        tct_line_sent(line);
    }
    assert_true(tct_line_idle(line));
    assert_true(tct_line_letters(line));
    tct_line_down(line);
    assert_false(tct_line_letters(line));
    tct_line_up(line);
    assert_true(tct_line_next(line, &message)); /* what was not said is not said again */
    assert_int_equal(message.head[0], TCT_RELAY_RESUME);
    tct_line_sent(line);
    assert_false(tct_line_next(line, &message));
    tct_line_free(line);
}

/* What the relay says of letters has its lengths. */
static void words_of_other_lengths_are_a_strangers(void **state)
{
    (void)state;
    static const size_t noted = 1 + 6 + TCT_RELAY_DIGEST_BYTES;
    for (size_t length = noted - 1; length <= noted + 1; length++) {
        uint8_t word[64] = {TCT_RELAY_NOTED, 3, 0, 0, 0, 7, 1};
        tct_line *line = resumed(0);
        tct_line_event event = tct_line_take(line, word, length);
        assert_int_equal(event.kind, length == noted ? TCT_LINE_NOTED : TCT_LINE_STRANGER);
        if (length == noted) {
            assert_int_equal(event.run, 3);
            assert_int_equal(event.flight, 7);
            assert_true(event.came);
        }
        tct_line_free(line);
    }
    const uint8_t empty[] = {TCT_RELAY_LETTER_IN, 0, 0, 0, 0, 7};
    tct_line *line = resumed(0);
    assert_int_equal(tct_line_take(line, empty, sizeof empty).kind, TCT_LINE_STRANGER);
    tct_line_free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_before_may_be_kept_later),
        cmocka_unit_test(letters_are_said_once_on_a_line_that_stands),
        cmocka_unit_test(words_of_other_lengths_are_a_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
