// SPDX-License-Identifier: ISC
// Sleeping on it, with hours that take a second: page and page, page and terminal, what is kept meanwhile, and
// all that can become of it.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { TERMINAL_HOUR_MS, asksForPause, changes, clockIsOff, keepsNight, shortHours, withProfile } from './support/night.js';
import { AT_PEACE, Person, closeBrowser } from './support/person.js';
import { startRelay } from './support/relay.js';
import { sleeper } from './support/terminal.js';

const AT_PEACE_TYPED = 'ending = ready\ntonight = goodbye\ntomorrow = fine\ndrink = nothing\nslept = same\n';
const SLEEPY = 'title Both\nsleep on it 1 hour\nask want: Would you like to?\n  no: No\n  yes: Yes\n' +
  'outcome yes: You both would.\n  when both (want is yes)\noutcome no: Not this time.\n  otherwise\n';
const DEPOSIT = 0x08; // of src/net/relay_wire.h
const MOSTLY_WAITING = { concurrency: 5 };

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
let folder = '';
let both = ''; // a sheet that always has a pause, and no coin
before(async () => {
  relay = await startRelay();
  folder = await mkdtemp(join(tmpdir(), 'tacit-web-'));
  both = join(folder, 'both.tacit');
  await writeFile(both, SLEEPY);
});
after(async () => {
  await closeBrowser();
  await relay.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the browser holds, as whoever reads all of it would see it. @param {Person} person */
const kept = (person) => person.page.evaluate(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'kept')) return [];
  const ask = (/** @type {IDBRequest} */ asked) => new Promise((resolve) => {
    asked.onsuccess = () => resolve(asked.result);
  });
  const base = await ask(indexedDB.open('kept'));
  const all = await ask(base.transaction('nights').objectStore('nights').getAll());
  base.close();
  return all.map((/** @type {any} */ one) => ({ ...one, key: { extractable: one.key.extractable, kind: one.key.algorithm.name },
    iv: one.iv.length, sealed: Array.from(new Uint8Array(one.sealed)) }));
});

/** @param {Person} person */
async function looks(person) {
  await person.tap('Look at it', { exact: false });
  return person;
}

/** @param {Person} person */
async function confirms(person) {
  await person.sees('Does it still hold?');
  await person.tap('They still hold');
  await person.sees('You said that it holds');
}

/** @param {Person} person */
async function seesWhatCame(person) {
  await person.sees('It is time');
  await person.tap('See what came of it');
  return person.outcome();
}

/** A page answers what a terminal asks, and both sleep on it.
 * @param {Person} person @param {Awaited<ReturnType<typeof sleeper>>} terminal */
async function evening(person, terminal) {
  const asks = await terminal.ask(relay.url, both, 'want = yes\n', ['--within', '20s']);
  await person.answers((await asks.event('code')).code);
  await person.chooses(['Yes']);
  await person.seals();
  await person.sees('Put aside');
  return asks.event('opens');
}

