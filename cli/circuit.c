/* SPDX-License-Identifier: ISC
 *
 * `tacit circuit`: two parties in one program run a circuit from a file, each with its own inputs, so
 * that the engine can be tried against published circuits.
 */
#include "cli/circuit_values.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "tacit/tacit.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SID_BYTES = 32,
    SLOW_ANDS = 50000, /* from here on a single flight can take a second */
    PROGRESS_MS = 1000,
};

typedef struct {
    tacit_circuit *circuit;
    void *circuit_memory;
    tacit_party *party[2];
    void *party_memory[2];
    size_t bytes_sent[2]; /* by person */
    unsigned messages, flights;
    uint64_t started_ms;
    bool progress_shown;
} table;

/* ------------------------------------------------------------------------------- file --- */

enum { EMPTY_LINES_MAX = 1000000 };

/* What is being read: blanks beyond the first of a row are left out, so that a file of blanks takes no
 * memory.  Line ends stay, for the numbers of lines. */
typedef struct {
    char *text;
    size_t used;
    unsigned empty; /* lines in a row that hold nothing */
} squeezed;

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r';
}

/* Takes in the `fresh` bytes that stand behind s->used. */
static void squeeze(squeezed *s, size_t fresh)
{
    const char *in = s->text + s->used, *end = in + fresh;
    for (; in < end; in++) {
        char before = s->used == 0 ? '\n' : s->text[s->used - 1];
        if (is_blank(*in) && (before == ' ' || before == '\n'))
            continue;
        s->empty = *in != '\n' ? 0 : s->empty + (before == '\n');
        s->text[s->used++] = is_blank(*in) ? ' ' : *in;
    }
}

/* The whole file, however long; NULL after saying why not.  *bytes: its length. */
static char *read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    size_t room = 1 << 16;
    squeezed s = {.text = file == NULL ? NULL : malloc(room)};
    while (s.text != NULL && !feof(file) && !ferror(file) && s.empty <= EMPTY_LINES_MAX) {
        if (s.used == room) {
            char *larger = room > SIZE_MAX / 2 ? NULL : realloc(s.text, room *= 2);
            if (larger == NULL)
                free(s.text);
            s.text = larger;
            if (s.text == NULL)
                break;
        }
        squeeze(&s, fread(s.text + s.used, 1, room - s.used, file));
    }
    char *text = s.text;
    if (text == NULL || ferror(file) || s.empty > EMPTY_LINES_MAX) {
        tct_string safe = {0};
        const char *reason =
            s.empty > EMPTY_LINES_MAX ? "it goes on with empty lines" : strerror(errno);
        tct_prose_add_safe(&safe, path, strlen(path));
        fprintf(stderr, "tacit: %s cannot be read: %s.\n", safe.text, reason);
        tct_string_free(&safe);
        free(text);
        text = NULL;
    }
    if (file != NULL)
        (void)fclose(file);
    *bytes = s.used;
    return text;
}

/* Into t->circuit.  Returns 0, or the status to exit with. */
static int read_circuit(table *t, const char *path, const uint8_t *owner)
{
    size_t text_bytes;
    char error[200], *text = read_file(path, &text_bytes);
    if (text == NULL)
        return TCT_EXIT_USAGE;
    size_t bytes = tacit_circuit_bytes(text_bytes);
    t->circuit_memory = tct_allocate_raw(bytes);
    tacit_status err = tacit_circuit_read(&t->circuit, t->circuit_memory, bytes, text,
                                          text_bytes, owner, error);
    free(text);
    if (err == TACIT_OK)
        return 0;
    tct_string safe = {0};
    tct_prose_add_safe(&safe, path, strlen(path));
    fprintf(stderr, "tacit: %s: %s\n", safe.text, error);
    tct_string_free(&safe);
    return err == TACIT_ERR_MEMORY ? TCT_EXIT_MACHINE : TCT_EXIT_SHEET;
}

/* -------------------------------------------------------------------------------- run --- */

static int sit_down(table *t)
{
    uint8_t sid[SID_BYTES], seed[32];
    size_t bytes = tacit_party_bytes(t->circuit);
    randombytes_buf(sid, sizeof sid);
    for (int person = 0; person < 2; person++) {
        t->party_memory[person] = tct_allocate_raw(bytes);
        randombytes_buf(seed, sizeof seed);
        tacit_status err = tacit_party_init(&t->party[person], t->party_memory[person], bytes,
                                            t->circuit, person, sid, seed);
        sodium_memzero(seed, sizeof seed);
        if (err == TACIT_ERR_LIMIT) {
            fputs("tacit: this circuit is too large for this machine.\n", stderr);
            return TCT_EXIT_SHEET;
        }
        if (err != TACIT_OK)
            return TCT_EXIT_MACHINE;
    }
    return 0;
}

