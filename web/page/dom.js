// SPDX-License-Identifier: ISC
// dom.js — makes elements.  Text is always text: nothing from a sheet is ever parsed as HTML.

/**
 * @param {string} tag
 * @param {Record<string, any>} [set] attributes; `on…` are listeners
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, set = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else node.setAttribute(name, String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** A longer text: a line is a paragraph, lines with a dash are a list. @param {string} text
 * @returns {any[]} */
export function paragraphs(text) {
  /** @type {any[]} */
  const nodes = [];
  /** @type {any} */
  let list = null;
  for (const line of text.split('\n')) {
    const item = /^\s*[-•] (.*)$/.exec(line);
    if (item) {
      if (!list) nodes.push(list = el('ul'));
      list.append(el('li', { dir: 'auto' }, item[1]));
    } else {
      list = null;
      if (line.trim()) nodes.push(el('p', { dir: 'auto' }, line.trim()));
    }
  }
  return nodes;
}

/** A large button. @param {string} label @param {() => void} click @param {object} [more] */
export function button(label, click, more = {}) {
  return el('button', { type: 'button', onclick: () => click(), ...more }, label);
}

/** What can be done on a screen: it stands at its foot, where thumbs are.
 * @param {...(Node | null | undefined | false)} children */
export function actions(...children) {
  return el('div', { class: 'actions stack' }, ...children);
}

/** The two circles. @param {string} [kind] */
export function two(kind = '') {
  return el('div', { class: `two ${kind}`, 'aria-hidden': 'true' }, el('i'), el('i'));
}
