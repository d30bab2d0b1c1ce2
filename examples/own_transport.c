/* SPDX-License-Identifier: ISC
 *
 * own_transport.c — two people, one sheet, and a line of your own instead of a relay.
 *
 *     own_transport tonight.tacit evening=film evening=walk
 *
 * A session makes and takes frames; how they travel is the caller's affair.  Here it is a pipe each
 * way, with a length of four bytes before each frame; the room id, which a relay would hand over, goes
 * first.  The line may be read and changed by anybody: pairing by the code and the sealing of frames are
 * the session's.
 */
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <tacit/tacit.h>
#include <unistd.h>

static const char code[] = "7-lantern-harbor"; /* said aloud; tacit_code_make draws one */
static char text[TACIT_SHEET_TEXT_MAX + 1];
static uint8_t frame[TACIT_FRAME_MAX];
static tacit_answers answers; /* secret */

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "own_transport: %s\n", what);
        _Exit(1);
    }
}

static void *memory(size_t bytes)
{
    void *whole = aligned_alloc(64, (bytes + 63) / 64 * 64);
    must(whole != NULL, "out of memory");
    return whole;
}

/* ------------------------------------------------------------------- the line: yours --- */

static void put(int line, const void *bytes, size_t count)
{
    for (const uint8_t *at = bytes; count > 0;) {
        ssize_t done = write(line, at, count);
        must(done > 0, "the line is down");
        at += done;
        count -= (size_t)done;
    }
}

static void get(int line, void *bytes, size_t count)
{
    for (uint8_t *at = bytes; count > 0;) {
        ssize_t done = read(line, at, count);
        must(done > 0, "the line is down");
        at += done;
        count -= (size_t)done;
    }
}

static void send_frame(int line, tacit_session *s)
{
    size_t bytes = sizeof frame;
    must(tacit_session_send(s, frame, &bytes) == TACIT_OK, "cannot send");
    uint8_t head[4] = {(uint8_t)bytes, (uint8_t)(bytes >> 8), (uint8_t)(bytes >> 16),
                       (uint8_t)(bytes >> 24)};
    put(line, head, sizeof head);
    put(line, frame, bytes);
}

static void take_frame(int line, tacit_session *s)
{
    uint8_t head[4];
    get(line, head, sizeof head);
    size_t bytes =
        head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    must(bytes <= sizeof frame, "a frame is too long"); /* never believe a length */
    get(line, frame, bytes);
    must(tacit_session_recv(s, frame, bytes) == TACIT_OK, "something did not add up");
}

/* Is there something to take?  Waits five seconds at most. */
static bool waits_for_us(int line)
{
    struct pollfd watched = {.fd = line, .events = POLLIN};
    return poll(&watched, 1, 5000) != 0;
}

/* ------------------------------------------------------------------------- one person --- */

static void take_answers(const tacit_sheet *sheet, int person, char *given)
{
    char error[160];
    for (char *pair = strtok(given, ","); pair != NULL; pair = strtok(NULL, ",")) {
        char *value = strchr(pair, '=');
        must(value != NULL, "write answers as question=answer");
        *value++ = '\0';
        must(tacit_answers_set(sheet, person, &answers, pair, value, error) == TACIT_OK, error);
    }
    must(tacit_answers_check(sheet, person, &answers, error) == TACIT_OK, error);
}

/* One loop serves every session: do what it wants until it wants nothing. */
static const tacit_outcome *run(int line, tacit_session *s, char *given)
{
    for (unsigned want; (want = tacit_session_want(s)) != 0;) {
        if (want & TACIT_WANT_SEND) {
            send_frame(line, s);
        } else if (want & TACIT_WANT_MEMORY) {
            size_t bytes = tacit_session_memory_wanted(s);
            must(tacit_session_memory(s, memory(bytes), bytes) == TACIT_OK, "no memory");
        } else if (want & TACIT_WANT_ANSWERS) {
            take_answers(tacit_session_sheet(s), tacit_session_person(s), given);
            must(tacit_session_seal(s, &answers) == TACIT_OK, "cannot seal");
            sodium_memzero(&answers, sizeof answers);
        } else if (waits_for_us(line)) {
            take_frame(line, s);
        } else { /* people take their time; each beat looks alike, whoever has sealed */
            tacit_session_beat(s);
        }
    }
    return tacit_session_outcome(s);
}

static int person(int line, bool asker, const char *path, char *given)
{
    static tacit_diagnostics diagnostics;
    tacit_session_options options = {.asker = asker, .code = code, .person = -1};
    tacit_sheet *sheet = NULL;
    tacit_session *session;
    if (asker) {
        FILE *file = fopen(path, "rb");
        must(file != NULL, "there is no such file");
        size_t bytes = fread(text, 1, sizeof text, file);
        (void)fclose(file);
        must(tacit_sheet_read(&sheet, memory(TACIT_SHEET_MEMORY), TACIT_SHEET_MEMORY, text,
                              bytes, NULL, &diagnostics) == TACIT_OK,
             diagnostics.items[0].message);
        randombytes_buf(options.room, sizeof options.room);
        put(line, options.room, sizeof options.room);
    } else {
        get(line, options.room, sizeof options.room);
        options.sheet_memory_bytes = TACIT_SHEET_MEMORY; /* the sheet comes over the line */
        options.sheet_memory = memory(TACIT_SHEET_MEMORY);
    }
    options.sheet = sheet;
    randombytes_buf(options.seed, sizeof options.seed);
    size_t bytes = tacit_session_bytes();
    must(tacit_session_init(&session, memory(bytes), bytes, &options) == TACIT_OK,
         "cannot begin");
    sodium_memzero(options.seed, sizeof options.seed);
    const tacit_outcome *outcome = run(line, session, given);
    must(outcome != NULL, "no outcome");
    printf("%s sees: %s\n", asker ? "the asker" : "the answerer", outcome->outcome->headline);
    tacit_session_wipe(session);
    return 0;
}

int main(int argc, char **argv)
{
    int ends[2], status;
    must(argc == 4 && sodium_init() >= 0 && tacit_start(),
         "say a sheet and two people's answers");
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "no line");
    pid_t second = fork();
    bool asker = second != 0;
    close(ends[asker]);
    int failed = person(ends[!asker], asker, argv[1], argv[asker ? 2 : 3]);
    if (asker && (waitpid(second, &status, 0) < 0 || status != 0))
        failed = 1;
    return failed;
}
