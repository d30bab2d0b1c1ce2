// SPDX-License-Identifier: ISC
// stage.js — puts a screen where the one before was, moves focus to its headline, and says it aloud.

import { el } from './dom.js';

const main = /** @type {HTMLElement} */ (document.getElementById('screen'));
const status = /** @type {HTMLElement} */ (document.getElementById('status'));
/** @type {number[]} */
let timers = [];

let shown = 0;
/** Which screen this is: another number after each change. */
export const which = () => shown;

/** @param {any[]} nodes */
export function show(nodes) {
  shown += 1;
  stay();
  status.textContent = '';
  const isActions = (/** @type {any} */ node) => node instanceof Element && node.classList.contains('actions');
  main.replaceChildren(el('div', { class: 'screen' },
    el('div', { class: 'body' }, ...nodes.filter((node) => !isActions(node))), ...nodes.filter(isActions)));
  window.scrollTo(0, 0);
  const head = main.querySelector('h1') ?? main;
  head.setAttribute('tabindex', '-1');
  /** @type {HTMLElement} */ (head).focus({ preventScroll: true });
}

/** Something new on the same screen, for those who hear the page. @param {string} text */
export function announce(text) {
  status.textContent = text;
}

/** A line that stands above every screen until it is taken away. @param {string} text or '' */
export function banner(text) {
  const line = /** @type {HTMLElement} */ (document.getElementById('offline'));
  line.textContent = text;
  line.hidden = text === '';
}

/** Runs later, unless another screen comes before. @param {number} ms @param {() => void} what */
export function later(ms, what) {
  timers.push(window.setTimeout(what, ms));
}

/** Fades what stands on the screen, and says so; or brings it back. @param {string} text
 * @param {boolean} away */
export function fade(text, away) {
  main.querySelector('.body')?.classList.toggle('fading', away);
  announce(text);
}

/** Nothing that was to come later comes. */
export function stay() {
  timers.forEach((timer) => clearTimeout(timer));
  timers = [];
}
