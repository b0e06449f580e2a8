'use strict';

/**
 * The locales `Intl` knows: English words everywhere, and of the common locales how they write numeric dates, times,
 * numbers and amounts, which scripts use for their formats (`sv-SE` writes ISO dates). Of amounts: where the currency
 * stands, with a space or without, and how it calls the US dollar; `least` digits before the first group separator.
 *
 * @typedef {{date: string, join: string, hour12: boolean, shortHour?: boolean, am?: string, pm?: string, group: string, decimal: string,
 *   indian?: boolean, dayFirst?: boolean, amount?: 'after' | 'spaced' | 'signed', dollar?: string, percent?: string, least?: number, minus?: string}} LocaleData
 */

const ENGLISH = { date: 'M/d/y', join: ', ', hour12: true, group: ',', decimal: '.' };
const NARROW_SPACE = '\u202f';
const SPACE = '\u00a0';

/** @type {Record<string, Partial<LocaleData>>} patterns: a doubled letter has two digits */
const LOCALES = {
  'en-US': {},
  en: {},
  'en-GB': { date: 'dd/MM/y', hour12: false, dayFirst: true, dollar: 'US$' },
  'en-AU': { date: 'dd/MM/y', am: 'am', pm: 'pm', dayFirst: true },
  'en-CA': { date: 'y-MM-dd', am: 'a.m.', pm: 'p.m.', dollar: 'US$' },
  'en-IN': { date: 'd/M/y', am: 'am', pm: 'pm', indian: true, dayFirst: true },
  'en-ZA': { date: 'y/MM/dd', hour12: false, group: SPACE, decimal: ',', dayFirst: true },
  'sv-SE': { date: 'y-MM-dd', join: ' ', hour12: false, group: SPACE, decimal: ',', amount: 'after', dollar: 'US$', percent: `${SPACE}%`, minus: '\u2212' },
  'de-DE': { date: 'd.M.y', hour12: false, group: '.', decimal: ',', amount: 'after', percent: `${SPACE}%` },
  'fr-FR': { date: 'dd/MM/y', join: ' ', hour12: false, group: NARROW_SPACE, decimal: ',', amount: 'after', dollar: '$US', percent: `${SPACE}%` },
  'es-ES': { date: 'd/M/y', hour12: false, shortHour: true, group: '.', decimal: ',', amount: 'after', dollar: 'US$', percent: `${SPACE}%`, least: 5 },
  'it-IT': { date: 'dd/MM/y', hour12: false, group: '.', decimal: ',', amount: 'after', dollar: 'USD', least: 5 },
  'pt-BR': { date: 'dd/MM/y', hour12: false, group: '.', decimal: ',', amount: 'spaced', dollar: 'US$' },
  'nl-NL': { date: 'd-M-y', hour12: false, group: '.', decimal: ',', amount: 'signed', dollar: 'US$' },
  'pl-PL': { date: 'd.MM.y', hour12: false, group: SPACE, decimal: ',', amount: 'after', dollar: 'USD', least: 5 },
  'ru-RU': { date: 'dd.MM.y', hour12: false, group: SPACE, decimal: ',', amount: 'after', percent: `${SPACE}%` },
  'zh-CN': { date: 'y/M/d', join: ' ', hour12: false, dollar: 'US$' },
  'ja-JP': { date: 'y/M/d', join: ' ', hour12: false, shortHour: true },
};

/** Languages stand for the country they are written in most. */
const ALIASES = { sv: 'sv-SE', de: 'de-DE', fr: 'fr-FR', es: 'es-ES', it: 'it-IT', pt: 'pt-BR', nl: 'nl-NL', pl: 'pl-PL', ru: 'ru-RU',
  zh: 'zh-CN', ja: 'ja-JP' };

const TAG = /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i;

function canonical(tag) {
  if (typeof tag !== 'string' && typeof tag !== 'object') throw new TypeError(`Incorrect locale information provided`);
  const text = String(tag);
  if (!TAG.test(text)) throw new RangeError(`Incorrect locale information provided`);
  const [language, ...rest] = text.split('-');
  const part = (one) => {
    if (one.length === 2) return one.toUpperCase();
    return one.length === 4 && /^[a-z]/i.test(one) ? one[0].toUpperCase() + one.slice(1).toLowerCase() : one.toLowerCase();
  };
  return [language.toLowerCase(), ...rest.map(part)].join('-');
}

/** @param {string | string[] | undefined} requested @returns {string[]} */
function canonicalLocales(requested) {
  if (requested === undefined) return [];
  const list = Array.isArray(requested) ? requested : [requested];
  return [...new Set(list.map(canonical))];
}

/** The first locale of those requested that there is, without its `-u-` extensions. */
function resolve(requested) {
  for (const tag of canonicalLocales(requested)) {
    const base = tag.replace(/-u-.*$/, '');
    if (base in LOCALES || base in ALIASES) return base;
  }
  return 'en-US';
}

/** @returns {LocaleData} */
const dataOf = (locale) => ({ ...ENGLISH, ...LOCALES[ALIASES[locale] ?? locale] });

/** An option that has to be one of a few. */
function oneOf(options, name, allowed, fallback, owner = '') {
  const value = options?.[name];
  if (value === undefined) return fallback;
  const text = String(value);
  if (!allowed.includes(text)) throw new RangeError(`Value ${text} out of range for Intl.${owner} options property ${name}`);
  return text;
}

/** An option that has to be a whole number in a range. */
function wholeNumber(value, name, [least, most], fallback) {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!(number >= least && number <= most)) throw new RangeError(`${name} value is out of range.`);
  return Math.floor(number);
}

const supportedLocalesOf = (requested) =>
  canonicalLocales(requested).filter((tag) => tag.replace(/-u-.*$/, '') in LOCALES || tag in ALIASES);

module.exports = { canonicalLocales, dataOf, oneOf, resolve, supportedLocalesOf, wholeNumber };
