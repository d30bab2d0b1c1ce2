/* SPDX-License-Identifier: ISC
 *
 * growth.c — how time, bytes and memory grow with the number of AND gates; a JSON object a line.
 *
 *     growth [N]           circuits of up to N ANDs; otherwise 1,000,000
 *
 * Through tacit.h alone: two parties in this process hand each other messages, cold, base transfers
 * included.  The circuits are 64 words side by side, each step w ← w·y ⊕ x, made with the builder; and
 * AES-128 and SHA-256 as everybody knows them, which are narrow and deep.  Times are processor time of
 * this thread inside tacit_party_send and _recv; medians of a few rounds up to 100,000 ANDs, one round
 * above.  peak is what a party is given to work in and its largest message, over n; the circuit itself
 * is the caller's and counts beside it.
 */
#include "bench/kit.h"

#include <sodium.h>
#include <time.h>

#include "support/known_circuits.h"
#include "tacit/tacit.h"

enum { LANES = 64, INPUTS = 64, ROUNDS_MAX = 9 };

static uint64_t now_ns(void *context)
{
    struct timespec t;
    (void)context;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---------------------------------------------------------------------------- circuits --- */

typedef struct {
    const char *name;
    tacit_circuit *circuit;
    void *memory;
    size_t bytes;
} subject;

static subject build(uint32_t ands)
{
    static const uint32_t bits[2] = {INPUTS, INPUTS};
    static const uint8_t owner[2] = {0, 1};
    uint32_t lanes = ands < LANES ? ands : LANES, gates = 2 * ands + LANES;
    subject s = {.name = "words", .bytes = tacit_builder_bytes(2 * INPUTS, gates, LANES)};
    tacit_builder *b;
    tacit_wire w[LANES];
    s.memory = take(s.bytes);
    require(tacit_builder_init(&b, s.memory, s.bytes, bits, owner, 2, gates) == TACIT_OK,
            "no builder");
    for (uint32_t i = 0; i < lanes; i++)
        w[i] = tacit_input(b, 0, i);
    for (uint32_t i = 0; i < ands; i++) {
        uint32_t lane = i % lanes, round = i / lanes;
        tacit_wire y = tacit_input(b, 1, (lane + round) % INPUTS);
        tacit_wire x = tacit_input(b, 0, (lane + 1 + 3 * round) % INPUTS);
        w[lane] = tacit_xor(b, tacit_and(b, w[lane], y), x);
    }
    tacit_output(b, w, lanes);
    require(tacit_builder_finish(b, &s.circuit) == TACIT_OK, "no circuit");
    return s;
}

static subject read_known(const char *name, known_circuit known)
{
    size_t length;
    char error[200], *text = known_circuit_text(&known, &length);
    subject s = {.name = name, .bytes = tacit_circuit_bytes(length)};
    s.memory = take(s.bytes);
    require(tacit_circuit_read(&s.circuit, s.memory, s.bytes, text, length, NULL, error) ==
                TACIT_OK,
            error);
    free(text);
    known_circuit_free(&known);
    return s;
}

/* -------------------------------------------------------------------------------- runs --- */

typedef struct {
    double cpu_ms[2];
    uint64_t bytes;         /* of all messages */
    size_t largest;         /* message */
    unsigned flights, last; /* one-way trips; of them after the inputs */
} result;

/* Both send what they can, then both take it.  false: nothing moved. */
static bool fly(tacit_party *party[2], result *r)
{
    uint8_t *message[2] = {NULL, NULL};
    size_t bytes[2];
    for (int p = 0; p < 2; p++) {
        if ((tacit_party_want(party[p]) & TACIT_WANT_SEND) == 0)
            continue;
        bytes[p] = tacit_party_send_bytes(party[p]);
        message[p] = message_room(p, bytes[p]);
        require(tacit_party_send(party[p], message[p], &bytes[p]) == TACIT_OK, "send");
        r->largest = bytes[p] > r->largest ? bytes[p] : r->largest;
    }
    for (int p = 0; p < 2; p++) {
        if (message[p] == NULL)
            continue;
        require(tacit_party_recv(party[1 - p], message[p], bytes[p]) == TACIT_OK, "recv");
    }
    return message[0] != NULL || message[1] != NULL;
}

static uint64_t all_bytes(const tacit_party *p)
{
    uint64_t sum = 0;
    for (tacit_phase phase = TACIT_PHASE_SETUP; phase < TACIT_PHASES; phase++)
        sum += tacit_party_count(p, phase)->bytes_out;
    return sum;
}

static double all_ms(const tacit_party *p)
{
    uint64_t sum = 0;
    for (tacit_phase phase = TACIT_PHASE_SETUP; phase < TACIT_PHASES; phase++)
        sum += tacit_party_count(p, phase)->time;
    return (double)sum / 1e6;
}

static result run(const tacit_circuit *c)
{
    result r = {0};
    tacit_party *party[2];
    void *memory[2];
    const tacit_circuit_view *v = tacit_circuit_see(c);
    uint8_t sid[32], seed[32], zeros[64] = {0};
    size_t bytes = tacit_party_bytes(c), got;
    randombytes_buf(sid, sizeof sid);
    for (int p = 0; p < 2; p++) {
        memory[p] = take(bytes);
        memset(memory[p], 0, bytes); /* so that the machine's own page faults are not counted */
        randombytes_buf(seed, sizeof seed);
        require(tacit_party_init(&party[p], memory[p], bytes, c, p, sid, seed) == TACIT_OK,
                "init");
        tacit_party_clock(party[p], now_ns, NULL);
    }
    while (fly(party, &r))
        r.flights++;
    for (int p = 0; p < 2; p++)
        require(tacit_party_input(party[p], zeros, (v->input_bits[p] + 7) / 8) == TACIT_OK,
                "input");
    while (fly(party, &r))
        r.last++;
    r.flights += r.last;
    for (int p = 0; p < 2; p++) {
        require(tacit_party_result(party[p], &got) != NULL, "no result");
        r.bytes += all_bytes(party[p]);
        r.cpu_ms[p] = all_ms(party[p]);
        tacit_party_wipe(party[p]);
        free(memory[p]);
    }
    return r;
}

/* ------------------------------------------------------------------------------ telling --- */

static void tell(const char *figure, const subject *s, double value, const char *unit)
{
    printf("{\"figure\":\"%s\",\"n\":%u,\"circuit\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"}\n",
           figure, tacit_circuit_see(s->circuit)->and_count, s->name, value, unit);
}

