/* SPDX-License-Identifier: ISC
 *
 * no_screen.h — put before libqrencode's sources: there is no standard error in a page.
 */
#ifndef TACIT_WEB_NO_SCREEN_H
#define TACIT_WEB_NO_SCREEN_H

#include <stdio.h>

#define fprintf(...) ((void)0)

#endif
