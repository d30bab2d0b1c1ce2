/* SPDX-License-Identifier: ISC
 *
 * The rules of rooms: who hears what, in which order, and who is sent away.
 */
#include "relay_room_kit.h"

static void the_askers_frame_waits_for_the_other(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k), *answerer = arrive(&k);
    say_open(&k, asker);
    uint32_t number = assert_opened(&k, asker);
    say_frame(&k, asker, "first");
    say_frame(&k, asker, "second");
    assert_stays(asker);
    say_join(&k, answerer, number);
    assert_joined(&k, answerer, 'r');
    assert_hears_frame(&k, answerer, "first");
    assert_hears_frame(&k, answerer, "second");
    assert_stays(answerer);
    assert_peer_joined(&k, asker);
    assert_stays(asker);
    end(&k);
}

static void frames_go_to_the_other_seat_only(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k), others = arrive_pair(&k);
    say_frame(&k, p.asker, "to the answerer");
    say_frame(&k, p.answerer, "to the asker");
    assert_hears_frame(&k, p.answerer, "to the answerer");
    assert_hears_frame(&k, p.asker, "to the asker");
    assert_stays(p.asker);
    assert_stays(p.answerer);
    assert_stays(others.asker);
    assert_stays(others.answerer);
    end(&k);
}

/* In pieces of every size, also empty ones. */
static void a_message_may_come_in_pieces(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    uint8_t message[] = "\x03\0\0\0\0split anywhere";
    const size_t length = sizeof message - 1;
    for (size_t cut = 0; cut <= length; cut++) {
        tct_store32(message + 1, (uint32_t)cut); /* its number */
        tct_caller_recv(p.asker, message, cut, false, k.now);
        tct_caller_recv(p.asker, message, 0, false, k.now);
        assert_hears_nothing(p.answerer);
        tct_caller_recv(p.asker, message + cut, length - cut, true, k.now);
        assert_hears_frame(&k, p.answerer, "split anywhere");
    }
    end(&k);
}

static void numbers_are_small(void **state)
{
    (void)state;
    kit k = kit_usual();
    for (int i = 0; i < 4; i++) {
        tct_caller *asker = arrive(&k);
        say_open(&k, asker);
        uint32_t number = assert_opened(&k, asker);
        assert_in_range(number, 1, 9);
    }
    end(&k);
}

static void peer_left_comes_after_the_last_frame(void **state)
{
    (void)state;
    kit k = kit_usual();
    for (int by_bye = 0; by_bye < 2; by_bye++) {
        pair p = arrive_pair(&k);
        say_frame(&k, p.asker, "one");
        say_frame(&k, p.asker, "two");
        if (by_bye)
            say_bye(&k, p.asker);
        else
            tct_caller_gone(p.asker, k.now);
        assert_hears_frame(&k, p.answerer, "one");
        assert_hears_frame(&k, p.answerer, "two");
        if (!by_bye) {
            later(&k, k.limits.away_ms);
            assert_stays(p.answerer);
            later(&k, 1);
        }
        assert_peer_left(&k, p.answerer);
        assert_stays(p.answerer);
        say_frame(&k, p.answerer, "into the void");
        assert_stays(p.answerer);
    }
    end(&k);
}

static void whoever_says_bye_is_closed_and_hears_nothing_more(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.answerer, "unheard");
    say_bye(&k, p.asker);
    assert_hears_nothing(p.asker);
    assert_int_equal(tct_caller_end(p.asker), TCT_CALLER_CLOSE);
    say_frame(&k, p.asker, "too late");
    assert_peer_left(&k, p.answerer);
    assert_stays(p.answerer);
    end(&k);
}

static void bye_ends_also_a_caller_without_a_room(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *caller = arrive(&k);
    say_bye(&k, caller);
    assert_hears_nothing(caller);
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_CLOSE);
    end(&k);
}

static void a_room_ends_with_the_second_of_them(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_bye(&k, p.answerer);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 1);
    tct_caller_gone(p.asker, k.now);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 1); /* it may come back */
    later(&k, k.limits.silent_ms);                       /* it had not said a frame */
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 1);
    later(&k, 1);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    end(&k);
}

