// SPDX-License-Identifier: ISC
// program.js — runs a benchmark of bench/ that tools/wasm made into a module: what it prints comes back,
// and time is what the caller's clock says.

const decoder = new TextDecoder();
const RANDOM_CHUNK = 65536; // what getRandomValues gives at a time

/** The engine's own import (web/page/wasm.js). @param {() => ArrayBuffer} memory */
export function host(memory) {
  return {
    /** @param {number} at @param {number} count */
    random_bytes(at, count) {
      for (let done = 0; done < count; done += RANDOM_CHUNK) {
        crypto.getRandomValues(new Uint8Array(memory(), at + done, Math.min(RANDOM_CHUNK, count - done)));
      }
    },
  };
}

/** What the program prints. @param {WebAssembly.Module} module @param {() => bigint} now in nanoseconds */
export function run(module, now) {
  let text = '';
  /** @type {any} */
  let calls;
  const memory = () => calls.memory.buffer;
  class Ended extends Error {}
  const system = {
    /** @param {number} _ @param {number} list @param {number} count @param {number} written */
    fd_write(_, list, count, written) {
      const view = new DataView(memory());
      let bytes = 0;
      for (let i = 0; i < count; i++) {
        const [at, length] = [view.getUint32(list + 8 * i, true), view.getUint32(list + 8 * i + 4, true)];
        text += decoder.decode(new Uint8Array(memory(), at, length), { stream: true });
        bytes += length;
      }
      view.setUint32(written, bytes, true);
      return 0;
    },
    /** @param {number} _ @param {bigint} __ @param {number} at */
    clock_time_get(_, __, at) {
      new DataView(memory()).setBigUint64(at, now(), true);
      return 0;
    },
    /** @param {number} status */
    proc_exit(status) {
      throw status === 0 ? new Ended() : new Error(`the program ended with ${status}: ${text}`);
    },
  };
  // Nothing else of a system is there: no arguments, no files.
  const wasi = new Proxy(system, { get: (has, name) => Reflect.get(has, name) ?? (() => 0) });
  calls = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi, env: host(memory) }).exports;
  try {
    calls._start();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
  return text;
}
