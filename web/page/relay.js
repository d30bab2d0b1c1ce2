// SPDX-License-Identifier: ISC
// relay.js — the line to the relay: src/net/relay_wire.h over one WebSocket after another.
//
// As src/net/line.c: frames are numbered and held until the relay has them, so that a line that breaks
// (another network, a phone asleep) is made again for ten minutes, and nothing is lost or said twice.

const SUBPROTOCOL = 'tacit-relay';
const VERSION = 2;
const TO = {
  OPEN: 0x01, JOIN: 0x02, FRAME: 0x03, BYE: 0x04, REOPEN: 0x05, RESUME: 0x06, TAKEN: 0x07,
  DEPOSIT: 0x08, SEEN: 0x09, KEEP: 0x0a,
};
const FROM = {
  OPENED: 0x81, JOINED: 0x82, FRAME: 0x83, PEER_JOINED: 0x84, PEER_LEFT: 0x85, REFUSED: 0x86,
  RESUMED: 0x87, KEPT: 0x88, VERDICT: 0x89,
};
/** Reasons of REFUSED, as words the screens know. */
const REASONS = ['', 'no-room', 'full', 'busy', 'old', 'too-large', 'idle', 'closing', 'too-fast',
  'malformed'];
const CONNECT_MS = 15000;
const AWAY_MS = 10 * 60 * 1000; // so long a lost line is made again
const FAREWELL_MS = 10000; // so long the last frames may take to leave
const PAUSE_MS = 250; // before another connection; doubled each time …
const PAUSE_MAX_MS = 15000; // … up to this, and shortened by chance
const WATCH_MS = 5000; // between two looks at whether the line lives
const SILENT_MS = 85000; // something is owed, and nothing came: as in the terminal
const PAY_MS = 200; // frames that come within it share one TAKEN
const CREDIT = 1 << 20; // bytes that may be said and not KEPT
const KEEPS_ROOMS = 2;
const NO_MORE = 0xffffffff; // of TAKEN: no frame is wanted

/**
 * @typedef {{ up(): void, opened(number: number): void, joined(room: Uint8Array): void,
 *   frame(bytes: Uint8Array): void, peerJoined(): void, peerLeft(): void,
 *   refused(reason: string): void, down(wasUp: boolean): void,
 *   lost?(): void, back?(now: bigint, features: number): void,
 *   verdict?(run: number, released: boolean, list: Uint8Array): void }} RelayEvents
 */

