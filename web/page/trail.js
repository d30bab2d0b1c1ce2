// SPDX-License-Identifier: ISC
// trail.js — the browser's Back and the page's own are the same: each screen is one step of the trail.
//
// The trail itself lives here.  The browser holds two entries at most, the ground and one above it, so
// that whoever leaves and comes back by the browser's Back finds the first screen and nothing of before.
// An entry keeps its number, and whether a session was under way, and nothing of a screen.

/** What was shown, oldest first; the last stands on the screen. @type {(() => void)[]} */
let path = [];
/** The entry that the browser is at: 0 is the ground. */
let at = history.state?.at ?? 0;
/** @type {'' | 'open' | 'sealed'} */
let running = '';

/** Shows a screen; Back leads to the one before. @param {() => void} render */
export function go(render) {
  path.push(render);
  if (at === 0) {
    at = 1;
    history.pushState({ at, running }, '');
  }
  render();
}

/** Shows a screen from which no way leads back to those before.
 * @param {() => void} render @param {'' | 'open' | 'sealed'} state of the session that hangs on this page */
export function settle(render, state = '') {
  path = [render];
  running = state;
  history.replaceState({ at, running }, '');
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

/** Another link was put into the address bar: its entry is one of ours. */
export function adopt() {
  at += 1;
  history.replaceState({ at, running }, '');
}

/** Takes back the step that Back took: stays on this page, with another screen or the same.  A step
 * forward adds no entry, so that the browser does not count it as a page that holds people.
 * @param {() => void} [render] */
export function hold(render) {
  history.go(1);
  if (!render) return;
  path.push(render);
  render();
}

/** @param {() => void} lost shows something when there is no step before */
export function watchTrail(lost) {
  window.addEventListener('popstate', ({ state }) => {
    if (location.hash) return; // another link, and not a step
    const was = at;
    at = state?.at ?? 0;
    if (at >= was) return;
    if (path.length < 2) {
      lost();
      return;
    }
    path.pop();
    if (path.length > 1 || running) history.go(1);
    path[path.length - 1]();
  });
}
