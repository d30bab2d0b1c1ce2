/* SPDX-License-Identifier: ISC
 *
 * page.c — what the page's worker calls: tacit.h in terms of numbers and one exchange buffer.
 *
 * Shapes   A seat is one person's side: 0 is the person at this device, 1 the second seat of a
 *          practice.  Strings and frames pass through the exchange buffer; functions that write
 *          there give back the number of bytes, or minus a tacit_status.
 * Secrets  Answers and codes are wiped from the exchange buffer by the worker's next call of
 *          page_clear; seeds come from the host's generator and never leave this module.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "page.h"

__attribute__((import_module("env"), import_name("random_bytes"))) void
tacit_host_random_bytes(void *out, size_t bytes);

enum { SEATS = 2, NOTES_MAX = 16 };

typedef struct {
    void *sheet_memory, *session_memory, *run_memory;
    tacit_sheet *sheet;
    tacit_session *session;
    size_t run_bytes;
    int person;
    tacit_answers answers;
} seat;

static seat seats[SEATS];
uint8_t exchange[EXCHANGE_BYTES];
static tacit_leak *leak; /* one at a time */
static void *leak_memory;

static const tacit_sheet *sheet_of(const seat *s)
{
    const tacit_sheet *agreed = s->session != NULL ? tacit_session_sheet(s->session) : NULL;
    return agreed != NULL ? agreed : s->sheet;
}

/* A person alone with a sheet that is not yet agreed on looks at it as the role they chose. */
static int person_of(const seat *s)
{
    if (s->session != NULL && tacit_session_sheet(s->session) != NULL)
        return tacit_session_person(s->session);
    return s->person;
}

/* Aligned as the core wants it (memory.c); NULL ends the sitting, which the page reports. */
static void *memory(size_t bytes)
{
    return malloc(bytes);
}

static char *exchange_text(size_t bytes)
{
    exchange[bytes < EXCHANGE_BYTES ? bytes : EXCHANGE_BYTES - 1] = 0;
    return (char *)exchange;
}

uint8_t *EXPORT(page_exchange)(void)
{
    return exchange;
}

size_t EXPORT(page_exchange_bytes)(void)
{
    return EXCHANGE_BYTES;
}

void EXPORT(page_clear)(void)
{
    memset(exchange, 0, sizeof exchange);
    __asm__ volatile("" : : "r"(exchange) : "memory");
}

int EXPORT(page_start)(void)
{
    return tacit_start() ? 0 : -TACIT_ERR_USAGE;
}

/* ------------------------------------------------------------------------------ sheets --- */

