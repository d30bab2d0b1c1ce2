// SPDX-License-Identifier: ISC
// words.js — every sentence of the page, in one place, so that they can be read as a whole.

export const WORDS = Object.freeze({
  leave: 'Leave',
  leaveNote: 'Leave, or Shift three times, clears this page at once. ' +
    'It does not erase the browser’s history.',
  back: 'Back',
  next: 'Next',
  go: 'Continue',

  home: {
    title: 'Do you both mean the same thing?',
    lead: 'You each answer a few questions, alone. If your answers fit, you both learn it. ' +
      'If not, neither learns why. Nobody has to go first.',
    ask: 'Choose a sheet',
    answer: 'I was given a code',
    practice: 'Try it on my own',
    private: 'Your answers stay on this device. No account, no copy, nothing kept.',
    room: 'This page cannot protect you from someone who can see this screen.',
  },

  choose: { title: 'What is it about?', practice: 'Which one would you like to try?' },

  about: {
    rule: 'The rule, in plain words',
    silence: 'What silence means',
    silenceText: 'If either of you leaves or does not answer, nothing is worked out and no answer ' +
      'is shown.',
    not: 'What this does not protect',
    notText: 'The room you are in, and what the other person makes of an outcome. A yes says how ' +
      'you each felt when you answered. Either of you can change your mind, any time, without a ' +
      'reason.',
    direct: 'The other person may see the outcome a moment before you do, and could then close ' +
      'the page before you see it.',
    sheetWords: 'If you like, compare these four words with the other person:',
    role: 'Which one are you?',
    start: 'Start',
  },

  share: {
    title: 'Tell the other person',
    lead: 'Say this code, or send the link. It works once.',
    copy: 'Copy the link',
    copied: 'Copied.',
    noCopy: 'This browser did not allow it. You can press and hold the link below.',
    waiting: 'Waiting for them to open it. You can answer meanwhile.',
    joined: 'They have joined.',
    go: 'Answer now',
  },

  code: {
    title: 'The code you were given',
    label: 'A number and two words',
    hint: 'For example 7-lantern-harbor. Capitals and hyphens do not matter.',
    go: 'Join',
    connecting: 'Looking for the other person …',
  },

  question: {
    of: (/** @type {number} */ i, /** @type {number} */ n) => `${i} of ${n}`,
    choose: 'Please choose one, or “Not now”.',
    number: (/** @type {string} */ min, /** @type {string} */ max) => `From ${min} to ${max}.`,
    notNow: 'Not now, for any reason',
    notNowHint: 'Always all right. It looks the same as every other way there.',
    order: 'Put them in order, best first.',
    up: 'Move up',
    down: 'Move down',
    points: (/** @type {number} */ left) => left === 0 ? 'All given.' :
      left > 0 ? `${left} still to give.` : `${-left} too many.`,
  },

  seal: {
    title: 'Ready?',
    lead: 'Once sealed, your answers are final and vanish from this screen. They are not sent to ' +
      'anyone: only the outcome of the rule comes out.',
    notNow: 'You chose “Not now”. The outcome will be the quiet one, and nothing says why.',
    go: 'Seal my answers',
    waitingFirst: 'The other person has not joined yet. You can seal as soon as they have.',
  },

  waiting: {
    title: 'Sealed',
    lead: 'Now it is the same for both of you: you see the outcome together, when both have sealed.',
  },

  outcome: {
    next: 'This is the beginning of a conversation, not the end of one.',
    nothingWhy: 'Nothing here says why, and nothing was kept.',
    clear: 'Clear this page',
    faded: 'The outcome is no longer shown.',
    tip: 'Just for you',
  },

  practice: {
    title: 'A practice, for you alone',
    lead: 'You answer for both people. It runs the real thing on this device and sends nothing.',
    first: 'First, as one of the two',
    second: 'Now, as the other',
    sees: (/** @type {number} */ i) => (i === 0 ? 'The first person sees' : 'The second person sees'),
    again: 'Try other answers',
  },

  ended: {
    title: 'It ended here',
    nothing: 'Nothing was revealed.',
    maybe: 'The other person may have seen the outcome. It will not start again by itself.',
    again: 'Start again',
    reasons: {
      'wrong-code': 'The two codes were not the same. Check the words with the other person, and ' +
        'start again with a new code.',
      'other-sheet': 'The two of you have different sheets.',
      'same-role': 'You both took the same role. One of you should take the other.',
      version: 'The other person’s tacit is of another version. Please update both.',
      old: 'This page is older than the meeting point. Please reload it.',
      left: 'The other person left, or their connection was lost.',
      'you-left': 'You left.',
      'no-room': 'This code is not known here. It may have been used already, or have ended. ' +
        'Ask for a new one.',
      full: 'Two people are already using this code. If you are one of them, go on in the ' +
        'other tab; else ask for a new code.',
      busy: 'The meeting point is busy. Please try again in a minute.',
      closing: 'The meeting point is being restarted. Please start again in a minute.',
      idle: 'It was quiet for too long, so the code has ended.',
      'too-fast': 'The meeting point stopped the line. Please try again in a minute.',
      'too-large': 'The meeting point stopped the line.',
      malformed: 'What answered is not a meeting point of tacit.',
      line: 'The line to the meeting point was lost. Are you online?',
      'did-not-add-up': 'Something did not add up, so nothing was worked out. ' +
        'If it happens again, do not go on with this person’s device.',
    },
  },

  cannot: {
    title: 'This browser is too old',
    lead: 'The page needs a browser of the last few years. Nothing was sent and nothing was ' +
      'revealed. Please update it, or use another one.',
    offline: 'The page could not be loaded whole. Are you online? Nothing was revealed.',
    link: 'This link was cut short. Ask for it again, or type the code.',
  },
});
