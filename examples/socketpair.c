/* SPDX-License-Identifier: ISC
 *
 * socketpair.c — two programs, one socket between them, one AND of two secrets.
 *
 *     socketpair 1 0       the first enters 1, the second 0; both learn 0
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <tacit/tacit.h>
#include <unistd.h>

static const char and_gate[] = "1 3\n2 1 1\n1 1\n\n2 1 0 1 2 AND\n"; /* Bristol Fashion */
static _Alignas(64) uint8_t of_circuit[1 << 14], of_party[1 << 23], message[1 << 20];

static int give_up(const char *why)
{
    fprintf(stderr, "socketpair: %s\n", why);
    return 1;
}

/* One party, from its bit to the result.  Both know how long every message is. */
static int run(int socket, int person, uint8_t bit, const uint8_t sid[32])
{
    tacit_circuit *circuit;
    tacit_party *party;
    uint8_t seed[32];
    char error[200];
    size_t bytes, done;
    if (tacit_circuit_read(&circuit, of_circuit, sizeof of_circuit, and_gate,
                           sizeof and_gate - 1, NULL, error) != TACIT_OK)
        return give_up(error);
    randombytes_buf(seed, sizeof seed);
    if (tacit_party_init(&party, of_party, sizeof of_party, circuit, person, sid, seed) !=
            TACIT_OK ||
        tacit_party_input(party, &bit, 1) != TACIT_OK)
        return give_up("cannot begin");
    for (unsigned want; (want = tacit_party_want(party)) != 0;) {
        if (want & TACIT_WANT_SEND) {
            bytes = sizeof message;
            if (tacit_party_send(party, message, &bytes) != TACIT_OK ||
                write(socket, message, bytes) != (ssize_t)bytes)
                return give_up("cannot send");
            continue;
        }
        bytes = tacit_party_recv_bytes(party);
        for (done = 0; done < bytes;) {
            ssize_t count = read(socket, message + done, bytes - done);
            if (count <= 0)
                return give_up("the other side is gone");
            done += (size_t)count;
        }
        if (tacit_party_recv(party, message, bytes) != TACIT_OK)
            return give_up("something did not add up");
    }
    const uint8_t *result = tacit_party_result(party, &bytes);
    printf("person %d learns: %d\n", person, result[0]);
    tacit_party_wipe(party);
    return 0;
}

int main(int argc, char **argv)
{
    int ends[2], status;
    uint8_t sid[32]; /* public, fresh, the same for both */
    if (argc != 3 || sodium_init() < 0 || !tacit_start() ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return give_up("say two bits");
    randombytes_buf(sid, sizeof sid);
    pid_t second = fork();
    int person = second == 0;
    close(ends[1 - person]);
    int failed = run(ends[person], person, argv[1 + person][0] == '1', sid);
    if (second > 0 && (waitpid(second, &status, 0) < 0 || status != 0))
        failed = 1;
    return failed;
}
