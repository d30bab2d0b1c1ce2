// SPDX-License-Identifier: ISC
// screens.js — each screen as a function from what it shows to its elements.

import { button, el, paragraphs, two } from './dom.js';
import { field, plain } from './questions.js';
import { WORDS } from './words.js';

/** @param {string} id */
export const roleName = (id) => id.charAt(0).toUpperCase() + id.slice(1).replace(/-/g, ' ');

/** @param {string} text */
function firstSentence(text) {
  const flat = text.replace(/\s+/g, ' ').trim();
  const end = flat.search(/[.!?](\s|$)/);
  return end < 0 ? flat : flat.slice(0, end + 1);
}

// ------------------------------------------------------------------------------ beginnings

/** @param {string} said what happened before, or '' @param {{ ask(): void, answer(): void,
 *   practise(): void }} go */
export function home(said, go) {
  const w = WORDS.home;
  return [said && el('p', { class: 'card', role: 'status' }, said), two('small'),
    el('h1', {}, w.title), el('p', {}, w.lead),
    el('div', { class: 'stack' }, button(w.ask, go.ask, { class: 'main' }),
      button(w.answer, go.answer), button(w.practice, go.practise, { class: 'quiet' })),
    el('div', { class: 'hint' }, el('p', {}, w.stays), el('p', {}, w.room), el('p', {}, w.leave))];
}

/** @param {{ name: string, title: string, about: string }[]} sheets @param {boolean} practice
 * @param {{ pick(name: string): void, back(): void }} go */
