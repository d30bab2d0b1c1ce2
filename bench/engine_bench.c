/* SPDX-License-Identifier: ISC
 *
 * engine_bench — bytes and processor time of two-party runs, both engines in this process.
 *
 *     engine_bench [n …]      numbers of ANDs; otherwise 1, 64, 1000, 5000, 100000
 *                             after a number: b for few bytes, t for few trips (tacit_circuit_line)
 *
 * Prints one JSON object a line: for each n the bytes of every flight each way, and the processor
 * time of each person in milliseconds, cold (with F1), split by step; medians over a few rounds.
 * Steps  base_ot: F1 and the keys.  cot: trees, extension and its check (F2).  leaky: leaky ANDs and
 *        buckets (F3 to F5).  garble: F6 to the result.
 * Circuits are random, half of the gates XOR and INV, 64 inputs a person (8 for n < 64), 32 outputs.
 */
#define _DEFAULT_SOURCE /* madvise */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <sodium.h>

#include "garble/engine.h"
#include "garble/engine_state.h"
#include "support/random_circuit.h"

enum { STEP_BASE, STEP_COT, STEP_LEAKY, STEP_GARBLE, STEPS, ROUNDS_MAX = 15, FLIGHTS = 13 };

typedef struct {
    double ms[STEPS];
} person_time;

