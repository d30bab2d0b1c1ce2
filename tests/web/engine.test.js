// SPDX-License-Identifier: ISC
// The engine as WebAssembly, without a browser: known answers for the parts of libsodium that stand on
// our shim, and its one import.

import assert from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine, STATUS, WANT } from '../../web/page/wasm.js';

globalThis.crypto ??= /** @type {any} */ (webcrypto); // Node 18 has it under this name only

const BUILT = process.env.TACIT_BINARY_DIR ?? 'build/normal';

/** libsodium's part of the engine, called with bytes. */
async function sodium() {
  const module = await WebAssembly.compile(readFileSync(join(BUILT, 'wasm/known.wasm')));
  const { calls } = Engine.start(module);
  /** Bytes in the engine's memory. @param {Uint8Array | number} given */
  function put(given) {
    const bytes = typeof given === 'number' ? new Uint8Array(given) : given;
    const at = calls.malloc(bytes.length || 1);
    new Uint8Array(calls.memory.buffer).set(bytes, at);
    return at;
  }
  /** @param {number} at @param {number} count */
  const get = (at, count) => Buffer.from(calls.memory.buffer, at, count);
  return { calls, put, get };
}

test('multiples of the ristretto255 base point, as RFC 9496 A.1 has them', async () => {
  const { calls, put, get } = await sodium();
  const known = [
    'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
    '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919',
    '94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259',
    'da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57',
    'e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e',
  ];
  const out = put(32);
  let sum = put(32);
  for (const [i, point] of known.entries()) {
    const scalar = new Uint8Array(32);
    scalar[0] = i + 1;
    assert.equal(calls.crypto_scalarmult_ristretto255_base(out, put(scalar)), 0);
    assert.equal(get(out, 32).toString('hex'), point);
    assert.equal(calls.crypto_scalarmult_ristretto255(out, put(scalar), put(Buffer.from(known[0], 'hex'))), 0);
    assert.equal(get(out, 32).toString('hex'), point);
    calls.crypto_core_ristretto255_add(sum, sum, put(Buffer.from(known[0], 'hex')));
    assert.equal(get(sum, 32).toString('hex'), point);
  }
  assert.equal(calls.crypto_scalarmult_ristretto255_base(out, put(32)), -1); // zero is refused
  assert.equal(calls.crypto_scalarmult_ristretto255(out, put(Uint8Array.of(1, ...new Uint8Array(31))),
    put(Buffer.from('00'.repeat(31) + '80', 'hex'))), -1); // no element
});

test('hashes and cipher are those of OpenSSL', async () => {
  const { calls, put, get } = await sodium();
  for (const length of [0, 1, 63, 64, 65, 111, 112, 113, 127, 128, 129, 239, 240, 300, 5000]) {
    const text = randomBytes(length);
    const at = put(text);
    const out = put(64);
    calls.crypto_hash_sha512(out, at, BigInt(length));
    assert.deepEqual(get(out, 64), createHash('sha512').update(text).digest());
    const state = put(512);
    const cut = length >> 2;
    calls.crypto_hash_sha512_init(state);
    calls.crypto_hash_sha512_update(state, at, BigInt(cut));
    calls.crypto_hash_sha512_update(state, at + cut, BigInt(length - cut));
    calls.crypto_hash_sha512_final(state, out);
    assert.deepEqual(get(out, 64), createHash('sha512').update(text).digest());
    calls.crypto_generichash(out, 64, at, BigInt(length), 0, 0);
    assert.deepEqual(get(out, 64), createHash('blake2b512').update(text).digest());

    const key = randomBytes(32), nonce = randomBytes(12), more = randomBytes(7);
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
    cipher.setAAD(more, { plaintextLength: length });
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    const box = put(length + 16);
    const open = put(length + 1);
    const [k, n, m] = [put(key), put(nonce), put(more)];
    calls.crypto_aead_chacha20poly1305_ietf_encrypt(box, 0, at, BigInt(length), m, 7n, 0, n, k);
    assert.deepEqual(get(box, length + 16), sealed);
    assert.equal(calls.crypto_aead_chacha20poly1305_ietf_decrypt(open, 0, 0, box, BigInt(length + 16),
      m, 7n, n, k), 0);
    assert.deepEqual(get(open, length), text);
    new Uint8Array(calls.memory.buffer)[box + (length >> 1)] ^= 1;
    assert.equal(calls.crypto_aead_chacha20poly1305_ietf_decrypt(open, 0, 0, box, BigInt(length + 16),
      m, 7n, n, k), -1);
  }
});

