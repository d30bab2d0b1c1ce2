// SPDX-License-Identifier: ISC
// night.js — hours that take less than a second or two, as in the program that tests make for it; and a
// browser that can be ended and started again.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { PHONE, Person, launched } from './person.js';

/** Of tests/CMakeLists.txt, and of the page with the page: long enough for a slow machine to confirm in. */
export const TERMINAL_HOUR_MS = 700;
export const PAGE_HOUR_MS = 1500;

/** Changes a file of the page on its way.  It would not pass the page's own look at it, so that goes, too.
 * @param {import('playwright-core').BrowserContext} context @param {string} file
 * @param {(text: string) => string} change */
export async function changes(context, file, change) {
  await context.route(`**/${file}`, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const changed = change(text);
    assert.notEqual(changed, text, file);
    await route.fulfill({ response, body: changed });
  });
  await context.addInitScript(() => {
    const real = window.fetch;
    window.fetch = (what, how) => real(what, { ...how, integrity: '' });
  });
}

/** A person whose hours are short, and whose half an hour is, too. @param {Person} person
 * @param {{ hour?: number, within?: number }} [given] in ms */
export async function shortHours(person, { hour = PAGE_HOUR_MS, within = 20000 } = {}) {
  await changes(person.context, 'times.js', (text) => text
    .replace('HOUR_MS = 60 * 60 * 1000;', `HOUR_MS = ${hour};`)
    .replace('WITHIN_MS = 30 * 60 * 1000;', `WITHIN_MS = ${within};`));
  return person;
}

/** From the next page on. @param {Person} person @param {number} ms */
export async function clockIsOff(person, ms) {
  await person.page.clock.setFixedTime(Date.now() + ms);
  await changes(person.context, 'times.js', (text) => `const { now } = Date;\nDate.now = () => now() + ${ms};\n${text}`);
}

/** A browser with this folder: its first process, and all that it started. @param {string} folder */
async function processesOf(folder) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  /** @type {number[]} */
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const [words, stat] = await Promise.all(['cmdline', 'stat'].map((name) =>
      readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')));
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    if (words.split('\0').includes(`--user-data-dir=${folder}`)) found.push(pid);
  }
  for (const pid of found) { // which grows meanwhile
    for (const [child, parent] of parents) if (parent === pid && !found.includes(child)) found.push(child);
  }
  return found;
}

/** @param {string} folder @param {NodeJS.Signals} signal */
async function tell(folder, signal) {
  for (const pid of await processesOf(folder)) {
    try {
      process.kill(pid, signal);
    } catch { /* it has ended meanwhile */ }
  }
}

/** A person with a browser of their own, which keeps what it keeps. @param {string} url @param {string} folder */
async function comesBack(url, folder) {
  const context = await launched((how) => chromium.launchPersistentContext(folder, { ...how, viewport: PHONE }));
  return Object.assign(await Person.by(url, context), {
    /** As when a device dies. */
    async dies() {
      const closed = context.waitForEvent('close');
      await tell(folder, 'SIGKILL');
      await closed;
    },
    /** As a phone in a pocket: nothing of it runs. */
    sleeps: () => tell(folder, 'SIGSTOP'),
    wakes: () => tell(folder, 'SIGCONT'),
  });
}

/** A folder for a browser of one's own. @param {string} url
 * @param {(comes: () => ReturnType<typeof comesBack>) => Promise<void>} what */
export async function withProfile(url, what) {
  const folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  try {
    await what(() => comesBack(url, folder));
  } finally {
    await tell(folder, 'SIGKILL'); // of a test that failed
    await rm(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 300 });
  }
}

/** Puts something into this browser as if it had been slept on, by the page's own code.
 * @param {Person} person @param {{ opens: number, closes: number, confirmed?: boolean, given?: boolean, bytes?: number }} night
 *   its times in ms from now */
export async function keepsNight(person, night) {
  await person.page.evaluate(async (given) => {
    const { keep } = await import(new URL('kept.js', location.href).href);
    const now = Date.now();
    await keep({ ahead: 0, confirmed: false, given: false, code: '7-lantern-harbor', ...given,
      opens: now + given.opens, closes: now + given.closes, ticket: new Uint8Array(16), room: new Uint8Array(16),
      bytes: new Uint8Array(1000) });
  }, night);
}

/** From the last question to the choice of a pause, and back to the seal. @param {Person} person
 * @param {string} pause */
export async function asksForPause(person, pause) {
  await person.isReady();
  await person.tap('Sleep on it first');
  await person.sees('Sleep on it');
  await person.page.locator('label', { hasText: pause }).click();
  await person.tap('Ask for this pause');
  await person.sees('Ready?');
  await person.page.getByText('You will sleep on it.').waitFor();
}
