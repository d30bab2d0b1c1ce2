// SPDX-License-Identifier: ISC
// screens.js — every screen of the page, and how to get there.

import { asksForPause, keepsNight } from './night.js';
import { AT_PEACE, HOPING, PHONE, Person } from './person.js';
import { startWire } from './relay.js';

/** @typedef {{ person: Person, others: Person[] }} Reached */

/** @param {string} url @param {object} context @param {(person: Person) => Promise<void>} go
 * @returns {Promise<Reached>} */
async function alone(url, context, go) {
  const person = await Person.come(url, context);
  await person.open();
  await person.sees(/two of you/);
  await go(person);
  return { person, others: [] };
}

/** @param {string} url @param {object} context
 * @param {(asker: Person, answerer: Person) => Promise<Person>} go gives back whose screen it is
 * @returns {Promise<Reached>} */
async function together(url, context, go) {
  const asker = await Person.come(url, context);
  const answerer = await Person.come(url, context);
  await answerer.open(`#${await asker.asks('One last night')}`);
  await answerer.sees('One last night');
  const person = await go(asker, answerer);
  return { person, others: [person === asker ? answerer : asker] };
}

/** @param {Person} person @param {string} title */
async function looksAt(person, title) {
  await person.tap('Choose what it is about');
  await person.tap(title, { exact: false });
  await person.sees(title);
}

/** Before a question of a sheet, in practice. @param {Person} person @param {string} title
 * @param {(person: Person) => Promise<void>} [go] */
async function practises(person, title, go) {
  await person.tap('Try it on my own first');
  await person.tap(title, { exact: false });
  await person.tap('Go on');
  await person.tap('Begin');
  await person.page.getByText('Question 1 of').waitFor();
  await go?.(person);
}

/** @param {string} url @param {object} context @param {string} mine @param {string[]} answers */
async function seesOutcome(url, context, mine, answers) {
  for (;;) { // until the coin allows
    const reached = await together(url, context, async (asker, answerer) => {
      await answerer.goesToQuestions();
      await asker.tap('To the questions');
      await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(answers)]);
      await Promise.all([asker.seals(), answerer.seals()]);
      await asker.outcome();
      await answerer.outcome();
      return answerer;
    });
    if (await reached.person.outcome() === mine) return reached;
    await Promise.all([reached.person, ...reached.others].map((one) => one.goes()));
  }
}

const HOUR_MS = 60 * 60 * 1000;

/** Something was slept on. @param {string} url @param {object} context
 * @param {{ opens: number, closes: number, confirmed?: boolean, given?: boolean }} night in hours from now
 * @param {(person: Person) => Promise<unknown>} go */
const morning = (url, context, { opens, closes, ...more }, go) => alone(url, context, async (person) => {
  await keepsNight(person, { opens: opens * HOUR_MS, closes: closes * HOUR_MS, ...more });
  await person.open();
  await person.page.getByText('Something is waiting for you here.').waitFor();
  await go(person);
});

