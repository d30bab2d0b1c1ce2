// SPDX-License-Identifier: ISC
// items.js — the pair's own list: words to change, lines to add or remove.

import { actions, button, el } from './dom.js';
import { WORDS } from './words.js';

/** @typedef {import('./questions.js').Item} Item */

/** Lines `id: text`, as the language has them. @param {Item[]} items */
export function linesOf(items) {
  return items.map(({ id, text }) => `${id}: ${text}\n`).join('');
}

/** An id that no item has yet. @param {Item[]} items */
function freshId(items) {
  let n = items.length + 1;
  while (items.some(({ id }) => id === `item-${n}`)) n += 1;
  return `item-${n}`;
}

/** The screen that changes a list.  `done` gives back what is wrong with the list, or ''.
 * @param {Item[]} before @param {{ back(): void, done(items: Item[]): Promise<string> }} go */
export function itemsScreen(before, go) {
  const w = WORDS.items;
  let items = before.map((item) => ({ ...item }));
  const list = el('ul', { class: 'items' });
  const problem = el('p', { class: 'problem', role: 'alert' });

  function draw() {
    list.replaceChildren(...items.map((item, i) => el('li', {},
      el('input', { type: 'text', class: 'grow', value: item.text, dir: 'auto', maxlength: 80,
        autocomplete: 'off', 'aria-label': w.item(i + 1),
        oninput: (/** @type {any} */ event) => { item.text = event.target.value; } }),
      button('×', () => {
        items = items.filter((one) => one !== item);
        draw();
        (list.querySelectorAll('input')[Math.max(0, i - 1)] ?? list).focus();
      }, { class: 'mini', 'aria-label': w.remove(item.text) }))));
  }

  async function done() {
    items.forEach((item) => { item.text = item.text.replace(/\s+/g, ' ').trim(); });
    problem.textContent = items.some(({ text }) => text === '') ? w.empty : await go.done(items);
  }

  draw();
  return [el('h1', {}, w.title), el('p', {}, w.lead), list,
    button(w.add, () => {
      items = [...items, { id: freshId(items), text: '' }];
      draw();
      list.querySelector('li:last-child input')?.focus();
    }, { class: 'wide' }),
    problem,
    actions(button(w.done, done, { class: 'main' }), button(WORDS.back, go.back, { class: 'quiet' }))];
}
