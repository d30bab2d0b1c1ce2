/* SPDX-License-Identifier: ISC
 *
 * Two who cannot pair: another code, another sheet, the same role, another version; an asker who lies
 * about what it offers; and how many guesses of a code an attempt may cost.
 * (Attack table rows 2, 25, 26, 37.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_state.h"
#include "support/duel.h"

static tacit_answers yes[2];

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    for (int person = 0; person < 2; person++)
        duel_answer(duel_both, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
    return 0;
}

static tacit_status error_of(const duel *d, int i)
{
    return tacit_session_error(d->side[i].session);
}

static void start_pair(duel *d, uint64_t seed)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, &yes[1]});
}

static void nobody_saw_anything(const duel *d)
{
    for (int i = 0; i < 2; i++) {
        assert_string_equal(duel_outcome(d, i), "-");
        assert_false(tacit_session_maybe_revealed(d->side[i].session));
    }
}

/* ---- the code --- */

static void
another_code_is_noticed_by_the_answerer_and_counts_as_a_guess_on_both_sides(void **state)
{
    (void)state;
    static const char *const codes[] = {"7-lantern-hatch", "7-harbor-lantern",
                                        "8-lantern-harbor"};
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        duel d;
        duel_start(&d, i, &(duel_options){duel_both, NULL, -1, &yes[0]},
                   &(duel_options){NULL, codes[i], -1, &yes[1]});
        duel_run(&d);
        assert_int_equal(error_of(&d, 1), TACIT_ERR_CODE);
        assert_int_equal(tacit_session_want(d.side[1].session), 0); /* and it says nothing */
        assert_int_equal(d.side[1].sent_count, 1);
        assert_true(tacit_session_guess_open(d.side[1].session));
        /* The asker only sees that nobody answers; its attempt is spent all the same. */
        assert_int_equal(tacit_session_stage(d.side[0].session), TACIT_STAGE_PAIRING);
        assert_true(tacit_session_guess_open(d.side[0].session));
        tacit_session_leave(d.side[0].session);
        assert_int_equal(tacit_session_want(d.side[0].session), 0);
        assert_true(tacit_session_guess_open(d.side[0].session));
        assert_null(tacit_session_sheet(d.side[1].session));
        nobody_saw_anything(&d);
        duel_end(&d);
    }
}

/* Row 37: whoever guesses reads T, and goes.  The session has shown one T for one F1 and is not to be
 * brought to show another. */
static void a_guesser_gets_one_guess_from_a_session(void **state)
{
    (void)state;
    duel d, other;
    start_pair(&d, 41);
    assert_false(tacit_session_guess_open(d.side[0].session));
    duel_run_until_sent(&d, 0, 2);
    assert_int_equal(d.side[0].sent[1].bytes[5], TCT_FLIGHT_OFFER);
    assert_true(tacit_session_guess_open(d.side[0].session));
    unsigned before = d.side[0].sent_count;
    duel_start(&other, 42, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, "7-lantern-hatch", -1, &yes[1]});
    memcpy(other.side[1].session->room, d.side[0].session->room, TACIT_ROOM_BYTES);
    duel_post(&other, 1, d.side[0].sent[0].bytes, d.side[0].sent[0].count);
    assert_true(duel_deliver(&other, 1));
    assert_true(duel_send(&other, 1)); /* a second F1 for the same room */
    duel_post(&d, 0, other.side[1].sent[0].bytes, other.side[1].sent[0].count);
    while (duel_send(&d, 0) || duel_deliver(&d, 0))
        ;
    for (unsigned i = before; i < d.side[0].sent_count; i++)
        assert_int_not_equal(d.side[0].sent[i].bytes[5], TCT_FLIGHT_OFFER);
    assert_true(tacit_session_guess_open(d.side[0].session));
    duel_end(&d);
    duel_end(&other);
}

static void a_good_confirmation_closes_the_guess(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 43);
    duel_run_until_sent(&d, 1, 2);
    assert_false(tacit_session_guess_open(d.side[1].session)); /* T came before its own left */
    duel_run(&d);
    assert_false(tacit_session_guess_open(d.side[0].session));
    duel_end(&d);
}

/* A wrong T of the answerer: nothing behind it is opened, the guess stays open. */
static void a_wrong_confirmation_of_the_answerer_is_a_guess(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 44);
    duel_run_until_sent(&d, 1, 1);
    while (duel_deliver(&d, 0) || duel_send(&d, 0))
        ;
    duel_deliver(&d, 1);
    duel_tend(&d, 1);
    memset(d.side[1].session->own_confirm, 9, 32);
    duel_run(&d);
    assert_int_equal(error_of(&d, 0), TACIT_ERR_CODE);
    assert_true(tacit_session_guess_open(d.side[0].session));
    assert_int_equal(d.side[0].session->channel.taken, 0);
    nobody_saw_anything(&d);
    duel_end(&d);
}