static void a_room_that_nobody_joined_ends_with_its_asker(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k), *late = arrive(&k);
    say_open(&k, asker);
    uint32_t number = assert_opened(&k, asker);
    say_frame(&k, asker, "never read");
    say_bye(&k, asker);
    tct_caller_gone(asker, k.now);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    say_join(&k, late, number);
    assert_refused(&k, late, TCT_RELAY_NO_ROOM);
    tct_caller_gone(late, k.now);
    assert_int_equal(tct_rooms_count(k.rooms).bytes_waiting, 0);
    end(&k);
}

static void an_unknown_number_is_refused(void **state)
{
    (void)state;
    kit k = kit_usual();
    const uint32_t numbers[] = {0, 1, k.limits.numbers_max, k.limits.numbers_max + 1,
                                UINT32_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        tct_caller *caller = arrive(&k);
        say_join(&k, caller, numbers[i]);
        assert_refused(&k, caller, TCT_RELAY_NO_ROOM);
    }
    end(&k);
}

static void a_third_one_is_refused(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    tct_caller *third = arrive(&k), *fourth = arrive(&k), *fifth = arrive(&k);
    say_join(&k, third, p.number);
    assert_refused(&k, third, TCT_RELAY_FULL);
    say_bye(&k, p.answerer); /* the seat was taken once: the code may be used up */
    say_join(&k, fourth, p.number);
    assert_refused(&k, fourth, TCT_RELAY_FULL);
    assert_peer_left(&k, p.asker);
    assert_stays(p.asker);
    say_bye(&k, p.asker);
    say_join(&k, fifth, p.number);
    assert_refused(&k, fifth, TCT_RELAY_NO_ROOM);
    end(&k);
}

static void a_room_without_its_asker_takes_nobody(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_bye(&k, p.asker);
    tct_caller *late = arrive(&k);
    say_join(&k, late, p.number);
    assert_refused(&k, late, TCT_RELAY_NO_ROOM);
    end(&k);
}

static void reopening_frees_the_other_seat(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.asker, "on its way to the first");
    say_frame(&k, p.answerer, "of the first, unheard");
    say_reopen(&k, p.asker, 'n');
    assert_int_equal(assert_opened(&k, p.asker), p.number);
    assert_stays(p.asker);
    /* Who was there gets what was on its way, and then has to go. */
    assert_hears_frame(&k, p.answerer, "on its way to the first");
    assert_peer_left(&k, p.answerer);
    assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_CLOSE);
    say_frame(&k, p.answerer, "still talking");
    assert_stays(p.asker);
    say_frame(&k, p.asker, "for the second");
    tct_caller *second = arrive(&k);
    say_join(&k, second, p.number);
    assert_joined(&k, second, 'n');
    assert_hears_frame(&k, second, "for the second");
    assert_stays(second);
    assert_peer_joined(&k, p.asker);
    tct_caller_gone(p.answerer, k.now);
    assert_stays(p.asker);
    end(&k);
}

static void reopening_drops_what_nobody_fetched(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k), *answerer = arrive(&k);
    say_open(&k, asker);
    uint32_t number = assert_opened(&k, asker);
    say_frame(&k, asker, "of the room before");
    say_reopen(&k, asker, 'n');
    assert_int_equal(assert_opened(&k, asker), number);
    say_join(&k, answerer, number);
    assert_joined(&k, answerer, 'n');
    assert_stays(answerer);
    end(&k);
}

/* A message that has left in part goes on to its end: half of it would break the line. */
static void reopening_lets_a_half_sent_frame_finish(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.answerer, "half sent");
    say_frame(&k, p.answerer, "not begun");
    tct_piece piece;
    assert_true(tct_caller_next(p.asker, 4, &piece));
    assert_true(piece.first && !piece.final);
    assert_memory_equal(piece.bytes, "\x83\0\0\0", 4);
    tct_caller_sent(p.asker, 4, k.now);
    say_reopen(&k, p.asker, 'n');
    assert_true(tct_caller_next(p.asker, 100, &piece));
    assert_true(!piece.first && piece.final);
    assert_int_equal(piece.count, 10);
    assert_memory_equal(piece.bytes, "\0half sent", 10);
    tct_caller_sent(p.asker, 10, k.now);
    assert_int_equal(assert_opened(&k, p.asker), p.number);
    assert_stays(p.asker);
    end(&k);
}

