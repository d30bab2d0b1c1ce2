/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a sheet, and what stands behind a NUL as the items of its lists: never a crash; what is
 * refused has diagnostics at places that exist, in text without control characters; what is accepted
 * has a canonical text that is accepted and equal, words, JSON, and a second look.
 */
#include <stdlib.h>
#include <string.h>

#include "rule/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, size_t room)
{
    require(memchr(text, 0, room) != NULL);
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        require(c >= 0x20 && c != 0x7f);
    }
}

static void check_refusal(const tacit_diagnostics *d, size_t size)
{
    uint32_t errors = 0;
    require(d->count > 0 && d->count <= TACIT_DIAGNOSTICS_MAX);
    for (uint32_t i = 0; i < d->count; i++) {
        const tacit_diagnostic *item = &d->items[i];
        errors += !item->warning;
        require(item->line >= 1 && item->line <= size + 1);
        require(item->column >= 1 && item->column <= size + 1 && item->width >= 1);
        require(item->message[0] != 0);
        check_text(item->message, sizeof item->message);
        check_text(item->hint, sizeof item->hint);
    }
    require(errors > 0);
}

static void check_again(const tacit_sheet *sheet, void *memory)
{
    static tacit_diagnostics diagnostics;
    tacit_sheet *second;
    size_t bytes, second_bytes;
    const char *text = tct_sheet_canonical(sheet, &bytes);
    require(tacit_sheet_read(&second, memory, TACIT_SHEET_MEMORY, text, bytes, NULL,
                             &diagnostics) == TACIT_OK);
    const char *second_text = tct_sheet_canonical(second, &second_bytes);
    require(bytes == second_bytes && memcmp(text, second_text, bytes) == 0);
}

static void check_voices(const tacit_sheet *sheet)
{
    size_t bytes = 0;
    char words[64];
    require(tacit_sheet_plain_words(sheet, NULL, &bytes) == TACIT_ERR_SPACE);
    char *text = malloc(bytes);
    require(text != NULL && tacit_sheet_plain_words(sheet, text, &bytes) == TACIT_OK);
    free(text);
    bytes = 0;
    require(tacit_sheet_json(sheet, NULL, &bytes) == TACIT_ERR_SPACE);
    text = malloc(bytes);
    require(text != NULL && tacit_sheet_json(sheet, text, &bytes) == TACIT_OK);
    free(text);
    tacit_sheet_words(sheet, words);
    static tacit_diagnostics second_look;
    const tacit_leak_facts facts = {.exact = true, .uncovered = {~(uint64_t)0, 0}};
    tacit_sheet_lint(sheet, &facts, &second_look);
    for (uint32_t i = 0; i < second_look.count; i++) {
        require(second_look.items[i].warning && second_look.items[i].line >= 1);
        check_text(second_look.items[i].message, sizeof second_look.items[i].message);
        check_text(second_look.items[i].hint, sizeof second_look.items[i].hint);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *memory[2];
    static tacit_diagnostics diagnostics;
    tacit_sheet *sheet;
    for (int i = 0; i < 2; i++)
        if (memory[i] == NULL)
            memory[i] = aligned_alloc(64, TACIT_SHEET_MEMORY);
    require(memory[0] != NULL && memory[1] != NULL);
    const uint8_t *nul = size == 0 ? NULL : memchr(data, 0, size);
    size_t text = nul == NULL ? size : (size_t)(nul - data);
    tacit_items items = {0};
    if (nul != NULL) {
        items.text = (const char *)nul + 1;
        items.text_bytes = size - text - 1;
    }
    tacit_status status =
        tacit_sheet_read(&sheet, memory[0], TACIT_SHEET_MEMORY, (const char *)data, text,
                         nul == NULL ? NULL : &items, &diagnostics);
    require(status == TACIT_OK || status == TACIT_ERR_SHEET);
    if (status == TACIT_OK) {
        check_again(sheet, memory[1]);
        check_voices(sheet);
    } else {
        check_refusal(&diagnostics, size);
    }
    return 0;
}