/* ---- sheet, role, version --- */

static void another_sheet_than_expected_is_named_on_both_sides(void **state)
{
    (void)state;
    duel d;
    duel_start(&d, 51, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){duel_other, NULL, -1, &yes[1]});
    duel_run(&d);
    assert_int_equal(error_of(&d, 0), TACIT_ERR_OTHER_SHEET);
    assert_int_equal(error_of(&d, 1), TACIT_ERR_OTHER_SHEET);
    for (int i = 0; i < 2; i++) /* the code was right: no guess is spent */
        assert_false(tacit_session_guess_open(d.side[i].session));
    nobody_saw_anything(&d);
    duel_end(&d);
}

static void the_expected_sheet_is_accepted(void **state)
{
    (void)state;
    duel d;
    duel_start(&d, 52, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){duel_both, NULL, -1, &yes[1]});
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

static void the_same_role_is_named_on_both_sides(void **state)
{
    (void)state;
    for (int person = 0; person < 2; person++) {
        duel d;
        duel_start(&d, 53, &(duel_options){duel_roles, NULL, person, NULL},
                   &(duel_options){NULL, NULL, person, NULL});
        duel_run(&d);
        assert_int_equal(error_of(&d, 0), TACIT_ERR_SAME_ROLE);
        assert_int_equal(error_of(&d, 1), TACIT_ERR_SAME_ROLE);
        nobody_saw_anything(&d);
        duel_end(&d);
    }
}

/* Without roles there is nothing to clash about. */
static void two_of_one_kind_never_take_the_same_role(void **state)
{
    (void)state;
    duel d;
    duel_start(&d, 54, &(duel_options){duel_both, NULL, 0, &yes[0]},
               &(duel_options){NULL, NULL, 0, &yes[1]});
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 1), "yes");
    assert_int_equal(tacit_session_person(d.side[1].session), 1);
    duel_end(&d);
}

static int changed_side;

static void change_version(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    uint8_t *copy = malloc(bytes);
    memcpy(copy, frame, bytes);
    if (frame[0] == TCT_KIND_PLAIN && to == changed_side && bytes > 16)
        copy[14]++;
    duel_post(d, to, copy, bytes);
    free(copy);
}

static void another_version_is_named(void **state)
{
    (void)state;
    for (changed_side = 0; changed_side < 2; changed_side++) {
        duel d;
        start_pair(&d, 55);
        d.wire = change_version;
        duel_run(&d);
        assert_int_equal(error_of(&d, changed_side), TACIT_ERR_VERSION);
        nobody_saw_anything(&d);
        duel_end(&d);
    }
}

/* An answerer that speaks another version says so in two bytes, so that the asker can say it too. */
static void the_other_version_is_said_back(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 56);
    changed_side = 1;
    d.wire = change_version;
    duel_run_until_sent(&d, 1, 1);
    assert_int_equal(d.side[1].sent[0].count, 16);
    uint8_t frame[16];
    memcpy(frame, d.side[1].sent[0].bytes, sizeof frame);
    frame[14]++; /* as that other version would fill it in */
    assert_int_equal(tacit_session_recv(d.side[0].session, frame, sizeof frame),
                     TACIT_ERR_VERSION);
    assert_int_equal(tacit_session_want(d.side[0].session), 0);
    duel_end(&d);
}

/* ---- an asker who lies --- */

/* Up to where the asker has the keys and the offer has not left. */
static void start_with_offer_due(duel *d, uint64_t seed)
{
    start_pair(d, seed);
    duel_run_until_sent(d, 1, 1);
    while (duel_deliver(d, 0))
        ;
    assert_true(d->side[0].session->offer_due);
}

static void the_answerer_calls_it(duel *d, tacit_status status)
{
    duel_run(d);
    assert_int_equal(error_of(d, 1), status);
    assert_int_equal(error_of(d, 0), TACIT_ERR_ABORT); /* and learns no reason */
    assert_null(tacit_session_sheet(d->side[1].session));
    nobody_saw_anything(d);
    duel_end(d);
}

static void a_veil_over_another_sheet_is_caught(void **state)
{
    (void)state;
    static tacit_diagnostics diagnostics;
    duel d;
    tacit_sheet *other;
    void *memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    assert_int_equal(tacit_sheet_read(&other, memory, TACIT_SHEET_MEMORY, duel_other,
                                      strlen(duel_other), NULL, &diagnostics),
                     TACIT_OK);
    start_with_offer_due(&d, 61);
    d.side[0].session->sheet = other;
    the_answerer_calls_it(&d, TACIT_ERR_CHEAT);
    free(memory);
}

