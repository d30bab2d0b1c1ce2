// SPDX-License-Identifier: ISC
// worker.js — one benchmark, or one party of a joint computation, in a thread of its own.

import { host, run } from './program.js';

const WANT = { SEND: 1, RECV: 2, ANSWERS: 8 }; // tacit.h
const now = () => BigInt(Math.round(performance.now() * 1e6));

/** @param {string} name */
const compiled = (name) => WebAssembly.compileStreaming(fetch(name));

/** @param {number} status */
function must(status) {
  if (status !== 0) throw new Error(`status ${status}`);
}

/** A circuit from nothing to its outcome, with whoever is at the other end of the port.
 * @param {{ person: number, ands: number, sid: Uint8Array, port: MessagePort }} given */
async function party({ person, ands, sid, port }) {
  /** @type {any} */
  let calls;
  const memory = () => calls.memory.buffer;
  calls = new WebAssembly.Instance(await compiled('parties.wasm'), { env: host(memory) }).exports;
  calls._initialize?.();
  new Uint8Array(memory(), calls.party_sid(), sid.length).set(sid);
  must(calls.party_start(person, ands));
  /** @type {Uint8Array[]} */
  const came = [];
  let wake = () => {};
  port.onmessage = ({ data }) => {
    came.push(data);
    wake();
  };
  const told = { ands: calls.party_ands(), busy_ms: 0, bytes: 0, messages: 0, memory: 0, outcome: '' };
  postMessage('ready');
  await new Promise((resolve) => { onmessage = resolve; }); // both are: begin
  const work = (/** @type {() => any} */ what) => {
    const start = performance.now();
    const result = what();
    told.busy_ms += performance.now() - start;
    return result;
  };
  for (;;) {
    const want = calls.party_want();
    if (calls.party_result() !== 0 && !(want & WANT.SEND)) break; // the other may need our last word
    if (want & WANT.ANSWERS) {
      must(work(() => calls.party_input(0x89abcdef, 0x01234567 + person)));
    } else if (want & WANT.SEND) {
      const bytes = work(() => calls.party_send());
      if (bytes < 0) throw new Error(`status ${-bytes}`);
      const message = new Uint8Array(memory(), calls.party_buffer(), bytes).slice();
      told.bytes += bytes;
      told.messages += 1;
      port.postMessage(message, [message.buffer]);
    } else {
      if (came.length === 0) await new Promise((resolve) => { wake = () => resolve(undefined); });
      const message = /** @type {Uint8Array} */ (came.shift());
      new Uint8Array(memory(), calls.party_buffer()).set(message);
      must(work(() => calls.party_recv(message.length)));
    }
  }
  told.memory = memory().byteLength;
  told.outcome = String(new DataView(memory()).getBigUint64(calls.party_result(), true));
  return told;
}

onmessage = async ({ data }) => {
  try {
    const done = data.kind === 'party' ? await party(data) : run(await compiled(data.module), now);
    postMessage({ done });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
