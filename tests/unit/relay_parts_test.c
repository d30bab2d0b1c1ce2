/* SPDX-License-Identifier: ISC
 *
 * What rooms are made of: rates, stores, queues, numbers, visitors, addresses.
 */
#include "net/relay_wire.h"
#include "relay/listen.h"
#include "relay/numbers.h"
#include "relay/parcel.h"
#include "relay/server.h"
#include "relay/visitors.h"
#include "tacit/tacit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --------------------------------------------------------------------------------- rates --- */

static void a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
    (void)state;
    const tct_rate rate = {.burst = 3, .per_minute = 6}; /* one each ten seconds */
    tct_bucket bucket;
    tct_bucket_fill(&bucket, rate, 5000);
    for (int i = 0; i < 3; i++)
        assert_true(tct_bucket_take(&bucket, rate, 1, 5000));
    assert_false(tct_bucket_take(&bucket, rate, 1, 5000));
    assert_false(tct_bucket_take(&bucket, rate, 1, 14999));
    assert_true(tct_bucket_take(&bucket, rate, 1, 15000));
    assert_false(tct_bucket_take(&bucket, rate, 1, 15000));
    assert_false(tct_bucket_is_full(&bucket, rate, 44999));
    assert_true(tct_bucket_is_full(&bucket, rate, 45000));
    assert_false(tct_bucket_take(&bucket, rate, 4, 1000000)); /* never more than the burst */
    assert_true(tct_bucket_take(&bucket, rate, 3, 1000000));
}

static void a_bucket_may_owe(void **state)
{
    (void)state;
    const tct_rate rate = {.burst = 10, .per_minute = 60};
    tct_bucket bucket;
    tct_bucket_fill(&bucket, rate, 0);
    tct_bucket_charge(&bucket, rate, 10, 0);
    assert_int_equal(tct_bucket_debt(&bucket, rate, 0), 0);
    tct_bucket_charge(&bucket, rate, 5, 0);
    assert_int_equal(tct_bucket_debt(&bucket, rate, 0), 5);
    assert_int_equal(tct_bucket_debt(&bucket, rate, 1), 5); /* rounded up */
    assert_int_equal(tct_bucket_debt(&bucket, rate, 4000), 1);
    assert_int_equal(tct_bucket_debt(&bucket, rate, 5000), 0);
    tct_bucket_give(&bucket, rate, 100);
    assert_true(tct_bucket_is_full(&bucket, rate, 5000));
}

static void a_bucket_survives_any_clock(void **state)
{
    (void)state;
    const tct_rate rate = {.burst = UINT32_MAX, .per_minute = UINT32_MAX};
    tct_bucket bucket;
    tct_bucket_fill(&bucket, rate, 0);
    tct_bucket_charge(&bucket, rate, UINT32_MAX, 0);
    assert_true(tct_bucket_is_full(&bucket, rate, UINT64_MAX));
    assert_true(tct_bucket_take(&bucket, rate, UINT32_MAX, 0)); /* back to the beginning */
    assert_false(tct_bucket_take(&bucket, rate, 1, 0));
}

/* -------------------------------------------------------------------------------- parcels --- */

static void a_store_is_charged_for_all_that_it_holds(void **state)
{
    (void)state;
    tct_store store = {.max = 1000};
    tct_parcel *parcel = NULL;
    static const uint8_t bytes[2000];
    assert_true(tct_parcel_add(&store, &parcel, bytes, 100));
    assert_true(store.used > 100 && store.used < 200);
    assert_true(tct_parcel_add(&store, &parcel, bytes, 400));
    assert_int_equal(parcel->length, 500);
    size_t before = store.used;
    assert_false(tct_parcel_add(&store, &parcel, bytes, 1000));
    assert_int_equal(store.used, before);
    assert_int_equal(parcel->length, 500);
    tct_parcel_close(&store, &parcel);
    assert_true(store.used < before || before < 560);
    tct_parcel *word = tct_parcel_new(&store, bytes, 17, NULL, 0, NULL, 0);
    assert_non_null(word);
    tct_parcel_free(&store, parcel);
    tct_parcel_free(&store, word);
    tct_parcel_free(&store, NULL);
    assert_int_equal(store.used, 0);
}

