// @ts-check
/**
 * Which pattern, loop or spread of a script takes a value apart near a place. The engine gives these no place of their
 * own: it tells where the script was last, which is before them or within what they take apart.
 */
'use strict';

const { isArgument, matching, operandAt, skip, skipBack } = own('./source-text');

/**
 * @typedef {object} Taking
 * @property {'pattern' | 'parameter' | 'element' | 'loop' | 'spread' | 'arguments'} kind
 * @property {string | undefined} operand what is taken apart, as V8 shows it
 * @property {number} end where that ends
 * @property {string} [pattern] the pattern, without its outer brackets
 */

/** How far around a place a script is read. */
const BEHIND = 400;
const AHEAD = 4000;

const BEGINNING = /\.\.\.|\bfor\s*\(|\b(?:const|let|var)\s*(?=[[{])|\(\s*(?=[[{])/g;

/** V8 names an element of what a loop goes through after the loop. */
const ELEMENT = '.for';

/** @param {string} text @param {number} open of a bracket */
const within = (text, open) => text.slice(open + 1, matching(text, open) ?? open + 1);

/** @param {string} text @param {number} open the parenthesis of a `for` @returns {Taking[]} */
function loop(text, open) {
  const close = matching(text, open) ?? open;
  const head = /^\s*(?:(?:const|let|var)\s*)?(?:[\w$]+|([[{])[^]*?)\s+of\b/.exec(text.slice(open + 1, close));
  if (!head) return [];
  const at = skip(text, open + 1 + head[0].length);
  const taken = { kind: /** @type {const} */ ('loop'), operand: operandAt(text, at).text, end: close };
  if (!head[1]) return [taken];
  /** @type {Taking} */
  const element = { kind: 'element', operand: ELEMENT, end: close, pattern: within(text, text.indexOf(head[1], open)) };
  return text[at] === '[' ? [element] : [taken, element];
}

/** @param {string} text @param {number} open the bracket of a pattern @returns {Taking[]} */
function declared(text, open) {
  const close = matching(text, open);
  const equals = close === undefined ? 0 : skip(text, close + 1);
  if (text[equals] !== '=') return [];
  const { text: operand, end } = operandAt(text, skip(text, equals + 1));
  return [{ kind: 'pattern', operand, end, pattern: within(text, open) }];
}

/** @param {string} text @param {number} open the parenthesis before a pattern @returns {Taking[]} */
function parameter(text, open) {
  const close = matching(text, open);
  if (close === undefined) return [];
  const isArrow = text.startsWith('=>', skip(text, close + 1));
  if (!isArrow && !/\bfunction\b[^()]*$/.test(text.slice(Math.max(0, open - 80), open))) return [];
  return [{ kind: 'parameter', operand: 'undefined', end: close, pattern: within(text, skip(text, open + 1)) }];
}

/** @param {string} text @param {number} dots @returns {Taking[]} */
function spread(text, dots) {
  const { text: operand, end } = operandAt(text, skip(text, dots + 3));
  const before = text[skipBack(text, dots)];
  if (!operand || !/[[(,]/.test(before ?? '')) return [];
  return [{ kind: isArgument(text, dots) ? 'arguments' : 'spread', operand, end }];
}

/** @param {string} text @param {RegExpExecArray} found @returns {Taking[]} */
function takings(text, { 0: word, index }) {
  const end = index + word.length;
  if (word === '...') return spread(text, index);
  if (word[0] === 'f') return loop(text, end - 1);
  return word[0] === '(' ? parameter(text, index) : declared(text, end);
}

/** Calls whose result always has elements. */
const ITERABLE = /(?:^Object\.(?:entries|keys|values)|^Array\.from|\.(?:map|filter|split|slice|concat|sort|entries|keys|values))\(\.\.\.\)$/;

/** Whether what is taken apart is taken so. @param {Taking} taking @param {string} before the pattern @param {'iterated' | 'read'} how */
function fits({ kind, operand = '', pattern }, before, how) {
  if (kind === 'loop' && ITERABLE.test(operand)) return false;
  if (pattern === undefined) return how === 'iterated';
  return how === 'iterated' ? before === '[' : before === '{' || /^\s*(?:[^{:=]*,\s*)?\{/.test(pattern);
}

/**
 * The first that is not over at a place.
 * @param {string} text
 * @param {number} at
 * @param {'iterated' | 'read'} how its elements are taken, or its properties
 * @returns {Taking | undefined}
 */
function takenApart(text, at, how) {
  // Of nothing, nothing can be deleted either, and that is said in other words.
  if (/\bdelete\s+$/.test(text.slice(Math.max(0, at - 20), at))) return undefined;
  const from = Math.max(0, at - BEHIND);
  const part = text.slice(from, at + AHEAD);
  for (const found of part.matchAll(BEGINNING)) {
    const before = (/** @type {Taking} */ { pattern }) => (pattern === undefined ? '' : part[part.indexOf(pattern, found.index) - 1]);
    const taken = takings(part, found).find((taking) => taking.end + from > at && fits(taking, before(taking), how));
    if (taken) return taken;
  }
  return undefined;
}

/** @param {string} what `undefined`, `null` or a kind of value, with the value where it is known */
const nothingToIterate = (what) => `${what === 'null' ? 'object null' : what} is not iterable (cannot read property Symbol(Symbol.iterator))`;

/**
 * What V8 says of a value without elements.
 * @param {Taking} taking
 * @param {string} what `undefined` or `null`, anything else where it is empty
 */
function notIterable({ kind, operand }, what) {
  const generic = nothingToIterate(what || 'object');
  if (kind === 'element') return `${ELEMENT} is not iterable`;
  if (kind === 'parameter' || operand === undefined) return generic;
  if (kind === 'pattern' && !/^(?:[\w$]+(?:\(\.\.\.\))?|\{\}|\[\])$/.test(operand)) return generic;
  if (kind === 'arguments') {
    return what ? `${operand} is not iterable (cannot read property ${what})`
      : 'Spread syntax requires ...iterable[Symbol.iterator] to be a function';
  }
  const named = operand.replaceAll('(...)', '');
  return `${named}${operand.endsWith('(...)') ? ' is not a function or its return value' : ''} is not iterable`;
}

/** What V8 says of nothing whose properties are taken. @param {Taking} taking */
function notReadable({ kind, operand = '(intermediate value)', pattern = '' }) {
  const what = operand === 'null' ? 'null' : 'undefined';
  const [, element, first, deeper, inner] = /^\s*((?:[^{:=]*,\s*)?\{\s*)?([\p{ID_Continue}$]+)\s*(=|:\s*[[{]\s*([\p{ID_Continue}$]+))?/u.exec(pattern) ?? [];
  if (!first) return `Cannot destructure '${operand}' as it is ${what}.`;
  // Of a pattern in a pattern the inner one is the likelier to find nothing.
  if (element || deeper) return `Cannot read properties of ${what} (reading '${operand === what && kind === 'pattern' ? first : inner ?? first}')`;
  return `Cannot destructure property '${first}' of '${operand}' as it is ${what}.`;
}

module.exports = { notIterable, notReadable, nothingToIterate, takenApart };
