/* SPDX-License-Identifier: ISC
 *
 * What a line hears: every message of the relay is looked at whole before anything of it counts.
 */
#include "net/line_inside.h"

#include <stdlib.h>
#include <string.h>

/* Is this as long as such a message must be?  length: with its type. */
static bool has_right_length(const uint8_t *message, size_t length)
{
    if (length == 0)
        return false;
    size_t body = length - 1;
    switch (message[0]) {
    case TCT_RELAY_OPENED:
        return body == 4 + 8 + 1;
    case TCT_RELAY_JOINED:
        return body == TCT_RELAY_ROOM_BYTES + 8 + 1;
    case TCT_RELAY_FRAME_IN:
        return length > TCT_RELAY_FRAME_HEAD;
    case TCT_RELAY_PEER_JOINED:
    case TCT_RELAY_PEER_LEFT:
        return body == 0;
    case TCT_RELAY_REFUSED:
        return body == 1;
    case TCT_RELAY_RESUMED:
        return body == 8 + 4 + 1;
    case TCT_RELAY_KEPT:
        return body == 4;
    case TCT_RELAY_VERDICT:
        if (body == 5)
            return message[5] == 0;
        return body > 5 && message[5] == 1 && (body - 5) % TCT_RELAY_TOKEN_BYTES == 0 &&
               body - 5 <= TCT_RELAY_TOKEN_BYTES * TCT_RELAY_DEPOSIT_BITS_MAX;
    case TCT_RELAY_NOTED:
        return body == 4 + 1 + 1 + TCT_RELAY_DIGEST_BYTES;
    case TCT_RELAY_LETTER_IN:
        return body > 4 + 1 && body <= 4 + 1 + TCT_RELAY_LETTER_MAX;
    case TCT_RELAY_LETTERS_END:
        return body == 8;
    default:
        return false;
    }
}

static tct_line_event stranger(tct_line *line)
{
    line->over = true;
    return (tct_line_event){.kind = TCT_LINE_STRANGER};
}

/* The relay has confirmed the newest room; those before it are over. */
static void settle_room(tct_line *line)
{
    memmove(line->rooms[0], line->rooms[line->room_count - 1], TCT_RELAY_ROOM_BYTES);
    line->room_count = 1;
    line->tried = 0;
}

/* The answer to a reopening: what comes from now on is of that room, if none came after it. */
static tct_line_event take_reopened(tct_line *line, const uint8_t *body)
{
    line->reopenings--;
    if (line->reopenings == 0)
        settle_room(line);
    return (tct_line_event){
        .kind = line->reopenings == 0 ? TCT_LINE_OPENED : TCT_LINE_NOTHING,
        .number = tct_load32(body),
        .now = tct_load64(body + 4),
        .features = body[12],
    };
}

/* The first word of the relay on a connection: what was asked for, or a refusal. */
static tct_line_event take_answer(tct_line *line, uint8_t type, const uint8_t *body)
{
    tct_line_event event = {.kind = TCT_LINE_BACK};
    if (!line->greeted || type != line->awaits)
        return stranger(line);
    line->answered = true;
    if (type == TCT_RELAY_OPENED) {
        event.kind = TCT_LINE_OPENED;
        line->number = event.number = tct_load32(body);
        event.now = tct_load64(body + 4);
        event.features = body[12];
    } else if (type == TCT_RELAY_JOINED) {
        if (line->begin == BEGIN_MEET &&
            memcmp(body, line->rooms[0], TCT_RELAY_ROOM_BYTES) != 0)
            return stranger(line); /* public: it names another room than was asked for */
        event.kind = TCT_LINE_JOINED;
        memcpy(line->rooms[0], body, TCT_RELAY_ROOM_BYTES);
        line->room_count = 1;
        memcpy(event.room, body, TCT_RELAY_ROOM_BYTES);
        event.now = tct_load64(body + 16);
        event.features = body[24];
    } else {
        uint32_t kept = tct_load32(body + 8);
        event.now = tct_load64(body);
        event.features = body[12];
        if (line->tried + 1 < line->room_count) { /* it does not know the newest room yet */
            line->reopen_due = true;
            line->reopenings = 1;
        } else if (line->begin == BEGIN_RESUME && !line->seated) {
            line->given = line->said = line->kept =
                kept; /* frames of the program that was before us */
            settle_room(line);
        } else if (kept < line->kept) { /* it has lost what it promised to keep */
            line->over = true;
            return (tct_line_event){.kind = TCT_LINE_REFUSED, .reason = TCT_RELAY_NO_ROOM};
        } else if (kept > line->said) {
            return stranger(line);
        } else {
            tct_line_drop_kept(line, kept);
            settle_room(line);
        }
        line->taken_told = line->taken;
    }
    line->seated = true;
    line->features = event.features;
    return event;
}