static void another_nonce_or_role_under_the_veil_is_caught(void **state)
{
    (void)state;
    duel d;
    start_with_offer_due(&d, 62);
    d.side[0].session->nonce[5] ^= 1;
    the_answerer_calls_it(&d, TACIT_ERR_CHEAT);
    start_with_offer_due(&d, 63);
    d.side[0].session->person = 1;
    the_answerer_calls_it(&d, TACIT_ERR_CHEAT);
}

/* F1 once more with other terms, as an asker that follows no rule would make it. */
static void greet_again(duel *d, tct_engine_params params, size_t changed)
{
    tacit_session *s = d->side[0].session;
    assert_true(duel_tend(d, 0));
    tct_bind_params(s->terms, params); /* its own run keeps those that fit its memory */
    if (changed != 0)
        s->terms[changed] ^= 1;
    memcpy(s->code, "7-lantern-harbor", s->code_bytes);
    tct_session_greet(s);
}

static void parameters_for_another_size_are_caught(void **state)
{
    (void)state;
    const tct_engine_params wrong[] = {tct_engine_params_for(129),
                                       tct_engine_params_for(TCT_TAG_ANDS_MAX + 1)};
    for (int i = 0; i < 2; i++) {
        duel d;
        start_pair(&d, 64);
        greet_again(&d, wrong[i], 0);
        the_answerer_calls_it(&d, TACIT_ERR_CHEAT);
    }
}

static void parameters_that_no_size_has_are_refused_in_the_clear(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        duel d;
        start_pair(&d, 65);
        duel_tend(&d, 0);
        d.side[0].session->terms[i] ^= i == 4 ? 0x80 : 4; /* more askings than any */
        duel_run(&d);
        assert_int_equal(error_of(&d, 1), TACIT_ERR_FORMAT);
        assert_int_equal(d.side[1].sent_count, 0);
        duel_end(&d);
    }
}

static void a_veil_over_nothing_is_caught(void **state)
{
    (void)state;
    for (size_t at = 5; at < TCT_TERMS_BYTES; at += 32) {
        duel d;
        start_pair(&d, 66);
        greet_again(&d, tct_engine_params_for(1), at);
        the_answerer_calls_it(&d, TACIT_ERR_CHEAT);
    }
}

/* Seals any bytes as the asker's offer. */
static void offer_these(duel *d, const uint8_t *body, size_t bytes)
{
    tacit_session *s = d->side[0].session;
    size_t size = tct_frame_bytes(bytes, true);
    uint8_t *frame = malloc(size);
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, TCT_FLIGHT_OFFER, 0);
    tct_channel_seal(&s->channel, &head, NULL, s->own_confirm, body, bytes, frame);
    s->confirm_sent = true;
    s->offer_due = false;
    duel_post(d, 1, frame, size);
    free(frame);
}

static size_t honest_offer(const duel *d, uint8_t *body)
{
    const tacit_session *s = d->side[0].session;
    size_t bytes;
    const char *text = tct_sheet_canonical(s->sheet, &bytes);
    memcpy(body, s->nonce, 32);
    body[32] = 0;
    tct_store32(body + 33, (uint32_t)bytes);
    memcpy(body + 37, text, bytes);
    return 37 + bytes;
}

static void an_offer_that_lies_about_its_length_is_refused(void **state)
{
    (void)state;
    static const uint32_t lies[] = {0, 1, 65536, 65537, 131035, 0x7fffffff, 0xffffffff};
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    enum { LIES = sizeof lies / sizeof lies[0] };
    for (size_t i = 0; i < LIES + 3; i++) {
        duel d;
        start_with_offer_due(&d, 67);
        memset(body, 0, sizeof body);
        size_t bytes = honest_offer(&d, body);
        uint32_t near = tct_load32(body + 33) + (i == LIES       ? 1
                                                 : i == LIES + 1 ? 40
                                                                 : UINT32_MAX);
        tct_store32(body + 33, i < LIES ? lies[i] : near);
        offer_these(&d, body, bytes);
        the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
    }
}

static void an_offer_with_something_behind_its_text_is_refused(void **state)
{
    (void)state;
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    duel d;
    start_with_offer_due(&d, 68);
    memset(body, 0, sizeof body);
    size_t bytes = honest_offer(&d, body);
    body[tct_padded_bytes(bytes) - 1] = 1;
    offer_these(&d, body, tct_padded_bytes(bytes));
    the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
}

static void an_offer_on_a_higher_rung_than_it_needs_is_refused(void **state)
{
    (void)state;
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    duel d;
    start_with_offer_due(&d, 69);
    memset(body, 0, sizeof body);
    honest_offer(&d, body);
    offer_these(&d, body, sizeof body);
    the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
}