typedef struct {
    size_t bytes[2][FLIGHTS];
    person_time person[2]; /* [0] the garbler, [1] the evaluator */
} result;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void *take(size_t bytes)
{
    size_t page = bytes < (size_t)1 << 22 ? 64 : (size_t)1 << 21;
    void *memory = aligned_alloc(page, (bytes + page) / page * page);
    if (memory == NULL)
        exit(1);
#ifdef MADV_HUGEPAGE
    if (page > 64) /* as the program does */
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

static void require(bool fine)
{
    if (!fine) {
        fprintf(stderr, "engine_bench: a run between honest parties failed\n");
        exit(1);
    }
}

static int step_of(int flight)
{
    return flight == TCT_F2 ? STEP_COT : flight <= TCT_F5 ? STEP_LEAKY : STEP_GARBLE;
}

/* F1 to bind; the trees that bind plants are counted with the extension. */
static void meet(tct_engine *engine[2], tct_engine_params params, result *out)
{
    static uint8_t f1[2][TCT_F1_BYTES], message[TCT_PPRF_BYTES];
    static tct_block keys[128][2];
    unsigned depth = tct_params_depth(params);
    tct_pprf full = {depth, take(tct_pprf_leaves(depth) * sizeof(tct_block))};
    uint8_t sid[32] = {1}, th_s[32] = {2};
    for (int role = 0; role < 2; role++) {
        uint8_t seed[32] = {(uint8_t)(role + 3)};
        double start = now_ms();
        engine[role] =
            tct_engine_init(take(tct_engine_bytes(params)), role, sid, params, 3, seed);
        tct_engine_f1_send(engine[role], f1[role]);
        out->person[role].ms[STEP_BASE] = now_ms() - start;
    }
    for (int role = 0; role < 2; role++) {
        double start = now_ms();
        require(tct_engine_f1_recv(engine[role], f1[1 - role]) == TCT_OK);
        require(tct_engine_bind(engine[role], th_s) == TCT_OK);
        double bound = now_ms();
        tct_pprf_build(&full, message, (const tct_block(*)[2])keys, sid, role);
        double trees = now_ms() - bound;
        out->person[role].ms[STEP_BASE] += bound - start - trees;
        out->person[role].ms[STEP_COT] = trees;
    }
    free(full.leaf);
    out->bytes[0][1] = out->bytes[1][1] = TCT_F1_BYTES;
}

static void move(tct_run *run[2], int from, uint8_t *body, size_t room, result *out)
{
    int flight = tct_run_flight_out(run[from]);
    size_t bytes = room;
    double start = now_ms();
    require(tct_run_send(run[from], body, &bytes) == TCT_OK);
    double sent = now_ms();
    require(tct_run_recv(run[1 - from], body, bytes) == TCT_OK);
    out->person[from].ms[step_of(flight)] += sent - start;
    out->person[1 - from].ms[step_of(flight)] += now_ms() - sent;
    out->bytes[from][flight] = bytes;
}

/* One cold session with one run; X garbles. */
static result measure(const tct_circuit *c, tct_engine_params params)
{
    result out = {0};
    tct_engine *engine[2];
    tct_run *run[2];
    void *memory[2];
    uint8_t seed[32] = {9}, *inputs = calloc(1 << 16, 1);
    size_t need = tct_run_bytes(c, params), room = 0;
    meet(engine, params, &out);
    for (int role = 0; role < 2; role++) {
        memory[role] = take(need);
        require(tct_run_init(&run[role], memory[role], need, engine[role], c, 0, 0, seed) ==
                TCT_OK);
        for (int flight = TCT_F2; flight <= TCT_F8C; flight++) {
            size_t bytes = tct_run_body_bytes(run[0], flight, role);
            room = bytes > room ? bytes : room;
        }
    }
    uint8_t *body = take(room);
    memset(body, 0, room);
    for (bool moved = true; moved;) {
        moved = false;
        for (int role = 0; role < 2; role++) {
            if (tct_run_want(run[role]) & TCT_RUN_INPUT)
                require(tct_run_input(run[role], inputs) == TCT_OK);
            if (!(tct_run_want(run[role]) & TCT_RUN_SEND))
                continue;
            move(run, role, body, room, &out);
            moved = true;
        }
    }
    require(tct_run_done(run[0]) && tct_run_done(run[1]));
    for (int role = 0; role < 2; role++) {
        free(memory[role]);
        free(engine[role]);
    }
    free(body);
    free(inputs);
    return out;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(result *results, size_t rounds, int person, int step)
{
    double v[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++)
        v[i] = results[i].person[person].ms[step];
    qsort(v, rounds, sizeof *v, by_value);
    return v[rounds / 2];
}

static void print_bytes(const result *r, int person)
{
    static const char *const names[FLIGHTS] = {"",   "f1", "f2", "f3", "f4",  "f5", "f6",
                                               "f7", "f8", "f9", "",   "f8b", "f8c"};
    size_t sum = 0;
    printf("{");
    for (int f = 1; f < FLIGHTS; f++) {
        sum += r->bytes[person][f];
        if (r->bytes[person][f] != 0)
            printf("\"%s\": %zu, ", names[f], r->bytes[person][f]);
    }
    printf("\"sum\": %zu}", sum);
}

static void report(uint32_t n, const char *line)
{
    static const char *const steps[STEPS] = {"base_ot", "cot", "leaky", "garble"};
    static const char *const persons[] = {"garbler", "evaluator"};
    result results[ROUNDS_MAX];
    uint32_t inputs = n < 64 ? 8 : 64;
    size_t rounds = n >= 5000000 ? 1 : n >= 50000 ? 3 : n >= 1000 ? 7 : ROUNDS_MAX;
    tct_engine_params params = tct_engine_params_for(n);
    if (strchr(line, 'b') != NULL)
        params.mode |= TCT_MODE_LEAN;
    if (strchr(line, 't') != NULL)
        params.mode &= (uint8_t)~TCT_MODE_BATCH;
    tct_circuit *c = random_circuit(n, (random_shape){{inputs, inputs}, n, n, 32});
    for (size_t i = 0; i < rounds; i++)
        results[i] = measure(c, params);
    printf("{\"bench\": \"engine\", \"ands\": %u, \"line\": \"%s\", \"memory\": %zu", n, line,
           tct_run_bytes(c, params));
    for (int person = 0; person < 2; person++) {
        double sum = 0;
        printf(", \"%s\": {\"bytes\": ", persons[person]);
        print_bytes(&results[0], person);
        printf(", \"cpu_ms\": {");
        for (int step = 0; step < STEPS; step++) {
            double ms = median(results, rounds, person, step);
            sum += ms;
            printf("\"%s\": %.3f, ", steps[step], ms);
        }
        double run = sum - median(results, rounds, person, STEP_BASE);
        printf("\"sum\": %.3f}, \"ands_per_second\": %.0f}", sum, n / run * 1e3);
    }
    printf("}\n");
    fflush(stdout);
    random_circuit_free(c);
}

int main(int argc, char **argv)
{
    static const uint32_t usual[] = {1, 64, 1000, 5000, 100000};
    char *line;
    if (sodium_init() < 0) /* chooses the fastest code for this processor */
        return 1;
    if (argc > 1)
        for (int i = 1; i < argc; i++) {
            uint32_t n = (uint32_t)strtoul(argv[i], &line, 10);
            report(n, line);
        }
    else
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            report(usual[i], "");
    return 0;
}
