/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a frame, at every place of a session: never a crash, never a wrong outcome.
 *
 * One session is played with fixed seeds and its state kept before every delivery.  An input is
 * place ‖ way ‖ bytes.  Way 0: the bytes are the frame.  Else they are the body of a frame sealed as a
 * peer would that knows the keys and follows nothing else: 1 with the flight that is due and its
 * length, 2 with the flight that is due and any length, 3 … with that flight number.
 */
#include <stdlib.h>
#include <string.h>

#include "session/session_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PLACES_MAX = 40 };

typedef struct {
    tacit_session *session;
    uint8_t *memory, *room;
    size_t room_bytes;
} side;

typedef struct {
    int to;
    uint8_t *memory, *room; /* of the receiver, as they were */
} place;

static side sides[2];
static place places[PLACES_MAX];
static unsigned place_count;
static void *scratch; /* for sheets of hostile offers */
static uint8_t frame[TACIT_FRAME_MAX];
static uint8_t deposits[2][TACIT_DEPOSIT_MAX];
static size_t deposit_bytes;

static const char text[] = "title Both\n"
                           "ask want: Would you like to?\n"
                           "  no: No\n"
                           "  yes: Yes\n"
                           "outcome yes: You both would.\n"
                           "  when both (want is yes)\n"
                           "outcome no: Not this time.\n"
                           "  otherwise\n";

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    require(memory != NULL);
    return memory;
}

static void keep_place(int to)
{
    require(place_count < PLACES_MAX);
    place *p = &places[place_count++];
    p->to = to;
    p->memory = take(tacit_session_bytes());
    memcpy(p->memory, sides[to].memory, tacit_session_bytes());
    if (sides[to].room != NULL) {
        p->room = take(sides[to].room_bytes);
        memcpy(p->room, sides[to].room, sides[to].room_bytes);
    }
}

static void tend(side *s, const tacit_answers *answers)
{
    if ((tacit_session_want(s->session) & TACIT_WANT_MEMORY) != 0) {
        s->room_bytes = tacit_session_memory_wanted(s->session);
        s->room = take(s->room_bytes);
        require(tacit_session_memory(s->session, s->room, s->room_bytes) == TACIT_OK);
    }
    if ((tacit_session_want(s->session) & TACIT_WANT_ANSWERS) != 0)
        require(tacit_session_seal(s->session, answers) == TACIT_OK);
}

static void begin(const tacit_sheet *sheet)
{
    for (int i = 0; i < 2; i++) {
        tacit_session_options o = {.asker = i == 0,
                                   .code = "7-lantern-harbor",
                                   .sheet = i == 0 ? sheet : NULL,
                                   .person = -1,
                                   .escrow = true,
                                   .sheet_memory = i == 0 ? NULL : take(TACIT_SHEET_MEMORY),
                                   .sheet_memory_bytes = TACIT_SHEET_MEMORY};
        o.seed[0] = (uint8_t)(i + 1);
        sides[i].memory = take(tacit_session_bytes());
        require(tacit_session_init(&sides[i].session, sides[i].memory, tacit_session_bytes(),
                                   &o) == TACIT_OK);
    }
}

