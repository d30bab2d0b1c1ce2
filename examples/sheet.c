/* SPDX-License-Identifier: ISC
 *
 * sheet.c — a sheet from C: read it, tell its rule, take answers, and apply the rule in the clear.
 *
 *     sheet tonight.tacit evening=film evening=walk
 *
 * In the clear means: both people's answers are here, for practice and for tests.  For two people on
 * two devices see own_transport.c.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tacit/tacit.h>

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "sheet: %s\n", what);
        exit(1);
    }
}

static tacit_sheet *read_sheet(const char *path, void *memory)
{
    static char text[TACIT_SHEET_TEXT_MAX + 1];
    static tacit_diagnostics diagnostics;
    tacit_sheet *sheet;
    FILE *file = fopen(path, "rb");
    must(file != NULL, "there is no such file");
    size_t bytes = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    tacit_status status =
        tacit_sheet_read(&sheet, memory, TACIT_SHEET_MEMORY, text, bytes, NULL, &diagnostics);
    for (uint32_t i = 0; i < diagnostics.count; i++) {
        const tacit_diagnostic *d = &diagnostics.items[i];
        fprintf(stderr, "%s:%u:%u: %s %s\n", path, d->line, d->column, d->message, d->hint);
    }
    must(status == TACIT_OK, "the sheet has errors");
    return sheet;
}

/* "question=answer,question=answer" */
static void take(const tacit_sheet *sheet, int person, char *given, tacit_answers *answers)
{
    char error[160];
    memset(answers, 0, sizeof *answers);
    for (char *pair = strtok(given, ","); pair != NULL; pair = strtok(NULL, ",")) {
        char *value = strchr(pair, '=');
        must(value != NULL, "write answers as question=answer");
        *value++ = '\0';
        if (tacit_answers_set(sheet, person, answers, pair, value, error) != TACIT_OK)
            must(0, error);
    }
    if (tacit_answers_check(sheet, person, answers, error) != TACIT_OK)
        must(0, error);
}

int main(int argc, char **argv)
{
    static tacit_answers first, second;
    static char words[1 << 16];
    size_t bytes = sizeof words;
    must(argc == 4 && sodium_init() >= 0 && tacit_start(),
         "say a sheet and two people's answers");
    void *memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    must(memory != NULL, "out of memory");
    const tacit_sheet *sheet = read_sheet(argv[1], memory);

    must(tacit_sheet_plain_words(sheet, words, &bytes) == TACIT_OK, "no words");
    printf("%s\n%s\n\n", tacit_sheet_see(sheet)->title, words);

    take(sheet, 0, argv[2], &first);
    take(sheet, 1, argv[3], &second);
    for (int reader = 0; reader < 2; reader++) {
        uint8_t seed[32]; /* of lots and coins: the same for both readers */
        tacit_outcome outcome;
        memset(seed, 7, sizeof seed);
        must(tacit_sheet_evaluate(sheet, (const tacit_answers *const[2]){&first, &second}, seed,
                                  reader, &outcome) == TACIT_OK,
             "the rule cannot be applied");
        printf("person %d sees: %s\n", reader, outcome.outcome->headline);
    }
    sodium_memzero(&first, sizeof first);
    sodium_memzero(&second, sizeof second);
    free(memory);
    return 0;
}
