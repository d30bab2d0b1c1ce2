/* SPDX-License-Identifier: ISC
 *
 * runner.c — runs a fuzz target without libFuzzer: every seed of its corpus, then mutations of them.
 *
 *     NAME_fuzz_run CORPUS_FOLDER [SEED [COUNT]]
 *
 * The mutations are a function of the corpus (in order of names) and SEED, so that a crash replays
 * with the same arguments.  Without a COUNT it also stops after SECONDS_MAX of processor time.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    SEED_BYTES_MAX = 1 << 20,
    SEEDS_MAX = 4096,
    MUTATIONS_DEFAULT = 20000,
    SECONDS_MAX = 15
};

typedef struct {
    uint8_t *bytes;
    size_t size;
} input;

static uint64_t random_state;

/* splitmix64: short, replayable, good enough to choose mutations. */
static uint64_t draw(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t draw_below(size_t bound)
{
    return bound == 0 ? 0 : (size_t)(draw() % bound);
}

static bool read_seed(const char *folder, const char *name, input *seed)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    seed->bytes = malloc(SEED_BYTES_MAX);
    if (seed->bytes == NULL)
        exit(1);
    seed->size = fread(seed->bytes, 1, SEED_BYTES_MAX, file);
    fclose(file);
    return true;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* An exact-size heap copy, so that AddressSanitizer sees a read one past the end. */
static void run_one(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL)
        exit(1);
    if (size > 0)
        memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* One to four small changes: flip a bit, set a byte, cut the end, repeat a piece, splice. */
static size_t mutate(uint8_t *bytes, size_t size, const input *other)
{
    for (size_t changes = 1 + draw_below(4); changes > 0; changes--) {
        size_t at = draw_below(size);
        switch (draw_below(5)) {
        case 0:
            if (size > 0)
                bytes[at] ^= (uint8_t)(1u << draw_below(8));
            break;
        case 1:
            if (size > 0)
                bytes[at] = (uint8_t)draw();
            break;
        case 2:
            size = at;
            break;
        case 3: {
            size_t piece = draw_below(size - at < 64 ? size - at : 64);
            if (size + piece <= SEED_BYTES_MAX) {
                memmove(bytes + at + piece, bytes + at, size - at);
                size += piece;
            }
            break;
        }
        default: {
            size_t piece = other->size - draw_below(other->size + 1);
            if (piece > SEED_BYTES_MAX - at)
                piece = SEED_BYTES_MAX - at;
            memcpy(bytes + at, other->bytes + (other->size - piece), piece);
            size = at + piece > size ? at + piece : size;
        }
        }
    }
    return size;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER [SEED [COUNT]]\n", argv[0]);
        return 2;
    }
    random_state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    uint64_t count = argc > 3 ? strtoull(argv[3], NULL, 0) : MUTATIONS_DEFAULT;

    static input seeds[SEEDS_MAX];
    size_t seed_count = 0;
    struct dirent **names;
    int found = scandir(argv[1], &names, visible, alphasort);
    for (int i = 0; i < found; i++) {
        if (seed_count < SEEDS_MAX && read_seed(argv[1], names[i]->d_name, &seeds[seed_count]))
            seed_count++;
        free(names[i]);
    }
    if (found >= 0)
        free(names);
    if (seed_count == 0) {
        fprintf(stderr, "%s: no seeds in %s\n", argv[0], argv[1]);
        return 1;
    }

    run_one(NULL, 0);
    for (size_t i = 0; i < seed_count; i++)
        run_one(seeds[i].bytes, seeds[i].size);
    uint8_t *bytes = malloc(SEED_BYTES_MAX);
    if (bytes == NULL)
        return 1;
    uint64_t done = 0;
    for (; done < count; done++) {
        if (argc <= 3 && clock() / CLOCKS_PER_SEC >= SECONDS_MAX)
            break;
        const input *seed = &seeds[draw_below(seed_count)];
        memcpy(bytes, seed->bytes, seed->size);
        size_t size = mutate(bytes, seed->size, &seeds[draw_below(seed_count)]);
        run_one(bytes, size);
    }
    printf("%zu seeds and %" PRIu64 " mutations, nothing amiss\n", seed_count, done);
    free(bytes);
    for (size_t i = 0; i < seed_count; i++)
        free(seeds[i].bytes);
    return 0;
}