/* Plays the session to its end, one frame at a time, keeping every place. */
static void play(void)
{
    static tacit_answers yes;
    static tacit_diagnostics diagnostics;
    char error[160];
    tacit_sheet *sheet;
    require(tacit_start());
    require(tacit_sheet_read(&sheet, take(TACIT_SHEET_MEMORY), TACIT_SHEET_MEMORY, text,
                             sizeof text - 1, NULL, &diagnostics) == TACIT_OK);
    require(tacit_answers_set(sheet, 0, &yes, "want", "yes", error) == TACIT_OK);
    begin(sheet);
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            tend(&sides[i], &yes);
            while ((tacit_session_want(sides[i].session) & TACIT_WANT_SEND) != 0) {
                size_t bytes = sizeof frame;
                require(tacit_session_send(sides[i].session, frame, &bytes) == TACIT_OK);
                keep_place(1 - i);
                require(tacit_session_recv(sides[1 - i].session, frame, bytes) == TACIT_OK);
                tend(&sides[1 - i], &yes);
                moved = true;
            }
        }
    }
    for (int i = 0; i < 2; i++) {
        size_t bytes = sizeof frame;
        require(tacit_session_deposit(sides[i].session, deposits[i], &bytes) == TACIT_OK);
        deposit_bytes = bytes;
    }
    for (int i = 0; i < 2; i++) {
        require(tacit_session_verdict(sides[i].session, true, deposits[1 - i],
                                      deposit_bytes / 3) == TACIT_OK);
        require(tacit_session_outcome(sides[i].session) != NULL);
    }
    scratch = take(TACIT_SHEET_MEMORY);
}

/* What an authentic peer would send with this body. */
static size_t seal(const tacit_session *s, uint8_t way, const uint8_t *body, size_t bytes)
{
    static uint8_t padded[TCT_CHUNK_BYTES];
    tct_channel peer = s->channel;
    peer.role = 1 - s->role;
    peer.sent = s->channel.taken;
    int due = s->step == TCT_STEP_OFFER ? TCT_FLIGHT_OFFER
              : s->run == NULL          ? TCT_FLIGHT_BYE
                                        : tct_run_flight_in(s->run);
    uint8_t flight = way <= 2 ? (uint8_t)due : way;
    bytes = bytes > sizeof padded ? sizeof padded : bytes;
    memset(padded, 0, sizeof padded);
    memcpy(padded, body, bytes);
    if (way == 1 && s->run != NULL && due != 0)
        bytes = tct_run_body_bytes(s->run, due, peer.role);
    bool answers_flow = flight >= TCT_F7 && flight <= TCT_F8C;
    tct_frame_head head = tct_channel_next_head(
        &peer, answers_flow ? TCT_KIND_RUN : TCT_KIND_LIVE, 0, flight, s->in.chunk);
    tct_channel_seal(&peer, &head, answers_flow ? s->qid : NULL,
                     s->confirm_taken ? NULL : s->peer_confirm, padded, bytes, frame);
    return tct_frame_bytes(bytes, !s->confirm_taken);
}

static void look(tacit_session *s, tacit_status status)
{
    const tacit_outcome *outcome = tacit_session_outcome(s);
    require(tacit_session_error(s) == status);
    require((status == TACIT_OK) || (outcome == NULL && tacit_session_stage(s) == 5));
    if (outcome != NULL)
        require(strcmp(outcome->outcome->id, "yes") == 0);
    for (int sent = 0; (tacit_session_want(s) & TACIT_WANT_SEND) != 0; sent++) {
        size_t bytes = sizeof frame;
        require(sent < 10 && tacit_session_send(s, frame, &bytes) == TACIT_OK);
        require(bytes <= sizeof frame);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (place_count == 0)
        play();
    if (size < 2 || size > TACIT_FRAME_MAX / 2)
        return 0;
    const place *p = &places[data[0] % place_count];
    side *receiver = &sides[p->to];
    memcpy(receiver->memory, p->memory, tacit_session_bytes());
    if (p->room != NULL)
        memcpy(receiver->room, p->room, receiver->room_bytes);
    tacit_session *s = receiver->session;
    s->sheet_memory = s->step == TCT_STEP_OFFER ? scratch : s->sheet_memory;
    size_t bytes = size - 2;
    if (data[1] != 0 && s->step != TCT_STEP_HELLO)
        bytes = seal(s, data[1], data + 2, bytes);
    else
        memcpy(frame, data + 2, bytes);
    uint8_t *exact = malloc(bytes == 0 ? 1 : bytes);
    require(exact != NULL);
    memcpy(exact, frame, bytes);
    tacit_status status = tacit_session_recv(s, exact, bytes);
    free(exact);
    look(s, status);
    return 0;
}
