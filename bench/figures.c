/* SPDX-License-Identifier: ISC
 *
 * figures.c — what a joint computation costs: bytes, messages, processor time; a JSON object a line.
 *
 *     figures [fast]      fast: fewer rounds, and nothing above 5,000 ANDs
 *
 * Measured from outside, through tacit.h alone: two parties in this process hand each other messages;
 * then two whole sessions of a sheet hand each other frames, with pairing, padding and encryption.
 * Every number of bytes stands beside the formula of the specification (protocol.md, section 7), and
 * the program fails when they differ.  Processor time is this thread's, the median of a few rounds,
 * cold: from nothing to the outcome, base OTs included.
 */
#include "bench/kit.h"

#include <sodium.h>
#include <time.h>

#include "tacit/tacit.h"

enum { LANES = 64, ROUNDS_MAX = 15, SENDS_MAX = 10, STEPS = 4 };

static const char *const persons[2] = {"garbler", "evaluator"};
static const char *const steps[STEPS] = {"base_ot", "extension", "triples", "circuit"};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---------------------------------------------------------------------------- circuits --- */

typedef struct {
    uint32_t ands, in[2], out;
} shape;

/* LANES words side by side, each step w ← w·y ⊕ x, and their sum at the end: just so many ANDs,
 * whoever reads the file, and both parallel and deep, as real circuits are. */
static char *make_text(shape s)
{
    uint32_t lanes = s.ands < LANES ? s.ands : LANES, last[LANES] = {0};
    uint32_t wire = s.in[0] + s.in[1], gates = 2 * s.ands + lanes - 1 + s.out;
    size_t room = 64 * ((size_t)gates + 4), used = 0;
    char *text = take(room);
#define SAY(...) used += (size_t)snprintf(text + used, room - used, __VA_ARGS__)
    SAY("%u %u\n2 %u %u\n1 %u\n", gates, wire + gates, s.in[0], s.in[1], s.out);
    for (uint32_t i = 0; i < s.ands; i++) {
        uint32_t lane = i % lanes, round = i / lanes;
        uint32_t w = round == 0 ? lane % s.in[0] : last[lane];
        SAY("2 1 %u %u %u AND\n", w, s.in[0] + (lane + lane / s.in[1] + round) % s.in[1], wire);
        SAY("2 1 %u %u %u XOR\n", wire, (lane + 1 + 3 * round) % s.in[0], wire + 1);
        last[lane] = wire + 1;
        wire += 2;
    }
    uint32_t sum = last[0];
    for (uint32_t lane = 1; lane < lanes; lane++) {
        SAY("2 1 %u %u %u XOR\n", sum, last[lane], wire);
        sum = wire++;
    }
    for (uint32_t i = 0; i < s.out; i++)
        SAY("1 1 %u %u EQW\n", i == 0 ? sum : last[i % lanes], wire + i);
#undef SAY
    return text;
}

/* ----------------------------------------------------------------------------- one run --- */

typedef struct {
    size_t bytes[2][SENDS_MAX]; /* by person and message, in the order sent */
    unsigned sent[2];
    unsigned flights, flights_after, messages, messages_after; /* after: the last input */
    double ms[2][STEPS];
} result;

typedef struct {
    tacit_party *party[2];
    result *out;
    bool answered;
} table;

/* Message number 0 is F1, 1 is F2, 2 to 4 are F3 to F5. */
static int step_of(unsigned message)
{
    return message == 0 ? 0 : message == 1 ? 1 : message <= 4 ? 2 : 3;
}

/* Both send what they can, then both take it.  false: nothing moved. */
static bool fly(table *t)
{
    result *r = t->out;
    uint8_t *message[2] = {NULL, NULL};
    size_t bytes[2];
    unsigned moved = 0;
    for (int p = 0; p < 2; p++) {
        if (!(tacit_party_want(t->party[p]) & TACIT_WANT_SEND))
            continue;
        bytes[p] = tacit_party_send_bytes(t->party[p]);
        message[p] = message_room(p, bytes[p]);
        double start = now_ms();
        require(tacit_party_send(t->party[p], message[p], &bytes[p]) == TACIT_OK, "send");
        r->ms[p][step_of(r->sent[p])] += now_ms() - start;
        require(r->sent[p] < SENDS_MAX, "too many messages");
        r->bytes[p][r->sent[p]++] = bytes[p];
        moved++;
    }
    for (int p = 0; p < 2; p++) {
        if (message[p] == NULL)
            continue;
        double start = now_ms();
        require(tacit_party_recv(t->party[1 - p], message[p], bytes[p]) == TACIT_OK, "recv");
        r->ms[1 - p][step_of(r->sent[p] - 1)] += now_ms() - start;
    }
    r->flights += moved != 0;
    r->flights_after += moved != 0 && t->answered;
    r->messages += moved;
    r->messages_after += t->answered ? moved : 0;
    return moved != 0;
}