static void a_full_store_still_gives_the_relays_own_words(void **state)
{
    (void)state;
    tct_store store = {.max = 0};
    tct_parcel *parcel = NULL, *word = tct_parcel_new(&store, (const uint8_t *)"\x86", 1,
                                                      (const uint8_t *)"\x03", 1, NULL, 0);
    assert_non_null(word);
    assert_false(tct_parcel_add(&store, &parcel, (const uint8_t *)"x", 1));
    assert_null(parcel);
    tct_parcel_free(&store, word);
    assert_int_equal(store.used, 0);
}

static void a_parcel_of_nothing_is_one(void **state)
{
    (void)state;
    tct_store store = {.max = 1000};
    tct_parcel *parcel = NULL;
    assert_true(tct_parcel_add(&store, &parcel, NULL, 0));
    tct_parcel_close(&store, &parcel);
    assert_int_equal(parcel->length, 0);
    tct_parcel_free(&store, parcel);
    assert_int_equal(store.used, 0);
}

static void a_queue_keeps_order_and_count(void **state)
{
    (void)state;
    tct_store store = {.max = 10000};
    tct_queue a = {0}, b = {0};
    for (uint8_t i = 0; i < 6; i++)
        tct_queue_put(i < 4 ? &a : &b, tct_parcel_new(&store, &i, 1, NULL, 0, NULL, 0));
    tct_queue_move(&b, &a);
    assert_null(a.first);
    assert_int_equal(a.bytes, 0);
    assert_int_equal(b.count, 6);
    assert_int_equal(b.bytes, 6);
    static const uint8_t order[] = {4, 5, 0, 1, 2, 3};
    tct_parcel *first = tct_queue_take(&b);
    assert_int_equal(first->bytes[0], order[0]);
    tct_parcel_free(&store, first);
    tct_queue_clear(&store, &b, true);
    assert_int_equal(b.count, 1);
    assert_int_equal(b.first->bytes[0], order[1]);
    tct_queue_clear(&store, &b, false);
    tct_queue_clear(&store, &b, true);
    assert_int_equal(b.count, 0);
    assert_null(tct_queue_take(&b));
    assert_int_equal(store.used, 0);
}

/* -------------------------------------------------------------------------------- numbers --- */

static void numbers_grow_only_as_they_are_needed(void **state)
{
    (void)state;
    int holder;
    tct_numbers *numbers = tct_numbers_new(99999, 1000, 3);
    uint32_t largest = 0;
    for (int i = 0; i < 5100; i++) {
        uint32_t number = tct_numbers_draw(numbers, &holder, 0);
        assert_in_range(number, 1, 99999);
        largest = number > largest ? number : largest;
        if (i < 5)
            assert_true(number <= 9);
        else if (i < 50)
            assert_true(number <= 99);
        else if (i < 500)
            assert_true(number <= 999);
        else if (i < 5000)
            assert_true(number <= 9999);
    }
    assert_true(largest > 9999);
    tct_numbers_free(numbers);
}

