// SPDX-License-Identifier: ISC
// trail.js — the browser's Back and the page's own are the same: each screen is one step of the trail.
//
// The browser keeps nothing of a screen, only its number and whether a session was under way.

/** @type {Map<number, () => void>} */
const places = new Map();
let last = 0;
/** @type {'' | 'open' | 'sealed'} */
let running = '';

/** Shows a screen; Back leads to the one before. @param {() => void} render */
export function go(render) {
  last += 1;
  places.set(last, render);
  history.pushState({ at: last, running }, '');
  render();
}

/** Shows a screen from which no way leads back to those before.
 * @param {() => void} render @param {'' | 'open' | 'sealed'} state of the session that hangs on this page */
export function settle(render, state = '') {
  places.clear();
  running = state;
  last += 1;
  places.set(last, render);
  history.replaceState({ at: last, running }, '');
  render();
}

export function back() {
  history.back();
}

/** The state of the session that was under way when this page was loaded anew.
 * @returns {typeof running} */
export function wasRunning() {
  return history.state?.running ?? '';
}

/** @param {() => void} lost shows something for a step that is no more */
export function watchTrail(lost) {
  window.addEventListener('popstate', ({ state }) => (places.get(state?.at) ?? lost)());
}
