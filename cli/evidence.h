/* SPDX-License-Identifier: ISC
 *
 * evidence.h — what this device has to show when a relay did not keep to its word: a text file of this
 *              person's, in the state folder under evidence/ (0600; the newest TCT_EVIDENCE_FILES).
 *
 * Holds    The relay's address, the room's id, times, a hash of the deposit, the relay's verdict and the
 *          frames that came after the deposit, as they came.  No answer, no outcome, no key, no name.
 * Proves   Nothing to a stranger: nobody signs anything, and frames are sealed under a key that both
 *          devices had.  It lets whoever runs the relay find the room in question, and lets the two people lay
 *          their files side by side.  docs/THREATS.md says what follows from that.
 */
#ifndef TCT_CLI_EVIDENCE_H
#define TCT_CLI_EVIDENCE_H

#include "cli/state_folder.h"
#include "net/relay_wire.h"

enum {
    TCT_EVIDENCE_FILES = 16,
    TCT_EVIDENCE_FRAMES = 4, /* after the deposit an honest device sends one */
    TCT_EVIDENCE_FRAME_MAX = 512,
    TCT_EVIDENCE_VERDICT_MAX = TCT_RELAY_TOKEN_BYTES * TCT_RELAY_DEPOSIT_BITS_MAX,
    TCT_EVIDENCE_HASH = 32,
};

typedef struct {
    const char *what; /* a line */
    const char *url;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    uint64_t relay_ms; /* the relay's time when the verdict came; 0: none came */
    bool released;
    uint8_t verdict[TCT_EVIDENCE_VERDICT_MAX];
    size_t verdict_bytes;
    uint8_t deposit_hash[TCT_EVIDENCE_HASH];
    size_t deposit_bytes; /* 0: none was handed in */
    uint8_t frames[TCT_EVIDENCE_FRAMES][TCT_EVIDENCE_FRAME_MAX];
    size_t frame_bytes[TCT_EVIDENCE_FRAMES];
    size_t frame_count;
} tct_evidence;

void tct_evidence_deposit(tct_evidence *evidence, const uint8_t *bytes, size_t count);
void tct_evidence_verdict(tct_evidence *evidence, bool released, const uint8_t *bytes,
                          size_t count, uint64_t relay_ms);
/* A frame that came; only those after the deposit are noted. */
void tct_evidence_frame(tct_evidence *evidence, const uint8_t *bytes, size_t count);

/* Writes the file; the oldest go when there are too many.  path: where it is.  false: it could not be
 * written. */
bool tct_evidence_save(const tct_evidence *evidence, char path[TCT_STATE_PATH]);

#endif
