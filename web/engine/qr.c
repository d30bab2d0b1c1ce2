/* SPDX-License-Identifier: ISC
 *
 * qr.c — a link as a QR code, by libqrencode: a small module of its own, that holds no secret but
 * the link.
 */
#include <qrencode.h>
#include <stdint.h>
#include <string.h>

enum { SIDE_MAX = 177 }; /* modules of the largest code there is */

#define EXPORT(name) __attribute__((export_name(#name))) name

static uint8_t exchange[SIDE_MAX * SIDE_MAX];

uint8_t *EXPORT(qr_exchange)(void)
{
    return exchange;
}

/* Exchange: a NUL-terminated text.  To the exchange: side² bytes, 1 for a dark module.  Gives back
 * the side, 0 when the text is too long. */
int EXPORT(qr_draw)(void)
{
    QRcode *code = QRcode_encodeString8bit((const char *)exchange, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return 0;
    int side = code->width;
    for (int i = 0; i < side * side; i++)
        exchange[i] = code->data[i] & 1;
    QRcode_free(code);
    return side;
}
