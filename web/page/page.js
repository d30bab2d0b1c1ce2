// SPDX-License-Identifier: ISC
// page.js — the way through: which screen follows which, and what is remembered between them.
//
// Secrets: answers live in `sitting` until they are sealed, and nowhere else; the code is taken from
// the address bar at once.

import { ask, listen, startEngine } from './engine.js';
import { leaveNow, watchLeave } from './leave.js';
import { qrCode } from './qr.js';
import * as screens from './screens.js';
import { WORDS } from './words.js';

const FADE_MS = 5 * 60 * 1000; // an outcome stays this long

const main = /** @type {HTMLElement} */ (document.getElementById('screen'));
const status = /** @type {HTMLElement} */ (document.getElementById('status'));

/** One sitting: from choosing a sheet to the outcome. */
function freshSitting() {
  return {
    described: /** @type {any} */ (null),
    person: 0,
    given: /** @type {Map<string, string>} */ (new Map()),
    notNow: false,
    notes: /** @type {string[]} */ ([]),
    code: '',
    joined: false,
    paired: false,
    onSealScreen: false,
  };
}
let sitting = freshSitting();
/** @type {{ name: string, text: string, title: string, about: string }[]} */
let sheets = [];
let fading = 0;

/** @param {(Node | string)[]} nodes @param {string} [announce] */
function show(nodes, announce = '') {
  clearTimeout(fading);
  sitting.onSealScreen = false;
  main.replaceChildren(...nodes);
  status.textContent = announce;
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

const relayUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/relay`;

// ------------------------------------------------------------------------------ beginnings

function home() {
  void ask('leave');
  sitting = freshSitting();
  show(screens.home({ ask: () => chooseSheet(false), answer: enterCode,
    practise: () => chooseSheet(true) }));
}

/** @param {boolean} practice */
function chooseSheet(practice) {
  history.pushState({}, '');
  show(screens.choose(sheets, (name) => aboutSheet(name, practice), practice));
}

/** @param {string} name @param {boolean} practice */
async function aboutSheet(name, practice) {
  const sheet = sheets.find((one) => one.name === name);
  sitting.described = await ask('read', { text: sheet?.text });
  history.pushState({}, '');
  show(screens.about(sitting.described, {
    pickRole: !practice, person: 0,
    next: (person) => (practice ? practise(sheet?.text ?? '') : startAsking(person)),
  }));
}

/** @param {number} person */
function startAsking(person) {
  sitting.person = person;
  show(screens.calm(WORDS.code.connecting));
  listenToSession();
  void ask('ask', { url: relayUrl(), person });
}

function enterCode() {
  history.pushState({}, '');
  show(screens.enterCode({ complete: (prefix) => ask('complete', { prefix }), join }));
}

/** @param {string} typed @returns {Promise<string>} what is wrong with it, or '' */
async function join(typed) {
  const read = await ask('readCode', { typed });
  if (read.error) return read.error;
  show(screens.calm(WORDS.code.connecting));
  listenToSession();
  void ask('answer', { url: relayUrl(), code: read.code, number: read.number });
  return '';
}

// -------------------------------------------------------------------------------- sessions

function listenToSession() {
  window.addEventListener('beforeunload', warnBeforeClosing);
  listen({
    code({ code }) { sitting.code = code; void shareCode(); },
    joined() { sitting.joined = true; sayJoined(); },
    paired() { sitting.paired = true; sayJoined(); mayBeSealed(); },
    sheet(described) {
      const asked = sitting.described !== null;
      sitting.described = described;
      sitting.person = described.person;
      if (!asked) {
        show(screens.about(described, { pickRole: false, person: described.person,
          next: () => questionAt(0) }));
      }
    },
    outcome({ outcome }) { showOutcome(outcome); },
    ended({ reason, revealed }) { showEnded(reason, revealed); },
  });
}

/** Two seconds of thought before a page with a running session goes. @param {Event} event */
function warnBeforeClosing(event) {
  event.preventDefault();
}

function sessionOver() {
  window.removeEventListener('beforeunload', warnBeforeClosing);
  listen({});
}

async function shareCode() {
  const link = `${location.origin}/#${sitting.code}`;
  const qr = await qrCode(link);
  show(screens.share({ code: sitting.code, link, qr, joined: sitting.joined,
    copy: () => navigator.clipboard.writeText(link), go: () => questionAt(0) }));
}

function sayJoined() {
  const line = document.getElementById('joined');
  if (line) line.textContent = WORDS.share.joined;
  status.textContent = WORDS.share.joined;
}

// ------------------------------------------------------------------------------- questions

/** @param {any} described @param {number} person */
function questionsFor(described, person) {
  const { questions, people } = described.sheet;
  return questions.filter((/** @type {any} */ q) => q.who === 'both' ||
    people?.[person] === q.who || people?.[person]?.id === q.who);
}

/** @param {any} described @param {any} q */
function itemsOf(described, q) {
  if (!q.list) return [];
  return described.sheet.lists.find((/** @type {any} */ list) => list.id === q.list)?.items ?? [];
}

