/* SPDX-License-Identifier: ISC
 *
 * Deposits: both halves or neither, whatever one side does; and nobody is told whose fault it was.
 */
#include "relay_room_kit.h"

#include "crypto/hash.h"

enum { BITS = 3, D_BYTES = 16 * BITS, ALL = 48 * BITS };
enum { NOW_MS = 1700000000 }; /* of the relay's clock, when a test begins */

/* The halves of two people who kept to the rules: each D, and for each of the other's a token of it and
 * one of something else, in the order of their bytes. */
typedef struct {
    uint8_t of[2][ALL];
} halves;

static void token_of(const uint8_t d[16], uint8_t out[16])
{
    uint8_t hash[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "tok");
    tct_hash_field(&h, d, 16);
    tct_hash_final(&h, hash);
    memcpy(out, hash, 16);
}

static halves make_halves(void)
{
    halves made;
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < BITS; i++)
            memset(made.of[side] + 16 * i, 'A' + 16 * side + i, 16);
    }
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < BITS; i++) {
            uint8_t *two = made.of[side] + D_BYTES + 32 * i, right[16], other[16];
            token_of(made.of[1 - side] + 16 * i, right);
            memset(other, 'x' + i, 16);
            bool first = memcmp(right, other, 16) < 0;
            memcpy(two, first ? right : other, 16);
            memcpy(two + 16, first ? other : right, 16);
        }
    }
    return made;
}

static void say_deposit(kit *k, tct_caller *caller, uint32_t run, uint64_t release_at,
                        const uint8_t *bytes, size_t count)
{
    static uint8_t message[13 + TCT_RELAY_DEPOSIT_MAX + 100];
    message[0] = TCT_RELAY_DEPOSIT;
    tct_store32(message + 1, run);
    tct_store64(message + 5, release_at);
    if (count > 0)
        memcpy(message + 13, bytes, count);
    say(k, caller, message, 13 + count);
}

static void say_seen(kit *k, tct_caller *caller, uint32_t run)
{
    uint8_t message[5] = {TCT_RELAY_SEEN};
    tct_store32(message + 1, run);
    say(k, caller, message, sizeof message);
}

static void assert_verdict(kit *k, tct_caller *caller, uint32_t run, const uint8_t *list)
{
    uint8_t heard[256], expected[256] = {TCT_RELAY_VERDICT};
    size_t bytes = list != NULL ? 6 + D_BYTES : 6;
    tct_store32(expected + 1, run);
    expected[5] = list != NULL;
    if (list != NULL)
        memcpy(expected + 6, list, D_BYTES);
    assert_int_equal(hear(k, caller, heard, sizeof heard), bytes);
    assert_memory_equal(heard, expected, bytes);
    assert_hears_nothing(caller);
}

static kit kit_at_now(void)
{
    kit k = kit_usual();
    tct_rooms_set_clock(k.rooms, NOW_MS, k.now);
    return k;
}

static void both_are_released_together(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        kit k = kit_at_now();
        pair p = arrive_pair(&k);
        tct_caller *sides[2] = {p.asker, p.answerer};
        halves h = make_halves();
        say_deposit(&k, sides[first], 0, 0, h.of[first], ALL);
        assert_stays(p.asker);
        assert_stays(p.answerer);
        say_deposit(&k, sides[1 - first], 0, 0, h.of[1 - first], ALL);
        assert_verdict(&k, p.asker, 0, h.of[1]);
        assert_verdict(&k, p.answerer, 0, h.of[0]);
        end(&k);
    }
}

/* What each side may do wrong; and what the relay says to both is the same, byte by byte. */
typedef void change(halves *h, int side, size_t *count);

static void wrong_share(halves *h, int side, size_t *count)
{
    (void)count;
    h->of[side][20] ^= 1;
}

static void junk_tokens(halves *h, int side, size_t *count)
{
    (void)count;
    memset(h->of[side] + D_BYTES, 0x33, ALL - D_BYTES);
}

