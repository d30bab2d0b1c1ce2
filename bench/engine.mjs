// SPDX-License-Identifier: ISC
// engine.mjs [ANDS] — the engine of the page at its limit, in Chromium and in Node; a JSON object a line.
//
// The kernels as the page has them (tools/wasm), under bench/gates_bench.c and crypto_bench.c.  And two
// parties in one page, each a worker with an engine of its own, from nothing to the outcome of a circuit
// of ANDS gates, malicious security, both directions counted.  What stands as processor time is that of
// the busier one's thread, as the system counts it, the making of the circuit with it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

import { closeBrowser, theBrowser } from '../tests/web/support/person.js';
import { run } from './web/program.js';
import { workers } from './web/threads.js';

const ANDS = Number(process.argv[2] ?? 550000);
const BUILT = join(process.env.TACIT_BINARY_DIR ?? 'build/normal', 'wasm');
const HERE = new URL('web/', import.meta.url);
const MODULES = ['gates_bench.wasm', 'crypto_bench.wasm', 'parties.wasm'];
const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

/** What stands at an address. @param {string} name @returns {Buffer | string | null} */
function file(name) {
  if (name === 'index.html') return '<!doctype html><link rel="icon" href="data:,"><title>engine</title>';
  if (MODULES.includes(name)) return readFileSync(join(BUILT, name));
  return ['worker.js', 'program.js'].includes(name) ? readFileSync(new URL(name, HERE)) : null;
}

/** Serves that to the browser; isolated, so that its clock is a fine one. */
async function serve() {
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://x').pathname) || 'index.html';
    const content = file(name);
    response.writeHead(content === null ? 404 : 200, {
      'Content-Type': TYPES[/** @type {keyof TYPES} */ (name.split('.').at(-1))] ?? 'text/plain',
      'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(content);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** In the page: a worker that does one thing. @param {string} module @returns {Promise<string>} */
function inWorker(module) {
  const worker = new Worker('worker.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error) reject(new Error(data.error));
      else resolve(data.done);
    };
    worker.postMessage({ kind: 'program', module });
  });
}

/** In the page: two workers and a line between them. @param {number} ands */
async function together(ands) {
  const { port1, port2 } = new MessageChannel();
  const sid = crypto.getRandomValues(new Uint8Array(32));
  const workers = [port1, port2].map((port, person) => {
    const worker = new Worker('worker.js', { type: 'module' });
    worker.postMessage({ kind: 'party', person, ands, sid, port }, [port]);
    return worker;
  });
  const heard = () => Promise.all(workers.map((worker) => new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.done));
  })));
  await heard(); // both have the circuit
  const start = performance.now();
  const ended = heard();
  for (const worker of workers) worker.postMessage('begin');
  const people = await ended;
  return { ms: performance.now() - start, people };
}

/** @param {string} figure @param {number} value @param {object} more */
function say(figure, value, more) {
  console.log(JSON.stringify({ figure, backend: 'wasm', ...more, value: Math.round(value * 100) / 100 }));
}

/** What the programs print, as figures. @param {string} where @param {(name: string) => Promise<string>} run */
async function kernels(where, run) {
  for (const name of ['gates_bench.wasm', 'crypto_bench.wasm']) {
    for (const line of (await run(name)).trim().split('\n')) {
      const { kernel, value, unit } = JSON.parse(line);
      const [, what, circuit] = /^(garble|evaluate)_(.*)$/.exec(kernel) ?? [];
      if (what) say(`${what}_mands_per_second`, value, { where, circuit });
      else say('kernel_wasm', value, { where, kernel, unit });
    }
  }
}

/** @param {import('playwright-core').Page} page */
async function parties(page) {
  const before = await workers();
  const { ms, people } = await page.evaluate(together, ANDS);
  const cpu = [...await workers()].filter(([thread]) => !before.has(thread)).map(([, ran]) => ran);
  const more = { where: 'chromium', n: people[0].ands };
  if (people[0].outcome !== people[1].outcome) throw new Error('the two see different outcomes');
  say('parties_ms', ms, more);
  say('ands_per_second', people[0].ands / ms * 1000, more);
  say('cpu_us_per_and', Math.max(...cpu) / people[0].ands * 1000, more);
  say('bytes_per_and', (people[0].bytes + people[1].bytes) / people[0].ands, more);
  say('peak_bytes', Math.max(...people.map(({ memory }) => memory)), more);
}

await kernels('node', async (name) => run(await WebAssembly.compile(readFileSync(join(BUILT, name))),
  () => process.hrtime.bigint()));
const server = await serve();
try {
  const page = await (await theBrowser()).newPage();
  await page.goto(server.url);
  await kernels('chromium', (name) => page.evaluate(inWorker, name));
  await parties(page);
} finally {
  await closeBrowser();
  server.close();
}
