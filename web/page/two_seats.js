// SPDX-License-Identifier: ISC
// two_seats.js — a practice: both people of a session on this device, by the real engine.

import { ROOM_BYTES, STATUS, WANT } from './wasm.js';

/** Moves every frame that is due; the frame already lies in the exchange buffer.
 * @param {import('./wasm.js').Engine} engine @param {number} seat @returns {boolean} was there any? */
function carry(engine, seat) {
  let any = false;
  while (engine.calls.page_want(seat) & WANT.SEND) {
    const bytes = engine.calls.page_send(seat);
    if (bytes < 0) throw new Error('practice');
    engine.calls.page_recv(1 - seat, bytes);
    any = true;
  }
  return any;
}

/** What a relay does with both deposits; here nobody can hand in a wrong one.
 * @param {import('./wasm.js').Engine} engine */
function reveal(engine) {
  if (!engine.calls.page_is_fair(0)) return;
  const left = [0, 1].map((seat) => {
    const bytes = engine.calls.page_deposit(seat);
    if (bytes < 0) throw new Error('practice');
    return engine.exchange().slice(0, bytes / 3); // the values; the rest is for the relay's check
  });
  for (const seat of [0, 1]) {
    const bytes = engine.putBytes(left[1 - seat]);
    if (engine.calls.page_verdict(seat, 1, bytes) !== 0) throw new Error('practice');
  }
}

/** @param {import('./wasm.js').Engine} engine a fresh one
 * @param {{ text: string, items: string, seats: [string, string][][] }} given
 * @returns {{ outcomes: any[], notes: string[][] }} */
export function practise(engine, { text, items, seats }) {
  const room = crypto.getRandomValues(new Uint8Array(ROOM_BYTES));
  if (engine.readSheet(0, text, items, 0)) throw new Error('sheet');
  const { sheet } = engine.describe(0);
  const pause = sheet.sleep_hours > 0 && !sheet.sleep_optional; // practice waits for no morning
  const code = engine.getText(engine.calls.page_code_make(1));
  for (const seat of [0, 1]) {
    if (engine.startSession(seat, room, code, seat === 0, -1, !pause) !== STATUS.OK) throw new Error('practice');
  }
  /** @type {string[][]} */
  const notes = [[], []];
  const sealed = [false, false];
  for (let moved = true; moved;) {
    moved = false;
    for (const seat of [0, 1]) {
      if (carry(engine, seat)) moved = true;
      if (sealed[seat] || !(engine.calls.page_want(seat) & WANT.ANSWERS)) continue;
      const wrong = engine.giveAnswers(seat, seats[seat]);
      if (wrong) throw new Error(wrong.error);
      notes[seat] = engine.notes(seat);
      if (engine.calls.page_seal(seat, 0) !== 0) throw new Error('practice');
      sealed[seat] = true;
      moved = true;
    }
  }
  reveal(engine);
  const outcomes = [engine.outcome(0), engine.outcome(1)];
  engine.wipe();
  return { outcomes, notes };
}
