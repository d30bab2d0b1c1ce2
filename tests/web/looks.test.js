// SPDX-License-Identifier: ISC
// How it looks and reads: every screen in light and dark, on a small phone and enlarged, for those who
// hear it, and with sheets in other writing.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { DESKTOP, Person, closeBrowser } from './support/person.js';
import { startRelay } from './support/relay.js';
import { SCREENS, at } from './support/screens.js';
import { ask } from './support/terminal.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TARGET_PX = 44;

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

/** @param {Person} person @param {string} where */
async function accessible({ page }, where) {
  const violations = await page.evaluate(async (rules) => {
    const { violations: found } = await /** @type {any} */ (window).axe.run(document,
      { runOnly: rules, resultTypes: ['violations'] });
    return found.map((/** @type {any} */ one) => `${one.id}: ${one.help} ${
      one.nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
  }, RULES);
  assert.deepEqual(violations, [], where);
}

/** Nothing sticks out sideways, and every target is large. @param {Person} person @param {string} where */
async function fits({ page }, where) {
  const seen = await page.evaluate((least) => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    out: [...document.querySelectorAll('main *')].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width > 2 && (box.left < -1 || box.right > innerWidth + 1);
    }).map((node) => node.outerHTML.slice(0, 80)),
    small: [...document.querySelectorAll('button, #leave, label.option, label.pill, input[type=text]')]
      .filter((node) => node.getBoundingClientRect().height < least || node.getBoundingClientRect().width < least)
      .map((node) => node.outerHTML.slice(0, 80)),
  }), TARGET_PX);
  assert.deepEqual(seen, { wide: 0, out: [], small: [] }, where);
}

for (const name of Object.keys(SCREENS)) {
  test(`looks of ${name}`, () => at(name, relay.url, { bypassCSP: true, reducedMotion: 'reduce' },
    async (person) => {
      const { page } = person;
      await page.evaluate(axe);
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await accessible(person, `${name} ${colorScheme}`);
      }
      await fits(person, `${name} 360`);
      await page.setViewportSize({ width: 320, height: 568 });
      await fits(person, `${name} 320`);
      await page.evaluate(() => { document.documentElement.style.fontSize = '212.5%'; });
      await page.setViewportSize({ width: 640, height: 480 }); // 1280 pixels at 200 %
      await fits(person, `${name} 200 %`);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      assert.ok(await page.getByRole('link', { name: 'Leave' }).isVisible());
      assert.equal(await page.locator('h1').count(), 1);
    }));
}

test('the headline has the focus on a new screen, and what changes is said aloud', async () => {
  const asker = await Person.come(relay.url);
  await asker.open();
  await asker.tap('Choose what it is about');
  await asker.sees('What is it about?');
  const focused = () => asker.page.evaluate(() => document.activeElement?.textContent);
  assert.equal(await focused(), 'What is it about?');
  await asker.tap('One last night', { exact: false });
  await asker.sees('One last night');
  assert.equal(await focused(), 'One last night');
  await asker.tap('Go on');
  await asker.tap('Start');
  const code = await asker.code();
  const answerer = await Person.come(relay.url);
  await answerer.open(`#${code}`);
  await asker.page.getByRole('status').getByText('They have joined.').first().waitFor();
  await Promise.all([asker.goes(), answerer.goes()]);
});

test('the focus can be seen at each stop', async () => {
  await at('question', relay.url, {}, async ({ page }) => {
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Tab');
      const shown = await page.evaluate(() => {
        const node = /** @type {Element} */ (document.activeElement);
        const lines = [node, node.closest('label') ?? node].map((one) => getComputedStyle(one).outlineStyle);
        return node === document.body || lines.some((line) => line !== 'none');
      });
      assert.ok(shown);
    }
  });
});

test('motion only where it is welcome', async () => {
  const moving = async (/** @type {any} */ context) => {
    let count = 0;
    await at('sealed', relay.url, context, async ({ page }) => {
      count = await page.evaluate(() => document.getAnimations().length);
    });
    return count;
  };
  assert.ok(await moving({ reducedMotion: 'no-preference' }) > 0);
  assert.equal(await moving({ reducedMotion: 'reduce' }), 0);
});

test('a sheet from right to left, and words without an end', async () => {
  const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  const file = join(await mkdtemp(join(tmpdir(), 'tacit-web-')), 'rtl.tacit');
  await writeFile(file, `title لليلة أخيرة\n\nabout\n  نحن نفترق، وما زلنا قريبين. ${long}\n\n` +
    `ask q: هل أنت مستعد للوداع؟\n  a: نعم، أنا مستعد\n  b: ${long}\n\n` +
    `outcome yes: أنتما متفقان\n  when both (q is a)\n  say\n    ${long}\n\noutcome no: ليس الليلة\n  otherwise\n`);
  const terminal = await ask(relay.url, file, 'q = a\n');
  const person = await Person.come(relay.url);
  await person.open(`#${(await terminal.event('code')).code}`);
  await person.sees('لليلة أخيرة');
  await fits(person, 'about');
  assert.equal(await person.page.locator('h1').evaluate((node) => getComputedStyle(node).direction), 'rtl');
  await person.goesToQuestions();
  await fits(person, 'question');
  await person.page.getByText('نعم، أنا مستعد').click();
  await person.tap('Next');
  await person.seals();
  assert.equal(await person.outcome(), 'أنتما متفقان');
  await fits(person, 'outcome');
  await person.goes();
});

test('on a desktop the column stays narrow enough to read', async () => {
  await at('about', relay.url, { viewport: DESKTOP }, async (person) => {
    const box = await person.page.locator('main').boundingBox();
    assert.ok(box && box.width < 640 && Math.abs(box.x * 2 + box.width - DESKTOP.width) < 40);
  });
});
