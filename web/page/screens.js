// SPDX-License-Identifier: ISC
// screens.js — each screen as a function from what it shows to its elements.

import { actions, button, el, paragraphs, two } from './dom.js';
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

/** @param {string} said what happened before, or '' @param {Element | null} waiting what is slept on here
 * @param {{ ask(): void, answer(): void, practise(): void }} go */
export function home(said, waiting, go) {
  const w = WORDS.home;
  return [said && el('p', { class: 'card', role: 'status' }, said), waiting, two('small'),
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
    })), actions(button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** The rule in plain words; the engine sets apart what is no condition.
 * @param {any} described @param {any} head what stands over it */
function ruleParts(described, head) {
  const [rule, ...more] = described.plain.split('\n\n');
  return [el('div', { class: 'card' }, head, ...paragraphs(rule)),
    more.length > 0 && el('details', {}, el('summary', {}, WORDS.about.more), ...paragraphs(more.join('\n')))];
}

/** What it is.  Who chose it sees the rule as well; who was sent a link sees here, on their first screen,
 * how it goes and what the way out does not do, and the rule on the next.
 * @param {any} described
 * @param {{ next(): void, back: (() => void) | null, change: (() => void) | null, theirs: boolean }} go */
export function about(described, go) {
  const w = WORDS.about;
  const { sheet } = described;
  const lists = sheet.lists.map((/** @type {any} */ list) => el('div', { class: 'card' },
    el('h2', {}, w.list),
    el('ul', {}, ...list.items.map((/** @type {any} */ item) => el('li', { dir: 'auto' }, item.text))),
    list.editable && go.theirs && el('p', { class: 'hint' }, w.theirs),
    list.editable && go.change && button(w.change, go.change, { class: 'wide' })));
  const parts = go.theirs ? [el('p', {}, w.how), ...lists, el('p', { class: 'hint' }, WORDS.home.leave)]
    : [...lists, ...ruleParts(described, el('h2', {}, w.rule))];
  return [go.theirs && two('small'), el('h1', { dir: 'auto' }, sheet.title),
    ...paragraphs(sheet.about ?? ''), ...parts,
    actions(button(WORDS.go, go.next, { class: 'main' }),
      go.back && button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** The rule on a screen of its own. @param {any} described @param {{ next(): void, back(): void }} go */
export function rule(described, go) {
  return [el('h1', {}, WORDS.about.rule), ...ruleParts(described, null),
    actions(button(WORDS.go, go.next, { class: 'main' }),
      button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** What silence means, what it does not protect, and whether they may sleep on it.
 * @param {any} described
 * @param {{ pickRole: boolean, canSleep: boolean, next(person: number): void, back(): void }} go */
export function before(described, go) {
  const w = WORDS.before;
  const { people, sleep_hours: hours, sleep_optional: optional } = described.sheet;
  const sleeps = hours > 0 && !optional;
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
    ...part(w.not, w.notText), sleeps && part(w.sleep, w.sleepText(hours)),
    !sleeps && !go.canSleep && el('p', { class: 'hint' }, w.noSleep),
    el('details', {}, el('summary', {}, w.more), el('p', {}, w.together),
      !sleeps && go.canSleep && el('p', {}, w.maySleep),
      el('p', {}, w.words, ' ', el('strong', { translate: 'no' }, described.words))), roles,
    actions(button(go.pickRole ? w.start : w.questions, next, { class: 'main' }),
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
    actions(button(w.go, given.go, { class: 'main' }))];
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
  const form = el('form', { id: 'form', novalidate: true,
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      problem.textContent = await go.join(input.value);
      input.setAttribute('aria-invalid', String(problem.textContent !== ''));
      if (problem.textContent) input.focus();
    },
  }, el('label', { for: 'code' }, w.label), input, words,
  el('p', { class: 'hint', id: 'code-hint' }, w.hint), problem);
  return [el('h1', {}, w.title), form, actions(el('button', { class: 'main', form: 'form' }, w.go),
    button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** @param {string} text @param {() => void} [stop_] when it may last */
export function calm(text, stop_) {
  return [el('div', { class: 'still' }, el('h1', {}, WORDS.code.wait), two('moving'),
    el('p', { role: 'status' }, text)), stop_ && actions(button(WORDS.stop.stop, stop_))];
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
  const form = el('form', { id: 'form', novalidate: true,
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      const said = answer.problem() || await go.next(answer.value());
      const at = said ? answer.culprit() : null;
      (at?.closest('.each') ?? form).append(problem);
      problem.textContent = said;
      at?.focus();
      if (said) problem.scrollIntoView({ block: 'nearest' });
    },
  }, el('fieldset', {}, el('legend', {}, el('h1', { dir: 'auto' }, q.prompt)), answer.node), problem);
  const steps = Array.from({ length: go.count }, (_, i) => el('i', { class: i <= go.index ? 'done' : '' }));
  return [el('p', { class: 'hint step' },
    [go.lead, w.of(go.index + 1, go.count)].filter(Boolean).join(' · ')),
  go.count > 1 && el('div', { class: 'steps', 'aria-hidden': 'true' }, ...steps), form,
  actions(el('div', { class: 'row' }, button(WORDS.back, go.back),
    el('button', { class: 'main', form: 'form' }, WORDS.next)),
  button(w.notNow, go.notNow, { class: 'quiet', 'aria-describedby': 'not-now' }),
  el('p', { class: 'hint', id: 'not-now' }, w.notNowHint))];
}

export function leaking() {
  const w = WORDS.leak;
  return [el('div', { class: 'still' }, el('h1', {}, w.title), two('moving'),
    el('p', { role: 'status' }, w.working),
    el('progress', { id: 'progress', max: 1000, 'aria-label': w.progress }))];
}

/** What the answers could tell, short, the most telling first; the rest on request.
 * @param {any} told as tacit_leak_json has it, or null @param {{ next(): void, back(): void }} go */
export function leak(told, go) {
  const w = WORDS.leak;
  const outcomes = (told?.outcomes ?? []).filter((/** @type {any} */ one) => one.possible);
  /** @param {string[]} texts of which the first may be the head of a list @returns {any[]} */
  const points = ([head, ...rest]) => [el('p', { dir: 'auto' }, head),
    rest.length > 0 && el('ul', {}, ...rest.map((text) => el('li', { dir: 'auto' }, text)))];
  return [el('h1', {}, w.title), el('p', {}, told ? w.lead : w.unknown),
    ...outcomes.map((/** @type {any} */ one) => {
      const [first, ...rest] = one.about_you;
      return el('div', { class: 'card' },
        el('h2', { dir: 'auto' }, w.sees(one.headline.replace(/[.。]$/, ''))),
        el('p', { dir: 'auto' }, first?.replace(/:$/, '.') ?? w.none),
        (rest.length > 0 || one.about_them.length > 0) && el('details', {}, el('summary', {}, w.more),
          rest.length > 0 && el('ul', {}, ...rest.map((text) => el('li', { dir: 'auto' }, text))),
          one.about_them.length > 0 && el('h3', {}, w.them),
          ...(one.about_them.length > 0 ? points(one.about_them) : [])));
    }),
    told?.bound && el('p', { class: 'hint', dir: 'auto' }, told.bound),
    actions(button(WORDS.go, go.next, { class: 'main' }), button(WORDS.back, go.back, { class: 'quiet' }))];
}

/** @param {{ notNow: boolean, here: boolean, unfair: boolean, pause: number, back(): void,
 *   link: (() => void) | null, sleep: (() => void) | null, seal(): void }} go */
export function seal(go) {
  const w = WORDS.seal;
  return [el('h1', {}, w.title), go.notNow && el('p', {}, w.notNow), el('p', {}, w.lead),
    go.pause > 0 && el('p', { class: 'card' }, w.paused(WORDS.pause.hours[go.pause])),
    el('p', { class: 'soft', id: 'here', role: 'status' },
      !go.here ? w.waiting : go.unfair ? w.hereUnfair : w.here),
    actions(button(w.go, go.seal, { class: 'main', id: 'seal', disabled: !go.here }),
      !go.here && go.link && button(w.link, go.link, { id: 'link' }),
      go.sleep && button(go.pause > 0 ? w.otherPause : w.sleep, go.sleep, { id: 'sleep', hidden: !go.here }),
      button(WORDS.back, go.back, { class: 'quiet' }))];
}

export function sealed() {
  const w = WORDS.waiting;
  return [el('div', { class: 'still' }, el('h1', {}, w.title), two('moving'), el('p', {}, w.lead),
    el('p', { class: 'soft' }, w.stay))];
}

// -------------------------------------------------------------------------------- outcomes

/** Who keeps an item of a split; or how much of it each, when it is shared. @param {any} item */
function whoKeeps(item) {
  const w = WORDS.outcome;
  if (item.percent) return w.shared(100 - item.percent, item.percent);
  return item.to === 'you' ? w.you : w.them;
}

/** What an outcome reveals, as elements. @param {Record<string, any>} reveals */
function revealed(reveals) {
  return Object.values(reveals).map((reveal) => {
    if (!reveal.items) {
      return el('p', { class: 'revealed' }, [plain(reveal.number), reveal.unit].filter(Boolean).join(' '));
    }
    if (reveal.items.some((/** @type {any} */ item) => item.to)) {
      return el('dl', { class: 'split' }, ...reveal.items.flatMap((/** @type {any} */ item) => [
        el('dt', { dir: 'auto' }, item.text), el('dd', {}, whoKeeps(item))]));
    }
    return el('ul', { class: 'revealed' }, ...reveal.items.map((/** @type {any} */ item) =>
      el('li', { dir: 'auto' }, item.text)));
  });
}

/** What is good to do next.  Private notes stand where everybody has some tip, and look no different.
 * @param {any} shown @param {string[]} notes @param {string} head the element of its headings */
function nextSteps(shown, notes, head) {
  const w = WORDS.outcome;
  return [el('div', { class: 'card' }, el(head, {}, w.step), el('p', {}, shown.otherwise ? w.no : w.yes)),
    el('div', { class: 'card' }, el(head, {}, w.tip),
      ...(notes.length ? notes : [w.anyTip]).flatMap(paragraphs))];
}

/** @param {any} shown @param {string[]} notes @param {{ clear(): void, longer(): void }} go */
export function outcome(shown, notes, go) {
  const w = WORDS.outcome;
  return [el('h1', { class: 'outcome', dir: 'auto' }, shown.headline), ...revealed(shown.reveals),
    ...paragraphs(shown.say), ...nextSteps(shown, notes, 'h2'), el('p', { class: 'hint' }, w.fades),
    actions(button(w.clear, go.clear, { class: 'main' }),
      button(w.longer, go.longer, { class: 'quiet' }))];
}

/** @param {() => void} home_ */
export function faded(home_) {
  const w = WORDS.outcome;
  return [el('h1', {}, w.faded), el('p', {}, w.fadedText), actions(button(w.home, home_))];
}

// -------------------------------------------------------------------------------- practice

/** @param {string} title @param {string} text @param {string} label @param {() => void} next
 * @param {() => void} back */
export function turn(title, text, label, next, back) {
  return [el('h1', {}, title), el('p', {}, text), actions(button(label, next, { class: 'main' }),
    button(WORDS.back, back, { class: 'quiet' }))];
}

/** @param {any[]} outcomes @param {string[][]} notes @param {() => void} again
 * @param {() => void} home_ */
export function practised(outcomes, notes, again, home_) {
  const w = WORDS.practice;
  return [el('h1', {}, w.seen), ...outcomes.map((shown, i) => el('section', { class: 'seat' },
    el('h2', {}, w.sees[i]), el('p', { class: 'outcome', dir: 'auto' }, shown.headline),
    ...revealed(shown.reveals), ...paragraphs(shown.say), ...nextSteps(shown, notes[i], 'h3'))),
  actions(button(w.again, again, { class: 'main' }), button(w.earnest, home_))];
}

// --------------------------------------------------------------------------------- endings

/** @param {{ go(): void, stop(): void }} go */
export function stop(go) {
  const w = WORDS.stop;
  return [el('h1', {}, w.title), el('p', {}, w.lead),
    actions(button(w.go, go.go, { class: 'main' }), button(w.stop, go.stop))];
}

const MENDED_BY_RELOAD = ['old', 'malformed', 'too-large', 'stumbled'];

/** After these the code that a person was given may be right all the same. */
const MENDED_BY_CODE = ['wrong-code', 'no-room'];
/** These say themselves what to do. */
const SAYS_WHAT_TO_DO = ['wrong-code', 'no-room', 'full', 'busy', 'closing', 'idle', 'too-fast', 'line',
  'unreachable', 'did-not-add-up', 'same-role', 'not-yet', 'letters'];

/** @param {string} reason @param {boolean} maybe the other person may have seen the outcome
 * @param {{ home(): void, wait: (() => void) | null, code: (() => void) | null }} go */
export function ended(reason, maybe, go) {
  const w = WORDS.ended;
  const reload = MENDED_BY_RELOAD.includes(reason);
  const code = MENDED_BY_CODE.includes(reason) ? go.code : null;
  return [el('h1', {}, w.title), el('p', {}, w.reasons[reason] ?? w.reasons['did-not-add-up']),
    el('p', {}, maybe ? w.maybe : w.nothing),
    !maybe && !go.wait && !reload && !SAYS_WHAT_TO_DO.includes(reason) && el('p', {}, w.then),
    actions(go.wait && button(w.wait, go.wait, { class: 'main' }),
      code && button(w.code, code, { class: 'main' }),
      reload && button(w.reload, () => location.reload(), { class: 'main' }),
      button(w.home, go.home, { class: go.wait || reload || code ? '' : 'main' }))];
}

/** @param {string} title @param {string} text @param {boolean} [reload] */
export function cannot(title, text, reload = false) {
  return [el('h1', {}, title), el('p', {}, text), reload && actions(
    button(WORDS.ended.reload, () => location.reload(), { class: 'main' }))];
}
