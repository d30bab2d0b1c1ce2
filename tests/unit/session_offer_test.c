/* SPDX-License-Identifier: ISC
 *
 * What the relay sees of the offer: its size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "session/session_state.h"

static const char *const shipped[] = {
    "common-ground", "in-range",  "last-night",   "meet-in-the-middle",
    "share-out",     "try-again", "two-founders", "which-one",
};

static size_t offer_bytes_of(const char *name)
{
    char path[512], *text = malloc(TACIT_SHEET_TEXT_MAX);
    static tacit_diagnostics found;
    tacit_session_options options = {.asker = true, .code = "1-lantern-harbor", .person = 0};
    void *sheet_memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    void *memory = aligned_alloc(64, (tacit_session_bytes() + 63) / 64 * 64);
    tacit_sheet *sheet;
    tacit_session *s;
    (void)snprintf(path, sizeof path, "%s/sheets/%s.tacit", TACIT_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t bytes = fread(text, 1, TACIT_SHEET_TEXT_MAX, file);
    (void)fclose(file);
    assert_int_equal(
        tacit_sheet_read(&sheet, sheet_memory, TACIT_SHEET_MEMORY, text, bytes, NULL, &found),
        TACIT_OK);
    options.sheet = sheet;
    assert_int_equal(tacit_session_init(&s, memory, tacit_session_bytes(), &options), TACIT_OK);
    size_t result = tct_session_offer_bytes(s);
    tacit_session_wipe(s);
    free(memory);
    free(sheet_memory);
    free(text);
    return result;
}

/* The size of an offer is the same for every sheet that ships, so it does not name one. */
static void offers_of_the_shipped_sheets_have_one_size(void **state)
{
    (void)state;
    size_t first = offer_bytes_of(shipped[0]);
    for (size_t i = 1; i < sizeof shipped / sizeof shipped[0]; i++)
        assert_int_equal(offer_bytes_of(shipped[i]), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_of_the_shipped_sheets_have_one_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