/** @param {number} value */
function u32(value) {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

/** @param {bigint} value */
function u64(value) {
  return new Uint8Array(new BigUint64Array([value]).buffer);
}

/** @param {ArrayLike<number>[]} parts */
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The body's length, or the least of it, by kind. @type {Record<number, (length: number) => boolean>} */
const FITS = {
  [FROM.OPENED]: (length) => length === 13,
  [FROM.JOINED]: (length) => length === 25,
  [FROM.FRAME]: (length) => length > 4,
  [FROM.PEER_JOINED]: (length) => length === 0,
  [FROM.PEER_LEFT]: (length) => length === 0,
  [FROM.REFUSED]: (length) => length === 1,
  [FROM.RESUMED]: (length) => length === 13,
  [FROM.KEPT]: (length) => length === 4,
  [FROM.VERDICT]: (length) => length >= 5 && length <= 5 + 16 * 489 && length % 16 === 5,
};

export class Relay {
  // Of this connection (connect).
  answered = false;
  greeted = false;
  reopenings = 0;
  reopenDue = false;
  // Of this room (forgetRoom).
  /** Frames that the relay does not have, the first of them number `kept`. @type {Uint8Array[]} */
  held = [];
  kept = 0;
  said = 0;
  saidMost = 0;
  inFlight = 0;
  taken = 0;
  takenTold = 0;
  peerKnown = false;
  peerGone = false;
  keepUntil = 0n;
  keepDue = false;
  /** @type {Map<number, { releaseAt: bigint, bytes: Uint8Array | null, said: boolean,
   *   answered: boolean, seen: boolean }>} */
  runs = new Map();

  /** @param {string} url @param {RelayEvents} events */
  constructor(url, events) {
    this.url = url;
    this.events = events;
    this.over = false; // nothing is told any more
    this.ticket = crypto.getRandomValues(new Uint8Array(16));
    /** What to begin with: OPEN, JOIN or RESUME. */
    this.begin = 0;
    this.number = 0;
    /** The room that the relay knows, and those it was asked for since. @type {Uint8Array[]} */
    this.rooms = [];
    this.tried = 0; // which of them this connection resumes
    this.seated = false;
    this.features = 0;
    this.ahead = NaN; // the relay's clock, less ours, in ms; not a number: it has told none
    this.wasUp = false;
    this.lostAt = 0;
    this.attempts = 0;
    this.leaving = false;
    /** Who is told when all is with the relay and this line is closed for now; see park. @type {(() => void) | null} */
    this.parked = null;
    this.parking = false;
    this.timer = 0;
    this.payTimer = 0;
    this.heardAt = Date.now();
    this.watchedAt = Date.now();
    this.unsent = 0; // bytes, when it was looked at last
    this.forgetRoom();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.watcher = setInterval(() => this.watch(), WATCH_MS);
    this.wake = () => this.hurry();
    globalThis.addEventListener?.('online', this.wake);
    this.connect();
  }

  /* ------------------------------------------------------------------------------- connections */

  connect() {
    this.answered = false;
    this.greeted = false;
    this.byeSaid = false;
    this.parking = false;
    this.reopenings = 0;
    this.reopenDue = false;
    this.said = 0; // frames said on this connection, from `kept` on
    this.inFlight = 0;
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    this.timer = setTimeout(() => this.broken(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(this.timer);
      for (const run of this.runs.values()) {
        run.said = false;
        run.seen = false; // the relay may not have heard it
      }
      this.keepDue = this.keepUntil !== 0n;
      this.said = this.kept;
      this.takenTold = 0;
      if (this.begin) this.timer = setTimeout(() => this.broken(), CONNECT_MS);
      const first = !this.wasUp;
      this.wasUp = true;
      this.say();
      if (first && !this.over) this.events.up();
    };
    socket.onclose = ({ wasClean }) => this.broken(wasClean);
    socket.onmessage = (message) => this.take(message.data);
  }

  /** Lets go of this connection; nothing of it is heard any more. */
  hangUp() {
    clearTimeout(this.timer);
    clearTimeout(this.payTimer);
    this.payTimer = 0;
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  /** The connection is over: another one after a pause, or the end. Whoever closes politely after BYE
   * has everything; whoever breaks may not. @param {boolean} [clean] */
  broken(clean = false) {
    if (clean && this.parking) {
      this.end(() => this.parked?.());
      return;
    }
    if (this.leaving && this.byeSaid && clean) {
      this.end(() => {});
      return;
    }
    const resumes = this.begin !== 0 && (this.wasUp || this.leaving) && !this.stopped();
    this.hangUp();
    if (!resumes || !this.again()) this.end(() => this.events.down(this.wasUp));
  }

  /** A line may be dead and not say so: a phone that changed networks.  Another one is made then. */
  watch() {
    const now = Date.now();
    const slept = now - this.watchedAt > 3 * WATCH_MS; // what came meanwhile is about to be heard
    const unsent = this.socket?.bufferedAmount ?? 0;
    const owed = this.said > this.kept ||
      [...this.runs.values()].some((run) => run.said && !run.answered && run.releaseAt === 0n);
    if (slept || !owed || !this.answered || unsent < this.unsent) this.heardAt = now;
    this.watchedAt = now;
    this.unsent = unsent;
    if (now - this.heardAt > SILENT_MS) this.broken();
  }

  stopped() {
    return this.over && !this.leaving;
  }

  /** Tries once more after a pause. Gives false when the time is over. */
  again() {
    const now = Date.now();
    if (!this.lostAt) {
      this.lostAt = now;
      if (!this.over) this.events.lost?.();
    }
    const left = this.lostAt + (this.leaving ? FAREWELL_MS : AWAY_MS) - now;
    if (left <= 0) return false;
    const pause = Math.min(PAUSE_MS * 2 ** this.attempts, PAUSE_MAX_MS) * (0.5 + Math.random() / 2);
    this.attempts += 1;
    this.timer = setTimeout(() => this.connect(), Math.min(pause, left));
    return true;
  }

  /** The network is back, or somebody looks at the page again: at once, then. */
  hurry() {
    if (this.socket || !this.lostAt || this.stopped()) return;
    clearTimeout(this.timer);
    this.attempts = 0;
    this.connect();
  }

  /** Says a last thing once, and nothing after it. @param {() => void} say */
  end(say) {
    this.hangUp();
    clearInterval(this.watcher);
    globalThis.removeEventListener?.('online', this.wake);
    this.leaving = false;
    if (this.over) return;
    this.over = true;
    say();
  }

  /* ------------------------------------------------------------------------------ what is said */

  forgetRoom() {
    /** Frames that the relay does not have, the first of them number `kept`. @type {Uint8Array[]} */
    this.held = [];
    this.kept = 0;
    this.said = 0;
    this.saidMost = 0; // on any connection
    this.inFlight = 0;
    this.taken = 0;
    this.takenTold = 0;
    this.peerKnown = false;
    this.peerGone = false;
    this.keepUntil = 0n;
    this.keepDue = false;
    /** @type {Map<number, { releaseAt: bigint, bytes: Uint8Array | null, said: boolean,
     *   answered: boolean, seen: boolean }>} */
    this.runs = new Map();
  }

  /** @param {number} kind @param {ArrayLike<number>[]} parts */
  send(kind, ...parts) {
    this.socket?.send(join([kind], ...parts));
  }

  greet() {
    this.greeted = true;
    if (this.seated || this.begin === TO.RESUME) {
      const newest = this.tried === this.rooms.length - 1;
      this.send(TO.RESUME, [VERSION], this.rooms[this.tried], this.ticket,
        u32(newest ? this.taken : NO_MORE));
    } else if (this.begin === TO.OPEN) {
      this.send(TO.OPEN, [VERSION], this.rooms[0], this.ticket);
    } else {
      this.send(TO.JOIN, [VERSION], u32(this.number), this.ticket);
    }
  }

  /** Says everything that is due on this connection. */
  say() {
    if (this.socket?.readyState !== WebSocket.OPEN || !this.begin || this.stopped()) return;
    if (!this.greeted) this.greet();
    if (!this.answered) return;
    if (this.reopenDue) {
      this.reopenDue = false;
      this.send(TO.REOPEN, this.rooms[this.rooms.length - 1], this.ticket);
    }
    if (this.keepDue) {
      this.keepDue = false;
      this.send(TO.KEEP, u64(this.keepUntil));
    }
    for (const [number, run] of this.runs) {
      if (run.answered && !run.seen) {
        run.seen = true;
        this.send(TO.SEEN, u32(number));
      }
      if (run.said || run.answered || !run.bytes) continue;
      run.said = true;
      this.send(TO.DEPOSIT, u32(number), u64(run.releaseAt), run.bytes);
    }
    this.sayFrames();
    if (this.leaving && !this.byeSaid && this.said === this.kept + this.held.length) {
      this.byeSaid = true;
      this.send(TO.BYE);
    }
    if (this.parked && !this.parking && this.said === this.kept + this.held.length) {
      this.parking = true;
      this.socket?.close(); // the answer to it comes behind all that was said
    }
  }

  sayFrames() {
    while (this.said < this.kept + this.held.length) {
      const frame = this.held[this.said - this.kept];
      if (this.inFlight > 0 && this.inFlight + frame.length > CREDIT) return;
      this.send(TO.FRAME, u32(this.said), frame);
      this.said += 1;
      this.saidMost = Math.max(this.saidMost, this.said);
      this.inFlight += frame.length;
    }
  }

  /** Says later how many frames were taken, once for many. */
  pay() {
    if (this.payTimer || this.taken === this.takenTold || this.taken === NO_MORE) return;
    this.payTimer = setTimeout(() => {
      this.payTimer = 0;
      if (this.socket?.readyState !== WebSocket.OPEN || !this.answered) return;
      this.takenTold = this.taken;
      this.send(TO.TAKEN, u32(this.taken));
    }, PAY_MS);
  }

  /* ----------------------------------------------------------------------------- what is heard */

  /** The relay has the frames before this number. @param {number} count */
  dropKept(count) {
    while (this.kept < count && this.held.length > 0) {
      const frame = this.held.shift();
      if (this.kept < this.said) this.inFlight -= frame?.length ?? 0;
      this.kept += 1;
    }
    this.said = Math.max(this.said, this.kept);
    if (this.inFlight < 0) this.inFlight = 0;
  }

  /** Not what a relay says. */
  strange() {
    this.end(() => this.events.refused('malformed'));
  }

  /** @param {unknown} data from the relay, unchecked */
  take(data) {
    if (this.stopped()) return;
    this.heardAt = Date.now();
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0);
    const body = bytes.subarray(1);
    if (bytes.length === 0 || !FITS[bytes[0]]?.(body.length)) this.strange();
    else if (bytes[0] === FROM.REFUSED) this.takeRefusal(body[0]);
    else if (!this.answered) this.takeAnswer(bytes[0], body);
    else this.takeMore(bytes[0], body);
    if (!this.stopped()) this.say();
  }

  /** @param {number} number */
  takeRefusal(number) {
    const reason = REASONS[number] || 'malformed';
    const tookUp = this.seated && !this.answered;
    let again = reason === 'closing' && this.seated && (this.features & KEEPS_ROOMS) !== 0;
    if (tookUp && (reason === 'busy' || reason === 'too-fast')) again = true;
    // While a room is being made anew, the relay knows either it or one before it.
    if (tookUp && reason === 'no-room' && this.tried > 0) {
      this.tried -= 1;
      again = true;
    }
    if (again) {
      this.hangUp();
      if (this.again()) return;
    }
    // Of a seat that it had before, that is: it did not wait so long, or forgot.
    if (this.seated && reason === 'no-room') this.end(() => this.events.down(true));
    else this.end(() => this.events.refused(reason));
  }

  /** The relay knows the newest room. */
  settleRoom() {
    this.rooms = this.rooms.slice(-1);
    this.tried = 0;
  }

  /**
   * The first word on a connection. Each meeting begins once, when it was asked for: a relay that
   * begins another by itself would have one guess of the code each time.
   * @param {number} kind @param {Uint8Array} body
   */
  takeAnswer(kind, body) {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    const resumes = this.seated || this.begin === TO.RESUME;
    const due = resumes ? FROM.RESUMED : this.begin === TO.OPEN ? FROM.OPENED : FROM.JOINED;
    if (!this.greeted || kind !== due) {
      this.strange();
      return;
    }
    clearTimeout(this.timer);
    const wasLost = this.lostAt !== 0;
    this.answered = true;
    this.lostAt = 0;
    this.attempts = 0;
    this.features = body[body.length - 1];
    const now = view.getBigUint64(kind === FROM.JOINED ? 16 : kind === FROM.OPENED ? 4 : 0, true);
    this.ahead = Number(now) - Date.now();
    if (kind === FROM.RESUMED && !this.takeResumed(view.getUint32(8, true))) return;
    const first = !this.seated;
    this.seated = true;
    if ((wasLost || kind === FROM.RESUMED) && !this.over) this.events.back?.(now, this.features);
    if (!first || this.over) return;
    if (kind === FROM.OPENED) {
      this.number = view.getUint32(0, true);
      this.events.opened(this.number);
    } else if (kind === FROM.JOINED) {
      this.rooms = [body.slice(0, 16)];
      this.events.joined(this.rooms[0]);
    }
  }

  /** @param {number} kept @returns {boolean} it goes on */
  takeResumed(kept) {
    if (this.tried < this.rooms.length - 1) { // it does not know the newest room yet
      this.tried = this.rooms.length - 1;
      this.reopenDue = true;
      this.reopenings = 1;
      return true;
    }
    if (this.begin === TO.RESUME && !this.seated) {
      this.kept = kept; // frames of the page that was before us
      this.said = kept;
      this.saidMost = kept;
    } else if (kept < this.kept) {
      this.end(() => this.events.refused('no-room'));
      return false;
    } else if (kept > this.saidMost) {
      this.strange();
      return false;
    } else {
      this.dropKept(kept);
    }
    this.takenTold = this.taken;
    this.settleRoom();
    return true;
  }

  /** @param {number} kind @param {Uint8Array} body */
  takeMore(kind, body) {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (kind === FROM.OPENED && this.reopenings > 0) {
      this.reopenings -= 1;
      if (this.reopenings === 0) this.settleRoom();
      return;
    }
    if (kind === FROM.OPENED || kind === FROM.JOINED || kind === FROM.RESUMED) {
      this.strange();
      return;
    }
    if (this.reopenings > 0) return; // of the room before
    switch (kind) {
      case FROM.FRAME: this.takeFrame(view.getUint32(0, true), body.slice(4)); break;
      case FROM.KEPT:
        if (view.getUint32(0, true) > this.saidMost) this.strange();
        else this.dropKept(view.getUint32(0, true));
        break;
      case FROM.VERDICT: this.takeVerdict(view.getUint32(0, true), body); break;
      case FROM.PEER_JOINED:
        if (!this.peerKnown && !this.over) {
          this.peerKnown = true;
          this.events.peerJoined();
        }
        break;
      default:
        if (!this.peerGone && !this.over) {
          this.peerGone = true;
          this.events.peerLeft();
        }
        break;
    }
  }

  /** @param {number} number @param {Uint8Array} bytes */
  takeFrame(number, bytes) {
    if (this.taken === NO_MORE || number < this.taken) return; // once is enough
    if (number !== this.taken) {
      this.strange();
      return;
    }
    this.taken += 1;
    this.pay();
    if (!this.over) this.events.frame(bytes);
  }

  /** @param {number} number @param {Uint8Array} body */
  takeVerdict(number, body) {
    const released = body[4] === 1;
    if (body[4] > 1 || released !== body.length > 5) {
      this.strange();
      return;
    }
    const run = this.runs.get(number) ??
      { releaseAt: 0n, bytes: null, said: true, answered: false, seen: false };
    const first = !run.answered;
    run.answered = true;
    run.seen = false;
    run.bytes = null;
    this.runs.set(number, run);
    if (first && !this.over) this.events.verdict?.(number, released, body.slice(5));
  }

  /* ------------------------------------------------------------------------- what is asked of it */

  /** @param {number} kind */
  ask(kind) {
    this.begin = kind;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.broken(), CONNECT_MS);
    this.say();
  }

  /** @param {Uint8Array} room */
  open(room) {
    this.rooms = [room];
    this.ask(TO.OPEN);
  }

  /** The same number for another try. @param {Uint8Array} room */
  reopen(room) {
    this.forgetRoom();
    this.rooms.push(room);
    this.tried = this.rooms.length - 1;
    if (!this.reopenDue) this.reopenings += 1;
    this.reopenDue = true;
    this.say();
  }

  /** @param {number} number */
  join(number) {
    this.number = number;
    this.ask(TO.JOIN);
  }

  /**
   * A seat that this device held before, by the ticket of that line. `taken`: frames of the other that
   * it took; NO_MORE when none is wanted.
   * @param {Uint8Array} room @param {Uint8Array} ticket @param {number} taken
   */
  resume(room, ticket, taken = NO_MORE) {
    this.rooms = [room];
    this.ticket = ticket;
    this.taken = taken;
    this.ask(TO.RESUME);
  }

  /** @param {Uint8Array} frame a copy of its own */
  frame(frame) {
    if (this.over) return;
    this.held.push(frame);
    this.say();
  }

  /**
   * Our half of a fair reveal; said again until a verdict comes. The first for a run is final.
   * @param {number} number @param {bigint} releaseAt @param {Uint8Array} bytes
   */
  deposit(number, releaseAt, bytes) {
    if (this.over || this.runs.has(number)) return;
    this.runs.set(number, { releaseAt, bytes, said: false, answered: false, seen: false });
    this.say();
  }

  /** The relay is to know both seats so long. @param {bigint} until */
  keep(until) {
    this.keepUntil = until;
    this.keepDue = true;
    this.say();
  }

  /** Closes the line for now, and keeps the seat: tells when the relay has all that was given.
   * @param {() => void} parked */
  park(parked) {
    this.parked = parked;
    this.say();
  }

  /** Leaves for good, when all that was given has left. */
  bye() {
    if (this.over) return;
    this.over = true;
    this.leaving = this.begin !== 0;
    if (!this.leaving) {
      this.hangUp();
      clearInterval(this.watcher);
      globalThis.removeEventListener?.('online', this.wake);
      return;
    }
    setTimeout(() => this.end(() => {}), FAREWELL_MS);
    this.say();
  }
}
