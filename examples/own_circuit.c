/* SPDX-License-Identifier: ISC
 *
 * own_circuit.c — a circuit made in C: whose number is larger, and by how much if it is the first's.
 *
 *     own_circuit 1200 900
 *
 * The circuit costs one AND of two-party work a bit for the difference (which also says who is ahead)
 * and one a bit for hiding it from both when the second is ahead.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <tacit/tacit.h>

enum { WIDTH = 32, GATES = 1024 };

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "own_circuit: %s\n", what);
        exit(1);
    }
}

static void *memory(size_t bytes)
{
    void *whole = aligned_alloc(64, (bytes + 63) / 64 * 64);
    must(whole != NULL, "out of memory");
    return whole;
}

static tacit_circuit *build(void **whole)
{
    static const uint32_t bits[] = {WIDTH, WIDTH};
    static const uint8_t owner[] = {0, 1};
    size_t bytes = tacit_builder_bytes(2 * WIDTH, GATES, WIDTH + 1);
    tacit_builder *b;
    tacit_circuit *circuit;
    tacit_wire first[WIDTH], second[WIDTH], difference[WIDTH], nothing[WIDTH];
    *whole = memory(bytes);
    must(tacit_builder_init(&b, *whole, bytes, bits, owner, 2, GATES) == TACIT_OK,
         "no builder");
    for (uint32_t i = 0; i < WIDTH; i++) {
        first[i] = tacit_input(b, 0, i);
        second[i] = tacit_input(b, 1, i);
    }
    tacit_word(nothing, WIDTH, 0);
    tacit_wire ahead = tacit_word_sub(b, difference, first, second, WIDTH);
    tacit_word_mux(b, difference, ahead, difference, nothing, WIDTH);
    tacit_output(b, &ahead, 1);
    tacit_output(b, difference, WIDTH);
    must(tacit_builder_finish(b, &circuit) == TACIT_OK, "the circuit is wrong");
    return circuit;
}

static int carry(tacit_party *from, tacit_party *to)
{
    if (!(tacit_party_want(from) & TACIT_WANT_SEND))
        return 0;
    size_t bytes = tacit_party_send_bytes(from);
    uint8_t *message = memory(bytes + 1);
    must(tacit_party_send(from, message, &bytes) == TACIT_OK &&
             tacit_party_recv(to, message, bytes) == TACIT_OK,
         "something did not add up");
    free(message);
    return 1;
}

int main(int argc, char **argv)
{
    must(argc == 3 && sodium_init() >= 0 && tacit_start(), "say two numbers");
    void *of_circuit, *of_party[2];
    const tacit_circuit *circuit = build(&of_circuit);
    tacit_party *party[2];
    uint8_t sid[32], seed[32], number[4];
    size_t bytes = tacit_party_bytes(circuit);
    randombytes_buf(sid, sizeof sid);
    for (int person = 0; person < 2; person++) {
        unsigned long said = strtoul(argv[1 + person], NULL, 10);
        for (int i = 0; i < 4; i++)
            number[i] = (uint8_t)(said >> 8 * i);
        randombytes_buf(seed, sizeof seed);
        of_party[person] = memory(bytes);
        must(tacit_party_init(&party[person], of_party[person], bytes, circuit, person, sid,
                              seed) == TACIT_OK &&
                 tacit_party_input(party[person], number, sizeof number) == TACIT_OK,
             "cannot begin");
    }
    while (carry(party[0], party[1]) + carry(party[1], party[0]) > 0) {
    }
    const uint8_t *result = tacit_party_result(party[1], &bytes);
    must(result != NULL, "no result");
    uint32_t by = result[1] | (uint32_t)result[2] << 8 | (uint32_t)result[3] << 16 |
                  (uint32_t)result[4] << 24;
    printf("ANDs: %u\n", tacit_circuit_see(circuit)->and_count);
    if (result[0])
        printf("the first is ahead or level, by %u\n", by);
    else
        printf("the second is ahead\n");
    for (int person = 0; person < 2; person++) {
        const tacit_counter *last = tacit_party_count(party[person], TACIT_PHASE_ANSWER);
        printf("person %d sent %llu bytes after its answer\n", person,
               (unsigned long long)last->bytes_out);
        tacit_party_wipe(party[person]);
        free(of_party[person]);
    }
    free(of_circuit);
    return 0;
}
