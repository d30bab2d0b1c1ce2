// SPDX-License-Identifier: ISC
// screenshots.js FOLDER [SCREEN…] — every screen of the page as a picture, in light and dark.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { closeBrowser } from './support/person.js';
import { startRelay } from './support/relay.js';
import { SCREENS, at } from './support/screens.js';

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) throw new Error('screenshots.js FOLDER [SCREEN…]');
await mkdir(folder, { recursive: true });
const relay = await startRelay();
for (const name of wanted.length ? wanted : Object.keys(SCREENS)) {
  await at(name, relay.url, { reducedMotion: 'reduce' }, async ({ page }) => {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: true });
    }
  });
}
await closeBrowser();
await relay.stop();
