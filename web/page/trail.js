// SPDX-License-Identifier: ISC
// trail.js — the browser's Back and the page's own are the same: each screen is one step of the trail.
//
// The trail itself lives here.  The browser holds a ground and two entries above it, whatever the number
// of screens, so that whoever leaves and comes back by the browser's Back soon finds the first screen and
// nothing of before.  Two, so that Back twice in haste still ends on one of them.  An entry keeps its
// number, and the upper one whether a session was under way; nothing of a screen.

const TOP = 2;

/** What was shown, oldest first; the last stands on the screen. @type {(() => void)[]} */
let path = [];
/** The entry that the browser is at: 0 is the ground. */
let at = history.state?.at ?? 0;
/** @type {'' | 'open' | 'sealed'} */
let running = '';

/** Shows a screen; Back leads to the one before. @param {() => void} render */
export function go(render) {
  path.push(render);
  while (at < TOP) {
    at += 1;
    history.pushState({ at, running: at < TOP ? '' : running }, '');
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

/** The state of the session that was under way when this page was loaded anew.  Whoever comes back to it
 * from elsewhere, maybe not the same person, is told nothing. @returns {typeof running} */
export function wasRunning() {
  const [loaded] = performance.getEntriesByType('navigation');
  const { type } = /** @type {PerformanceNavigationTiming} */ (loaded ?? { type: '' });
  return type === 'back_forward' ? '' : history.state?.running ?? '';
}

/** Another link was put into the address bar: its entry is one of ours. */
export function adopt() {
  at += 1;
  history.replaceState({ at, running }, '');
}

/** Takes back the step that Back took: a step forward adds no entry, so that the browser does not take
 * this for a page that holds people. */
function rise() {
  if (at < TOP) history.go(TOP - at);
}

/** Shows a screen that adds no entry. @param {() => void} render */
export function hold(render) {
  path.push(render);
  render();
}

/** @param {() => void} lost shows something when there is no step before */
export function watchTrail(lost) {
  window.addEventListener('popstate', ({ state }) => {
    if (location.hash) return; // another link, and not a step
    const steps = at - (state?.at ?? 0);
    at = state?.at ?? 0;
    if (steps <= 0) return; // our own step forward
    if (path.length <= steps) {
      if (path.length > 1) path.splice(1);
      lost();
    } else {
      path.splice(path.length - steps);
      path[path.length - 1]();
    }
    if (path.length > 1 || running) rise();
    else if (at > 0) history.go(-at); // the first screen stands on the ground
  });
}
