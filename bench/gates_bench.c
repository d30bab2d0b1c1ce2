/* SPDX-License-Identifier: ISC
 *
 * gates_bench.c — how many AND gates a second are garbled and evaluated, by every backend of AES.
 *
 * Prints one JSON object a line: {"kernel":…,"backend":…,"value":…,"unit":"M/s","times_portable":…}.
 * independent: ANDS gates of one level, in the first two caches; chain: each feeds the next; then real
 * circuits, narrow and deep, with all their XOR gates: AES-128 (6,400 ANDs), SHA-256 (22,573) and the sum
 * of two numbers of 64 bits (63).  All of the engine's work on a gate is in it (authenticated masks,
 * shares, rows, permute bits); no tags, as above 50,000 ANDs.  Each value is the median of RUNS runs of
 * processor time; in WebAssembly, where there is only the clock on the wall, the best of many short ones.
 */
#include "bench/kit.h"

#include <time.h>

#include "garble/gate_hash.h"
#include "garble/schedule.h"
#include "support/known_circuits.h"
#include "support/random_circuit.h"

enum { ANDS = 512 };
#ifdef __wasm__
enum { RUNS = 201, PICK = RUNS - 1, RUN_MS = 2, CALLS = 1 };
#else
enum { RUNS = 7, PICK = RUNS / 2, RUN_MS = 30, CALLS = 4 };
#endif

static tct_run run;
static tct_circuit circuit;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *filled(random_source *random, size_t bytes)
{
    uint8_t *memory = take(bytes + 64);
    random_bytes(random, memory, bytes);
    return memory;
}

/* A run between F5 and F6 for the circuit, with numbers drawn at random in the place of shares. */
static void set_up(tct_circuit c)
{
    static tct_engine engine;
    random_source random = random_from(1);
    const tct_engine_params params = {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK};
    circuit = c;
    memset(&run, 0, sizeof run);
    run.engine = &engine;
    run.circuit = &circuit;
    random_bytes(&random, (uint8_t *)&engine.delta, sizeof engine.delta);
    random_bytes(&random, run.salt, sizeof run.salt);
    require(tct_shape_init(&run.shape, &circuit, params, 3, 0, 0), "no shape");
    size_t ands = run.shape.ands, rows = 3 * (size_t)run.shape.triples + 2 * ands;
    size_t wires = run.shape.wires;
    run.choice = filled(&random, rows / 8 + 16);
    run.macs = filled(&random, 16 * rows);
    run.keys = filled(&random, 16 * rows);
    run.wires = filled(&random, sizeof(tct_share) * wires);
    run.labels = filled(&random, 16 * wires);
    run.mask_bits = filled(&random, wires);
    run.values = filled(&random, wires);
    for (size_t w = 0; w < wires; w++) {
        run.mask_bits[w] &= 1;
        run.values[w] &= 1;
    }
    run.body = filled(&random, 64 + 33 * ands);
    run.garbled = run.body + 64;
    run.order = filled(&random, (size_t)tct_schedule_bytes(&run.shape));
    run.and_number = run.order + circuit.gate_count;
    tct_schedule_make(&run);
}

static void tear_down(void)
{
    free(run.choice);
    free(run.macs);
    free(run.keys);
    free(run.wires);
    free(run.labels);
    free(run.mask_bits);
    free(run.values);
    free(run.body);
    free(run.order);
}

static void garble(void)
{
    size_t ands = run.shape.ands; /* the permute bits begin as zeros */
    memset(run.body + 64 + 32 * ands, 0, ands / 8 + 1);
    tct_garble_gates(&run);
}

static void evaluate(void)
{
    require(tct_evaluate_gates(&run) == 0, "a tag where there are none");
}

/* Millions of gates a second. */
static double measure(void (*work)(void))
{
    double value[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start = seconds(), now = start;
        unsigned calls = 0;
        for (; now - start < RUN_MS * 1e-3; now = seconds(), calls += CALLS)
            for (int j = 0; j < CALLS; j++)
                work();
        value[i] = calls * (double)circuit.and_count / (now - start) / 1e6;
    }
    median(value, RUNS); /* sorts them */
    return value[PICK];
}

static void report(const char *what, const char *name, void (*work)(void))
{
    double value[8] = {0}, portable = 0;
    for (size_t b = 0; tct_aes_backends[b] != NULL; b++) {
        if (!tct_aes_backends[b]->usable())
            continue;
        tct_aes_choose(tct_aes_backends[b]);
        portable = value[b] = measure(work);
    }
    for (size_t b = 0; tct_aes_backends[b] != NULL; b++)
        if (value[b] > 0)
            printf("{\"kernel\":\"%s_%s\",\"backend\":\"%s\",\"value\":%.2f,\"unit\":\"M/s\","
                   "\"times_portable\":%.2f}\n",
                   what, name, tct_aes_backends[b]->name, value[b], value[b] / portable);
    tct_aes_choose(NULL);
}

static void report_both(const char *name, tct_circuit c)
{
    set_up(c);
    report("garble", name, garble);
    report("evaluate", name, evaluate);
    tear_down();
}

static void report_known(const char *name, known_circuit known)
{
    report_both(name, known.circuit);
    known_circuit_free(&known);
}

int main(void)
{
    static tct_gate gates[ANDS];
    static const uint32_t outputs[] = {0};
    const tct_circuit flat = {{ANDS, ANDS}, ANDS, 1, ANDS, gates, outputs};
    for (uint32_t i = 0; i < ANDS; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, i, ANDS + i};
    report_both("independent", flat);
    for (uint32_t i = 0; i < ANDS; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, i == 0 ? 0 : 2 * ANDS + i - 1, ANDS + i};
    report_both("chain", flat);
    report_known("aes128", known_aes128());
    report_known("sha256", known_sha256());
    report_known("adder", known_adder(64));
    return 0;
}
