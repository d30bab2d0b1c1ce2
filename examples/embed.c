/* SPDX-License-Identifier: ISC
 *
 * embed.c — two parties run one circuit with tacit's engine, and only its output becomes known.
 *
 *     embed 1 0        the first says yes, the second says no
 *
 * Here both live in one program and `carry` hands the messages over.  In yours each lives on a
 * device of its own, and `carry` is any stream that keeps messages whole and is already secret and
 * authentic (tacit_session brings its own pairing and encryption; this is the engine beneath it).
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tacit/tacit.h>

/* Bristol Fashion: one gate, three wires; two inputs of a bit each; one output. */
static const char both_agree[] = "1 3\n2 1 1\n1 1\n\n2 1 0 1 2 AND\n";

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "embed: %s\n", what);
        exit(1);
    }
}

/* The library allocates nothing: it says how much it needs, and the memory is yours. */
static void *memory(size_t bytes)
{
    void *whole = aligned_alloc(64, (bytes + 63) / 64 * 64);
    must(whole != NULL, "out of memory");
    return whole;
}

/* Moves one message, if there is one to move. */
static int carry(tacit_party *from, tacit_party *to)
{
    if (!(tacit_party_want(from) & TACIT_WANT_SEND) ||
        !(tacit_party_want(to) & TACIT_WANT_RECV))
        return 0;
    size_t bytes = tacit_party_send_bytes(from);
    uint8_t *message = memory(bytes + 1);
    must(tacit_party_send(from, message, &bytes) == TACIT_OK, "cannot send");
    must(tacit_party_recv(to, message, bytes) == TACIT_OK, "the other side's message is wrong");
    free(message);
    return 1;
}

int main(int argc, char **argv)
{
    must(argc == 3, "say two answers, 0 or 1 each");
    must(sodium_init() >= 0 && tacit_start(), "this machine cannot be trusted to compute");

    tacit_circuit *circuit;
    char error[200];
    size_t bytes = tacit_circuit_bytes(strlen(both_agree));
    void *circuit_memory = memory(bytes);
    must(tacit_circuit_read(&circuit, circuit_memory, bytes, both_agree, strlen(both_agree),
                            NULL, error) == TACIT_OK,
         "cannot read the circuit");

    uint8_t sid[32]; /* public, fresh, the same for both: agree on it beforehand */
    randombytes_buf(sid, sizeof sid);
    tacit_party *party[2];
    void *party_memory[2];
    for (int person = 0; person < 2; person++) {
        uint8_t seed[32]; /* secret, and never used again */
        randombytes_buf(seed, sizeof seed);
        bytes = tacit_party_bytes(circuit);
        party_memory[person] = memory(bytes);
        must(tacit_party_init(&party[person], party_memory[person], bytes, circuit, person, sid,
                              seed) == TACIT_OK,
             "cannot start");
        sodium_memzero(seed, sizeof seed);
        uint8_t answer = argv[1 + person][0] == '1';
        must(tacit_party_input(party[person], &answer, 1) == TACIT_OK,
             "cannot take the answer");
    }

    while (carry(party[0], party[1]) + carry(party[1], party[0]) > 0) {
    }

    for (int person = 0; person < 2; person++) {
        const uint8_t *result = tacit_party_result(party[person], &bytes);
        must(result != NULL, "no result: a check failed");
        printf("person %d learns: %s\n", person, result[0] & 1 ? "both agree" : "not both");
        tacit_party_wipe(party[person]);
        free(party_memory[person]);
    }
    free(circuit_memory);
    return 0;
}
