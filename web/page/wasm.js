// SPDX-License-Identifier: ISC
// wasm.js — the engine as a module: numbers in, numbers out, and one exchange buffer.

/** Statuses of tacit.h that the page tells apart. */
export const STATUS = Object.freeze({
  OK: 0, USAGE: 1, SPACE: 2, ANSWER: 3, MEMORY: 0x11, LIMIT: 0x12, SHEET: 0x13,
  FORMAT: 0x21, CHEAT: 0x22, ABORT: 0x23, CODE: 0x24, OTHER_SHEET: 0x25, SAME_ROLE: 0x26,
  VERSION: 0x27, REFUSED: 0x28, RELAY: 0x29, TOO_SOON: 0x2a, LETTERS: 0x2b,
});

/** What a session waits for (tacit_session_want). */
export const WANT = Object.freeze({
  SEND: 1, RECV: 2, MEMORY: 4, ANSWERS: 8, DEPOSIT: 16, VERDICT: 32, PUT_ASIDE: 64,
});

/** tacit_stage. */
export const STAGE = Object.freeze({
  PAIRING: 0, PREPARING: 1, READY: 2, SEALED: 3, DONE: 4, ENDED: 5,
});

export const ROOM_BYTES = 16;
const RANDOM_CHUNK = 65536; // what getRandomValues gives at a time
const DIAGNOSTICS = 1000; // page_sheet_read gives back this and more when the sheet has errors

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Calls into a part that is not there yet (tools/wasm, split_preview). */
const later = new Proxy({}, { get: () => () => { throw new Error('later'); } });

/** The one thing that the engine asks of its host. @param {() => WebAssembly.Memory} memory */
function imports(memory) {
  return {
    placeholder: later,
    env: {
      random_bytes(/** @type {number} */ at, /** @type {number} */ count) {
        for (let done = 0; done < count; done += RANDOM_CHUNK) {
          const some = Math.min(RANDOM_CHUNK, count - done);
          crypto.getRandomValues(new Uint8Array(memory().buffer, at + done, some));
        }
      },
    },
  };
}

export class Engine {
  /** @param {WebAssembly.Exports} exports */
  constructor(exports) {
    /** @type {any} */
    this.calls = exports;
    this.previews = false;
  }

  /** Adds the part that works out what answers could tell. @param {WebAssembly.Module} part */
  addPreview(part) {
    if (!this.previews) new WebAssembly.Instance(part, { primary: this.calls });
    this.previews = true;
  }

  /** Fresh memory, and the self-test of its arithmetic. @param {WebAssembly.Module} module */
  static start(module) {
    /** @type {any} */
    let calls = null;
    const instance = new WebAssembly.Instance(module, imports(() => calls.memory));
    calls = instance.exports;
    calls._initialize?.();
    if (calls.page_start() !== 0) throw new Error('self-test');
    return new Engine(calls);
  }

  /** The exchange buffer; a fresh view each time, since memory may have grown. */
  exchange() {
    return new Uint8Array(this.calls.memory.buffer, this.calls.page_exchange(),
      this.calls.page_exchange_bytes());
  }

  /** @param {Uint8Array} bytes */
  putBytes(bytes) {
    this.exchange().set(bytes);
    return bytes.length;
  }

