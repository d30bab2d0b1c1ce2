// SPDX-License-Identifier: ISC
// stage.js — puts a screen where the one before was, moves focus to its headline, and says it aloud.

import { el } from './dom.js';

const main = /** @type {HTMLElement} */ (document.getElementById('screen'));
const status = /** @type {HTMLElement} */ (document.getElementById('status'));
/** @type {number[]} */
let timers = [];

/** @param {any[]} nodes */
export function show(nodes) {
  timers.forEach((timer) => clearTimeout(timer));
  timers = [];
  status.textContent = '';
  main.replaceChildren(el('div', { class: 'screen' }, ...nodes));
  window.scrollTo(0, 0);
  const head = main.querySelector('h1') ?? main;
  head.setAttribute('tabindex', '-1');
  /** @type {HTMLElement} */ (head).focus({ preventScroll: true });
}

/** Something new on the same screen, for those who hear the page. @param {string} text */
export function announce(text) {
  status.textContent = text;
}

/** Runs later, unless another screen comes before. @param {number} ms @param {() => void} what */
export function later(ms, what) {
  timers.push(window.setTimeout(what, ms));
}

/** Fades what stands on the screen. */
export function fade() {
  main.firstElementChild?.classList.add('fading');
}
