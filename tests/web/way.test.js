// SPDX-License-Identifier: ISC
// The way through: two people with browsers, from the link to the outcome.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, DESKTOP, HOPING, Person, closeBrowser, pairUp, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('the way through', SOME_AT_A_TIME, () => {
  /** Both outcomes, which are always the same. @param {{ asker: Person, answerer: Person }} pair */
  async function bothSee({ asker, answerer }) {
    const seen = await Promise.all([asker.outcome(), answerer.outcome()]);
    assert.equal(seen[0], seen[1]);
    assert.deepEqual([...asker.problems, ...answerer.problems], []);
    await Promise.all([asker.goes(), answerer.goes()]);
    return seen[0];
  }

  test('two phones see it the same way, but for the coin', async () => {
    const outcomes = new Set();
    for (let i = 0; i < 12 && !outcomes.has('You see it the same way.'); i++) {
      const pair = await pairUp(relay.url);
      await Promise.all([pair.asker.chooses(AT_PEACE), pair.answerer.chooses(AT_PEACE)]);
      await pair.asker.seals();
      await pair.asker.sees('Sealed');
      await pair.answerer.seals();
      outcomes.add(await bothSee(pair));
    }
    assert.ok(outcomes.has('You see it the same way.')); // 12 coins of 1 in 8: fails once in 7e10
  });

  test('hope on one side gives not tonight, and a note to that person alone', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await asker.chooses(AT_PEACE);
    await answerer.chooses(HOPING);
    await answerer.seals();
    await asker.seals();
    await answerer.outcome();
    assert.match(await answerer.text(), /For you alone[\s\S]*fiery limbo/);
    await asker.outcome();
    const other = await asker.text();
    assert.match(other, /For you alone/); // the same slot, whoever reads along
    assert.doesNotMatch(other, /fiery limbo/);
    assert.equal(await bothSee({ asker, answerer }), 'Not tonight.');
  });

  test('a desktop and a phone; not now, at the first question', async () => {
    const asker = await Person.come(relay.url, { viewport: DESKTOP });
    const answerer = await Person.come(relay.url, { hasTouch: true, isMobile: true });
    await answerer.answers(await asker.asks('One last night'));
    await answerer.tap('Not now, for any reason');
    await answerer.seals();
    await answerer.sees('Sealed');
    await asker.tap('To the questions');
    await asker.chooses(AT_PEACE);
    await asker.seals();
    assert.equal(await bothSee({ asker, answerer }), 'Not tonight.');
  });

  test('answers can be given before anybody has joined, and sealed after', async () => {
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    await asker.tap('To the questions');
    await asker.chooses(AT_PEACE);
    await asker.isReady();
    assert.ok(await asker.page.locator('#seal').isDisabled());
    await asker.tap('Show the code again');
    assert.equal(await asker.code(), code);
    await asker.page.goBack();
    await answerer.answers(code);
    await asker.page.getByText('The other person is here.').waitFor();
    await asker.seals();
    await answerer.chooses(HOPING);
    await answerer.seals();
    assert.equal(await bothSee({ asker, answerer }), 'Not tonight.');
  });

  test('a way back through the questions, on the page and in the browser', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await answerer.chooses(AT_PEACE.slice(0, 0));
    await answerer.page.getByText('Question 1 of 5').waitFor();
    await answerer.tap('Next');
    await answerer.page.getByText('Please choose one, or “Not now”.').waitFor();
    await answerer.page.getByText(AT_PEACE[0], { exact: true }).click();
    await answerer.tap('Next');
    await answerer.page.getByText('Question 2 of 5').waitFor();
    assert.equal(await answerer.page.locator('input:checked').count(), 0); // nothing preselected
    await answerer.tap('Back');
    await answerer.page.getByText('Question 1 of 5').waitFor();
    assert.ok(await answerer.page.getByLabel(AT_PEACE[0]).isChecked());
    await answerer.tap('Next');
    await answerer.page.getByText('Question 2 of 5').waitFor();
    await answerer.page.goBack();
    await answerer.chooses(AT_PEACE);
    await answerer.isReady();
    await answerer.tap('Back');
    await answerer.sees('What this could tell them');
    await answerer.tap('Back');
    await answerer.page.getByText('Question 5 of 5').waitFor();
    await answerer.tap('Next');
    await answerer.seals();
    await answerer.sees('Sealed');
    for (let i = 0; i < 3; i++) await answerer.goesBack(); // what is sealed is out of reach
    await answerer.sees('Sealed');
    assert.equal(await answerer.page.locator('input').count(), 0);
    await asker.chooses(HOPING);
    await asker.seals();
    assert.equal(await bothSee({ asker, answerer }), 'Not tonight.');
  });

  test('the keyboard alone is enough', async () => {
    const { page, ...rest } = await Person.come(relay.url);
    const person = Object.assign(Object.create(Person.prototype), { page, ...rest });
    await person.open();
    await person.sees(/two of you/);
    /** Tab until this has the focus. @param {string} name */
    async function reach(name) {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate(() => {
          const at = /** @type {any} */ (document.activeElement);
          return (at?.labels?.[0] ?? at)?.innerText ?? '';
        });
        if (label.includes(name)) return;
      }
      assert.fail(`no way to ${name} by Tab`);
    }
    await page.keyboard.press('Tab'); // the first stop on every screen after the headline is near
    await reach('Try it on my own first');
    await page.keyboard.press('Enter');
    await reach('One last night');
    await page.keyboard.press('Enter');
    await person.sees('One last night');
    await reach('Go on');
    await page.keyboard.press('Enter');
    for (const seat of ['A practice, for you alone', 'Now the other person']) {
      await person.sees(seat);
      await reach('Begin');
      await page.keyboard.press('Enter');
      for (let i = 1; i <= 5; i++) {
        await page.getByText(`Question ${i} of 5`).waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter'); // sends the form
      }
      await person.sees('What this could tell them');
      await reach('Go on');
      await page.keyboard.press('Enter');
    }
    await person.sees('What each of you would see');
    assert.match(await person.text(), /The second person sees/);
    await person.goes();
  });

  test('a practice sends nothing, and each seat has its own note', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.tap('Try it on my own first');
    await person.tap('One last night', { exact: false });
    await person.tap('Go on');
    await person.tap('Begin');
    await person.chooses(AT_PEACE);
    await person.tap('Go on');
    await person.tap('Begin');
    await person.chooses(HOPING);
    await person.tap('Go on');
    await person.page.getByText('The second person sees').waitFor();
    const cards = await person.page.locator('.seat').allInnerTexts();
    assert.equal(cards.length, 2);
    assert.match(cards[0], /Not tonight/);
    assert.doesNotMatch(cards[0], /fiery limbo/);
    assert.match(cards[1], /Not tonight[\s\S]*fiery limbo/);
    assert.deepEqual(person.requests.filter((url) => url.startsWith('ws')), []);
    await person.tap('Try other answers');
    await person.sees('A practice, for you alone');
    await person.goes();
  });

  test('the outcome fades, and Clear empties the page at once', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await asker.page.clock.install();
    await asker.tap('Not now, for any reason');
    await asker.seals();
    await answerer.tap('Not now, for any reason');
    await answerer.seals();
    await Promise.all([asker.outcome(), answerer.outcome()]);
    await answerer.tap('Clear this page');
    await answerer.sees(/two of you/);
    assert.doesNotMatch(await answerer.page.content(), /Not tonight/);
    await asker.page.clock.fastForward('05:01');
    await asker.page.getByRole('status').getByText('This is fading now.').waitFor();
    await asker.tap('Keep it five minutes longer');
    await asker.page.clock.fastForward('05:01');
    assert.equal(await asker.outcome(), 'Not tonight.');
    await asker.page.clock.fastForward('00:26');
    await asker.sees('The outcome is no longer shown.');
    assert.doesNotMatch(await asker.page.content(), /Not tonight/);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('from the link to sealed answers in under two minutes, at a reading pace', async () => {
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    await answerer.open(`#${code}`);
    let taps = 0;
    /** @type {Set<string>} what stands on every screen is read once */
    const lines = new Set();
    const read = async () => {
      const shown = await answerer.page.locator('main :is(h1, h2, p, li, label):visible').allInnerTexts();
      shown.join('\n').split('\n').forEach((line) => lines.add(line));
    };
    const tap = async (/** @type {string} */ name) => { taps += 1; await answerer.tap(name); };
    await answerer.sees('One last night');
    await read();
    await tap('Go on');
    await answerer.sees('The rule');
    await read();
    await tap('Go on');
    await answerer.sees('Good to know');
    await read();
    await tap('To the questions');
    for (const choice of AT_PEACE) {
      await answerer.page.getByText(choice, { exact: true }).waitFor();
      await read();
      taps += 1;
      await answerer.page.getByText(choice, { exact: true }).click();
      await tap('Next');
    }
    await answerer.sees('What this could tell them');
    await answerer.page.getByRole('button', { name: 'Go on' }).waitFor();
    await read();
    await tap('Go on');
    await answerer.sees('Ready?');
    await read();
    await tap('Seal my answers');
    // 240 words a minute in silence, a second for each tap and the control that it is on.
    const words = [...lines].join(' ').split(/\s+/).length;
    const seconds = (words / 240) * 60 + taps;
    console.log(`${words} words, ${taps} taps: ${Math.round(seconds)} s`);
    assert.ok(seconds < 120, `${seconds} s`);
    await Promise.all([asker.goes(), answerer.goes()]);
  });
});
