/* SPDX-License-Identifier: ISC
 *
 * qr.c — a link as a QR code, by libqrencode.
 */
#include <qrencode.h>
#include <stdint.h>
#include <string.h>

uint8_t *page_exchange(void);

/* Exchange: a NUL-terminated text.  To the exchange: side² bytes, 1 for a dark module.  Gives back
 * the side, 0 when the text is too long. */
__attribute__((export_name("page_qr"))) int page_qr(void)
{
    QRcode *code = QRcode_encodeString((const char *)page_exchange(), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL)
        return 0;
    int side = code->width;
    for (int i = 0; i < side * side; i++)
        page_exchange()[i] = code->data[i] & 1;
    QRcode_free(code);
    return side;
}
