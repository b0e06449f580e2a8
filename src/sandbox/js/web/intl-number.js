'use strict';

/** `Intl.NumberFormat`. https://tc39.es/ecma402/#numberformat-objects */

const { dataOf, oneOf: optionOf, resolve, supportedLocalesOf, wholeNumber } = own('./intl-locale');

const oneOf = (options, name, allowed, fallback) => optionOf(options, name, allowed, fallback, 'NumberFormat');


const SYMBOLS = {
  USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', CNY: 'CN¥', KRW: '₩', BRL: 'R$', CAD: 'CA$', AUD: 'A$', NZD: 'NZ$',
  MXN: 'MX$', HKD: 'HK$', TWD: 'NT$', ILS: '₪', VND: '₫', XAF: 'FCFA', XOF: 'F\u202fCFA', PHP: '₱', XCD: 'EC$',
};
const NAMES = {
  USD: ['US dollar', 'US dollars'], EUR: ['euro', 'euros'], GBP: ['British pound', 'British pounds'],
  JPY: ['Japanese yen', 'Japanese yen'], INR: ['Indian rupee', 'Indian rupees'], CHF: ['Swiss franc', 'Swiss francs'],
  CAD: ['Canadian dollar', 'Canadian dollars'], AUD: ['Australian dollar', 'Australian dollars'],
};
const CENTLESS = ['JPY', 'KRW', 'VND', 'CLP', 'ISK', 'XAF', 'XOF', 'PYG', 'UGX', 'XPF', 'RWF', 'KMF', 'GNF', 'DJF', 'BIF', 'VUV'];
const THREE_PLACES = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

/** Short and long names of the powers of a thousand. */
const COMPACT = [['', ''], ['K', ' thousand'], ['M', ' million'], ['B', ' billion'], ['T', ' trillion']];

/** Short forms of the units scripts print; others print their name. */
const UNITS = {
  byte: ' byte', kilobyte: ' kB', megabyte: ' MB', gigabyte: ' GB', terabyte: ' TB', bit: ' bit', percent: '%',
  second: ' sec', minute: ' min', hour: ' hr', day: ' day', week: ' wk', month: ' mth', year: ' yr', millisecond: ' ms',
  kilometer: ' km', meter: ' m', centimeter: ' cm', millimeter: ' mm', mile: ' mi', foot: ' ft', inch: ' in',
  kilogram: ' kg', gram: ' g', pound: ' lb', ounce: ' oz', liter: ' L', milliliter: ' mL', celsius: '°C', fahrenheit: '°F',
  degree: ' deg',
};
const PLURAL_SHORT = ['day', 'week', 'month', 'year'];

/**
 * Decimal digits of a finite number, rounded half away from zero.
 *
 * @param {number | bigint} value not negative
 * @param {number} places digits after the point, at most
 * @returns {[string, string]} the digits before and after the point
 */
function rounded(value, places) {
  if (typeof value === 'bigint') return [String(value), '0'.repeat(places)];
  const [mantissa, power = '0'] = value.toExponential().split('e');
  const digits = mantissa.replace('.', '');
    // Digits before the point, which may be none.
  const point = Number(power) + 1;
  let whole = digits.slice(0, Math.max(point, 0)).padEnd(Math.max(point, 0), '0');
  const rest = '0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  const kept = rest.slice(0, places).padEnd(places, '0');
  const all = BigInt(`0${whole}${kept}`) + (rest.charCodeAt(places) >= 53 ? 1n : 0n);
  const text = String(all).padStart(places + 1, '0');
  whole = text.slice(0, text.length - places);
  return [whole, places ? text.slice(-places) : ''];
}

/** Digits of a number with so many significant ones. @returns {[string, string]} */
function significant(value, { minimum, maximum }) {
  const number = Number(value);
  if (number === 0) return ['0', '0'.repeat(minimum - 1)];
  const length = typeof value === 'bigint' ? String(value).length : Number(number.toExponential(maximum - 1).split('e')[1]) + 1;
  if (length > maximum) {
    const unit = 10n ** BigInt(length - maximum);
    const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(number));
    return [String(((whole + unit / 2n) / unit) * unit), ''];
  }
  const [whole, fraction] = rounded(value, maximum - length);
  return [whole, trimmed(fraction, Math.max(0, minimum - length))];
}

