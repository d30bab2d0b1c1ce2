/* SPDX-License-Identifier: ISC
 *
 * Every limit of a relay: at the limit all is well, one beyond it is refused.
 */
#include "relay_room_kit.h"

/* ------------------------------------------------------------------------------- how many --- */

static void one_connection_too_many_is_told(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.callers_max = 3;
    kit k = kit_with(limits);
    tct_caller *last = NULL;
    for (uint64_t i = 0; i < 3; i++)
        assert_stays(last = arrive_from(&k, i));
    tct_caller *beyond = arrive_from(&k, 9);
    assert_refused(&k, beyond, TCT_RELAY_BUSY);
    tct_caller_gone(beyond, k.now);
    tct_caller_gone(last, k.now);
    assert_stays(arrive_from(&k, 9));
    /* Those who are only told are not without end, either. */
    int told = 0;
    while (tct_rooms_arrive(k.rooms, 10, NULL, k.now) != NULL)
        told++;
    assert_int_equal(told, 8);
    end(&k);
}

static void one_connection_too_many_from_an_address_is_told(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.callers_per_address = 2;
    kit k = kit_with(limits);
    assert_stays(arrive_from(&k, 1));
    tct_caller *second = arrive_from(&k, 1);
    assert_stays(second);
    assert_refused(&k, arrive_from(&k, 1), TCT_RELAY_BUSY);
    assert_stays(arrive_from(&k, 2));
    tct_caller_gone(second, k.now);
    assert_stays(arrive_from(&k, 1));
    end(&k);
}

static void one_room_too_many_is_refused(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.rooms_max = 2;
    kit k = kit_with(limits);
    tct_caller *callers[4];
    for (int i = 0; i < 4; i++)
        callers[i] = arrive(&k);
    for (int i = 0; i < 2; i++) {
        say_open(&k, callers[i]);
        assert_opened(&k, callers[i]);
    }
    say_open(&k, callers[2]);
    assert_refused(&k, callers[2], TCT_RELAY_BUSY);
    say_bye(&k, callers[0]);
    say_open(&k, callers[3]);
    assert_opened(&k, callers[3]);
    end(&k);
}

static void a_number_rests_before_it_is_given_out_again(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.numbers_max = 1;
    kit k = kit_with(limits);
    tct_caller *first = arrive(&k);
    say_open(&k, first);
    assert_int_equal(assert_opened(&k, first), 1);
    say_bye(&k, first);
    later(&k, limits.rest_ms - 1);
    tct_caller *early = arrive(&k);
    say_open(&k, early);
    assert_refused(&k, early, TCT_RELAY_BUSY);
    later(&k, 1);
    tct_caller *second = arrive(&k);
    say_open(&k, second);
    assert_int_equal(assert_opened(&k, second), 1);
    end(&k);
}

/* ------------------------------------------------------------------------------ how large --- */

static void a_message_one_byte_too_large_is_refused(void **state)
{
    (void)state;
    for (int beyond = 0; beyond < 2; beyond++) {
        tct_relay_limits limits = tct_relay_limits_usual();
        limits.message_bytes_max = 10000;
        kit k = kit_with(limits);
        pair p = arrive_pair(&k);
        say_large(&k, p.asker, 10000 + (size_t)beyond);
        if (beyond)
            assert_refused(&k, p.asker, TCT_RELAY_TOO_LARGE);
        else
            assert_stays(p.asker);
        end(&k);
    }
}

/* Before its end: what is too large is not gathered first. */
static void a_message_that_never_ends_is_refused(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    static const uint8_t piece[4096] = {TCT_RELAY_FRAME};
    size_t sent = 0;
    tct_piece out;
    while (!tct_caller_next(p.asker, 2, &out)) {
        tct_caller_recv(p.asker, piece, sizeof piece, false, k.now);
        sent += sizeof piece;
        assert_true(sent <= TCT_RELAY_MESSAGE_MAX + sizeof piece);
    }
    assert_refused(&k, p.asker, TCT_RELAY_TOO_LARGE);
    assert_peer_left(&k, p.answerer);
    assert_true(tct_rooms_count(k.rooms).bytes_waiting < 1000);
    end(&k);
}