static void one_junk_token(halves *h, int side, size_t *count)
{
    (void)count;
    uint8_t right[16];
    token_of(h->of[1 - side] + 16, right);
    uint8_t *at = h->of[side] + D_BYTES + 32;
    at = memcmp(at, right, 16) == 0 ? at : at + 16;
    assert_memory_equal(at, right, 16);
    at[15] ^= 0x80;
}

static void tokens_of_the_neighbour(halves *h, int side, size_t *count)
{
    (void)count;
    uint8_t kept[32], *pairs = h->of[side] + D_BYTES;
    memcpy(kept, pairs, 32);
    memcpy(pairs, pairs + 32, 32);
    memcpy(pairs + 32, kept, 32);
}

static void a_byte_too_few(halves *h, int side, size_t *count)
{
    (void)h, (void)side;
    *count = ALL - 1;
}

static void a_bit_too_few(halves *h, int side, size_t *count)
{
    (void)h, (void)side;
    *count = ALL - 48;
}

static void nothing_at_all(halves *h, int side, size_t *count)
{
    (void)h, (void)side;
    *count = 0;
}

static change *const changes[] = {
    wrong_share,    junk_tokens,   one_junk_token, tokens_of_the_neighbour,
    a_byte_too_few, a_bit_too_few, nothing_at_all};
enum { CHANGES = sizeof changes / sizeof *changes };

static void whatever_does_not_fit_is_refused_to_both_alike(void **state)
{
    (void)state;
    for (size_t c = 0; c < CHANGES; c++) {
        for (int side = 0; side < 2; side++) {
            for (int first = 0; first < 2; first++) {
                kit k = kit_at_now();
                pair p = arrive_pair(&k);
                tct_caller *sides[2] = {p.asker, p.answerer};
                halves h = make_halves();
                size_t count[2] = {ALL, ALL};
                changes[c](&h, side, &count[side]);
                say_deposit(&k, sides[first], 0, 0, h.of[first], count[first]);
                assert_stays(sides[0]);
                assert_stays(sides[1]);
                say_deposit(&k, sides[1 - first], 0, 0, h.of[1 - first], count[1 - first]);
                assert_verdict(&k, p.asker, 0, NULL);
                assert_verdict(&k, p.answerer, 0, NULL);
                assert_int_equal(tct_rooms_count(k.rooms).bytes_waiting, 0);
                end(&k);
            }
        }
    }
}

static void more_than_any_deposit_has_is_refused(void **state)
{
    (void)state;
    static uint8_t large[TCT_RELAY_DEPOSIT_MAX + 48];
    for (size_t beyond = 0; beyond < 2; beyond++) {
        kit k = kit_at_now();
        pair p = arrive_pair(&k);
        say_deposit(&k, p.asker, 0, 0, large, TCT_RELAY_DEPOSIT_MAX + 48 * beyond);
        /* Beyond the limit nothing of it is kept. */
        bool kept = tct_rooms_count(k.rooms).bytes_waiting > TCT_RELAY_DEPOSIT_MAX;
        assert_int_equal(kept, !beyond);
        say_deposit(&k, p.answerer, 0, 0, large, TCT_RELAY_DEPOSIT_MAX);
        assert_verdict(&k, p.asker, 0, NULL);
        assert_verdict(&k, p.answerer, 0, NULL);
        end(&k);
    }
}

/* A second try would let a cheater test one bit after the other. */
static void the_first_deposit_is_final(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves(), wrong = h;
    size_t count = ALL;
    wrong_share(&wrong, 0, &count);
    say_deposit(&k, p.asker, 0, 0, wrong.of[0], ALL);
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL);
    assert_verdict(&k, p.asker, 0, NULL);
    assert_verdict(&k, p.answerer, 0, NULL);
    /* And after a refusal the run is closed: the same answer once more, for either. */
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    assert_verdict(&k, p.asker, 0, NULL);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL);
    assert_verdict(&k, p.answerer, 0, NULL);
    assert_stays(p.asker);
    /* Another run is another matter. */
    say_deposit(&k, p.asker, 1, 0, h.of[0], ALL);
    say_deposit(&k, p.answerer, 1, 0, h.of[1], ALL);
    assert_verdict(&k, p.asker, 1, h.of[1]);
    assert_verdict(&k, p.answerer, 1, h.of[0]);
    end(&k);
}

