// SPDX-License-Identifier: ISC
// Every sheet that ships, and with them every kind of question and of outcome, between two pages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Person, closeBrowser } from './support/person.js';
import { startRelay } from './support/relay.js';

/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
before(async () => { relay = await startRelay(); });
after(async () => {
  await closeBrowser();
  await relay.stop();
});

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

/** One evening with a sheet; both see the same headline, which comes back with what each reads.
 * @param {string} title @param {Answer[]} first @param {Answer[]} second @param {string} [role]
 * @param {(asker: Person) => Promise<void>} [edit] */
async function evening(title, first, second, role, edit) {
  const asker = await Person.come(relay.url);
  const answerer = await Person.come(relay.url);
  await asker.open();
  await asker.tap('Choose what it is about');
  await asker.tap(title, { exact: false });
  await edit?.(asker);
  await asker.tap('Go on');
  if (role) {
    await asker.tap('Start'); // a role is needed, and none is preselected
    await asker.page.getByText('Please choose which one you are.').waitFor();
    await asker.page.getByText(role, { exact: true }).click();
  }
  await asker.tap('Start');
  await answerer.answers(await asker.code());
  await asker.tap('To the questions');
  await Promise.all([answersAll(asker, first), answersAll(answerer, second)]);
  const headline = await asker.outcome();
  assert.equal(await answerer.outcome(), headline);
  const texts = [await asker.text(), await answerer.text()];
  assert.deepEqual([...asker.problems, ...answerer.problems], []);
  await Promise.all([asker.goes(), answerer.goes()]);
  return { headline, texts };
}

test('do we try again?', async () => {
  const { headline } = await evening('Do we try again?',
    [ticks([0]), ticks([0]), ticks([0]), ticks([0]), ticks([0])],
    [ticks([0]), ticks([0]), ticks([0]), ticks([0]), ticks([0])]);
  assert.match(headline, /talk|again/i);
});

test('what would we both like? an own list, items by lot, a limit', async () => {
  const no = 0, maybe = 1, yes = 2;
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
    await pills([yes, no, no, no, no, no, no, no, no, no, no, maybe])(person);
  };
  const { headline, texts } = await evening('What would we both like?',
    [tooMany, option('Five things')],
    [pills([maybe, yes, no, no, no, no, no, no, no, no, no, no]), option('One thing')], undefined, edit);
  assert.equal(headline, 'Here is where you meet.');
  texts.forEach((text) => assert.match(text, /مشي طويل/));
});

test('is there a price? roles, numbers, a number by lot', async () => {
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
  const { headline, texts } = await evening('Is there a price?',
    [wrong, option('Within a month')], [number('100000'), option('Within half a year')], 'Owner');
  assert.equal(headline, 'There is a price that you can both live with.');
  texts.forEach((text) => assert.match(text, /100,000/));
});

test('who keeps what? points, and a split seen from both sides', async () => {
  const wrong = async (/** @type {Person} */ person) => {
    await spread(['90', '', '', '', '', ''])(person);
    await person.page.getByText('10 still to give.').waitFor();
    await person.tap('Next');
    await person.page.getByRole('alert').getByText('10 still to give.').waitFor();
    await spread(['90', '10', '', '', '', ''])(person);
  };
  const { headline, texts } = await evening('Who keeps what?',
    [wrong], [spread(['0', '0', '25', '25', '25', '25'])]);
  assert.equal(headline, 'Here is a fair way to share it out.');
  assert.match(texts[0], /The sofa\s+you[\s\S]*The books\s+them/);
  assert.match(texts[1], /The sofa\s+them[\s\S]*The books\s+you/);
});

test('pick one', async () => {
  const asker = await Person.come(relay.url);
  await asker.open();
  await asker.tap('Choose what it is about');
  await asker.tap('Pick one', { exact: false });
  const items = await asker.page.locator('.card li').allInnerTexts();
  await asker.goes();
  const { texts } = await evening('Pick one', [pills([0, 1, 1, 1, 1])], [pills([0, 1, 1, 2, 2])]);
  texts.forEach((text) => assert.ok(text.includes(items[0])));
});

test('are we in the same range? other questions for each', async () => {
  const { headline } = await evening('Are we in the same range?',
    [number('60000'), number('3'), number('2')], [number('65000'), number('2'), number('6')], 'Candidate');
  assert.equal(headline, 'It is worth talking.');
});

test('carry on, hand over, or close? some of a list, and an order that begins empty', async () => {
  const order = ['Close it kindly', 'Sell it together', 'Carry on together', 'The first of you leads',
    'The second of you leads'];
  const wrong = async (/** @type {Person} */ person) => {
    await ranks(order.slice(0, 4))(person);
    await person.tap('Next');
    await person.page.getByText('Please give each of them a place.').waitFor();
    await ranks([order[0]])(person); // taken back: the others move up
    assert.match(await person.page.locator('.ranked', { hasText: order[1] }).innerText(), /^1/);
    await ranks(order.slice(1, 4))(person);
    await ranks(order)(person);
  };
  const few = async (/** @type {Person} */ person) => {
    await ticks([4])(person);
    await person.tap('Next');
    await person.page.getByRole('alert').getByText('Choose 2 to 5.').waitFor();
    await ticks([3])(person);
  };
  const { headline, texts } = await evening('Carry on, hand over, or close?',
    [few, wrong, option('Yes')], [ticks([0, 4]), ranks(order), option('Yes')], 'First');
  assert.equal(headline, 'There is a way on that you could both live with.');
  texts.forEach((text) => assert.match(text, /Close it kindly/));
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