test('the shim compares, looks for zeros and wipes', async () => {
  const { calls, put, get } = await sodium();
  const bytes = randomBytes(33);
  for (let i = 0; i < 33; i++) {
    const other = Buffer.from(bytes);
    other[i] ^= 1 << (i % 8);
    assert.equal(calls.sodium_memcmp(put(bytes), put(bytes), 33), 0);
    assert.equal(calls.sodium_memcmp(put(bytes), put(other), 33), -1);
    const zeros = new Uint8Array(33);
    assert.equal(calls.sodium_is_zero(put(zeros), 33), 1);
    zeros[i] = 1 << (i % 8);
    assert.equal(calls.sodium_is_zero(put(zeros), 33), 0);
  }
  const at = put(bytes);
  calls.sodium_memzero(at + 1, 31);
  assert.equal(get(at, 33).toString('hex'),
    bytes.subarray(0, 1).toString('hex') + '00'.repeat(31) + bytes.subarray(32).toString('hex'));
});

test('memory is aligned, zero and moved whole; more than there is gives none', async () => {
  const { calls, put, get } = await sodium();
  const text = randomBytes(1000);
  const at = put(text);
  assert.equal(at % 64, 0);
  assert.deepEqual(get(calls.realloc(at, 100000), 1000), text);
  assert.deepEqual(get(calls.realloc(at, 10), 10), text.subarray(0, 10));
  assert.ok(get(calls.calloc(3, 70000), 210000).every((byte) => byte === 0));
  assert.equal(calls.malloc(0xfffffff0), 0);
  assert.equal(calls.calloc(0x10000, 0x10001), 0);
  assert.equal(calls.malloc(0xc0000000) && calls.malloc(0xc0000000), 0);
});

const compiled = (/** @type {string} */ name) =>
  new WebAssembly.Module(readFileSync(join(BUILT, 'page', name)));

test('the engine imports random bytes, and nothing else', () => {
  const wanted = WebAssembly.Module.imports(compiled('tacit.wasm'));
  // Besides places for calls into the part that comes later.
  assert.deepEqual(wanted.filter(({ module }) => module !== 'placeholder'),
    [{ module: 'env', name: 'random_bytes', kind: 'function' }]);
  assert.ok(wanted.length < 24, `${wanted.length} imports`);
  assert.deepEqual(WebAssembly.Module.imports(compiled('qr.wasm')), []);
  assert.ok(WebAssembly.Module.imports(compiled('preview.wasm')).every(({ module }) => module === 'primary'));
});

