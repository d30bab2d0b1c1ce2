// SPDX-License-Identifier: ISC
// terminal.js — a person with a terminal: `tacit ask` or `tacit answer` with answers in a file.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ended, TACIT } from './relay.js';

const WAIT_MS = 90000;

/** Runs `tacit` with --json; the events come as they are printed.
 * @param {string} program @param {string[]} words @param {string} state its folder
 * @param {string} input @param {() => Promise<void>} [after] */
function start(program, words, state, input, after) {
  const child = spawn(program, [...words, '--json'],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, XDG_STATE_HOME: state } });
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
    await after?.();
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

/** @param {string[]} words @param {string} answers lines `question = option` @param {string} [input]
 * @param {string} [program] @param {string} [state] a folder that stays */
async function run(words, answers, input = '', program = TACIT, state = '') {
  const folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  await writeFile(join(folder, 'answers'), answers);
  return start(program, [...words, '--timeout', '90s', '--answers', join(folder, 'answers')], state || folder, input,
    () => rm(folder, { recursive: true, force: true }));
}

/** @param {string} url @param {string} sheet @param {string} answers @param {string[]} [more] */
export const ask = (url, sheet, answers, more = []) =>
  run(['ask', sheet, '--relay', url, ...more], answers);

/** As ask, with a sheet of one's own. @param {string} url @param {string} text @param {string} answers */
export async function askOwn(url, text, answers) {
  const folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  await writeFile(join(folder, 'own.tacit'), text);
  const terminal = await ask(url, join(folder, 'own.tacit'), answers);
  terminal.over.then(() => rm(folder, { recursive: true, force: true }));
  return terminal;
}

/** @param {string} url @param {string} code @param {string} answers */
export const answer = (url, code, answers) => run(['answer', '--relay', url], answers, `${code}\n`);

/** Prepares letters with whoever comes. @param {string} url @param {string} sheet */
export async function prepareLetters(url, sheet) {
  const state = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  return start(TACIT, ['letters', 'new', sheet, '--relay', url, '--timeout', '90s'], state, '',
    () => rm(state, { recursive: true, force: true }));
}

/** A person with a terminal who sleeps on it, in the program whose hours are short. */
export async function sleeper() {
  const program = process.env.TACIT_SHORT_HOURS ?? 'build/normal/tests/tacit_short_hours';
  const state = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  return {
    /** @param {string} url @param {string} sheet @param {string} answers @param {string[]} [more] */
    ask: (url, sheet, answers, more = []) => run(['ask', sheet, '--relay', url, ...more], answers, '', program, state),
    /** @param {string} url @param {string} code @param {string} answers @param {string[]} [more] */
    answer: (url, code, answers, more = []) =>
      run(['answer', '--relay', url, ...more], answers, `${code}\n`, program, state),
    /** @param {string[]} [more] */
    confirm: (more = []) => start(program, ['confirm', ...more], state, ''),
    /** `tacit withdraw`, which prints no events. */
    async withdraws() {
      const child = spawn(program, ['withdraw'], { stdio: 'ignore', env: { ...process.env, XDG_STATE_HOME: state } });
      if (await ended(child) !== 0) throw new Error('tacit withdraw failed');
    },
    goes: () => rm(state, { recursive: true, force: true }),
  };
}
