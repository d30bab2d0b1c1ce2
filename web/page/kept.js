// SPDX-License-Identifier: ISC
// kept.js — what a person sleeps on: one record each in this browser's IndexedDB, under a key of its own that no
// script can read out.  The only thing that the page ever keeps; with the last record the database goes.
//
// Secrets: a night opens into what tacit_session_put_aside gave, the seat's ticket and the code, by which
// the same link is known again.  No answer is in it, and no outcome by itself.

const NAME = 'kept';
const STORE = 'nights';
const VERSION = 1;
const IV_BYTES = 12;
const TICKET_BYTES = 16;
const ROOM_BYTES = 16;
const FORGOTTEN_MS = 30 * 24 * 60 * 60 * 1000; // after its window no relay knows it any more

/**
 * Times are by the relay's clock, which is `ahead` of this device's.  confirmed: this person said so;
 * given: and the relay has it.
 * @typedef {{ opens: number, closes: number, ahead: number, confirmed: boolean, given: boolean, code: string,
 *   ticket: Uint8Array, room: Uint8Array, bytes: Uint8Array }} Night
 * @typedef {{ id: string, version: number, key: CryptoKey, iv: Uint8Array, sealed: ArrayBuffer }} Kept
 */

/** Why a night cannot be had: 'absent', 'damaged', 'version', or 'refused' by the browser. */
export class NotKept extends Error {}

/** Has this browser what it takes?  A page that came over plain http from elsewhere has not. */
export function able() {
  try {
    return Boolean(indexedDB && crypto.subtle && navigator.locks);
  } catch {
    return false;
  }
}

// ------------------------------------------------------------------------------- the database

/** @template T @param {IDBRequest<T>} asked @returns {Promise<T>} */
function answer(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Looking makes no database. @param {boolean} make @returns {Promise<IDBDatabase | null>} */
async function open(make) {
  const known = make ? undefined : await indexedDB.databases?.();
  if (known && !known.some(({ name }) => name === NAME)) return null;
  const asked = indexedDB.open(NAME, 1);
  let absent = false;
  asked.onupgradeneeded = () => {
    absent = !make;
    if (make) asked.result.createObjectStore(STORE, { keyPath: 'id' });
    else asked.transaction?.abort();
  };
  try {
    return await answer(asked);
  } catch (error) {
    if (absent) return null;
    throw error;
  }
}

/** One at a time over all tabs; what was written is on the disk before it gives anything back.
 * @template T @param {boolean} make @param {(store: IDBObjectStore) => Promise<T>} what
 * @returns {Promise<T | null>} null: there is no database */
async function within(make, what) {
  const base = await open(make);
  if (!base) return null;
  try {
    const turn = base.transaction(STORE, 'readwrite', { durability: 'strict' });
    const over = new Promise((resolve, reject) => {
      turn.oncomplete = resolve;
      turn.onabort = () => reject(turn.error);
    });
    over.catch(() => {}); // what asked for it fails first
    const result = await what(turn.objectStore(STORE));
    await over;
    return result;
  } finally {
    base.close();
  }
}

/** @template T @param {() => Promise<T>} what @returns {Promise<T>} */
async function alone(what) {
  if (!able()) throw new NotKept('refused');
  try {
    return await navigator.locks.request(NAME, what);
  } catch (error) {
    throw error instanceof NotKept ? error : new NotKept('refused');
  }
}

// ----------------------------------------------------------------------------------- the seal

/** @param {string} id */
const bound = (id) => new TextEncoder().encode(`${NAME} ${VERSION} ${id}`);

/** @param {string} id @param {Night} night @returns {Promise<Kept>} */
async function seal(id, { ticket, room, bytes, ...head }) {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const plain = await new Blob([new Uint32Array([text.length]), text, ticket, room, bytes].map(
    (part) => /** @type {BlobPart} */ (part))).arrayBuffer();
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(id) }, key, plain);
  new Uint8Array(plain).fill(0);
  return { id, version: VERSION, key, iv, sealed };
}