export function choose(sheets, practice, go) {
  const w = WORDS.choose;
  return [el('h1', {}, practice ? w.practice : w.title),
    el('div', { class: 'stack' }, ...sheets.map((sheet) => {
      const choice = button(sheet.title, () => go.pick(sheet.name), { class: 'choice' });
      choice.append(el('small', {}, firstSentence(sheet.about)));
      return choice;
    }), button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** What it is, and the rule. @param {any} described
 * @param {{ next(): void, back: (() => void) | null, change: (() => void) | null, theirs: boolean }} go */
export function about(described, go) {
  const w = WORDS.about;
  const { sheet } = described;
  const [rule, ...more] = described.plain.split('\n\n'); // the engine sets apart what is no condition
  const lists = sheet.lists.map((/** @type {any} */ list) => el('div', { class: 'card' },
    el('h2', {}, w.list),
    el('ul', {}, ...list.items.map((/** @type {any} */ item) => el('li', { dir: 'auto' }, item.text))),
    list.editable && go.theirs && el('p', { class: 'hint' }, w.theirs),
    list.editable && go.change && button(w.change, go.change, { class: 'wide' })));
  return [el('h1', { dir: 'auto' }, sheet.title), ...paragraphs(sheet.about ?? ''), ...lists,
    el('div', { class: 'card' }, el('h2', {}, w.rule), ...paragraphs(rule)),
    more.length > 0 && el('details', {}, el('summary', {}, w.more), ...paragraphs(more.join('\n'))),
    el('div', { class: 'stack' }, button(WORDS.go, go.next, { class: 'main' }),
      go.back && button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** What silence means, and what it does not protect.
 * @param {any} described @param {{ pickRole: boolean, next(person: number): void, back(): void }} go */
export function before(described, go) {
  const w = WORDS.before;
  const { people } = described.sheet;
  const problem = el('p', { class: 'problem', role: 'alert' });
  const roles = people.length !== 2 ? null : go.pickRole
    ? el('fieldset', { class: 'card' }, el('legend', {}, el('h2', {}, w.role)),
      el('div', {}, ...people.map((/** @type {string} */ name, /** @type {number} */ i) =>
        el('label', { class: 'option' }, el('input', { type: 'radio', name: 'role', value: i }),
          el('span', {}, roleName(name))))), problem)
    : el('p', { class: 'card' }, w.you(roleName(people[described.person])));
  const next = () => {
    const picked = roles?.querySelector('input:checked')?.value;
    if (people.length === 2 && go.pickRole && picked === undefined) problem.textContent = w.noRole;
    else go.next(picked === undefined ? -1 : Number(picked));
  };
  const part = (/** @type {string} */ head, /** @type {string} */ text) =>
    [el('h2', {}, head), el('p', {}, text)];
  return [el('h1', {}, w.title), ...part(w.silence, w.silenceText), ...part(w.learn, w.learnText),
    ...part(w.not, w.notText),
    el('details', {}, el('summary', {}, w.more), el('p', {}, w.direct),
      el('p', {}, w.words, ' ', el('strong', { translate: 'no' }, described.words))), roles,
    el('div', { class: 'stack' },
      button(go.pickRole ? w.start : w.questions, next, { class: 'main' }),
      button(WORDS.back, go.back, { class: 'quiet' }))];
}

// --------------------------------------------------------------------------------- pairing

/** @param {{ code: string, link: string, qr: Element | null, joined: boolean, go(): void }} given */
export function share(given) {
  const w = WORDS.share;
  const said = el('p', { class: 'hint', role: 'status' });
  const say = (/** @type {string} */ text) => () => { said.textContent = text; };
  // Either may be missing, or refused by the person: the link stands above in any case.
  const copy = async () => navigator.clipboard.writeText(given.link);
  const send = async () => navigator.share({ text: w.title_, url: given.link });
  return [el('h1', {}, w.title), el('p', {}, w.lead),
    el('div', { class: 'card' }, el('p', { class: 'code', translate: 'no' }, given.code), given.qr,
      el('p', { class: 'link soft', translate: 'no' }, given.link)),
    el('div', { class: 'stack' },
      'share' in navigator && button(w.send, () => { send().catch(() => {}); }),
      button(w.copy, () => { copy().then(say(w.copied), say(w.noCopy)); })), said,
    el('p', { class: 'soft', id: 'joined' }, given.joined ? w.joined : w.waiting),
    el('div', { class: 'stack' }, button(w.go, given.go, { class: 'main' }))];
}

/** @param {string} said what was wrong with a link, or ''
 * @param {{ join(typed: string): Promise<string>, complete(prefix: string): Promise<string[]>,
 *   back(): void }} go */
export function enterCode(said, go) {
  const w = WORDS.code;
  const problem = el('p', { class: 'problem', role: 'alert', id: 'code-problem' }, said);
  const words = el('datalist', { id: 'words' });
  const input = el('input', { type: 'text', class: 'wide', id: 'code', autocomplete: 'off',
    autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', enterkeyhint: 'go', list: 'words',
    'aria-describedby': 'code-hint code-problem' });
  input.addEventListener('input', async () => {
    const parts = input.value.split(/[\s-]+/);
    const last = parts.pop() ?? '';
    if (parts.length === 0 || !/^[a-z]{1,8}$/i.test(last)) return;
    const found = await go.complete(last.toLowerCase());
    words.replaceChildren(...found.map((word) => el('option', { value: [...parts, word].join('-') })));
  });
  const form = el('form', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.textContent = await go.join(input.value);
      if (problem.textContent) input.focus();
    },
  }, el('label', { for: 'code' }, w.label), input, words,
  el('p', { class: 'hint', id: 'code-hint' }, w.hint), problem,
  el('div', { class: 'stack' }, el('button', { class: 'main' }, w.go),
    button(WORDS.back, go.back, { class: 'quiet' })));
  return [el('h1', {}, w.title), form];
}

/** @param {string} text */
export function calm(text) {
  return [two('moving'), el('p', { role: 'status' }, text)];
}

// --------------------------------------------------------------------------------- answers

/** @param {import('./questions.js').Question} q @param {any[]} items
 * @param {Map<string, string>} given
 * @param {{ index: number, count: number, back(): void, lead?: string, notNow(): void,
 *   next(pairs: [string, string][]): Promise<string> }} go `next` gives back what is wrong, or '' */
export function question(q, items, given, go) {
  const w = WORDS.question;
  const answer = field(q, items, given);
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('form', {
    novalidate: true,
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.textContent = answer.problem() || await go.next(answer.value());
      if (problem.textContent) problem.scrollIntoView({ block: 'nearest' });
    },
  }, el('fieldset', {}, el('legend', {}, el('h1', { dir: 'auto' }, q.prompt)), answer.node), problem,
  el('div', { class: 'row' }, button(WORDS.back, go.back), el('button', { class: 'main' }, WORDS.next)));
  return [el('p', { class: 'hint step' },
    [go.lead, w.of(go.index + 1, go.count)].filter(Boolean).join(' · ')),
  form, el('div', { class: 'stack' }, button(w.notNow, go.notNow, { class: 'quiet' })),
  el('p', { class: 'hint' }, w.notNowHint)];
}

/** @param {{ notNow: boolean, here: boolean, back(): void, link: (() => void) | null,
 *   seal(): void }} go */
export function seal(go) {
  const w = WORDS.seal;
  return [el('h1', {}, w.title), go.notNow && el('p', {}, w.notNow), el('p', {}, w.lead),
    el('p', { class: 'soft', id: 'here', role: 'status' }, go.here ? w.here : w.waiting),
    el('div', { class: 'stack' },
      button(w.go, go.seal, { class: 'main', id: 'seal', disabled: !go.here }),
      !go.here && go.link && button(w.link, go.link, { id: 'link' }),
      button(WORDS.back, go.back, { class: 'quiet' }))];
}

export function sealed() {
  const w = WORDS.waiting;
  return [el('h1', {}, w.title), two('moving'), el('p', {}, w.lead), el('p', { class: 'soft' }, w.stay)];
}

// -------------------------------------------------------------------------------- outcomes

/** What an outcome reveals, as elements. @param {Record<string, any>} reveals */
function revealed(reveals) {
  const w = WORDS.outcome;
  return Object.values(reveals).map((reveal) => {
    if (!reveal.items) {
      return el('p', { class: 'revealed' }, [plain(reveal.number), reveal.unit].filter(Boolean).join(' '));
    }
    if (reveal.items.some((/** @type {any} */ item) => item.to)) {
      return el('dl', { class: 'split' }, ...reveal.items.flatMap((/** @type {any} */ item) => [
        el('dt', { dir: 'auto' }, item.text), el('dd', {}, item.to === 'you' ? w.you : w.them)]));
    }
    return el('ul', { class: 'revealed' }, ...reveal.items.map((/** @type {any} */ item) =>
      el('li', { dir: 'auto' }, item.text)));
  });
}

/** Private notes stand where everybody has some tip, and look no different.
 * @param {string[]} notes */
function tip(notes) {
  const w = WORDS.outcome;
  return el('div', { class: 'card' }, el('h2', {}, w.tip),
    ...(notes.length ? notes : [w.anyTip]).flatMap(paragraphs));
}

/** @param {any} shown @param {string[]} notes @param {() => void} clear */
export function outcome(shown, notes, clear) {
  const w = WORDS.outcome;
  return [el('h1', { class: 'outcome', dir: 'auto' }, shown.headline), ...revealed(shown.reveals),
    ...paragraphs(shown.say), el('p', {}, shown.otherwise ? w.no : w.yes), tip(notes),
    el('p', { class: 'hint' }, w.fades),
    el('div', { class: 'stack' }, button(w.clear, clear, { class: 'main' }))];
}

/** @param {() => void} home_ */
export function faded(home_) {
  const w = WORDS.outcome;
  return [el('h1', {}, w.faded), el('p', {}, w.fadedText),
    el('div', { class: 'stack' }, button(w.home, home_))];
}

// -------------------------------------------------------------------------------- practice

/** @param {string} title @param {string} text @param {string} label @param {() => void} next
 * @param {() => void} back */
export function turn(title, text, label, next, back) {
  return [el('h1', {}, title), el('p', {}, text), el('div', { class: 'stack' },
    button(label, next, { class: 'main' }), button(WORDS.back, back, { class: 'quiet' }))];
}

/** @param {any[]} outcomes @param {string[][]} notes @param {() => void} again
 * @param {() => void} home_ */
export function practised(outcomes, notes, again, home_) {
  const w = WORDS.practice;
  return [el('h1', {}, w.title), ...outcomes.flatMap((shown, i) => [
    el('h2', {}, w.sees[i]),
    el('div', { class: 'card' }, el('p', { class: 'outcome', dir: 'auto' }, shown.headline),
      ...revealed(shown.reveals), ...paragraphs(shown.say), tip(notes[i]))]),
  el('div', { class: 'stack' }, button(w.again, again, { class: 'main' }), button(w.earnest, home_))];
}

// --------------------------------------------------------------------------------- endings

/** @param {{ go(): void, stop(): void }} go */
export function stop(go) {
  const w = WORDS.stop;
  return [el('h1', {}, w.title), el('p', {}, w.lead), el('div', { class: 'stack' },
    button(w.go, go.go, { class: 'main' }), button(w.stop, go.stop))];
}

const MENDED_BY_RELOAD = ['old', 'malformed', 'too-large', 'stumbled'];

/** @param {string} reason @param {boolean} maybe the other person may have seen the outcome
 * @param {{ home(): void, wait: (() => void) | null }} go */
export function ended(reason, maybe, go) {
  const w = WORDS.ended;
  const reload = MENDED_BY_RELOAD.includes(reason);
  return [el('h1', {}, w.title), el('p', {}, w.reasons[reason] ?? w.reasons['did-not-add-up']),
    el('p', {}, maybe ? w.maybe : w.nothing),
    el('div', { class: 'stack' }, go.wait && button(w.wait, go.wait, { class: 'main' }),
      reload && button(w.reload, () => location.reload(), { class: 'main' }),
      button(w.home, go.home, { class: go.wait || reload ? '' : 'main' }))];
}

/** @param {string} title @param {string} text @param {boolean} [reload] */
export function cannot(title, text, reload = false) {
  return [el('h1', {}, title), el('p', {}, text), reload && el('div', { class: 'stack' },
    button(WORDS.ended.reload, () => location.reload(), { class: 'main' }))];
}
