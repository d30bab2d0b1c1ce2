// SPDX-License-Identifier: ISC
// leave.js — the way out: at once a blank page, then a bland one elsewhere.

import { ask, listen } from './engine.js';

const TIMES = 3;
const WITHIN_MS = 5000;

/** Blanks the page before anything else, then tells the worker, then goes. */
function leaveNow() {
  const link = /** @type {HTMLAnchorElement} */ (document.getElementById('leave'));
  const elsewhere = link.href;
  document.body.replaceChildren();
  document.title = '\u200b';
  listen({}); // nothing may come to this page any more
  ask('leave').catch(() => {});
  location.replace(elsewhere);
}

/** The control, and Shift three times within five seconds. */
export function watchLeave() {
  document.getElementById('leave')?.addEventListener('click', (event) => {
    event.preventDefault();
    leaveNow();
  });
  /** @type {number[]} */
  let presses = [];
  let alone = false; // Shift on its own, not for a capital letter
  document.addEventListener('keydown', (event) => {
    alone = event.key === 'Shift';
    if (!alone) presses = [];
  });
  document.addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone) return;
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
    if (presses.length >= TIMES) leaveNow();
  });
}
