/* SPDX-License-Identifier: ISC
 *
 * stream_bench — a circuit of any size in bounded memory, two processes with a socket between them.
 *
 *     stream_bench [n …] [batch=N]      numbers of ANDs; otherwise 100000, 1000000; batch 65536
 *
 * The circuit is made gate by gate while it runs and stands nowhere: 64 words of 64 bits, each AND of two of
 * them followed by an XOR.  Prints one JSON object a line: for each n the bytes both ways, the messages, and
 * of the person who needs more the processor time and the peak of resident memory of the process, which has the
 * program itself and the message buffer in it.
 */
#define _DEFAULT_SOURCE
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tacit/tacit.h"

enum { SLOTS = 4096, HALF = SLOTS / 2, OUTPUTS = 64 };

typedef struct {
    uint32_t ands, at;
    bool mix; /* an XOR is due */
} source;

static bool next_gate(void *context, tacit_gate *gate)
{
    source *s = context;
    uint32_t i = s->at % HALF, turn = s->at / HALF;
    if (s->mix) {
        *gate = (tacit_gate){TACIT_GATE_XOR, i, i, HALF + (i + 17 * turn) % HALF};
        s->mix = false;
        s->at++;
        return true;
    }
    if (s->at == s->ands)
        return false;
    *gate =
        (tacit_gate){TACIT_GATE_AND, HALF + (i + 17 * turn) % HALF, i, (i + 1 + turn) % HALF};
    s->mix = true;
    return true;
}

static void require(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "stream_bench: %s\n", what);
        exit(1);
    }
}

static void move_all(int line, uint8_t *bytes, size_t count, bool out)
{
    while (count != 0) {
        ssize_t some = out ? write(line, bytes, count) : read(line, bytes, count);
        require(some > 0, "the line broke");
        bytes += some;
        count -= (size_t)some;
    }
}

typedef struct {
    uint64_t bytes, messages;
    double cpu_ms;
    long peak_kb;
    uint8_t result[OUTPUTS / 8];
} figures;

static figures run(int line, int person, uint32_t ands, uint32_t batch)
{
    static uint32_t outputs[OUTPUTS];
    static const uint8_t sid[32] = {1};
    uint8_t seed[32] = {(uint8_t)(person + 2)}, bits[HALF / 8];
    source from = {.ands = ands};
    tacit_program program = {.input_bits = {HALF, HALF},
                             .slots = SLOTS,
                             .output_count = OUTPUTS,
                             .outputs = outputs,
                             .batch = batch,
                             .next = next_gate,
                             .context = &from};
    figures f = {0};
    tacit_stream *s;
    size_t room = 0, bytes;
    uint8_t *message = NULL;
    memset(bits, 0x5a + person, sizeof bits);
    for (uint32_t i = 0; i < OUTPUTS; i++)
        outputs[i] = i;
    size_t need = tacit_stream_bytes(&program);
    void *memory = aligned_alloc(64, (need + 63) / 64 * 64);
    require(memory != NULL &&
                tacit_stream_init(&s, memory, need, &program, person, sid, seed) == TACIT_OK &&
                tacit_stream_input(s, bits, sizeof bits) == TACIT_OK,
            "cannot begin");
    for (unsigned want; (want = tacit_stream_want(s)) != 0;) {
        /* If both wrote first, neither would read. */
        bool out =
            (want & TACIT_WANT_SEND) != 0 && (person == 0 || (want & TACIT_WANT_RECV) == 0);
        bytes = out ? tacit_stream_send_bytes(s) : tacit_stream_recv_bytes(s);
        if (bytes > room) {
            free(message);
            room = bytes;
            message = malloc(room);
            require(message != NULL, "no memory");
        }
        if (out) {
            require(tacit_stream_send(s, message, &bytes) == TACIT_OK, "cannot send");
            f.bytes += bytes;
            f.messages++;
        }
        move_all(line, message, bytes, out);
        if (!out)
            require(tacit_stream_recv(s, message, bytes) == TACIT_OK, "did not add up");
    }
    memcpy(f.result, tacit_stream_result(s, &bytes), sizeof f.result);
    tacit_stream_wipe(s);
    free(message);
    free(memory);
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    f.cpu_ms = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
               (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
    f.peak_kb = u.ru_maxrss;
    return f;
}

static void print(const char *figure, uint32_t ands, uint32_t batch, double value,
                  const char *unit)
{
    printf(
        "{\"figure\": \"%s\", \"n\": %u, \"batch\": %u, \"value\": %.10g, \"unit\": \"%s\"}\n",
        figure, ands, batch, value, unit);
}

static void report(uint32_t ands, uint32_t batch)
{
    int line[2], result[2][2];
    figures f[2];
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, line) == 0, "no socket");
    for (int person = 0; person < 2; person++) {
        require(pipe(result[person]) == 0, "no pipe");
        if (fork() == 0) {
            close(line[1 - person]);
            figures own = run(line[person], person, ands, batch);
            move_all(result[person][1], (uint8_t *)&own, sizeof own, true);
            _exit(0);
        }
    }
    close(line[0]);
    close(line[1]);
    for (int person = 0; person < 2; person++) {
        close(result[person][1]);
        move_all(result[person][0], (uint8_t *)&f[person], sizeof f[person], false);
        close(result[person][0]);
        wait(NULL);
    }
    require(memcmp(f[0].result, f[1].result, sizeof f[0].result) == 0, "not the same outputs");
    double cpu_ms = f[0].cpu_ms > f[1].cpu_ms ? f[0].cpu_ms : f[1].cpu_ms;
    long peak_kb = f[0].peak_kb > f[1].peak_kb ? f[0].peak_kb : f[1].peak_kb;
    print("stream_bytes_per_and", ands, batch, (double)(f[0].bytes + f[1].bytes) / ands, "B");
    print("stream_cpu_us_per_and", ands, batch, cpu_ms * 1e3 / ands, "us");
    print("stream_peak_bytes", ands, batch, (double)peak_kb * 1024, "B");
    print("stream_messages", ands, batch, (double)(f[0].messages + f[1].messages), "messages");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    uint32_t batch = 65536;
    bool any = false;
    require(tacit_start(), "this machine cannot be trusted to compute");
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "batch=", 6) == 0)
            batch = (uint32_t)strtoul(argv[i] + 6, NULL, 10);
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "batch=", 6) != 0) {
            report((uint32_t)strtoul(argv[i], NULL, 10), batch);
            any = true;
        }
    if (!any) {
        report(100000, batch);
        report(1000000, batch);
    }
    return 0;
}
