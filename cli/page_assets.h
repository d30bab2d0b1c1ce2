/* SPDX-License-Identifier: ISC
 *
 * page_assets.h — the page, as tools/page put it together at build time.
 */
#ifndef TACIT_CLI_PAGE_ASSETS_H
#define TACIT_CLI_PAGE_ASSETS_H

#include "relay/server.h"

extern const tct_asset tct_page_assets[];
extern const size_t tct_page_asset_count;
extern const char tct_page_policy[]; /* for the header content-security-policy */

#endif