static void a_refusal_also_lets_a_half_sent_frame_finish(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.answerer, "half sent");
    say_frame(&k, p.answerer, "not begun");
    tct_caller_sent(p.asker, 4, k.now);
    say(&k, p.asker, "\x7f", 1);
    tct_piece piece;
    assert_true(tct_caller_next(p.asker, 100, &piece));
    assert_int_equal(piece.count, 10);
    tct_caller_sent(p.asker, 10, k.now);
    assert_refused(&k, p.asker, TCT_RELAY_MALFORMED);
    end(&k);
}

static void the_answerer_may_not_reopen(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_reopen(&k, p.answerer, 'n');
    assert_refused(&k, p.answerer, TCT_RELAY_MALFORMED);
    assert_peer_left(&k, p.asker);
    end(&k);
}

static void what_is_no_message_is_refused_and_ends_the_seat(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
    } junk[] = {
        {"", 0},
        {"\x00", 1},
        {"\x06", 1},
        {"\x07", 1},
        {"\x08", 1},
        {"\x09", 1},
        {"\x0a", 1},
        {"\x0b", 1},
        {"\x03\x00\x00\x00", 4},
        {"\x03\x00\x00\x00\x00", 5},
        {"\x03\x02\x00\x00\x00x", 6}, /* a gap in the frames */
        {"\x03\xff\xff\xff\xffx", 6},
        {"\x07\x01\x00\x00\x00", 5}, /* more than was sent */
        {"\x07\x00\x00\x00", 4},
        {"\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 12},
        {"\x09\x00\x00\x00", 4},
        {"\x0a\x00\x00\x00\x00\x00\x00\x00", 8},
        {"\x83x", 2},
        {"\xff\xff", 2},
        {"GET / HTTP", 10},
        {"\x03", 1},
        {"\x04\x00", 2},
        {"\x05", 1},
        {"\x05"
         "0123456789abcdef0123456789abcde",
         32},
        {"\x05"
         "0123456789abcdef0123456789abcdefg",
         34},
        {"\x01\x02" /* seated already */
         "0123456789abcdef0123456789abcdef",
         34},
        {"\x02\x02\x01\x00\x00\x00"
         "0123456789abcdef",
         22},
        {"\x06\x02"
         "0123456789abcdef0123456789abcdef\x00\x00\x00\x00",
         38},
    };
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        kit k = kit_usual();
        pair p = arrive_pair(&k);
        say_frame(&k, p.asker, "before");
        say(&k, p.asker, junk[i].bytes, junk[i].count);
        assert_refused(&k, p.asker, TCT_RELAY_MALFORMED);
        assert_hears_frame(&k, p.answerer, "before");
        assert_peer_left(&k, p.answerer);
        end(&k);
    }
}

static void a_first_message_of_wrong_kind_or_length_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
    } junk[] = {
        {"\x01", 1},
        {"\x01\x02"
         "0123456789abcdef0123456789abcde",
         33},
        {"\x01\x02"
         "0123456789abcdef0123456789abcdefg",
         35},
        {"\x02", 1},
        {"\x02\x02\x01\x00\x00"
         "0123456789abcdef",
         21},
        {"\x02\x02\x01\x00\x00\x00"
         "0123456789abcdefg",
         23},
        {"\x06\x02"
         "0123456789abcdef0123456789abcdef\x00\x00\x00",
         37},
        {"\x06\x02"
         "0123456789abcdef0123456789abcdef\x00\x00\x00\x00x",
         39},
        {"\x03\x00\x00\x00\x00x", 6},
        {"\x07\x00\x00\x00\x00", 5},
        {"\x09\x00\x00\x00\x00", 5},
        {"\x0a\x00\x00\x00\x00\x00\x00\x00\x00", 9},
        {"\x05"
         "0123456789abcdef0123456789abcdef",
         33},
    };
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        kit k = kit_usual();
        tct_caller *caller = arrive(&k);
        say(&k, caller, junk[i].bytes, junk[i].count);
        assert_refused(&k, caller, TCT_RELAY_MALFORMED);
        end(&k);
    }
}

/* Whatever the length: a newer device may send another. */
static void another_version_is_told_so(void **state)
{
    (void)state;
    static const char *const messages[] = {"\x01\x01", "\x02\x01\x01", "\x06\x03",
                                           "\x01\x01rrrrrrrrrrrrrrrr",
                                           "\x01\x09longer than we know"};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        kit k = kit_usual();
        tct_caller *caller = arrive(&k);
        say(&k, caller, messages[i], strlen(messages[i]));
        assert_refused(&k, caller, TCT_RELAY_OLD);
        end(&k);
    }
}

