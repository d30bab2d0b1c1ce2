// SPDX-License-Identifier: ISC
// worker.js — drives the engine and the line to the relay, so that the page never freezes.
//
// The page sends { id, call, ...arguments } and gets { id, result } or { id, error }; events come as
// { event, ... } on their own.  Answers arrive here once, just before sealing.

import { Relay } from './relay.js';
import { Engine, STAGE, STATUS, WANT } from './wasm.js';

/** @type {Engine} */
let engine;
/** @type {Relay | null} */
let relay = null;
/** How far this session has been told to the page. */
let told = { paired: false, sheet: false, ready: false, over: false };
let code = '';

const ROOM_BYTES = 16;
const ME = 0, OTHER = 1;

/** @param {string} event @param {object} [more] */
function tell(event, more = {}) {
  postMessage({ event, ...more });
}

/** Ends the session once; `revealed` is true when the other person may have seen the outcome.
 * @param {string} reason */
function finish(reason) {
  if (told.over) return;
  told.over = true;
  const revealed = engine.calls.page_maybe_revealed(ME) !== 0;
  engine.calls.page_leave(ME);
  flush();
  engine.calls.page_wipe(ME);
  relay?.bye();
  relay = null;
  tell('ended', { reason, revealed });
}

/** Why a session ended, as a word the screens know. @param {number} status */
function reasonOf(status) {
  switch (status) {
    case STATUS.CODE: return 'wrong-code';
    case STATUS.OTHER_SHEET: return 'other-sheet';
    case STATUS.SAME_ROLE: return 'same-role';
    case STATUS.VERSION: return 'version';
    case STATUS.ABORT: return 'left';
    default: return 'did-not-add-up';
  }
}

/** Sends every frame that is due. */
function flush() {
  while (relay && engine.calls.page_want(ME) & WANT.SEND) {
    const bytes = engine.calls.page_send(ME);
    if (bytes < 0) return;
    relay.frame(engine.exchange().slice(0, bytes));
  }
}

/** Sends what is due and tells the page what is new. */
function pump() {
  if (told.over) return;
  flush();
  const stage = engine.calls.page_stage(ME);
  if (!told.paired && stage >= STAGE.PREPARING && stage <= STAGE.DONE) {
    told.paired = true;
    tell('paired');
  }
  if (told.paired && !told.sheet) {
    told.sheet = true;
    tell('sheet', describe(ME));
  }
  if (!told.ready && stage >= STAGE.READY && stage <= STAGE.DONE) {
    told.ready = true;
    tell('ready');
  }
  if (stage === STAGE.DONE) {
    told.over = true;
    const outcome = engine.getJson(engine.calls.page_outcome(ME));
    relay?.bye();
    relay = null;
    engine.calls.page_wipe(ME);
    tell('outcome', { outcome });
  } else if (stage === STAGE.ENDED) {
    finish(reasonOf(engine.calls.page_error(ME)));
  }
}

/** The sheet of a seat as the screens want it. @param {number} seat */
function describe(seat) {
  const sheet = engine.getJson(engine.calls.page_sheet_json(seat));
  const plain = engine.getText(engine.calls.page_sheet_plain_words(seat));
  const words = engine.getText(engine.calls.page_sheet_words(seat));
  return { sheet, plain, words, person: engine.calls.page_person(seat) };
}

/** @param {Uint8Array} room @param {boolean} asker @param {number} person */
function startSession(room, asker, person) {
  const bytes = new Uint8Array(ROOM_BYTES + code.length + 1);
  bytes.set(room);
  bytes.set(new TextEncoder().encode(code), ROOM_BYTES);
  engine.putBytes(bytes);
  const status = -engine.calls.page_session_start(ME, asker ? 1 : 0, person);
  engine.calls.page_clear();
  if (status !== STATUS.OK) finish('did-not-add-up');
}

/** @param {string} url @param {Partial<import('./relay.js').RelayEvents>} events */
function connect(url, events) {
  told = { paired: false, sheet: false, ready: false, over: false };
  relay = new Relay(url, {
    up() {}, opened() {}, joined() {}, peerJoined() {},
    frame(bytes) {
      if (told.over) return;
      engine.putBytes(bytes);
      engine.calls.page_recv(ME, bytes.length);
      pump();
    },
    peerLeft: () => finish(engine.calls.page_guess_open(ME) ? 'wrong-code' : 'left'),
    refused: (reason) => finish(reason),
    down: () => finish('line'),
    ...events,
  });
}

