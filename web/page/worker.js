// SPDX-License-Identifier: ISC
// worker.js — drives the engine and the line to the relay, so that the page never freezes.
//
// The page sends { id, call, ...arguments } and gets { id, result } or { id, error }; events come as
// { event, ... } on their own.  Answers arrive here once, just before sealing.  Each sitting has an
// engine of its own, in fresh memory.

import * as kept from './kept.js';
import { confirm, putAside, titleOf } from './night.js';
import { Relay } from './relay.js';
import { AgreedTime, WITHIN_MS } from './times.js';
import { practise } from './two_seats.js';
import { Engine, ROOM_BYTES, STAGE, STATUS, WANT } from './wasm.js';

const ME = 0;
const BEAT_MS = 5000; // of the word whether this side is ready
const RECEIPT_MS = 1500; // for the other device's word, after a refusal
const KEEPS_DEPOSITS = 1; // a feature of the relay
const GUESSES_MAX = 3; // of one code, as in the terminal
const LEAK_PREVIEW = 1; // TACIT_LEAK_PREVIEW
const LEAK_DONE = 1000; // TACIT_LEAK_DONE
const LEAK_SLICES = 8; // of a few milliseconds each
const RETURNS_MAX = 100; // visitors who came and went without a guess

/** @type {WebAssembly.Module} */
let module;
/** @type {Engine} */
let engine;
/** @type {Relay | null} */
let relay = null;
let previews = 0;
/** The session as it stands, and how far the page has been told. */
let session = freshSession(false, -1, '');

/** @param {boolean} asker @param {number} person @param {string} code */
function freshSession(asker, person, code) {
  return { asker, person, code, guesses: 0, returns: 0, sealing: false, sealed: false, over: true,
    silent: false, given: false, refused: 0, pause: 0, room: new Uint8Array(ROOM_BYTES),
    agreed: new AgreedTime(), told: { paired: false, ready: false } };
}

/** @param {string} event @param {object} [more] */
function tell(event, more = {}) {
  postMessage({ event, ...more });
}

/** Why a session ended, as a word the screens know. @param {number} status */
function reasonOf(status) {
  switch (status) {
    case STATUS.CODE: return 'wrong-code';
    case STATUS.OTHER_SHEET: return 'other-sheet';
    case STATUS.SAME_ROLE: return 'same-role';
    case STATUS.VERSION: return 'version';
    case STATUS.SHEET: return 'their-sheet';
    case STATUS.MEMORY: case STATUS.LIMIT: return 'too-large-here';
    case STATUS.ABORT: return 'left';
    case STATUS.RELAY: return 'relay-wrong';
    case STATUS.TOO_SOON: return 'not-yet';
    case STATUS.LETTERS: return 'letters';
    default: return 'did-not-add-up';
  }
}

/** Ends the session once.  An asker who has not sealed may wait again with the same code: then the line
 * stays open.  @param {string} reason @param {boolean} [lineIsUp] */
function finish(reason, lineIsUp = true) {
  if (session.over || keepsSilent(reason)) return;
  session.over = true;
  if (engine.calls.page_guess_open(ME)) session.guesses += 1;
  const revealed = engine.calls.page_maybe_revealed(ME) !== 0;
  engine.calls.page_leave(ME);
  flush();
  wipeSeat();
  const again = session.asker && !session.sealed && lineIsUp && relay !== null &&
    session.guesses < GUESSES_MAX && reason !== 'you-left';
  if (!again) hangUp();
  tell('ended', { reason, revealed, again });
}

/** The time by the relay's clock; NaN: it has told none. */
const relayNow = () => Date.now() + (relay?.ahead ?? NaN);

/** ms until both show an outcome; -1: the two have not agreed. */
function leftMs() {
  const left = Number.isNaN(relayNow()) ? -1 : engine.leftMs(ME, relayNow());
  if (left >= 0) session.agreed.begin(left);
  return session.agreed.left();
}

/** What the other person, or their line, did is not told once the two have agreed on a time: then both
 * see an outcome.  @param {string} reason */
