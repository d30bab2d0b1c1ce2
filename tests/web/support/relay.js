// SPDX-License-Identifier: ISC
// relay.js — `tacit serve` on a free port, and a wire with delay in front of it.

import { spawn } from 'node:child_process';
import net from 'node:net';

export const TACIT = process.env.TACIT ?? 'build/normal/tacit';
const START_MS = 60000;

/** @param {import('node:child_process').ChildProcess} child */
export function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}

/** Starts `tacit serve`; on the port of one that ran before, or on a free one.
 * @param {{ port?: number, more?: string[] }} [given] */
export async function startRelay({ port = 0, more = [] } = {}) {
  // Nothing of a test stays in the home of whoever runs it.
  const keeps = more.includes('--state') ? more : ['--no-state', ...more];
  const child = spawn(TACIT, ['serve', '--listen', `127.0.0.1:${port}`, '--json', ...keeps],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('the relay did not start')), START_MS);
    child.once('exit', () => reject(new Error('the relay ended at once')));
    child.stdout.on('data', (data) => {
      text += data;
      const line = text.split('\n').slice(0, -1).map((one) => JSON.parse(one)).find((one) => one.url);
      if (line) {
        clearTimeout(timer);
        resolve(line.url.replace(/\/?$/, '/'));
      }
    });
  });
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    /** @param {NodeJS.Signals} [signal] */
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended(child);
    },
  };
}

/** A TCP wire to `port` that carries every byte `delayMs` later, each way, and can be cut.
 * While `silent`, a connection that begins carries what both say first, which is its upgrade to a
 * WebSocket, and nothing after; while `shut`, none begins; after `dies`, those that there are carry nothing more, and do
 * not say so.  @param {number} port @param {number} delayMs */
export async function startWire(port, delayMs) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set();
  const wire = { url: '', delayMs, silent: false, shut: false, dies, cut, close };
  let dead = new Set();

  /** @param {net.Socket} from @param {net.Socket} to */
  function carry(from, to) {
    sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      setTimeout(() => to.end(), wire.delayMs);
    });
    const once = wire.silent;
    let said = 0;
    from.on('data', (data) => setTimeout(() => {
      said += 1;
      if (!to.destroyed && (!once || said === 1) && !dead.has(from)) to.write(data);
    }, wire.delayMs));
  }

  function dies() {
    dead = new Set(sockets);
  }

  function cut() {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const server = net.createServer({ noDelay: true }, (client) => {
    if (wire.shut) {
      client.resetAndDestroy();
      return;
    }
    const relay = net.connect({ port, host: '127.0.0.1', noDelay: true });
    carry(client, relay);
    carry(relay, client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  server.unref(); // a test that fails before it closes the wire must not hang
  wire.url = `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}/`;

  async function close() {
    server.close();
    cut();
  }
  return wire;
}
