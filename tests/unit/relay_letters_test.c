/* SPDX-License-Identifier: ISC
 *
 * Letters at the relay: the first note of a place stands, a letter must be as noted, all of it outlives a
 * restart, and each limit holds at the limit and one beyond.
 */
#include "relay_room_kit.h"

#include "crypto/hash.h"
#include "relay/journal.h"

enum { HOUR = 3600000, ASKERS = 11, ANSWERERS = 22 };

typedef struct {
    kit k;
    tct_journal *journal;
    tct_caller *side[2];
    uint32_t number;
} post;

static void start_with(post *p, tct_relay_limits limits)
{
    char error[TCT_JOURNAL_ERROR_MAX];
    *p = (post){.k = kit_with(limits)};
    p->journal = tct_journal_open(":memory:", 64 << 20, error);
    assert_non_null(p->journal);
    assert_true(tct_rooms_keep_in(p->k.rooms, p->journal, p->k.now));
}

static void start(post *p)
{
    start_with(p, tct_relay_limits_usual());
}

static void settle(post *p)
{
    assert_true(tct_rooms_settle(p->k.rooms, p->k.now));
}

/* All that was told but for the kinds that are of no matter here. */
static size_t listen(post *p, tct_caller *caller, uint8_t *out, size_t room)
{
    settle(p);
    for (;;) {
        size_t length = hear(&p->k, caller, out, room);
        if (length == 0 || (out[0] >= TCT_RELAY_NOTED && out[0] <= TCT_RELAY_LETTERS_END) ||
            out[0] == TCT_RELAY_REFUSED)
            return length;
    }
}

static void meet(post *p)
{
    uint8_t heard[64];
    p->side[0] = arrive(&p->k);
    say_open_as(&p->k, p->side[0], ++p->k.opened, ASKERS);
    settle(p);
    assert_int_equal(hear(&p->k, p->side[0], heard, sizeof heard), 14);
    assert_true((heard[13] & TCT_RELAY_KEEPS_LETTERS) != 0);
    p->number = tct_load32(heard + 1);
    p->side[1] = arrive(&p->k);
    say_join_as(&p->k, p->side[1], p->number, ANSWERERS);
    settle(p);
}

/* Both leave, and come back as they do another day. */
static void leave(post *p)
{
    for (int i = 0; i < 2; i++)
        tct_caller_gone(p->side[i], p->k.now);
    for (int i = 0; i < 2; i++) {
        p->k.now += 11 * 60000;
        tct_rooms_tick(p->k.rooms, p->k.now);
        settle(p);
    }
}

static void come_back(post *p, int i)
{
    p->side[i] = arrive(&p->k);
    say_resume(&p->k, p->side[i], p->k.opened, i == 0 ? ASKERS : ANSWERERS, UINT32_MAX);
    settle(p);
}

static void digest_of(const uint8_t *bytes, size_t count, uint8_t out[32])
{
    tct_hash h;
    tct_hash_init(&h, "letter");
    tct_hash_field(&h, bytes, count);
    tct_hash_final(&h, out);
}

static void say_note(post *p, int i, uint32_t run, uint8_t flight, const uint8_t digest[32])
{
    uint8_t message[38] = {TCT_RELAY_NOTE};
    tct_store32(message + 1, run);
    message[5] = flight;
    memcpy(message + 6, digest, 32);
    say(&p->k, p->side[i], message, sizeof message);
}

static void say_letter(post *p, int i, uint32_t run, uint8_t flight, const uint8_t *bytes,
                       size_t count)
{
    static uint8_t message[6 + TCT_RELAY_LETTER_MAX + 1];
    message[0] = TCT_RELAY_LETTER;
    tct_store32(message + 1, run);
    message[5] = flight;
    memcpy(message + 6, bytes, count);
    say(&p->k, p->side[i], message, 6 + count);
}

static void say_letters(post *p, int i)
{
    say(&p->k, p->side[i], "\x0e", 1);
}

static void assert_noted(post *p, int i, uint32_t run, uint8_t flight, bool came,
                         const uint8_t digest[32])
{
    uint8_t heard[64];
    assert_int_equal(listen(p, p->side[i], heard, sizeof heard), 39);
    assert_int_equal(heard[0], TCT_RELAY_NOTED);
    assert_int_equal(tct_load32(heard + 1), run);
    assert_int_equal(heard[5], flight);
    assert_int_equal(heard[6], came);
    assert_memory_equal(heard + 7, digest, 32);
}

