'use strict';

/** `toLocaleString` and its kin on numbers and dates, which the engine has but without locales, options or zones. */

const dateFormat = (...args) => new (own('./intl-date').DateTimeFormat)(...args);
const numberFormat = (...args) => new (own('./intl-number').NumberFormat)(...args);

const getTime = Function.prototype.call.bind(Date.prototype.getTime);

function formatDate(date, locales, options, defaults) {
  const ms = getTime(date);
  return Number.isNaN(ms) ? 'Invalid Date' : dateFormat(locales, options, defaults).format(ms);
}

/** The engine's own text without the name of the zone, which V8 adds. */
const plain = {
  toString: Function.prototype.call.bind(Date.prototype.toString),
  toTimeString: Function.prototype.call.bind(Date.prototype.toTimeString),
};

/** @param {'toString' | 'toTimeString'} kind */
function dateText(date, kind) {
  const ms = getTime(date);
  const text = plain[kind](date);
  if (Number.isNaN(ms)) return text;
  const { zone, zoneName } = own('./intl-zone');
  return `${text} (${zoneName(zone(undefined), ms, 'long')})`;
}

const METHODS = [
  [Number.prototype, { toLocaleString(locales, options) { return numberFormat(locales, options).format(Number(this)); } }],
  [BigInt.prototype, { toLocaleString(locales, options) { return numberFormat(locales, options).format(BigInt(/** @type {any} */ (this))); } }],
  [Date.prototype, {
    toString() { return dateText(this, 'toString'); },
    toTimeString() { return dateText(this, 'toTimeString'); },
    toLocaleString(locales, options) { return formatDate(this, locales, options, 'all'); },
    toLocaleDateString(locales, options) { return formatDate(this, locales, options, 'dateOnly'); },
    toLocaleTimeString(locales, options) { return formatDate(this, locales, options, 'timeOnly'); },
  }],
  [String.prototype, {
    localeCompare(other, locales, options) {
      return own('./intl-text').compareStrings(String(this), String(other), options);
    },
  }],
];

/** What `Date` is called for without `new`. */
function withText(Plain) {
  const Callable = new Proxy(Plain, { apply: () => new Plain().toString() });
  Object.defineProperty(Plain.prototype, 'constructor', { value: Callable, writable: true, enumerable: false, configurable: true });
  Object.defineProperty((0, eval)('this'), 'Date', { value: Callable, writable: true, enumerable: false, configurable: true });
}

/** Replaces the engine's methods, once in a context. */
function install() {
  withText(Date);
  for (const [target, methods] of METHODS) {
    for (const [name, value] of Object.entries(methods)) {
      Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
    }
  }
}

module.exports = { install };
