'use strict';

/** The smaller parts of `Intl`: plurals, lists, relative times, collation, names, locales and segments, in English. */

const { canonicalLocales, oneOf, resolve, supportedLocalesOf } = own('./intl-locale');
const { NumberFormat } = own('./intl-number');

/** What all of them share: the resolved locale and options. */
class Service {
  #resolved;

  constructor(locales, options) {
    this.#resolved = { locale: resolve(locales), ...options };
  }

  resolvedOptions() {
    return { ...this.#resolved };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }
}

/** English plural categories. https://cldr.unicode.org/index/cldr-spec/plural-rules */
function plural(number, type) {
  if (type === 'cardinal') return number === 1 ? 'one' : 'other';
  const [ten, hundred] = [number % 10, number % 100];
  if (ten === 1 && hundred !== 11) return 'one';
  if (ten === 2 && hundred !== 12) return 'two';
  return ten === 3 && hundred !== 13 ? 'few' : 'other';
}

class PluralRules extends Service {
  #type;

  constructor(locales, options = {}) {
    const type = oneOf(options, 'type', ['cardinal', 'ordinal'], 'cardinal', 'PluralRules');
    super(locales, { type });
    this.#type = type;
  }

  select(number) {
    return plural(Number(number), this.#type);
  }
}

class ListFormat extends Service {
  #words;

  constructor(locales, options = {}) {
    const type = oneOf(options, 'type', ['conjunction', 'disjunction', 'unit'], 'conjunction', 'ListFormat');
    const style = oneOf(options, 'style', ['long', 'short', 'narrow'], 'long', 'ListFormat');
    super(locales, { type, style });
    const last = type === 'disjunction' ? ' or ' : type === 'unit' ? ', ' : style === 'long' ? ' and ' : style === 'short' ? ' & ' : ', ';
    const spaced = type === 'unit' && style === 'narrow';
    this.#words = { between: spaced ? ' ' : ', ', pair: spaced ? ' ' : last, last: last === ', ' ? (spaced ? ' ' : ', ') : `,${last}` };
  }

  formatToParts(list) {
    const items = Array.from(list, (item) => {
      if (typeof item !== 'string') throw new TypeError('Iterable yielded a non-String value');
      return item;
    });
    return items.flatMap((value, at) => {
      if (at === 0) return [{ type: 'element', value }];
      const { between, pair, last } = this.#words;
      const separator = items.length === 2 ? pair : at === items.length - 1 ? last : between;
      return [{ type: 'literal', value: separator }, { type: 'element', value }];
    });
  }

  format(list) {
    return this.formatToParts(list).map((part) => part.value).join('');
  }
}

const RELATIVE = {
  day: { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' },
  year: { '-1': 'last year', 0: 'this year', 1: 'next year' },
  quarter: { '-1': 'last quarter', 0: 'this quarter', 1: 'next quarter' },
  month: { '-1': 'last month', 0: 'this month', 1: 'next month' },
  week: { '-1': 'last week', 0: 'this week', 1: 'next week' },
  hour: { 0: 'this hour' },
  minute: { 0: 'this minute' },
  second: { 0: 'now' },
};
const SHORT = { year: 'yr.', quarter: 'qtr.', month: 'mo.', week: 'wk.', hour: 'hr.', minute: 'min.', second: 'sec.' };
const NARROW = { year: 'y', quarter: 'q', month: 'mo', week: 'w', day: 'd', hour: 'h', minute: 'm', second: 's' };

class RelativeTimeFormat extends Service {
  #options;

  constructor(locales, options = {}) {
    const style = oneOf(options, 'style', ['long', 'short', 'narrow'], 'long', 'RelativeTimeFormat');
    const numeric = oneOf(options, 'numeric', ['always', 'auto'], 'always', 'RelativeTimeFormat');
    super(locales, { style, numeric, numberingSystem: 'latn' });
    this.#options = { style, numeric };
  }

  format(value, unit) {
    const name = String(unit).replace(/s$/, '');
    if (!(name in RELATIVE)) throw new RangeError(`Invalid unit argument for format() '${unit}'`);
    const number = Number(value);
    if (!Number.isFinite(number)) throw new RangeError('Invalid time value');
    const named = this.#options.numeric === 'auto' ? RELATIVE[name][number] : undefined;
    if (named !== undefined) return named;
    const amount = Math.abs(number);
    const text = `${new NumberFormat('en-US').format(amount)}${this.#unit(name, amount)}`;
    return number < 0 || Object.is(number, -0) ? `${text} ago` : `in ${text}`;
  }

  #unit(name, amount) {
    const { style } = this.#options;
    if (style === 'narrow') return NARROW[name];
    if (style === 'short' && SHORT[name]) return ` ${name === 'quarter' && amount !== 1 ? 'qtrs.' : SHORT[name]}`;
    return ` ${name}${amount === 1 ? '' : 's'}`;
  }
}

/** Letters without accents in lower case; then accents; then case, lower first. */
function compareStrings(one, other, { sensitivity = 'variant', numeric = false, ignorePunctuation = false } = {}) {
  const clean = (text) => (ignorePunctuation ? text.replace(/[\p{P}\s]/gu, '') : text).normalize('NFD');
  const [a, b] = [clean(one), clean(other)];
  const bare = (text) => text.replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
  const base = compareLetters(bare(a), bare(b), numeric);
  if (base !== 0 || sensitivity === 'base') return base;
  const marks = (text) => text.toLowerCase();
  if (sensitivity !== 'case') {
    const accents = order(marks(a), marks(b));
    if (accents !== 0 || sensitivity === 'accent') return accents;
  }
  return -order(a, b);
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Punctuation before digits before letters, digits as numbers if asked. */
function rank(char) {
  if (/\s/.test(char)) return 0;
  if (/\d/.test(char)) return 3;
  if (/\p{L}/u.test(char)) return 4;
  return char === '_' || /\p{P}/u.test(char) ? 1 : 2;
}

/** How collation orders ASCII punctuation, which is not by code. */
const PUNCTUATION = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';

function compareLetters(a, b, numeric) {
  const pieces = (text) => text.match(numeric ? /\d+|[^]/gu : /[^]/gu) ?? [];
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [x, y] = [left[at], right[at]];
    if (x === y) continue;
    const ranks = rank(x[0]) - rank(y[0]);
    const [px, py] = [PUNCTUATION.indexOf(x), PUNCTUATION.indexOf(y)];
    if (px >= 0 && py >= 0) return Math.sign(px - py);
    if (ranks !== 0) return Math.sign(ranks);
    const difference = numeric && rank(x[0]) === 3 ? Number(x) - Number(y) : order(x, y);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(left.length - right.length);
}

class Collator extends Service {
  #options;

  constructor(locales, options = {}) {
    const resolved = {
      usage: oneOf(options, 'usage', ['sort', 'search'], 'sort', 'Collator'),
      sensitivity: oneOf(options, 'sensitivity', ['base', 'accent', 'case', 'variant'], 'variant', 'Collator'),
      ignorePunctuation: Boolean(options.ignorePunctuation),
      collation: 'default',
      numeric: Boolean(options.numeric),
      caseFirst: oneOf(options, 'caseFirst', ['upper', 'lower', 'false'], 'false', 'Collator'),
    };
    super(locales, resolved);
    this.#options = resolved;
  }

  get compare() {
    return (one, other) => compareStrings(String(one), String(other), this.#options);
  }
}

class Locale {
  #tag;

  constructor(tag, options = {}) {
    if (typeof tag !== 'string' && !(tag instanceof Locale)) throw new TypeError('First argument to Intl.Locale constructor can\'t be empty or missing');
    const [base] = canonicalLocales(String(tag));
    this.#tag = options.language ? base.replace(/^[a-z]+/, options.language) : base;
  }

  get baseName() {
    return this.#tag.replace(/-u-.*$/, '');
  }

  get language() {
    return this.#tag.split('-')[0];
  }

  get region() {
    return /-([A-Z]{2}|\d{3})(?:-|$)/.exec(this.#tag)?.[1];
  }

  get script() {
    return /-([A-Z][a-z]{3})(?:-|$)/.exec(this.#tag)?.[1];
  }

  toString() {
    return this.#tag;
  }
}

class Segmenter extends Service {
  #granularity;

  constructor(locales, options = {}) {
    const granularity = oneOf(options, 'granularity', ['grapheme', 'word', 'sentence'], 'grapheme', 'Segmenter');
    super(locales, { granularity });
    this.#granularity = granularity;
  }

  segment(text) {
    const input = String(text);
    const patterns = {
      grapheme: /\r\n|\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\ufe0f)?(?:\u200d\p{Emoji}(?:\p{EMod}|\ufe0f)?)+|[^](?:\p{M}|\p{EMod}|\ufe0f)*/gu,
      word: /[\p{L}\p{N}_]+(?:['’.][\p{L}\p{N}_]+)*|[^]/gu,
      sentence: /[^.!?]*[.!?]*\s*/gu,
    };
    const segments = Array.from(input.matchAll(patterns[this.#granularity]), (match) => ({ segment: match[0], index: match.index, input }));
        /** @type {any[]} */
    const found = segments.filter((one) => one.segment !== '');
    if (this.#granularity === 'word') for (const one of found) one.isWordLike = /[\p{L}\p{N}]/u.test(one.segment);
    return { [Symbol.iterator]: () => found[Symbol.iterator](), containing: (at = 0) => found.findLast((one) => one.index <= at) };
  }
}

/** Knows codes, not names: each is its own name. */
class DisplayNames extends Service {
  constructor(locales, options) {
    if (options?.type === undefined) throw new TypeError('Required option "type" must not be undefined');
    super(locales, { style: 'long', type: String(options.type), fallback: options.fallback ?? 'code' });
  }

  of(code) {
    return this.resolvedOptions().fallback === 'none' ? undefined : String(code);
  }
}

const classes = { Collator, DisplayNames, ListFormat, Locale, PluralRules, RelativeTimeFormat, Segmenter };
for (const [name, type] of Object.entries(classes)) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: `Intl.${name}`, configurable: true });
}

module.exports = { ...classes, compareStrings };
