/* SPDX-License-Identifier: ISC
 *
 * bristol_file.c — runs any circuit file in Bristol Fashion on two values in hexadecimal.
 *
 *     bristol_file circuits/adder64.txt 0x2a 0x10
 *
 * The first value of the file is the first party's, all others are the second's.  A value is written
 * most significant digit first; the second party's values stand one after the other, as bytes.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tacit/tacit.h>

enum { FILE_MAX = 64 << 20 };

static void must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bristol_file: %s\n", what);
        exit(1);
    }
}

static void *memory(size_t bytes)
{
    void *whole = aligned_alloc(64, (bytes + 63) / 64 * 64);
    must(whole != NULL, "out of memory");
    return whole;
}

static char *read_file(const char *path, size_t *bytes)
{
    char *text = memory(FILE_MAX);
    FILE *file = fopen(path, "rb");
    must(file != NULL, "there is no such file");
    *bytes = fread(text, 1, FILE_MAX, file);
    must(*bytes < FILE_MAX && !ferror(file), "the file cannot be read, or is over 64 MB");
    (void)fclose(file);
    return text;
}

/* "0x2a" into `count` bytes, least significant first. */
static void read_hex(const char *digits, uint8_t *out, size_t count)
{
    size_t length;
    memset(out, 0, count);
    if (strncmp(digits, "0x", 2) == 0)
        digits += 2;
    length = strlen(digits);
    must(length <= 2 * count, "a value is too long for the circuit");
    for (size_t i = 0; i < length; i++) {
        char digit[2] = {digits[length - 1 - i], 0};
        char *end;
        unsigned long v = strtoul(digit, &end, 16);
        must(*end == 0, "values are written with the digits 0 to 9 and a to f");
        out[i / 2] = (uint8_t)(out[i / 2] | v << 4 * (i % 2));
    }
}

static size_t input_bytes(const tacit_circuit_view *view, int person)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < view->input_count; i++)
        if ((i != 0) == (person != 0))
            bytes += (view->input_bits[i] + 7) / 8;
    return bytes;
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
    must(argc == 4 && sodium_init() >= 0 && tacit_start(), "say a file and two values");
    size_t length, bytes;
    char error[200], *text = read_file(argv[1], &length);
    tacit_circuit *circuit;
    void *of_circuit = memory(tacit_circuit_bytes(length)), *of_party[2];
    if (tacit_circuit_read(&circuit, of_circuit, tacit_circuit_bytes(length), text, length,
                           NULL, error) != TACIT_OK)
        must(0, error);
    free(text); /* the circuit does not need it any more */

    tacit_party *party[2];
    uint8_t sid[32], seed[32];
    randombytes_buf(sid, sizeof sid);
    for (int person = 0; person < 2; person++) {
        size_t count = input_bytes(tacit_circuit_see(circuit), person);
        uint8_t *value = memory(count + 1);
        read_hex(argv[2 + person], value, count);
        randombytes_buf(seed, sizeof seed);
        bytes = tacit_party_bytes(circuit);
        of_party[person] = memory(bytes);
        must(tacit_party_init(&party[person], of_party[person], bytes, circuit, person, sid,
                              seed) == TACIT_OK &&
                 tacit_party_input(party[person], value, count) == TACIT_OK,
             "cannot begin");
        free(value);
    }
    while (carry(party[0], party[1]) + carry(party[1], party[0]) > 0) {
    }
    const uint8_t *result = tacit_party_result(party[0], &bytes);
    must(result != NULL, "no result");
    while (bytes-- > 0)
        printf("%02x", result[bytes]);
    printf("\n");
    for (int person = 0; person < 2; person++) {
        tacit_party_wipe(party[person]);
        free(of_party[person]);
    }
    free(of_circuit);
    return 0;
}
