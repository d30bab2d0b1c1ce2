// SPDX-License-Identifier: ISC
// What the page weighs, as it goes over the line.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const BUILT = join(process.env.TACIT_BINARY_DIR ?? 'build/normal', 'page');
const KB = 1000;
const sizes = readdirSync(BUILT).filter((name) => name.endsWith('.br'))
  .map((name) => ({ name, bytes: readFileSync(join(BUILT, name)).length }));

test('the engine is at most 100 kB after brotli', () => {
  const bytes = sizes.find(({ name }) => name === 'tacit.wasm.br')?.bytes ?? Infinity;
  assert.ok(bytes <= 100 * KB, `${bytes} bytes`);
});

// What comes later: the preview while somebody answers, the code to scan when a link is shared.
const LATER = ['preview.wasm.br', 'qr.wasm.br'];

test('the first load is at most 160 kB after brotli', () => {
  const first = sizes.filter(({ name }) => !LATER.includes(name));
  const all = first.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(all <= 160 * KB, `${all} bytes: ${first.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')}`);
});
