// SPDX-License-Identifier: ISC
// times.js — how long people have, as in the terminal.  Tests make these short.

export const HOUR_MS = 60 * 60 * 1000;
export const WITHIN_MS = 30 * 60 * 1000; // from the meeting to an outcome
export const WINDOW_HOURS = 12; // to confirm in, after a pause
export const KEEP_HOURS = 48; // after the window, to fetch what came of it

/** A time that two agreed on, kept from then on by this device alone: whatever the relay's clock does, and
 * whatever is set here.  Of two clocks the one counts that says that more has passed: the calendar goes on
 * while a device sleeps, and may be set; the other never goes back, and may stand still. */
export class AgreedTime {
  #length = NaN;
  #calendar = 0;
  #steady = 0;

  /** Once; what is said later changes nothing.  @param {number} length ms */
  begin(length) {
    if (!Number.isNaN(this.#length)) return;
    this.#length = length;
    this.#calendar = Date.now();
    this.#steady = performance.now();
  }

  /** ms; -1: it has not begun */
  left() {
    if (Number.isNaN(this.#length)) return -1;
    const passed = Math.max(Date.now() - this.#calendar, performance.now() - this.#steady);
    return Math.max(0, this.#length - passed);
  }
}
