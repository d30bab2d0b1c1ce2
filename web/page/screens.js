// SPDX-License-Identifier: ISC
// screens.js — each screen as a function from what it shows to its elements.

import { button, el, paragraphs } from './dom.js';
import { field } from './questions.js';
import { WORDS } from './words.js';

/** @param {{ ask(): void, answer(): void, practise(): void }} go */
export function home(go) {
  const w = WORDS.home;
  return [el('h1', {}, w.title), el('p', {}, w.lead),
    el('div', { class: 'stack' }, button(w.ask, go.ask, { class: 'main' }),
      button(w.answer, go.answer), button(w.practice, go.practise, { class: 'quiet' })),
    el('div', { class: 'card soft' }, el('p', {}, w.private), el('p', {}, w.room),
      el('p', {}, WORDS.leaveNote))];
}

/** @param {{ name: string, title: string, about: string }[]} sheets
 * @param {(name: string) => void} pick @param {boolean} practice */
export function choose(sheets, pick, practice) {
  return [el('h1', {}, practice ? WORDS.choose.practice : WORDS.choose.title),
    el('div', { class: 'stack' }, ...sheets.map((sheet) => {
      const more = el('small', {}, firstSentence(sheet.about));
      const choice = button(sheet.title, () => pick(sheet.name), { class: 'choice' });
      choice.append(more);
      return choice;
    }))];
}

/** @param {string} text */
function firstSentence(text) {
  const flat = text.replace(/\s+/g, ' ').trim();
  const end = flat.search(/[.!?](\s|$)/);
  return end < 0 ? flat : flat.slice(0, end + 1);
}

/** @param {any} described sheet, plain, words
 * @param {{ next(person: number): void, pickRole: boolean, person: number, label?: string }} go */
export function about(described, go) {
  const w = WORDS.about;
  const { sheet } = described;
  let person = go.person;
  const roles = sheet.people?.length === 2 && sheet.people[0] !== '' && go.pickRole
    ? el('fieldset', {}, el('h2', {}, w.role), ...sheet.people.map(
      (/** @type {string} */ name, /** @type {number} */ i) => el('label', { class: 'option' },
        el('input', { type: 'radio', name: 'role', checked: i === person,
          onchange: () => { person = i; } }), el('span', {}, roleName(name)))))
    : null;
  return [el('h1', { dir: 'auto' }, sheet.title), ...paragraphs(sheet.about ?? ''),
    el('div', { class: 'card' }, el('h2', {}, w.rule), ...paragraphs(described.plain)),
    el('h2', {}, w.silence), el('p', {}, w.silenceText),
    el('h2', {}, w.not), el('p', {}, w.notText), el('p', {}, w.direct),
    el('p', { class: 'hint' }, w.sheetWords, ' ', el('strong', {}, described.words)),
    roles,
    el('div', { class: 'stack' },
      button(go.label ?? w.start, () => go.next(person), { class: 'main' }))].filter(Boolean);
}

/** @param {string} id */
const roleName = (id) => id.charAt(0).toUpperCase() + id.slice(1).replace(/-/g, ' ');

/** @param {{ code: string, link: string, qr: Element | null, joined: boolean, go(): void,
 *   copy(): Promise<void> }} given */
export function share(given) {
  const w = WORDS.share;
  const said = el('p', { class: 'hint', role: 'status' });
  const copy = button(w.copy, () => given.copy().then(
    () => { said.textContent = w.copied; }, () => { said.textContent = w.noCopy; }));
  return [el('h1', {}, w.title), el('p', {}, w.lead),
    el('div', { class: 'card' }, el('p', { class: 'code', translate: 'no' }, given.code), given.qr,
      el('p', { class: 'link soft', translate: 'no' }, given.link)),
    copy, said, el('p', { class: 'soft', id: 'joined' }, given.joined ? w.joined : w.waiting),
    el('div', { class: 'stack' }, button(w.go, given.go, { class: 'main' }))];
}

/** @param {{ join(typed: string): Promise<string>, complete(prefix: string): Promise<string[]> }} go */
export function enterCode(go) {
  const w = WORDS.code;
  const problem = el('p', { class: 'problem', role: 'alert' });
  const words = el('datalist', { id: 'words' });
  const input = el('input', { type: 'text', class: 'wide', id: 'code', autocomplete: 'off',
    autocapitalize: 'none', spellcheck: 'false', list: 'words', 'aria-describedby': 'code-hint' });
  input.addEventListener('input', async () => {
    const parts = input.value.split(/[\s-]+/);
    const last = parts.pop() ?? '';
    if (!/^[a-z]{1,8}$/i.test(last)) return;
    const found = await go.complete(last.toLowerCase());
    words.replaceChildren(...found.map((word) => el('option', { value: [...parts, word].join('-') })));
  });
  const form = el('form', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.textContent = await go.join(input.value);
    },
  }, el('label', { for: 'code' }, w.label), input, words,
  el('p', { class: 'hint', id: 'code-hint' }, w.hint), problem,
  el('div', { class: 'stack' }, el('button', { class: 'main' }, w.go)));
  return [el('h1', {}, w.title), form];
}

