// SPDX-License-Identifier: ISC
// engine.js — the worker as the screens see it: calls that give promises, events by name.

/** @type {Worker | undefined} */
let worker;
let next = 1;
/** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
const waiting = new Map();
/** @type {Record<string, (data: any) => void>} */
let listeners = {};

/** The hashes of what the page loads by itself; index.html names them. @type {Record<string, string>} */
const integrity = JSON.parse(document.documentElement.dataset.integrity ?? '{}');

export const relayUrl = () => new URL('relay', location.href.replace(/^http/, 'ws')).href;

/** A file of this page, as it was built. @param {string} name */
export function fetchChecked(name) {
  return fetch(new URL(name, import.meta.url), { integrity: integrity[name] ?? '' });
}

/** Loads the engine into a worker.  A browser cannot be given a hash for a worker's script, so its
 * files are looked at before it starts. */
export async function startEngine() {
  const engine = WebAssembly.compileStreaming(fetchChecked('tacit.wasm'));
  const parts = ['worker.js', 'wasm.js', 'relay.js', 'two_seats.js', 'kept.js', 'night.js', 'times.js'].map(fetchChecked);
  for (const part of await Promise.all(parts)) await part.arrayBuffer();
  worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => {
    if (data.event) {
      listeners[data.event]?.(data);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) call?.reject(new Error(data.error));
    else call?.resolve(data.result);
  };
  worker.onerror = () => {
    for (const call of waiting.values()) call.reject(new Error('worker'));
    waiting.clear();
  };
  await ask('load', { module: await engine });
}

/** The part of the engine that previews, and sleeps. @type {Promise<WebAssembly.Module> | undefined} */
let part;

function previewPart() {
  part ??= WebAssembly.compileStreaming(fetchChecked('preview.wasm'));
  part.catch(() => { part = undefined; }); // another try when it is wanted
  return part;
}

const NEEDS_PART = ['leak', 'titleOf', 'confirm'];

/** @param {string} call @param {object} [given] @returns {Promise<any>} */
export async function ask(call, given = {}) {
  if (call === 'check') void previewPart().catch(() => {}); // answering has begun: that comes next
  if (NEEDS_PART.includes(call)) return send(call, { ...given, part: await previewPart() });
  if (call === 'seal') return send(call, { ...given, part: await previewPart().catch(() => null) });
  return send(call, given);
}

/** @param {string} call @param {object} given @returns {Promise<any>} */
function send(call, given) {
  const id = next++;
  return new Promise((resolve, reject) => {
    if (!worker) {
      reject(new Error('worker'));
      return;
    }
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, call, ...given });
  });
}

/** Who hears of events from now on; replaces the former. @param {typeof listeners} by */
export function listen(by) {
  listeners = by;
}
