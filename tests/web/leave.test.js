// SPDX-License-Identifier: ISC
// What the way out does to others, and what reload and Back do in the middle of it (the way out at each
// screen: screens.test.js).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, HOPING, Person, closeBrowser, pairUp, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';
import { at } from './support/screens.js';
import { ask } from './support/terminal.js';

const AT_PEACE_TYPED = 'ending = ready\ntonight = goodbye\ntomorrow = fine\ndrink = nothing\nslept = same\n';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('the way out', SOME_AT_A_TIME, () => {
  test('Shift while typing is no way out, nor is it when slow', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.tap('I was given a code');
    const input = person.page.getByLabel('A number and two words');
    await input.focus();
    for (const letter of ['A', 'B', 'C', 'D']) await person.page.keyboard.press(`Shift+${letter}`);
    await person.page.clock.install();
    await person.page.clock.fastForward(6000);
    for (let k = 0; k < 4; k++) {
      await person.page.keyboard.press('Shift');
      await person.page.clock.fastForward(2600);
    }
    assert.equal(await input.inputValue(), 'ABCD');
    await person.goes();
  });

  test('whoever leaves says not now: the other is told nothing, and sees an outcome in its time', async () => {
    const terminal = await ask(relay.url, 'last-night', AT_PEACE_TYPED, ['--within', '20s']);
    const person = await Person.come(relay.url);
    await person.answers((await terminal.event('code')).code);
    await person.page.getByText('Question 1 of 5').waitFor();
    await person.page.getByRole('link', { name: 'Leave' }).click();
    await person.page.waitForURL('https://www.wikipedia.org/');
    assert.equal((await terminal.event('headline')).headline, 'Not tonight.');
    await person.goes();
  });

  test('who stays sees what the sheet says otherwise, whatever became of the other', async () => {
    const terminal = await ask(relay.url, 'last-night', AT_PEACE_TYPED, ['--within', '25s']);
    const person = await Person.come(relay.url);
    await person.answers((await terminal.event('code')).code);
    await person.tap('Not now, for any reason');
    await person.isReady();
    terminal.child.kill('SIGKILL');
    await terminal.over;
    assert.equal(await person.outcome(), 'Not tonight.');
    assert.match(await person.text(), /A good next step[\s\S]*For you alone/); // as with any other outcome
    await person.goes();
  });

  test('closing a tab is never hindered', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    let asked = false;
    asker.page.on('dialog', () => { asked = true; });
    await asker.chooses(AT_PEACE.slice(0, 0));
    const closed = asker.page.waitForEvent('close');
    await asker.page.close({ runBeforeUnload: true });
    await closed;
    assert.equal(asked, false);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('a reload in the middle ends it, says so, and shows nothing of it', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await answerer.chooses(AT_PEACE);
    await answerer.page.reload();
    await answerer.sees(/two of you/);
    assert.match(await answerer.text(), /loaded anew[\s\S]*Nothing was revealed/);
    assert.doesNotMatch(await answerer.page.content(), /Comfort/);
    assert.ok(await asker.page.getByText('Question 1 of 5').isVisible()); // who is told nothing of it
    await answerer.page.reload();
    await answerer.sees(/two of you/);
    assert.doesNotMatch(await answerer.text(), /loaded anew/);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('after a reload in the middle the other sees what the sheet says otherwise, at the agreed time', async () => {
    const terminal = await ask(relay.url, 'last-night', AT_PEACE_TYPED, ['--within', '20s']);
    const person = await Person.come(relay.url);
    await person.answers((await terminal.event('code')).code);
    await person.chooses(AT_PEACE.slice(0, 0));
    await person.page.getByText('Question 1 of 5').waitFor();
    await person.page.reload();
    await person.sees(/two of you/);
    assert.match(await person.text(), /Nothing was revealed/);
    assert.equal((await terminal.event('headline')).headline, 'Not tonight.');
    assert.equal(await terminal.over, 0);
    await person.goes();
  });

  test('a reload after sealing says what may have been seen', async () => {
    await at('sealed', relay.url, {}, async (person) => {
      await person.page.reload();
      await person.sees(/two of you/);
      assert.match(await person.text(), /after you had sealed[\s\S]*may have seen the outcome/);
    });
  });

  test('Back in the middle asks, and goes on where it was', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await answerer.chooses(HOPING.slice(0, 0));
    for (let i = 0; i < 4; i++) await answerer.goesBack(); // before, rule, about, and out of it
    await answerer.sees('You are in the middle of it');
    await answerer.tap('Go on with it');
    await answerer.goesToQuestions();
    await answerer.chooses(HOPING);
    await answerer.seals();
    await asker.chooses(AT_PEACE);
    await asker.seals();
    assert.equal(await asker.outcome(), await answerer.outcome());
    await answerer.page.goBack(); // an outcome is left behind for good
    await answerer.sees(/two of you/);
    await answerer.page.goForward();
    await answerer.sees(/two of you/);
    assert.doesNotMatch(await answerer.page.content(), /Not tonight/);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('stopping in the middle leads to the beginning', async () => {
    await at('stop', relay.url, {}, async (person, [other]) => {
      await person.tap('Stop');
      await person.sees(/two of you/);
      await other.sees('One last night'); // who is told nothing of it
    });
  });
});
