/* SPDX-License-Identifier: ISC
 *
 * How likely each way through a fold is, and what is left of it after something was seen.
 */
#include "leak/crowd.h"

#include <string.h>

/* Numbers of answer sheets can be larger than any integer: 32 bits, times a power of two. */
typedef struct {
    uint64_t m; /* 0, or 2^31 … 2^32 - 1 */
    int32_t e;
} count;

static count normal(uint64_t m, int32_t e)
{
    if (m == 0)
        return (count){0, 0};
    for (; m >> 32 != 0; e++)
        m >>= 1;
    for (; m >> 31 == 0; e--)
        m <<= 1;
    return (count){m, e};
}

static count add(count a, count b)
{
    if (a.m == 0 || (b.m != 0 && b.e > a.e)) {
        count t = a;
        a = b;
        b = t;
    }
    int32_t shift = a.e - b.e;
    return b.m == 0 || shift > 31 ? a : normal(a.m + (b.m >> shift), a.e);
}

static count times(count a, uint32_t n)
{
    return normal(a.m * n, a.e);
}

/* a / b in units of 2^-31, at most 2^31; at least one unit unless a is 0. */
static uint32_t share_of(count a, count b)
{
    if (a.m == 0)
        return 0;
    int32_t shift = b.e - a.e; /* a <= b */
    uint64_t q = shift > 31 ? 0 : ((a.m << 31) / b.m) >> shift;
    return q < 1 ? 1 : q > (uint64_t)1 << 31 ? (uint32_t)1 << 31 : (uint32_t)q;
}

/* Counts the sheets that go on from each state, from the last layer back.  Edges without any end. */
static bool count_back(tct_crowd *f, count **counts)
{
    uint32_t last = f->answer_count;
    for (uint32_t v = 0; v <= last; v++) {
        counts[v] = tct_arena_take(f->arena, f->layers[v].states, sizeof(count));
        if (counts[v] == NULL)
            return false;
    }
    for (uint32_t s = 0; s < f->layers[last].states; s++)
        counts[last][s] = normal(1, 0);
    for (uint32_t v = last; v-- > 0;) {
        uint32_t atoms = f->answers[v].atom_count;
        for (uint32_t s = 0; s < f->layers[v].states; s++)
            for (uint32_t a = 0; a < atoms; a++) {
                uint32_t *next = &f->layers[v].next[(size_t)s * atoms + a];
                if (*next != TCT_CROWD_NONE && counts[v + 1][*next].m == 0)
                    *next = TCT_CROWD_NONE;
                if (*next != TCT_CROWD_NONE)
                    counts[v][s] =
                        add(counts[v][s], times(counts[v + 1][*next], tct_crowd_size(f, v, a)));
            }
    }
    return true;
}

/* Forward: how likely each edge is. */
static void weigh_layer(tct_crowd *f, uint32_t v, count *const *counts, const uint32_t *reach,
                        uint32_t *reach_next)
{
    tct_crowd_layer *l = &f->layers[v];
    uint32_t atoms = f->answers[v].atom_count;
    for (uint32_t s = 0; s < l->states; s++)
        for (uint32_t a = 0; a < atoms; a++) {
            size_t edge = (size_t)s * atoms + a;
            uint32_t next = l->next[edge];
            if (next == TCT_CROWD_NONE)
                continue;
            count onward = times(counts[v + 1][next], tct_crowd_size(f, v, a));
            l->share[edge] = share_of(onward, counts[v][s]);
            uint64_t odds = (uint64_t)reach[s] * l->share[edge] >> 31;
            l->reach[edge] = odds < 1 ? 1 : (uint32_t)odds;
            reach_next[next] += l->reach[edge];
        }
}

/* Which states of the last layer lead to classes side by side? */
static bool find_side_by_side(tct_crowd *f)
{
    uint32_t last = f->answer_count - 1, atoms = f->answers[last].atom_count;
    tct_crowd_layer *l = &f->layers[last];
    l->side_by_side = tct_arena_take(f->arena, l->states, 1);
    for (uint32_t s = 0; l->side_by_side != NULL && s < l->states; s++) {
        const uint32_t *next = l->next + (size_t)s * atoms;
        bool so = next[0] != TCT_CROWD_NONE;
        for (uint32_t k = 1; k < atoms; k++)
            so &= next[k] == next[0] + k;
        l->side_by_side[s] = so;
    }
    return l->side_by_side != NULL;
}

/* Values that no sheet within the limits has are no news when they are ruled out. */
static void count_allowed(tct_crowd *f, uint32_t v)
{
    tct_crowd_answer *a = &f->answers[v];
    const tct_crowd_layer *l = &f->layers[v];
    a->allowed_count = 0;
    for (uint32_t k = 0; k < a->atom_count; k++)
        for (uint32_t s = 0; s < l->states; s++)
            if (l->next[(size_t)s * a->atom_count + k] != TCT_CROWD_NONE) {
                a->allowed_count += tct_crowd_size(f, v, k);
                break;
            }
}

