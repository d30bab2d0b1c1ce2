/* SPDX-License-Identifier: ISC
 *
 * scan_code.h — a text as a QR code for the terminal, to be scanned by a phone.
 *
 * Colours are given outright, black on white with a white margin of four modules, so that a light and
 * a dark terminal show the same picture.
 */
#ifndef TCT_CLI_SCAN_CODE_H
#define TCT_CLI_SCAN_CODE_H

#include <stdbool.h>
#include <stdio.h>

/* unicode: two rows of modules in a line, by half blocks; else a module is two spaces.  Prints
 * nothing and returns false when the text is too long, or the picture would not fit into rows and
 * columns (a cut one cannot be scanned). */
bool tct_scan_code_print(FILE *to, const char *text, bool unicode, int rows, int columns);

#endif
