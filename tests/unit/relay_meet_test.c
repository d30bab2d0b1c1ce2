/* SPDX-License-Identifier: ISC
 *
 * Two who meet again: they know the id of their room beforehand, and the second takes the other seat by it.
 */
#include "net_line_kit.h"
#include "relay_room_kit.h"

#include "net/line.h"

static void say_meet_as(kit *k, tct_caller *caller, uint32_t room, uint64_t ticket)
{
    uint8_t message[34] = {TCT_RELAY_MEET, TCT_RELAY_VERSION};
    put_room(message + 2, room, 'r');
    put_ticket(message + 18, ticket);
    say(k, caller, message, sizeof message);
}

static void the_other_seat_is_taken_by_the_rooms_id(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k), *answerer = arrive(&k);
    say_open(&k, asker);
    (void)assert_opened(&k, asker);
    say_frame(&k, asker, "first");
    say_meet_as(&k, answerer, k.opened, 9);
    assert_joined(&k, answerer, 'r');
    assert_hears_frame(&k, answerer, "first");
    assert_peer_joined(&k, asker);
    end(&k);
}

static void before_the_asker_comes_there_is_no_room(void **state)
{
    (void)state;
    kit k = kit_usual();
    for (int i = 0; i < 30; i++) { /* it may look often: no number is guessed */
        tct_caller *early = arrive(&k);
        say_meet_as(&k, early, 1, 9);
        assert_refused(&k, early, TCT_RELAY_NO_ROOM);
        tct_caller_gone(early, k.now);
    }
    end(&k);
}

static void looking_without_end_is_too_fast(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.opens.burst = 2;
    limits.opens.per_minute = 1;
    kit k = kit_with(limits);
    for (int i = 0; i < 3; i++) {
        tct_caller *early = arrive(&k);
        say_meet_as(&k, early, 1, 9);
        assert_refused(&k, early, i < 2 ? TCT_RELAY_NO_ROOM : TCT_RELAY_TOO_FAST);
    }
    end(&k);
}

static void a_third_one_is_refused_by_the_id_too(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    tct_caller *third = arrive(&k);
    say_meet_as(&k, third, p.room, 9);
    assert_refused(&k, third, TCT_RELAY_FULL);
    assert_stays(p.asker);
    assert_stays(p.answerer);
    end(&k);
}

static void the_same_meet_again_has_its_seat_back(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *asker = arrive(&k), *answerer = arrive(&k), *again = arrive(&k);
    say_open(&k, asker);
    (void)assert_opened(&k, asker);
    say_meet_as(&k, answerer, k.opened, 9);
    assert_joined(&k, answerer, 'r');
    tct_caller_gone(answerer, k.now);
    say_meet_as(&k, again, k.opened, 9);
    assert_joined(&k, again, 'r');
    end(&k);
}

/* The asker's program was killed, and the person begins again. */
static void an_abandoned_room_is_opened_anew(void **state)
{
    (void)state;
    kit k = kit_usual();
    tct_caller *dead = arrive(&k), *early = arrive(&k), *asker = arrive(&k), *late = arrive(&k);
    say_open_as(&k, dead, 1, 1);
    (void)assert_opened(&k, dead);
    say_frame(&k, dead, "of the dead");
    tct_caller_gone(dead, k.now);
    say_meet_as(&k, early, 1, 9);
    assert_joined(&k, early, 'r');
    say_open_as(&k, asker, 1, 2);
    (void)assert_opened(&k, asker);
    assert_hears_frame(&k, early, "of the dead");
    assert_peer_left(&k, early);
    assert_int_equal(tct_caller_end(early), TCT_CALLER_CLOSE);
    say_frame(&k, asker, "of the living");
    say_meet_as(&k, late, 1, 10);
    assert_joined(&k, late, 'r');
    assert_hears_frame(&k, late, "of the living");
    end(&k);
}

static void a_room_whose_asker_is_there_is_not_opened_anew(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    tct_caller *other = arrive(&k);
    say_open_as(&k, other, p.room, 77);
    assert_refused(&k, other, TCT_RELAY_BUSY);
    assert_stays(p.asker);
    assert_stays(p.answerer);
    end(&k);
}

