/* SPDX-License-Identifier: ISC */
#include "session/binding.h"

#include "crypto/hash.h"

void tct_bind_sheet(uint8_t out[32], tct_part text, tct_part options, uint32_t coin_k,
                    uint8_t coin_m, const uint8_t program[32])
{
    uint8_t coin[5];
    tct_hash h;
    tct_store32(coin, coin_k);
    coin[4] = coin_m;
    tct_hash_init(&h, "sheet");
    tct_hash_field(&h, text.bytes, text.length);
    tct_hash_field(&h, options.bytes, options.length);
    tct_hash_field(&h, coin, sizeof coin);
    tct_hash_field(&h, program, 32);
    tct_hash_final(&h, out);
}

void tct_bind_sheet_veil(uint8_t out[32], const uint8_t nonce[32], const uint8_t sheet_hash[32],
                         int asker_person)
{
    tct_hash h;
    tct_hash_init(&h, "veil-sheet");
    tct_hash_field(&h, nonce, 32);
    tct_hash_field(&h, sheet_hash, 32);
    tct_hash_u8(&h, (uint8_t)asker_person);
    tct_hash_final(&h, out);
}

void tct_bind_program_veil(uint8_t out[32], const uint8_t nonce[32], const uint8_t program[32])
{
    tct_hash h;
    tct_hash_init(&h, "veil-prog");
    tct_hash_field(&h, nonce, 32);
    tct_hash_field(&h, program, 32);
    tct_hash_final(&h, out);
}

void tct_bind_params(uint8_t out[5], tct_engine_params params)
{
    out[0] = TCT_PAIR_TREES_K;
    out[1] = params.rho;
    out[2] = params.tau;
    out[3] = params.mode;
    out[4] = TCT_SESSION_OUT;
}

void tct_bind_sid(uint8_t out[32], const uint8_t room[16], const uint8_t sheet[32],
                  const uint8_t program[32], const uint8_t params[5])
{
    static const uint8_t role_map[2] = {0, 1};
    tct_hash h;
    tct_hash_init(&h, "sid");
    tct_hash_field(&h, TCT_PAIR_NAME, sizeof TCT_PAIR_NAME - 1);
    tct_hash_field(&h, room, 16);
    tct_hash_field(&h, sheet, 32);
    tct_hash_field(&h, program, 32);
    tct_hash_field(&h, role_map, sizeof role_map);
    tct_hash_field(&h, params, 5);
    tct_hash_final(&h, out);
}

void tct_bind_question(uint8_t out[32], const uint8_t sid[32], tct_part text, uint32_t asking)
{
    tct_hash h;
    tct_hash_init(&h, "q");
    tct_hash_field(&h, sid, 32);
    tct_hash_field(&h, text.bytes, text.length);
    tct_hash_u32(&h, asking);
    tct_hash_final(&h, out);
}

void tct_bind_f1(uint8_t out[32], const uint8_t rest[TCT_F1_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "f1");
    tct_hash_field(&h, rest, TCT_F1_BYTES);
    tct_hash_final(&h, out);
}

void tct_bind_chain(uint8_t out[32], tct_part x, tct_part y)
{
    uint8_t suite[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "suite");
    tct_hash_field(&h, TCT_PAIR_NAME, sizeof TCT_PAIR_NAME - 1);
    tct_hash_final(&h, suite);
    tct_hash_init(&h, "tr");
    tct_hash_field(&h, suite, sizeof suite);
    tct_hash_field(&h, "F1", 2);
    tct_hash_field(&h, x.bytes, x.length);
    tct_hash_field(&h, y.bytes, y.length);
    tct_hash_final(&h, out);
}
