// SPDX-License-Identifier: ISC
// page.mjs [ROUNDS] — what the page costs: bytes, processor time and waiting; a JSON object a line.
//
// Two people in two contexts of one Chromium go through `last-night` by way of `tacit serve` on this
// machine, each with an engine that was never loaded before; then again with 50 ms added to each way of
// each person's line, so that a trip from one to the other takes 100 ms.  Medians of ROUNDS rounds.
//
// The second person seals a beat after the first, so that the first one's word has come: answers leave
// the device of the second one at once.  Who seals within the same beat waits for its end, up to 5 s,
// whatever the line is like (docs/PROTOCOL.md, PULSE).
//
// Measured from outside: the page as it is served, with an observer of the worker's messages and of the
// screen beside it.  The engine's processor time is that of the worker's thread, as the system counts
// it: from the start of the worker to the outcome, both JavaScript and WebAssembly; the preview of what
// answers could tell is counted on its own.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { AT_PEACE, Person, closeBrowser, theBrowser } from '../tests/web/support/person.js';
import { TACIT, startRelay, startWire } from '../tests/web/support/relay.js';
import { workers } from './web/threads.js';

const ROUNDS = Number(process.argv[2] ?? 3);
const DELAYS_MS = [0, 50];
const BEAT_MS = 5000; // web/page/worker.js
const LATER = ['preview.wasm', 'qr.wasm']; // fetched when they are wanted
const BUILT = join(process.env.TACIT_BINARY_DIR ?? 'build/normal', 'page');

/** @param {string} figure @param {number} value @param {object} [more] */
function say(figure, value, more = {}) {
  const rounded = Math.round(value * 100) / 100;
  console.log(JSON.stringify({ figure, ...more, value: rounded }));
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

// ----------------------------------------------------------------------------------- sizes

function sizes() {
  const files = readdirSync(BUILT).filter((name) => name.endsWith('.br'))
    .map((name) => ({ asset: name.slice(0, -3), bytes: readFileSync(join(BUILT, name)).length }));
  for (const { asset, bytes } of files) {
    say('page_asset_br_bytes', bytes, { asset, plain: readFileSync(join(BUILT, asset)).length });
  }
  say('page_engine_br_bytes', files.find(({ asset }) => asset === 'tacit.wasm')?.bytes ?? NaN);
  say('page_load_br_bytes', files.filter(({ asset }) => !LATER.includes(asset))
    .reduce((sum, { bytes }) => sum + bytes, 0), { later: LATER });
}

// ------------------------------------------------------------------------------- observing

/** In the page: when what happened, in milliseconds of one clock that all pages share. */
function observe() {
  const now = () => performance.timeOrigin + performance.now();
  /** @type {any} */
  const global = window;
  /** @type {Record<string, number>} */
  const seen = { opened: performance.timeOrigin };
  global.seen = seen;
  global.Worker = class extends Worker {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener('message', ({ data }) => { seen[data.event ?? 'answered'] ??= now(); });
    }

    /** @param {any} message */
    postMessage(message) {
      if (message.call === 'seal') seen.sealing = now();
      super.postMessage(message);
    }
  };
  new MutationObserver(() => {
    if (document.querySelector('h1.outcome')) seen.shown ??= now();
  }).observe(document, { childList: true, subtree: true });
}

/** @param {Person} person */
function countFrames(person) {
  const count = { bytes: 0, frames: 0 };
  person.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
    count.bytes += payload.length;
    count.frames += 1;
  }));
  return count;
}

// ----------------------------------------------------------------------------------- rounds

/** All questions, up to the seal.  Gives back what the preview of the answers cost the engine.
 * @param {Person} person @param {string} thread */
async function answers(person, thread) {
  for (const choice of AT_PEACE.slice(0, -1)) {
    await person.page.locator('label', { hasText: choice }).first().click();
    await person.tap('Next');
  }
  await person.page.locator('label', { hasText: AT_PEACE.at(-1) }).first().click();
  const before = (await workers()).get(thread) ?? NaN;
  await person.tap('Next');
  await person.sees('What this could tell them');
  const after = (await workers()).get(thread) ?? NaN;
  await person.isReady();
  return after - before;
}

