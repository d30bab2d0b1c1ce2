// SPDX-License-Identifier: ISC
// Every sheet that ships, and with them every kind of question and of outcome, between a page and a
// terminal, both ways round (`last-night`: terminal.test.js).

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Person, closeBrowser, SOME_AT_A_TIME } from './support/person.js';
import { startRelay } from './support/relay.js';
import { answer, ask } from './support/terminal.js';

const SHARED = `title Two things

list things
  sofa: The sofa
  bike: The bicycle

ask points: Spread your 100 points:
  points 100 over things

outcome split: Here is a fair way to share it out.
  when count of things > 0
  reveal split: adjusted winner of things by points

outcome not-now: Not now.
  otherwise
`;

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

describe('every sheet, between page and terminal', SOME_AT_A_TIME, () => {
  /** @typedef {(person: Person) => Promise<void>} Answer */

  /** @param {string} text @returns {Answer} */
  const option = (text) => (person) => person.page.getByText(text, { exact: true }).click();
  /** @param {string} typed @returns {Answer} */
  const number = (typed) => (person) => person.page.locator('main input[type=text]').fill(typed);
  /** For each item the option with this place. @param {number[]} places @returns {Answer} */
  const pills = (places) => async (person) => {
    const rows = await person.page.locator('.each').all();
    assert.equal(rows.length, places.length);
    for (const [i, row] of rows.entries()) await row.locator('label').nth(places[i]).click();
  };
  /** @param {string[]} points @returns {Answer} */
  const spread = (points) => async (person) => {
    const inputs = await person.page.locator('.items input').all();
    assert.equal(inputs.length, points.length);
    for (const [i, input] of inputs.entries()) await input.fill(points[i]);
  };
  /** @param {number[]} places @returns {Answer} */
  const ticks = (places) => async (person) => {
    for (const place of places) await person.page.locator('label.option').nth(place).click();
  };
  /** @param {string[]} order @returns {Answer} */
  const ranks = (order) => async (person) => {
    for (const text of order) await person.page.locator('.ranked', { hasText: text }).click();
  };

  /** @param {Person} person @param {Answer[]} answers */
  async function answersAll(person, answers) {
    for (const [i, answer] of answers.entries()) {
      await person.page.getByText(`Question ${i + 1} of ${answers.length}`).waitFor();
      await answer(person);
      await person.tap('Next');
    }
    await person.seals();
  }

  /** A page asks, a terminal answers; gives back what stands on the page at the end.
   * @param {string} title @param {Answer[]} answers on the page @param {string[]} typed in the terminal
   * @param {{ role?: string, edit?: (asker: Person) => Promise<void> }} [more] */
  async function pageAsks(title, answers, typed, { role, edit } = {}) {
    const person = await Person.come(relay.url);
    await person.open();
    await person.tap('Choose what it is about');
    await person.tap(title, { exact: false });
    await edit?.(person);
    await person.tap('Go on');
    if (role) {
      await person.tap('Start'); // a role is needed, and none is preselected
      await person.page.getByText('Please choose which one you are.').waitFor();
      await person.page.getByText(role, { exact: true }).click();
    }
    await person.tap('Start');
    const terminal = await answer(relay.url, await person.code(), `${typed.join('\n')}\n`);
    await person.tap('To the questions');
    return sameForBoth(person, answers, terminal);
  }

  /** A terminal asks, a page answers.
   * @param {string} sheet @param {string[]} typed @param {Answer[]} answers @param {string} [role] */
  async function terminalAsks(sheet, typed, answers, role) {
    const terminal = await ask(relay.url, sheet, `${typed.join('\n')}\n`, role ? ['--as', role] : []);
    const person = await Person.come(relay.url);
    await person.answers((await terminal.event('code')).code);
    return sameForBoth(person, answers, terminal);
  }

  /** @param {Person} person @param {Answer[]} answers @param {Awaited<ReturnType<typeof ask>>} terminal */
  async function sameForBoth(person, answers, terminal) {
    await answersAll(person, answers);
    const { headline, reveals } = await terminal.event('headline');
    assert.equal(await person.outcome(), headline);
    const text = await person.text();
    assert.deepEqual(person.problems, []);
    assert.equal(await terminal.over, 0);
    await person.goes();
    return { headline, reveals, text };
  }

  /** Lines `question.item = option` for each item. @param {string} question @param {string[]} items
   * @param {string[]} options */
  const lines = (question, items, options) => items.map((item, i) => `${question}.${item} = ${options[i]}`);

  const TRY = ['choose = yes', 'help = would', 'free = yes', 'press = no', 'week = same'];
  test('do we try again? choices: a page asks', async () => {
    const { headline } = await pageAsks('Do we try again?', Array(5).fill(ticks([0])), TRY);
    assert.match(headline, /talk/i);
  });
  test('do we try again? choices: a terminal asks', async () => {
    const { headline } = await terminalAsks('try-again', TRY, Array(5).fill(ticks([0])));
    assert.match(headline, /talk/i);
  });

  const NO = 0, MAYBE = 1, YES = 2;
  const WISHES = ['walk', 'cook', 'film', 'massage', 'breakfast', 'dance', 'trip', 'games', 'swim', 'music',
    'nothing', 'friends'];
  test('what would we both like? an own list, items by lot, a limit: a page asks', async () => {
    const edit = async (/** @type {Person} */ asker) => {
      await asker.tap('Change the list');
      await asker.sees('Your list');
      await asker.page.getByLabel('Item 1', { exact: true }).fill('مشي طويل');
      await asker.tap('Remove A film that neither of us has seen');
      await asker.tap('Add one more');
      await asker.tap('Use this list');
      await asker.page.getByText('An item has no words yet.').waitFor();
      await asker.page.getByLabel('Item 12', { exact: true }).fill('Donaudampfschifffahrtsgesellschaft');
      await asker.tap('Use this list');
      await asker.sees('What would we both like?');
      assert.match(await asker.text(), /مشي طويل[\s\S]*Donaudampf/);
    };
    const tooMany = async (/** @type {Person} */ person) => {
      await pills([2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0])(person);
      await person.tap('Next');
      await person.page.getByRole('alert').getByText(/at most 6 of the 12/).waitFor();
      await pills([YES, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, MAYBE])(person);
    };
    const items = [...WISHES.filter((item) => item !== 'film'), 'item-12'];
    const { headline, text } = await pageAsks('What would we both like?', [tooMany, option('Five things')],
      [...lines('like', items, ['maybe', 'yes', ...Array(10).fill('no')]), 'most = one'], { edit });
    assert.equal(headline, 'Here is where you meet.');
    assert.match(text, /مشي طويل/);
  });
  test('what would we both like? a terminal asks', async () => {
    const { headline, text } = await terminalAsks('common-ground',
      [...lines('like', WISHES, ['no', 'yes', ...Array(10).fill('no')]), 'most = three'],
      [pills([NO, MAYBE, ...Array(10).fill(NO)]), option('One thing')]);
    assert.equal(headline, 'Here is where you meet.');
    assert.match(text, /Cook something new together/);
  });

  test('is there a price? roles, numbers, a number by lot: a page asks', async () => {
    const wrong = async (/** @type {Person} */ person) => {
      for (const [typed, said] of [['', /a whole number/], ['much', /a whole number/],
        ['-500', /from 0 to 2,000,000/], ['2,000,500', /from 0 to 2,000,000/],
        ['100100', /take 100,000 or 100,500/]]) {
        await number(/** @type {string} */ (typed))(person);
        await person.tap('Next');
        await person.page.getByRole('alert').getByText(said).waitFor();
        assert.ok(await person.page.locator('main input').evaluate((node) => node === document.activeElement));
      }
      await number('100 000')(person);
    };
    const { headline, text } = await pageAsks('Is there a price?', [wrong, option('Within a month')],
      ['most = 100000', 'close = half-year'], { role: 'Owner' });
    assert.equal(headline, 'There is a price that you can both live with.');
    assert.match(text, /100,000/);
  });
  test('is there a price? a terminal asks', async () => {
    const { headline, text } = await terminalAsks('meet-in-the-middle', ['most = 4500', 'close = month'],
      [number('4.500'), option('Within half a year')], 'buyer');
    assert.equal(headline, 'There is a price that you can both live with.');
    assert.match(text, /4500/);
  });

  const THINGS = ['sofa', 'bike', 'books', 'plants', 'table', 'pictures'];
  test('who keeps what? points, and a split seen from both sides: a page asks', async () => {
    const wrong = async (/** @type {Person} */ person) => {
      await spread(['90', '', '', '', '', ''])(person);
      await person.page.getByText('10 still to give.').waitFor();
      await person.tap('Next');
      await person.page.getByRole('alert').getByText('10 still to give.').waitFor();
      await spread(['90', '10', '', '', '', ''])(person);
    };
    const { headline, text } = await pageAsks('Who keeps what?', [wrong],
      lines('points', THINGS, ['0', '0', '25', '25', '25', '25']));
    assert.equal(headline, 'Here is a fair way to share it out.');
    assert.match(text, /The sofa\s+you[\s\S]*The books\s+them/);
  });
  test('who keeps what? a terminal asks', async () => {
    const { text } = await terminalAsks('share-out', lines('points', THINGS, ['90', '10', '0', '0', '0', '0']),
      [spread(['0', '0', '25', '25', '25', '25'])]);
    assert.match(text, /The sofa\s+them[\s\S]*The books\s+you/);
  });

  test('a thing that is shared shows how much of it each has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tacit-'));
    const sheet = join(folder, 'two-things.tacit');
    writeFileSync(sheet, SHARED);
    const { text } = await terminalAsks(sheet, ['points.sofa = 60', 'points.bike = 40'], [spread(['50', '50'])]);
    rmSync(folder, { recursive: true });
    assert.match(text, /The sofa\s+shared: 9 % for you, 91 % for them[\s\S]*The bicycle\s+you/);
  });

  const OPTIONS = ['first', 'second', 'third', 'fourth', 'fifth'];
  test('pick one: a page asks', async () => {
    const { text } = await pageAsks('Pick one', [pills([0, 1, 1, 1, 1])],
      lines('feel', OPTIONS, ['like', 'fine', 'fine', 'rather-not', 'rather-not']));
    assert.match(text, /The first one/);
  });
  test('pick one: a terminal asks', async () => {
    const { text } = await terminalAsks('which-one',
      lines('feel', OPTIONS, ['fine', 'like', 'fine', 'rather-not', 'rather-not']), [pills([2, 0, 1, 1, 1])]);
    assert.match(text, /The second one/);
  });

  test('are we in the same range? other questions for each: a page asks', async () => {
    const { headline } = await pageAsks('Are we in the same range?',
      [number('60000'), number('3'), number('2')], ['pay = 65000', 'days = 2', 'start = 6'],
      { role: 'Candidate' });
    assert.equal(headline, 'It is worth talking.');
  });
  test('are we in the same range? a terminal asks', async () => {
    const { headline } = await terminalAsks('in-range', ['pay = 65000', 'days = 3', 'start = 2'],
      [number('60000'), number('2'), number('6')], 'candidate');
    assert.match(headline, /^Not /);
  });

  const ORDER = ['Close it kindly', 'Sell it together', 'Carry on together', 'The first of you leads',
    'The second of you leads'];
  const RANK = 'rank = close, sell, together, first-leads, second-leads';
  test('carry on, hand over, or close? some of a list, an order that begins empty: a page asks', async () => {
    const wrong = async (/** @type {Person} */ person) => {
      await ranks(ORDER.slice(0, 4))(person);
      await person.tap('Next');
      await person.page.getByText('Please give each of them a place.').waitFor();
      await ranks([ORDER[0]])(person); // taken back: the others move up
      assert.match(await person.page.locator('.ranked', { hasText: ORDER[1] }).innerText(), /^1/);
      await ranks(ORDER.slice(1, 4))(person);
      await ranks(ORDER)(person);
    };
    const few = async (/** @type {Person} */ person) => {
      await ticks([4])(person);
      await person.tap('Next');
      await person.page.getByRole('alert').getByText('Choose 2 to 5.').waitFor();
      await ticks([3])(person);
    };
    const { headline, text } = await pageAsks('Carry on, hand over, or close?', [few, wrong, option('Yes')],
      ['could = together, close', RANK, 'ready = yes'], { role: 'First' });
    assert.equal(headline, 'There is a way on that you could both live with.');
    assert.match(text, /Close it kindly/);
  });
  test('carry on, hand over, or close? a terminal asks', async () => {
    const { headline, text } = await terminalAsks('two-founders',
      ['could = together, sell', RANK, 'ready = yes'],
      [ticks([0, 4]), ranks(ORDER), option('Yes')], 'second');
    assert.equal(headline, 'There is a way on that you could both live with.');
    assert.match(text, /Carry on together/);
  });

  test('a practice of a sheet with roles asks each person their own questions', async () => {
    const person = await Person.come(relay.url);
    await person.open();
    await person.tap('Try it on my own first');
    await person.tap('Is there a price?', { exact: false });
    await person.tap('Go on');
    await person.tap('Begin');
    for (const [i, typed] of ['500', '1000'].entries()) {
      await number(typed)(person);
      await person.tap('Next');
      await person.page.getByText('Within a month').click();
      await person.tap('Next');
      await person.tap('Go on');
      if (i === 0) await person.tap('Begin');
    }
    await person.page.getByText('The second person sees').waitFor();
    assert.match(await person.text(), /There is a price/);
    await person.goes();
  });
});