test('scalars of 64 bytes are reduced as numbers are', async () => {
  const { calls, put, get } = await sodium();
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const number = (/** @type {Uint8Array} */ bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const edges = [0n, 1n, order - 1n, order, order + 1n, 2n * order, 2n ** 256n - 1n, 2n ** 512n - 1n,
    order * (2n ** 259n) + order - 1n].map((edge) =>
    Buffer.from(edge.toString(16).padStart(128, '0'), 'hex').reverse());
  const drawn = Array.from({ length: 50 }, () => randomBytes(64));
  const out = put(32);
  for (const wide of [...edges, ...drawn]) {
    calls.crypto_core_ristretto255_scalar_reduce(out, put(wide));
    assert.equal(number(get(out, 32)), number(wide) % order);
  }
});

test('the map to the group, as RFC 9496 A.3 has it; sums, differences and what is no element', async () => {
  const { calls, put, get } = await sodium();
  const wide = put(Buffer.from('5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1' +
    '4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6', 'hex'));
  const element = put(32);
  calls.crypto_core_ristretto255_from_hash(element, wide);
  assert.equal(get(element, 32).toString('hex'), '3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46');
  const twice = put(32), back = put(32);
  assert.equal(calls.crypto_core_ristretto255_add(twice, element, element), 0);
  assert.equal(calls.crypto_core_ristretto255_sub(back, twice, element), 0);
  assert.deepEqual(get(back, 32), get(element, 32));
  assert.equal(calls.crypto_core_ristretto255_is_valid_point(twice), 1);
  const none = put(Buffer.from(`01${'00'.repeat(31)}`, 'hex')); // negative
  assert.equal(calls.crypto_core_ristretto255_is_valid_point(none), 0);
  assert.equal(calls.crypto_core_ristretto255_add(back, none, element), -1);
  assert.equal(calls.crypto_core_ristretto255_sub(back, element, none), -1);
});

test('the preview joins a running engine, and is not missed before', () => {
  const engine = Engine.start(compiled('tacit.wasm'));
  const sheet = readFileSync(new URL('../../sheets/last-night.tacit', import.meta.url), 'utf8');
  assert.equal(engine.readSheet(0, sheet, '', 0), null);
  const begin = () => {
    assert.equal(engine.giveAnswers(0, [['not-now', 'yes']]), null);
    return engine.calls.page_leak_start(0, 1);
  };
  engine.calls.page_leak_end();
  assert.throws(begin, /later/);
  engine.addPreview(compiled('preview.wasm'));
  assert.equal(begin(), 0);
  while (engine.calls.page_leak_step(64) < 1000);
  const bytes = engine.calls.page_leak_json();
  assert.ok(bytes > 2 && engine.getJson(bytes));
  engine.calls.page_leak_end();
});

test('what two people put aside is taken up again, each in an engine of its own', async () => {
  const read = (/** @type {string} */ name) => WebAssembly.compile(readFileSync(join(BUILT, 'page', name)));
  const [module, part] = await Promise.all(['tacit.wasm', 'preview.wasm'].map(read));
  const sheet = 'title Both\nask want: Would you like to?\n  no: No\n  yes: Yes\noutcome yes: You both would.\n' +
    '  when both (want is yes)\noutcome no: Not this time.\n  otherwise\n';
  const both = Engine.start(module);
  both.addPreview(part);
  assert.equal(both.readSheet(0, sheet, '', 0), null);
  const code = both.getText(both.calls.page_code_make(1));
  const room = webcrypto.getRandomValues(new Uint8Array(16));
  for (const seat of [0, 1]) assert.equal(Math.abs(both.startSession(seat, room, code, seat === 0, -1, true)), STATUS.OK);
  both.agreeBy(0, 1.8e12);
  const sealed = [false, false];
  for (let moved = true; moved;) {
    moved = false;
    for (const seat of [0, 1]) {
      for (; both.calls.page_want(seat) & WANT.SEND; moved = true) both.calls.page_recv(1 - seat, both.calls.page_send(seat));
      if (sealed[seat] || !(both.calls.page_want(seat) & WANT.ANSWERS)) continue;
      assert.equal(both.giveAnswers(seat, [['want', 'yes']]), null);
      assert.equal(both.calls.page_seal(seat, seat === 0 ? 3 : 5), 0);
      moved = sealed[seat] = true;
    }
  }
  const asides = [0, 1].map((seat) => both.putAside(seat));
  const mornings = asides.map((aside) => {
    assert.equal(aside?.until, 1.8e12);
    assert.equal(aside?.hours, 5); // the longer one
    const engine = Engine.start(module);
    engine.addPreview(part);
    assert.equal(engine.calls.page_aside_deposit(), -STATUS.USAGE); // nothing was read
    const bytes = Uint8Array.from(aside?.bytes ?? []);
    const change = (/** @type {number} */ at) => {
      const changed = Uint8Array.from(bytes);
      changed[at] ^= 1;
      return -engine.calls.page_aside_read(engine.putBytes(changed));
    };
    assert.equal(change(0), STATUS.FORMAT);
    assert.equal(change(8), STATUS.VERSION);
    assert.equal(-engine.calls.page_aside_read(engine.putBytes(bytes.slice(0, -1))), STATUS.FORMAT);
    assert.equal(Math.abs(engine.calls.page_aside_read(engine.putBytes(bytes))), STATUS.OK);
    assert.equal(engine.getText(engine.calls.page_aside_title()), 'Both');
    const count = engine.calls.page_aside_deposit();
    return { engine, deposit: engine.exchange().slice(0, count) };
  });
  mornings.forEach(({ engine, deposit }, i) => {
    const theirs = mornings[1 - i].deposit;
    const values = theirs.slice(0, theirs.length / 3);
    assert.equal(engine.getJson(engine.calls.page_aside_outcome()).id, 'no'); // before any verdict
    assert.equal(-engine.calls.page_aside_verdict(0, 0), STATUS.REFUSED);
    assert.equal(-engine.calls.page_aside_verdict(1, engine.putBytes(deposit.slice(0, values.length))), STATUS.RELAY);
    assert.equal(engine.getJson(engine.calls.page_aside_outcome()).id, 'no');
    assert.equal(Math.abs(engine.calls.page_aside_verdict(1, engine.putBytes(values))), STATUS.OK);
    assert.equal(engine.getJson(engine.calls.page_aside_outcome()).id, 'yes');
    engine.calls.page_aside_wipe();
    assert.equal(engine.calls.page_aside_outcome(), -STATUS.USAGE);
  });
});