static void a_mailbox_holds_so_much_and_no_more(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.mailbox_bytes_max = 1000;
    kit k = kit_with(limits);
    tct_caller *asker = arrive(&k);
    say_open(&k, asker);
    assert_opened(&k, asker);
    say_large(&k, asker, 600);
    say_large(&k, asker, 400);
    assert_stays(asker);
    say_large(&k, asker, 6);
    assert_refused(&k, asker, TCT_RELAY_BUSY);
    end(&k);
}

static void a_sender_pauses_while_too_much_waits_for_the_other(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.seat_bytes_pause = 1000;
    limits.seat_bytes_max = 3000;
    kit k = kit_with(limits);
    pair p = arrive_pair(&k);
    say_large(&k, p.asker, 995);
    assert_false(tct_caller_paused(p.asker));
    say_large(&k, p.asker, 6);
    assert_true(tct_caller_paused(p.asker));
    assert_false(tct_caller_paused(p.answerer));
    /* Half has to leave before it goes on. */
    tct_caller_sent(p.answerer, 500, k.now);
    assert_true(tct_caller_paused(p.asker));
    tct_caller_sent(p.answerer, 1, k.now);
    assert_false(tct_caller_paused(p.asker));
    end(&k);
}

static void a_pause_ends_when_the_other_leaves(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_large(&k, p.asker, k.limits.seat_bytes_pause);
    assert_true(tct_caller_paused(p.asker));
    say_bye(&k, p.answerer);
    assert_false(tct_caller_paused(p.asker));
    assert_peer_left(&k, p.asker);
    end(&k);
}

static void whoever_does_not_heed_the_pause_is_refused(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.seat_bytes_pause = 1000;
    limits.seat_bytes_max = 3000;
    kit k = kit_with(limits);
    pair p = arrive_pair(&k);
    say_large(&k, p.asker, 1000);
    say_large(&k, p.asker, 2000);
    assert_stays(p.asker);
    say_large(&k, p.asker, 6);
    assert_refused(&k, p.asker, TCT_RELAY_BUSY);
    end(&k);
}

/* The usual limits: however large the frames, a sender that heeds the pause is never refused. */
static void a_sender_that_heeds_the_pause_is_never_refused(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    assert_true(limits.seat_bytes_pause - 1 + limits.message_bytes_max <=
                limits.seat_bytes_max);
    assert_true(limits.bytes_grace >=
                64 * 1024); /* one read, with what TLS may hold beside it */
}

static void all_that_waits_has_a_bound(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.total_bytes_max = 100000;
    kit k = kit_with(limits);
    pair p = arrive_pair(&k), q = arrive_pair(&k);
    say_large(&k, p.asker, 60000);
    assert_stays(p.asker);
    say_large(&k, q.asker, 60000); /* refused half way */
    assert_refused(&k, q.asker, TCT_RELAY_BUSY);
    assert_peer_left(&k, q.answerer);
    assert_true(tct_rooms_count(k.rooms).bytes_waiting < 61000);
    /* There is room again once something has left. */
    tct_caller_sent(p.answerer, 60000, k.now);
    say_taken(&k, p.answerer, 1);
    say_large(&k, p.answerer, 60000);
    assert_stays(p.answerer);
    end(&k);
}

/* Half of many messages, from many callers: gathered only as far as the store reaches. */
static void half_messages_count_too(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.total_bytes_max = 200000;
    kit k = kit_with(limits);
    static const uint8_t piece[4096] = {TCT_RELAY_FRAME};
    int refused = 0;
    for (int i = 0; i < 100; i++) {
        tct_caller *caller = arrive(&k);
        tct_caller_recv(caller, piece, sizeof piece, false, k.now);
        tct_piece out;
        refused += tct_caller_next(caller, 2, &out);
    }
    assert_in_range(refused, 100 - 200000 / 4096, 99);
    assert_true(tct_rooms_count(k.rooms).bytes_waiting <= 200000 + 100 * 64);
    end(&k);
}

