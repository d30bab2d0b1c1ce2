// SPDX-License-Identifier: ISC
// questions.js — one question as form controls, and its value as text for the engine.
//
// A field is { node, value(), problem(), culprit() }: `value` gives [key, text] pairs, `problem` a
// sentence or '', `culprit` the control that it is about.
// Nothing is preselected; earlier answers of this sitting are put back by `given`.

import { button, el } from './dom.js';
import { WORDS } from './words.js';

/**
 * @typedef {{ id: string, text: string }} Item
 * @typedef {{ id: string, who: string, kind: string, each: boolean, list: string | null, prompt: string,
 *   options: Item[], min: number, max: number, step: number, unit: string, total: number,
 *   limit: string }} Question
 * @typedef {{ node: HTMLElement, value(): [string, string][], problem(): string,
 *   culprit(): HTMLElement | null | undefined }} Field
 */

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
export function field(q, items, given) {
  if (q.each) return each(q, items, given);
  switch (q.kind) {
    case 'number': return number(q, q.id, given);
    case 'points': return points(q, items, given);
    case 'ranking': return ranking(q, items, given);
    case 'subset': return subset(q, items, given);
    default: return choice(q, q.id, given);
  }
}

/** @param {string} kind of label @param {Question} q @param {string} key
 * @param {Map<string, string>} given @returns {Field} */
function radios(kind, q, key, given) {
  const node = el('div', { class: kind === 'pill' ? 'pills' : '' }, ...q.options.map((option) =>
    el('label', { class: kind },
      el('input', { type: 'radio', name: key, value: option.id, checked: given.get(key) === option.id }),
      el('span', { dir: 'auto' }, option.text))));
  const picked = () => node.querySelector('input:checked')?.value ?? '';
  return {
    node,
    value: () => (picked() ? [[key, picked()]] : []),
    problem: () => (picked() ? '' : WORDS.question.choose),
    culprit: () => node.querySelector('input'),
  };
}

/** @param {Question} q @param {string} key @param {Map<string, string>} given @returns {Field} */
const choice = (q, key, given) => radios('option', q, key, given);

// --------------------------------------------------------------------------------- numbers

/** @param {number} n */
export const plain = (n) => n.toLocaleString('en', { useGrouping: Math.abs(n) >= 10000 });

/** What a person typed, as a whole number: 12,500 and 12 500 and 12.500 are the same.
 * @param {string} typed @returns {number} NaN when it is none */
