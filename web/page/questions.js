// SPDX-License-Identifier: ISC
// questions.js — one question as form controls, and its value as text for the engine.
//
// A field is { node, value(), problem() }: `value` gives [key, text] pairs, `problem` a sentence or ''.
// Nothing is preselected; earlier answers of this sitting are put back by `given`.

import { button, el } from './dom.js';
import { WORDS } from './words.js';

/**
 * @typedef {{ id: string, text: string }} Item
 * @typedef {{ id: string, who: string, kind: string, list: string | null, prompt: string,
 *   options: Item[], min: number, max: number, step: number, unit: string, total: number }} Question
 * @typedef {{ node: HTMLElement, value(): [string, string][], problem(): string }} Field
 */

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
export function field(q, items, given) {
  switch (q.kind) {
    case 'number': return items.length ? each(q, items, given, number) : number(q, q.id, given);
    case 'points': return points(q, items, given);
    case 'ranking': return ranking(q, items, given);
    case 'subset': return subset(q, items, given);
    default: return items.length ? each(q, items, given, choice) : choice(q, q.id, given);
  }
}

/** @param {Question} q @param {string} key @param {Map<string, string>} given @returns {Field} */
function choice(q, key, given) {
  const node = el('div', {}, ...q.options.map((option) => el('label', { class: 'option' },
    el('input', { type: 'radio', name: key, value: option.id,
      checked: given.get(key) === option.id }),
    el('span', { dir: 'auto' }, option.text))));
  const picked = () => node.querySelector('input:checked')?.value ?? '';
  return {
    node,
    value: () => (picked() ? [[key, picked()]] : []),
    problem: () => (picked() ? '' : WORDS.question.choose),
  };
}

/** @param {number} n */
const plain = (n) => n.toLocaleString('en', { useGrouping: Math.abs(n) >= 10000 });

/** @param {Question} q @param {string} key @param {Map<string, string>} given @returns {Field} */
function number(q, key, given) {
  const unit = q.unit ? ` ${q.unit}` : '';
  const hint = WORDS.question.number(plain(q.min) + unit, plain(q.max) + unit);
  const input = el('input', { type: 'number', class: 'wide', inputmode: q.min < 0 ? 'text' : 'numeric',
    min: q.min, max: q.max, step: q.step, value: given.get(key), 'aria-describedby': `${key}-hint` });
  const node = el('div', {}, input, el('p', { class: 'hint', id: `${key}-hint` }, hint +
    (q.step > 1 ? ` In steps of ${plain(q.step)}${unit}.` : '')));
  return {
    node,
    value: () => (input.value.trim() ? [[key, input.value.trim()]] : []),
    problem() {
      const n = Number(input.value);
      if (input.value.trim() === '' || !Number.isInteger(n)) return hint;
      if (n < q.min || n > q.max) return hint;
      return (n - q.min) % q.step === 0 ? '' : `In steps of ${plain(q.step)}${unit}.`;
    },
  };
}

/** The same question for every item of a list. */
function each(q, items, given, one) {
  const parts = items.map((item) => one(q, `${q.id}.${item.id}`, given));
  const node = el('div', {}, ...items.map((item, i) => el('fieldset', { class: 'card' },
    el('legend', { class: 'item', dir: 'auto' }, item.text), parts[i].node)));
  return {
    node,
    value: () => parts.flatMap((part) => part.value()),
    problem: () => parts.map((part) => part.problem()).find((text) => text) ?? '',
  };
}

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function points(q, items, given) {
  const left = el('p', { class: 'hint', 'aria-live': 'polite' });
  const inputs = items.map((item) => el('input', { type: 'number', inputmode: 'numeric', min: 0,
    max: q.total, step: 1, value: given.get(`${q.id}.${item.id}`) ?? '', 'aria-label': item.text,
    oninput: () => count() }));
  const sum = () => inputs.reduce((total, input) => total + (Number(input.value) || 0), 0);
  function count() { left.textContent = WORDS.question.points(q.total - sum()); }
  count();
  const node = el('div', {}, el('ul', { class: 'items' }, ...items.map((item, i) => el('li', {},
    el('span', { class: 'text', dir: 'auto' }, item.text), inputs[i]))), left);
  return {
    node,
    value: () => items.map((item, i) => [`${q.id}.${item.id}`, inputs[i].value.trim() || '0']),
    problem: () => (inputs.some((input) => !Number.isInteger(Number(input.value)) ||
      Number(input.value) < 0) || sum() !== q.total ? WORDS.question.points(q.total - sum()) : ''),
  };
}

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function ranking(q, items, given) {
  const former = given.get(q.id)?.split(',') ?? [];
  let order = former.length === items.length
    ? former.map((id) => /** @type {Item} */ (items.find((item) => item.id === id))) : [...items];
  const list = el('ol', { class: 'items' });
  /** @param {number} at @param {number} by */
  function move(at, by) {
    const to = at + by;
    if (to < 0 || to >= order.length) return;
    [order[at], order[to]] = [order[to], order[at]];
    show();
    list.children[to].querySelector(by < 0 ? 'button' : 'button:last-child')?.focus();
  }
  function show() {
    list.replaceChildren(...order.map((item, at) => el('li', {},
      el('span', { class: 'text', dir: 'auto' }, `${at + 1}. ${item.text}`),
      button('↑', () => move(at, -1), { 'aria-label': `${WORDS.question.up}: ${item.text}` }),
      button('↓', () => move(at, 1), { 'aria-label': `${WORDS.question.down}: ${item.text}` }))));
  }
  show();
  const node = el('div', {}, el('p', { class: 'hint' }, WORDS.question.order), list);
  return { node, value: () => [[q.id, order.map((item) => item.id).join(',')]], problem: () => '' };
}

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function subset(q, items, given) {
  const former = new Set(given.get(q.id)?.split(',') ?? []);
  const node = el('div', {}, ...items.map((item) => el('label', { class: 'option' },
    el('input', { type: 'checkbox', value: item.id, checked: former.has(item.id) }),
    el('span', { dir: 'auto' }, item.text))));
  const picked = () => [...node.querySelectorAll('input:checked')].map((input) => input.value);
  const max = q.max > 0 ? q.max : items.length;
  return {
    node,
    value: () => [[q.id, picked().join(',')]],
    problem: () => (picked().length < q.min || picked().length > max
      ? `Please choose ${q.min === max ? q.min : `from ${q.min} to ${max}`}.` : ''),
  };
}
