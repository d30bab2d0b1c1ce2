// SPDX-License-Identifier: ISC
// dom.js — makes elements.  Text is always text: nothing from a sheet is ever parsed as HTML.

/**
 * @param {string} tag
 * @param {Record<string, any>} [set] attributes; `on…` are listeners, `class` is className
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

/** Paragraphs of a longer text, divided at empty lines. @param {string} text @returns {any[]} */
export function paragraphs(text) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => {
    const lines = part.split('\n').filter((line) => line.trim());
    const isList = lines.length > 1 && lines.slice(1).every((line) => /^\s*[-•]/.test(line));
    if (isList || lines.every((line) => /^\s*[-•]/.test(line))) {
      const head = /^\s*[-•]/.test(lines[0]) ? null : lines.shift();
      return el('div', {}, head && el('p', {}, head), el('ul', {}, ...lines.map(
        (line) => el('li', {}, line.replace(/^\s*[-•]\s*/, '')))));
    }
    return el('p', { dir: 'auto' }, lines.join(' '));
  });
}

/** A large button. @param {string} label @param {() => void} click @param {object} [more] */
export function button(label, click, more = {}) {
  return el('button', { type: 'button', onclick: click, ...more }, label);
}
