/* SPDX-License-Identifier: ISC */
#include "cli/circuit_values.h"

#include <stdio.h>
#include <string.h>

/* 0 … 15, or -1. */
static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Is hex[0…length-1] a number?  Takes 0x and leading zeros off. */
static bool trim(const char **hex, size_t *length)
{
    if (*length > 2 && (*hex)[0] == '0' && ((*hex)[1] == 'x' || (*hex)[1] == 'X')) {
        *hex += 2;
        *length -= 2;
    }
    for (size_t i = 0; i < *length; i++)
        if (digit_of((*hex)[i]) < 0)
            return false;
    if (*length == 0)
        return false;
    while (*length > 1 && **hex == '0') {
        ++*hex;
        --*length;
    }
    return true;
}

/* How many bits the number takes. */
static size_t bits_of(const char *hex, size_t length)
{
    size_t bits = 4 * (length - 1);
    for (int v = digit_of(*hex); v != 0; v >>= 1)
        bits++;
    return bits;
}

static bool put(tct_values *values, uint32_t number, const char *hex, size_t length, int owner,
                tct_string *error)
{
    if (number == 0 || number > TCT_VALUES_MAX) {
        tct_string_format(error, "input values have the numbers 1 to %d, not %u.",
                          TCT_VALUES_MAX, (unsigned)number);
        return false;
    }
    if (values->hex[number - 1] != NULL) {
        tct_string_format(error, "input value %u was given twice.", (unsigned)number);
        return false;
    }
    if (!trim(&hex, &length)) {
        tct_string_format(error, "input value %u is no hexadecimal number: '%.*s'",
                          (unsigned)number, (int)(length > 40 ? 40 : length), hex);
        return false;
    }
    values->hex[number - 1] = hex;
    values->owner[number - 1] = (uint8_t)owner;
    if (number > values->beyond)
        values->beyond = number;
    return true;
}

/* `K=HEX@first`. */
static bool put_input(tct_values *values, const char *text, tct_string *error)
{
    uint32_t number = 0;
    const char *at = text, *person = strrchr(text, '@');
    for (; *at >= '0' && *at <= '9' && number <= TCT_VALUES_MAX; at++)
        number = number * 10 + (uint32_t)(*at - '0');
    bool first = person != NULL && strcmp(person, "@first") == 0;
    bool second = person != NULL && strcmp(person, "@second") == 0;
    if (at == text || *at != '=' || (!first && !second)) {
        tct_string_format(error, "--input %s should look like --input 3=1f@first, or @second.",
                          text);
        return false;
    }
    return put(values, number, at + 1, (size_t)(person - at - 1), second, error);
}

bool tct_values_read(tct_values *values, const char *first, const char *second,
                     const tct_option_list *inputs, tct_string *error)
{
    memset(values, 0, sizeof *values);
    memset(values->owner, 1, sizeof values->owner);
    values->owner[0] = 0;
    if (first != NULL && !put(values, 1, first, strlen(first), 0, error))
        return false;
    if (second != NULL && !put(values, 2, second, strlen(second), 1, error))
        return false;
    for (size_t i = 0; i < inputs->count; i++)
        if (!put_input(values, inputs->values[i], error))
            return false;
    return true;
}

static size_t width_bytes(uint32_t bits)
{
    return ((size_t)bits + 7) / 8;
}

/* Where the digits of a value end: at the option's end, or before the @. */
static size_t length_of(const char *hex)
{
    return strcspn(hex, "@");
}

static bool check(const tct_values *values, const tacit_circuit_view *view, tct_string *error)
{
    if (values->beyond > view->input_count) {
        tct_string_format(error, "there is no input value %u: this circuit has %u.",
                          (unsigned)values->beyond, (unsigned)view->input_count);
        return false;
    }
    for (uint32_t i = 0; i < view->input_count; i++) {
        static const char *const short_names[] = {"--first HEX", "--second HEX"};
        char name[48];
        (void)snprintf(name, sizeof name, "--input %u=HEX@first, or @second", (unsigned)i + 1);
        if (values->hex[i] == NULL && view->input_bits[i] != 0) {
            tct_string_format(error, "input value %u, of %u bits, is missing: %s.",
                              (unsigned)i + 1, (unsigned)view->input_bits[i],
                              i < 2 ? short_names[i] : name);
            return false;
        }
        size_t bits =
            values->hex[i] == NULL ? 0 : bits_of(values->hex[i], length_of(values->hex[i]));
        if (bits > view->input_bits[i]) {
            tct_string_format(error, "input value %u takes %zu bits, but has room for %u.",
                              (unsigned)i + 1, bits, (unsigned)view->input_bits[i]);
            return false;
        }
    }
    return true;
}

bool tct_values_pack(const tct_values *values, const tacit_circuit_view *view, int person,
                     uint8_t **out, size_t *bytes, tct_string *error)
{
    *bytes = 0;
    if (!check(values, view, error))
        return false;
    for (uint32_t i = 0; i < view->input_count; i++)
        if (values->owner[i] == person)
            *bytes += width_bytes(view->input_bits[i]);
    uint8_t *at = *out = tct_allocate(*bytes + 1);
    for (uint32_t i = 0; i < view->input_count; i++) {
        if (values->owner[i] != person)
            continue;
        const char *hex = values->hex[i];
        size_t length = hex == NULL ? 0 : length_of(hex);
        for (size_t digit = 0; digit < length && digit / 2 < width_bytes(view->input_bits[i]);
             digit++) {
            int v = digit_of(hex[length - 1 - digit]);
            at[digit / 2] = (uint8_t)(at[digit / 2] | v << 4 * (digit % 2));
        }
        at += width_bytes(view->input_bits[i]);
    }
    return true;
}

void tct_value_add_hex(tct_string *s, const uint8_t *value, uint32_t bits)
{
    for (uint32_t digit = (bits + 3) / 4; digit-- > 0;)
        tct_string_format(s, "%x", (unsigned)value[digit / 2] >> 4 * (digit % 2) & 15);
}
