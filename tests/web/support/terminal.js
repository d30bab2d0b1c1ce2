// SPDX-License-Identifier: ISC
// terminal.js — a person with a terminal: `tacit ask` or `tacit answer` with answers in a file.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ended, TACIT } from './relay.js';

const WAIT_MS = 90000;

/** Runs `tacit` with --json; the events come as they are printed.
 * @param {string[]} words @param {string} answers lines `question = option` @param {string} [input] */
async function run(words, answers, input = '') {
  const folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  await writeFile(join(folder, 'answers'), answers);
  const child = spawn(TACIT, [...words, '--json', '--timeout', '90s', '--answers', join(folder, 'answers')],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, XDG_STATE_HOME: folder } });
  /** @type {any[]} */
  const events = [];
  /** @type {(() => void)[]} */
  let wakers = [];
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    said.out += data;
    const lines = said.out.split('\n');
    said.out = /** @type {string} */ (lines.pop());
    events.push(...lines.filter(Boolean).map((line) => JSON.parse(line)));
    wakers.forEach((wake) => wake());
    wakers = [];
  });
  child.stderr.on('data', (data) => { said.err += data; });
  const over = ended(child).then(async (status) => {
    wakers.forEach((wake) => wake());
    await rm(folder, { recursive: true, force: true });
    return status;
  });
  child.stdin.end(input);
  return {
    child,
    over,
    events,
    /** The first event with this key. @param {string} key */
    async event(key) {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const found = events.find((one) => key in one);
        if (found) return found;
        if (child.exitCode !== null || Date.now() > deadline) {
          throw new Error(`tacit said no ${key}: ${JSON.stringify(events)} ${said.err}`);
        }
        await Promise.race([new Promise((wake) => { wakers.push(() => wake(undefined)); }),
          new Promise((wake) => { setTimeout(wake, 500); })]);
      }
    },
  };
}

/** @param {string} url @param {string} sheet @param {string} answers @param {string[]} [more] */
export const ask = (url, sheet, answers, more = []) =>
  run(['ask', sheet, '--relay', url, ...more], answers);

/** @param {string} url @param {string} code @param {string} answers */
export const answer = (url, code, answers) => run(['answer', '--relay', url], answers, `${code}\n`);
