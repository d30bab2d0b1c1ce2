// SPDX-License-Identifier: ISC
// night.js — the worker's part in sleeping on it: puts a session aside, says to the relay afterwards that the
// answers still hold, and fetches what came of it.  As cli/pairing_reveal.c and cli/asleep.c.
//
// Confirming hands the deposit in, to be looked at when the window ends.  Whoever does nothing, or takes it
// back, sends nothing; the other person sees the same of both.

import { NotKept, amend, erase, keep, take } from './kept.js';
import { Relay } from './relay.js';
import { HOUR_MS, KEEP_HOURS, WINDOW_HOURS } from './times.js';
import { Engine, STATUS } from './wasm.js';

const RUN = 0;
const REACH_MS = 60 * 1000; // for the relay to be reached, and to say what came of it

/** Keeps what the morning needs, and asks the relay to know both seats until it has passed.
 * @param {Relay} line @param {{ until: number, hours: number, bytes: Uint8Array }} aside wiped
 * @param {string} code @param {Uint8Array} room
 * @returns {Promise<{ opens: number, closes: number, ahead: number } | null>} null: the browser did not keep it */
export async function putAside(line, aside, code, room) {
  const { ahead, ticket } = line;
  const none = () => {}; // another meeting may have begun before this line is closed
  const { lost, back } = line.events;
  line.events = { up: none, opened: none, joined: none, peerJoined: none, frame: none, peerLeft: none,
    refused: none, down: none, lost, back };
  const opens = aside.until + aside.hours * HOUR_MS;
  const closes = opens + WINDOW_HOURS * HOUR_MS;
  try {
    await keep({ opens, closes, ahead, confirmed: false, given: false, code, ticket, room, bytes: aside.bytes });
  } catch {
    line.bye();
    return null;
  } finally {
    aside.bytes.fill(0);
  }
  await new Promise((resolve) => {
    const over = () => resolve(undefined); // a relay that is gone changes nothing here
    line.events = { ...line.events, down: over, refused: over };
    line.keep(BigInt(closes + KEEP_HOURS * HOUR_MS));
    if (line.over) over();
    else line.park(over);
  });
  return { opens, closes, ahead };
}

/** What was kept, in an engine of its own. @param {WebAssembly.Module} module @param {WebAssembly.Module} part
 * @param {import('./kept.js').Night} night */
function opened(module, part, night) {
  const engine = Engine.start(module);
  engine.addPreview(part);
  const status = -engine.calls.page_aside_read(engine.putBytes(night.bytes));
  night.bytes.fill(0);
  engine.calls.page_clear();
  if (status === STATUS.OK) return engine;
  throw new NotKept(status === STATUS.VERSION ? 'version' : status === STATUS.MEMORY ? 'too-large-here' : 'damaged');
}

/** @param {Engine} engine */
function closed(engine) {
  engine.calls.page_aside_wipe();
  engine.calls.page_clear();
}

/** What it is about. @param {WebAssembly.Module} module @param {WebAssembly.Module} part @param {string} id */
export async function titleOf(module, part, id) {
  const engine = opened(module, part, await take(id));
  const title = engine.getText(engine.calls.page_aside_title());
  closed(engine);
  return title;
}

/**
 * How it went: 'early', 'given' (the relay has it), 'outcome', or why not, as a word the screens know.
 * @typedef {{ result: string, outcome?: any, ahead?: number }} Morning
 */

/** @param {Engine} engine @param {string} url @param {string} id @param {import('./kept.js').Night} night
 * @param {boolean} looks this person has not said now that the answers hold
 * @returns {Promise<Morning>} with 'over' for what is to be shown */
function meet(engine, url, id, night, looks) {
  return new Promise((resolve) => {
    let met = false;
    const timer = setTimeout(() => done('unreachable'), REACH_MS);
    /** @param {string} result */
    function done(result) {
      clearTimeout(timer);
      if (result === 'over') relay.park(() => {}); // that the verdict was taken
      else relay.end(() => {});
      resolve({ result, ahead: relay.ahead });
    }
    /** The seat is ours again, and it is known what time it is. @param {number} now */
    async function goOn(now) {
      if (now < night.opens || (looks && !night.confirmed && now < night.closes)) return done('early');
      if (!night.confirmed && now >= night.closes) return done('over'); // it could only help somebody who cheats
      try {
        await amend(id, { confirmed: true, ahead: relay.ahead });
      } catch (error) { // what is not written down is not done
        return done(/** @type {Error} */ (error).message);
      }
      const bytes = engine.calls.page_aside_deposit();
      relay.deposit(RUN, BigInt(night.closes), engine.exchange().slice(0, bytes));
      if (now < night.closes) relay.park(() => { void given(); });
      return undefined;
    }
    async function given() {
      await amend(id, { given: true }).catch(() => {}); // else it is handed in once more
      done('given');
    }
    const relay = new Relay(url, {
      up: () => relay.resume(night.room, night.ticket),
      opened() {}, joined() {}, peerJoined() {}, frame() {}, peerLeft() {},
      back(now) {
        if (!met) void goOn(Number(now));
        met = true;
      },
      verdict(run, released, list) {
        if (run !== RUN) return;
        const status = -engine.calls.page_aside_verdict(released ? 1 : 0, engine.putBytes(list));
        done(status === STATUS.OK || status === STATUS.REFUSED ? 'over' : 'relay-wrong');
      },
      refused: (reason) => done(reason === 'no-room' ? 'over' : reason),
      down: () => done('unreachable'),
    });
  });
}

/** Confirms, or fetches what came of it when the window has ended.  What is over is erased first, then shown.
 * @param {WebAssembly.Module} module @param {WebAssembly.Module} part @param {string} url @param {string} id
 * @param {boolean} looks @returns {Promise<Morning>} */
export async function confirm(module, part, url, id, looks) {
  /** @type {Engine | null} */
  let engine = null;
  try {
    const night = await take(id);
    engine = opened(module, part, night);
    const morning = await meet(engine, url, id, night, looks);
    if (morning.result !== 'over') return morning;
    const outcome = engine.getJson(engine.calls.page_aside_outcome());
    await erase(id);
    return { result: 'outcome', outcome };
  } catch (error) {
    return { result: error instanceof NotKept ? error.message : 'damaged' };
  } finally {
    if (engine) closed(engine);
  }
}
