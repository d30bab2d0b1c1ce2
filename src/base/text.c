/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <string.h>

void tct_text_init(tct_text *t, char *out, size_t room)
{
    *t = (tct_text){.out = out, .room = out == NULL ? 0 : room};
}

void tct_text_end(tct_text *t)
{
    if (t->room == 0)
        return;
    size_t end = t->needed;
    if (end >= t->room) { /* cut: not in the middle of a character */
        end = t->room - 1;
        while (end > 0 && ((unsigned char)t->out[end] & 0xc0) == 0x80)
            end--;
    }
    t->out[end] = 0;
}

void tct_text_bytes(tct_text *t, const char *bytes, size_t count)
{
    if (t->needed < t->room) {
        size_t left = t->room - t->needed;
        memcpy(t->out + t->needed, bytes, count < left ? count : left);
    }
    t->needed = tct_size_add(t->needed, count);
}

static void put_digits(tct_text *t, bool minus, uint64_t rest)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (minus)
        digits[--at] = '-';
    tct_text_bytes(t, digits + at, sizeof digits - at);
}

void tct_text_number(tct_text *t, int64_t value)
{
    put_digits(t, value < 0, value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value);
}

/* One conversion after its '%'; returns what follows it. */
static const char *convert(tct_text *t, const char *f, va_list *arguments)
{
    if (*f == 's') {
        const char *s = va_arg(*arguments, const char *);
        tct_text_bytes(t, s, strlen(s));
        return f + 1;
    }
    if (strncmp(f, ".*s", 3) == 0) {
        int count = va_arg(*arguments, int);
        tct_text_bytes(t, va_arg(*arguments, const char *), (size_t)count);
        return f + 3;
    }
    if (*f == 'd') {
        tct_text_number(t, va_arg(*arguments, int));
        return f + 1;
    }
    if (*f == 'u') {
        tct_text_number(t, (int64_t)va_arg(*arguments, unsigned));
        return f + 1;
    }
    if (strncmp(f, "lld", 3) == 0) {
        tct_text_number(t, va_arg(*arguments, long long));
        return f + 3;
    }
    if (strncmp(f, "llu", 3) == 0) {
        put_digits(t, false, va_arg(*arguments, unsigned long long));
        return f + 3;
    }
    TCT_ASSERT(*f == '%');
    tct_text_bytes(t, f, 1);
    return f + 1;
}

void tct_text_add_list(tct_text *t, const char *format, va_list arguments)
{
    va_list rest; /* a copy: va_list may be an array type, whose address is no va_list * */
    va_copy(rest, arguments);
    while (*format != 0) {
        size_t plain = strcspn(format, "%");
        tct_text_bytes(t, format, plain);
        format += plain;
        if (*format == '%')
            format = convert(t, format + 1, &rest);
    }
    va_end(rest);
}

void tct_text_add(tct_text *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tct_text_add_list(t, format, arguments);
    va_end(arguments);
}
