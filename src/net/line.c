/* SPDX-License-Identifier: ISC
 *
 * What a line says.  Order on every connection: the greeting, alone until it is answered; then what is
 * small and concerns the room; deposits; frames, as far as the relay has confirmed those before; BYE.
 */
#include "net/line.h"

#include "net/line_inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    TAKEN_FRAMES = 16,        /* so many frames, or … */
    TAKEN_BYTES = 256 * 1024, /* … bytes later TAKEN is said without being asked */
};

tct_line *tct_line_new(const uint8_t ticket[TCT_RELAY_TICKET_BYTES])
{
    tct_line *line = calloc(1, sizeof *line);
    if (line != NULL)
        memcpy(line->ticket, ticket, sizeof line->ticket);
    return line;
}

/* ---------------------------------------------------------------------------------- a room --- */

static void free_frame(tct_line *line, tct_held *frame)
{
    line->held_bytes -= frame->length;
    if (line->current == SAYS_FRAME && line->frame == frame)
        line->frame_dropped = true; /* half of it may have left already */
    else
        free(frame);
}

void tct_line_drop_kept(tct_line *line, uint32_t kept)
{
    while (line->first != NULL && line->first->seq < kept) {
        tct_held *frame = line->first;
        line->first = frame->next;
        if (line->next == frame)
            line->next = frame->next;
        else
            line->in_flight -= frame->length;
        free_frame(line, frame);
    }
    if (line->first == NULL)
        line->last = NULL;
    if (kept > line->kept)
        line->kept = kept;
}

static void drop_words(tct_line *line)
{
    while (line->words != NULL) {
        tct_word *word = line->words;
        line->words = word->next;
        free(word);
    }
}

static void forget_room(tct_line *line)
{
    drop_words(line);
    tct_line_drop_kept(line, UINT32_MAX);
    for (uint32_t i = 0; i < line->run_count; i++) {
        free(line->runs[i].bytes);
        line->runs[i] = (tct_line_run){0};
    }
    line->run_count = 0;
    line->given = line->said = line->kept = line->taken = line->taken_told = 0;
    line->untold_bytes = line->in_flight = 0;
    line->peer_known = line->peer_left = line->pay = false;
    line->keep_until = 0;
}

/* Forgets the message under way: it has left, or never will. */
static void end_message(tct_line *line)
{
    if (line->current == SAYS_FRAME && line->frame_dropped)
        free(line->frame);
    free(line->deposit);
    free(line->word);
    line->word = NULL;
    line->deposit = NULL;
    line->deposit_bytes = 0;
    line->frame = NULL;
    line->frame_dropped = false;
    line->current = SAYS_NOTHING;
}

void tct_line_free(tct_line *line)
{
    if (line == NULL)
        return;
    end_message(line);
    forget_room(line);
    tct_wipe(line->ticket, sizeof line->ticket);
    free(line);
}

/* ---------------------------------------------------------------------- what is asked of it --- */

bool tct_line_open(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    if (line->begin != BEGIN_NONE || line->over)
        return false;
    line->begin = BEGIN_OPEN;
    memcpy(line->rooms[0], room, TCT_RELAY_ROOM_BYTES);
    line->room_count = 1;
    return true;
}

bool tct_line_join(tct_line *line, uint32_t number)
{
    if (line->begin != BEGIN_NONE || line->over)
        return false;
    line->begin = BEGIN_JOIN;
    line->number = number;
    return true;
}

bool tct_line_meet(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    if (line->begin != BEGIN_NONE || line->over)
        return false;
    line->begin = BEGIN_MEET;
    memcpy(line->rooms[0], room, TCT_RELAY_ROOM_BYTES);
    line->room_count = 1;
    return true;
}

bool tct_line_resume(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES],
                     const uint8_t ticket[TCT_RELAY_TICKET_BYTES], uint32_t taken)
{
    if (line->begin != BEGIN_NONE || line->over)
        return false;
    line->begin = BEGIN_RESUME;
    memcpy(line->rooms[0], room, TCT_RELAY_ROOM_BYTES);
    memcpy(line->ticket, ticket, TCT_RELAY_TICKET_BYTES);
    line->room_count = 1;
    line->taken = taken;
    return true;
}

bool tct_line_reopen(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    if (!line->seated || line->over || line->bye || line->begin == BEGIN_JOIN ||
        line->begin == BEGIN_MEET || line->room_count == TCT_LINE_ROOMS_MAX)
        return false;
    forget_room(line);
    memcpy(line->rooms[line->room_count++], room, TCT_RELAY_ROOM_BYTES);
    line->tried = line->room_count - 1;
    if (!line->reopen_due)
        line->reopenings++; /* one that was not said yet names the newest room anyway */
    line->reopen_due = true;
    return true;
}

