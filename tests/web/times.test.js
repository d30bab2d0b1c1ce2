// SPDX-License-Identifier: ISC
// A time that two agreed on, whatever clocks do.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { AgreedTime } from '../../web/page/times.js';

const MINUTE = 60000;
const DAY = 24 * 60 * MINUTE;
const real = { calendar: Date.now, steady: performance.now };
let calendar = 0;
let steady = 0;

beforeEach(() => {
  calendar = 1.8e12;
  steady = 5000;
  Date.now = () => calendar;
  performance.now = () => steady;
});
afterEach(() => {
  Date.now = real.calendar;
  performance.now = real.steady;
});

/** @param {number} ms */
function pass(ms) {
  calendar += ms;
  steady += ms;
}

test('it counts down from the agreement, once', () => {
  const agreed = new AgreedTime();
  assert.equal(agreed.left(), -1);
  agreed.begin(30 * MINUTE);
  assert.equal(agreed.left(), 30 * MINUTE);
  pass(10 * MINUTE);
  agreed.begin(DAY); // a relay whose clock was set back says so now
  assert.equal(agreed.left(), 20 * MINUTE);
  pass(DAY);
  assert.equal(agreed.left(), 0);
});

test('a calendar that is set back makes nobody wait', () => {
  const agreed = new AgreedTime();
  agreed.begin(30 * MINUTE);
  calendar -= DAY;
  pass(29 * MINUTE);
  assert.equal(agreed.left(), MINUTE);
  pass(MINUTE);
  assert.equal(agreed.left(), 0);
});

test('time that the device slept through has passed', () => {
  const agreed = new AgreedTime();
  agreed.begin(30 * MINUTE);
  calendar += 40 * MINUTE; // the other clock stood still
  assert.equal(agreed.left(), 0);
});
