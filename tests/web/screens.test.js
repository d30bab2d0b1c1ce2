// SPDX-License-Identifier: ISC
// Every screen, one after the other: can everybody read and reach it, on every size of screen, in words
// that everybody knows; and is the way out always there.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import { PHONE, Person, SOME_AT_A_TIME, closeBrowser } from './support/person.js';
import { startRelay } from './support/relay.js';
import { SCREENS, at } from './support/screens.js';
import { fits, focusStops, plainWords } from './support/look.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = {
  'a phone': PHONE,
  'a small phone': { width: 320, height: 568 },
  'a phone on its side': { width: 740, height: 360 },
  'a desktop at 400 %': { width: 320, height: 256 },
};
const REPLACES_STYLE = 'p, li, label, button, h1, h2 { letter-spacing: .12em !important; ' +
  'word-spacing: .16em !important; line-height: 1.5 !important; } p { margin-bottom: 2em !important; }';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
let axe = '';
before(async () => {
  relay = await startRelay();
  axe = await readFile(AXE, 'utf8');
});
after(async () => {
  await closeBrowser();
  await relay.stop();
});

/** @param {Person} person @param {object} runOnly which of axe's rules */
async function accessible({ page }, runOnly) {
  const violations = await page.evaluate(async (rules) => {
    const { violations: found } = await /** @type {any} */ (window).axe.run(document,
      { runOnly: rules, resultTypes: ['violations'] });
    return found.map((/** @type {any} */ one) => `${one.id}: ${one.help} ${
      one.nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
  }, runOnly);
  assert.deepEqual(violations, []);
}

/** @param {Person} person */
async function looks(person) {
  const { page } = person;
  await page.evaluate(axe);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await accessible(person, { type: 'tag', values: RULES });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await accessible(person, { type: 'rule', values: ['color-contrast'] });
  assert.equal(await page.locator('h1').count(), 1);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  assert.equal(await page.title(), 'Questions');
  plainWords(await person.text());
  for (const [name, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    await fits(person, name);
  }
  await focusStops(person);
  await page.setViewportSize({ width: 640, height: 480 });
  await page.evaluate(() => { document.documentElement.style.fontSize = '212.5%'; });
  await fits(person, '1280 pixels at 200 %');
  await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
  await page.setViewportSize(PHONE);
  const style = await page.addStyleTag({ content: REPLACES_STYLE });
  await fits(person, 'wide spacing');
  await style.evaluate((node) => /** @type {Element} */ (node).remove());
}

/** @param {Person} person @param {boolean} byShift */
async function leaves({ page, url }, byShift) {
  const entries = await page.evaluate(() => history.length);
  await page.evaluate(() => { // what is on the screen the moment after, while elsewhere is far away
    for (const kind of ['click', 'keyup']) {
      document.addEventListener(kind, () => {
        if (document.getElementById('leave') === null) sessionStorage.left = document.body.innerText;
      });
    }
  });
  if (byShift) for (let k = 0; k < 3; k++) await page.keyboard.press('Shift');
  else await page.getByRole('link', { name: 'Leave' }).click({ noWaitAfter: true });
  await page.waitForURL('https://www.wikipedia.org/');
  assert.equal(await page.evaluate(() => history.length), entries); // replaced, not added
  await page.goBack().catch(() => {});
  if (page.url().startsWith('http')) { // somebody looks where the person was
    await page.locator('h1').waitFor();
    assert.match(await page.locator('main').innerText(), /two of you|cannot do it/);
    assert.doesNotMatch(await page.locator('main').innerText(), /loaded anew|under way|sealed/);
  }
  await page.goto(url);
  assert.equal(await page.evaluate(() => sessionStorage.left), '');
}

describe('every screen', SOME_AT_A_TIME, () => {
  for (const [i, name] of Object.keys(SCREENS).entries()) {
    test(`${name}: looks, words, and the way out`, () =>
      at(name, relay.url, { bypassCSP: true, reducedMotion: 'reduce' }, async (person) => {
        await looks(person);
        assert.deepEqual(person.problems, []);
        await leaves(person, i % 2 === 1);
      }));
  }
});