tct_err tct_crowd_weigh(tct_crowd *f)
{
    uint32_t most = 1;
    for (uint32_t v = 0; v <= f->answer_count; v++)
        most = f->layers[v].states > most ? f->layers[v].states : most;
    for (uint32_t v = 0; v < f->answer_count; v++) {
        tct_crowd_layer *l = &f->layers[v];
        size_t edges = (size_t)l->states * f->answers[v].atom_count;
        l->reach = tct_arena_take(f->arena, edges, sizeof(uint32_t));
        l->share = tct_arena_take(f->arena, edges, sizeof(uint32_t));
        if (l->reach == NULL || l->share == NULL)
            return TCT_ERR_MEMORY;
    }
    /* What was needed for folding serves for projecting. */
    f->prior = tct_arena_take(f->arena, f->classes, sizeof(uint32_t));
    size_t mark = f->arena->used;
    count **counts = tct_arena_take(f->arena, f->answer_count + 1, sizeof *counts);
    if (f->prior == NULL || counts == NULL || most > f->strings.count_max ||
        !count_back(f, counts))
        return TCT_ERR_MEMORY;
    uint32_t *reach = f->scratch[0], *reach_next = f->scratch[1];
    reach[0] = (uint32_t)1 << 31;
    for (uint32_t v = 0; v < f->answer_count; v++) {
        memset(reach_next, 0, f->layers[v + 1].states * sizeof *reach_next);
        weigh_layer(f, v, counts, reach, reach_next);
        count_allowed(f, v);
        uint32_t *t = reach;
        reach = reach_next;
        reach_next = t;
    }
    memcpy(f->prior, reach, f->classes * sizeof *f->prior);
    f->arena->used = mark;
    return find_side_by_side(f) ? TCT_OK : TCT_ERR_MEMORY;
}

/* One layer back: `after` holds the odds of the states behind it, `before` gets those of its own. */
static void project_layer(const tct_crowd *f, uint32_t v, const uint32_t *after,
                          uint32_t *before, uint64_t *mass)
{
    const tct_crowd_layer *l = &f->layers[v];
    uint64_t *own = mass + f->answers[v].first_atom;
    uint32_t atoms = f->answers[v].atom_count;
    size_t edge = 0;
    for (uint32_t s = 0; s < l->states; s++) {
        uint64_t sum = 0;
        for (uint32_t k = 0; k < atoms; k++, edge++) {
            uint32_t next = l->next[edge];
            uint32_t odds = next == TCT_CROWD_NONE ? 0 : after[next];
            own[k] += (uint64_t)l->reach[edge] * odds;
            sum += (uint64_t)l->share[edge] * odds;
        }
        before[s] = sum == 0 ? 0 : sum >> 31 == 0 ? 1 : (uint32_t)(sum >> 31);
    }
}

/* From layer `v` back to the beginning. */
static uint32_t project_back(const tct_crowd *f, uint32_t v, const uint32_t *after,
                             uint64_t *mass)
{
    for (uint32_t turn = 1; v-- > 0; turn ^= 1) {
        project_layer(f, v, after, f->scratch[turn], mass);
        after = f->scratch[turn];
    }
    return after[0];
}

void tct_crowd_project(const tct_crowd *f, const uint32_t *likely, uint64_t *mass)
{
    memset(mass, 0, f->atom_count * sizeof *mass);
    (void)project_back(f, f->answer_count, likely, mass);
}

/* The edges of a state of the last layer, when they lead to classes side by side, by the bits of these
 * classes: none and all of them are the usual case, and need no look at each. */
static uint32_t project_side_by_side(const tct_crowd_layer *l, size_t edge, uint32_t atoms,
                                     const uint64_t *set, uint64_t *own)
{
    uint64_t sum = 0;
    uint32_t first = l->next[edge];
    for (uint32_t k = 0; k < atoms;) {
        uint32_t at = first + k, shift = at % 64, here = 64 - shift;
        here = here < atoms - k ? here : atoms - k;
        uint64_t bits = set[at / 64] >> shift;
        bits &= here == 64 ? ~(uint64_t)0 : ((uint64_t)1 << here) - 1;
        for (; bits != 0; bits &= bits - 1) {
            uint32_t bit = (uint32_t)__builtin_ctzll(bits);
            own[k + bit] += (uint64_t)l->reach[edge + k + bit] << 30;
            sum += (uint64_t)l->share[edge + k + bit] << 30;
        }
        k += here;
    }
    return sum == 0 ? 0 : sum >> 31 == 0 ? 1 : (uint32_t)(sum >> 31);
}

uint32_t tct_crowd_project_set(const tct_crowd *f, const uint64_t *set, uint64_t *mass)
{
    uint32_t last = f->answer_count - 1, atoms = f->answers[last].atom_count;
    const tct_crowd_layer *l = &f->layers[last];
    uint64_t *own = mass + f->answers[last].first_atom;
    memset(mass, 0, f->atom_count * sizeof *mass);
    for (uint32_t s = 0; s < l->states; s++) {
        size_t edge = (size_t)s * atoms;
        if (l->side_by_side[s]) {
            f->scratch[0][s] = project_side_by_side(l, edge, atoms, set, own);
            continue;
        }
        uint64_t sum = 0;
        for (uint32_t k = 0; k < atoms; k++) {
            uint32_t next = l->next[edge + k];
            if (next == TCT_CROWD_NONE || (set[next / 64] >> next % 64 & 1) == 0)
                continue;
            own[k] += (uint64_t)l->reach[edge + k] << 30;
            sum += (uint64_t)l->share[edge + k] << 30;
        }
        f->scratch[0][s] = sum == 0 ? 0 : sum >> 31 == 0 ? 1 : (uint32_t)(sum >> 31);
    }
    return project_back(f, last, f->scratch[0], mass);
}