static void assert_letter(post *p, int i, uint32_t run, uint8_t flight, const uint8_t *bytes,
                          size_t count)
{
    static uint8_t heard[TCT_RELAY_LETTER_MAX + 64];
    assert_int_equal(listen(p, p->side[i], heard, sizeof heard), 6 + count);
    assert_int_equal(heard[0], TCT_RELAY_LETTER_IN);
    assert_int_equal(tct_load32(heard + 1), run);
    assert_int_equal(heard[5], flight);
    assert_memory_equal(heard + 6, bytes, count);
}

static void assert_end(post *p, int i)
{
    uint8_t heard[64];
    assert_int_equal(listen(p, p->side[i], heard, sizeof heard), 9);
    assert_int_equal(heard[0], TCT_RELAY_LETTERS_END);
}

static void assert_turned_away(post *p, int i, uint8_t reason)
{
    uint8_t heard[64];
    assert_int_equal(listen(p, p->side[i], heard, sizeof heard), 2);
    assert_int_equal(heard[0], TCT_RELAY_REFUSED);
    assert_int_equal(heard[1], reason);
}

static void finish(post *p)
{
    tct_rooms_free(p->k.rooms);
    tct_journal_close(p->journal);
}

static const uint8_t first[] = "a first letter", second[] = "another one, longer";

/* Notes and puts down one letter, and hears that it stands. */
static void put_down(post *p, int i, uint32_t run, uint8_t flight, const uint8_t *bytes,
                     size_t count)
{
    uint8_t digest[32];
    digest_of(bytes, count, digest);
    say_note(p, i, run, flight, digest);
    assert_noted(p, i, run, flight, false, digest);
    say_letter(p, i, run, flight, bytes, count);
    assert_noted(p, i, run, flight, true, digest);
}

static void a_letter_waits_for_the_other(void **state)
{
    (void)state;
    post p;
    uint8_t digest[32];
    digest_of(first, sizeof first, digest);
    start(&p);
    meet(&p);
    say_letters(&p, 0);
    assert_end(&p, 0); /* the room is kept from here on */
    leave(&p);
    come_back(&p, 0);
    put_down(&p, 0, 0, 7, first, sizeof first);
    tct_caller_gone(p.side[0], p.k.now);
    p.k.now += 20 * 24 * (uint64_t)HOUR;
    tct_rooms_tick(p.k.rooms, p.k.now);
    come_back(&p, 1);
    say_letters(&p, 1);
    assert_letter(&p, 1, 0, 7, first, sizeof first);
    assert_end(&p, 1);
    say_letters(&p, 1); /* as often as it is asked for */
    assert_letter(&p, 1, 0, 7, first, sizeof first);
    assert_end(&p, 1);
    put_down(&p, 1, 0, 8, second, sizeof second);
    come_back(&p, 0);
    say_letters(&p, 0);
    assert_noted(&p, 0, 0, 7, true, digest);
    assert_letter(&p, 0, 0, 8, second, sizeof second);
    assert_end(&p, 0);
    come_back(&p, 1); /* what was answered is gone; what was noted of it is not */
    say_letters(&p, 1);
    digest_of(second, sizeof second, digest);
    assert_noted(&p, 1, 0, 8, true, digest);
    assert_end(&p, 1);
    finish(&p);
}

static void the_first_note_stands(void **state)
{
    (void)state;
    post p;
    uint8_t one[32], other[32];
    digest_of(first, sizeof first, one);
    digest_of(second, sizeof second, other);
    start(&p);
    meet(&p);
    say_note(&p, 0, 3, 7, one);
    assert_noted(&p, 0, 3, 7, false, one);
    say_note(&p, 0, 3, 7, other);
    assert_noted(&p, 0, 3, 7, false, one);
    say_letter(&p, 0, 3, 7, first, sizeof first);
    assert_noted(&p, 0, 3, 7, true, one);
    say_note(&p, 0, 3, 7, other);
    assert_noted(&p, 0, 3, 7, true, one);
    say_note(&p, 1, 3, 7, other); /* the other seat has places of its own */
    assert_noted(&p, 1, 3, 7, false, other);
    say_letter(&p, 0, 3, 7, second, sizeof second);
    assert_turned_away(&p, 0, TCT_RELAY_MALFORMED);
    finish(&p);
}