static void under_pressure_of_memory_senders_pause_sooner(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.total_bytes_max = 300000;
    limits.seat_bytes_pause = 80000;
    kit k = kit_with(limits);
    pair p = arrive_pair(&k), q = arrive_pair(&k);
    say_large(&k, p.asker, 20000);
    assert_false(tct_caller_paused(p.asker));
    say_large(&k, q.asker, 140000);
    later(&k, 1000);
    assert_true(tct_caller_paused(p.asker));
    tct_caller_sent(q.answerer, 140000, k.now);
    say_taken(&k, q.answerer, 1);
    later(&k, 1000);
    assert_false(tct_caller_paused(p.asker));
    end(&k);
}

/* ------------------------------------------------------------------------------- how fast --- */

static void one_message_too_many_is_refused(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.messages = (tct_rate){.burst = 10, .per_minute = 60};
    kit k = kit_with(limits);
    pair p = arrive_pair(&k); /* the asker has sent one */
    for (int i = 0; i < 9; i++)
        say_frame(&k, p.asker, "x");
    assert_stays(p.asker);
    k.now += 1000; /* one more */
    say_frame(&k, p.asker, "x");
    assert_stays(p.asker);
    k.now += 999;
    say_frame(&k, p.asker, "x");
    assert_refused(&k, p.asker, TCT_RELAY_TOO_FAST);
    end(&k);
}

static void a_sender_of_too_many_bytes_pauses(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.bytes = (tct_rate){.burst = 10000, .per_minute = 60000};
    limits.bytes_grace = 4096;
    kit k = kit_with(limits);
    pair p = arrive_pair(&k); /* OPEN was 34 bytes */
    say_large(&k, p.asker, 10000 - 34);
    assert_false(tct_caller_paused(p.asker));
    tct_caller_recv(p.asker, (const uint8_t *)"\x03", 1, false, k.now);
    assert_true(tct_caller_paused(p.asker));
    later(&k, 1000);
    assert_false(tct_caller_paused(p.asker));
    end(&k);
}

static void a_byte_beyond_the_grace_is_refused(void **state)
{
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        tct_relay_limits limits = tct_relay_limits_usual();
        limits.bytes = (tct_rate){.burst = 10000, .per_minute = 60000};
        limits.bytes_grace = 4000;
        kit k = kit_with(limits);
        pair p = arrive_pair(&k);
        say_large(&k, p.asker, 10000 - 34 + 4000 + beyond);
        if (beyond)
            assert_refused(&k, p.asker, TCT_RELAY_TOO_FAST);
        else
            assert_stays(p.asker);
        end(&k);
    }
}

static void guessing_numbers_is_slowed_down_by_address(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.failed_joins = (tct_rate){.burst = 3, .per_minute = 1};
    kit k = kit_with(limits);
    tct_caller *asker = arrive_from(&k, 5);
    say_open(&k, asker);
    uint32_t number = assert_opened(&k, asker);
    for (int i = 0; i < 3; i++) {
        tct_caller *guesser = arrive_from(&k, 9);
        say_join(&k, guesser, number + 1);
        assert_refused(&k, guesser, TCT_RELAY_NO_ROOM);
        tct_caller_gone(guesser, k.now);
    }
    /* From now on not even a right guess gets in, nor does one learn that it was right. */
    tct_caller *right = arrive_from(&k, 9), *wrong = arrive_from(&k, 9);
    say_join(&k, right, number);
    assert_refused(&k, right, TCT_RELAY_TOO_FAST);
    say_join(&k, wrong, number + 1);
    assert_refused(&k, wrong, TCT_RELAY_TOO_FAST);
    tct_caller_gone(right, k.now);
    tct_caller_gone(wrong, k.now);
    assert_stays(asker);
    /* It is remembered although nobody from there is connected, until it has worn off. */
    later(&k, 59999);
    tct_caller *early = arrive_from(&k, 9);
    say_join(&k, early, number);
    assert_refused(&k, early, TCT_RELAY_TOO_FAST);
    later(&k, 1);
    tct_caller *guest = arrive_from(&k, 9);
    say_join(&k, guest, number);
    assert_joined(&k, guest, 'r');
    end(&k);
}