/** Zeros at the end dropped, but so many digits kept. */
function trimmed(fraction, least) {
  let end = fraction.length;
  while (end > least && fraction[end - 1] === '0') end--;
  return fraction.slice(0, end);
}

function grouped(whole, { group, indian }) {
  if (!indian) return whole.replace(/\B(?=(\d{3})+$)/g, group);
  return whole.length <= 3 ? whole : `${whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, group)}${group}${whole.slice(-3)}`;
}

class NumberFormat {
    /** @type {any} */
  #options;
  #data;

    /** @param {any} [locales] @param {any} [options] */
  constructor(locales, options = {}) {
    if (new.target === undefined) throw new TypeError("Constructor Intl.NumberFormat requires 'new'");
    const locale = resolve(locales);
    this.#data = dataOf(locale);
    this.#options = { locale, numberingSystem: 'latn', ...styleOptions(options), ...digitOptions(options) };
  }

  get format() {
    return (value) => this.formatToParts(value).map((part) => part.value).join('');
  }

  formatToParts(value) {
    const number = typeof value === 'bigint' ? value : typeof value === 'string' && /^-?\d{16,}$/.test(value) ? BigInt(value) : Number(value);
    const negative = number < 0 || Object.is(number, -0);
    const magnitude = negative ? -number : number;
    const { text, parts, zero } = this.#magnitude(magnitude);
    return this.#dressed(parts, { negative, zero, text, magnitude });
  }

  formatRange(start, end) {
    const [from, to] = [this.format(start), this.format(end)];
    return from === to ? `~${from}` : `${from}–${to}`;
  }