/** @type {Record<string, (url: string, context?: object) => Promise<Reached>>} */
export const SCREENS = {
  'home': (url, context = {}) => alone(url, context, async () => {}),
  'choose': (url, context = {}) => alone(url, context, async (person) => {
    await person.tap('Choose what it is about');
    await person.sees('What is it about?');
  }),
  'about': (url, context = {}) => alone(url, context, (person) => looksAt(person, 'One last night')),
  'about-list': (url, context = {}) => alone(url, context, (person) => looksAt(person, 'Who keeps what?')),
  'list': (url, context = {}) => alone(url, context, async (person) => {
    await looksAt(person, 'Who keeps what?');
    await person.tap('Change the list');
    await person.sees('Your list');
  }),
  'before': (url, context = {}) => alone(url, context, async (person) => {
    await looksAt(person, 'Is there a price?');
    await person.tap('Go on');
    await person.sees('Good to know');
    await person.tap('Start');
    await person.page.getByText('Please choose which one you are.').waitFor();
  }),
  'share': (url, context = {}) => alone(url, context, async (person) => { await person.asks('One last night'); }),
  'code': (url, context = {}) => alone(url, context, async (person) => {
    await person.tap('I was given a code');
    await person.page.getByLabel('A number and two words').fill('7-lantrn-harbor');
    await person.tap('Join');
    await person.page.getByText('Did you mean').waitFor();
  }),
  'question': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await answerer.chooses([]);
    await answerer.page.locator('label', { hasText: AT_PEACE[0] }).click();
    return answerer;
  }),
  'question-number': (url, context = {}) => alone(url, context, (person) => practises(person,
    'Is there a price?', async () => {
      await person.page.locator('main input').fill('123');
      await person.tap('Next');
      await person.page.getByRole('alert').getByText(/take 0 or 500/).waitFor();
    })),
  'question-each': (url, context = {}) => alone(url, context, (person) => practises(person,
    'What would we both like?', () => person.page.locator('.each').first().locator('label').nth(1).click())),
  'question-points': (url, context = {}) => alone(url, context, (person) => practises(person,
    'Who keeps what?', () => person.page.locator('.items input').first().fill('40'))),
  'question-some': (url, context = {}) => alone(url, context, (person) => practises(person,
    'Carry on, hand over, or close?', () => person.page.locator('label.option').nth(0).click())),
  'question-order': (url, context = {}) => alone(url, context, (person) => practises(person,
    'Carry on, hand over, or close?', async () => {
      for (const i of [0, 1]) await person.page.locator('label.option').nth(i).click();
      await person.tap('Next');
      for (const i of [4, 0]) await person.page.locator('.ranked').nth(i).click();
    })),
  'stop': (url, context = {}) => together(url, context, async (asker) => {
    await asker.page.goBack();
    await asker.sees('You are in the middle of it');
    return asker;
  }),
  'rule': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.tap('Go on');
    await answerer.sees('The rule');
    return answerer;
  }),
  'about-link': (url, context = {}) => together(url, context, async (asker, answerer) => answerer),
  'connecting': async (url, context = {}) => {
    const wire = await startWire(Number(new URL(url).port), 0);
    return alone(wire.url, context, async (person) => {
      wire.silent = true; // a relay that never answers
      await person.tap('I was given a code');
      await person.page.getByLabel('A number and two words').fill('7-lantern-harbor');
      await person.tap('Join');
      await person.sees('One moment');
      wire.silent = false; // to those that come after
      person.context.once('close', () => wire.close());
    });
  },
  'leak': (url, context = {}) => alone(url, context, (person) => practises(person, 'One last night',
    async () => {
      await person.chooses(AT_PEACE);
      await person.page.getByRole('button', { name: 'Go on' }).waitFor();
    })),
  'seal': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await answerer.chooses(AT_PEACE);
    await answerer.isReady();
    return answerer;
  }),
  'sealed': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await answerer.chooses(AT_PEACE);
    await answerer.seals();
    await answerer.sees('Sealed');
    return answerer;
  }),
  'outcome-yes': (url, context = {}) => seesOutcome(url, context, 'You see it the same way.', AT_PEACE),
  'outcome-no': (url, context = {}) => seesOutcome(url, context, 'Not tonight.', HOPING),
  'ended': async (url, context = {}) => {
    const asker = await Person.come(url, context);
    const stranger = await Person.come(url, context);
    const [number, , last] = (await asker.asks('One last night')).split('-');
    await stranger.open(`#${number}-zebra-${last}`);
    await asker.sees('It ended here');
    return { person: asker, others: [stranger] };
  },
  'practice': (url, context = {}) => alone(url, context, async (person) => {
    await person.tap('Try it on my own first');
    await person.tap('Who keeps what?', { exact: false });
    await person.tap('Go on');
    await person.sees('A practice, for you alone');
  }),
  'practised': (url, context = {}) => alone(url, context, (person) => practises(person,
    'Who keeps what?', async () => {
      for (const [i, points] of ['60', '10', '10', '10', '10', '0'].entries()) {
        await person.page.locator('.items input').nth(i).fill(points);
      }
      await person.tap('Next');
      await person.tap('Go on');
      await person.tap('Begin');
      for (const [i, points] of ['20', '50', '10', '10', '5', '5'].entries()) {
        await person.page.locator('.items input').nth(i).fill(points);
      }
      await person.tap('Next');
      await person.tap('Go on');
      await person.page.getByText('The second person sees').waitFor();
    })),
  'pause': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await answerer.chooses(AT_PEACE);
    await asksForPause(answerer, 'A day');
    await answerer.tap('Change the pause');
    await answerer.sees('Sleep on it');
    return answerer;
  }),
  'seal-pause': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await answerer.chooses(AT_PEACE);
    await asksForPause(answerer, 'A night');
    return answerer;
  }),
  'put-aside': (url, context = {}) => together(url, context, async (asker, answerer) => {
    await answerer.goesToQuestions();
    await asker.tap('To the questions');
    await Promise.all([asker.chooses(AT_PEACE), answerer.chooses(HOPING)]);
    await asksForPause(asker, 'A night');
    await Promise.all([asker.seals(), answerer.seals()]);
    await answerer.sees('Put aside');
    return answerer;
  }),
  'home-waiting': (url, context = {}) => morning(url, context, { opens: 8, closes: 20 }, async () => {}),
  'night-early': (url, context = {}) => morning(url, context, { opens: 8, closes: 20 }, async (person) => {
    await person.tap('Look at it', { exact: false });
    await person.sees('Not yet');
  }),
  'night-open': (url, context = {}) => morning(url, context, { opens: -1, closes: 11 }, async (person) => {
    await person.tap('Look at it', { exact: false });
    await person.sees('Does it still hold?');
  }),
  'night-given': (url, context = {}) => morning(url, context,
    { opens: -1, closes: 11, confirmed: true, given: true }, async (person) => {
      await person.tap('Look at it', { exact: false });
      await person.sees('You said that it holds');
    }),
  'night-again': (url, context = {}) => morning(url, context, { opens: -1, closes: 11, confirmed: true },
    async (person) => {
      await person.tap('Look at it', { exact: false });
      await person.sees('Please say it once more');
    }),
  'night-over': (url, context = {}) => morning(url, context, { opens: -13, closes: -1 }, async (person) => {
    await person.tap('Look at it', { exact: false });
    await person.sees('It is time');
  }),
  'night-wrong': (url, context = {}) => morning(url, context, { opens: -1, closes: 11 }, async (person) => {
    await person.tap('Look at it', { exact: false });
    await person.tap('They still hold');
    await person.sees('It cannot be opened');
  }),
  'night-sure': (url, context = {}) => morning(url, context, { opens: -1, closes: 11 }, async (person) => {
    await person.tap('Look at it', { exact: false });
    await person.tap('Take them back');
    await person.sees('Are you sure?');
  }),
  'cannot': async (url, context = {}) => {
    const person = await Person.come(url, { viewport: PHONE, ...context });
    await person.page.addInitScript(() => { WebAssembly.validate = () => false; });
    await person.open();
    await person.sees('This browser cannot do it');
    return { person, others: [] };
  },
};

/** Goes to one screen, does something there, and lets everybody go.
 * @param {string} name @param {string} url @param {object} context
 * @param {(person: Person, others: Person[]) => Promise<void>} what */
export async function at(name, url, context, what) {
  const { person, others } = await SCREENS[name](url, context);
  try {
    await person.told(what(person, others));
  } finally {
    await Promise.all([person, ...others].map((one) => one.goes()));
  }
}