static void joining_rightly_is_no_guess(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.failed_joins = (tct_rate){.burst = 1, .per_minute = 1};
    kit k = kit_with(limits);
    for (int i = 0; i < 5; i++)
        arrive_pair(&k);
    end(&k);
}

static void opening_rooms_is_slowed_down_by_address(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.opens = (tct_rate){.burst = 2, .per_minute = 60};
    kit k = kit_with(limits);
    for (int i = 0; i < 2; i++) {
        tct_caller *asker = arrive_from(&k, 9);
        say_open(&k, asker);
        assert_opened(&k, asker);
    }
    tct_caller *third = arrive_from(&k, 9), *other = arrive_from(&k, 8);
    say_open(&k, third);
    assert_refused(&k, third, TCT_RELAY_TOO_FAST);
    say_open(&k, other);
    assert_opened(&k, other);
    k.now += 1000;
    tct_caller *later_one = arrive_from(&k, 9);
    say_open(&k, later_one);
    assert_opened(&k, later_one);
    end(&k);
}

/* ------------------------------------------------------------------------------- how long --- */

static void whoever_says_nothing_at_all_is_sent_away(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *caller = arrive(&k);
    later(&k, k.limits.hello_ms);
    assert_stays(caller);
    later(&k, 1);
    assert_refused(&k, caller, TCT_RELAY_IDLE);
    end(&k);
}

static void an_asker_may_wait_so_long(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k);
    say_open(&k, asker);
    assert_opened(&k, asker);
    later(&k, k.limits.wait_ms);
    assert_stays(asker);
    later(&k, 1);
    assert_refused(&k, asker, TCT_RELAY_IDLE);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    end(&k);
}

static void a_silent_room_ends(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    later(&k, k.limits.idle_ms);
    say_frame(&k, p.answerer, "still there");
    assert_hears_frame(&k, p.asker, "still there");
    later(&k, k.limits.idle_ms);
    assert_stays(p.asker);
    assert_stays(p.answerer);
    later(&k, 1);
    assert_refused(&k, p.asker, TCT_RELAY_IDLE);
    assert_refused(&k, p.answerer, TCT_RELAY_IDLE);
    assert_int_equal(tct_rooms_count(k.rooms).rooms, 0);
    end(&k);
}

static void alone_in_a_left_room_one_may_stay_so_long(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_bye(&k, p.answerer);
    assert_peer_left(&k, p.asker);
    later(&k, k.limits.left_ms);
    assert_stays(p.asker);
    later(&k, 1);
    assert_refused(&k, p.asker, TCT_RELAY_IDLE);
    end(&k);
}

static void a_message_may_take_so_long(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    tct_caller_recv(p.asker, (const uint8_t *)"\x03", 1, false, k.now);
    later(&k, k.limits.message_ms);
    tct_caller_recv(p.asker, (const uint8_t *)"x", 1, false, k.now);
    assert_stays(p.asker);
    later(&k, 1);
    assert_refused(&k, p.asker, TCT_RELAY_IDLE);
    end(&k);
}

static void whoever_takes_nothing_is_cut_off(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.asker, "not fetched");
    later(&k, k.limits.stall_ms);
    assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_STAYS);
    later(&k, 1);
    assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_CUT);
    assert_hears_nothing(p.answerer);
    assert_stays(p.asker); /* it may come back */
    later(&k, k.limits.silent_ms);
    assert_stays(p.asker);
    later(&k, 1);
    assert_peer_left(&k, p.asker);
    end(&k);
}