/** One sitting.  @param {string[]} urls of the asker and of the answerer
 * @param {'asker' | 'answerer'} last who seals last */
async function round(urls, last) {
  const [asker, answerer] = [await Person.come(urls[0]), await Person.come(urls[1])];
  for (const { context } of [asker, answerer]) await context.addInitScript(observe);
  const sent = [countFrames(asker), countFrames(answerer)];
  const code = await asker.asks('One last night');
  const [askers] = [...(await workers()).keys()];
  await answerer.answers(code);
  const others = [...(await workers()).keys()].filter((thread) => thread !== askers);
  if (others.length !== 1) throw new Error(`${others.length} workers besides one`);
  const threads = [askers, others[0]];
  await asker.tap('To the questions');
  const preview = [NaN, NaN];
  const [first, second] = last === 'answerer' ? [0, 1] : [1, 0];
  const people = [asker, answerer];
  preview[first] = await answers(people[first], threads[first]);
  await people[first].seals();
  await people[first].sees('Sealed');
  const told = new Promise((resolve) => { setTimeout(resolve, BEAT_MS + 500); });
  preview[second] = await answers(people[second], threads[second]);
  await told;
  await people[second].seals();
  await Promise.all([asker.outcome(), answerer.outcome()]);
  const ran = await workers();
  const cpu = threads.map((thread, i) => (ran.get(thread) ?? NaN) - preview[i]);
  const [a, b] = await Promise.all([asker, answerer].map(({ page }) =>
    page.evaluate(() => /** @type {any} */ (window).seen)));
  await Promise.all([asker.goes(), answerer.goes()]);
  return { cpu, preview, sent,
    outcome: Math.max(a.shown, b.shown) - (last === 'answerer' ? b : a).sealing,
    first: b.answered - b.opened,
    paired: b.paired - b.opened,
    ready: Math.max(a.ready, b.ready) - b.opened };
}

/** @param {string} url of the relay @param {number} port @param {number} delay_ms */
async function measure(url, port, delay_ms) {
  const wires = delay_ms ? [await startWire(port, delay_ms), await startWire(port, delay_ms)] : [];
  const urls = wires.length ? wires.map((wire) => wire.url) : [url, url];
  const rounds = [];
  const late = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round(urls, 'answerer'));
  for (let i = 0; i < ROUNDS; i++) late.push(await round(urls, 'asker'));
  const more = { delay_ms, sheet: 'last-night' };
  for (const [i, who] of ['asker', 'answerer'].entries()) {
    say('page_cpu_ms_cold', median(rounds.map(({ cpu }) => cpu[i])), { ...more, person: who });
    say('page_cpu_ms_preview', median(rounds.map(({ preview }) => preview[i])), { ...more, person: who });
    say('page_bytes_sent', median(rounds.map(({ sent }) => sent[i].bytes)),
      { ...more, from: who, frames: median(rounds.map(({ sent }) => sent[i].frames)) });
  }
  say('page_ms_link_to_engine', median(rounds.map(({ first }) => first)), more);
  say('page_ms_link_to_paired', median(rounds.map(({ paired }) => paired)), more);
  say('page_ms_link_to_prepared', median(rounds.map(({ ready }) => ready)), more);
  for (const [last, these] of /** @type {const} */ ([['answerer', rounds], ['asker', late]])) {
    const waits = these.map(({ outcome }) => outcome);
    say('page_ms_seal_to_outcome', median(waits), { ...more, last, least: Math.round(Math.min(...waits)),
      most: Math.round(Math.max(...waits)) });
  }
  await Promise.all(wires.map((wire) => wire.close()));
}

sizes();
const version = spawnSync(TACIT, ['version'], { encoding: 'utf8' }).stdout?.trim();
const relay = await startRelay();
try {
  console.log(JSON.stringify({ figure: 'page_machine', tacit: version,
    chromium: (await theBrowser()).version(), rounds: ROUNDS }));
  for (const delay of DELAYS_MS) await measure(relay.url, relay.port, delay);
} finally {
  await closeBrowser();
  await relay.stop();
}
