/* SPDX-License-Identifier: ISC
 *
 * Any text as a typed code: refused with a sentence that holds nothing a terminal could obey, or read
 * as a code that reads back as itself.
 */
#include <stdlib.h>
#include <string.h>

#include "tacit/tacit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_sentence(const char error[160])
{
    size_t length = strnlen(error, 160);
    require(length > 0 && length < 160);
    for (size_t i = 0; i < length; i++)
        require(error[i] >= ' ' && error[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char code[TACIT_CODE_MAX], again[TACIT_CODE_MAX], error[160];
    uint32_t number, same;
    char *typed = malloc(size + 1);
    require(typed != NULL);
    memcpy(typed, data, size);
    typed[size] = '\0';
    tacit_status status = tacit_code_read(typed, code, &number, error);
    require(status == TACIT_OK || status == TACIT_ERR_ANSWER);
    if (status == TACIT_OK) {
        require(tacit_code_read(code, again, &same, error) == TACIT_OK);
        require(strcmp(code, again) == 0 && number == same);
    } else {
        check_sentence(error);
    }
    for (uint32_t i = 0; i < 3; i++) {
        const char *word = tacit_code_complete(typed, i);
        require(word == NULL || strlen(word) >= strlen(typed));
    }
    free(typed);
    return 0;
}