static void whoever_takes_slowly_but_steadily_stays(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_large(&k, p.asker, 1000000);
    for (int i = 0; i < 20; i++) {
        later(&k, k.limits.stall_ms);
        tct_caller_sent(p.answerer, k.limits.stall_bytes, k.now);
        later(&k, 1);
        assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_STAYS);
    }
    later(&k, k.limits.stall_ms);
    tct_caller_sent(p.answerer, k.limits.stall_bytes - 1, k.now);
    later(&k, 1);
    assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_CUT);
    end(&k);
}

/* Small messages, each taken at once, but never an empty queue at the wrong moment. */
static void whoever_takes_all_there_is_stays(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    say_frame(&k, p.asker, "a");
    for (int i = 0; i < 10; i++) {
        say_frame(&k, p.asker, "b");
        assert_stays(p.asker); /* it takes its KEPT */
        assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_STAYS);
        tct_caller_sent(p.answerer, 6, k.now);
        later(&k, k.limits.stall_ms / 2 + 1);
    }
    assert_int_equal(tct_caller_end(p.answerer), TCT_CALLER_STAYS);
    end(&k);
}

static void a_last_word_that_nobody_takes_is_not_waited_for(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *caller = arrive(&k);
    say(&k, caller, "?", 1);
    later(&k, k.limits.linger_ms);
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_STAYS);
    later(&k, 1);
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_CUT);
    end(&k);
}

/* A clock that stands or jumps ahead by a month does no harm. */
static void a_jump_of_the_clock_is_survived(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    k.now += (uint64_t)31 * 24 * 3600 * 1000;
    say_frame(&k, p.asker, "x");
    assert_hears_frame(&k, p.answerer, "x");
    k.now -= 5000;
    say_frame(&k, p.asker, "y");
    tct_rooms_tick(k.rooms, k.now);
    assert_hears_frame(&k, p.answerer, "y");
    end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_connection_too_many_is_told),
        cmocka_unit_test(one_connection_too_many_from_an_address_is_told),
        cmocka_unit_test(one_room_too_many_is_refused),
        cmocka_unit_test(a_number_rests_before_it_is_given_out_again),
        cmocka_unit_test(a_message_one_byte_too_large_is_refused),
        cmocka_unit_test(a_message_that_never_ends_is_refused),
        cmocka_unit_test(a_mailbox_holds_so_much_and_no_more),
        cmocka_unit_test(a_sender_pauses_while_too_much_waits_for_the_other),
        cmocka_unit_test(a_pause_ends_when_the_other_leaves),
        cmocka_unit_test(whoever_does_not_heed_the_pause_is_refused),
        cmocka_unit_test(a_sender_that_heeds_the_pause_is_never_refused),
        cmocka_unit_test(all_that_waits_has_a_bound),
        cmocka_unit_test(half_messages_count_too),
        cmocka_unit_test(under_pressure_of_memory_senders_pause_sooner),
        cmocka_unit_test(one_message_too_many_is_refused),
        cmocka_unit_test(a_sender_of_too_many_bytes_pauses),
        cmocka_unit_test(a_byte_beyond_the_grace_is_refused),
        cmocka_unit_test(guessing_numbers_is_slowed_down_by_address),
        cmocka_unit_test(joining_rightly_is_no_guess),
        cmocka_unit_test(opening_rooms_is_slowed_down_by_address),
        cmocka_unit_test(whoever_says_nothing_at_all_is_sent_away),
        cmocka_unit_test(an_asker_may_wait_so_long),
        cmocka_unit_test(a_silent_room_ends),
        cmocka_unit_test(alone_in_a_left_room_one_may_stay_so_long),
        cmocka_unit_test(a_message_may_take_so_long),
        cmocka_unit_test(whoever_takes_nothing_is_cut_off),
        cmocka_unit_test(whoever_takes_slowly_but_steadily_stays),
        cmocka_unit_test(whoever_takes_all_there_is_stays),
        cmocka_unit_test(a_last_word_that_nobody_takes_is_not_waited_for),
        cmocka_unit_test(a_jump_of_the_clock_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