static void every_number_is_given_once_and_then_none(void **state)
{
    (void)state;
    enum { MAX = 1234 };
    static bool seen[MAX + 1];
    static int holders[MAX + 1];
    tct_numbers *numbers = tct_numbers_new(MAX, 1000, 3);
    for (int i = 0; i < MAX; i++) {
        uint32_t number = tct_numbers_draw(numbers, &holders[i], 0);
        assert_in_range(number, 1, MAX);
        assert_false(seen[number]);
        seen[number] = true;
        assert_ptr_equal(tct_numbers_holder(numbers, number), &holders[i]);
    }
    assert_int_equal(tct_numbers_draw(numbers, holders, 0), 0);
    assert_null(tct_numbers_holder(numbers, 0));
    assert_null(tct_numbers_holder(numbers, MAX + 1));
    for (uint32_t number = 1; number <= MAX; number++) {
        tct_numbers_rest(numbers, number, 10 * number);
        assert_null(tct_numbers_holder(numbers, number));
    }
    assert_int_equal(tct_numbers_draw(numbers, holders, 1009), 0);
    assert_int_equal(tct_numbers_draw(numbers, holders, 1010),
                     1); /* the first to have rested */
    assert_int_equal(tct_numbers_draw(numbers, holders, 1019), 0);
    assert_int_equal(tct_numbers_draw(numbers, holders, 1020), 2);
    tct_numbers_free(numbers);
}

/* ------------------------------------------------------------------------------- visitors --- */

static void visitors_are_forgotten_once_they_owe_nothing(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.opens = (tct_rate){.burst = 2, .per_minute = 60};
    tct_visitors *visitors = tct_visitors_new(&limits, 1);
    tct_visitor *one = tct_visitors_enter(visitors, 1, 0),
                *two = tct_visitors_enter(visitors, 2, 0);
    assert_ptr_equal(tct_visitors_enter(visitors, 1, 0), one);
    assert_true(tct_bucket_take(&two->opens, limits.opens, 1, 0));
    tct_visitors_leave(visitors, one);
    tct_visitors_leave(visitors, two);
    tct_visitors_tidy(visitors, 0);
    assert_int_equal(tct_visitors_count(visitors), 2); /* one is still there once, two owes */
    tct_visitors_leave(visitors, one);
    tct_visitors_tidy(visitors, 500);
    assert_int_equal(tct_visitors_count(visitors), 1);
    tct_visitors_tidy(visitors, 1000);
    assert_int_equal(tct_visitors_count(visitors), 0);
    tct_visitors_free(visitors);
}

/* Whoever has a great many addresses fills no memory with them. */
static void the_memory_of_visitors_is_bounded(void **state)
{
    (void)state;
    tct_relay_limits limits = tct_relay_limits_usual();
    tct_visitors *visitors = tct_visitors_new(&limits, 1);
    tct_visitor *present = tct_visitors_enter(visitors, 0, 0);
    for (uint64_t i = 1; i <= 70000; i++) {
        tct_visitor *one = tct_visitors_enter(visitors, i << 16, 0);
        assert_true(tct_bucket_take(&one->opens, limits.opens, 1, 0));
        tct_visitors_leave(visitors, one);
    }
    tct_visitors_tidy(visitors, 0);
    assert_true(tct_visitors_count(visitors) <= 65536 + 1);
    assert_ptr_equal(tct_visitors_enter(visitors, 0, 0), present);
    tct_visitors_free(visitors);
}

/* ------------------------------------------------------------------------------ addresses --- */