static int diagnostics_json(const tacit_diagnostics *found)
{
    json_writer w = json_begin((char *)exchange, EXCHANGE_BYTES);
    json_open(&w, '[');
    for (uint32_t i = 0; i < found->count; i++) {
        const tacit_diagnostic *d = &found->items[i];
        json_open(&w, '{');
        json_key(&w, "line"), json_number(&w, d->line);
        json_key(&w, "column"), json_number(&w, d->column);
        json_key(&w, "warning"), json_bool(&w, d->warning);
        json_key(&w, "message"), json_string(&w, d->message);
        json_key(&w, "hint"), json_string(&w, d->hint);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    return (int)json_end(&w);
}

/* Exchange: the sheet's text ‖ the pair's own items of its list, or nothing.  Gives back 0; else the
 * diagnostics wait in the exchange buffer and their length is added to 1,000. */
int EXPORT(page_sheet_read)(int index, size_t text_bytes, size_t item_bytes, int person)
{
    seat *s = &seats[index];
    static tacit_diagnostics found;
    if (s->sheet_memory == NULL)
        s->sheet_memory = memory(TACIT_SHEET_MEMORY);
    if (s->sheet_memory == NULL)
        return -TACIT_ERR_MEMORY;
    memset(&found, 0, sizeof found);
    s->person = person;
    const tacit_items items = {NULL, (const char *)exchange + text_bytes, item_bytes};
    tacit_status status = tacit_sheet_read(&s->sheet, s->sheet_memory, TACIT_SHEET_MEMORY,
                                           (const char *)exchange, text_bytes,
                                           item_bytes == 0 ? NULL : &items, &found);
    return status == TACIT_OK ? 0 : 1000 + diagnostics_json(&found);
}

/* To the exchange: the agreed sheet (or the one just read) as JSON, or its rule in plain words. */
int EXPORT(page_sheet_json)(int index)
{
    size_t bytes = EXCHANGE_BYTES;
    const tacit_sheet *sheet = sheet_of(&seats[index]);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    tacit_status status = tacit_sheet_json(sheet, (char *)exchange, &bytes);
    return status == TACIT_OK ? (int)strlen((char *)exchange) : -(int)status;
}

int EXPORT(page_sheet_plain_words)(int index)
{
    size_t bytes = EXCHANGE_BYTES;
    const tacit_sheet *sheet = sheet_of(&seats[index]);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    tacit_status status = tacit_sheet_plain_words(sheet, (char *)exchange, &bytes);
    return status == TACIT_OK ? (int)strlen((char *)exchange) : -(int)status;
}

int EXPORT(page_sheet_words)(int index)
{
    const tacit_sheet *sheet = sheet_of(&seats[index]);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    tacit_sheet_words(sheet, (char *)exchange);
    return (int)strlen((char *)exchange);
}

int EXPORT(page_person)(int index)
{
    return person_of(&seats[index]);
}

/* ----------------------------------------------------------------------------- answers --- */

/* Exchange: key NUL value NUL.  On ANSWER the reason waits in the exchange buffer. */
int EXPORT(page_answer)(int index, size_t bytes)
{
    seat *s = &seats[index];
    const char *key = exchange_text(bytes);
    const char *value = key + strlen(key) + 1;
    char error[160] = "";
    const tacit_sheet *sheet = sheet_of(s);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    tacit_status status =
        tacit_answers_set(sheet, person_of(s), &s->answers, key, value, error);
    memcpy(exchange, error, sizeof error);
    return -(int)status;
}

int EXPORT(page_answers_check)(int index)
{
    seat *s = &seats[index];
    char error[160] = "";
    const tacit_sheet *sheet = sheet_of(s);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    tacit_status status = tacit_answers_check(sheet, person_of(s), &s->answers, error);
    memcpy(exchange, error, sizeof error);
    return -(int)status;
}

/* To the exchange: the private notes for these answers, as a JSON list. */
int EXPORT(page_notes)(int index)
{
    seat *s = &seats[index];
    const char *notes[NOTES_MAX];
    const tacit_sheet *sheet = sheet_of(s);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    uint32_t count = tacit_notes(sheet, person_of(s), &s->answers, notes, NOTES_MAX);
    json_writer w = json_begin((char *)exchange, EXCHANGE_BYTES);
    json_open(&w, '[');
    for (uint32_t i = 0; i < count && i < NOTES_MAX; i++)
        json_string(&w, notes[i]);
    json_close(&w, ']');
    return (int)json_end(&w);
}

void EXPORT(page_answers_clear)(int index)
{
    memset(&seats[index].answers, 0, sizeof seats[index].answers);
    __asm__ volatile("" : : "r"(&seats[index].answers) : "memory");
}

/* ---------------------------------------------------------------- what answers tell --- */

/* The leak preview (and what reflecting alone tells) of the answers that a seat has given so far, all
 * of them: they must be complete (page_answers_check).  How to use it:
 *
 *     page_leak_start(seat, 1 | 2)          1: preview, 2: reflect; 0, or minus a status
 *     while ((done = page_leak_step(8)) < 1000) …      a slice of a few dozen milliseconds; done of 1000:
 *                                           show it when it lasts, and let other messages in between
 *     page_leak_json()                      → exchange: the JSON described at tacit_leak_json in tacit.h
 *     page_leak_end()                       wipes it: it tells of the answers
 *
 * Show of each possible outcome its headline and the first of "about_you"; the rest behind a control.
 * Say "bound" (a sentence) when "exact" is false.  One at a time: a new start ends the last one. */
int EXPORT(page_leak_start)(int index, unsigned wants)
{
    seat *s = &seats[index];
    const tacit_sheet *sheet = sheet_of(s);
    if (sheet == NULL)
        return -TACIT_ERR_USAGE;
    if (leak != NULL)
        tacit_leak_wipe(leak);
    leak = NULL;
    if (leak_memory == NULL)
        leak_memory = memory(TACIT_LEAK_MEMORY);
    if (leak_memory == NULL)
        return -TACIT_ERR_MEMORY;
    return -(int)tacit_leak_init(&leak, leak_memory, TACIT_LEAK_MEMORY, sheet, person_of(s),
                                 &s->answers, wants);
}

int EXPORT(page_leak_step)(unsigned slices)
{
    return leak != NULL ? (int)tacit_leak_step(leak, slices) : -TACIT_ERR_USAGE;
}

int EXPORT(page_leak_json)(void)
{
    size_t bytes = EXCHANGE_BYTES;
    if (leak == NULL)
        return -TACIT_ERR_USAGE;
    tacit_status status = tacit_leak_json(leak, (char *)exchange, &bytes);
    return status == TACIT_OK ? (int)strlen((char *)exchange) : -(int)status;
}

void EXPORT(page_leak_end)(void)
{
    if (leak != NULL)
        tacit_leak_wipe(leak);
    leak = NULL;
}

/* ------------------------------------------------------------------------------- codes --- */

/* To the exchange: a fresh code for this room number. */
int EXPORT(page_code_make)(uint32_t number)
{
    uint8_t seed[32];
    tacit_host_random_bytes(seed, sizeof seed);
    tacit_code_make((char *)exchange, number, seed);
    memset(seed, 0, sizeof seed);
    return (int)strlen((char *)exchange);
}

/* Exchange: what a person typed.  Gives back the room number and leaves the code as it should be
 * written; or -ANSWER with the reason in the exchange buffer. */
int EXPORT(page_code_read)(size_t bytes)
{
    char code[TACIT_CODE_MAX], error[160] = "";
    uint32_t number = 0;
    tacit_status status = tacit_code_read(exchange_text(bytes), code, &number, error);
    if (status != TACIT_OK) {
        memcpy(exchange, error, sizeof error);
        return -(int)status;
    }
    memcpy(exchange, code, sizeof code);
    return (int)number;
}

/* Exchange: the start of a word.  To the exchange: the index-th word that begins so. */
int EXPORT(page_code_complete)(size_t bytes, uint32_t index)
{
    char prefix[32];
    const char *typed = exchange_text(bytes);
    if (strlen(typed) >= sizeof prefix)
        return 0;
    strcpy(prefix, typed);
    const char *word = tacit_code_complete(prefix, index);
    if (word == NULL)
        return 0;
    memcpy(exchange, word, strlen(word) + 1);
    return (int)strlen(word);
}

/* ---------------------------------------------------------------------------- sessions --- */

/* Exchange: room (16 bytes) ‖ code NUL.  The asker's sheet was read before.  escrow: the relay keeps
 * deposits. */
int EXPORT(page_session_start)(int index, int asker, int person, int escrow)
{
    seat *s = &seats[index];
    tacit_session_options options;
    memset(&options, 0, sizeof options);
    options.asker = asker != 0;
    memcpy(options.room, exchange, TACIT_ROOM_BYTES);
    options.code = (const char *)exchange + TACIT_ROOM_BYTES;
    options.sheet = options.asker ? s->sheet : NULL;
    options.person = person;
    options.escrow = escrow != 0;
    tacit_host_random_bytes(options.seed, sizeof options.seed);
    if (s->sheet_memory == NULL && !options.asker)
        s->sheet_memory = memory(TACIT_SHEET_MEMORY);
    if (s->session_memory == NULL)
        s->session_memory = memory(tacit_session_bytes());
    if (s->session_memory == NULL || (!options.asker && s->sheet_memory == NULL))
        return -TACIT_ERR_MEMORY;
    options.sheet_memory = options.asker ? NULL : s->sheet_memory;
    options.sheet_memory_bytes = options.asker ? 0 : TACIT_SHEET_MEMORY;
    tacit_status status = tacit_session_init(&s->session, s->session_memory,
                                             tacit_session_bytes(), &options);
    memset(&options, 0, sizeof options);
    __asm__ volatile("" : : "r"(&options) : "memory");
    return -(int)status;
}

/* Memory is given here as soon as it is wanted, so that the page need not know about it.  A session
 * takes no frame before; and no other run of this sitting needs that of the run before. */
static void give_memory(seat *s)
{
    if (s->session == NULL || (tacit_session_want(s->session) & TACIT_WANT_MEMORY) == 0)
        return;
    size_t bytes = tacit_session_memory_wanted(s->session);
    if (s->run_bytes < bytes) {
        s->run_memory = memory(bytes);
        s->run_bytes = s->run_memory != NULL ? bytes : 0;
    }
    if (s->run_memory == NULL)
        tacit_session_leave(s->session);
    else
        (void)tacit_session_memory(s->session, s->run_memory, s->run_bytes);
}

unsigned EXPORT(page_want)(int index)
{
    seat *s = &seats[index];
    give_memory(s);
    return s->session != NULL ? tacit_session_want(s->session) : 0;
}

int EXPORT(page_stage)(int index)
{
    return seats[index].session != NULL ? (int)tacit_session_stage(seats[index].session) : -1;
}

int EXPORT(page_error)(int index)
{
    return seats[index].session != NULL ? (int)tacit_session_error(seats[index].session) : 0;
}

int EXPORT(page_guess_open)(int index)
{
    return seats[index].session != NULL && tacit_session_guess_open(seats[index].session);
}

int EXPORT(page_maybe_revealed)(int index)
{
    return seats[index].session != NULL && tacit_session_maybe_revealed(seats[index].session);
}

/* To the exchange: one frame for the relay. */
int EXPORT(page_send)(int index)
{
    size_t bytes = EXCHANGE_BYTES;
    tacit_status status = tacit_session_send(seats[index].session, exchange, &bytes);
    return status == TACIT_OK ? (int)bytes : -(int)status;
}

/* Exchange: one frame from the relay. */
int EXPORT(page_recv)(int index, size_t bytes)
{
    seat *s = &seats[index];
    if (s->session == NULL)
        return -TACIT_ERR_USAGE;
    give_memory(s);
    tacit_status status = tacit_session_recv(s->session, exchange, bytes);
    give_memory(s);
    return -(int)status;
}

/* Every five seconds from the meeting on: see tacit_session_beat. */
void EXPORT(page_beat)(int index)
{
    if (seats[index].session != NULL)
        tacit_session_beat(seats[index].session);
}

/* Do both learn the outcome at the same moment? */
int EXPORT(page_is_fair)(int index)
{
    return seats[index].session != NULL && tacit_session_is_fair(seats[index].session);
}

/* To the exchange: what is left with the relay. */
int EXPORT(page_deposit)(int index)
{
    size_t bytes = EXCHANGE_BYTES;
    tacit_status status = tacit_session_deposit(seats[index].session, exchange, &bytes);
    return status == TACIT_OK ? (int)bytes : -(int)status;
}

/* Exchange: what the other side left, when it was released. */
int EXPORT(page_verdict)(int index, int released, size_t bytes)
{
    return -(int)tacit_session_verdict(seats[index].session, released != 0, exchange, bytes);
}

int EXPORT(page_told_only_them)(int index)
{
    return seats[index].session != NULL && tacit_session_told_only_them(seats[index].session);
}

/* pause: hours that this person wants to sleep on it; 0: none. */
int EXPORT(page_seal)(int index, uint32_t pause)
{
    seat *s = &seats[index];
    tacit_session_ask_pause(s->session, pause);
    tacit_status status = tacit_session_seal(s->session, &s->answers);
    if (status == TACIT_OK)
        page_answers_clear(index);
    return -(int)status;
}

static void reveal_json(json_writer *w, const tacit_reveal *r)
{
    json_key(w, r->id);
    json_open(w, '{');
    if (r->is_set || r->is_item || r->is_split) {
        json_key(w, "items");
        json_open(w, '[');
        for (uint32_t i = 0; i < r->item_count; i++) {
            json_open(w, '{');
            json_key(w, "text"), json_string(w, r->items[i]->text);
            if (r->is_split)
                json_key(w, "to"), json_string(w, r->to_them[i] ? "them" : "you");
            if (r->is_split && r->percent_to_them[i] > 0 && r->percent_to_them[i] < 100)
                json_key(w, "percent"), json_number(w, r->percent_to_them[i]); /* to them */
            json_close(w, '}');
        }
        json_close(w, ']');
    } else {
        json_key(w, "number"), json_number(w, r->number);
        json_key(w, "unit"), json_string(w, r->unit);
    }
    json_close(w, '}');
}

/* The relay's clock comes in two halves. */
static uint64_t relay_ms(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

/* Asker, before the other comes: the time by which both see an outcome. */
void EXPORT(page_agree_by)(int index, uint32_t high, uint32_t low)
{
    if (seats[index].session != NULL)
        tacit_session_agree_by(seats[index].session, relay_ms(high, low));
}

/* Milliseconds from this time to the agreed one; -1: none was agreed. */
int EXPORT(page_left_ms)(int index, uint32_t high, uint32_t low)
{
    const tacit_session *s = seats[index].session;
    if (s == NULL || tacit_session_otherwise(s) == NULL || tacit_session_until(s) == 0)
        return -1;
    uint64_t until = tacit_session_until(s), now = relay_ms(high, low);
    uint64_t left = until > now ? until - now : 0;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}

int outcome_json(const tacit_outcome *o)
{
    if (o == NULL)
        return 0;
    json_writer w = json_begin((char *)exchange, EXCHANGE_BYTES);
    json_open(&w, '{');
    json_key(&w, "id"), json_string(&w, o->outcome->id);
    json_key(&w, "headline"), json_string(&w, o->outcome->headline);
    json_key(&w, "say"), json_string(&w, o->outcome->say);
    json_key(&w, "otherwise"), json_bool(&w, o->outcome->otherwise);
    json_key(&w, "reveals");
    json_open(&w, '{');
    for (uint32_t i = 0; i < o->reveal_count; i++)
        reveal_json(&w, &o->reveals[i]);
    json_close(&w, '}');
    json_close(&w, '}');
    return (int)json_end(&w);
}

/* To the exchange: the outcome as JSON; 0 while there is none. */
int EXPORT(page_outcome)(int index)
{
    return outcome_json(tacit_session_outcome(seats[index].session));
}

/* The same of what is shown when the other leaves or falls silent; 0 before the two have agreed. */
int EXPORT(page_otherwise)(int index)
{
    const tacit_session *s = seats[index].session;
    return outcome_json(s == NULL ? NULL : tacit_session_otherwise(s));
}

/* Ends the session in favour of another day.  To the exchange: the time agreed on (u64), the hours of the
 * pause (u8), and what is to be kept (tacit_session_put_aside), secret. */
int EXPORT(page_put_aside)(int index)
{
    tacit_session *s = seats[index].session;
    size_t bytes = TACIT_ASIDE_MAX;
    uint64_t until = tacit_session_until(s);
    memcpy(exchange, &until, sizeof until);
    exchange[sizeof until] = (uint8_t)tacit_session_pause(s);
    tacit_status status = tacit_session_put_aside(s, exchange + sizeof until + 1, &bytes);
    return status == TACIT_OK ? (int)(sizeof until + 1 + bytes) : -(int)status;
}

/* Ends the session of a seat; a last frame may be waiting (page_want says so). */
void EXPORT(page_leave)(int index)
{
    if (seats[index].session != NULL)
        tacit_session_leave(seats[index].session);
}

void EXPORT(page_wipe)(int index)
{
    seat *s = &seats[index];
    if (s->session != NULL)
        tacit_session_wipe(s->session);
    s->session = NULL;
    page_answers_clear(index);
}