static tct_line_event take_frame(tct_line *line, const uint8_t *message, size_t length)
{
    uint32_t seq = tct_load32(message + 1);
    if (line->taken == UINT32_MAX || seq < line->taken)
        return (tct_line_event){.kind = TCT_LINE_NOTHING}; /* once is enough */
    if (seq != line->taken)
        return stranger(line);
    line->taken++;
    line->untold_bytes += length;
    return (tct_line_event){
        .kind = TCT_LINE_FRAME,
        .bytes = message + TCT_RELAY_FRAME_HEAD,
        .length = length - TCT_RELAY_FRAME_HEAD,
    };
}

/* The first verdict of a run is the one; each is acknowledged. */
static tct_line_event take_verdict(tct_line *line, const uint8_t *message, size_t length)
{
    tct_line_run *run = tct_line_find_run(line, tct_load32(message + 1));
    if (run == NULL)
        return stranger(line);
    run->see = true;
    if (run->answered)
        return (tct_line_event){.kind = TCT_LINE_NOTHING};
    run->answered = true;
    free(run->bytes);
    run->bytes = NULL;
    run->count = 0;
    return (tct_line_event){
        .kind = TCT_LINE_VERDICT,
        .run = run->run,
        .released = message[5] == 1,
        .bytes = message[5] == 1 ? message + 6 : NULL,
        .length = length - 6,
    };
}

/* What the relay says of letters: to be weighed by the owner. */
static tct_line_event take_letters(const uint8_t *message, size_t length)
{
    const uint8_t *body = message + 1;
    if (message[0] == TCT_RELAY_LETTERS_END)
        return (tct_line_event){.kind = TCT_LINE_LETTERS_END, .now = tct_load64(body)};
    bool noted = message[0] == TCT_RELAY_NOTED;
    size_t at = noted ? 6 : 5;
    return (tct_line_event){.kind = noted ? TCT_LINE_NOTED : TCT_LINE_LETTER,
                            .run = tct_load32(body),
                            .flight = body[4],
                            .came = noted && body[5] != 0,
                            .bytes = body + at,
                            .length = length - 1 - at};
}

static tct_line_event take_kept(tct_line *line, uint32_t count)
{
    bool resumed = line->begin == BEGIN_RESUME && line->given == line->said;
    if (count > line->said && !resumed)
        return stranger(line);
    if (count > line->said) /* frames of the program before us, written only now */
        line->given = line->said = count;
    tct_line_drop_kept(line, count);
    return (tct_line_event){.kind = TCT_LINE_NOTHING};
}

static tct_line_event once(bool *known, tct_line_event_kind kind)
{
    bool first = !*known;
    *known = true;
    return (tct_line_event){.kind = first ? kind : TCT_LINE_NOTHING};
}

tct_line_event tct_line_take(tct_line *line, const uint8_t *message, size_t length)
{
    if (line->over)
        return (tct_line_event){.kind = TCT_LINE_NOTHING};
    if (!line->up || !has_right_length(message, length))
        return stranger(line);
    uint8_t type = message[0];
    const uint8_t *body = message + 1;
    if (type == TCT_RELAY_REFUSED)
        return (tct_line_event){.kind = TCT_LINE_REFUSED, .reason = body[0]};
    if (!line->answered)
        return take_answer(line, type, body);
    if (type == TCT_RELAY_OPENED && line->reopenings > 0)
        return take_reopened(line, body);
    /* Each OPEN, JOIN and RESUME is answered once.  A second answer would begin the meeting anew, with
     * the same code and without a word to anyone: a relay could guess at the code again and again. */
    if (type == TCT_RELAY_OPENED || type == TCT_RELAY_JOINED || type == TCT_RELAY_RESUMED)
        return stranger(line);
    if (line->reopenings > 0)
        return (tct_line_event){.kind = TCT_LINE_NOTHING}; /* of the room before */
    switch (type) {
    case TCT_RELAY_FRAME_IN:
        return take_frame(line, message, length);
    case TCT_RELAY_KEPT:
        return take_kept(line, tct_load32(body));
    case TCT_RELAY_VERDICT:
        return take_verdict(line, message, length);
    case TCT_RELAY_NOTED:
    case TCT_RELAY_LETTER_IN:
    case TCT_RELAY_LETTERS_END:
        return take_letters(message, length);
    case TCT_RELAY_PEER_JOINED:
        return once(&line->peer_known, TCT_LINE_PEER_JOINED);
    default:
        return once(&line->peer_left, TCT_LINE_PEER_LEFT);
    }
}

bool tct_line_retries(tct_line *line, uint8_t reason)
{
    bool took_up = line->seated || line->begin == BEGIN_RESUME;
    if (reason == TCT_RELAY_CLOSING)
        return line->seated && (line->features & TCT_RELAY_KEEPS_ROOMS) != 0;
    if (!line->answered && took_up &&
        (reason == TCT_RELAY_BUSY || reason == TCT_RELAY_TOO_FAST))
        return true;
    /* While a room is being made anew, the relay knows either it or one before it. */
    if (!line->answered && took_up && reason == TCT_RELAY_NO_ROOM && line->tried > 0) {
        line->tried--;
        return true;
    }
    line->over = true;
    return false;
}
