// SPDX-License-Identifier: ISC
// session.js — one sitting with another person, from the first line to the outcome.
//
// Secrets: answers live in `sitting.given` until they are sealed, and nowhere else; the code lives in
// `sitting.code`, never in the address bar.

import { pauseScreen, putAsideScreen } from './asleep.js';
import { ask, listen, relayUrl } from './engine.js';
import { qrCode } from './qr.js';
import * as screens from './screens.js';
import { announce, banner, fade, later, show, stay, which } from './stage.js';
import { back, go, hold, settle } from './trail.js';
import { WORDS } from './words.js';

const BUSY_AFTER_MS = 300;
const FADE_AFTER_MS = 5 * 60 * 1000;
const FADE_MS = 25000; // long enough to ask for more time

function freshSitting() {
  return {
    running: false, // the session goes on, and is not sealed
    described: /** @type {any} */ (null),
    person: -1,
    given: /** @type {Map<string, string>} */ (new Map()),
    notNow: false,
    code: '',
    joined: false,
    paired: false,
    fair: true, // both learn the outcome at the same moment
    sealed: false,
    pause: 0, // hours that this person asks for
    canSleep: false, // this browser keeps what that takes
    notes: /** @type {string[]} */ ([]),
  };
}
let sitting = freshSitting();
/** Where the way back ends while a session runs. */
let floor = () => {};
let home = () => {}; // to the beginning
let typeCode = () => {}; // to where a code is typed

/** @param {() => void} toHome @param {() => void} toCode */
export function setBeginnings(toHome, toCode) {
  home = toHome;
  typeCode = toCode;
}

// --------------------------------------------------------------------------------- begin

/** @param {any} described the sheet that was read last @param {number} person */
export function startAsking(described, person) {
  sitting = { ...freshSitting(), running: true, described, person };
  listenToSession();
  void lookForSleep();
  settle(() => show(screens.calm(WORDS.code.opening, () => home())), 'open');
  void ask('ask', { url: relayUrl(), person });
}

/** @param {string} typed @returns {Promise<string>} what is wrong with it, or '' */
export async function join(typed) {
  const read = await ask('readCode', { typed });
  if (read.error) return read.error;
  sitting = { ...freshSitting(), running: true };
  listenToSession();
  void lookForSleep();
  go(() => show(screens.calm(WORDS.code.connecting, () => home()))); // one step, so that Back has one to take
  void ask('answer', { url: relayUrl(), code: read.code, number: read.number });
  return '';
}

/** Can this browser keep what a pause takes? */
async function lookForSleep() {
  const mine = sitting;
  mine.canSleep = await ask('canSleep', { firmly: false }).catch(() => false);
}

function listenToSession() {
  const asked = sitting.described !== null;
  listen({
    code({ code }) {
      sitting.code = code;
      floor = share;
      settle(share, 'open');
    },
    joined() { joined(true); },
    alone() { joined(false); },
    paired({ described, fair }) {
      sitting.fair = fair;
      sitting.described = described;
      sitting.person = described.person;
      sitting.paired = true;
      joined(true);
      if (asked) return;
      floor = about;
      settle(about, 'open');
    },
    away() { online(false); },
    back() { online(true); },
    leaking: progressed,
    outcome({ outcome }) { showOutcome(outcome, sitting.notes); },
    asleep({ night, otherwise }) { showAsleep(night, otherwise); },
    ended({ reason, revealed, again }) { showEnded(reason, revealed, again); },
  });
}

/** The other person came, or went before anything had begun. @param {boolean} here */
function joined(here) {
  sitting.joined = here;
  const line = document.getElementById('joined');
  if (line) line.textContent = here ? WORDS.share.joined : WORDS.share.waiting;
  const seal = document.getElementById('seal');
  const said = document.getElementById('here');
  if (sitting.paired && seal && said) {
    seal.removeAttribute('disabled');
    said.textContent = sitting.fair ? WORDS.seal.here : WORDS.seal.hereUnfair;
    document.getElementById('link')?.remove();
    if (sitting.fair && sitting.canSleep) document.getElementById('sleep')?.removeAttribute('hidden');
  } else if (here) {
    announce(WORDS.share.joined);
  }
}

// ------------------------------------------------------------------- what comes before answering

function about() {
  show(screens.about(sitting.described, { theirs: true, change: null, back: null, next: () => go(rule) }));
}

function rule() {
  show(screens.rule(sitting.described, { back, next: () => go(beforeAnswering) }));
}

function beforeAnswering() {
  show(screens.before(sitting.described, { pickRole: false, canSleep: sitting.canSleep, back, next: () => questionAt(0) }));
}

async function share() {
  const link = `${location.origin}${location.pathname}#${sitting.code}`;
  const qr = await qrCode(link);
  if (!sitting.running) return;
  show(screens.share({ code: sitting.code, link, qr, joined: sitting.joined,
    go: () => questionAt(0) }));
}

// ------------------------------------------------------------------------------- questions

/** The questions for one person. @param {any} described @param {number} person
 * @returns {import('./questions.js').Question[]} */
export function questionsFor(described, person) {
  const { questions, people } = described.sheet;
  return questions.filter((/** @type {any} */ q) => q.who === 'both' || q.who === people[person]);
}

/** @param {any} described @param {import('./questions.js').Question} q */
export function itemsOf(described, q) {
  return described.sheet.lists.find((/** @type {any} */ list) => list.id === q.list)?.items ?? [];
}

/** Is what was given to this question allowed?  A sentence if not.
 * @param {import('./questions.js').Question} q @param {Map<string, string>} given */
export async function problemWith(q, given) {
  const wrong = await ask('check', { pairs: [...given] });
  if (wrong?.question !== q.id) return '';
  return q.limit ? WORDS.question.limit(q.limit) : WORDS.question.notAllowed;
}