static uint64_t of(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return tct_address_of((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return tct_address_of((struct sockaddr *)&v6);
}

static void an_address_is_told_from_another(void **state)
{
    (void)state;
    assert_true(of("192.0.2.1") != of("192.0.2.2"));
    assert_true(of("192.0.2.1") == of("::ffff:192.0.2.1"));
    assert_true(of("2001:db8::1") == of("2001:db8::2:3:4:5")); /* one network */
    assert_true(of("2001:db8::1") != of("2001:db8:0:1::1"));
    assert_true(of("::1") != of("127.0.0.1"));
}

static void a_proxys_list_counts_by_its_last(void **state)
{
    (void)state;
    uint64_t address;
    static const char *const lists[] = {"192.0.2.7",  "10.0.0.1, 192.0.2.7", "junk,192.0.2.7 ",
                                        ",192.0.2.7", "::ffff:192.0.2.7",    " \"192.0.2.7\""};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        assert_true(tct_address_of_text(lists[i], &address));
        assert_true(address == of("192.0.2.7"));
    }
    assert_true(tct_address_of_text("[2001:db8::9]", &address));
    assert_true(address == of("2001:db8::1"));
    static const char *const bad[] = {
        "", ",", "192.0.2.7,", "unknown", "192.0.2.7:80", "1.2.3", "192.0.2.7;192.0.2.8"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(tct_address_of_text(bad[i], &address));
    char huge[300];
    memset(huge, '1', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_false(tct_address_of_text(huge, &address));
}

/* ------------------------------------------------------------------------------- documents --- */

static void the_document_states_the_limits(void **state)
{
    (void)state;
    const tct_relay_limits l = tct_relay_limits_usual();
    const struct {
        const char *name;
        unsigned long long value;
    } rows[] = {
        {"callers_max", l.callers_max},
        {"callers_per_address", l.callers_per_address},
        {"rooms_max", l.rooms_max},
        {"numbers_max", l.numbers_max},
        {"message_bytes_max", l.message_bytes_max},
        {"mailbox_bytes_max", l.mailbox_bytes_max},
        {"seat_bytes_pause", l.seat_bytes_pause},
        {"seat_bytes_max", l.seat_bytes_max},
        {"total_bytes_max", l.total_bytes_max},
        {"messages.burst", l.messages.burst},
        {"messages.per_minute", l.messages.per_minute},
        {"bytes.burst", l.bytes.burst},
        {"bytes.per_minute", l.bytes.per_minute},
        {"bytes_grace", l.bytes_grace},
        {"failed_joins.burst", l.failed_joins.burst},
        {"failed_joins.per_minute", l.failed_joins.per_minute},
        {"opens.burst", l.opens.burst},
        {"opens.per_minute", l.opens.per_minute},
        {"hello_ms", l.hello_ms},
        {"wait_ms", l.wait_ms},
        {"idle_ms", l.idle_ms},
        {"left_ms", l.left_ms},
        {"message_ms", l.message_ms},
        {"stall_ms", l.stall_ms},
        {"stall_bytes", l.stall_bytes},
        {"linger_ms", l.linger_ms},
        {"rest_ms", l.rest_ms},
    };
    static char text[65536];
    FILE *file = fopen(TACIT_SOURCE_DIR "/docs/RELAY.md", "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 1000);
    fclose(file);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char row[96];
        snprintf(row, sizeof row, "\n| `%s` | %llu |", rows[i].name, rows[i].value);
        if (strstr(text, row) == NULL)
            fail_msg("docs/RELAY.md lacks: %s", row + 1);
    }
}

/* A device may send every frame that a session makes; the two programs are one release. */
static void the_relay_fits_the_core(void **state)
{
    (void)state;
    assert_true(TACIT_FRAME_MAX + 1 <= TCT_RELAY_MESSAGE_MAX);
    assert_int_equal(TACIT_ROOM_BYTES, TCT_RELAY_ROOM_BYTES);
    assert_string_equal(TACIT_VERSION, TCT_RELAY_PROGRAM_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
        cmocka_unit_test(a_bucket_may_owe),
        cmocka_unit_test(a_bucket_survives_any_clock),
        cmocka_unit_test(a_store_is_charged_for_all_that_it_holds),
        cmocka_unit_test(a_full_store_still_gives_the_relays_own_words),
        cmocka_unit_test(a_parcel_of_nothing_is_one),
        cmocka_unit_test(a_queue_keeps_order_and_count),
        cmocka_unit_test(numbers_grow_only_as_they_are_needed),
        cmocka_unit_test(every_number_is_given_once_and_then_none),
        cmocka_unit_test(visitors_are_forgotten_once_they_owe_nothing),
        cmocka_unit_test(the_memory_of_visitors_is_bounded),
        cmocka_unit_test(an_address_is_told_from_another),
        cmocka_unit_test(a_proxys_list_counts_by_its_last),
        cmocka_unit_test(the_document_states_the_limits),
        cmocka_unit_test(the_relay_fits_the_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
