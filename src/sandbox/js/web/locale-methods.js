'use strict';

/** `toLocaleString` and its kin on numbers and dates, which the engine has but without locales or options. */

const dateFormat = (...args) => new (own('./intl-date').DateTimeFormat)(...args);
const numberFormat = (...args) => new (own('./intl-number').NumberFormat)(...args);

const getTime = Function.prototype.call.bind(Date.prototype.getTime);

function formatDate(date, locales, options, defaults) {
  const ms = getTime(date);
  return Number.isNaN(ms) ? 'Invalid Date' : dateFormat(locales, options, defaults).format(ms);
}

const METHODS = [
  [Number.prototype, { toLocaleString(locales, options) { return numberFormat(locales, options).format(Number(this)); } }],
  [BigInt.prototype, { toLocaleString(locales, options) { return numberFormat(locales, options).format(BigInt(/** @type {any} */ (this))); } }],
  [Date.prototype, {
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

/** Replaces the engine's methods, once in a context. */
function install() {
  for (const [target, methods] of METHODS) {
    for (const [name, value] of Object.entries(methods)) {
      Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
    }
  }
}

module.exports = { install };
