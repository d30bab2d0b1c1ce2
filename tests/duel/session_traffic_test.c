/* SPDX-License-Identifier: ISC
 *
 * What a sheet is said to send is what two sessions send: to the byte without a relay that keeps
 * deposits, and nearly with one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_state.h"
#include "support/duel.h"

static char text[TACIT_SHEET_TEXT_MAX];
static void *memory;

static void read_sheet(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, TACIT_SOURCE_DIR "/sheets/%s.tacit", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    assert_int_equal(fclose(file), 0);
}

static uint64_t told(void)
{
    tacit_sheet *sheet;
    tacit_diagnostics diagnostics;
    assert_int_equal(tacit_sheet_read(&sheet, memory, TACIT_SHEET_MEMORY, text, strlen(text),
                                      NULL, &diagnostics),
                     TACIT_OK);
    return tacit_sheet_traffic(sheet);
}

/* All frames of both, without the beats. */
static uint64_t sent(const tacit_answers answers[2])
{
    duel d;
    uint64_t sum = 0;
    duel_start(&d, 3, &(duel_options){text, NULL, 0, &answers[0]},
               &(duel_options){NULL, NULL, -1, &answers[1]});
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        assert_non_null(duel_outcome(&d, i));
        for (unsigned j = 0; j < d.side[i].sent_count; j++)
            if (tct_frame_head_read(d.side[i].sent[j].bytes).flight != TCT_FLIGHT_PULSE)
                sum += d.side[i].sent[j].count;
    }
    duel_end(&d);
    return sum;
}

static void a_sheet_says_how_much_it_sends(void **state)
{
    (void)state;
    static tacit_answers answers[2];
    static const char *const sheets[] = {"last-night", "which-one", "share-out"};
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        read_sheet(sheets[i]);
        memset(answers, 0, sizeof answers);
        for (int p = 0; p < 2; p++)
            duel_answer(text, p, (const char *[]){"not-now", "yes", NULL}, &answers[p]);
        uint64_t said = told();
        duel_keeps_deposits[0] = duel_keeps_deposits[1] = false;
        assert_int_equal(sent(answers), said);
        duel_keeps_deposits[0] = duel_keeps_deposits[1] = true;
        uint64_t fair = sent(answers);
        if (fair > said + said / 10 || said > fair + fair / 10)
            fail_msg("%s: %llu said, %llu sent", sheets[i], (unsigned long long)said,
                     (unsigned long long)fair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_sheet_says_how_much_it_sends)};
    assert_true(tacit_start());
    memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    if (memory == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(memory);
    return failed;
}