static result measure(const tacit_circuit *c, shape s)
{
    result r = {0};
    table t = {.out = &r};
    void *memory[2];
    uint8_t sid[32], seed[32], *zeros = calloc(1, (s.in[0] + s.in[1]) / 8 + 1);
    size_t bytes = tacit_party_bytes(c);
    randombytes_buf(sid, sizeof sid);
    for (int p = 0; p < 2; p++) {
        memory[p] = take(bytes);
        memset(memory[p], 0, bytes); /* so that the machine's own page faults are not counted */
        randombytes_buf(seed, sizeof seed);
        double start = now_ms();
        require(tacit_party_init(&t.party[p], memory[p], bytes, c, p, sid, seed) == TACIT_OK,
                "init");
        r.ms[p][0] += now_ms() - start;
    }
    while (fly(&t))
        ;
    for (int p = 0; p < 2; p++)
        require(tacit_party_input(t.party[p], zeros, (s.in[p] + 7) / 8) == TACIT_OK, "input");
    t.answered = true;
    while (fly(&t))
        ;
    for (int p = 0; p < 2; p++) {
        require(tacit_party_result(t.party[p], &bytes) != NULL, "no result");
        tacit_party_wipe(t.party[p]);
        free(memory[p]);
    }
    free(zeros);
    return r;
}

/* ---------------------------------------------------------------------------- formulas --- */

typedef struct {
    const char *name; /* of the flight */
    uint64_t bytes;
} expectation;

/* The smallest β with 2^β·n^(β-1) >= 2^ρ (4.3). */
static uint64_t bucket_of(uint64_t n, unsigned rho)
{
    for (uint64_t beta = 1;; beta++) {
        uint64_t power = 1, left = rho > beta ? rho - beta : 0;
        for (uint64_t i = 1; i < beta && power >> left == 0; i++)
            power = power > UINT64_MAX / n ? UINT64_MAX : power * n;
        if (left < 64 && power >> left != 0)
            return beta;
    }
}

static uint64_t bytes_for(uint64_t bits)
{
    return (bits + 7) / 8;
}

/* What the specification says that person p sends, in order. */
static size_t expect(shape s, int p, expectation out[SENDS_MAX])
{
    uint64_t n = s.ands, small = n <= 128, tau = small ? 64 : 48;
    uint64_t beta = bucket_of(n, small ? 64 : 40), o = bytes_for(s.out);
    bool batch = n > 50000, garbler = p == 0;
    uint64_t tags = batch ? 0 : 3 * tau / 8;
    size_t i = 0;
    out[i++] = (expectation){"F1", 8224};
    out[i++] =
        (expectation){"F2", 4128 + 496 * ((3 * n * beta + s.in[p] + n + 127) / 128 + 1) + 80};
    out[i++] = (expectation){"F3", (batch ? 8 : 16) * n * beta};
    out[i++] = (expectation){"F4", bytes_for(n * beta) + 32};
    out[i++] = (expectation){
        "F5", (batch ? (beta + 1) * bytes_for(n) : bytes_for(n * (beta + 1))) + 64};
    out[i++] = (expectation){"F6", 64 + (garbler ? n * (32 + tags) + bytes_for(n) : 0)};
    out[i++] = (expectation){"F7", bytes_for(s.in[p])};
    if (garbler)
        out[i++] =
            (expectation){"F8", 16 * ((uint64_t)s.in[0] + s.in[1]) + (batch ? 0 : o + 32)};
    if (batch)
        out[i++] = garbler ? (expectation){"F8c", 32 + o + 32}
                           : (expectation){"F8b", bytes_for(n) + 32};
    if (!garbler)
        out[i++] = (expectation){"F9", 2 * o + 64};
    return i;
}