static void one_deposit_alone_is_refused_after_a_while(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    later(&k, k.limits.deposit_ms - 1);
    assert_stays(p.asker);
    assert_stays(p.answerer);
    later(&k, 1);
    assert_verdict(&k, p.asker, 0, NULL);
    assert_verdict(&k, p.answerer, 0, NULL);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL); /* too late */
    assert_verdict(&k, p.answerer, 0, NULL);
    assert_stays(p.asker);
    end(&k);
}

/* Nothing before the time, everything at it; a time that the other names otherwise is refused then. */
static void a_release_waits_for_its_time(void **state)
{
    (void)state;
    for (uint64_t differs = 0; differs < 2; differs++) {
        kit k = kit_at_now();
        pair p = arrive_pair(&k);
        halves h = make_halves();
        uint64_t at = NOW_MS + 3600000;
        say_deposit(&k, p.asker, 0, at, h.of[0], ALL);
        say_deposit(&k, p.answerer, 0, at + differs, h.of[1], ALL);
        later(&k, 3600000 - 1);
        assert_stays(p.asker);
        assert_stays(p.answerer);
        later(&k, 1);
        assert_verdict(&k, p.asker, 0, differs ? NULL : h.of[1]);
        assert_verdict(&k, p.answerer, 0, differs ? NULL : h.of[0]);
        end(&k);
    }
}

static void a_time_too_far_ahead_is_no_message(void **state)
{
    (void)state;
    for (uint64_t beyond = 0; beyond < 2; beyond++) {
        kit k = kit_at_now();
        pair p = arrive_pair(&k);
        halves h = make_halves();
        say_deposit(&k, p.asker, 0, NOW_MS + k.limits.ahead_ms + beyond, h.of[0], ALL);
        if (beyond)
            assert_refused(&k, p.asker, TCT_RELAY_MALFORMED);
        else
            assert_stays(p.asker);
        end(&k);
    }
}

/* A time that has passed is now: with one deposit that is too few. */
static void a_time_that_has_passed_is_now(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    say_deposit(&k, p.asker, 0, NOW_MS - 1, h.of[0], ALL);
    assert_verdict(&k, p.asker, 0, NULL);
    assert_verdict(&k, p.answerer, 0, NULL);
    end(&k);
}

/* Whoever leaves after its deposit harms nobody: the other gets its half, and it may come for its own. */
static void leaving_after_the_deposit_changes_nothing(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    uint64_t ticket = ticket_of(p.asker);
    say_bye(&k, p.asker);
    tct_caller_gone(p.asker, k.now);
    assert_peer_left(&k, p.answerer);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL);
    assert_verdict(&k, p.answerer, 0, h.of[0]);
    say_seen(&k, p.answerer, 0);
    say_bye(&k, p.answerer);
    tct_caller_gone(p.answerer, k.now);
    assert_int_equal(tct_rooms_count(k.rooms).asleep, 1);
    later(&k, 29ull * 24 * 3600 * 1000);
    tct_caller *again = arrive(&k);
    say_resume(&k, again, p.room, ticket, UINT32_MAX);
    assert_resumed(&k, again);
    assert_verdict(&k, again, 0, h.of[1]);
    say_seen(&k, again, 0);
    tct_caller_gone(again, k.now);
    tct_rooms_figures figures = tct_rooms_count(k.rooms);
    assert_int_equal(figures.asleep + figures.rooms, 0);
    assert_int_equal(figures.bytes_waiting, 0);
    end(&k);
}

