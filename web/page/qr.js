// SPDX-License-Identifier: ISC
// qr.js — a QR code as a picture made of one SVG path.

import { ask } from './engine.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 2; // modules of quiet zone, beside the padding that the style gives

/** @param {string} text @returns {Promise<SVGElement | null>} */
export async function qrCode(text) {
  const { side, modules } = await ask('qr', { text });
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
  svg.setAttribute('aria-label', 'QR code of the link');
  const dark = document.createElementNS(SVG, 'path');
  dark.setAttribute('d', path);
  dark.setAttribute('fill', '#000');
  svg.append(dark);
  return svg;
}
