/* SPDX-License-Identifier: ISC
 *
 * How many bytes one evaluation of a sheet takes, known from the sheet alone.
 */
#include "garble/shape.h"
#include "session/session_state.h"

/* One body in its frames, padded and sealed. */
static uint64_t body_traffic(uint64_t bytes, bool confirm)
{
    uint64_t sum = 0;
    for (uint32_t chunk = 0; chunk < tct_chunk_count(bytes); chunk++)
        sum += tct_frame_bytes(tct_chunk_bytes(bytes, chunk), confirm && chunk == 0);
    return sum;
}

uint64_t tacit_sheet_traffic(const tacit_sheet *sheet)
{
    tct_arena nothing;
    tct_circuit c;
    tct_shape shape;
    uint8_t flights[12];
    size_t text_bytes;
    tct_arena_init(&nothing, NULL, 0);
    if (tct_sheet_circuit(sheet, 0, &nothing, &c) != TCT_OK ||
        !tct_shape_init(&shape, &c, tct_engine_params_for(c.and_count), TCT_SESSION_OUT,
                        TCT_ROLE_X, 0))
        return 0;
    (void)tct_sheet_canonical(sheet, &text_bytes);
    size_t offer = TCT_OFFER_HEAD_BYTES + text_bytes;
    uint64_t sum =
        TCT_HELLO_X_BYTES + TCT_HELLO_Y_BYTES +
        body_traffic(offer < TCT_OFFER_BYTES_MIN ? TCT_OFFER_BYTES_MIN : offer, true);
    size_t count = tct_shape_flights(&shape, flights);
    for (size_t i = 0; i < count; i++)
        for (int role = 0; role < 2; role++)
            if (flights[i] != 1 && tct_shape_sends(&shape, flights[i], role))
                sum += body_traffic(tct_shape_body_bytes(&shape, flights[i], role),
                                    flights[i] == TCT_F2 && role == TCT_ROLE_Y);
    return sum;
}
