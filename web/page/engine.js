// SPDX-License-Identifier: ISC
// engine.js — the worker as the screens see it: calls that give promises, events by name.

/** @type {Worker} */
let worker;
let next = 1;
/** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
const waiting = new Map();
/** @type {Record<string, (data: any) => void>} */
let listeners = {};

/** Starts the worker and loads the engine. @param {string} wasmUrl @param {string} integrity */
export async function startEngine(wasmUrl, integrity) {
  const options = integrity ? { integrity } : {};
  const response = fetch(wasmUrl, options);
  worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
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
  const bytes = await (await response).arrayBuffer();
  await ask('load', { bytes });
}

/** @param {string} call @param {object} [given] @returns {Promise<any>} */
export function ask(call, given = {}) {
  const id = next++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, call, ...given });
  });
}

/** Who hears of events from now on; replaces the former. @param {typeof listeners} by */
export function listen(by) {
  listeners = by;
}