function keepsSilent(reason) {
  if (session.silent) return reason !== 'you-left';
  if (reason !== 'left' && reason !== 'idle') return false;
  if (!(leftMs() >= 0)) return false;
  session.silent = true;
  return true;
}

/** Shows what the sheet says otherwise, as any outcome is shown. */
function showOtherwise() {
  const outcome = engine.otherwise(ME);
  session.over = true;
  engine.calls.page_leave(ME);
  flush();
  hangUp();
  engine.wipe();
  tell('outcome', { outcome });
}

/** Has the agreed time come, or the other device's word after a refusal? */
function lookAtTime() {
  if (session.over) return;
  if (session.refused) {
    if (engine.calls.page_told_only_them(ME)) finish('told-one');
    else if (Date.now() - session.refused >= RECEIPT_MS) showOtherwise();
  } else if (!session.given && leftMs() === 0) {
    showOtherwise();
  }
}

/** Leaves this side's half with the relay, when all the rest is done. */
function deposit() {
  if (!relay || leftMs() === 0) return;
  const bytes = engine.calls.page_deposit(ME);
  if (bytes < 0) return;
  session.given = true;
  relay.deposit(0, 0n, engine.exchange().slice(0, bytes));
}

/** @param {number} run @param {boolean} released @param {Uint8Array} list */
function takeVerdict(run, released, list) {
  if (session.over || run !== 0) return;
  const bytes = engine.putBytes(list);
  const status = -engine.calls.page_verdict(ME, released ? 1 : 0, bytes);
  if (status === STATUS.REFUSED) session.refused = Date.now();
  pump();
}

/** Forgets a session, and the preview that looks at its sheet. */
function wipeSeat() {
  previews += 1;
  engine.calls.page_leak_end();
  engine.calls.page_wipe(ME);
}

function hangUp() {
  relay?.bye();
  relay = null;
}

/** Sends every frame that is due. */
function flush() {
  while (relay && engine.calls.page_want(ME) & WANT.SEND) {
    const bytes = engine.calls.page_send(ME);
    if (bytes < 0) return;
    relay.frame(engine.exchange().slice(0, bytes));
  }
}

/** Does all that can be done without hearing from the other, and tells the page what is new. */
function pump() {
  if (session.over) return;
  flush();
  if (session.sealing && engine.calls.page_want(ME) & WANT.ANSWERS) {
    session.sealing = false;
    session.sealed = true;
    const status = -engine.calls.page_seal(ME, session.pause);
    if (status !== STATUS.OK) {
      finish(reasonOf(status));
      return;
    }
    flush();
  }
  const stage = engine.calls.page_stage(ME);
  const { told } = session;
  if (!told.paired && stage >= STAGE.PREPARING && stage <= STAGE.DONE) {
    told.paired = true;
    session.guesses = 0;
    const described = engine.describe(ME);
    const fair = engine.calls.page_is_fair(ME) !== 0;
    tell('paired', { described, fair });
    if (described.sheet.sleep_hours > 0 && !described.sheet.sleep_optional) void trySleep(fair);
  }
  if (!told.ready && stage >= STAGE.READY && stage <= STAGE.DONE) {
    told.ready = true;
    tell('ready');
  }
  const want = engine.calls.page_want(ME);
  if (want & WANT.DEPOSIT) deposit();
  if (want & WANT.PUT_ASIDE) void sleep();
  if (stage === STAGE.DONE) {
    session.over = true;
    flush(); // the word about what the relay said
    const outcome = engine.outcome(ME);
    hangUp();
    engine.wipe();
    tell('outcome', { outcome });
  } else if (stage === STAGE.ENDED && !session.refused && !session.silent) {
    finish(reasonOf(engine.calls.page_error(ME)));
  }
}

/** Before anybody has answered: can a sheet that always has a pause be slept on? @param {boolean} fair */
async function trySleep(fair) {
  const mine = session;
  const can = fair && await kept.tryOut();
  if (!can && mine === session) finish(fair ? 'no-store' : 'no-sleep');
}