  /** @param {string} text @returns {number} bytes written */
  putText(text) {
    return this.putBytes(encoder.encode(text));
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

  /** Reads a sheet into a seat; gives back null, or what is wrong with it.
   * @param {number} seat @param {string} text @param {string} items lines `id: text` @param {number} person
   * @returns {{ message: string, hint: string, line: number }[] | null} */
  readSheet(seat, text, items, person) {
    const sheetBytes = encoder.encode(text);
    const itemBytes = encoder.encode(items);
    this.putBytes(sheetBytes);
    this.exchange().set(itemBytes, sheetBytes.length);
    const status = this.calls.page_sheet_read(seat, sheetBytes.length, itemBytes.length, person);
    if (status < 0) throw new Error('memory');
    return status >= DIAGNOSTICS ? this.getJson(status - DIAGNOSTICS) : null;
  }

  /** The sheet of a seat as the screens want it. @param {number} seat */
  describe(seat) {
    const sheet = this.getJson(this.calls.page_sheet_json(seat));
    const plain = this.getText(this.calls.page_sheet_plain_words(seat));
    const words = this.getText(this.calls.page_sheet_words(seat));
    return { sheet, plain, words, person: this.calls.page_person(seat) };
  }

  /** @param {number} seat @param {Uint8Array} room @param {string} code @param {boolean} asker
   * @param {number} person @param {boolean} [escrow] does the relay keep deposits?
   * @returns {number} a STATUS */
  startSession(seat, room, code, asker, person, escrow = false) {
    const bytes = new Uint8Array(ROOM_BYTES + code.length + 1);
    bytes.set(room);
    bytes.set(encoder.encode(code), ROOM_BYTES);
    this.putBytes(bytes);
    const status = -this.calls.page_session_start(seat, asker ? 1 : 0, person, escrow ? 1 : 0);
    this.calls.page_clear();
    return status;
  }

  /** Gives the answers of a seat.  Says what is wrong with them, and with which question.
   * @param {number} seat @param {[string, string][]} pairs
   * @returns {{ error: string, question: string } | null} */
  giveAnswers(seat, pairs) {
    this.calls.page_answers_clear(seat);
    let question = '';
    /** @type {number} */
    let status = STATUS.OK;
    for (const [key, value] of pairs) {
      status = -this.calls.page_answer(seat, this.putText(`${key}\0${value}\0`));
      if (status !== STATUS.OK) {
        question = key.split('.')[0];
        break;
      }
    }
    if (status === STATUS.OK) status = -this.calls.page_answers_check(seat);
    if (status === STATUS.OK) {
      this.calls.page_clear();
      return null;
    }
    const error = this.getReason();
    this.calls.page_clear();
    return { error, question: question || (/`([^`.]+)/.exec(error)?.[1] ?? '') };
  }

  /** @param {number} seat @returns {string[]} */
  notes(seat) {
    const notes = this.getJson(this.calls.page_notes(seat));
    this.calls.page_clear();
    return notes;
  }

  /** @param {number} seat @returns {any} the outcome, or null */
  outcome(seat) {
    const bytes = this.calls.page_outcome(seat);
    return bytes > 0 ? this.getJson(bytes) : null;
  }

  /** What is shown when the other person leaves or falls silent. @param {number} seat @returns {any} */
  otherwise(seat) {
    const bytes = this.calls.page_otherwise(seat);
    return bytes > 0 ? this.getJson(bytes) : null;
  }

  /** Ends a session in favour of another day. @param {number} seat
   * @returns {{ until: number, hours: number, bytes: Uint8Array } | null} */
  putAside(seat) {
    const bytes = this.calls.page_put_aside(seat);
    if (bytes < 0) return null;
    const all = this.exchange().slice(0, bytes);
    const view = new DataView(all.buffer);
    this.calls.page_clear();
    return { until: Number(view.getBigUint64(0, true)), hours: view.getUint8(8), bytes: all.subarray(9) };
  }

  /** @param {number} seat @param {number} now by the relay's clock
   * @returns {number} ms until both show an outcome; -1: no time was agreed */
  leftMs(seat, now) {
    if (!(now > 0)) return -1;
    return this.calls.page_left_ms(seat, Math.floor(now / 2 ** 32), now % 2 ** 32);
  }

  /** @param {number} seat @param {number} until by the relay's clock */
  agreeBy(seat, until) {
    this.calls.page_agree_by(seat, Math.floor(until / 2 ** 32), until % 2 ** 32);
  }

  /** Erases what this sitting knows; the memory then goes as a whole. */
  wipe() {
    this.calls.page_wipe(0);
    this.calls.page_wipe(1);
    this.calls.page_clear();
  }
}