static void what_was_not_noted_is_no_letter(void **state)
{
    (void)state;
    post p;
    start(&p);
    meet(&p);
    say_letter(&p, 0, 0, 7, first, sizeof first);
    assert_turned_away(&p, 0, TCT_RELAY_MALFORMED);
    say(&p.k, p.side[1], "\x0d\0\0\0\0\7", 6); /* an empty one is no message */
    assert_turned_away(&p, 1, TCT_RELAY_MALFORMED);
    finish(&p);
}

/* Without a disk nothing is promised. */
static void a_relay_without_a_journal_has_none(void **state)
{
    (void)state;
    kit k = kit_usual();
    pair two = arrive_pair(&k);
    uint8_t heard[64];
    say(&k, two.asker, "\x0e", 1);
    assert_int_equal(hear(&k, two.asker, heard, sizeof heard), 2);
    assert_int_equal(heard[0], TCT_RELAY_REFUSED);
    assert_int_equal(heard[1], TCT_RELAY_MALFORMED);
    end(&k);
}

/* Nothing is told of a note before it is on the disk; and all of it comes back from there. */
static void it_outlives_a_restart(void **state)
{
    (void)state;
    post p;
    uint8_t digest[32], heard[64];
    digest_of(first, sizeof first, digest);
    start(&p);
    meet(&p);
    say_letters(&p, 0);
    assert_end(&p, 0);
    tct_journal_limit(p.journal, true);
    say_note(&p, 0, 0, 7, digest);
    assert_false(tct_rooms_settle(p.k.rooms, p.k.now));
    assert_int_equal(hear(&p.k, p.side[0], heard, sizeof heard), 0);
    tct_journal_limit(p.journal, false);
    tct_rooms_tick(p.k.rooms, p.k.now);
    assert_noted(&p, 0, 0, 7, false, digest);
    say_letter(&p, 0, 0, 7, first, sizeof first);
    assert_noted(&p, 0, 0, 7, true, digest);
    say_note(&p, 1, 1, 7, digest);
    assert_noted(&p, 1, 1, 7, false, digest);
    size_t held = tct_rooms_count(p.k.rooms).letter_bytes;
    tct_rooms_free(p.k.rooms); /* killed */
    p.k.rooms = tct_rooms_new(&p.k.limits, 8);
    assert_true(tct_rooms_keep_in(p.k.rooms, p.journal, p.k.now));
    assert_int_equal(tct_rooms_count(p.k.rooms).letter_bytes, held);
    for (int i = 0; i < 2; i++)
        come_back(&p, i);
    say_letters(&p, 0);
    assert_noted(&p, 0, 0, 7, true, digest);
    assert_end(&p, 0);
    say_letters(&p, 1);
    uint8_t what[64];
    bool noted = false, came = false;
    for (int n = 0; n < 2; n++) {
        size_t length = listen(&p, p.side[1], what, sizeof what);
        noted = noted || (length == 39 && what[0] == TCT_RELAY_NOTED && what[6] == 0);
        came = came || (length == 6 + sizeof first && what[0] == TCT_RELAY_LETTER_IN);
    }
    assert_true(noted && came);
    assert_end(&p, 1);
    finish(&p);
}