static void a_verdict_that_nobody_fetches_is_forgotten_in_time(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    uint64_t ticket = ticket_of(p.asker);
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL);
    tct_caller_gone(p.asker, k.now);
    tct_caller_gone(p.answerer, k.now);
    later(&k, k.limits.away_ms + 1); /* both have left; the room sleeps */
    later(&k, k.limits.verdict_ms - k.limits.away_ms - 2);
    assert_int_equal(tct_rooms_count(k.rooms).asleep, 1);
    later(&k, 1);
    assert_int_equal(tct_rooms_count(k.rooms).asleep, 0);
    tct_caller *late = arrive(&k);
    say_resume(&k, late, p.room, ticket, 0);
    assert_refused(&k, late, TCT_RELAY_NO_ROOM);
    end(&k);
}

/* A line that is down when it happens: the verdict comes with the next one, until it was seen. */
static void a_verdict_waits_for_its_line(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    uint64_t ticket = ticket_of(p.answerer);
    say_deposit(&k, p.answerer, 0, 0, h.of[1], ALL);
    tct_caller_gone(p.answerer, k.now);
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    assert_verdict(&k, p.asker, 0, h.of[1]);
    for (int i = 0; i < 3; i++) {
        tct_caller *back = arrive(&k);
        say_resume(&k, back, p.room, ticket, 0);
        assert_resumed(&k, back);
        if (i < 2)
            assert_verdict(&k, back, 0, h.of[0]);
        else
            assert_stays(back);
        if (i == 1)
            say_seen(&k, back, 0);
        tct_caller_gone(back, k.now);
    }
    end(&k);
}

/* Only whoever holds the seat deposits for it, and nobody for both. */
static void a_deposit_counts_for_the_seat_that_gave_it(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k), others = arrive_pair(&k);
    halves h = make_halves();
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    say_deposit(&k, p.asker, 0, 0, h.of[1], ALL);
    say_deposit(&k, others.answerer, 0, 0, h.of[1], ALL);
    assert_stays(p.asker);
    tct_caller *stranger = arrive(&k);
    say_resume(&k, stranger, p.room, 4711, 0);
    assert_refused(&k, stranger, TCT_RELAY_NO_ROOM);
    tct_caller *unseated = arrive(&k);
    say_deposit(&k, unseated, 0, 0, h.of[1], ALL);
    assert_refused(&k, unseated, TCT_RELAY_MALFORMED);
    end(&k);
}

static void a_room_has_so_many_runs_and_no_more(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    for (uint32_t run = 0; run < k.limits.runs_max; run++)
        say_deposit(&k, p.asker, run, 0, h.of[0], ALL);
    assert_stays(p.asker);
    say_deposit(&k, p.asker, k.limits.runs_max, 0, h.of[0], ALL);
    assert_refused(&k, p.asker, TCT_RELAY_BUSY);
    end(&k);
}

static void so_many_rooms_may_be_come_back_to_and_no_more(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.reserved_max = 2;
    kit k = kit_with(limits);
    halves h = make_halves();
    uint8_t keep[9] = {TCT_RELAY_KEEP};
    tct_store64(keep + 1, k.now + 1000000);
    pair first = arrive_pair(&k), second = arrive_pair(&k), third = arrive_pair(&k);
    say_deposit(&k, first.asker, 0, 0, h.of[0], ALL);
    say(&k, first.answerer, keep, sizeof keep); /* the same room */
    say(&k, second.asker, keep, sizeof keep);
    assert_stays(second.asker);
    say(&k, third.asker, keep, sizeof keep);
    assert_refused(&k, third.asker, TCT_RELAY_BUSY);
    assert_peer_left(&k, third.answerer);
    say_deposit(&k, third.answerer, 0, 0, h.of[0], ALL);
    assert_refused(&k, third.answerer, TCT_RELAY_BUSY);
    end(&k);
}