static void tell_bytes(shape s, const result *r)
{
    for (int p = 0; p < 2; p++) {
        expectation want[SENDS_MAX];
        uint64_t sum = 0, wanted = 0;
        size_t count = expect(s, p, want);
        require(count == r->sent[p], "another number of messages than specified");
        for (size_t i = 0; i < count; i++) {
            printf("{\"figure\":\"bytes_of_flight\",\"n\":%u,\"flight\":\"%s\",\"from\":\"%s\","
                   "\"value\":%zu,\"unit\":\"B\",\"specified\":%llu}\n",
                   s.ands, want[i].name, persons[p], r->bytes[p][i],
                   (unsigned long long)want[i].bytes);
            require(r->bytes[p][i] == want[i].bytes, "another length than specified");
            sum += r->bytes[p][i];
            wanted += want[i].bytes;
        }
        printf("{\"figure\":\"bytes_each_way\",\"n\":%u,\"from\":\"%s\",\"value\":%llu,"
               "\"unit\":\"B\",\"specified\":%llu}\n",
               s.ands, persons[p], (unsigned long long)sum, (unsigned long long)wanted);
    }
}

static void tell_messages(shape s, const result *r)
{
    printf("{\"figure\":\"messages_cold\",\"n\":%u,\"value\":%u,\"unit\":\"flights\","
           "\"both_ways\":%u}\n",
           s.ands, r->flights, r->messages);
    printf("{\"figure\":\"messages_after_last_input\",\"n\":%u,\"value\":%u,"
           "\"unit\":\"flights\",\"both_ways\":%u}\n",
           s.ands, r->flights_after, r->messages_after);
}

/* -------------------------------------------------------------------------------- time --- */

/* Prints the median time of each person; returns the larger. */
static double tell_time(shape s, const result *all, size_t rounds)
{
    double most = 0;
    for (int p = 0; p < 2; p++) {
        double sums[ROUNDS_MAX], v[ROUNDS_MAX];
        for (size_t i = 0; i < rounds; i++) {
            sums[i] = 0;
            for (int step = 0; step < STEPS; step++)
                sums[i] += all[i].ms[p][step];
        }
        double sum = median(sums, rounds);
        printf("{\"figure\":\"cpu_ms_cold\",\"n\":%u,\"person\":\"%s\",\"value\":%.2f,"
               "\"unit\":\"ms\",\"steps\":{",
               s.ands, persons[p], sum);
        for (int step = 0; step < STEPS; step++) {
            for (size_t i = 0; i < rounds; i++)
                v[i] = all[i].ms[p][step];
            printf("%s\"%s\":%.2f", step == 0 ? "" : ",", steps[step], median(v, rounds));
        }
        printf("}}\n");
        most = sum > most ? sum : most;
    }
    return most;
}

/* What libsodium takes for the operations of the base OTs one by one: 384 multiplications, 129 of the
 * base point and 512 maps a person, without a sum in between.  The engine does them in lanes. */
static void tell_floor(void)
{
    enum { TIMES = 200 };
    uint8_t scalar[32], point[32], wide[64], out[32];
    double us[3], total;
    crypto_core_ristretto255_scalar_random(scalar);
    crypto_core_ristretto255_random(point);
    randombytes_buf(wide, sizeof wide);
    for (int what = 0; what < 3; what++) {
        double v[ROUNDS_MAX];
        for (int round = 0; round < ROUNDS_MAX; round++) {
            double start = now_ms();
            for (int i = 0; i < TIMES; i++)
                if (what == 0)
                    require(crypto_scalarmult_ristretto255(out, scalar, point) == 0, "group");
                else if (what == 1)
                    require(crypto_scalarmult_ristretto255_base(out, scalar) == 0, "group");
                else
                    crypto_core_ristretto255_from_hash(out, wide);
            v[round] = (now_ms() - start) * 1e3 / TIMES;
        }
        us[what] = median(v, ROUNDS_MAX);
    }
    total = (384 * us[0] + 129 * us[1] + 512 * us[2]) / 1e3;
    printf("{\"figure\":\"cpu_ms_group\",\"value\":%.2f,\"unit\":\"ms\",\"multiplication_us\":%"
           ".1f,"
           "\"base_multiplication_us\":%.1f,\"map_us\":%.1f}\n",
           total, us[0], us[1], us[2]);
}