static void stand_up(table *t)
{
    for (int person = 0; person < 2; person++) {
        if (t->party[person] != NULL)
            tacit_party_wipe(t->party[person]);
        free(t->party_memory[person]);
    }
    free(t->circuit_memory);
}

/* Gives each person their values.  Returns 0, or the status to exit with. */
static int give_inputs(table *t, const tct_usage *usage, const tct_values *values)
{
    int status = 0;
    for (int person = 0; person < 2 && status == 0; person++) {
        tct_string error = {0};
        uint8_t *packed;
        size_t bytes;
        if (!tct_values_pack(values, tacit_circuit_see(t->circuit), person, &packed, &bytes,
                             &error)) {
            status = tct_options_mistake(usage, "%s", error.text);
        } else {
            if (tacit_party_input(t->party[person], packed, bytes) != TACIT_OK)
                status = TCT_EXIT_MACHINE;
            tct_release(packed, bytes + 1);
        }
        tct_string_free(&error);
    }
    return status;
}

static void show_progress(table *t)
{
    bool slow = tacit_circuit_see(t->circuit)->and_count >= SLOW_ANDS;
    bool goes_on =
        (tacit_party_want(t->party[0]) | tacit_party_want(t->party[1])) & TACIT_WANT_SEND;
    if (!tct_terminal_has_progress() || !goes_on ||
        (!slow && tct_now_ms() - t->started_ms < PROGRESS_MS))
        return;
    fprintf(stderr, "\rworking, flight %u", t->flights + 1);
    (void)fflush(stderr);
    t->progress_shown = true;
}

static void hide_progress(const table *t)
{
    if (t->progress_shown)
        fprintf(stderr, "\r%*s\r", 30, "");
}

/* One flight: what either wants to send now, made before anything arrives.  0: on; 1: over. */
static int fly(table *t, tacit_status *err)
{
    uint8_t *message[2] = {NULL, NULL};
    size_t bytes[2];
    unsigned moved = 0;
    for (int person = 0; person < 2 && *err == TACIT_OK; person++) {
        if ((tacit_party_want(t->party[person]) & TACIT_WANT_SEND) == 0)
            continue;
        bytes[person] = tacit_party_send_bytes(t->party[person]);
        message[person] = tct_allocate_raw(bytes[person]);
        *err = tacit_party_send(t->party[person], message[person], &bytes[person]);
        t->bytes_sent[person] += bytes[person];
        moved++;
    }
    for (int person = 0; person < 2; person++) {
        if (message[person] == NULL)
            continue;
        if (*err == TACIT_OK)
            *err = tacit_party_recv(t->party[1 - person], message[person], bytes[person]);
        free(message[person]);
    }
    t->messages += moved;
    t->flights += moved != 0;
    return moved == 0;
}

/* The result that both agree on, or NULL. */
static const uint8_t *run(table *t)
{
    tacit_status err = TACIT_OK;
    size_t bytes[2];
    t->started_ms = tct_now_ms();
    do {
        show_progress(t);
    } while (err == TACIT_OK && fly(t, &err) == 0);
    hide_progress(t);
    const uint8_t *first = tacit_party_result(t->party[0], &bytes[0]);
    const uint8_t *second = tacit_party_result(t->party[1], &bytes[1]);
    if (err != TACIT_OK || first == NULL || second == NULL ||
        (bytes[0] != 0 && memcmp(first, second, bytes[0]) != 0))
        return NULL;
    return first;
}

/* ------------------------------------------------------------------------------- tell --- */