/** @param {string} text */
export function calm(text) {
  return [el('div', { class: 'calm', 'aria-hidden': 'true' }), el('p', {}, text)];
}

/** @param {any} q @param {any[]} items @param {Map<string, string>} given
 * @param {{ index: number, count: number, back: (() => void) | null, lead?: string,
 *   next(pairs: [string, string][]): void, notNow(): void }} go */
export function question(q, items, given, go) {
  const w = WORDS.question;
  const answer = field(q, items, given);
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('form', {
    novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.textContent = answer.problem();
      if (problem.textContent === '') go.next(answer.value());
    },
  }, el('fieldset', {}, el('legend', { dir: 'auto' }, q.prompt), answer.node), problem,
  el('div', { class: 'row' }, go.back && button(WORDS.back, go.back),
    el('button', { class: 'main' }, WORDS.next)));
  return [el('p', { class: 'soft' }, [go.lead, w.of(go.index + 1, go.count)].filter(Boolean).join(' · ')),
    form, el('div', { class: 'stack' }, button(w.notNow, go.notNow, { class: 'quiet' })),
    el('p', { class: 'hint' }, w.notNowHint)];
}

/** @param {{ notNow: boolean, canSeal: boolean, back(): void, seal(): void, label?: string }} go */
export function seal(go) {
  const w = WORDS.seal;
  const main = button(go.label ?? w.go, go.seal, { class: 'main', id: 'seal', disabled: !go.canSeal });
  return [el('h1', {}, w.title), el('p', {}, go.notNow ? w.notNow : w.lead),
    el('p', { class: 'soft', id: 'seal-wait', role: 'status' }, go.canSeal ? '' : w.waitingFirst),
    el('div', { class: 'stack' }, main, button(WORDS.back, go.back, { class: 'quiet' }))];
}

export function sealed() {
  return [el('h1', {}, WORDS.waiting.title), ...calm(WORDS.waiting.lead)];
}

/** What an outcome reveals, as elements. @param {any} reveals */
function revealed(reveals) {
  return Object.values(reveals).map((/** @type {any} */ reveal) => {
    if (!reveal.items) {
      return el('p', { class: 'outcome' }, `${Number(reveal.number).toLocaleString('en')} ${reveal.unit}`);
    }
    return el('ul', {}, ...reveal.items.map((/** @type {any} */ item) => el('li', { dir: 'auto' },
      item.to ? `${item.text}: ${item.to}` : item.text)));
  });
}

/** @param {any} shown @param {string[]} notes @param {() => void} clear */
export function outcome(shown, notes, clear) {
  const w = WORDS.outcome;
  return [el('p', { class: 'outcome', dir: 'auto' }, shown.headline), ...revealed(shown.reveals),
    ...paragraphs(shown.say),
    el('div', { class: 'card' }, el('p', {}, shown.otherwise ? w.nothingWhy : w.next)),
    ...tips(notes),
    el('div', { class: 'stack' }, button(w.clear, clear, { class: 'main' }))];
}

/** Private notes, in the same place for everyone. @param {string[]} notes */
function tips(notes) {
  return notes.length === 0 ? [] : [el('div', { class: 'card' }, el('h2', {}, WORDS.outcome.tip),
    ...notes.flatMap((note) => paragraphs(note)))];
}

/** @param {any[]} outcomes @param {string[][]} notes @param {() => void} again
 * @param {() => void} home_ */
export function practised(outcomes, notes, again, home_) {
  const w = WORDS.practice;
  return [el('h1', {}, w.title), ...outcomes.flatMap((shown, i) => [
    el('h2', {}, w.sees(i)),
    el('div', { class: 'card' }, el('p', { class: 'outcome', dir: 'auto' }, shown.headline),
      ...revealed(shown.reveals), ...paragraphs(shown.say), ...tips(notes[i]))]),
  el('div', { class: 'stack' }, button(w.again, again, { class: 'main' }),
    button(WORDS.back, home_, { class: 'quiet' }))];
}

/** @param {string} reason @param {boolean} maybe @param {() => void} again */
export function ended(reason, maybe, again) {
  const w = WORDS.ended;
  const sentence = /** @type {Record<string, string>} */ (w.reasons)[reason] ??
    w.reasons['did-not-add-up'];
  return [el('h1', {}, w.title), el('p', {}, sentence), el('p', {}, maybe ? w.maybe : w.nothing),
    el('div', { class: 'stack' }, button(w.again, again, { class: 'main' }))];
}

/** @param {string} title @param {string} text */
export function cannot(title, text) {
  return [el('h1', {}, title), el('p', {}, text)];
}