bool tct_line_frame(tct_line *line, const uint8_t *frame, size_t bytes)
{
    bool has_count = line->begin != BEGIN_RESUME || line->seated; /* of frames before */
    if (line->begin == BEGIN_NONE || !has_count || line->over || line->bye || bytes == 0 ||
        bytes > TCT_RELAY_MESSAGE_MAX - TCT_RELAY_FRAME_HEAD ||
        bytes > TCT_LINE_QUEUE_MAX - line->held_bytes)
        return false;
    tct_held *held = malloc(sizeof *held + bytes);
    if (held == NULL)
        return false;
    *held = (tct_held){.seq = line->given++, .length = bytes};
    memcpy(held->bytes, frame, bytes);
    if (line->last != NULL)
        line->last->next = held;
    else
        line->first = held;
    line->last = held;
    if (line->next == NULL)
        line->next = held;
    line->held_bytes += bytes;
    return true;
}

tct_line_run *tct_line_find_run(tct_line *line, uint32_t run)
{
    for (uint32_t i = 0; i < line->run_count; i++) {
        if (line->runs[i].run == run)
            return &line->runs[i];
    }
    if (line->run_count == TCT_LINE_RUNS_MAX)
        return NULL;
    line->runs[line->run_count] = (tct_line_run){.run = run};
    return &line->runs[line->run_count++];
}

bool tct_line_deposit(tct_line *line, uint32_t run, uint64_t release_at, const uint8_t *bytes,
                      size_t count)
{
    if (line->begin == BEGIN_NONE || line->over || line->bye || count > TCT_RELAY_DEPOSIT_MAX)
        return false;
    tct_line_run *entry = tct_line_find_run(line, run);
    if (entry == NULL)
        return false;
    if (entry->answered || entry->bytes != NULL)
        return true; /* the first is the one */
    entry->bytes = malloc(count + 1);
    if (entry->bytes == NULL)
        return false;
    if (count > 0)
        memcpy(entry->bytes, bytes, count);
    entry->count = count;
    entry->release_at = release_at;
    return true;
}

/* Behind those that wait already. */
static bool give_word(tct_line *line, const uint8_t *head, size_t head_bytes,
                      const uint8_t *body, size_t body_bytes)
{
    tct_word **last = &line->words;
    if (!line->up || !line->answered || line->over || line->bye)
        return false;
    tct_word *word = malloc(sizeof *word + head_bytes + body_bytes);
    if (word == NULL)
        return false;
    *word = (tct_word){.length = head_bytes + body_bytes};
    memcpy(word->bytes, head, head_bytes);
    if (body_bytes != 0)
        memcpy(word->bytes + head_bytes, body, body_bytes);
    while (*last != NULL)
        last = &(*last)->next;
    *last = word;
    return true;
}

bool tct_line_letters(tct_line *line)
{
    const uint8_t type = TCT_RELAY_LETTERS;
    return give_word(line, &type, 1, NULL, 0);
}

bool tct_line_note(tct_line *line, uint32_t run, uint8_t flight,
                   const uint8_t digest[TCT_RELAY_DIGEST_BYTES])
{
    uint8_t head[6] = {TCT_RELAY_NOTE};
    tct_store32(head + 1, run);
    head[5] = flight;
    return give_word(line, head, sizeof head, digest, TCT_RELAY_DIGEST_BYTES);
}

bool tct_line_letter(tct_line *line, uint32_t run, uint8_t flight, const uint8_t *bytes,
                     size_t count)
{
    uint8_t head[6] = {TCT_RELAY_LETTER};
    tct_store32(head + 1, run);
    head[5] = flight;
    return count != 0 && count <= TCT_RELAY_LETTER_MAX &&
           give_word(line, head, sizeof head, bytes, count);
}

bool tct_line_keep(tct_line *line, uint64_t until)
{
    if (line->begin == BEGIN_NONE || line->over || line->bye)
        return false;
    line->keep_until = until;
    line->keep_said = false;
    return true;
}

bool tct_line_bye(tct_line *line)
{
    if (line->over || line->bye)
        return false;
    line->bye = true;
    return true;
}

/* -------------------------------------------------------------------------------- messages --- */