describe('sleeping on it', MOSTLY_WAITING, () => {
  test('two pages: one asks for a pause, a browser dies and comes back, both confirm and learn', async () => {
    await withProfile(relay.url, async (comes) => {
      let asker = await comes();
      await shortHours(asker);
      const answerer = await shortHours(await Person.come(relay.url));
      const code = await asker.asks('One last night');
      await answerer.answers(code);
      assert.deepEqual(await kept(answerer), []);
      await asker.tap('To the questions');
      await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(AT_PEACE)]);
      await asksForPause(asker, 'An hour');
      assert.deepEqual(await kept(asker), []); // a try leaves nothing
      await Promise.all([asker.seals(), answerer.seals()]);
      await answerer.sees('Put aside');
      await asker.sees('Put aside');
      const [one] = await kept(answerer);
      assert.deepEqual(one.key, { extractable: false, kind: 'AES-GCM' });
      assert.equal(one.iv, 12);
      const seen = `${JSON.stringify({ ...one, sealed: '' })} ${Buffer.from(one.sealed).toString('latin1')}`;
      for (const word of ['last', 'night', 'ready', 'ending', 'tacit', ...code.split('-').slice(1)]) {
        assert.ok(!seen.includes(word), word);
      }

      await asker.dies();
      asker = await comes();
      await shortHours(asker);
      await asker.open();
      await asker.page.getByText('Something is waiting for you here.').waitFor();
      assert.doesNotMatch(await asker.text(), /last night|Not tonight/i);
      await looks(asker);
      await answerer.open(`#${code}`); // the same link leads there, too
      await answerer.sees(/Not yet|Does it still hold/);
      assert.equal(new URL(answerer.page.url()).hash, '');
      await Promise.all([asker, answerer].map(confirms));
      await answerer.page.getByText('What it is about').click();
      await answerer.page.getByText('One last night').waitFor();
      await answerer.open(); // away, and back again
      await looks(answerer);
      const outcomes = await Promise.all([asker, answerer].map(seesWhatCame));
      assert.equal(outcomes[0], outcomes[1]); // the coin may have made it a no
      for (const person of [asker, answerer]) {
        assert.deepEqual(await kept(person), []);
        assert.equal(await person.page.evaluate(async () => (await indexedDB.databases()).length), 0);
        assert.deepEqual(person.problems, []);
        await person.goes();
      }
    });
  });

  test('a terminal asks, a page answers: both confirm, and both learn the same', async () => {
    const terminal = await sleeper();
    const person = await shortHours(await Person.come(relay.url), { hour: TERMINAL_HOUR_MS });
    await evening(person, terminal);
    await person.tap('Clear this page');
    await looks(person);
    await confirms(person);
    const confirm = terminal.confirm(['--wait']);
    assert.equal((await confirm.event('headline')).headline, 'You both would.');
    assert.equal(await seesWhatCame(person), 'You both would.');
    assert.deepEqual(person.problems, []);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('a page asks, a terminal answers and takes it back: what is seen is as with any no', async () => {
    const terminal = await sleeper();
    const person = await shortHours(await Person.come(relay.url), { hour: TERMINAL_HOUR_MS });
    const code = await person.asks('One last night');
    const answers = await terminal.answer(relay.url, code, AT_PEACE_TYPED);
    await person.page.locator('#joined', { hasText: 'They have joined.' }).waitFor();
    await person.tap('To the questions');
    await person.chooses(AT_PEACE);
    await asksForPause(person, 'An hour');
    await person.seals();
    await person.sees('Put aside');
    const night = await answers.event('opens');
    await terminal.withdraws();
    await person.open();
    await looks(person);
    person.sent.length = 0;
    await confirms(person);
    assert.equal(person.sent.filter((one) => one[0] === DEPOSIT).length, 1);
    assert.equal(await seesWhatCame(person), 'Not tonight.');
    assert.ok(Date.now() >= night.closes); // not before the end
    assert.match(await person.text(), /A good next step[\s\S]*For you alone/);
    assert.deepEqual(await kept(person), []);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('a page takes it back, and nothing is left; the other sees what the sheet says otherwise', async () => {
    const terminal = await sleeper();
    const person = await shortHours(await Person.come(relay.url), { hour: TERMINAL_HOUR_MS });
    const night = await evening(person, terminal);
    const before = person.sent.length;
    await person.open();
    await looks(person);
    await person.tap('Take them back');
    await person.sees('Are you sure?');
    await person.page.goBack();
    await person.sees(/Not yet|Does it still hold/);
    await person.tap('Take them back');
    await person.tap('Take them back');
    await person.sees('Erased');
    assert.deepEqual(await kept(person), []);
    await person.tap('To the beginning');
    await person.sees(/two of you/);
    assert.equal(await person.page.getByText('Something is waiting').count(), 0);
    // Nothing went to the relay: no line was made.
    assert.deepEqual(person.sent.slice(before).filter((one) => !one.toString('latin1').startsWith('http') && one.length > 0), []);
    await new Promise((resolve) => { setTimeout(resolve, Math.max(0, night.opens - Date.now())); });
    const confirm = terminal.confirm(['--wait']);
    assert.equal((await confirm.event('headline')).headline, 'Not this time.');
    assert.ok(Date.now() >= night.closes);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('nobody says anything that lasts: it is what the sheet says otherwise, and is erased', async () => {
    const terminal = await sleeper();
    const person = await shortHours(await Person.come(relay.url), { hour: TERMINAL_HOUR_MS });
    await evening(person, terminal);
    await changes(person.context, 'kept.js', (text) =>
      text.replace('store.put(kept)', '(() => { throw new Error(\'full\'); })()'));
    person.sent.length = 0;
    await person.open();
    await looks(person);
    await person.sees('Does it still hold?');
    await person.tap('They still hold'); // what is not written down is not done
    await person.page.getByText('would not write it down, so nothing was sent').waitFor();
    assert.equal(person.sent.filter((one) => one[0] === DEPOSIT).length, 0);
    assert.equal(await seesWhatCame(person), 'Not this time.');
    assert.deepEqual(await kept(person), []);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('a device whose clock is wrong confirms nothing by itself', async () => {
    const terminal = await sleeper();
    const person = await Person.come(relay.url); // whose hours are hours
    await evening(person, terminal);
    await clockIsOff(person, 36e5 * 24);
    await person.open();
    await looks(person);
    await person.sees('It is time'); // as this device has it
    await person.tap('See what came of it');
    await person.page.getByText('this device’s clock has changed').waitFor();
    await person.sees('Not yet');
    await clockIsOff(person, -36e5 * 24);
    await person.open();
    await looks(person);
    await person.sees('Not yet');
    assert.equal((await kept(person)).length, 1);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('what is damaged, or of another version, is said, and can be removed', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.sees(/two of you/);
    for (const [change, says] of /** @type {[string, RegExp][]} */ ([['flip', /damaged/], ['cut', /damaged/],
      ['key', /damaged/], ['version', /Another version/]])) {
      await keepsNight(person, { opens: -1000, closes: 3600000 });
      await person.page.evaluate(async (what) => {
        const done = (/** @type {IDBRequest} */ asked) => new Promise((resolve) => {
          asked.onsuccess = () => resolve(asked.result);
        });
        const base = await done(indexedDB.open('kept'));
        const [one] = await done(base.transaction('nights').objectStore('nights').getAll());
        const bytes = new Uint8Array(one.sealed);
        if (what === 'flip') bytes[100] ^= 1;
        if (what === 'cut') one.sealed = one.sealed.slice(0, -1);
        if (what === 'version') one.version = 2;
        if (what === 'key') {
          one.key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['decrypt']);
        }
        await done(base.transaction('nights', 'readwrite').objectStore('nights').put(one));
        base.close();
      }, change);
      await person.open();
      await person.page.getByText('It cannot be opened').waitFor();
      await looks(person);
      await person.sees('It cannot be opened');
      assert.match(await person.text(), says, change);
      assert.match(await person.text(), /Nothing was revealed/);
      await person.tap('Remove it');
      await person.tap('Remove it');
      await person.sees('Erased');
      assert.deepEqual(await kept(person), []);
    }
    await keepsNight(person, { opens: -1000, closes: 3600000 }); // whole, but nothing of ours
    await person.open();
    await looks(person);
    await person.tap('They still hold');
    await person.sees('It cannot be opened');
    await person.goes();
  });

  test('a browser that keeps nothing says so before answering, and offers no pause', async () => {
    const terminal = await sleeper();
    const person = await Person.come(relay.url);
    await changes(person.context, 'kept.js', (text) =>
      `Object.defineProperty(self, 'indexedDB', { get() { throw new Error('refused'); } });\n${text}`);
    const asks = await terminal.ask(relay.url, 'last-night', AT_PEACE_TYPED, ['--within', '40s', '--sleep', '1h']);
    await person.open(`#${(await asks.event('code')).code}`);
    await person.tap('Go on');
    await person.tap('Go on');
    await person.sees('Good to know');
    assert.match(await person.text(), /This browser keeps nothing, so you cannot sleep on it here/);
    await person.tap('To the questions');
    await person.chooses(AT_PEACE);
    await person.isReady();
    assert.equal(await person.page.getByRole('button', { name: 'Sleep on it' }).count(), 0);
    await person.seals();
    await person.sees('It ended here'); // the other asked for it
    assert.match(await person.text(), /could not keep it[\s\S]*not now[\s\S]*Nothing was revealed/);
    await asks.event('opens'); // who is told nothing of it

    const always = await terminal.ask(relay.url, both, 'want = yes\n', ['--within', '20s']);
    await person.open(`#${(await always.event('code')).code}`);
    await person.sees('It ended here');
    assert.match(await person.text(), /this browser keeps nothing[\s\S]*Nothing was revealed/);
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('a browser that only seems to keep things is found out before sealing', async () => {
    const terminal = await sleeper();
    const person = await Person.come(relay.url);
    await changes(person.context, 'kept.js', (text) => text.replace('store.put(kept)', 'store.get(kept.id)'));
    const asks = await terminal.ask(relay.url, 'last-night', AT_PEACE_TYPED, ['--within', '40s']);
    await person.answers((await asks.event('code')).code);
    await person.chooses(AT_PEACE);
    await person.isReady();
    await person.tap('Sleep on it first');
    await person.tap('Ask for this pause');
    await person.page.getByRole('alert').getByText('Please choose how long.').waitFor();
    await person.page.locator('label', { hasText: 'A night' }).click();
    await person.tap('Ask for this pause');
    await person.page.getByRole('alert').getByText('would not keep anything').waitFor();
    await person.tap('Back');
    await person.seals();
    assert.ok(['You see it the same way.', 'Not tonight.'].includes(await person.outcome()));
    await Promise.all([person.goes(), terminal.goes()]);
  });

  test('a relay that cannot be reached loses nothing', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.sees(/two of you/);
    await keepsNight(person, { opens: -1000, closes: 3600000, confirmed: true });
    await person.open();
    await looks(person);
    await person.sees('Please say it once more');
    await person.page.evaluate(() => { // a real night would get as far as the line
      const real = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function post(/** @type {any} */ message) {
        if (message.call === 'confirm') this.onmessage?.(/** @type {any} */ ({ data: { id: message.id, result: { result: 'unreachable' } } }));
        else real.call(this, message);
      };
    });
    await person.tap('They still hold');
    await person.page.getByText('cannot be reached').waitFor();
    assert.match(await person.text(), /Nothing is lost/);
    assert.equal((await kept(person)).length, 1);
    await person.goes();
  });
});