static void an_offer_of_a_third_role_is_refused(void **state)
{
    (void)state;
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    duel d;
    start_with_offer_due(&d, 70);
    size_t bytes = honest_offer(&d, body);
    body[32] = 2;
    offer_these(&d, body, bytes);
    the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
}

static void a_text_that_is_no_sheet_or_not_canonical_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "title Both\n", "not a sheet",
                                        "title Both\r\nask want: Would you like to?\r\n"};
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        duel d;
        start_with_offer_due(&d, 71);
        honest_offer(&d, body);
        tct_store32(body + 33, (uint32_t)strlen(texts[i]));
        memcpy(body + 37, texts[i], strlen(texts[i]));
        offer_these(&d, body, 37 + strlen(texts[i]));
        the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
    }
}

/* The same sheet with an empty line more: an honest asker sends what reading gives back. */
static void the_right_sheet_in_another_form_is_refused(void **state)
{
    (void)state;
    static uint8_t body[TCT_OFFER_PADDED_MAX];
    duel d;
    start_with_offer_due(&d, 73);
    memset(body, 0, sizeof body);
    size_t bytes = honest_offer(&d, body);
    body[bytes] = '\n';
    tct_store32(body + 33, (uint32_t)(bytes + 1 - 37));
    offer_these(&d, body, bytes + 1);
    the_answerer_calls_it(&d, TACIT_ERR_FORMAT);
}

/* An asker that knows the code and says something else in its associated data: T fits, since it covers
 * what was sent, but every field is computed again.  Only the nonce is the asker's own. */
static void associated_data_is_recomputed_and_not_believed(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1, 2, 34, 35, 67, 68, 69, 71, 72, 73, 106, 107, 138};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        duel d;
        start_pair(&d, 74);
        assert_true(duel_tend(&d, 0));
        d.side[0].session->f1[32 + places[i]] ^= 1;
        duel_run(&d);
        assert_int_equal(error_of(&d, 1), TACIT_ERR_FORMAT);
        assert_int_equal(d.side[1].sent_count, 0);
        duel_end(&d);
    }
}

/* The right sheet, but another circuit behind it: the circuit is in the chain of the run. */
static void an_asker_with_another_circuit_gets_nothing(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 72);
    duel_tend(&d, 0);
    tct_circuit *c = &d.side[0].session->circuit;
    tct_gate *gates = calloc(c->gate_count + 1, sizeof *gates);
    memcpy(gates, c->gates, c->gate_count * sizeof *gates);
    uint32_t out = tct_circuit_wires(c);
    gates[c->gate_count] = (tct_gate){TCT_GATE_INV, c->outputs[0], c->outputs[0]};
    uint32_t outputs[1] = {out};
    c->gates = gates;
    c->gate_count++;
    c->outputs = outputs;
    duel_run(&d);
    nobody_saw_anything(&d);
    assert_int_equal(tacit_session_stage(d.side[1].session), TACIT_STAGE_ENDED);
    duel_end(&d);
    free(gates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            another_code_is_noticed_by_the_answerer_and_counts_as_a_guess_on_both_sides),
        cmocka_unit_test(a_guesser_gets_one_guess_from_a_session),
        cmocka_unit_test(a_good_confirmation_closes_the_guess),
        cmocka_unit_test(a_wrong_confirmation_of_the_answerer_is_a_guess),
        cmocka_unit_test(another_sheet_than_expected_is_named_on_both_sides),
        cmocka_unit_test(the_expected_sheet_is_accepted),
        cmocka_unit_test(the_same_role_is_named_on_both_sides),
        cmocka_unit_test(two_of_one_kind_never_take_the_same_role),
        cmocka_unit_test(another_version_is_named),
        cmocka_unit_test(the_other_version_is_said_back),
        cmocka_unit_test(a_veil_over_another_sheet_is_caught),
        cmocka_unit_test(another_nonce_or_role_under_the_veil_is_caught),
        cmocka_unit_test(parameters_for_another_size_are_caught),
        cmocka_unit_test(parameters_that_no_size_has_are_refused_in_the_clear),
        cmocka_unit_test(a_veil_over_nothing_is_caught),
        cmocka_unit_test(an_offer_that_lies_about_its_length_is_refused),
        cmocka_unit_test(an_offer_with_something_behind_its_text_is_refused),
        cmocka_unit_test(an_offer_on_a_higher_rung_than_it_needs_is_refused),
        cmocka_unit_test(an_offer_of_a_third_role_is_refused),
        cmocka_unit_test(a_text_that_is_no_sheet_or_not_canonical_is_refused),
        cmocka_unit_test(the_right_sheet_in_another_form_is_refused),
        cmocka_unit_test(associated_data_is_recomputed_and_not_believed),
        cmocka_unit_test(an_asker_with_another_circuit_gets_nothing),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
