// SPDX-License-Identifier: ISC
// Lines that are slow, cut or gone; codes that are wrong, used or cut short; and a relay that ends.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, HOPING, Person, closeBrowser, pairUp, SOME_AT_A_TIME } from './support/person.js';
import { changes, withProfile } from './support/night.js';
import { startRelay, startWire } from './support/relay.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('lines and codes', SOME_AT_A_TIME, () => {
  /** @param {Person} person @param {RegExp} why */
  async function ended(person, why) {
    // By its reason: a screen of before may have the same headline.
    await person.told(person.page.locator('main', { hasText: why }).waitFor());
    await person.sees('It ended here');
    const text = await person.text();
    assert.match(text, why);
    assert.match(text, /Nothing was revealed/);
  }

  test('a slow line: 120 ms each way', async () => {
    const wire = await startWire(relay.port, 120);
    const { asker, answerer } = await pairUp(wire.url);
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]);
    await Promise.all([asker.seals(), answerer.seals()]);
    assert.equal(await asker.outcome(), await answerer.outcome());
    await Promise.all([asker.goes(), answerer.goes()]);
    await wire.close();
  });

  test('a line that breaks is made again: nothing is lost, and the other is told nothing of it', async () => {
    const wire = await startWire(relay.port, 0);
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(wire.url);
    await answerer.answers(await asker.asks('One last night'));
    await asker.tap('To the questions');
    const banner = answerer.page.locator('#offline');
    wire.shut = true;
    wire.cut();
    await banner.getByText('The line is gone just now.').waitFor();
    assert.match(await banner.innerText(), /goes on by itself[\s\S]*Nothing was revealed/);
    await answerer.chooses(AT_PEACE); // answering goes on meanwhile
    wire.shut = false;
    await banner.waitFor({ state: 'hidden' });
    await answerer.seals();
    await answerer.sees('Sealed');
    wire.cut();
    assert.doesNotMatch(await answerer.page.content(), /Comfort/);
    await asker.chooses(HOPING);
    assert.ok(await asker.page.locator('#offline').isHidden());
    await asker.seals();
    assert.equal(await asker.outcome(), 'Not tonight.');
    assert.equal(await answerer.outcome(), 'Not tonight.');
    await Promise.all([asker.goes(), answerer.goes()]);
    await wire.close();
  });

  test('a line that is dead and does not say so is found out, and made again', async () => {
    const wire = await startWire(relay.port, 0);
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(wire.url);
    await changes(answerer.context, 'relay.js', (text) => text.replace('SILENT_MS = 85000', 'SILENT_MS = 2000')
      .replace('WATCH_MS = 5000', 'WATCH_MS = 1000'));
    await answerer.answers(await asker.asks('One last night'));
    await asker.tap('To the questions');
    await asker.chooses(HOPING);
    await asker.seals();
    await answerer.chooses(AT_PEACE);
    await answerer.isReady();
    wire.shut = true; // so that it can be seen that it is gone
    wire.dies();
    await answerer.seals(); // which goes nowhere
    await answerer.page.locator('#offline').getByText('The line is gone just now.').waitFor();
    wire.shut = false;
    assert.equal(await asker.outcome(), 'Not tonight.');
    assert.equal(await answerer.outcome(), 'Not tonight.');
    await Promise.all([asker.goes(), answerer.goes()]);
    await wire.close();
  });

  test('a device that is asleep goes on where it was; its line was cut meanwhile', async () => {
    const wire = await startWire(relay.port, 0);
    const asker = await Person.come(relay.url);
    await withProfile(wire.url, async (comes) => {
      const answerer = await comes();
      await answerer.answers(await asker.asks('One last night'));
      await asker.tap('To the questions');
      await answerer.chooses(AT_PEACE);
      await answerer.seals();
      await answerer.sees('Sealed');
      await answerer.sleeps();
      wire.shut = true;
      wire.cut();
      await asker.chooses(HOPING); // who is told nothing
      await asker.seals();
      await asker.sees('Sealed');
      assert.ok(await asker.page.locator('#offline').isHidden());
      wire.shut = false;
      await answerer.wakes();
      assert.equal(await asker.outcome(), 'Not tonight.');
      assert.equal(await answerer.outcome(), 'Not tonight.');
      await answerer.goes();
    });
    await asker.goes();
    await wire.close();
  });

  test('a relay that is killed is said so; the one that comes after it serves', async () => {
    const first = await startRelay();
    const { asker, answerer } = await pairUp(first.url);
    await first.stop('SIGKILL');
    for (const person of [asker, answerer]) {
      await person.page.locator('#offline').getByText('The line is gone just now.').waitFor();
    }
    await answerer.tap('Not now, for any reason'); // what can be done goes on
    await answerer.isReady();
    const second = await startRelay({ port: first.port });
    await ended(asker, /line was lost[\s\S]*Start again/);
    await ended(answerer, /line was lost/);
    await answerer.answers(await asker.asks('One last night'));
    await answerer.page.getByText('Question 1 of 5').waitFor();
    await Promise.all([asker.goes(), answerer.goes()]);
    await second.stop();
  });

  test('a relay that is not there is said so', async () => {
    const gone = await startRelay();
    const person = await Person.come(gone.url);
    await person.open();
    await person.sees(/two of you/);
    await gone.stop();
    await person.tap('Choose what it is about');
    await person.tap('One last night', { exact: false });
    await person.tap('Go on');
    await person.tap('Start');
    await ended(person, /cannot be reached[\s\S]*try again in a minute/);
    await person.goes();
  });

  test('a wrong word ends it for both; the asker waits again with the same code', async () => {
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    const [number, , last] = code.split('-');
    await answerer.open(`#${number}-zebra-${last}`);
    await ended(answerer, /not the same/);
    await ended(asker, /not the same/);
    await asker.tap('Wait again with the same code');
    assert.equal(await asker.code(), code);
    await answerer.answers(code);
    await asker.tap('To the questions');
    await Promise.all([asker.chooses(HOPING), answerer.chooses(AT_PEACE)]);
    await Promise.all([asker.seals(), answerer.seals()]);
    assert.equal(await asker.outcome(), await answerer.outcome());
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('a code takes three guesses, and no more', async () => {
    const asker = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    const number = code.split('-')[0];
    for (const [i, words] of ['zebra-lantern', 'lantern-zebra', 'zebra-zebra'].entries()) {
      const stranger = await Person.come(relay.url);
      await stranger.open(`#${number}-${words}`);
      await ended(stranger, /not the same/);
      await asker.sees('It ended here');
      const again = asker.page.getByRole('button', { name: 'Wait again with the same code' });
      assert.equal(await again.count(), i < 2 ? 1 : 0);
      if (i < 2) {
        await again.click();
        await asker.code();
      }
      await stranger.goes();
    }
    await asker.goes();
  });

  test('a visitor who only looks costs nothing: the code goes on waiting', async () => {
    const impatient = await startRelay({ more: ['--away', '5'] });
    const asker = await Person.come(impatient.url);
    const code = await asker.asks('One last night');
    const wire = await startWire(impatient.port, 700); // so that they go before they have said anything
    const looker = await Person.come(wire.url);
    await looker.open(`#${code}`);
    await asker.page.locator('#joined', { hasText: 'They have joined.' }).waitFor();
    wire.shut = true; // a page whose line drops comes back; this one is closed for good
    wire.cut();
    await Promise.race([asker.page.locator('#joined', { hasText: 'not here yet' }).waitFor(),
      asker.sees('It ended here').then(() => asker.tap('Wait again with the same code'))]);
    const answerer = await Person.come(impatient.url);
    await answerer.answers(code);
    await answerer.page.getByText('Question 1 of 5').waitFor();
    await Promise.all([asker.goes(), answerer.goes(), looker.goes()]);
    await wire.close();
    await impatient.stop();
  });

  test('a third person, and a second tab of the same person, find the room full', async () => {
    const { asker, answerer, code } = await pairUp(relay.url);
    const third = await Person.come(relay.url);
    await third.open(`#${code}`);
    await ended(third, /Two people are already there/);
    const tab = await answerer.newTab();
    await tab.goto(`${relay.url}#${code}`);
    await tab.getByText('Two people are already there').waitFor();
    await tab.close(); // a tab behind another is slowed down
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]); // who are not disturbed
    await Promise.all([asker.seals(), answerer.seals()]);
    assert.equal(await asker.outcome(), await answerer.outcome());
    await third.open(`#${code}`);
    await ended(third, /Nobody is waiting with this code/); // a link to a session that has ended
    await Promise.all([asker.goes(), answerer.goes(), third.goes()]);
  });

  test('the second tab of an asker asks on its own', async () => {
    const asker = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    const tab = await asker.newTab();
    const other = Object.assign(Object.create(Person.prototype), asker, { page: tab });
    assert.notEqual(await other.asks('One last night'), code);
    await asker.goes();
  });

  test('a link that was cut short, a code with a typing error', async () => {
    const person = await Person.come(relay.url);
    for (const [hash, why] of [['7-lantern', /not whole/], ['7', /not whole/], ['lantern', /not whole/],
      ['7-lantern-harbour-house', /not whole/], ['%E0%A4%A', /not whole/]]) {
      await person.page.goto('about:blank');
      await person.open(`#${hash}`);
      await person.sees('The code you were given');
      assert.match(await person.text(), /** @type {RegExp} */ (why));
      assert.match(await person.text(), /Nothing was sent[\s\S]*Ask for it again, or type the code/);
      assert.equal(new URL(person.page.url()).hash, '');
    }
    const input = person.page.getByLabel('A number and two words');
    await input.fill('7 lantrn harbor');
    await person.tap('Join');
    await person.page.getByText('Did you mean').waitFor();
    await input.fill('999999999999-lantern-harbor');
    await person.tap('Join');
    await person.page.getByText('The number of a code is a short one').waitFor();
    await input.fill('99998-lantern-harbor');
    await person.tap('Join');
    await ended(person, /Nobody is waiting with this code/);
    await person.goes();
  });

  test('a page that is older or newer than its relay says so', async () => {
    for (const [version, why] of [[200, /older than the place/], [0, /older than the place/]]) {
      const person = await Person.come(relay.url);
      await person.page.route('**/relay.js', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(/const VERSION = \d+/, `const VERSION = ${version}`);
        await route.fulfill({ response, body });
      });
      // The changed file would not pass the page's own look at it.
      await person.page.addInitScript(() => {
        const real = window.fetch;
        window.fetch = (what, how) => real(what, { ...how, integrity: '' });
      });
      await person.open();
      await person.tap('Choose what it is about');
      await person.tap('One last night', { exact: false });
      await person.tap('Go on');
      await person.tap('Start');
      await ended(person, /** @type {RegExp} */ (why));
      await person.page.getByRole('button', { name: 'Load the page anew' }).waitFor();
      await person.goes();
    }
  });

  test('offline from the beginning, and offline in between', async () => {
    const person = await Person.come(relay.url);
    await person.page.route('**/*.wasm', (route) => route.abort());
    await person.open();
    await person.sees('The page could not be loaded whole');
    assert.match(await person.text(), /Are you online\?[\s\S]*nothing was revealed/);
    await person.page.unroute('**/*.wasm');
    await person.tap('Load the page anew');
    await person.sees(/two of you/);
    await person.context.setOffline(true);
    await person.tap('Choose what it is about');
    await person.tap('One last night', { exact: false });
    await person.tap('Go on');
    await person.tap('Start');
    await ended(person, /cannot be reached\. Are you online/);
    await person.context.setOffline(false);
    await person.asks('One last night');
    await person.goes();
  });
});