static void report(shape s, size_t rounds)
{
    char error[200], *text = make_text(s);
    size_t bytes = tacit_circuit_bytes(strlen(text));
    void *memory = take(bytes);
    tacit_circuit *c;
    result *all = calloc(rounds, sizeof *all);
    require(all != NULL, "no memory");
    require(tacit_circuit_read(&c, memory, bytes, text, strlen(text), NULL, error) == TACIT_OK,
            error);
    require(tacit_circuit_see(c)->and_count == s.ands, "the circuit has another size");
    for (size_t i = 0; i < rounds; i++)
        all[i] = measure(c, s);
    tell_bytes(s, &all[0]);
    tell_messages(s, &all[0]);
    double ms = tell_time(s, all, rounds);
    if (s.ands >= 1000)
        printf("{\"figure\":\"ands_per_second\",\"n\":%u,\"value\":%.0f,\"unit\":\"1/s\"}\n",
               s.ands, s.ands / ms * 1e3);
    printf("{\"figure\":\"memory\",\"n\":%u,\"value\":%zu,\"unit\":\"B\"}\n", s.ands,
           tacit_party_bytes(c));
    (void)fflush(stdout);
    free(all);
    free(memory);
    free(text);
}

/* ----------------------------------------------------------------------------- session --- */

typedef struct {
    tacit_session *session;
    void *memory[3]; /* of the session, of the sheet, of the run */
    size_t bytes;    /* of all frames that it sent */
    unsigned frames;
    double ms;
    const tacit_answers *answers; /* sealed as soon as it asks; NULL: not yet */
} seat;

static const tacit_sheet *read_sheet(void *memory, const char *path)
{
    static tacit_diagnostics diagnostics;
    static char text[TACIT_SHEET_TEXT_MAX];
    tacit_sheet *sheet;
    FILE *file = fopen(path, "rb");
    require(file != NULL, path);
    size_t bytes = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    require(tacit_sheet_read(&sheet, memory, TACIT_SHEET_MEMORY, text, bytes, NULL,
                             &diagnostics) == TACIT_OK,
            "the sheet has errors");
    return sheet;
}

static void sit_down(seat *s, bool asks, const char *path)
{
    tacit_session_options o = {.asker = asks, .room = {1}, .person = -1, .escrow = true};
    *s = (seat){.memory = {take(tacit_session_bytes()), take(TACIT_SHEET_MEMORY), NULL}};
    o.code = "7-lantern-harbor";
    o.sheet = asks ? read_sheet(s->memory[1], path) : NULL;
    o.sheet_memory = s->memory[1];
    o.sheet_memory_bytes = TACIT_SHEET_MEMORY;
    randombytes_buf(o.seed, sizeof o.seed);
    double start = now_ms();
    require(tacit_session_init(&s->session, s->memory[0], tacit_session_bytes(), &o) ==
                TACIT_OK,
            "no session");
    s->ms += now_ms() - start;
}

/* Gives it what it wants beside frames. */
static void tend(seat *s)
{
    unsigned want = tacit_session_want(s->session);
    if (want & TACIT_WANT_MEMORY) {
        size_t bytes = tacit_session_memory_wanted(s->session);
        s->memory[2] = take(bytes);
        double start = now_ms();
        require(tacit_session_memory(s->session, s->memory[2], bytes) == TACIT_OK, "no room");
        s->ms += now_ms() - start;
    }
    if (s->answers != NULL && (tacit_session_want(s->session) & TACIT_WANT_ANSWERS))
        require(tacit_session_seal(s->session, s->answers) == TACIT_OK, "no answers");
}

/* All frames that the seat can send before anything else arrives, one behind the other. */
static size_t send_frames(seat *s, uint8_t *out, size_t lengths[SENDS_MAX])
{
    size_t count = 0;
    for (tend(s); tacit_session_want(s->session) & TACIT_WANT_SEND; tend(s)) {
        require(count < SENDS_MAX, "too many frames");
        lengths[count] = TACIT_FRAME_MAX;
        double start = now_ms();
        require(tacit_session_send(s->session, out, &lengths[count]) == TACIT_OK, "no frame");
        s->ms += now_ms() - start;
        s->bytes += lengths[count];
        s->frames++;
        out += lengths[count++];
    }
    return count;
}

static void take_frames(seat *s, const uint8_t *from, const size_t *lengths, size_t count)
{
    for (size_t i = 0; i < count; from += lengths[i++]) {
        double start = now_ms();
        require(tacit_session_recv(s->session, from, lengths[i]) == TACIT_OK, "a bad frame");
        s->ms += now_ms() - start;
        tend(s);
    }
}

