/* SPDX-License-Identifier: ISC
 *
 * gates_bench.c — how many AND gates a second are garbled and evaluated, by every backend of AES.
 *
 * Prints one JSON object a line: {"kernel":…,"backend":…,"value":…,"unit":"M/s","times_portable":…}.
 * independent: ANDS gates of one level, in the first two caches; chain: each feeds the next.  All of the
 * engine's work on a gate is in it (authenticated masks, shares, rows, permute bits); no tags, as above
 * 50,000 ANDs.  Each value is the median of RUNS runs of processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "garble/gate_hash.h"
#include "garble/schedule.h"
#include "support/random_circuit.h"

enum { ANDS = 512, RUNS = 7, RUN_MS = 30 };

static tct_run run;
static tct_gate gates[ANDS];
static const uint32_t outputs[] = {0};
static tct_circuit circuit = {{ANDS, ANDS}, ANDS, 1, ANDS, gates, outputs};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *filled(random_source *random, size_t bytes)
{
    uint8_t *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (memory == NULL)
        exit(1);
    random_bytes(random, memory, bytes);
    return memory;
}

/* A run between F5 and F6, with numbers drawn at random in the place of shares. */
static void set_up(void)
{
    static tct_engine engine;
    random_source random = random_from(1);
    const tct_engine_params params = {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK};
    run.engine = &engine;
    run.circuit = &circuit;
    random_bytes(&random, (uint8_t *)&engine.delta, sizeof engine.delta);
    random_bytes(&random, run.salt, sizeof run.salt);
    if (!tct_shape_init(&run.shape, &circuit, params, 3, 0, 0))
        exit(1);
    size_t rows = 3 * (size_t)run.shape.triples + 2 * ANDS, wires = run.shape.wires;
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
    run.body = filled(&random, 64 + 33 * ANDS);
    run.garbled = run.body + 64;
    run.order = filled(&random, (size_t)tct_schedule_bytes(&run.shape));
    run.and_number = run.order + ANDS;
}

static void garble(void)
{
    memset(run.body + 64 + 32 * ANDS, 0, ANDS / 8); /* the permute bits begin as zeros */
    tct_garble_gates(&run);
}

static void evaluate(void)
{
    if (tct_evaluate_gates(&run) != 0)
        exit(1); /* there are no tags */
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Millions of gates a second. */
static double measure(void (*work)(void))
{
    double value[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start = seconds(), now = start;
        unsigned calls = 0;
        for (; now - start < RUN_MS * 1e-3; now = seconds(), calls += 16)
            for (int j = 0; j < 16; j++)
                work();
        value[i] = calls * (double)ANDS / (now - start) / 1e6;
    }
    qsort(value, RUNS, sizeof *value, by_value);
    return value[RUNS / 2];
}

static void report(const char *name, void (*work)(void))
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
            printf("{\"kernel\":\"%s\",\"backend\":\"%s\",\"value\":%.2f,\"unit\":\"M/s\","
                   "\"times_portable\":%.2f}\n",
                   name, tct_aes_backends[b]->name, value[b], value[b] / portable);
    tct_aes_choose(NULL);
}

int main(void)
{
    set_up();
    for (uint32_t i = 0; i < ANDS; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, i, ANDS + i};
    tct_schedule_make(&run);
    report("garble_independent", garble);
    report("evaluate_independent", evaluate);
    for (uint32_t i = 0; i < ANDS; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, i == 0 ? 0 : 2 * ANDS + i - 1, ANDS + i};
    tct_schedule_make(&run);
    report("garble_chain", garble);
    report("evaluate_chain", evaluate);
    return 0;
}
