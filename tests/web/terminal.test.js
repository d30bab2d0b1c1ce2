// SPDX-License-Identifier: ISC
// Page and terminal pair with each other, both ways round.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, HOPING, Person, closeBrowser, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';
import { answer, ask, prepareLetters } from './support/terminal.js';

const AT_PEACE_TYPED = 'ending = ready\ntonight = goodbye\ntomorrow = fine\ndrink = nothing\nslept = same\n';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('page and terminal', SOME_AT_A_TIME, () => {
  test('a page asks, a terminal answers', async () => {
    const person = await Person.come(relay.url);
    const code = await person.asks('One last night');
    const terminal = await answer(relay.url, code, AT_PEACE_TYPED);
    await person.tap('To the questions');
    await person.chooses(HOPING);
    await person.seals();
    const { headline } = await terminal.event('headline');
    assert.equal(await person.outcome(), headline);
    assert.equal(headline, 'Not tonight.');
    assert.equal(await terminal.over, 0);
    assert.deepEqual(person.problems, []);
    await person.goes();
  });

  test('a terminal asks, a page answers by the link that it printed', async () => {
    const outcomes = new Set();
    for (let i = 0; i < 12 && !outcomes.has('You see it the same way.'); i++) {
      const terminal = await ask(relay.url, 'last-night', AT_PEACE_TYPED);
      const { code, link } = await terminal.event('code');
      assert.equal(link, `${relay.url}#${code}`);
      const person = await Person.come(relay.url);
      await person.page.goto(link);
      await person.goesToQuestions();
      await person.chooses(AT_PEACE);
      await person.seals();
      const { headline } = await terminal.event('headline');
      assert.equal(await person.outcome(), headline);
      outcomes.add(headline);
      await person.goes();
      assert.equal(await terminal.over, 0);
    }
    assert.ok(outcomes.has('You see it the same way.'));
  });

  test('a page types the code that a terminal says; roles go to the right person', async () => {
    const terminal = await ask(relay.url, 'meet-in-the-middle', 'least = 200000\nclose = month\n',
      ['--as', 'owner']);
    const { code } = await terminal.event('code');
    const person = await Person.come(relay.url);
    await person.open();
    await person.tap('I was given a code');
    await person.page.getByLabel('A number and two words').fill(code.replaceAll('-', ' ').toUpperCase());
    await person.tap('Join');
    await person.tap('Go on');
    await person.sees('The rule');
    await person.tap('Go on');
    assert.match(await person.text(), /You answer as: Buyer/);
    await person.tap('To the questions');
    await person.page.getByLabel('What is the most that you would pay?').fill('200,500');
    await person.tap('Next');
    await person.page.getByText('Within half a year').click();
    await person.tap('Next');
    await person.seals();
    const { headline, reveals } = await terminal.event('headline');
    assert.equal(await person.outcome(), headline);
    assert.ok([200000, 200500].includes(reveals.price.number ?? reveals.price), JSON.stringify(reveals));
    assert.match(await person.text(), /200,[05]00/);
    await person.goes();
  });

  test('a page with a code for letters says so, and accuses nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
    const keeping = await startRelay({ more: ['--state', join(folder, 'relay.db')] });
    const terminal = await prepareLetters(keeping.url, 'last-night');
    const { link } = await terminal.event('link');
    const person = await Person.come(keeping.url);
    await person.page.goto(link);
    await person.sees('It ended here');
    const text = await person.text();
    assert.match(text, /This code is for preparing letters/);
    assert.doesNotMatch(text, /did not add up/);
    terminal.child.kill('SIGTERM');
    await terminal.over;
    await person.goes();
    await keeping.stop();
    await rm(folder, { recursive: true, force: true });
  });
});