static void after_a_refusal_nothing_is_heard(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *caller = arrive(&k);
    say(&k, caller, "?", 1);
    say_open(&k, caller);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    assert_refused(&k, caller, TCT_RELAY_MALFORMED);
    end(&k);
}

static void closing_tells_everyone(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    tct_caller *fresh = arrive(&k);
    tct_rooms_close(k.rooms, k.now);
    assert_refused(&k, p.asker, TCT_RELAY_CLOSING);
    assert_refused(&k, p.answerer, TCT_RELAY_CLOSING);
    assert_refused(&k, fresh, TCT_RELAY_CLOSING);
    tct_caller *late = arrive(&k);
    assert_refused(&k, late, TCT_RELAY_CLOSING);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    end(&k);
}

/* Each once, and again only with something new. */
static void news_names_whom_to_attend_to(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    while (tct_rooms_news(k.rooms) != NULL)
        ;
    say_frame(&k, p.asker, "one");
    say_frame(&k, p.asker, "two");
    assert_ptr_equal(tct_rooms_news(k.rooms), p.answerer);
    assert_null(tct_rooms_news(k.rooms));
    say_bye(&k, p.asker);
    assert_ptr_equal(tct_rooms_news(k.rooms), p.asker); /* the other has frames to hear first */
    assert_null(tct_rooms_news(k.rooms));
    end(&k);
}

static void when_all_are_gone_nothing_is_held(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_large(&k, p.asker, 100000);
    say_large(&k, p.answerer, 50000);
    tct_caller_recv(p.asker, (const uint8_t *)"\x03half a mess", 12, false, k.now);
    assert_true(tct_rooms_count(k.rooms).bytes_waiting > 150000);
    tct_caller_gone(p.asker, k.now);
    tct_caller_gone(p.answerer, k.now);
    assert_true(tct_rooms_count(k.rooms).bytes_waiting > 150000); /* they may come back */
    later(&k, k.limits.away_ms + 1);
    tct_rooms_figures figures = tct_rooms_count(k.rooms);
    assert_int_equal(figures.bytes_waiting, 0);
    assert_int_equal(figures.callers, 0);
    assert_int_equal(figures.rooms, 0);
    assert_int_equal(figures.frames, 2);
    assert_int_equal(figures.frame_bytes, 149990);
    assert_int_equal(figures.addresses, 0);
    end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_askers_frame_waits_for_the_other),
        cmocka_unit_test(frames_go_to_the_other_seat_only),
        cmocka_unit_test(a_message_may_come_in_pieces),
        cmocka_unit_test(numbers_are_small),
        cmocka_unit_test(peer_left_comes_after_the_last_frame),
        cmocka_unit_test(whoever_says_bye_is_closed_and_hears_nothing_more),
        cmocka_unit_test(bye_ends_also_a_caller_without_a_room),
        cmocka_unit_test(a_room_ends_with_the_second_of_them),
        cmocka_unit_test(a_room_that_nobody_joined_ends_with_its_asker),
        cmocka_unit_test(an_unknown_number_is_refused),
        cmocka_unit_test(a_third_one_is_refused),
        cmocka_unit_test(a_room_without_its_asker_takes_nobody),
        cmocka_unit_test(reopening_frees_the_other_seat),
        cmocka_unit_test(reopening_drops_what_nobody_fetched),
        cmocka_unit_test(reopening_lets_a_half_sent_frame_finish),
        cmocka_unit_test(a_refusal_also_lets_a_half_sent_frame_finish),
        cmocka_unit_test(the_answerer_may_not_reopen),
        cmocka_unit_test(what_is_no_message_is_refused_and_ends_the_seat),
        cmocka_unit_test(a_first_message_of_wrong_kind_or_length_is_refused),
        cmocka_unit_test(another_version_is_told_so),
        cmocka_unit_test(after_a_refusal_nothing_is_heard),
        cmocka_unit_test(closing_tells_everyone),
        cmocka_unit_test(news_names_whom_to_attend_to),
        cmocka_unit_test(when_all_are_gone_nothing_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