/* What was left with the relay is owed to both, whoever knows the room's id. */
static void a_room_with_a_deposit_is_not_opened_anew(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair p = arrive_pair(&k);
    uint8_t deposit[1 + 4 + 8 + 48] = {TCT_RELAY_DEPOSIT};
    say(&k, p.asker, deposit, sizeof deposit);
    tct_caller_gone(p.asker, k.now);
    tct_caller *other = arrive(&k);
    say_open_as(&k, other, p.room, 77);
    assert_refused(&k, other, TCT_RELAY_BUSY);
    end(&k);
}

static void a_meet_of_wrong_length_or_version_is_refused(void **state)
{
    (void)state;
    static const uint8_t message[40] = {TCT_RELAY_MEET, TCT_RELAY_VERSION};
    for (size_t bytes = 1; bytes < sizeof message; bytes++) {
        if (bytes == 34)
            continue;
        kit k = kit_usual();
        tct_caller *caller = arrive(&k);
        say(&k, caller, message, bytes);
        assert_refused(&k, caller, TCT_RELAY_MALFORMED);
        end(&k);
    }
    kit k = kit_usual();
    tct_caller *caller = arrive(&k);
    say(&k, caller, (uint8_t[]){TCT_RELAY_MEET, TCT_RELAY_VERSION + 1, 0}, 3);
    assert_refused(&k, caller, TCT_RELAY_OLD);
    end(&k);
}

static void links_meet_by_the_rooms_id(void **state)
{
    (void)state;
    place p = place_usual();
    line asker, answerer;
    call(&asker, p.loop, p.url, NULL);
    await(&asker, TCT_LINK_UP);
    assert_true(tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef"));
    assert_true(tct_link_frame(asker.link, (const uint8_t *)"early", 5));
    await(&asker, TCT_LINK_OPENED);
    call(&answerer, p.loop, p.url, NULL);
    await(&answerer, TCT_LINK_UP);
    assert_true(tct_link_meet(answerer.link, (const uint8_t *)"0123456789abcdef"));
    assert_false(tct_link_meet(answerer.link, (const uint8_t *)"0123456789abcdef"));
    await(&answerer, TCT_LINK_FRAME);
    assert_memory_equal(answerer.frame_start, "early", 6);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* A relay that seats them elsewhere than they asked for is none of ours. */
static void another_room_than_asked_for_is_a_stranger(void **state)
{
    (void)state;
    uint8_t joined[26] = {TCT_RELAY_JOINED, 'x'};
    tct_line_message message;
    tct_line *own = tct_line_new((const uint8_t *)"0123456789abcdef");
    assert_true(tct_line_meet(own, (const uint8_t *)"0123456789abcdef"));
    assert_false(tct_line_reopen(own, (const uint8_t *)"fedcba9876543210"));
    tct_line_up(own);
    assert_true(tct_line_next(own, &message));
    assert_int_equal(message.head[0], TCT_RELAY_MEET);
    assert_int_equal(message.head_bytes, 34);
    tct_line_sent(own);
    assert_int_equal(tct_line_take(own, joined, sizeof joined).kind, TCT_LINE_STRANGER);
    tct_line_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_seat_is_taken_by_the_rooms_id),
        cmocka_unit_test(before_the_asker_comes_there_is_no_room),
        cmocka_unit_test(looking_without_end_is_too_fast),
        cmocka_unit_test(a_third_one_is_refused_by_the_id_too),
        cmocka_unit_test(the_same_meet_again_has_its_seat_back),
        cmocka_unit_test(an_abandoned_room_is_opened_anew),
        cmocka_unit_test(a_room_whose_asker_is_there_is_not_opened_anew),
        cmocka_unit_test(a_room_with_a_deposit_is_not_opened_anew),
        cmocka_unit_test(a_meet_of_wrong_length_or_version_is_refused),
        cmocka_unit_test(links_meet_by_the_rooms_id),
        cmocka_unit_test(another_room_than_asked_for_is_a_stranger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
