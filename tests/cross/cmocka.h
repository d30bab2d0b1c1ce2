/* SPDX-License-Identifier: ISC
 *
 * cmocka.h — as much of cmocka as the tests of kernels use, for machines that are only emulated here and
 * have no libraries: tests/tools/aarch64_test.py puts it in cmocka's place.  A check that fails ends the
 * program.
 */
#ifndef TCT_TESTS_CROSS_CMOCKA_H
#define TCT_TESTS_CROSS_CMOCKA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
};

#define CROSS_REQUIRE(holds, said)                                                             \
    ((holds) ? (void)0                                                                         \
             : (printf("%s:%d: %s\n", __FILE__, __LINE__, said), fflush(stdout), exit(1)))

#define assert_true(c)                   CROSS_REQUIRE((c), #c)
#define assert_false(c)                  CROSS_REQUIRE(!(c), "not " #c)
#define assert_null(p)                   CROSS_REQUIRE((p) == NULL, #p)
#define assert_non_null(p)               CROSS_REQUIRE((p) != NULL, #p)
#define assert_int_equal(a, b)           CROSS_REQUIRE((uint64_t)(a) == (uint64_t)(b), #a " = " #b)
#define assert_ptr_equal(a, b)           CROSS_REQUIRE((a) == (b), #a " = " #b)
#define assert_string_equal(a, b)        CROSS_REQUIRE(strcmp(a, b) == 0, #a " = " #b)
#define assert_memory_equal(a, b, bytes) CROSS_REQUIRE(memcmp(a, b, bytes) == 0, #a " = " #b)
#define assert_memory_not_equal(a, b, bytes)                                                   \
    CROSS_REQUIRE(memcmp(a, b, bytes) != 0, #a " = " #b)
#define print_message(...) ((void)printf(__VA_ARGS__))

#define cmocka_unit_test(test) {#test, test}
#define cmocka_run_group_tests(tests, setup, teardown)                                         \
    cross_run(tests, sizeof(tests) / sizeof *(tests), setup)

static inline int cross_run(const struct CMUnitTest *tests, size_t count,
                            int (*setup)(void **state))
{
    void *state = NULL;
    if (setup != NULL && setup(&state) != 0)
        return 1;
    for (size_t i = 0; i < count; i++) {
        tests[i].run(&state);
        printf("ok %s\n", tests[i].name);
    }
    return 0;
}

#endif