/* Two people sleep on it: both lines end, and in the morning each comes back for its deposit. */
static void a_kept_room_is_there_in_the_morning(void **state)
{
    (void)state;
    for (int kept = 0; kept < 2; kept++) {
        kit k = kit_at_now();
        pair p = arrive_pair(&k);
        halves h = make_halves();
        uint64_t tickets[2] = {ticket_of(p.asker), ticket_of(p.answerer)}, hour = 3600000;
        uint8_t keep[9] = {TCT_RELAY_KEEP};
        tct_store64(keep + 1, NOW_MS + 13 * hour);
        if (kept)
            say(&k, p.answerer, keep, sizeof keep);
        tct_caller_gone(p.asker, k.now);
        say_bye(&k, p.answerer);
        tct_caller_gone(p.answerer, k.now);
        later(&k, 10 * hour);
        for (int side = 0; side < 2; side++) {
            tct_caller *back = arrive(&k);
            say_resume(&k, back, p.room, tickets[side], UINT32_MAX);
            if (!kept) {
                assert_refused(&k, back, TCT_RELAY_NO_ROOM);
                continue;
            }
            assert_resumed(&k, back);
            say_deposit(&k, back, 0, NOW_MS + 12 * hour, h.of[side], ALL);
            assert_stays(back); /* no word of the other, whatever it does */
            tct_caller_gone(back, k.now);
        }
        later(&k, 4 * hour); /* beyond the time that was asked for: now the verdict keeps it */
        for (int side = 0; side < 2 && kept; side++) {
            tct_caller *back = arrive(&k);
            say_resume(&k, back, p.room, tickets[side], UINT32_MAX);
            assert_resumed(&k, back);
            assert_verdict(&k, back, 0, h.of[1 - side]);
            say_seen(&k, back, 0);
            tct_caller_gone(back, k.now);
        }
        assert_int_equal(tct_rooms_count(k.rooms).asleep, 0);
        assert_int_equal(tct_rooms_count(k.rooms).bytes_waiting, 0);
        end(&k);
    }
}

/* The relay's clock is set back by a day: nobody waits a day for a deposit that does not come. */
static void a_clock_that_is_set_back_prolongs_no_wait(void **state)
{
    (void)state;
    kit k = kit_at_now();
    pair p = arrive_pair(&k);
    halves h = make_halves();
    say_deposit(&k, p.asker, 0, 0, h.of[0], ALL);
    tct_rooms_set_clock(k.rooms, NOW_MS - 86400000, k.now);
    later(&k, 1000);
    later(&k, k.limits.deposit_ms);
    assert_verdict(&k, p.asker, 0, NULL);
    assert_verdict(&k, p.answerer, 0, NULL);
    end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_are_released_together),
        cmocka_unit_test(whatever_does_not_fit_is_refused_to_both_alike),
        cmocka_unit_test(more_than_any_deposit_has_is_refused),
        cmocka_unit_test(the_first_deposit_is_final),
        cmocka_unit_test(one_deposit_alone_is_refused_after_a_while),
        cmocka_unit_test(a_release_waits_for_its_time),
        cmocka_unit_test(a_time_too_far_ahead_is_no_message),
        cmocka_unit_test(a_time_that_has_passed_is_now),
        cmocka_unit_test(leaving_after_the_deposit_changes_nothing),
        cmocka_unit_test(a_verdict_that_nobody_fetches_is_forgotten_in_time),
        cmocka_unit_test(a_verdict_waits_for_its_line),
        cmocka_unit_test(a_deposit_counts_for_the_seat_that_gave_it),
        cmocka_unit_test(a_room_has_so_many_runs_and_no_more),
        cmocka_unit_test(so_many_rooms_may_be_come_back_to_and_no_more),
        cmocka_unit_test(a_kept_room_is_there_in_the_morning),
        cmocka_unit_test(a_clock_that_is_set_back_prolongs_no_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
