/* SPDX-License-Identifier: ISC */
#include "cli/scan_code.h"

#include <qrencode.h>

enum { MARGIN = 4 }; /* modules; what ISO 18004 asks for */

static const char dark_on_light[] =
    "\033[38;5;16;48;5;231m"; /* of 256 colours, the true ones */
static const char dark[] = "\033[40m  ", light[] = "\033[107m  ", usual[] = "\033[0m\n";

/* Is this module dark?  Outside the code is the margin. */
static bool is_dark(const QRcode *code, int row, int column)
{
    if (row < 0 || column < 0 || row >= code->width || column >= code->width)
        return false;
    return (code->data[row * code->width + column] & 1) != 0;
}

static void print_half_blocks(FILE *to, const QRcode *code)
{
    static const char *const shapes[] = {" ", "▀", "▄", "█"};
    for (int row = -MARGIN; row < code->width + MARGIN; row += 2) {
        fputs(dark_on_light, to);
        for (int column = -MARGIN; column < code->width + MARGIN; column++)
            fputs(shapes[is_dark(code, row, column) + 2 * is_dark(code, row + 1, column)], to);
        fputs(usual, to);
    }
}

static void print_spaces(FILE *to, const QRcode *code)
{
    for (int row = -MARGIN; row < code->width + MARGIN; row++) {
        for (int column = -MARGIN; column < code->width + MARGIN; column++)
            fputs(is_dark(code, row, column) ? dark : light, to);
        fputs(usual, to);
    }
}

bool tct_scan_code_print(FILE *to, const char *text, bool unicode, int rows, int columns)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    int side = code->width + 2 * MARGIN;
    bool fits =
        unicode ? side <= columns && side / 2 + 1 < rows : side * 2 <= columns && side < rows;
    if (fits && unicode)
        print_half_blocks(to, code);
    else if (fits)
        print_spaces(to, code);
    QRcode_free(code);
    return fits;
}
