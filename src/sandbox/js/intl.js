'use strict';

/** `Intl` for en-US, as far as scripts format numbers and dates; each class loads on first use. */

const SOURCES = {
  DateTimeFormat: () => own('./web/intl-date').DateTimeFormat,
  NumberFormat: () => callable(own('./web/intl-number').NumberFormat),
  Collator: () => callable(own('./web/intl-text').Collator),
  DisplayNames: () => own('./web/intl-text').DisplayNames,
  ListFormat: () => own('./web/intl-text').ListFormat,
  Locale: () => own('./web/intl-text').Locale,
  PluralRules: () => own('./web/intl-text').PluralRules,
  RelativeTimeFormat: () => own('./web/intl-text').RelativeTimeFormat,
  Segmenter: () => own('./web/intl-text').Segmenter,
};

/** A class that also works without `new`, as the oldest of them do. */
function callable(Class) {
  const both = new Proxy(Class, { apply: (_target, _self, args) => new Class(...args) });
  Object.defineProperty(Class.prototype, 'constructor', { value: both });
  return both;
}

const Intl = {
  getCanonicalLocales: (locales) => own('./web/intl-locale').canonicalLocales(locales),
  supportedValuesOf(key) {
    const values = { calendar: ['gregory'], collation: ['default'], currency: ['EUR', 'GBP', 'JPY', 'USD'], numberingSystem: ['latn'], timeZone: ['UTC'], unit: [] };
    if (!Object.hasOwn(values, key)) throw new RangeError(`Invalid key : ${String(key)}`);
    return values[key];
  },
};

for (const [name, source] of Object.entries(SOURCES)) {
  let value;
  Object.defineProperty(Intl, name, {
    get: () => (value ??= source()),
    set: (replacement) => {
      value = replacement;
    },
    enumerable: false,
    configurable: true,
  });
}
Object.defineProperty(Intl, Symbol.toStringTag, { value: 'Intl', configurable: true });

module.exports = Intl;
