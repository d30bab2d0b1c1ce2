// SPDX-License-Identifier: ISC
// wasm.js — the engine as a module: numbers in, numbers out, and one exchange buffer.

/** Statuses of tacit.h that the page tells apart. */
export const STATUS = Object.freeze({
  OK: 0, USAGE: 1, SPACE: 2, ANSWER: 3, MEMORY: 0x11, LIMIT: 0x12, SHEET: 0x13,
  FORMAT: 0x21, CHEAT: 0x22, ABORT: 0x23, CODE: 0x24, OTHER_SHEET: 0x25, SAME_ROLE: 0x26,
  VERSION: 0x27,
});

/** What a session waits for (tacit_session_want). */
export const WANT = Object.freeze({ SEND: 1, RECV: 2, MEMORY: 4, ANSWERS: 8 });

/** tacit_stage. */
export const STAGE = Object.freeze({
  PAIRING: 0, PREPARING: 1, READY: 2, SEALED: 3, DONE: 4, ENDED: 5,
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const RANDOM_CHUNK = 65536; // what getRandomValues gives at a time

export class Engine {
  /** @param {WebAssembly.Exports} exports */
  constructor(exports) {
    /** @type {any} */
    this.calls = exports;
  }

  /** @param {BufferSource} bytes the compiled module */
  static async load(bytes) {
    /** @type {WebAssembly.Memory | undefined} */
    let memory;
    const imports = {
      env: {
        random_bytes(/** @type {number} */ at, /** @type {number} */ count) {
          for (let done = 0; done < count; done += RANDOM_CHUNK) {
            const some = Math.min(RANDOM_CHUNK, count - done);
            crypto.getRandomValues(
              new Uint8Array(/** @type {any} */ (memory).buffer, at + done, some));
          }
        },
      },
    };
    const { instance } = await WebAssembly.instantiate(bytes, imports);
    const calls = /** @type {any} */ (instance.exports);
    memory = calls.memory;
    if (calls._initialize) calls._initialize();
    if (calls.page_start() !== 0) throw new Error('self-test');
    return new Engine(calls);
  }

  /** The exchange buffer; a fresh view each time, since memory may have grown. */
  exchange() {
    return new Uint8Array(this.calls.memory.buffer, this.calls.page_exchange(),
      this.calls.page_exchange_bytes());
  }

  /** @param {string} text @returns {number} bytes written */
  putText(text) {
    const bytes = encoder.encode(text);
    this.exchange().set(bytes);
    return bytes.length;
  }

  /** @param {Uint8Array} bytes */
  putBytes(bytes) {
    this.exchange().set(bytes);
    return bytes.length;
  }

  /** @param {number} bytes */
  getText(bytes) {
    return decoder.decode(this.exchange().slice(0, bytes));
  }

  /** The text up to the first NUL: a reason that a refused call left there. */
  getReason() {
    const view = this.exchange();
    return decoder.decode(view.slice(0, view.indexOf(0)));
  }

  /** @param {number} bytes @returns {any} */
  getJson(bytes) {
    return JSON.parse(this.getText(bytes));
  }
}