/** @param {number} index */
function questionAt(index) {
  const questions = questionsFor(sitting.described, sitting.person);
  if (index >= questions.length) {
    beforeSealing();
    return;
  }
  const q = questions[index];
  go(() => show(screens.question(q, itemsOf(sitting.described, q), sitting.given, {
    index, count: questions.length, back,
    async next(pairs) {
      pairs.forEach(([key, value]) => sitting.given.set(key, value));
      sitting.notNow = false;
      const problem = await problemWith(q, sitting.given);
      if (problem === '') questionAt(index + 1);
      return problem;
    },
    notNow() {
      sitting.notNow = true;
      beforeSealing();
    },
  })));
}

/** @returns {[string, string][]} */
const toSeal = () => (sitting.notNow ? [['not-now', 'yes']] : [...sitting.given]);

/** What these answers could tell the other person, before they are sealed. */
function beforeSealing() {
  go(() => { void preview(toSeal(), { back, next: sealScreen }); });
}

/** @param {{ done: number }} how far the preview is, of 1000 */
export function progressed({ done }) {
  document.getElementById('progress')?.setAttribute('value', String(done));
}

/** Works out what answers could tell, and shows it.  Says that it works only when that lasts.
 * @param {[string, string][]} pairs @param {{ next(): void, back(): void }} go_ */
export async function preview(pairs, go_) {
  let at = which();
  const timer = setTimeout(() => {
    if (at !== which()) return;
    show(screens.leaking());
    at = which();
  }, BUSY_AFTER_MS);
  const told = await ask('leak', { pairs }).catch(() => null);
  clearTimeout(timer);
  if (at === which()) show(screens.leak(told, go_));
}

function sealScreen() {
  go(() => show(screens.seal({ notNow: sitting.notNow, here: sitting.paired,
    unfair: !sitting.fair, pause: sitting.pause, back, seal,
    sleep: !sitting.canSleep || (sitting.paired && !sitting.fair) ? null : choosePause,
    link: sitting.code ? () => go(share) : null })));
}

/** A pause for this one time. */
function choosePause() {
  const { headline } = sitting.described.sheet.outcomes.find((/** @type {any} */ one) => one.otherwise);
  const choose = async (/** @type {number} */ hours) => {
    if (hours > 0 && !await ask('canSleep', { firmly: true })) return WORDS.pause.cannot;
    sitting.pause = hours;
    back();
    return '';
  };
  go(() => show(pauseScreen({ hours: sitting.pause, otherwise: headline, back, choose })));
}

async function seal() {
  const { error, question, notes } = await ask('seal', { pairs: toSeal(), pause: sitting.pause });
  if (error) { // a question was left out by way of Back
    const at = questionsFor(sitting.described, sitting.person).findIndex((q) => q.id === question);
    questionAt(Math.max(0, at));
    return;
  }
  sitting.running = false;
  sitting.sealed = true;
  sitting.notes = notes;
  sitting.given.clear();
  settle(() => show(screens.sealed()), 'sealed');
}

// --------------------------------------------------------------------------------- endings

/** Both have sealed, and sleep on it. @param {{ opens: number, closes: number, ahead: number }} night
 * @param {string} otherwise the headline of what is seen if one of them does not confirm */
function showAsleep(night, otherwise) {
  listen({});
  banner('');
  const { notes } = sitting;
  sitting = freshSitting();
  settle(() => show(putAsideScreen(night, otherwise, notes, home)));
}

/** @param {any} shown @param {string[]} notes */
export function showOutcome(shown, notes) {
  listen({});
  banner('');
  sitting = freshSitting();
  settle(() => show(screens.outcome(shown, notes, { clear: home, longer })));
  fadeLater();
}

function fadeLater() {
  later(FADE_AFTER_MS, () => fade(WORDS.outcome.fading, true));
  later(FADE_AFTER_MS + FADE_MS, () => settle(() => show(screens.faded(home))));
}

function longer() {
  stay();
  fade(WORDS.outcome.kept, false);
  fadeLater();
}

/** @param {string} reason @param {boolean} maybe @param {boolean} again */
function showEnded(reason, maybe, again) {
  banner('');
  sitting.paired = false;
  sitting.joined = false;
  sitting.running = false;
  sitting.sealed = false;
  if (!again) listen({});
  const code = sitting.code ? null : typeCode;
  const wait = !again ? null : () => {
    sitting.running = true;
    settle(share, 'open');
    void ask('again');
  };
  settle(() => show(screens.ended(reason, maybe, { home, wait, code })));
}

/** The page stumbled: an error that nobody expected. */
export function stumble() {
  const { sealed } = sitting;
  void ask('leave').catch(() => {});
  listen({});
  sitting = freshSitting();
  settle(() => show(screens.ended('stumbled', sealed, { home, wait: null, code: null })));
}

/** Ends what there is. */
export function leaveSitting() {
  listen({});
  banner('');
  sitting = freshSitting();
  floor = () => {};
  return ask('leave');
}

/** The line or the whole device is offline, or back. @param {boolean} on */
export function online(on) {
  const { text, open } = WORDS.offline;
  if (on || !(sitting.running || sitting.sealed)) banner('');
  else banner(sitting.sealed ? text : `${text} ${open}`);
}

export const isRunning = () => sitting.running;

/** Back led to a step that is no more: while a session hangs on this page it asks, else it begins
 * anew; and what is sealed stays sealed. */
export function lost() {
  if (sitting.running) {
    hold(() => show(screens.stop({ go: () => settle(floor, 'open'), stop: home })));
  } else if (!sitting.sealed) {
    home();
  }
}