/** @param {Kept | undefined} kept unchecked @returns {Promise<Night>} */
async function unseal(kept) {
  if (!kept) throw new NotKept('absent');
  if (kept.version !== VERSION) throw new NotKept('version');
  try {
    const { id, key, iv, sealed } = kept;
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(iv), additionalData: bound(id) }, key, sealed);
    const [size] = new Uint32Array(plain.slice(0, 4));
    const head = JSON.parse(new TextDecoder().decode(plain.slice(4, 4 + size)));
    const rest = new Uint8Array(plain, 4 + size);
    return { ...head, ticket: rest.slice(0, TICKET_BYTES),
      room: rest.slice(TICKET_BYTES, TICKET_BYTES + ROOM_BYTES), bytes: rest.slice(TICKET_BYTES + ROOM_BYTES) };
  } catch {
    throw new NotKept('damaged');
  }
}

/** @param {string} id @param {Night} night */
async function write(id, night) {
  const kept = await seal(id, night);
  await within(true, (store) => answer(store.put(kept)));
}

/** @param {string} id */
async function remove(id) {
  const left = await within(false, async (store) => {
    await answer(store.delete(id));
    return answer(store.count());
  });
  if (left === 0) await answer(indexedDB.deleteDatabase(NAME));
}

// ------------------------------------------------------------------------------- what is asked

/** @param {Night} night @returns {Promise<string>} its id */
export function keep(night) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return alone(async () => {
    await write(id, night);
    return id;
  });
}

/** @param {string} id @returns {Promise<Night>} */
export const take = (id) => alone(async () => unseal((await within(false, (store) => answer(store.get(id)))) ?? undefined));

/** Changes what is kept, if it still is. @param {string} id @param {Partial<Night>} change */
export function amend(id, change) {
  return alone(async () => {
    const kept = await within(false, (store) => answer(store.get(id)));
    await write(id, { ...await unseal(kept ?? undefined), ...change });
  });
}

/** @param {string} id */
export const erase = (id) => alone(() => remove(id));

/** Takes back what was not confirmed. @param {string} id @returns {Promise<boolean>} false: it was */
export function takeBack(id) {
  return alone(async () => {
    const kept = await within(false, (store) => answer(store.get(id)));
    const night = kept ? await unseal(kept).catch(() => null) : null;
    if (night?.confirmed) return false;
    await remove(id); // also one that cannot be opened: that is what was asked for
    return true;
  });
}

/** All that is kept here, without its secrets. @param {string} code of a link
 * @returns {Promise<{ id: string, wrong: string, same: boolean, opens: number, closes: number, ahead: number,
 *   confirmed: boolean, given: boolean }[]>} */
export async function list(code = '') {
  if (!able()) return [];
  return alone(async () => {
    /** @type {Kept[]} */
    const all = await within(false, (store) => answer(store.getAll())) ?? [];
    const found = [];
    for (const kept of all) {
      try {
        const { opens, closes, ahead, confirmed, given, code: own } = await unseal(kept);
        if (Date.now() + ahead > closes + FORGOTTEN_MS) await remove(kept.id);
        else found.push({ id: kept.id, wrong: '', same: code !== '' && own === code, opens, closes, ahead, confirmed, given });
      } catch (error) {
        found.push({ id: kept.id, wrong: /** @type {Error} */ (error).message, same: false, opens: 0, closes: 0,
          ahead: 0, confirmed: false, given: false });
      }
    }
    return found.sort((one, other) => one.opens - other.opens);
  });
}

/** May this page look at what is kept? @returns {Promise<boolean>} */
export async function reachable() {
  try {
    await alone(async () => (await open(false))?.close());
    return true;
  } catch {
    return false;
  }
}

/** Does this browser keep a thing under such a key, and give it back? @returns {Promise<boolean>} */
export async function tryOut() {
  const none = new Uint8Array(TICKET_BYTES);
  try {
    const id = await keep({ opens: 0, closes: Date.now(), ahead: 0, confirmed: false, given: false, code: '', ticket: none,
      room: none, bytes: none });
    const { bytes } = await take(id);
    await erase(id);
    return bytes.length === none.length;
  } catch {
    return false;
  }
}
