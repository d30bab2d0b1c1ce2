// SPDX-License-Identifier: ISC
// threads.js — how long the workers of the browser's pages have run, as the system counts it (Linux).

import { readFileSync, readdirSync } from 'node:fs';

import { theBrowser } from '../../tests/web/support/person.js';

/** The worker threads of all pages, as the system knows them: thread → milliseconds it has run. */
export async function workers() {
  const session = await (await theBrowser()).newBrowserCDPSession();
  const { processInfo } = /** @type {any} */ (await session.send('SystemInfo.getProcessInfo'));
  await session.detach();
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    for (const thread of readdirSync(`/proc/${id}/task`)) {
      const at = `/proc/${id}/task/${thread}`;
      if (!readFileSync(`${at}/comm`, 'utf8').startsWith('DedicatedWorker')) continue;
      found.set(at, Number(readFileSync(`${at}/schedstat`, 'utf8').split(' ')[0]) / 1e6);
    }
  }
  return found;
}