/** @param {number} index */
function questionAt(index) {
  const questions = questionsFor(sitting.described, sitting.person);
  if (index >= questions.length) {
    sitting.notNow = false;
    sealScreen(() => questionAt(questions.length - 1));
    return;
  }
  const q = questions[index];
  history.pushState({ question: index }, '');
  show(screens.question(q, itemsOf(sitting.described, q), sitting.given, {
    index, count: questions.length,
    back: index > 0 ? () => questionAt(index - 1) : (sitting.code ? shareCode : null),
    next(pairs) {
      for (const [key, value] of pairs) sitting.given.set(key, value);
      questionAt(index + 1);
    },
    notNow() {
      sitting.notNow = true;
      sealScreen(() => questionAt(index));
    },
  }), q.prompt);
}

/** @param {() => void} back */
function sealScreen(back) {
  show(screens.seal({ notNow: sitting.notNow, canSeal: sitting.paired, back, seal: sealAnswers }));
  sitting.onSealScreen = true;
}

function mayBeSealed() {
  if (!sitting.onSealScreen) return;
  document.getElementById('seal')?.removeAttribute('disabled');
  const line = document.getElementById('seal-wait');
  if (line) line.textContent = '';
}

/** @returns {[string, string][]} */
function pairsOf() {
  return sitting.notNow ? [['not-now', 'yes']] : [...sitting.given];
}

async function sealAnswers() {
  const { error, notes } = await ask('give', { pairs: pairsOf() });
  if (error) {
    const line = document.getElementById('seal-wait');
    if (line) line.textContent = error;
    return;
  }
  sitting.notes = notes;
  sitting.given.clear();
  show(screens.sealed(), WORDS.waiting.title);
  await ask('seal');
}

// --------------------------------------------------------------------------------- endings

/** @param {any} outcome */
function showOutcome(outcome) {
  sessionOver();
  show(screens.outcome(outcome, sitting.notes, clear), outcome.headline);
  sitting = freshSitting();
  fading = window.setTimeout(() => show(screens.calm(WORDS.outcome.faded)), FADE_MS);
}

function clear() {
  sitting = freshSitting();
  home();
}

/** @param {string} reason @param {boolean} maybe */
function showEnded(reason, maybe) {
  sessionOver();
  sitting = freshSitting();
  show(screens.ended(reason, maybe, home), WORDS.ended.title);
}

// -------------------------------------------------------------------------------- practice

/** @param {string} text */
function practise(text) {
  const { described } = sitting;
  /** @type {{ given: Map<string, string>, notNow: boolean }[]} */
  const seats = [{ given: new Map(), notNow: false }, { given: new Map(), notNow: false }];

  /** @param {number} seat @param {number} index */
  function step(seat, index) {
    const questions = questionsFor(described, seat);
    const lead = seat === 0 ? WORDS.practice.first : WORDS.practice.second;
    if (index >= questions.length) {
      next(seat);
      return;
    }
    const q = questions[index];
    show(screens.question(q, itemsOf(described, q), seats[seat].given, {
      index, count: questions.length, lead,
      back: index > 0 ? () => step(seat, index - 1) : null,
      next(pairs) {
        for (const [key, value] of pairs) seats[seat].given.set(key, value);
        step(seat, index + 1);
      },
      notNow() { seats[seat].notNow = true; next(seat); },
    }));
  }

  /** @param {number} seat */
  async function next(seat) {
    if (seat === 0) {
      step(1, 0);
      return;
    }
    const [first, second] = seats.map(({ given, notNow }) =>
      /** @type {[string, string][]} */ (notNow ? [['not-now', 'yes']] : [...given]));
    show(screens.calm(WORDS.practice.lead));
    await ask('read', { text, person: 0 });
    const notes = [(await ask('give', { pairs: first })).notes ?? []];
    await ask('read', { text, person: 1 });
    notes.push((await ask('give', { pairs: second })).notes ?? []);
    const { outcomes } = await ask('practise', { first, second, text });
    show(screens.practised(outcomes, notes, () => practise(text), home));
  }

  step(0, 0);
}

// ------------------------------------------------------------------------------------ start

/** Back goes to the beginning while nothing is sealed or paired; a running session stays. */
function watchBack() {
  window.addEventListener('popstate', () => {
    if (sitting.code || sitting.paired) history.pushState({}, '');
    else home();
  });
}

/** The code of a link, taken out of the address bar before anything else happens. */
function takeFragment() {
  const typed = decodeURIComponent(location.hash.slice(1));
  if (location.hash) history.replaceState(null, '', location.pathname);
  return typed;
}

function canRun() {
  const simd = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10,
    10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
  return typeof WebAssembly === 'object' && WebAssembly.validate(simd) &&
    typeof Worker === 'function' && typeof WebSocket === 'function' && !!crypto?.getRandomValues;
}

async function start() {
  watchLeave();
  document.getElementById('leave')?.addEventListener('click', leaveNow);
  document.getElementById('leave')?.setAttribute('title', WORDS.leaveNote);
  const typed = takeFragment();
  if (!canRun()) {
    show(screens.cannot(WORDS.cannot.title, WORDS.cannot.lead));
    return;
  }
  try {
    const { integrity } = document.documentElement.dataset;
    const [response] = await Promise.all([fetch('sheets.json'), startEngine('tacit.wasm', integrity ?? '')]);
    sheets = await response.json();
  } catch {
    show(screens.cannot(WORDS.ended.title, WORDS.cannot.offline));
    return;
  }
  watchBack();
  if (!typed) {
    home();
    return;
  }
  const problem = await join(typed);
  if (problem) {
    enterCode();
    status.textContent = problem;
    const line = main.querySelector('.problem');
    if (line) line.textContent = `${WORDS.cannot.link} ${problem}`;
  }
}

void start();