/** Both have sealed, and sleep on it. */
async function sleep() {
  const line = relay;
  const aside = line && engine.previews ? engine.putAside(ME) : null;
  if (!line || !aside) {
    finish('not-kept');
    return;
  }
  session.over = true;
  relay = null; // whatever comes now: this seat is not given up
  const { headline } = engine.otherwise(ME);
  engine.wipe();
  const night = await putAside(line, aside, session.code, session.room);
  if (night) tell('asleep', { night, otherwise: headline });
  else tell('ended', { reason: 'not-kept', revealed: false, again: false });
}

/** @param {Uint8Array} room */
function startSession(room) {
  session.room = room;
  session.over = false;
  session.told = { paired: false, ready: false };
  Object.assign(session, { silent: false, given: false, refused: 0 });
  const escrow = ((relay?.features ?? 0) & KEEPS_DEPOSITS) !== 0;
  const status = engine.startSession(ME, room, session.code, session.asker, session.person, escrow);
  if (status === STATUS.OK) pump();
  else finish(reasonOf(status));
}

/** The other seat is empty again, and the same code is good for another try. */
function reopen() {
  const room = crypto.getRandomValues(new Uint8Array(ROOM_BYTES));
  relay?.reopen(room);
  startSession(room);
}

/** Someone who came and went without a guess costs nothing: the code goes on waiting. */
function peerLeft() {
  pump(); // what came before counts first
  if (session.over || session.given || session.silent) return;
  const pairing = engine.calls.page_stage(ME) === STAGE.PAIRING;
  const guessed = engine.calls.page_guess_open(ME) !== 0;
  if (session.asker && pairing && !guessed && session.returns < RETURNS_MAX) {
    session.returns += 1;
    wipeSeat();
    reopen();
    tell('alone');
  } else {
    finish(pairing && guessed ? 'wrong-code' : 'left');
  }
}

/** @param {string} url @param {Partial<import('./relay.js').RelayEvents>} events */
function connect(url, events) {
  hangUp(); // whoever went back and typed another code
  session.over = false;
  relay = new Relay(url, {
    up() {}, opened() {}, joined() {}, peerJoined() {},
    frame(bytes) {
      if (session.over) return;
      if (session.asker && relayNow() > 0) engine.agreeBy(ME, relayNow() + WITHIN_MS);
      engine.calls.page_recv(ME, engine.putBytes(bytes));
      pump();
    },
    peerLeft,
    verdict: takeVerdict,
    refused: (reason) => finish(reason, false),
    lost: () => tell('away'),
    back: () => tell('back'),
    down: (wasUp) => finish(wasUp ? 'line' : 'unreachable', false),
    ...events,
  });
}

/** Works out what the answers could tell, some milliseconds at a time, so that the line to the relay
 * goes on.  @param {[string, string][]} pairs @param {WebAssembly.Module} part @returns {Promise<any>} null: it cannot be told */
async function preview(pairs, part) {
  const mine = engine;
  const turn = ++previews;
  const { calls: does } = mine;
  mine.addPreview(part);
  const wrong = mine.giveAnswers(ME, pairs);
  const begun = wrong ? -1 : does.page_leak_start(ME, LEAK_PREVIEW);
  does.page_answers_clear(ME);
  if (begun < 0) return null;
  for (let done = 0; done < LEAK_DONE;) {
    done = does.page_leak_step(LEAK_SLICES);
    tell('leaking', { done });
    await new Promise((resolve) => { setTimeout(resolve); });
    if (mine !== engine || turn !== previews || done < 0) return null; // no longer asked for
  }
  const bytes = does.page_leak_json();
  const told = bytes > 0 ? mine.getJson(bytes) : null;
  does.page_leak_end();
  does.page_clear();
  return told;
}

/** Has this engine been asked for anything?  One that was not is as good as a new one. */
let used = true;

/** Ends what there is, and begins a sitting with fresh memory. */
function fresh() {
  if (!used) return;
  if (!session.over) finish('you-left');
  hangUp();
  engine?.wipe();
  engine = Engine.start(module);
  used = false;
}

