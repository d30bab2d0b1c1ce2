/* SPDX-License-Identifier: ISC
 *
 * kat.h — known answers from text files of lines `key = value` (tests/kat/).
 *
 * A missing key or a malformed value ends the test program: a known answer that is not compared
 * must not pass.  The files are described in tests/kat/README.md.
 */
#ifndef TCT_TESTS_SUPPORT_KAT_H
#define TCT_TESTS_SUPPORT_KAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens tests/kat/<name>; the former one is forgotten.  Call it in each test that reads. */
void kat_open(const char *name);

/* In all of these the key is a printf format. */
__attribute__((format(printf, 1, 2))) bool kat_has(const char *key, ...);
/* The value as text; valid until the next call that returns text. */
__attribute__((format(printf, 1, 2))) const char *kat_text(const char *key, ...);
__attribute__((format(printf, 1, 2))) uint64_t kat_number(const char *key, ...);
/* Hex bytes into out[capacity]; returns how many. */
__attribute__((format(printf, 3, 4))) size_t kat_hex(uint8_t *out, size_t capacity,
                                                     const char *key, ...);

/* Cuts the first word off *rest and copies it to word[capacity]; false at the end. */
bool kat_word(const char **rest, char *word, size_t capacity);
/* The hex word ("-" is empty) as bytes; returns how many. */
size_t kat_hex_word(uint8_t *out, size_t capacity, const char *word);

/* True iff the bytes are the value of the key; else both are printed. */
__attribute__((format(printf, 3, 4))) bool kat_is(const void *bytes, size_t count,
                                                  const char *key, ...);

#endif
