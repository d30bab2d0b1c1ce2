// SPDX-License-Identifier: ISC
// qr.js — a QR code as a picture made of one SVG path.

import { fetchChecked } from './engine.js';
import { WORDS } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 2; // modules of quiet zone, beside the padding that the style gives

/** @param {string} text @returns {Promise<{ side: number, modules: Uint8Array }>} */
async function draw(text) {
  const { instance } = await WebAssembly.instantiateStreaming(fetchChecked('qr.wasm'));
  const calls = /** @type {any} */ (instance.exports);
  calls._initialize?.();
  new Uint8Array(calls.memory.buffer).set(new TextEncoder().encode(`${text}\0`), calls.qr_exchange());
  const side = calls.qr_draw();
  return { side, modules: new Uint8Array(calls.memory.buffer, calls.qr_exchange(), side * side).slice() };
}

/** null: it could not be drawn; the code and the link do as well.
 * @param {string} text @returns {Promise<SVGElement | null>} */
export async function qrCode(text) {
  const { side, modules } = await draw(text).catch(() => ({ side: 0, modules: new Uint8Array(0) }));
  if (!side) return null;
  let path = '';
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (modules[y * side + x]) path += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`;
    }
  }
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${side + 2 * MARGIN} ${side + 2 * MARGIN}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', WORDS.share.qr);
  svg.setAttribute('shape-rendering', 'crispEdges');
  const dark = document.createElementNS(SVG, 'path');
  dark.setAttribute('d', path);
  svg.append(dark);
  return svg;
}
