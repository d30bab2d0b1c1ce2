// SPDX-License-Identifier: ISC
// person.js — a person with a browser: opens the page, reads, taps, and notes whatever it sends.

import { chromium } from 'playwright-core';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
export const WAIT_MS = 60000; // on a machine that has much else to do
/** For a group of tests, which mostly wait: for beats of the session, and for each other. */
export const SOME_AT_A_TIME = { concurrency: 3 };

/** The five answers of `last-night` that fit together, and some that do not. */
export const AT_PEACE = ["I'm ready to let go", 'Comfort', 'That is all right', 'Nothing', 'Say the same'];
export const HOPING = ['Part of me hopes to hold on', 'A way back', 'It would hurt', 'A little',
  "I'm not sure"];

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage'];

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let browser;

/** With the browser's own sandbox, where there is one: not for root, nor where the system allows it to
 * nobody. @template T @param {(how: import('playwright-core').LaunchOptions) => Promise<T>} launch */
export async function launched(launch) {
  const how = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS };
  if (process.getuid?.() === 0) return launch({ ...how, chromiumSandbox: false });
  return launch({ ...how, chromiumSandbox: true }).catch(() => launch({ ...how, chromiumSandbox: false }));
}

export function theBrowser() {
  browser ??= launched((how) => chromium.launch(how));
  return browser;
}

export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

export class Person {
  /** @param {string} url of the relay @param {object} [context] of playwright */
  static async come(url, context = {}) {
    return Person.by(url, await (await theBrowser()).newContext({ viewport: PHONE, ...context }));
  }

  /** @param {string} url @param {import('playwright-core').BrowserContext} context */
  static async by(url, context) {
    const person = new Person();
    person.url = url;
    person.context = context;
    person.context.setDefaultTimeout(WAIT_MS);
    /** Everything that leaves the browser: addresses, bodies, WebSocket frames. */
    person.requests = [];
    person.sent = [];
    person.problems = [];
    // Wherever Leave leads, no test goes there.
    await person.context.route('https://www.wikipedia.org/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere</title><p>Elsewhere' }));
    person.page = await person.newTab();
    return person;
  }

  async newTab() {
    const page = await this.context.newPage();
    page.on('request', (request) => {
      this.requests.push(request.url());
      this.sent.push(Buffer.from(request.url()), request.postDataBuffer() ?? Buffer.alloc(0));
    });
    page.on('websocket', (socket) => {
      this.requests.push(socket.url());
      socket.on('framesent', ({ payload }) => this.sent.push(Buffer.from(payload)));
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(error.message));
    return page;
  }

  /** @param {string} [hash] */
  async open(hash = '') {
    await this.page.goto(this.url + hash);
    return this;
  }

  /** What failed, with what stood on the screen. @template T @param {Promise<T>} step @returns {Promise<T>} */
  async told(step) {
    try {
      return await step;
    } catch (error) {
      const seen = await this.text().catch(() => 'no page');
      throw new Error(`${/** @type {Error} */ (error).message}\nOn the screen:\n${seen}\n${
        this.problems.join('\n')}`);
    }
  }

  /** @param {string} name of a button */
  tap(name, { exact = true } = {}) {
    return this.told(this.page.getByRole('button', { name, exact }).click());
  }

  /** Waits for a headline. @param {string | RegExp} name */
  async sees(name) {
    await this.told(this.page.getByRole('heading', { level: 1, name }).waitFor());
    return this;
  }

  /** Back, amid a session.  The page takes the step back in the browser's history on its own turn
   * (trail.js); what drives the browser counts entries, so another Back amid that would count wrong. */
  async goesBack() {
    await this.page.goBack();
    const until = Date.now() + WAIT_MS;
    // Not waitForFunction: it evaluates a string in the page, which the page's policy refuses.
    while (await this.page.evaluate(() => history.state?.at) !== 2) {
      if (Date.now() > until) await this.told(Promise.reject(new Error('The step was not taken back.')));
      await new Promise((go) => setTimeout(go, 20));
    }
  }

  /** What stands on the screen. */
  text() {
    return this.page.locator('main').innerText({ timeout: 2000 });
  }

  // ------------------------------------------------------------------- the way through

  /** From the first screen to the shared code. @param {string} title of the sheet
   * @param {string} [role] @returns {Promise<string>} the code */
  async asks(title, role) {
    await this.open();
    await this.tap('Choose what it is about');
    await this.tap(title, { exact: false });
    await this.tap('Go on');
    if (role) await this.page.getByText(role, { exact: true }).click();
    await this.tap('Start');
    return this.code();
  }

  async code() {
    await this.sees('Tell the other person');
    return this.page.locator('.code').innerText();
  }

  /** From the link to the first question. @param {string} code */
  async answers(code) {
    await this.open(`#${code}`);
    await this.goesToQuestions();
  }

  /** From the first screen of a link to the first question. */
  async goesToQuestions() {
    await this.tap('Go on');
    await this.sees('The rule');
    await this.tap('Go on');
    await this.tap('To the questions');
  }

  /** One choice a question. @param {string[]} choices */
  async chooses(choices) {
    for (const [i, choice] of choices.entries()) {
      await this.told(this.page.getByText(`Question ${i + 1} of ${choices.length}`).waitFor());
      await this.page.locator('label', { hasText: choice }).first().click();
      await this.tap('Next');
    }
  }

  /** From the last question, by what it could tell, to the seal. */
  async isReady() {
    await this.sees('What this could tell them');
    await this.tap('Go on');
    await this.sees('Ready?');
  }

  async seals() {
    await this.sees(/Ready\?|What this could tell them/);
    if (await this.page.getByRole('heading', { level: 1, name: 'Ready?' }).count() === 0) await this.isReady();
    await this.tap('Seal my answers');
  }

  /** @returns {Promise<string>} the headline of the outcome */
  async outcome() {
    await this.told(this.page.locator('h1.outcome').waitFor());
    return this.page.locator('h1.outcome').innerText();
  }

  async goes() {
    await this.context.close();
  }
}

/** Two people who are through with pairing, each before the first question of `last-night`.
 * @param {string} url @param {object} [context] */
export async function pairUp(url, context) {
  const asker = await Person.come(url, context);
  const answerer = await Person.come(url, context);
  const code = await asker.asks('One last night');
  await answerer.answers(code);
  await asker.page.locator('#joined', { hasText: 'They have joined.' }).waitFor();
  await asker.tap('To the questions');
  return { asker, answerer, code };
}
