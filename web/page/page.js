// SPDX-License-Identifier: ISC
// page.js — the beginnings: what this browser can, what the link says, which sheet it shall be.

import { nights, showNight, waitingCard } from './asleep.js';
import { ask, fetchChecked, startEngine } from './engine.js';
import { itemsScreen, linesOf } from './items.js';
import { watchLeave } from './leave.js';
import { practise } from './practice.js';
import * as screens from './screens.js';
import { isRunning, join, leaveSitting, lost, online, setBeginnings, showOutcome, startAsking,
  stumble } from './session.js';
import { show } from './stage.js';
import { adopt, back, go, settle, wasRunning, watchTrail } from './trail.js';
import { WORDS } from './words.js';

/** @type {{ name: string, text: string, title: string, about: string }[]} */
let sheets = [];

// ------------------------------------------------------------------------------ beginnings

/** @param {string} [said] what happened before */
async function home(said = '') {
  await leaveSitting();
  const waiting = await nights();
  settle(() => show(screens.home(said, waitingCard(waiting, ways), { ask: () => choose(false), answer: () => enterCode(''),
    practise: () => choose(true) })));
}

/** From what was slept on. */
const ways = { home: () => { void home(); }, reveal: (/** @type {any} */ outcome) => showOutcome(outcome, []) };

/** @param {boolean} practice */
function choose(practice) {
  go(() => show(screens.choose(sheets, practice, { pick: (name) => open(name, practice), back })));
}

/** @param {string} said */
function enterCode(said) {
  go(() => show(screens.enterCode(said, { join, back,
    complete: (prefix) => ask('complete', { prefix }) })));
}

/** A sheet is looked at: what it is and the rule, then what is good to know.
 * @param {string} name @param {boolean} practice */
async function open(name, practice) {
  const { text } = /** @type {any} */ (sheets.find((one) => one.name === name));
  const canSleep = await ask('canSleep', { firmly: false });
  let items = '';
  let described = await ask('read', { text });

  /** @param {any[]} changed @returns {Promise<string>} what is wrong, or '' */
  async function changeList(changed) {
    const lines = linesOf(changed);
    const read = await ask('read', { text, items: lines });
    if (read.errors) return [read.errors[0].message, read.errors[0].hint].filter(Boolean).join(' ');
    described = read;
    items = lines;
    back();
    return '';
  }

  const list = described.sheet.lists.find((/** @type {any} */ one) => one.editable);
  const change = !list ? null : () => go(() => show(itemsScreen(
    described.sheet.lists.find((/** @type {any} */ one) => one.id === list.id).items,
    { back, done: changeList })));
  const start = async (/** @type {number} */ person) => {
    // Somebody may have come back here after another sheet.
    described = await ask('read', { text, items, person: Math.max(0, person) });
    startAsking(described, person);
  };
  const next = () => {
    if (practice) practise(described, text, items, () => { void home(); });
    else go(() => show(screens.before(described, { pickRole: true, canSleep, back, next: start })));
  };
  go(() => show(screens.about(described, { next, back, change, theirs: false })));
}

// ----------------------------------------------------------------------------------- start

/** The code of a link, taken out of the address bar before anything else happens. */
function takeFragment() {
  const { hash } = location;
  if (hash) history.replaceState(history.state, '', location.pathname);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

/** A link that was opened or pasted. @param {string} typed */
async function follow(typed) {
  const asleep = (await nights(typed)).find(({ same }) => same);
  if (asleep) {
    await home();
    go(() => showNight(asleep, ways));
    return;
  }
  const problem = await join(typed);
  if (problem === '') return;
  await home();
  enterCode([WORDS.code.short, problem].join(' '));
}

/** Would a worker be a module?  Asks without making one. */
function moduleWorkers() {
  let asked = false;
  try {
    const options = { get type() { asked = true; throw new Error('only asked'); } };
    new Worker('worker.js', /** @type {any} */ (options)).terminate();
  } catch { /* as it should */ }
  return asked;
}

/** WebAssembly with SIMD, and what else this page is built on. */
function canRun() {
  // A module with one function: v128.const, then i8x16.popcnt and drop would need SIMD to be valid.
  const simd = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10,
    10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
  return typeof WebAssembly === 'object' && WebAssembly.validate(simd) &&
    typeof WebAssembly.compileStreaming === 'function' && typeof Worker === 'function' && moduleWorkers() &&
    typeof WebSocket === 'function' && typeof crypto?.getRandomValues === 'function';
}

/** @returns {Promise<boolean>} */
async function load() {
  const { cannot } = WORDS;
  if (!canRun()) {
    show(screens.cannot(cannot.title, cannot.lead));
    return false;
  }
  try {
    const [response] = await Promise.all([fetchChecked('sheets.json'), startEngine()]);
    sheets = await response.json();
    return true;
  } catch (error) {
    if (/** @type {Error} */ (error).message === 'self-test') {
      show(screens.cannot(cannot.compute, cannot.computeText));
    } else {
      show(screens.cannot(cannot.load, cannot.loadText, true));
    }
    return false;
  }
}

async function start() {
  watchLeave();
  const typed = takeFragment();
  const before = wasRunning();
  if (!await load()) return;
  setBeginnings(() => { void home(); }, () => { void home().then(() => enterCode('')); });
  watchTrail(lost);
  window.addEventListener('offline', () => online(false));
  window.addEventListener('online', () => online(true));
  window.addEventListener('unhandledrejection', stumble);
  window.addEventListener('hashchange', () => {
    const pasted = takeFragment();
    if (pasted) adopt();
    if (pasted && isRunning()) lost();
    else if (pasted) void follow(pasted);
  });
  if (typed) await follow(typed);
  else await home(before === 'open' ? WORDS.home.again : before === 'sealed' ? WORDS.home.againSealed : '');
}

void start();