static void tell_json(const table *t, const uint8_t *result)
{
    const tacit_circuit_view *view = tacit_circuit_see(t->circuit);
    tct_json json = {0};
    tct_json_begin(&json, NULL);
    tct_json_open(&json, "outputs", '[');
    for (uint32_t i = 0; i < view->output_count; i++) {
        tct_string hex = {0};
        tct_value_add_hex(&hex, result, view->output_bits[i]);
        tct_json_add_text(&json, hex.text == NULL ? "" : hex.text);
        tct_string_free(&hex);
        result += ((size_t)view->output_bits[i] + 7) / 8;
    }
    tct_json_close(&json, ']');
    tct_json_number(&json, "ands", view->and_count);
    tct_json_number(&json, "gates", view->gate_count);
    tct_json_number(&json, "bytes_from_first", (int64_t)t->bytes_sent[0]);
    tct_json_number(&json, "bytes_from_second", (int64_t)t->bytes_sent[1]);
    tct_json_number(&json, "messages", t->messages);
    tct_json_number(&json, "flights", t->flights);
    tct_json_number(&json, "ms", (int64_t)(tct_now_ms() - t->started_ms));
    tct_json_send(&json);
}

static void tell(const table *t, const uint8_t *result)
{
    const tacit_circuit_view *view = tacit_circuit_see(t->circuit);
    char ands[32], first[32], second[32], ms[32];
    for (uint32_t i = 0; i < view->output_count; i++) {
        tct_string line = {0};
        if (view->output_count == 1)
            tct_string_add(&line, "output    ");
        else
            tct_string_format(&line, "output %-2u ", (unsigned)i + 1);
        tct_value_add_hex(&line, result, view->output_bits[i]);
        puts(line.text);
        tct_string_free(&line);
        result += ((size_t)view->output_bits[i] + 7) / 8;
    }
    tct_prose_number(ands, view->and_count);
    tct_prose_number(first, (int64_t)t->bytes_sent[0]);
    tct_prose_number(second, (int64_t)t->bytes_sent[1]);
    tct_prose_number(ms, (int64_t)(tct_now_ms() - t->started_ms));
    printf("ANDs      %s\n", ands);
    printf("bytes     %s from the first, %s from the second\n", first, second);
    printf("flights   %u, with %u messages\n", t->flights, t->messages);
    printf("time      %s ms for both\n", ms);
}

/* --------------------------------------------------------------------------- command --- */

static int play(const tct_usage *usage, const char *path, const tct_values *values, bool json)
{
    table t = {0};
    int status = read_circuit(&t, path, values->owner);
    if (status == 0)
        status = sit_down(&t);
    if (status == 0)
        status = give_inputs(&t, usage, values);
    if (status == 0) {
        const uint8_t *result = run(&t);
        if (result == NULL) {
            fputs("tacit: something did not add up, so nothing was worked out.\n", stderr);
            status = TCT_EXIT_CHECK;
        } else if (json) {
            tell_json(&t, result);
        } else {
            tell(&t, result);
        }
    }
    stand_up(&t);
    return status;
}

int tct_command_circuit(int argc, char **argv)
{
    char *words[1], *first = NULL, *second = NULL;
    bool json = false;
    size_t count;
    tct_option_list inputs = {0};
    tct_string error = {0};
    tct_values values;
    const tct_option options[] = {
        {"first", "HEX", "the first input value, entered by the first person", NULL, &first,
         NULL},
        {"second", "HEX", "the second input value, entered by the second person", NULL, &second,
         NULL},
        {"input", "K=HEX@WHO", "input value K (from 1), entered by `first` or `second`", NULL,
         NULL, &inputs},
        {"json", NULL, "the result as a JSON object", &json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit circuit FILE [options]",
        .about = "Runs a circuit between two parties in this program, just as two devices "
                 "would. FILE is in the Bristol Fashion format. Values are hexadecimal "
                 "numbers, whose lowest bit is the value's first wire. Prints the output, "
                 "and what it took.",
        .examples = "tacit circuit adder64.txt --first 7 --second 8\n"
                    "tacit circuit three.txt --input 1=5@first --input 2=1f@second "
                    "--input 3=a0@first\n"
                    "tacit circuit adder64.txt --first 7 --second 8 --json",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_min = 1,
        .words_max = 1,
        .missing = "which file?",
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status == TCT_OPTIONS_GO_ON) {
        if (!tct_values_read(&values, first, second, &inputs, &error)) {
            status = tct_options_mistake(&usage, "%s", error.text);
        } else if (!tacit_start()) {
            fputs("tacit: this machine cannot be trusted to compute.\n", stderr);
            status = TCT_EXIT_MACHINE;
        } else {
            /* Nothing here needs a tidy end, and a long flight must not outlive a Ctrl-C. */
            (void)signal(SIGINT, SIG_DFL);
            (void)signal(SIGTERM, SIG_DFL);
            status = play(&usage, words[0], &values, json);
        }
    }
    tct_string_free(&error);
    tct_options_free(&inputs);
    return status;
}