static void report(subject s)
{
    double n = tacit_circuit_see(s.circuit)->and_count, ms[ROUNDS_MAX];
    int rounds = n <= 1000 ? ROUNDS_MAX : n <= 100000 ? 3 : 1;
    result r = {0};
    for (int i = 0; i < rounds; i++) {
        r = run(s.circuit);
        ms[i] = r.cpu_ms[0] > r.cpu_ms[1] ? r.cpu_ms[0] : r.cpu_ms[1];
    }
    double cold = median(ms, (size_t)rounds);
    double peak = (double)(tacit_party_bytes(s.circuit) + r.largest);
    tell("growth_cpu_ms_cold", &s, cold, "ms");
    tell("cpu_us_per_and", &s, cold * 1e3 / n, "us");
    tell("bytes_per_and", &s, (double)r.bytes / n, "B");
    tell("peak_bytes", &s, peak, "B");
    tell("peak_bytes_per_and", &s, peak / n, "B");
    tell("growth_messages_cold", &s, r.flights, "flights");
    tell("growth_messages_after_last_input", &s, r.last, "flights");
    (void)fflush(stdout);
    free(s.memory);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {1, 64, 1000, 5000, 50000, 100000, 1000000, 10000000};
    unsigned long most = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    require(sodium_init() >= 0 && tacit_start(), "this machine cannot be trusted to compute");
    require(most > 0, "say the largest number of ANDs");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i] <= most)
            report(build(sizes[i]));
    if (most >= 25000) {
        report(read_known("AES-128", known_aes128()));
        report(read_known("SHA-256", known_sha256()));
    }
    return 0;
}
