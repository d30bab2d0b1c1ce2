// SPDX-License-Identifier: ISC
// relay.js — the line to the relay: src/net/relay_wire.h over one WebSocket.

const SUBPROTOCOL = 'tacit-relay';
const VERSION = 1;
const TO = { OPEN: 0x01, JOIN: 0x02, FRAME: 0x03, BYE: 0x04, REOPEN: 0x05 };
const FROM = {
  OPENED: 0x81, JOINED: 0x82, FRAME: 0x83, PEER_JOINED: 0x84, PEER_LEFT: 0x85, REFUSED: 0x86,
};
/** Reasons of REFUSED, as words the screens know. */
const REASONS = ['', 'no-room', 'full', 'busy', 'old', 'too-large', 'idle', 'closing', 'too-fast',
  'malformed'];
const CONNECT_MS = 15000;

/**
 * @typedef {{ up(): void, opened(number: number): void, joined(room: Uint8Array): void,
 *   frame(bytes: Uint8Array): void, peerJoined(): void, peerLeft(): void,
 *   refused(reason: string): void, down(wasUp: boolean): void }} RelayEvents
 */

export class Relay {
  /** @param {string} url @param {RelayEvents} events */
  constructor(url, events) {
    this.events = events;
    this.over = false;
    /** What comes before the answer to a reopening belongs to the room before. */
    this.reopening = false;
    this.awaits = 0; // the answer that was asked for, and may come once
    let wasUp = false;
    this.socket = new WebSocket(url, SUBPROTOCOL);
    this.socket.binaryType = 'arraybuffer';
    const timer = setTimeout(() => this.end(() => events.down(false)), CONNECT_MS);
    this.socket.onopen = () => { clearTimeout(timer); wasUp = true; events.up(); };
    this.socket.onclose = () => { clearTimeout(timer); this.end(() => events.down(wasUp)); };
    this.socket.onmessage = (message) => this.take(message.data);
  }

  /** Says a last thing once, and nothing after it. @param {() => void} say */
  end(say) {
    if (this.over) return;
    this.over = true;
    this.socket.onmessage = null;
    this.socket.close();
    say();
  }

  /** @param {unknown} data from the relay, unchecked */
  take(data) {
    if (this.over || !(data instanceof ArrayBuffer) || data.byteLength === 0) return;
    const bytes = new Uint8Array(data);
    const body = bytes.subarray(1);
    if (bytes[0] === FROM.REFUSED) {
      const reason = REASONS[body[0]] || 'malformed';
      this.end(() => this.events.refused(reason));
      return;
    }
    if (bytes[0] === FROM.OPENED || bytes[0] === FROM.JOINED) {
      // Each meeting begins once, when it was asked for: a relay that begins another by itself
      // would have one guess of the code each time.
      if (bytes[0] !== this.awaits) {
        this.end(() => this.events.refused('malformed'));
        return;
      }
      this.awaits = 0;
    }
    if (bytes[0] === FROM.OPENED && body.length === 4) {
      const again = this.reopening;
      this.reopening = false;
      if (!again) this.events.opened(new DataView(data).getUint32(1, true));
      return;
    }
    if (this.reopening) return;
    switch (bytes[0]) {
      case FROM.JOINED:
        if (body.length === 16) this.events.joined(body);
        break;
      case FROM.FRAME: this.events.frame(body); break;
      case FROM.PEER_JOINED: this.events.peerJoined(); break;
      case FROM.PEER_LEFT: this.events.peerLeft(); break;
      default: break;
    }
  }

  /** @param {number} kind @param {Uint8Array} body */
  send(kind, body) {
    if (this.over || this.socket.readyState !== WebSocket.OPEN) return;
    const message = new Uint8Array(1 + body.length);
    message[0] = kind;
    message.set(body, 1);
    this.socket.send(message);
  }

  /** @param {Uint8Array} room */
  open(room) {
    this.awaits = FROM.OPENED;
    this.send(TO.OPEN, Uint8Array.of(VERSION, ...room));
  }

  /** The same number for another try. @param {Uint8Array} room */
  reopen(room) {
    this.reopening = true;
    this.awaits = FROM.OPENED;
    this.send(TO.REOPEN, room);
  }

  /** @param {number} number */
  join(number) {
    this.awaits = FROM.JOINED;
    const body = new Uint8Array(5);
    body[0] = VERSION;
    new DataView(body.buffer).setUint32(1, number, true);
    this.send(TO.JOIN, body);
  }

  /** @param {Uint8Array} frame */
  frame(frame) {
    this.send(TO.FRAME, frame);
  }

  bye() {
    this.send(TO.BYE, new Uint8Array(0));
    this.end(() => {});
  }
}