void tct_line_up(tct_line *line)
{
    end_message(line);
    drop_words(line);
    line->up = true;
    if (line->answered && line->room_count > 0)
        line->tried = line->room_count - 1;
    line->greeted = line->answered = line->keep_said = line->bye_said = false;
    /* Which room the relay knows is seen when it answers; another REOPEN may then be due. */
    line->reopen_due = false;
    line->reopenings = 0;
    line->next = line->first;
    line->in_flight = 0;
    line->taken_told = 0;
    line->untold_bytes = 0;
    line->pay = false;
    for (uint32_t i = 0; i < line->run_count; i++) {
        line->runs[i].said = false;
        line->runs[i].see = line->runs[i].answered; /* the relay may not have heard it */
    }
}

void tct_line_down(tct_line *line)
{
    end_message(line);
    drop_words(line);
    line->up = false;
}

static void put(tct_line *line, const void *bytes, size_t count)
{
    TCT_ASSERT(count <= sizeof line->head - line->head_bytes);
    memcpy(line->head + line->head_bytes, bytes, count);
    line->head_bytes += count;
}

static void put8(tct_line *line, uint8_t value)
{
    put(line, &value, 1);
}

static void put32(tct_line *line, uint32_t value)
{
    uint8_t bytes[4];
    tct_store32(bytes, value);
    put(line, bytes, sizeof bytes);
}

static void put64(tct_line *line, uint64_t value)
{
    uint8_t bytes[8];
    tct_store64(bytes, value);
    put(line, bytes, sizeof bytes);
}

/* The seat for the first time, or again. */
static void put_greeting(tct_line *line)
{
    bool resumes = line->seated || line->begin == BEGIN_RESUME;
    uint8_t type = resumes                     ? TCT_RELAY_RESUME
                   : line->begin == BEGIN_OPEN ? TCT_RELAY_OPEN
                   : line->begin == BEGIN_MEET ? TCT_RELAY_MEET
                                               : TCT_RELAY_JOIN;
    line->awaits = resumes                     ? TCT_RELAY_RESUMED
                   : line->begin == BEGIN_OPEN ? TCT_RELAY_OPENED
                                               : TCT_RELAY_JOINED;
    put8(line, type);
    put8(line, TCT_RELAY_VERSION);
    if (type == TCT_RELAY_JOIN)
        put32(line, line->number);
    else
        put(line, line->rooms[line->tried], TCT_RELAY_ROOM_BYTES);
    put(line, line->ticket, sizeof line->ticket);
    if (resumes) /* of another room than the newest, nothing is wanted */
        put32(line, line->tried + 1 == line->room_count ? line->taken : UINT32_MAX);
}

static bool may_say_frame(const tct_line *line)
{
    return line->next != NULL &&
           (line->in_flight == 0 || line->in_flight + line->next->length <= TCT_RELAY_CREDIT);
}

static tct_line_run *run_where(tct_line *line, bool see)
{
    for (uint32_t i = 0; i < line->run_count; i++) {
        tct_line_run *run = &line->runs[i];
        if (see ? run->see : run->bytes != NULL && !run->said && !run->answered)
            return run;
    }
    return NULL;
}

bool tct_line_owes(const tct_line *line)
{
    return line->answered && !line->pay && line->taken != UINT32_MAX &&
           line->taken != line->taken_told;
}

void tct_line_pay(tct_line *line)
{
    if (tct_line_owes(line))
        line->pay = true;
}

static bool pays(const tct_line *line)
{
    return line->pay ||
           (tct_line_owes(line) && (line->taken - line->taken_told >= TAKEN_FRAMES ||
                                    line->untold_bytes >= TAKEN_BYTES));
}

/* What is due next on this connection. */
static tct_line_says choose(tct_line *line)
{
    if (!line->up || line->over || line->begin == BEGIN_NONE)
        return line->up && !line->over && line->bye && !line->bye_said ? SAYS_BYE
                                                                       : SAYS_NOTHING;
    if (!line->greeted)
        return SAYS_GREETING;
    if (!line->answered || line->bye_said)
        return SAYS_NOTHING;
    if (line->reopen_due)
        return SAYS_REOPEN;
    if (line->keep_until != 0 && !line->keep_said)
        return SAYS_KEEP;
    if (run_where(line, true) != NULL)
        return SAYS_SEEN;
    if (pays(line))
        return SAYS_TAKEN;
    if (line->words != NULL)
        return SAYS_WORD;
    if (run_where(line, false) != NULL)
        return SAYS_DEPOSIT;
    if (may_say_frame(line))
        return SAYS_FRAME;
    return line->bye && line->next == NULL ? SAYS_BYE : SAYS_NOTHING;
}

