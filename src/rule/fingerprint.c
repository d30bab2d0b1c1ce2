/* SPDX-License-Identifier: ISC
 *
 * The fingerprint in words: forty of its bits as four of the words that codes are made of.
 * Enough to notice a wrong file or an edited line; what binds the two devices to one sheet is the
 * whole fingerprint inside the pairing.
 */
#include <string.h>

#include "pair/code_words.h"
#include "rule/state.h"

_Static_assert(4 * (TCT_WORD_LETTERS_MAX + 1) <= 64, "four words and their spaces fit");

void tacit_sheet_words(const tacit_sheet *sheet, char out[64])
{
    uint64_t bits = tct_load64(sheet->view.fingerprint);
    tct_text t;
    tct_text_init(&t, out, 64);
    for (int i = 0; i < 4; i++, bits >>= TCT_WORD_BITS)
        tct_text_add(&t, "%s%s", i == 0 ? "" : " ", tct_words[bits & (TCT_WORD_COUNT - 1)]);
    tct_text_end(&t);
}