    /** The digits of a magnitude as parts. */
  #magnitude(magnitude) {
    const o = this.#options;
    if (Number.isNaN(magnitude)) return { parts: [{ type: 'nan', value: 'NaN' }], text: 'NaN', zero: false };
    if (magnitude === Infinity) return { parts: [{ type: 'infinity', value: '∞' }], text: '∞', zero: false };
    let scaled = o.style === 'percent' ? (typeof magnitude === 'bigint' ? magnitude * 100n : times(magnitude, 100)) : magnitude;
    let step = 0;
    if (o.notation === 'compact') {
      while (step < COMPACT.length - 1 && Number(scaled) >= 999.5) [scaled, step] = [Number(scaled) / 1000, step + 1];
    }
    const [whole, fraction] = this.#digits(scaled);
    const padded = whole.padStart(o.minimumIntegerDigits, '0');
    const least = o.useGrouping === 'min2' ? 5 : o.useGrouping === 'auto' ? this.#data.least ?? 4 : 4;
    const group = o.useGrouping && padded.length >= least;
    const shown = group ? grouped(padded, this.#data) : padded;
    const parts = [];
    for (const [at, piece] of (group ? shown.split(this.#data.group) : [shown]).entries()) {
      if (at > 0) parts.push({ type: 'group', value: this.#data.group });
      parts.push({ type: 'integer', value: piece });
    }
    if (fraction) parts.push({ type: 'decimal', value: this.#data.decimal }, { type: 'fraction', value: fraction });
    const suffix = COMPACT[step][o.compactDisplay === 'long' ? 1 : 0];
    if (suffix.startsWith(' ')) parts.push({ type: 'literal', value: ' ' });
    if (suffix) parts.push({ type: 'compact', value: suffix.trim() });
    return { parts, text: `${whole}.${fraction}`, zero: !/[1-9]/.test(whole + fraction) };
  }

  #digits(scaled) {
    const o = this.#options;
    if (o.minimumSignificantDigits) {
      return significant(scaled, { minimum: o.minimumSignificantDigits, maximum: o.maximumSignificantDigits });
    }
    if (o.notation === 'compact' && o.roundingPriority === 'morePrecision') {
            // Two digits that count, or all those before the point.
      return Number(scaled) < 100 ? significant(scaled, { minimum: 1, maximum: 2 }) : [rounded(scaled, 0)[0], ''];
    }
    const [whole, fraction] = rounded(scaled, o.maximumFractionDigits);
    const kept = trimmed(fraction, o.minimumFractionDigits);
    return [whole, o.trailingZeroDisplay === 'stripIfInteger' && !/[1-9]/.test(kept) ? '' : kept];
  }

    /** Sign, currency, percent sign and unit around the digits. */
  #dressed(digits, { negative, zero, text, magnitude }) {
    const o = this.#options;
    const parts = [...digits];
    if (o.style === 'percent') parts.push(...percentParts(this.#data));
    if (o.style === 'unit') parts.push(...unitParts(o, text === '1.'));
    const inside = this.#data.amount === 'signed' && o.style === 'currency' && o.currencyDisplay !== 'name';
    if (o.style === 'currency' && !inside) addCurrency(parts, o, text, this.#data);
    const sign = this.#sign({ negative, zero, nan: Number.isNaN(magnitude) });
    if (sign === '-' && o.currencySign === 'accounting') {
      return [{ type: 'literal', value: '(' }, ...parts, { type: 'literal', value: ')' }];
    }
    if (sign === '-') parts.unshift({ type: 'minusSign', value: this.#data.minus ?? '-' });
    else if (sign) parts.unshift({ type: 'plusSign', value: sign });
    if (inside) addCurrency(parts, o, text, this.#data);
    return parts;
  }

  #sign({ negative, zero, nan }) {
    switch (this.#options.signDisplay) {
      case 'never':
        return '';
      case 'always':
        return negative && !nan ? '-' : '+';
      case 'exceptZero':
        return zero || nan ? '' : negative ? '-' : '+';
      case 'negative':
        return negative && !zero ? '-' : '';
      default:
        return negative ? '-' : '';
    }
  }

  resolvedOptions() {
    return Object.fromEntries(Object.entries(this.#options).filter(([, value]) => value !== undefined));
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return 'Intl.NumberFormat';
  }
}

/** Decimal multiplication that does not show the binary one. */
function times(value, factor) {
  const [mantissa, power = '0'] = value.toExponential().split('e');
  return Number(`${mantissa}e${Number(power) + Math.log10(factor)}`);
}

function unitParts({ unit, unitDisplay }, one) {
  const long = unitDisplay === 'long' || !(unit in UNITS);
  if (long) return [{ type: 'literal', value: ' ' }, { type: 'unit', value: one ? unit : `${unit}s` }];
  const suffix = UNITS[unit];
  const text = PLURAL_SHORT.includes(unit) && !one ? `${suffix}s` : suffix;
  if (unitDisplay === 'narrow') return [{ type: 'unit', value: text.trim() }];
  const name = { type: 'unit', value: text.trim() };
  return text.startsWith(' ') ? [{ type: 'literal', value: ' ' }, name] : [name];
}

/** Some locales keep the percent sign at a distance. */
function percentParts({ percent = '%' }) {
  const sign = { type: 'percentSign', value: '%' };
  return percent === '%' ? [sign] : [{ type: 'literal', value: percent.slice(0, -1) }, sign];
}

function addCurrency(parts, { currency, currencyDisplay }, text, { amount, dollar }) {
  if (currencyDisplay === 'name') {
    const [one, many] = NAMES[currency] ?? [currency, currency];
    parts.push({ type: 'literal', value: ' ' }, { type: 'currency', value: text === '1.' ? one : many });
    return;
  }
  const usual = currency === 'USD' && dollar && currencyDisplay !== 'narrowSymbol' ? dollar : (SYMBOLS[currency] ?? currency);
  const symbol = currencyDisplay === 'code' ? currency : usual;
  const shown = currencyDisplay === 'narrowSymbol' ? symbol.replace(/^[A-Z]+(?=\W)/, '') : symbol;
  const space = { type: 'literal', value: '\u00a0' };
  if (amount === 'after') {
    parts.push(space, { type: 'currency', value: shown });
    return;
  }
    // A symbol that ends in a letter keeps its distance.
  if (amount || (/[A-Z]$/.test(shown) && parts[0].type === 'integer')) parts.unshift(space);
  parts.unshift({ type: 'currency', value: shown });
}

function styleOptions(options) {
  const style = oneOf(options, 'style', ['decimal', 'percent', 'currency', 'unit'], 'decimal');
  const found = { style };
  if (style === 'currency') {
    if (options.currency === undefined) throw new TypeError('Currency code is required with currency style.');
    const currency = String(options.currency).toUpperCase();
    if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`Invalid currency code : ${options.currency}`);
    found.currency = currency;
    found.currencyDisplay = oneOf(options, 'currencyDisplay', ['code', 'symbol', 'narrowSymbol', 'name'], 'symbol');
    found.currencySign = oneOf(options, 'currencySign', ['standard', 'accounting'], 'standard');
  }
  if (style === 'unit') {
    if (options.unit === undefined) throw new TypeError('Unit is required with unit style.');
    found.unit = String(options.unit);
    found.unitDisplay = oneOf(options, 'unitDisplay', ['short', 'narrow', 'long'], 'short');
  }
  return found;
}

function fractionDigits(options, style, notation) {
  const currency = String(options.currency).toUpperCase();
  const usual = style !== 'currency' ? 0 : CENTLESS.includes(currency) ? 0 : THREE_PLACES.includes(currency) ? 3 : 2;
  const most = notation === 'compact' ? 0 : style === 'currency' ? usual : style === 'percent' ? 0 : 3;
  let minimum = wholeNumber(options.minimumFractionDigits, 'minimumFractionDigits', [0, 100], undefined);
  let maximum = wholeNumber(options.maximumFractionDigits, 'maximumFractionDigits', [0, 100], undefined);
  if (minimum === undefined) minimum = Math.min(notation === 'compact' ? 0 : usual, maximum ?? Infinity);
  if (maximum === undefined) maximum = Math.max(most, minimum);
  if (minimum > maximum) throw new RangeError('maximumFractionDigits value is out of range.');
  return { minimumFractionDigits: minimum, maximumFractionDigits: maximum };
}

function groupingOption(grouping, notation) {
  if (grouping === undefined) return notation === 'compact' ? 'min2' : 'auto';
  if (grouping === false || grouping === 'false') return false;
  return grouping === true || grouping === 'true' ? 'always' : grouping;
}

function digitOptions(options) {
  const notation = oneOf(options, 'notation', ['standard', 'scientific', 'engineering', 'compact'], 'standard');
  const found = { minimumIntegerDigits: wholeNumber(options.minimumIntegerDigits, 'minimumIntegerDigits', [1, 21], 1) };
  const bySignificance = options.minimumSignificantDigits !== undefined || options.maximumSignificantDigits !== undefined;
  if (bySignificance) {
    const minimum = wholeNumber(options.minimumSignificantDigits, 'minimumSignificantDigits', [1, 21], 1);
    found.minimumSignificantDigits = minimum;
    found.maximumSignificantDigits = wholeNumber(options.maximumSignificantDigits, 'maximumSignificantDigits', [minimum, 21], 21);
  } else {
    Object.assign(found, fractionDigits(options, options.style, notation));
  }
  found.useGrouping = groupingOption(options.useGrouping, notation);
  found.notation = notation;
  if (notation === 'compact') found.compactDisplay = oneOf(options, 'compactDisplay', ['short', 'long'], 'short');
  found.signDisplay = oneOf(options, 'signDisplay', ['auto', 'never', 'always', 'exceptZero', 'negative'], 'auto');
  found.roundingMode = 'halfExpand';
  found.roundingIncrement = 1;
  found.trailingZeroDisplay = oneOf(options, 'trailingZeroDisplay', ['auto', 'stripIfInteger'], 'auto');
  const explicit = bySignificance || options.minimumFractionDigits !== undefined || options.maximumFractionDigits !== undefined;
  found.roundingPriority = notation === 'compact' && !explicit ? 'morePrecision' : 'auto';
  return found;
}

module.exports = { NumberFormat };