static void limits_hold(void **state)
{
    (void)state;
    post p;
    uint8_t digest[32];
    static uint8_t large[TCT_RELAY_LETTER_MAX + 1];
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.notes_max = 3;
    start_with(&p, limits);
    meet(&p);
    for (uint32_t run = 0; run < limits.notes_max; run++) {
        digest_of(first, sizeof first - run, digest);
        say_note(&p, 0, run, 7, digest);
        assert_noted(&p, 0, run, 7, false, digest);
    }
    say_note(&p, 1, 0, 7, digest); /* of each seat for itself */
    assert_noted(&p, 1, 0, 7, false, digest);
    say_note(&p, 0, 3, 7, digest);
    assert_turned_away(&p, 0, TCT_RELAY_BUSY);
    finish(&p);

    limits = tct_relay_limits_usual();
    limits.seat_letters_max = 2;
    start_with(&p, limits);
    meet(&p);
    put_down(&p, 0, 0, 7, first, sizeof first);
    put_down(&p, 0, 1, 7, first, sizeof first);
    digest_of(first, sizeof first, digest);
    say_note(&p, 0, 1, 8, digest);
    assert_noted(&p, 0, 1, 8, false, digest);
    say_letter(&p, 0, 1, 8, first, sizeof first);
    assert_turned_away(&p, 0, TCT_RELAY_BUSY);
    come_back(&p, 0); /* a later pair of runs: those before it are over */
    put_down(&p, 0, 2, 7, first, sizeof first);
    put_down(&p, 0, 3, 7, first, sizeof first);
    finish(&p);

    start(&p); /* the longest letter, and a longer one */
    meet(&p);
    put_down(&p, 0, 0, 7, large, TCT_RELAY_LETTER_MAX);
    digest_of(large, sizeof large, digest);
    say_note(&p, 0, 1, 7, digest);
    assert_noted(&p, 0, 1, 7, false, digest);
    say_letter(&p, 0, 1, 7, large, sizeof large);
    assert_turned_away(&p, 0, TCT_RELAY_MALFORMED);
    finish(&p);

    limits = tct_relay_limits_usual();
    limits.letters_bytes_max = 3500; /* of all rooms */
    start_with(&p, limits);
    meet(&p);
    put_down(&p, 0, 0, 7, large, 1500);
    digest_of(large, 1500, digest);
    say_note(&p, 1, 0, 7, digest);
    assert_noted(&p, 1, 0, 7, false, digest);
    say_letter(&p, 1, 0, 7, large, 1500);
    assert_turned_away(&p, 1, TCT_RELAY_BUSY);
    finish(&p);
}

static void times_hold(void **state)
{
    (void)state;
    for (int beyond = 0; beyond < 2; beyond++) {
        post p;
        uint8_t digest[32];
        digest_of(first, sizeof first, digest);
        start(&p);
        meet(&p);
        put_down(&p, 0, 0, 7, first, sizeof first);
        for (int i = 0; i < 2; i++)
            tct_caller_gone(p.side[i], p.k.now);
        uint64_t put_at = p.k.now;
        p.k.now = put_at + p.k.limits.letter_ms + (unsigned)beyond;
        tct_rooms_tick(p.k.rooms, p.k.now);
        come_back(&p, 1);
        say_letters(&p, 1);
        if (beyond == 0)
            assert_letter(&p, 1, 0, 7, first, sizeof first);
        assert_end(&p, 1);
        come_back(&p, 0);
        say_letters(&p, 0);
        assert_noted(&p, 0, 0, 7, true, digest); /* that stays */
        assert_end(&p, 0);
        for (int i = 0; i < 2; i++)
            tct_caller_gone(p.side[i], p.k.now);
        p.k.now += p.k.limits.letters_ms - 1 + (unsigned)beyond;
        tct_rooms_tick(p.k.rooms, p.k.now); /* both seats are left, and … */
        tct_rooms_tick(p.k.rooms, p.k.now);
        come_back(&p, 0);
        say_letters(&p, 0);
        if (beyond == 0) {
            assert_noted(&p, 0, 0, 7, true, digest);
            assert_end(&p, 0);
        } else {
            assert_turned_away(&p, 0, TCT_RELAY_NO_ROOM); /* … forgotten: nothing can be used */
        }
        finish(&p);
    }
}

/* Whoever asks again and again, and takes nothing, cannot fill the relay. */
static void a_device_that_takes_nothing_is_refused(void **state)
{
    (void)state;
    post p;
    static uint8_t large[TCT_RELAY_LETTER_MAX];
    start(&p);
    meet(&p);
    put_down(&p, 0, 0, 7, large, sizeof large);
    put_down(&p, 0, 1, 7, large, sizeof large);
    for (int i = 0; i < 500; i++)
        say_letters(&p, 1);
    assert_true(tct_rooms_count(p.k.rooms).bytes_waiting < 6 * sizeof large);
    finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_waits_for_the_other),
        cmocka_unit_test(the_first_note_stands),
        cmocka_unit_test(what_was_not_noted_is_no_letter),
        cmocka_unit_test(a_relay_without_a_journal_has_none),
        cmocka_unit_test(it_outlives_a_restart),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(times_hold),
        cmocka_unit_test(a_device_that_takes_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