/* The deposit is copied: it must stay whole while it leaves, whatever comes meanwhile. */
static bool put_deposit(tct_line *line)
{
    tct_line_run *run = run_where(line, false);
    line->deposit = malloc(run->count + 1);
    if (line->deposit == NULL)
        return false;
    memcpy(line->deposit, run->bytes, run->count);
    line->deposit_bytes = run->count;
    run->said = true;
    put8(line, TCT_RELAY_DEPOSIT);
    put32(line, run->run);
    put64(line, run->release_at);
    return true;
}

/* Begins the message that is due.  What it says is noted at once: it leaves, or the connection ends. */
static bool begin_message(tct_line *line)
{
    tct_line_run *run;
    tct_line_says says = choose(line);
    line->head_bytes = 0;
    switch (says) {
    case SAYS_NOTHING:
        return false;
    case SAYS_GREETING:
        put_greeting(line);
        line->greeted = true;
        break;
    case SAYS_REOPEN:
        put8(line, TCT_RELAY_REOPEN);
        put(line, line->rooms[line->room_count - 1], TCT_RELAY_ROOM_BYTES);
        put(line, line->ticket, sizeof line->ticket);
        line->reopen_due = false;
        break;
    case SAYS_KEEP:
        put8(line, TCT_RELAY_KEEP);
        put64(line, line->keep_until);
        line->keep_said = true;
        break;
    case SAYS_SEEN:
        run = run_where(line, true);
        put8(line, TCT_RELAY_SEEN);
        put32(line, run->run);
        run->see = false;
        break;
    case SAYS_TAKEN:
        put8(line, TCT_RELAY_TAKEN);
        put32(line, line->taken);
        line->taken_told = line->taken;
        line->untold_bytes = 0;
        line->pay = false;
        break;
    case SAYS_DEPOSIT:
        if (!put_deposit(line))
            return false;
        break;
    case SAYS_WORD:
        line->word = line->words;
        line->words = line->word->next;
        break;
    case SAYS_FRAME:
        line->frame = line->next;
        put8(line, TCT_RELAY_FRAME);
        put32(line, line->frame->seq);
        line->in_flight += line->frame->length;
        line->next = line->frame->next;
        break;
    case SAYS_BYE:
        put8(line, TCT_RELAY_BYE);
        line->bye_said = true;
        break;
    }
    line->current = says;
    return true;
}

bool tct_line_next(tct_line *line, tct_line_message *out)
{
    if (line->current == SAYS_NOTHING && !begin_message(line))
        return false;
    *out = (tct_line_message){.head = line->head, .head_bytes = line->head_bytes};
    if (line->current == SAYS_FRAME) {
        out->body = line->frame->bytes;
        out->body_bytes = line->frame->length;
    } else if (line->current == SAYS_WORD) {
        out->body = line->word->bytes;
        out->body_bytes = line->word->length;
    } else if (line->current == SAYS_DEPOSIT) {
        out->body = line->deposit;
        out->body_bytes = line->deposit_bytes;
    }
    return true;
}

void tct_line_sent(tct_line *line)
{
    if (line->current == SAYS_FRAME && !line->frame_dropped && line->frame->seq >= line->said)
        line->said = line->frame->seq + 1;
    end_message(line);
}

bool tct_line_begun(const tct_line *line)
{
    return line->begin != BEGIN_NONE && !line->over;
}

bool tct_line_is_seated(const tct_line *line)
{
    return line->seated && !line->over;
}

bool tct_line_expects(const tct_line *line)
{
    return line->up && !line->over &&
           ((line->greeted && !line->answered) || line->reopenings > 0);
}

bool tct_line_idle(const tct_line *line)
{
    if (line->over)
        return true;
    if (line->begin != BEGIN_NONE &&
        (!line->up || line->next != NULL || line->reopen_due || !line->answered ||
         (line->keep_until != 0 && !line->keep_said)))
        return false;
    for (uint32_t i = 0; i < line->run_count; i++) {
        if (line->runs[i].bytes != NULL && !line->runs[i].said)
            return false;
    }
    return line->current == SAYS_NOTHING && line->words == NULL &&
           (!line->bye || line->bye_said);
}

bool tct_line_bye_sent(const tct_line *line)
{
    return line->bye_said && line->current == SAYS_NOTHING;
}

uint8_t tct_line_features(const tct_line *line)
{
    return line->features;
}

const uint8_t *tct_line_ticket(const tct_line *line)
{
    return line->ticket;
}
