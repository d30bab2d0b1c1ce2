// SPDX-License-Identifier: ISC
// look.js — what can be said of any screen: it fits, it can be reached, its words are everybody's.

import assert from 'node:assert/strict';

/** @typedef {import('./person.js').Person} Person */

const TARGET_PX = 44; // more than the 24 of WCAG 2.2

/** Words of those who make such things, which those who use them need not know. */
const TECHNICAL = new RegExp(`\\b(${['algorithm', 'api', 'bytes?', 'cache', 'cipher', 'client', 'circuit',
  'compute[sd]?', 'crypt\\w*', 'encrypt\\w*', 'errors?', 'exception', 'fingerprint', 'function', 'hash', 'https?',
  'index', 'input', 'invalid', 'JSON', 'JavaScript', 'malicious', 'NaN', 'null', 'object', 'parse\\w*',
  'party', 'peers?', 'protocol', 'relay', 'SIMD', 'server', 'sessions?', 'sockets?', 'submit', 'timeout',
  'tokens?', 'undefined', 'wasm', 'WebAssembly', 'WebSocket', 'worker'].join('|')})\\b`, 'i');

/** @param {string} text */
export function plainWords(text) {
  const bare = text.replace(/https?:\/\/\S+/g, ''); // the link itself
  assert.doesNotMatch(bare, TECHNICAL);
}

/** Nothing sticks out sideways, every target is large, and the way out is in view however far down one
 * has scrolled.  @param {Person} person @param {string} where */
export async function fits({ page }, where) {
  const seen = await page.evaluate((least) => {
    scrollTo(0, document.documentElement.scrollHeight);
    const way = /** @type {Element} */ (document.getElementById('leave')).getBoundingClientRect();
    const out = way.top < 0 || way.bottom > innerHeight || way.left < 0 || way.right > innerWidth + 1;
    scrollTo(0, 0);
    const targets = 'button, #leave, label.option, label.pill, summary, input[type=text]';
    return {
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      out: [...document.querySelectorAll('main *')].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width > 2 && (box.left < -1 || box.right > innerWidth + 1);
      }).map((node) => node.outerHTML.slice(0, 80)),
      small: [...document.querySelectorAll(targets)].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.height < least || box.width < least;
      }).map((node) => node.outerHTML.slice(0, 80)),
      wayOut: out ? 'out of view' : 'in view',
    };
  }, TARGET_PX);
  assert.deepEqual(seen, { wide: 0, out: [], small: [], wayOut: 'in view' }, where);
}

/** From stop to stop by the keyboard: each can be seen to have the focus, none is hidden under the head
 * of the page, each has a name, and they come in the order in which they stand.  @param {Person} person */
export async function focusStops({ page }) {
  await page.setViewportSize({ width: 360, height: 480 });
  await page.evaluate(() => /** @type {any} */ (document.querySelector('h1')).focus());
  let last = -1;
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const node = /** @type {any} */ (document.activeElement);
      if (node === document.body || node.id === 'leave') return null;
      const all = [...document.querySelectorAll('main *')];
      const shown = [node, node.closest('label') ?? node, node.nextElementSibling ?? node];
      const box = (node.closest('label') ?? node).getBoundingClientRect();
      const head = /** @type {Element} */ (document.getElementById('leave')).getBoundingClientRect();
      return {
        what: node.outerHTML.slice(0, 100),
        place: all.indexOf(node),
        seen: shown.some((one) => getComputedStyle(one).outlineStyle !== 'none'),
        hidden: box.bottom <= head.bottom || box.top >= innerHeight,
        name: node.innerText || node.ariaLabel || node.labels?.[0]?.innerText || '',
      };
    });
    if (at === null) break; // once round
    assert.ok(at.seen, `no sign of the focus: ${at.what}`);
    assert.ok(!at.hidden, `hidden: ${at.what}`);
    assert.notEqual(at.name.trim(), '', at.what);
    assert.ok(at.place > last, `out of order: ${at.what}`);
    last = at.place;
  }
}
