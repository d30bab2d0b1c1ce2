// SPDX-License-Identifier: ISC
// What leaves the device, what stays on it, and what may run in the page.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AT_PEACE, HOPING, Person, closeBrowser, pairUp, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';
import { askOwn } from './support/terminal.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

// Of src/net/relay_wire.h: what depends on this person.  TAKEN and SEEN acknowledge what came, and with
// requests for files they fall where they fall.
const FRAME = 0x03;
const DEPOSIT = 0x08;
const SAID = [FRAME, DEPOSIT];

describe('what leaves the device', SOME_AT_A_TIME, () => {
  /** All that the browser holds for this origin. @param {Person} person */
  function stored(person) {
    return person.page.evaluate(async () => ({
      cookie: document.cookie,
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
  }
  const NOTHING = { cookie: '', local: 0, session: 0, databases: 0, caches: 0, workers: 0 };

  test('nothing goes anywhere but to the relay; no answer, no code and no sheet is in it', async () => {
    const { asker, answerer, code } = await pairUp(relay.url);
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]);
    await Promise.all([asker.seals(), answerer.seals()]);
    await Promise.all([asker.outcome(), answerer.outcome()]);
    const { origin, host } = new URL(relay.url);
    const words = [...AT_PEACE, ...HOPING, 'ready', 'goodbye', 'comfort', 'hope', 'back', 'ending',
      'tonight', 'last-night', 'One last night', ...code.split('-').slice(1)];
    for (const person of [asker, answerer]) {
      for (const url of person.requests) {
        assert.ok(url.startsWith(`${origin}/`) || url === `ws://${host}/relay` || url.startsWith('data:'), url);
        assert.ok(!url.includes('#') && !url.includes('?'), url);
      }
      const sent = Buffer.concat(person.sent);
      assert.ok(sent.length > 10000); // the search below looks at something
      for (const word of words) {
        for (const form of ['utf8', 'utf16le']) {
          const found = sent.indexOf(Buffer.from(word, /** @type {BufferEncoding} */ (form)));
          assert.equal(found, -1, `"${word}" (${form}) at byte ${found}`);
        }
      }
      assert.deepEqual(await stored(person), NOTHING);
    }
    assert.equal(new Set(asker.requests.filter((url) => url.startsWith('ws'))).size, 1);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('frames have the same sizes whatever is answered', async () => {
    const sizes = [];
    for (const answers of [AT_PEACE, HOPING]) {
      const { asker, answerer } = await pairUp(relay.url);
      answerer.sent.length = 0;
      await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(answers)]);
      await answerer.seals();
      await asker.seals();
      await Promise.all([asker.outcome(), answerer.outcome()]);
      sizes.push(answerer.sent.filter((one) => SAID.includes(one[0])).map((one) => one.length));
      await Promise.all([asker.goes(), answerer.goes()]);
    }
    // How many there are is a matter of time alone: a beat every five seconds.
    assert.deepEqual(new Set(sizes[0]), new Set(sizes[1]));
    assert.equal(sizes[0][0], sizes[1][0]);
    assert.ok(new Set(sizes[0]).size > 1); // the comparison looks at something
  });

  test('the secret leaves the address bar, the history and the title at once', async () => {
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    const code = await asker.asks('One last night');
    assert.ok(!asker.page.url().includes('#'));
    await answerer.open(`#${code}`);
    await answerer.sees('One last night');
    assert.equal(answerer.page.url(), relay.url);
    assert.equal(await answerer.page.title(), 'Questions');
    assert.doesNotMatch(await answerer.page.content(), new RegExp(code));
    assert.doesNotMatch(JSON.stringify(await answerer.page.evaluate(() => history.state)), /-/);
    // A link that is pasted into the same tab is taken, too.
    await answerer.page.evaluate((hash) => { location.hash = hash; }, code);
    await answerer.sees('You are in the middle of it');
    assert.equal(answerer.page.url(), relay.url);
    await answerer.tap('Stop');
    await answerer.sees(/two of you/);
    const another = await Person.come(relay.url);
    const next = await another.asks('One last night');
    await answerer.page.evaluate((hash) => { location.hash = hash; }, next);
    await answerer.sees('One last night');
    assert.equal(answerer.page.url(), relay.url);
    await Promise.all([asker.goes(), answerer.goes(), another.goes()]);
  });

  test('nobody sees whether the other types, goes back, waits or has sealed', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await asker.chooses(AT_PEACE);
    await asker.seals();
    await asker.sees('Sealed');
    // From here on nothing changes on the one screen, whatever is done at the other, before the outcome;
    // and what goes over the line is a beat of one size.
    await asker.page.evaluate(() => {
      const seen = /** @type {any} */ (window);
      seen.changes = [];
      new MutationObserver((changes) => seen.changes.push(...changes.map(() => document.body.innerText)))
        .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const before = answerer.sent.length;
    await answerer.page.getByText('Question 1 of 5').waitFor();
    await answerer.chooses(HOPING.slice(0, 0));
    for (const choice of [HOPING[0], AT_PEACE[0]]) {
      await answerer.page.locator('label', { hasText: choice }).first().click();
      await answerer.tap('Next');
      await answerer.page.getByText('Question 2 of 5').waitFor();
      await answerer.tap('Back');
      await answerer.page.getByText('Question 1 of 5').waitFor();
    }
    await answerer.chooses(HOPING);
    await answerer.sees('What this could tell them');
    const frames = answerer.sent.slice(before).filter((one) => one[0] === FRAME); // the rest is for the relay
    assert.deepEqual([...new Set(frames.map((one) => one.length))].slice(1), []);
    await answerer.seals();
    await asker.outcome();
    const changes = await asker.page.evaluate(() => /** @type {any} */ (window).changes);
    assert.ok(changes.every((/** @type {string} */ text) => /Not tonight/.test(text)), changes[0]);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('answers vanish from the page when sealed', async () => {
    const { asker, answerer } = await pairUp(relay.url);
    await answerer.chooses(HOPING);
    await answerer.seals();
    await answerer.sees('Sealed');
    const html = await answerer.page.content();
    for (const text of HOPING) assert.ok(!html.includes(text));
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('the whole way works where storage and clipboard are refused', async () => {
    const refuse = () => {
      const no = () => { throw new DOMException('refused', 'SecurityError'); };
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(window, name, { get: no });
      }
      Object.defineProperty(document, 'cookie', { get: no, set: no });
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    };
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    await Promise.all([asker, answerer].map((person) => person.context.addInitScript(refuse)));
    const code = await asker.asks('One last night');
    await asker.tap('Copy the link');
    await asker.page.getByText('This browser did not allow it.').waitFor();
    await answerer.answers(code);
    await asker.tap('To the questions');
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]);
    await Promise.all([asker.seals(), answerer.seals()]);
    assert.equal(await asker.outcome(), await answerer.outcome());
    assert.deepEqual([...asker.problems, ...answerer.problems], []);
    await Promise.all([asker.goes(), answerer.goes()]);
  });

  test('the link is copied where the browser allows it, and sent where it can', async () => {
    const person = await Person.come(relay.url);
    await person.context.grantPermissions(['clipboard-read', 'clipboard-write'],
      { origin: new URL(relay.url).origin });
    await person.page.addInitScript(() => {
      Object.defineProperty(navigator, 'share', { value: async (/** @type {any} */ what) => {
        document.title = what.url;
      } });
    });
    const code = await person.asks('One last night');
    await person.tap('Copy the link');
    await person.page.getByText('Copied.').waitFor();
    const link = `${relay.url}#${code}`;
    assert.equal(await person.page.evaluate(() => navigator.clipboard.readText()), link);
    await person.tap('Send the link');
    await person.page.waitForFunction((url) => document.title === url, link);
    await person.goes();
  });

  test('the server says what may run: nothing from elsewhere, nothing inline', async () => {
    for (const path of ['', 'page.js', 'tacit.wasm', 'sheets.json']) {
      const response = await fetch(relay.url + path, { headers: { 'accept-encoding': 'br' } });
      assert.equal(response.status, 200);
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval' 'sha256-", "style-src 'self'",
        "worker-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'"]) assert.ok(policy.includes(part), `${path}: ${policy}`);
      assert.ok(!policy.includes('unsafe-inline') && !policy.includes('unsafe-eval\''.replace('u', " 'u")));
      assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('set-cookie'), null);
      await response.arrayBuffer();
    }
    const person = await Person.come(relay.url);
    await person.open();
    await person.sees(/two of you/);
    assert.equal(await person.page.evaluate(() => crossOriginIsolated), true);
    const ran = await person.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return /** @type {any} */ (window).ran === true;
    });
    assert.equal(ran, false);
    await person.goes();
  });

  test('a file that was changed on its way does not run', async () => {
    const person = await Person.come(relay.url);
    const index = await (await fetch(relay.url)).text();
    const scripts = [...index.matchAll(/(?:href|src)="([a-z_]+\.js)"/g)].map((match) => match[1]);
    assert.ok(scripts.length > 8);
    const files = [...scripts, 'worker.js', 'wasm.js', 'relay.js', 'two_seats.js', 'kept.js', 'night.js',
      'times.js', 'sheets.json', 'tacit.wasm'];
    for (const file of files) {
      await person.page.route(`**/${file}`, async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        const changed = file.endsWith('.wasm')
          ? Buffer.concat([body, Buffer.from([0, 2, 1, 97])]) // an empty section of our own: still valid
          : Buffer.concat([body, Buffer.from('\nglobalThis.changed = true;\n')]);
        await route.fulfill({ response, body: changed });
      });
      const refused = person.page.waitForEvent('console', (message) => /integrity|digest/i.test(message.text()));
      await person.open();
      await refused;
      const late = scripts.includes(file) ? 'One moment …' : 'The page could not be loaded whole';
      await person.page.getByText(late).waitFor();
      assert.equal(await person.page.getByText('Choose what it is about').count(), 0, file);
      assert.equal(await person.page.evaluate(() => /** @type {any} */ (window).changed), undefined, file);
      await person.page.unroute(`**/${file}`);
    }
    await person.page.route('**/page.css', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n` });
    });
    await person.open();
    await person.sees(/two of you/);
    assert.equal(await person.page.evaluate(() => document.styleSheets.length), 0);
    await person.goes();
  });

  test('text of a stranger\'s sheet is text, whatever it looks like', async () => {
    const evil = '<img src=x onerror=window.ran=1><script>window.ran=1</script>';
    const terminal = await askOwn(relay.url, `title ${evil}\n\nabout\n  ${evil}\n\nask q: ${evil}\n  a: ${evil}\n  b: No\n\n` +
      `outcome yes: ${evil}\n  when both (q is a)\n  say\n    ${evil}\n\noutcome no: No ${evil}\n  otherwise\n`, 'q = a\n');
    const person = await Person.come(relay.url);
    await person.answers((await terminal.event('code')).code);
    await person.page.locator('label', { hasText: evil }).click();
    await person.tap('Next');
    await person.seals();
    assert.equal(await person.outcome(), evil);
    assert.equal(await person.page.evaluate(() => /** @type {any} */ (window).ran), undefined);
    assert.equal(await person.page.locator('img').count(), 0);
    await person.goes();
  });

  test('the page stays alive while the engine works, with the largest sheet', async () => {
    const asker = await Person.come(relay.url);
    const answerer = await Person.come(relay.url);
    const code = await asker.asks('Who keeps what?');
    await answerer.open();
    await answerer.sees(/two of you/);
    await answerer.page.evaluate(() => {
      const seen = /** @type {any} */ (window);
      seen.gap = 0;
      let before = performance.now();
      const tick = () => {
        seen.gap = Math.max(seen.gap, performance.now() - before);
        before = performance.now();
        setTimeout(tick, 0);
      };
      tick();
    });
    await answerer.page.evaluate((hash) => { location.hash = hash; }, code);
    await answerer.sees('Who keeps what?');
    await answerer.goesToQuestions();
    await answerer.page.locator('.each, .items').first().waitFor();
    const gap = await answerer.page.evaluate(() => /** @type {any} */ (window).gap);
    console.log(`longest pause of the page: ${Math.round(gap)} ms`);
    assert.ok(gap < 500, `${gap} ms`);
    await answerer.goes();
  });
});
