/* SPDX-License-Identifier: ISC
 *
 * kit.h — what the programs of this room share: memory as the program takes it, and medians.
 */
#ifndef TCT_BENCH_KIT_H
#define TCT_BENCH_KIT_H

#define _DEFAULT_SOURCE /* madvise */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static inline void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench: %s\n", what);
        exit(1);
    }
}

/* Freed by free().  Large ones in large pages where the system has them, as the program does. */
static inline void *take(size_t bytes)
{
    const size_t huge = (size_t)1 << 21, unit = bytes < 2 * huge ? 64 : huge;
    void *memory = aligned_alloc(unit, (bytes + unit) / unit * unit);
    require(memory != NULL, "no memory");
#if defined(MADV_HUGEPAGE) && !defined(__wasm__)
    if (unit == huge) /* a refusal changes nothing */
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

/* Room for a message of person p, kept for the next one as a program keeps it, and touched before it is
 * timed: how long the machine takes to hand out pages is not counted. */
static inline void *message_room(int p, size_t bytes)
{
    static void *room[2];
    static size_t bytes_there[2];
    if (room[p] == NULL || bytes > bytes_there[p]) {
        free(room[p]);
        room[p] = take(bytes);
        memset(room[p], 0, bytes);
        bytes_there[p] = bytes;
    }
    return room[p];
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Puts v in order. */
static inline double median(double *v, size_t count)
{
    qsort(v, count, sizeof *v, by_value);
    return v[count / 2];
}

#endif
