// SPDX-License-Identifier: ISC
// asleep.js — sleeping on it: choosing a pause, what is said when the answers are put aside, and the morning.
//
// What waits is told without what it is: whoever looks at the screen learns that something does.

import { actions, button, el, paragraphs, two } from './dom.js';
import { ask, relayUrl } from './engine.js';
import { field } from './questions.js';
import * as screens from './screens.js';
import { later, show } from './stage.js';
import { back, go, settle } from './trail.js';
import { WORDS } from './words.js';

/** What went wrong with the relay and is not mended by another try soon. */
const SAID_AS_EVER = ['old', 'malformed', 'relay-wrong', 'too-large-here'];
const SLOW_MS = 3000; // a browser that does not say what it keeps: the first screen does not wait longer

/**
 * As the worker has it (kept.js).
 * @typedef {{ id: string, wrong: string, same: boolean, opens: number, closes: number, ahead: number,
 *   confirmed: boolean, given: boolean }} Night
 * @typedef {{ home(): void, reveal(outcome: any): void }} Ways
 */

/** What is slept on in this browser. @param {string} [typed] a link, to know what belongs to it
 * @returns {Promise<Night[]>} */
export function nights(typed = '') {
  const slow = new Promise((resolve) => { setTimeout(resolve, SLOW_MS, []); });
  return Promise.race([ask('nights', { typed }).catch(() => []), slow]);
}