export function readNumber(typed) {
  const bare = typed.trim().replace(/[\s,.’'_](?=\d{3}(?!\d))/g, '').replace(/^[−–]/, '-');
  return /^[+-]?\d{1,15}$/.test(bare) ? Number(bare) : NaN;
}

/** What is wrong with a number, or ''. @param {Question} q @param {number} n */
function wrongNumber(q, n) {
  const w = WORDS.question;
  const unit = q.unit ? ` ${q.unit}` : '';
  if (Number.isNaN(n)) return w.whole;
  if (n < q.min || n > q.max) return w.outside(plain(q.min) + unit, plain(q.max) + unit);
  const over = (n - q.min) % (q.step || 1);
  return over === 0 ? '' : w.offStep(plain(n - over) + unit, plain(Math.min(q.max, n - over + q.step)) + unit);
}

/** @param {Question} q @param {string} key @param {Map<string, string>} given
 * @param {string} [label] of one item @returns {Field} */
function number(q, key, given, label) {
  const unit = q.unit ? ` ${q.unit}` : '';
  const hint = WORDS.question.number(plain(q.min) + unit, plain(q.max) + unit) +
    (q.step > 1 ? WORDS.question.steps(plain(q.step) + unit) : '');
  const input = el('input', { type: 'text', class: 'wide', inputmode: q.min < 0 ? 'text' : 'numeric',
    autocomplete: 'off', name: key, value: given.get(key), 'aria-label': label ?? q.prompt,
    'aria-describedby': `${key}-hint` });
  const node = el('div', {}, input, el('p', { class: 'hint', id: `${key}-hint` }, hint));
  return {
    node,
    value: () => (input.value.trim() ? [[key, String(readNumber(input.value))]] : []),
    problem() {
      const said = wrongNumber(q, readNumber(input.value));
      input.setAttribute('aria-invalid', String(said !== ''));
      return said;
    },
    culprit: () => input,
  };
}

// ----------------------------------------------------------------------------------- lists

/** The same question for every item of a list.
 * @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function each(q, items, given) {
  const parts = items.map((item) => (q.kind === 'number'
    ? number(q, `${q.id}.${item.id}`, given, item.text)
    : radios('pill', q, `${q.id}.${item.id}`, given)));
  const node = el('div', {}, q.limit && el('p', { class: 'hint' }, WORDS.question.limit(q.limit)),
    ...items.map((item, i) => el('fieldset', { class: 'each' },
      el('legend', { dir: 'auto' }, item.text), parts[i].node)));
  return {
    node,
    value: () => parts.flatMap((part) => part.value()),
    problem() {
      const at = parts.findIndex((part) => part.problem());
      if (at < 0) return '';
      return q.kind === 'number' ? `${items[at].text}: ${parts[at].problem()}`
        : WORDS.question.chooseEach(items[at].text);
    },
    culprit: () => parts.find((part) => part.problem())?.culprit(),
  };
}

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function points(q, items, given) {
  const left = el('p', { class: 'hint', role: 'status' });
  const inputs = items.map((item) => el('input', { type: 'text', inputmode: 'numeric',
    autocomplete: 'off', name: `${q.id}.${item.id}`, value: given.get(`${q.id}.${item.id}`),
    'aria-label': item.text, oninput: () => count() }));
  const at = (/** @type {HTMLInputElement} */ input) => (input.value.trim() ? readNumber(input.value) : 0);
  const wrong = () => inputs.findIndex((input) => !(at(input) >= 0 && at(input) <= q.total));
  const sum = () => inputs.reduce((total, input) => total + at(input), 0);
  function count() {
    const rest = q.total - sum();
    left.textContent = WORDS.question.points(Number.isNaN(rest) ? q.total : rest);
  }
  count();
  const node = el('div', {}, el('ul', { class: 'items' }, ...items.map((item, i) => el('li', {},
    el('span', { class: 'text', dir: 'auto' }, item.text), inputs[i]))), left);
  return {
    node,
    value: () => items.map((item, i) => [`${q.id}.${item.id}`, String(at(inputs[i]))]),
    problem() {
      const which = wrong();
      if (which >= 0) return `${items[which].text}: ${WORDS.question.outside('0', plain(q.total))}`;
      return sum() === q.total ? '' : WORDS.question.points(q.total - sum());
    },
    culprit: () => inputs[Math.max(0, wrong())],
  };
}

/** Places are given by tapping, so that no order is there before a person makes one.
 * @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function ranking(q, items, given) {
  let order = (given.get(q.id)?.split(',') ?? []).filter((id) => items.some((item) => item.id === id));
  const list = el('ul', { class: 'items' });
  const buttons = items.map((item) => button('', () => {
    order = order.includes(item.id) ? order.filter((id) => id !== item.id) : [...order, item.id];
    update();
  }, { class: 'ranked' }));
  function update() {
    items.forEach((item, i) => {
      const place = order.indexOf(item.id) + 1;
      buttons[i].setAttribute('aria-pressed', String(place > 0));
      buttons[i].setAttribute('aria-label', `${item.text}: ${place || WORDS.question.noPlace}`);
      buttons[i].replaceChildren(el('span', { class: 'place' }, place ? String(place) : ''),
        el('span', { dir: 'auto' }, item.text));
    });
  }
  update();
  list.append(...buttons.map((one) => el('li', {}, one)));
  const node = el('div', {}, el('p', { class: 'hint' }, WORDS.question.order), list);
  return {
    node,
    value: () => [[q.id, order.join(',')]],
    problem: () => (order.length === items.length ? '' : WORDS.question.orderAll),
    culprit: () => buttons[items.findIndex(({ id }) => !order.includes(id))],
  };
}

/** @param {Question} q @param {Item[]} items @param {Map<string, string>} given @returns {Field} */
function subset(q, items, given) {
  const former = new Set(given.get(q.id)?.split(',') ?? []);
  const hint = WORDS.question.subset(q.min, q.max);
  const node = el('div', {}, el('p', { class: 'hint' }, hint), ...items.map((item) =>
    el('label', { class: 'option' },
      el('input', { type: 'checkbox', name: q.id, value: item.id, checked: former.has(item.id) }),
      el('span', { dir: 'auto' }, item.text))));
  const picked = () => [...node.querySelectorAll('input:checked')].map((input) => input.value);
  return {
    node,
    value: () => [[q.id, picked().join(',')]],
    problem: () => (picked().length < q.min || picked().length > q.max ? hint : ''),
    culprit: () => node.querySelector('input'),
  };
}