/* Flights until nothing moves any more. */
static unsigned fly_on(seat seats[2])
{
    static uint8_t wire[2][2 * TACIT_FRAME_MAX];
    for (unsigned flights = 0;; flights++) {
        size_t lengths[2][SENDS_MAX], count[2];
        for (int p = 0; p < 2; p++)
            count[p] = send_frames(&seats[p], wire[p], lengths[p]);
        if (count[0] + count[1] == 0)
            return flights;
        for (int p = 0; p < 2; p++)
            take_frames(&seats[1 - p], wire[p], lengths[p], count[p]);
    }
}

/* Both deposits and the verdict: to the relay and back from it, one flight, as it stands between. */
static unsigned reveal(seat seats[2])
{
    static uint8_t deposit[2][TACIT_DEPOSIT_MAX];
    size_t bytes[2] = {sizeof deposit[0], sizeof deposit[1]};
    for (int p = 0; p < 2; p++) {
        double start = now_ms();
        require(tacit_session_deposit(seats[p].session, deposit[p], &bytes[p]) == TACIT_OK,
                "no deposit");
        seats[p].ms += now_ms() - start;
        seats[p].bytes += bytes[p];
    }
    for (int p = 0; p < 2; p++) {
        double start = now_ms();
        require(tacit_session_verdict(seats[p].session, true, deposit[1 - p],
                                      bytes[1 - p] / 3) == TACIT_OK,
                "no verdict");
        seats[p].ms += now_ms() - start;
    }
    return 1;
}

/* A meeting of two people who say "not now": both at once, or the answerer when everything waits for it
 * alone.  Returns the flights of the first part, and in *after those of the second. */
static unsigned meet(seat seats[2], const char *path, bool at_once, unsigned *after)
{
    static tacit_answers not_now;
    not_now.not_now = true;
    for (int p = 0; p < 2; p++) {
        sit_down(&seats[p], p == 0, path);
        seats[p].answers = at_once ? &not_now : NULL;
    }
    unsigned before = fly_on(seats);
    if (!at_once) {
        seats[0].answers = &not_now;
        tend(&seats[0]);
        tacit_session_beat(seats[0].session);
        before += fly_on(seats);
        seats[1].answers = &not_now;
    }
    *after = fly_on(seats);
    *(at_once ? &before : after) += reveal(seats);
    for (int p = 0; p < 2; p++) {
        require(tacit_session_outcome(seats[p].session) != NULL, "no outcome");
        tacit_session_wipe(seats[p].session);
        for (int i = 0; i < 3; i++)
            free(seats[p].memory[i]);
    }
    return before;
}

/* The asker's first flight waits at the relay, so it is not counted. */
static void report_session(const char *name)
{
    static const char *const roles[2] = {"asker", "answerer"};
    char path[512];
    seat seats[2];
    unsigned after;
    (void)snprintf(path, sizeof path, "%s/sheets/%s.tacit", TACIT_SOURCE_DIR, name);
    unsigned cold = meet(seats, path, true, &after) - 1;
    printf("{\"figure\":\"session_messages_cold\",\"sheet\":\"%s\",\"value\":%u,"
           "\"unit\":\"flights\"}\n",
           name, cold);
    (void)meet(seats, path, false, &after);
    printf("{\"figure\":\"session_messages_after_last_input\",\"sheet\":\"%s\",\"value\":%u,"
           "\"unit\":\"flights\"}\n",
           name, after);
    for (int p = 0; p < 2; p++)
        printf("{\"figure\":\"session_bytes\",\"sheet\":\"%s\",\"from\":\"%s\",\"value\":%zu,"
               "\"unit\":\"B\",\"frames\":%u,\"cpu_ms\":%.2f}\n",
               name, roles[p], seats[p].bytes, seats[p].frames, seats[p].ms);
}

int main(int argc, char **argv)
{
    static const shape shapes[] = {
        {1, {1, 1}, 1},       {64, {32, 32}, 1},      {128, {32, 32}, 8},
        {1000, {64, 64}, 32}, {5000, {128, 128}, 32}, {100000, {128, 128}, 32},
    };
    bool fast = argc > 1 && strcmp(argv[1], "fast") == 0;
    require(sodium_init() >= 0 && tacit_start(), "this machine cannot be trusted to compute");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        bool large = shapes[i].ands > 5000;
        if (!large || !fast)
            report(shapes[i], fast ? 1 : large ? 3 : ROUNDS_MAX);
    }
    report_session("last-night");
    report_session("try-again");
    tell_floor();
    return 0;
}
