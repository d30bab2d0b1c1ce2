// SPDX-License-Identifier: ISC
// The engine as WebAssembly, without a browser: known answers for the parts of libsodium that stand on
// our shim, and its one import.

import assert from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine } from '../../web/page/wasm.js';

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
  for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 300, 5000]) {
    const text = randomBytes(length);
    const at = put(text);
    const out = put(64);
    calls.crypto_hash_sha512(out, at, BigInt(length));
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

test('the engine imports random bytes, and nothing else', () => {
  const module = new WebAssembly.Module(readFileSync(join(BUILT, 'page/tacit.wasm')));
  assert.deepEqual(WebAssembly.Module.imports(module),
    [{ module: 'env', name: 'random_bytes', kind: 'function' }]);
  const qr = new WebAssembly.Module(readFileSync(join(BUILT, 'page/qr.wasm')));
  assert.deepEqual(WebAssembly.Module.imports(qr), []);
});