/** @type {Record<string, (given: any) => any>} */
const calls = {
  load(given) {
    module = given.module;
    fresh();
  },

  /** Reads a sheet for looking at it, or for asking with it. */
  read({ text, items = '', person = 0 }) {
    const errors = engine.readSheet(ME, text, items, person);
    return errors ? { errors } : engine.describe(ME);
  },

  /** Opens a room for the sheet that was read last. */
  ask({ url, person }) {
    const room = crypto.getRandomValues(new Uint8Array(ROOM_BYTES));
    session = freshSession(true, person, '');
    connect(url, {
      up: () => relay?.open(room),
      opened(number) {
        session.code = engine.getText(engine.calls.page_code_make(number));
        engine.calls.page_clear();
        startSession(room);
        tell('code', { code: session.code });
      },
      peerJoined: () => tell('joined'),
    });
  },

  /** The same code once more, after somebody else came or somebody left. */
  again() {
    if (relay && !relay.over) {
      reopen();
      return;
    }
    session.over = false;
    finish('line', false);
  },

  /** What a person typed or a link held. */
  readCode({ typed }) {
    const number = engine.calls.page_code_read(engine.putText(typed));
    const text = engine.getReason();
    engine.calls.page_clear();
    return number < 0 ? { error: text } : { number, code: text };
  },

  complete({ prefix }) {
    const words = [];
    for (let i = 0; i < 6; i++) {
      const bytes = engine.calls.page_code_complete(engine.putText(prefix), i);
      if (bytes === 0) break;
      words.push(engine.getText(bytes));
    }
    return words;
  },

  answer({ url, code, number, person = -1 }) {
    session = freshSession(false, person, code);
    connect(url, {
      up: () => relay?.join(number),
      joined: (room) => startSession(room),
    });
  },

  /** Are these answers allowed, as far as they go?  Nothing of them stays here. */
  check({ pairs }) {
    const wrong = engine.giveAnswers(ME, pairs);
    engine.calls.page_answers_clear(ME);
    return wrong;
  },

  /** What these answers could tell the other person; as long as it is wanted. */
  leak: ({ pairs, part }) => preview(pairs, part),

  /** Gives the answers and seals them.  Says what is wrong, or which notes are for this person.
   * part: what a pause would need; null: it could not be loaded. */
  seal({ pairs, pause = 0, part }) {
    if (part) engine.addPreview(part);
    session.pause = pause;
    const wrong = engine.giveAnswers(ME, pairs);
    if (wrong) return wrong;
    const notes = engine.notes(ME);
    if (session.silent) { // the other has gone, which is not told: these go nowhere
      engine.calls.page_answers_clear(ME);
      session.sealed = true;
      return { notes };
    }
    session.sealing = true;
    setTimeout(pump); // after this call has been answered
    return { notes };
  },

  /** Can somebody sleep on it here?  firmly: with a try, which keeps something for a moment. */
  canSleep: ({ firmly }) => (firmly ? kept.tryOut() : kept.reachable()),

  /** What is slept on in this browser; which of it belongs to a link. */
  nights({ typed = '' }) {
    const known = typed !== '' && engine.calls.page_code_read(engine.putText(typed)) >= 0;
    const code = known ? engine.getReason() : '';
    engine.calls.page_clear();
    return kept.list(code).catch(() => []);
  },

  titleOf: ({ night, part }) => titleOf(module, part, night),
  confirm: ({ night, url, part, looks }) => confirm(module, part, url, night, looks),
  takeBack: ({ night }) => kept.takeBack(night),

  practise: (given) => practise(Engine.start(module), given),
  leave: fresh,
};

setInterval(() => {
  if (session.over) return;
  engine.calls.page_beat(ME);
  flush();
}, BEAT_MS);
setInterval(lookAtTime, 500);

onmessage = async ({ data }) => {
  const { id, call, ...given } = data;
  used ||= call !== 'leave' && call !== 'nights';
  try {
    postMessage({ id, result: await calls[call](given) });
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : 'unknown' });
  }
};