const calls = {
  /** @param {{ bytes: ArrayBuffer }} given */
  async load({ bytes }) {
    engine = await Engine.load(bytes);
  },

  /** Reads a sheet for looking at it, or for asking with it. @param {any} given */
  read({ text, person = 0, seat = ME }) {
    const status = engine.calls.page_sheet_read(seat, engine.putText(text), person);
    if (status >= 1000) return { errors: engine.getJson(status - 1000) };
    if (status < 0) throw new Error('memory');
    return describe(seat);
  },

  /** Opens a room for the sheet that was read last. @param {any} given */
  ask({ url, person }) {
    const room = crypto.getRandomValues(new Uint8Array(ROOM_BYTES));
    connect(url, {
      up: () => relay?.open(room),
      opened(number) {
        code = engine.getText(engine.calls.page_code_make(number));
        engine.calls.page_clear();
        startSession(room, true, person);
        tell('code', { code });
        pump();
      },
      peerJoined: () => tell('joined'),
    });
  },

  /** What a person typed or a link held. @param {any} given */
  readCode({ typed }) {
    const number = engine.calls.page_code_read(engine.putText(typed));
    if (number < 0) return { error: engine.getReason() };
    return { number, code: engine.getReason() };
  },

  /** @param {any} given */
  complete({ prefix }) {
    const words = [];
    for (let i = 0; i < 6; i++) {
      const bytes = engine.calls.page_code_complete(engine.putText(prefix), i);
      if (bytes === 0) break;
      words.push(engine.getText(bytes));
    }
    return words;
  },

  /** @param {any} given */
  answer({ url, code: given, number, person = -1 }) {
    code = given;
    connect(url, {
      up: () => relay?.join(number),
      joined(room) {
        startSession(room, false, person);
        pump();
      },
    });
  },

  /** Gives the answers; says what is wrong, or which notes are for this person.
   * @param {{ pairs: [string, string][], seat?: number }} given */
  give({ pairs, seat = ME }) {
    engine.calls.page_answers_clear(seat);
    for (const [key, value] of pairs) {
      const status = -engine.calls.page_answer(seat, engine.putText(`${key}\0${value}\0`));
      if (status !== STATUS.OK) return { error: engine.getReason(), key };
    }
    const status = -engine.calls.page_answers_check(seat);
    if (status !== STATUS.OK) return { error: engine.getReason() };
    const notes = engine.getJson(engine.calls.page_notes(seat));
    engine.calls.page_clear();
    return { notes };
  },

  seal() {
    const status = -engine.calls.page_seal(ME);
    if (status !== STATUS.OK) throw new Error(`seal ${status}`);
    pump();
  },

  /** Both seats on this device, through the same engine: a practice for one person.
   * @param {{ first: [string, string][], second: [string, string][], text: string }} given */
  practise({ first, second, text }) {
    return practise(first, second, text);
  },

  /** @param {any} given */
  qr({ text }) {
    engine.putText(`${text}\0`);
    const side = engine.calls.page_qr();
    return { side, modules: engine.exchange().slice(0, side * side) };
  },

  leave() {
    if (!told.over && relay) finish('you-left');
    engine.calls.page_wipe(ME);
    engine.calls.page_wipe(OTHER);
    engine.calls.page_clear();
  },
};

/** @param {[string, string][]} first @param {[string, string][]} second @param {string} text */
function practise(first, second, text) {
  const room = crypto.getRandomValues(new Uint8Array(ROOM_BYTES));
  calls.read({ text, person: 0 });
  code = engine.getText(engine.calls.page_code_make(1));
  for (const seat of [ME, OTHER]) {
    const bytes = new Uint8Array(ROOM_BYTES + code.length + 1);
    bytes.set(room);
    bytes.set(new TextEncoder().encode(code), ROOM_BYTES);
    engine.putBytes(bytes);
    engine.calls.page_session_start(seat, seat === ME ? 1 : 0, -1);
  }
  let sealed = 0;
  for (let quiet = false; !quiet;) {
    quiet = true;
    for (const seat of [ME, OTHER]) {
      while (engine.calls.page_want(seat) & WANT.SEND) {
        const bytes = engine.calls.page_send(seat);
        if (bytes < 0) throw new Error('practice');
        engine.calls.page_recv(1 - seat, bytes); // the frame already lies in the exchange buffer
        quiet = false;
      }
      if (engine.calls.page_want(seat) & WANT.ANSWERS && !(sealed & (1 << seat))) {
        const given = calls.give({ pairs: seat === ME ? first : second, seat });
        if (given.error) throw new Error(given.error);
        if (engine.calls.page_seal(seat) !== 0) throw new Error('practice');
        sealed |= 1 << seat;
        quiet = false;
      }
    }
  }
  const outcomes = [ME, OTHER].map((seat) => {
    const bytes = engine.calls.page_outcome(seat);
    return bytes > 0 ? engine.getJson(bytes) : null;
  });
  engine.calls.page_wipe(ME);
  engine.calls.page_wipe(OTHER);
  engine.calls.page_clear();
  return { outcomes };
}

onmessage = async ({ data }) => {
  const { id, call, ...given } = data;
  try {
    postMessage({ id, result: await calls[call](given) });
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : 'unknown' });
  }
};
