// SPDX-License-Identifier: ISC
// How it looks and reads beyond single screens: for those who hear it, for those whom motion disturbs, and
// with sheets in other writing.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { WORDS } from '../../web/page/words.js';
import { DESKTOP, Person, closeBrowser, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';
import { at } from './support/screens.js';
import { fits, plainWords } from './support/look.js';
import { askOwn } from './support/terminal.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('how it looks and reads', SOME_AT_A_TIME, () => {
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

  test('no sentence of the page has a word that only its makers know', () => {
    const walk = (/** @type {any} */ part, /** @type {string} */ where) => {
      if (typeof part === 'string') assert.doesNotThrow(() => plainWords(part), `${where}: ${part}`);
      else if (typeof part === 'function') walk(part('1', '2'), where);
      else for (const [name, value] of Object.entries(part)) walk(value, `${where} ${name}`);
    };
    walk(WORDS, '');
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
    const terminal = await askOwn(relay.url, `title لليلة أخيرة\n\nabout\n  نحن نفترق، وما زلنا قريبين. ${long}\n\n` +
      `ask q: هل أنت مستعد للوداع؟\n  a: نعم، أنا مستعد\n  b: ${long}\n\n` +
      `outcome yes: أنتما متفقان\n  when both (q is a)\n  say\n    ${long}\n\noutcome no: ليس الليلة\n  otherwise\n`, 'q = a\n');
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
});
