// SPDX-License-Identifier: ISC
// words.js — every sentence of the page, in one place, so that they can be read as a whole.

export const WORDS = Object.freeze({
  back: 'Back',
  next: 'Next',
  go: 'Go on',

  home: {
    title: 'Do the two of you mean the same thing?',
    lead: 'Each of you answers a few questions alone, on your own device. If your answers fit ' +
      'together, you both learn it. If they don’t, neither of you learns why. Nobody has to go first.',
    ask: 'Choose what it is about',
    answer: 'I was given a code',
    practice: 'Try it on my own first',
    stays: 'Your answers stay on this device. There is no account, and nothing is kept unless you sleep on it.',
    room: 'It cannot protect you from someone who can see this screen, or who makes you answer.',
    leave: '“Leave”, or the Shift key three times, empties this page at once. The browser’s history stays.',
    again: 'This page was loaded anew, so what was under way has ended. Nothing was revealed.',
    againSealed: 'This page was loaded anew after you had sealed, so it has ended here. If the other ' +
      'person had sealed as well, they may have seen the outcome, and no answer of yours.',
  },

  choose: {
    title: 'What is it about?',
    practice: 'What would you like to try?',
  },

  about: {
    how: 'Each of you answers alone, and no answer leaves its device. If they do not fit together, neither ' +
      'of you learns why.',
    rule: 'The rule',
    more: 'More about it',
    list: 'The list',
    change: 'Change the list',
    theirs: 'The other person may have changed this list. If something on it is not all right for ' +
      'you, leave, and talk about it first.',
  },

  items: {
    title: 'Your list',
    lead: 'Change it as you both like. The other person sees it before they answer.',
    add: 'Add one more',
    item: (/** @type {number} */ i) => `Item ${i}`,
    remove: (/** @type {string} */ text) => `Remove ${text}`,
    done: 'Use this list',
    empty: 'An item has no words yet. Write some, or remove it.',
  },

  before: {
    title: 'Good to know',
    silence: 'What silence means',
    silenceText: 'Leaving, or silence for half an hour, counts as “not now”.',
    learn: 'What you both learn',
    learnText: 'Only the outcome. You can change your mind, at any time.',
    not: 'What this does not protect',
    notText: 'The room you are in. If somebody reads along or makes you answer, please do it another time.',
    more: 'Something more',
    together: 'Half an hour after you have met, at the latest, you both see an outcome; nobody can tell a ' +
      'silence from any other way to it. You both learn it at the same moment, or neither of you does. ' +
      'Where that cannot be, you are told before you seal.',
    sleep: 'Sleeping on it',
    sleepText: (/** @type {number} */ hours) => `When you have both sealed, the answers are put aside for ` +
      `${hours === 1 ? 'an hour' : `${hours} hours`} or more. The outcome comes only if you both say then ` +
      'that they still hold. Until then this browser keeps what it needs for that, locked.',
    maySleep: 'Either of you may ask to sleep on it before you seal. Then the outcome comes after a pause, ' +
      'and only if you both say that your answers still hold. Until then this browser keeps what it needs ' +
      'for that, locked.',
    noSleep: 'This browser keeps nothing, so you cannot sleep on it here. If the other person asks for ' +
      'that, it counts as “not now”.',
    words: 'The same sheet shows the same four words to both of you:',
    you: (/** @type {string} */ role) => `You answer as: ${role}`,
    role: 'Which one are you?',
    noRole: 'Please choose which one you are.',
    start: 'Start',
    questions: 'To the questions',
  },

  share: {
    title: 'Tell the other person',
    lead: 'Say this code, send the link, or let them scan it. It works once, for one person.',
    copy: 'Copy the link',
    copied: 'Copied.',
    noCopy: 'This browser did not allow it. Press and hold the link above, or say the code.',
    send: 'Send the link',
    title_: 'Questions for the two of us',
    qr: 'The link as a QR code',
    waiting: 'They are not here yet. You can answer meanwhile.',
    joined: 'They have joined.',
    go: 'To the questions',
  },

  code: {
    title: 'The code you were given',
    label: 'A number and two words',
    hint: 'For example 7-lantern-harbor. Capitals, spaces and hyphens do not matter.',
    go: 'Join',
    connecting: 'Looking for the other person …',
    opening: 'Making a code …',
    short: 'That link is not whole. Nothing was sent. Ask for it again, or type the code.',
    wait: 'One moment',
  },

  question: {
    of: (/** @type {number} */ i, /** @type {number} */ n) => `Question ${i} of ${n}`,
    choose: 'Please choose one, or “Not now”.',
    chooseEach: (/** @type {string} */ item) => `Please choose one for “${item}” as well.`,
    number: (/** @type {string} */ min, /** @type {string} */ max) => `From ${min} to ${max}.`,
    steps: (/** @type {string} */ step) => ` In steps of ${step}.`,
    whole: 'Please give a whole number.',
    outside: (/** @type {string} */ min, /** @type {string} */ max) =>
      `Please give a number from ${min} to ${max}.`,
    offStep: (/** @type {string} */ low, /** @type {string} */ high) =>
      `Please take ${low} or ${high}: in between there are no steps.`,
    notNow: 'Not now, for any reason',
    notNowHint: 'That is always all right.',
    order: 'Tap them in your order, best first. Tap again to take one back.',
    noPlace: 'no place yet',
    orderAll: 'Please give each of them a place.',
    points: (/** @type {number} */ left) => {
      if (left === 0) return 'All points are given.';
      return left > 0 ? `${left} still to give.` : `${-left} too many.`;
    },
    subset: (/** @type {number} */ min, /** @type {number} */ max) =>
      (min === max ? `Choose ${min}.` : `Choose ${min} to ${max}.`),
    limit: (/** @type {string} */ limit) => `Here ${limit}.`,
    notAllowed: 'These answers are not allowed together. Please change one.',
  },

  leak: {
    title: 'What this could tell them',
    lead: 'At most, they could work out this.',
    working: 'Looking at every case …',
    progress: 'How far it is',
    sees: (/** @type {string} */ headline) => `If you both see “${headline}”`,
    none: 'Nothing about your answers.',
    more: 'More about it',
    them: 'And about theirs',
    unknown: 'This device could not work it out. Whoever hopes for a yes and sees a no may guess that it ' +
      'was the other’s.',
  },

  seal: {
    title: 'Ready?',
    lead: 'Once sealed, your answers are final, and vanish from this screen.',
    notNow: 'You chose “Not now”. That is all right.',
    go: 'Seal my answers',
    waiting: 'The other person is not here yet. You can seal as soon as they are.',
    here: 'The other person is here.',
    hereUnfair: 'The other person is here. In this meeting whoever was given the code learns the outcome a ' +
      'moment earlier, and with a device made to cheat could keep it to themselves.',
    link: 'Show the code again',
    sleep: 'Sleep on it first',
    paused: (/** @type {string} */ how) => `You will sleep on it. The pause that you ask for: ${how}.`,
    otherPause: 'Change the pause',
  },

  pause: {
    title: 'Sleep on it',
    /** @param {string} otherwise */
    text: (otherwise) => ['When you have both sealed, your answers are put aside. After the pause there are ' +
      'twelve hours in which each of you can say that they still hold.',
    'If you both do, you both learn the outcome when these hours are over. If one of you does not, or takes ' +
      `them back, you both see “${otherwise}” then. Nobody can tell why.`,
    'Until then this browser keeps what it needs for that, locked. A private window would lose it. If the ' +
      'other person asks for a longer pause, that one counts.'],
    how: 'How long?',
    hours: /** @type {Record<string, string>} */ ({ 1: 'An hour', 8: 'A night: 8 hours', 12: '12 hours',
      24: 'A day', 48: 'Two days', 72: 'Three days' }),
    none: 'Please choose how long.',
    choose: 'Ask for this pause',
    drop: 'No pause after all',
    cannot: 'This browser would not keep anything, maybe since it is a private window. You can go on ' +
      'without a pause, or start again in another one.',
  },

  asleep: {
    title: 'Put aside',
    lead: (/** @type {string} */ from, /** @type {string} */ to) => 'Your answers are sealed and put aside. ' +
      `From ${from} to ${to} you can say that they still hold: open this page again then, in this browser.`,
    both: (/** @type {string} */ to, /** @type {string} */ otherwise) => 'If you both do, you both learn the ' +
      `outcome when that time ends, ${to}. If not, you both see “${otherwise}” then. Nobody can tell why.`,
    here: 'You can close this page. Until then this browser keeps what it needs for that, locked; a private ' +
      'window would lose it.',
  },

  morning: {
    card: 'Something is waiting for you here.',
    look: 'Look at it',
    /** @type {Record<string, (from: string, to: string) => string>} */
    when: { early: (from) => `From ${from} on`, open: (from, to) => `Until ${to}`,
      given: (from, to) => `From ${to} on`, again: (from, to) => `Until ${to}`, over: () => 'It is time',
      wrong: () => 'It cannot be opened' },
    titles: /** @type {Record<string, string>} */ ({ early: 'Not yet', open: 'Does it still hold?',
      given: 'You said that it holds', again: 'Please say it once more', over: 'It is time',
      wrong: 'It cannot be opened' }),
    /** @type {Record<string, (from: string, to: string) => string[]>} */
    texts: {
      early: (from, to) => [`From ${from} to ${to} you can say whether your answers still hold. Before that ` +
        'nobody learns anything.', 'You can also take them back. The other person is not told.'],
      open: (from, to) => [`If your answers still hold, say so until ${to}. If the other person says so too, ` +
        'you both learn the outcome then.', 'If you do nothing, or take them back, you both see what the ' +
        'sheet says otherwise, at the same time. Nobody can tell which it was.'],
      given: (from, to) => [`If the other person says so too, you both learn the outcome at ${to}. Open this ` +
        'page again then. It cannot be taken back any more.'],
      again: (from, to) => [`You said that your answers still hold, and it may not have got through. Please ` +
        `say it once more, until ${to}.`],
      over: () => ['You can see now what came of it, when you are by yourself.'],
    },
    confirm: 'They still hold',
    takeBack: 'Take them back',
    remove: 'Remove it',
    see: 'See what came of it',
    home: 'To the beginning',
    about: 'What it is about',
    noTitle: 'That cannot be read just now.',
    meeting: 'This takes a second or two …',
    otherClock: 'It is not time yet: this device’s clock has changed.',
    notYet: (/** @type {string} */ why) => `${why} Nothing is lost.`,
    refused: 'This browser would not write it down, so nothing was sent. Please make room, and try again.',
    wrong: /** @type {Record<string, string>} */ ({
      absent: 'It is no longer here. It was seen, or taken back, in another tab.',
      damaged: 'What was kept here is damaged, and cannot be opened any more. Nothing was revealed. To the ' +
        'other person it is as if you had taken your answers back.',
      version: 'Another version of this page put it here, and this one cannot read it. Nothing was ' +
        'revealed. Loading the page anew may mend that.' }),
    sure: 'Are you sure?',
    sureText: 'What is kept here is erased, which cannot be undone. The other person is not told: to them it ' +
      'is as if you had done nothing.',
    taken: 'Erased',
    takenText: 'Nothing of it is kept here any more. That is all right, for any reason.',
    notTaken: 'This browser did not let go of it. Please try again.',
    tooLate: 'It cannot be taken back any more.',
  },

  waiting: {
    title: 'Sealed',
    lead: 'Now it is the same for both of you: when you have both sealed, you both see the outcome.',
    stay: 'Please keep this page open.',
  },

  outcome: {
    step: 'A good next step',
    yes: 'Tell each other what you saw, and ask one thing that you would like to know.',
    no: 'Be kind to each other, and talk about something else. Nothing here says why, and nothing was kept.',
    you: 'you',
    them: 'them',
    /** @param {number} you @param {number} them */
    shared: (you, them) => `shared: ${you} % for you, ${them} % for them`,
    tip: 'For you alone',
    anyTip: 'Whatever it says, it need not be settled today. A glass of water, a walk, or a friend who ' +
      'listens is often a good next thing.',
    fades: 'This fades from the screen in five minutes.',
    fading: 'This is fading now.',
    longer: 'Keep it five minutes longer',
    kept: 'It stays for five minutes more.',
    clear: 'Clear this page',
    faded: 'The outcome is no longer shown.',
    fadedText: 'Nothing of it was kept.',
    home: 'To the beginning',
  },

  practice: {
    title: 'A practice, for you alone',
    lead: 'You answer for both people, one after the other. It runs the real thing on this device, and ' +
      'sends nothing.',
    start: 'Begin',
    seen: 'What each of you would see',
    first: 'As the first person',
    second: 'As the second person',
    turn: 'Now the other person',
    turnText: 'Answer as they might. In earnest each of you does this on a device of your own, and ' +
      'sees nothing of the other’s.',
    working: 'Working it out …',
    sees: ['The first person sees', 'The second person sees'],
    again: 'Try other answers',
    earnest: 'To the beginning',
  },

  offline: {
    text: 'The line is gone just now. When it is back, this goes on by itself.',
    open: 'Nothing was revealed.',
  },

  stop: {
    title: 'You are in the middle of it',
    lead: 'If you stop here, nothing is revealed, and the other person is not told. To them it is as if you ' +
      'had said “not now”.',
    go: 'Go on with it',
    stop: 'Stop',
  },

  ended: {
    title: 'It ended here',
    nothing: 'Nothing was revealed.',
    maybe: 'It was interrupted at the very end: the other person may have seen the outcome, though not ' +
      'your answers. Please don’t simply run it again; talk first, if you can.',
    home: 'To the beginning',
    reload: 'Load the page anew',
    wait: 'Wait again with the same code',
    code: 'Type the code again',
    then: 'If you both still want to, start again with a new code.',
    reasons: /** @type {Record<string, string>} */ ({
      'wrong-code': 'The two codes were not the same. A word was misheard, or somebody else tried. ' +
          'Please compare them, and try again.',
      'other-sheet': 'The two of you have different questions before you.',
      'not-yet': 'This sheet says how often it may be asked, and one of your two devices cannot say that it ' +
        'is time again. Nobody did anything wrong. Please take another sheet, or ask again later.',
      letters: 'This code is for preparing letters, which a browser cannot do; the terminal program can. Or ' +
        'ask the other person to start with you here, with a new code.',
      'same-role': 'You both took the same part. Agree on who is who, and start again.',
      version: 'The other person has another version of this than you. If you both take the newest, it ' +
        'will work.',
      'their-sheet': 'The questions that the other person brought cannot be read here. They can choose ' +
        'others.',
      'too-large-here': 'These questions are more than this device can work out. Please use another one.',
      old: 'This page is older than the place where the two of you meet. Loading it anew mends that.',
      left: 'The other person is no longer there. It may mean nothing at all: a battery, a call, the ' +
        'door bell.',
      'you-left': 'You left. That is all right.',
      'no-room': 'Nobody is waiting with this code. It was used already, or it has ended. If it is the ' +
        'right one, ask the other person for a new one.',
      full: 'Two people are already there with this code. If one of them is you, go on in your other ' +
        'tab. If not, ask for a new code.',
      busy: 'There is no room for more people just now. Please try again in a few minutes.',
      closing: 'The place where the two of you meet is being restarted. Please start again in a minute, ' +
        'with a new code.',
      idle: 'Nothing happened for so long that the code has ended. Start again when you both want to.',
      'too-fast': 'There were too many tries from here. Please wait a minute, and start again.',
      'too-large': 'Something was larger than it may be. Loading the page anew may mend that.',
      malformed: 'What answered here is of another version than this page. Loading it anew may mend that.',
      line: 'The line was lost. Start again when you are both online, with a new code.',
      unreachable: 'The place where the two of you meet cannot be reached. Are you online? If so, please ' +
        'try again in a minute.',
      'relay-wrong': 'What the place where you meet handed over is not what was left there. Please use ' +
        'another one.',
      'told-one': 'The other device says that it was given the outcome, and this one got nothing. Please ' +
        'use another place to meet.',
      'no-sleep': 'You are to sleep on this one, and the place where you meet keeps nothing overnight. ' +
        'Please use another one.',
      'no-store': 'You are to sleep on this one, and this browser keeps nothing, maybe since it is a private ' +
        'window. Please use another one.',
      'not-kept': 'You were to sleep on it, and this browser could not keep it. To the other person it is as ' +
        'if you had said “not now”. Please use another browser next time.',
      'did-not-add-up': 'Something did not add up, so nothing was worked out. If it happens again, do ' +
        'not go on with this device and that one.',
      stumbled: 'This page stumbled over something and cannot go on. Loading it anew may mend that.',
    }),
  },

  cannot: {
    title: 'This browser cannot do it',
    lead: 'This page needs a browser of the last few years. Please update this one, or open the link in ' +
      'another. Nothing was sent, and nothing was revealed.',
    load: 'The page could not be loaded whole',
    loadText: 'Are you online? If so, this browser may be too old for it: please update it, or use ' +
      'another. Nothing was sent, and nothing was revealed.',
    compute: 'This device made a mistake',
    computeText: 'It was tried with a sum whose answer is known, and gave another. Please use another device. Nothing was sent, and nothing was revealed.',
  },
});
