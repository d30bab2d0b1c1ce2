// SPDX-License-Identifier: ISC
// practice.js — one person answers for both, on this device alone.

import { ask, listen } from './engine.js';
import * as screens from './screens.js';
import { itemsOf, preview, problemWith, progressed, questionsFor } from './session.js';
import { show } from './stage.js';
import { back, go, settle } from './trail.js';
import { WORDS } from './words.js';

/** @param {any} described the sheet that was read last @param {string} text its text
 * @param {string} items the pair's own, as lines @param {() => void} home */
export function practise(described, text, items, home) {
  const w = WORDS.practice;
  const seats = [0, 1].map(() => ({ given: /** @type {Map<string, string>} */ (new Map()), notNow: false }));

  /** @param {number} seat */
  function begin(seat) {
    const [title, lead] = seat === 0 ? [w.title, w.lead] : [w.turn, w.turnText];
    go(() => show(screens.turn(title, lead, w.start, async () => {
      await ask('read', { text, items, person: seat });
      step(seat, 0);
    }, back)));
  }

  /** @param {number} seat @param {number} index */
  function step(seat, index) {
    const questions = questionsFor(described, seat);
    const mine = seats[seat];
    if (index >= questions.length) {
      go(() => { void preview([...mine.given], { back, next: () => done(seat) }); });
      return;
    }
    const q = questions[index];
    go(() => show(screens.question(q, itemsOf(described, q), mine.given, {
      index, count: questions.length, lead: seat === 0 ? w.first : w.second, back,
      async next(pairs) {
        pairs.forEach(([key, value]) => mine.given.set(key, value));
        mine.notNow = false;
        const problem = await problemWith(q, mine.given);
        if (problem === '') step(seat, index + 1);
        return problem;
      },
      notNow() {
        mine.notNow = true;
        done(seat);
      },
    })));
  }

  /** @param {number} seat */
  async function done(seat) {
    if (seat === 0) {
      begin(1);
      return;
    }
    settle(() => show(screens.calm(w.working)));
    const { outcomes, notes } = await ask('practise', { text, items,
      seats: seats.map(({ given, notNow }) => (notNow ? [['not-now', 'yes']] : [...given])) });
    seats.forEach(({ given }) => given.clear());
    settle(() => show(screens.practised(outcomes, notes,
      () => practise(described, text, items, home), home)));
  }

  listen({ leaking: progressed });
  begin(0);
}
