// SPDX-License-Identifier: ISC
// leave.js — the way out: at once a blank page, then a bland one elsewhere.

import { ask } from './engine.js';

const ELSEWHERE = 'https://www.wikipedia.org/';
const TIMES = 3;
const WITHIN_MS = 5000;

/** Blanks the page before anything else, then tells the worker, then goes. */
export function leaveNow() {
  document.body.className = 'blank';
  document.body.replaceChildren();
  document.title = 'New tab';
  window.onbeforeunload = null;
  window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true);
  ask('leave').catch(() => {});
  location.replace(ELSEWHERE);
}

/** Shift three times within five seconds is the same as the button. */
export function watchLeave() {
  /** @type {number[]} */
  let presses = [];
  document.addEventListener('keyup', (event) => {
    if (event.key !== 'Shift') {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
    if (presses.length >= TIMES) leaveNow();
  });
}