/** A time of the relay's clock on this device's. @param {number} time @param {number} ahead */
function clock(time, ahead) {
  const on = new Date(time - ahead);
  const today = on.toDateString() === new Date().toDateString();
  return on.toLocaleString('en', { weekday: today ? undefined : 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** @param {Night} night @returns {[string, string]} from when to when */
const times = ({ opens, closes, ahead }) => [clock(opens, ahead), clock(closes, ahead)];

// ------------------------------------------------------------------------------- the evening

/** A headline within a sentence. @param {string} headline */
const bare = (headline) => headline.replace(/[.。]$/, '');

/** @param {{ hours: number, otherwise: string, back(): void, choose(hours: number): Promise<string> }} given
 *   choose gives back what is wrong, or '' */
export function pauseScreen(given) {
  const w = WORDS.pause;
  const options = Object.entries(w.hours).map(([id, text]) => ({ id, text }));
  const answer = field(/** @type {any} */ ({ id: 'pause', kind: 'choice', options }), [],
    new Map([['pause', String(given.hours)]]));
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('form', { id: 'form', novalidate: true,
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      const [chosen] = answer.value();
      problem.textContent = chosen ? await given.choose(Number(chosen[1])) : w.none;
      if (problem.textContent) answer.culprit()?.focus();
    },
  }, el('fieldset', {}, el('legend', {}, el('h2', {}, w.how)), answer.node), problem);
  return [el('h1', {}, w.title), ...w.text(bare(given.otherwise)).map((text) => el('p', {}, text)), form,
    actions(el('button', { class: 'main', form: 'form' }, w.choose),
      given.hours > 0 && button(w.drop, () => given.choose(0)),
      button(WORDS.back, given.back, { class: 'quiet' }))];
}

/** @param {{ opens: number, closes: number, ahead: number }} night @param {string} otherwise a headline
 * @param {string[]} notes @param {() => void} home */
export function putAsideScreen(night, otherwise, notes, home) {
  const w = WORDS.asleep;
  const [from, to] = times(/** @type {Night} */ (night));
  return [two('small'), el('h1', {}, w.title), el('p', {}, w.lead(from, to)), el('p', {}, w.both(to, bare(otherwise))),
    el('div', { class: 'card' }, el('h2', {}, WORDS.outcome.tip),
      ...(notes.length ? notes : [WORDS.outcome.anyTip]).flatMap(paragraphs)),
    el('p', { class: 'hint' }, w.here), actions(button(WORDS.outcome.clear, home, { class: 'main' }))];
}

// ------------------------------------------------------------------------------- the morning

/** Where a night is, as WORDS.morning has it. @param {Night} night */
function phaseOf(night) {
  const now = Date.now() + night.ahead;
  if (night.wrong) return 'wrong';
  if (now < night.opens) return 'early';
  if (now >= night.closes) return 'over';
  if (!night.confirmed) return 'open';
  return night.given ? 'given' : 'again';
}

/** On the first screen. @param {Night[]} waiting @param {Ways} ways */
export function waitingCard(waiting, ways) {
  const w = WORDS.morning;
  if (waiting.length === 0) return null;
  return el('div', { class: 'card' }, el('p', {}, w.card), el('div', { class: 'stack' }, ...waiting.map((night) => {
    const look = button(w.look, () => go(() => showNight(night, ways)), { class: 'choice' });
    look.append(el('small', {}, w.when[phaseOf(night)](...times(night))));
    return look;
  })));
}

/** @param {Night} night */
function aboutIt(night) {
  const w = WORDS.morning;
  const text = el('p', { dir: 'auto' });
  const about = el('details', {
    async ontoggle() {
      if (about.open) text.textContent = await ask('titleOf', { night: night.id }).catch(() => w.noTitle);
    },
  }, el('summary', {}, w.about), text);
  return about;
}

/** @param {Night} night @param {Ways} ways @param {string} [said] what happened just now */
export function showNight(night, ways, said = '') {
  const w = WORDS.morning;
  const phase = phaseOf(night);
  const text = phase === 'wrong' ? [w.wrong[night.wrong] ?? w.wrong.damaged] : w.texts[phase](...times(night));
  const wish = { open: w.confirm, again: w.confirm, over: w.see }[/** @type {string} */ (phase)];
  const away = phase === 'wrong' ? w.remove : phase === 'early' || phase === 'open' ? w.takeBack : '';
  show([two('small'), el('h1', {}, w.titles[phase]), said && el('p', { class: 'card', role: 'status' }, said),
    ...text.map((one) => el('p', {}, one)), phase !== 'wrong' && aboutIt(night),
    actions(wish && button(wish, () => { void meet(night, ways, phase === 'over'); }, { class: 'main' }),
      away && night.wrong !== 'absent' && button(away, () => go(() => show(sure(night, ways)))),
      button(w.home, ways.home, { class: 'quiet' }))]);
  if (phase === 'wrong' || phase === 'over') return;
  const next = phase === 'early' ? night.opens : night.closes;
  later(Math.max(0, next - night.ahead - Date.now()), () => settle(() => showNight(night, ways)));
}

/** Says that the answers still hold; or only looks what came of it.
 * @param {Night} night @param {Ways} ways @param {boolean} looks */
async function meet(night, ways, looks) {
  const w = WORDS.morning;
  settle(() => show(screens.calm(w.meeting)));
  const { result, outcome, ahead = night.ahead } = await ask('confirm', { night: night.id, url: relayUrl(), looks })
    .catch(() => ({ result: 'unreachable' }));
  const again = (/** @type {Partial<Night>} */ change, said = '') =>
    settle(() => showNight({ ...night, ahead, ...change }, ways, said));
  if (result === 'outcome') ways.reveal(outcome);
  else if (result === 'given') again({ confirmed: true, given: true });
  else if (result === 'early') again({}, w.otherClock);
  else if (result in w.wrong) again({ wrong: result });
  else if (result === 'refused') again({}, w.refused);
  else again({}, w.notYet(WORDS.ended.reasons[SAID_AS_EVER.includes(result) ? result : 'unreachable']));
}

/** @param {Night} night @param {Ways} ways */
function sure(night, ways) {
  const w = WORDS.morning;
  const label = night.wrong ? w.remove : w.takeBack;
  const takeBack = async () => {
    const taken = await ask('takeBack', { night: night.id }).catch(() => null);
    if (taken) {
      settle(() => show([el('h1', {}, w.taken), el('p', {}, w.takenText),
        actions(button(w.home, ways.home, { class: 'main' }))]));
    } else if (taken === null) {
      settle(() => showNight(night, ways, w.notTaken));
    } else {
      settle(() => showNight({ ...night, confirmed: true, given: true }, ways, w.tooLate));
    }
  };
  return [el('h1', {}, w.sure), el('p', {}, w.sureText),
    actions(button(label, () => { void takeBack(); }, { class: 'main' }), button(WORDS.back, back, { class: 'quiet' }))];
}
