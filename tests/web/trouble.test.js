// SPDX-License-Identifier: ISC
// What can go wrong before and beside the way through: old browsers, refusals, no line.  Each says what
// happened, that nothing was revealed, and what to do.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, HOPING, Person, SOME_AT_A_TIME, closeBrowser, pairUp } from './support/person.js';
import { plainWords } from './support/look.js';
import { startRelay, startWire } from './support/relay.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('trouble', SOME_AT_A_TIME, () => {
  test('a browser that lacks something is told so, whatever it lacks', async () => {
    const lacks = {
      'SIMD': () => {
        const real = WebAssembly.validate;
        // Such a browser takes any module but one with vectors.
        WebAssembly.validate = (bytes) => !new Uint8Array(/** @type {ArrayBuffer} */ (bytes)).includes(0xfd) &&
          real(bytes);
      },
      'WebAssembly': () => { Object.defineProperty(window, 'WebAssembly', { value: undefined }); },
      'modules in workers': () => {
        const Real = Worker;
        Object.defineProperty(window, 'Worker', { value: function Worker(/** @type {string} */ url) {
          return new Real(url); // that never looks at its options
        } });
      },
      'WebSocket': () => { Object.defineProperty(window, 'WebSocket', { value: undefined }); },
    };
    for (const [what, without] of Object.entries(lacks)) {
      const person = await Person.come(relay.url);
      await person.context.addInitScript(without);
      await person.open('#7-lantern-harbor');
      await person.sees('This browser cannot do it');
      const text = await person.text();
      assert.match(text, /Nothing was sent, and nothing was revealed/, what);
      assert.match(text, /update this one, or open the link in another/, what);
      assert.equal(new URL(person.page.url()).hash, '', what);
      assert.ok(person.requests.every((url) => !url.startsWith('ws')), what);
      await person.page.getByRole('link', { name: 'Leave' }).click();
      await person.page.waitForURL('https://www.wikipedia.org/');
      await person.goes();
    }
  });

  test('a browser without scripts gets a sentence and a way out', async () => {
    const person = await Person.come(relay.url, { javaScriptEnabled: false });
    await person.open();
    const text = await person.text();
    assert.match(text, /^This page needs JavaScript[\s\S]*Please[\s\S]*Nothing was sent/);
    await person.page.getByRole('link', { name: 'Leave' }).click();
    await person.page.waitForURL('https://www.wikipedia.org/');
    await person.goes();
  });

  test('an arithmetic that fails its test, and an engine that stumbles, say so', async () => {
    const person = await Person.come(relay.url);
    await person.page.addInitScript(() => {
      const real = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function post(/** @type {any} */ message) {
        const error = message.call === 'load' ? 'self-test' : '';
        if (error) this.onmessage?.(/** @type {any} */ ({ data: { id: message.id, error } }));
        else real.call(this, message);
      };
    });
    await person.open();
    await person.sees('This device made a mistake');
    assert.match(await person.text(), /another device[\s\S]*nothing was revealed/);
    await person.goes();

    const { asker, answerer } = await pairUp(relay.url);
    await answerer.page.evaluate(() => { Promise.reject(new Error('nobody expected')); });
    await answerer.sees('It ended here');
    assert.match(await answerer.text(), /stumbled[\s\S]*Nothing was revealed/);
    await answerer.page.getByRole('button', { name: 'Load the page anew' }).waitFor();
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('each ending says whether anything was revealed, and what to do', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.sees(/two of you/);
    const endings = await person.page.evaluate(async () => {
      const from = (/** @type {string} */ name) => import(new URL(name, location.href).href);
      const [{ WORDS }, { ended }] = await Promise.all([from('words.js'), from('screens.js')]);
      const none = { home() {}, wait: null, code: null };
      return Object.keys(WORDS.ended.reasons).flatMap((reason) => [false, true].map((maybe) => {
        const screen = document.createElement('div');
        screen.append(...ended(reason, maybe, none).filter(Boolean));
        return { reason, maybe, text: screen.textContent ?? '' };
      }));
    });
    assert.ok(endings.length > 30);
    for (const { reason, maybe, text } of endings) {
      plainWords(text);
      assert.match(text, maybe ? /may have seen the outcome/ : /Nothing was revealed\./, reason);
      assert.match(text, new RegExp(['[Ss]tart again', '[Pp]lease', '[Aa]sk the other', 'Load(ing)? (it|the page) anew', 'on in your',
        'do not go on', 'take the newest', 'all right'].join('|')), `${reason}: ${text}`);
    }
    await person.goes();
  });

  test('sending and copying that are refused leave the link and the code', async () => {
    const person = await Person.come(relay.url);
    await person.context.addInitScript(() => {
      const no = async () => { throw new DOMException('refused', 'NotAllowedError'); };
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: no } });
      Object.defineProperty(navigator, 'share', { value: no });
    });
    const code = await person.asks('One last night');
    await person.tap('Send the link');
    await person.tap('Copy the link');
    await person.page.getByRole('status').getByText('This browser did not allow it.').waitFor();
    assert.equal(await person.page.locator('.link').innerText().then((text) => text.replace(/\s/g, '')),
      `${relay.url}#${code}`);
    assert.deepEqual(person.problems, []);
    await person.goes();
  });

  test('offline in the middle: a line says so, and goes when the line is back', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    const banner = answerer.page.locator('#offline');
    assert.ok(await banner.isHidden());
    await answerer.page.evaluate(() => { dispatchEvent(new Event('offline')); });
    await banner.getByText('The line is gone just now.').waitFor();
    assert.match(await banner.innerText(), /goes on by itself[\s\S]*Nothing was revealed/);
    assert.equal(await banner.getAttribute('role'), 'status');
    await answerer.page.evaluate(() => { dispatchEvent(new Event('online')); });
    await banner.waitFor({ state: 'hidden' });
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]);
    await Promise.all([asker.seals(), answerer.seals()]);
    await answerer.page.evaluate(() => { dispatchEvent(new Event('offline')); });
    await answerer.outcome();
    assert.ok(await banner.isHidden()); // what is over needs no line
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('whoever goes back from a code that nobody answers can stop, and type another', async () => {
    const asker = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    const wire = await startWire(relay.port, 0);
    const person = await Person.come(wire.url);
    await person.open();
    await person.sees(/two of you/);
    await person.tap('I was given a code');
    wire.silent = true; // a relay that never answers
    await person.page.getByLabel('A number and two words').fill('7-lantern-harbor');
    await person.tap('Join');
    await person.sees('One moment');
    wire.silent = false;
    await person.page.goBack();
    await person.page.getByLabel('A number and two words').fill(code);
    await person.tap('Join');
    await person.sees('One last night');
    await Promise.all([asker.goes(), person.goes()]);
    await wire.close();
  });
});
