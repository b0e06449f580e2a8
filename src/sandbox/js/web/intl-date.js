'use strict';

/** `Intl.DateTimeFormat`. https://tc39.es/ecma402/#datetimeformat-objects */

const { dataOf, oneOf: optionOf, resolve, supportedLocalesOf, wholeNumber } = own('./intl-locale');
const { zone, zoneName } = own('./intl-zone');

const oneOf = (options, name, allowed, fallback) => optionOf(options, name, allowed, fallback, 'DateTimeFormat');

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const NUMERIC = ['numeric', '2-digit'];
const TEXT = ['narrow', 'short', 'long'];
const ZONE_NAMES = ['short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'];

/** Components and what each may be, in the order resolved options list them. */
const COMPONENTS = {
  weekday: TEXT,
  era: TEXT,
  year: NUMERIC,
  month: [...NUMERIC, ...TEXT],
  day: NUMERIC,
  dayPeriod: TEXT,
  hour: NUMERIC,
  minute: NUMERIC,
  second: NUMERIC,
};
const DATE_PARTS = ['weekday', 'year', 'month', 'day'];
const TIME_PARTS = ['dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits'];

const STYLES = ['full', 'long', 'medium', 'short'];
const DATE_STYLES = {
  full: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  long: { year: 'numeric', month: 'long', day: 'numeric' },
  medium: { year: 'numeric', month: 'short', day: 'numeric' },
  short: { year: '2-digit', month: 'numeric', day: 'numeric' },
};
const TIME_STYLES = {
  full: { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'long' },
  long: { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
  medium: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  short: { hour: 'numeric', minute: '2-digit' },
};

/** Cuts a word to a style. */
const word = (text, style) => (style === 'long' ? text : style === 'short' ? text.slice(0, 3) : text[0]);
const NARROW_SPACE = '\u202f';
const two = (number) => String(number).padStart(2, '0');
const literal = (value) => ({ type: 'literal', value });

/** Puts separators between groups of parts, leaving out groups that are empty. */
function separated(groups, separator) {
  const parts = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    if (parts.length > 0) parts.push(literal(separator));
    parts.push(...group);
  }
  return parts;
}

/** The fields of a moment in a zone, and the moment itself. */
function fieldsOf(ms, its) {
  const shifted = new Date(ms + its.offset(ms) * 60000);
  return {
    ms,
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    millisecond: shifted.getUTCMilliseconds(),
  };
}

function dayPeriod(hour, minute) {
  if (hour === 12 && minute === 0) return 'noon';
  if (hour < 12) return 'in the morning';
  if (hour < 18) return 'in the afternoon';
  return hour < 21 ? 'in the evening' : 'at night';
}

class DateTimeFormat {
  #options;
  #data;
  #zone;
    /** What to print: those asked for, or those of a style. */
  #shown;

    /** @param {any} [locales] @param {any} [options] @param {any} [defaults] */
  constructor(locales, options = {}, defaults = 'date') {
    const locale = resolve(locales);
    this.#data = dataOf(locale);
    this.#zone = zone(options.timeZone);
    const dateStyle = oneOf(options, 'dateStyle', STYLES, undefined);
    const timeStyle = oneOf(options, 'timeStyle', STYLES, undefined);
    const asked = componentsOf(options);
    const base = { locale, calendar: 'gregory', numberingSystem: 'latn', timeZone: this.#zone.name };
    if (dateStyle || timeStyle) {
      const explicit = Object.keys(asked)[0];
      if (explicit) throw new TypeError(`Can't set option ${explicit} when ${dateStyle ? 'dateStyle' : 'timeStyle'} is used`);
      this.#shown = { ...DATE_STYLES[dateStyle], ...TIME_STYLES[timeStyle] };
      this.#options = { ...base, ...this.#cycle(options), dateStyle, timeStyle };
      return;
    }
    this.#shown = withDefaults(asked, defaults);
    this.#options = { ...base, ...this.#cycle(options), ...this.#shown };
    this.#resolveDigits();
  }

    /** Says how many digits there are really. */
  #resolveDigits() {
    const options = this.#options;
    if (options.hour && !options.hour12 && !this.#data.shortHour) options.hour = '2-digit';
    const company = 'hour' in options || ('minute' in options && 'second' in options);
    if (options.minute) options.minute = company ? '2-digit' : 'numeric';
    if (options.second) options.second = company ? '2-digit' : 'numeric';
  }

    /** How hours count, where hours are printed. */
  #cycle({ hour12, hourCycle }) {
    if (!('hour' in this.#shown)) return {};
    if (hour12 === undefined && hourCycle !== undefined) {
      return { hourCycle: oneOf({ hourCycle }, 'hourCycle', ['h11', 'h12', 'h23', 'h24'], 'h23'), hour12: /^h1/.test(hourCycle) };
    }
    const twelve = hour12 === undefined ? this.#data.hour12 : Boolean(hour12);
        // Where twelve hours are usual, a day without them ends at 24.
    return { hourCycle: twelve ? 'h12' : this.#data.hour12 ? 'h24' : 'h23', hour12: twelve };
  }

  get format() {
        // As a whole it has plain spaces, for the sake of those who compare texts; its parts keep the narrow one.
    return (date) => this.formatToParts(date).map((part) => part.value).join('').replaceAll(NARROW_SPACE, ' ');
  }

  formatToParts(date) {
    const ms = date === undefined ? host.now() : Number(date);
    if (Number.isNaN(ms) || Math.abs(ms) > 8.64e15) throw new RangeError('Invalid time value');
    const fields = fieldsOf(ms, this.#zone);
    const day = this.#dateParts(fields);
    const time = this.#timeParts(fields);
    if (day.length === 0 || time.length === 0) return [...day, ...time];
    return [...day, literal(this.#joint()), ...time];
  }

  formatRange(start, end) {
    const [from, to] = [this.format(start), this.format(end)];
    return from === to ? from : `${from}\u2009–\u2009${to}`;
  }

    /** What stands between date and time. */
  #joint() {
    const { dateStyle } = this.#options;
    const shown = this.#shown;
    if (dateStyle ? dateStyle === 'full' || dateStyle === 'long' : shown.month === 'long') return ' at ';
    const alone = 'weekday' in shown && !('month' in shown) && !('day' in shown) && !('year' in shown);
    return alone ? ' ' : this.#data.join;
  }

  #dateParts(fields) {
    const shown = this.#shown;
    const weekday = shown.weekday ? [{ type: 'weekday', value: word(WEEKDAYS[fields.weekday], shown.weekday) }] : [];
    const day = TEXT.includes(shown.month) ? this.#inWords(fields) : this.#inNumbers(fields);
    if (shown.era) {
      const era = { short: 'AD', long: 'Anno Domini', narrow: 'A' }[shown.era];
      day.push(...(day.length ? [literal(' ')] : []), { type: 'era', value: fields.year > 0 ? era : era.replace(/^A.*/, 'BC') });
    }
        // A weekday leads a whole date and follows a part of one.
    if (shown.day && (shown.month || !shown.weekday)) return separated([weekday, day], ', ');
    return separated([day, weekday], ' ');
  }

  #year({ year }) {
    const positive = this.#shown.era && year <= 0 ? 1 - year : year;
    return { type: 'year', value: this.#shown.year === '2-digit' ? two(((positive % 100) + 100) % 100) : String(positive) };
  }

  #day({ day }) {
    return { type: 'day', value: this.#shown.day === '2-digit' ? two(day) : String(day) };
  }

  #inWords(fields) {
    const shown = this.#shown;
    const month = [{ type: 'month', value: word(MONTHS[fields.month], shown.month) }];
    const day = shown.day ? [this.#day(fields)] : [];
    const year = shown.year ? [this.#year(fields)] : [];
    if (this.#data.dayFirst) return separated([day, month, year], ' ');
    return separated([separated([month, day], ' '), year], shown.day ? ', ' : ' ');
  }

  #inNumbers(fields) {
    const shown = this.#shown;
    if (shown.year && shown.day && !shown.month) {
      return [this.#year(fields), literal(' (day: '), this.#day(fields), literal(')')];
    }
    const separator = /[^dMy]/.exec(this.#data.date)?.[0];
    const parts = [];
    for (const [letter, ...more] of this.#data.date.split(separator)) {
      const name = { y: 'year', M: 'month', d: 'day' }[letter];
      if (!shown[name]) continue;
      if (parts.length > 0) parts.push(literal(separator));
      if (name === 'year') parts.push(this.#year(fields));
      else {
        const number = name === 'month' ? fields.month + 1 : fields.day;
        const padded = shown[name] === '2-digit' || (more.length > 0 && shown.day && shown.month);
        parts.push({ type: name, value: padded ? two(number) : String(number) });
      }
    }
    return parts;
  }

  #hour({ hour }) {
    const { hourCycle } = this.#options;
    const value = { h11: hour % 12, h12: hour % 12 || 12, h23: hour, h24: hour || 24 }[hourCycle];
        // Twenty-four hours always take two digits.
    const padded = this.#shown.hour === '2-digit' || (!this.#options.hour12 && !this.#data.shortHour);
    return { type: 'hour', value: padded ? two(value) : String(value) };
  }

  #timeParts(fields) {
    const shown = this.#shown;
    const hour = shown.hour ? [this.#hour(fields)] : [];
    const inCompany = (shown.hour ? 1 : 0) + (shown.minute ? 1 : 0) + (shown.second ? 1 : 0) > 1;
    const number = (name) => (inCompany ? two(fields[name]) : String(fields[name]));
    const minute = shown.minute ? [{ type: 'minute', value: number('minute') }] : [];
    const second = shown.second ? [{ type: 'second', value: number('second') }] : [];
    if (shown.fractionalSecondDigits) {
      const digits = String(fields.millisecond).padStart(3, '0').slice(0, shown.fractionalSecondDigits);
      second.push(...(shown.second ? [literal('.')] : []), { type: 'fractionalSecond', value: digits });
    }
    const clock = separated([hour, minute, second], ':');
    const period = this.#period(fields);
    const name = shown.timeZoneName ? [{ type: 'timeZoneName', value: zoneName(this.#zone, fields.ms, shown.timeZoneName) }] : [];
    const twelve = shown.dayPeriod ? ' ' : NARROW_SPACE;
    return separated([separated([clock, period], twelve), name], ' ');
  }

  #period({ hour, minute }) {
    const shown = this.#shown;
    if (shown.dayPeriod) return [{ type: 'dayPeriod', value: dayPeriod(hour, minute) }];
    if (!shown.hour || !this.#options.hour12) return [];
    const { am = 'AM', pm = 'PM' } = this.#data;
    return [{ type: 'dayPeriod', value: hour < 12 ? am : pm }];
  }

  resolvedOptions() {
    return Object.fromEntries(Object.entries(this.#options).filter(([, value]) => value !== undefined));
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return 'Intl.DateTimeFormat';
  }
}

/** The components an options object asks for. */
function componentsOf(options) {
  const asked = {};
  for (const name in COMPONENTS) {
    const value = oneOf(options, name, COMPONENTS[name], undefined);
    if (value !== undefined) asked[name] = value;
  }
  const digits = wholeNumber(options.fractionalSecondDigits, 'fractionalSecondDigits', [1, 3], undefined);
  if (digits !== undefined) asked.fractionalSecondDigits = digits;
  const name = oneOf(options, 'timeZoneName', ZONE_NAMES, undefined);
  if (name !== undefined) asked.timeZoneName = name;
  return asked;
}

/**
 * Adds what is printed when an options object names neither date nor time.
 *
 * @param {'date' | 'time' | 'all' | 'dateOnly' | 'timeOnly'} defaults the last two count only components of their kind
 */
function withDefaults(asked, defaults) {
  const any = (names) => names.some((name) => name in asked);
  const needsDate = defaults === 'dateOnly' ? !any(DATE_PARTS) : defaults !== 'timeOnly' && !any([...DATE_PARTS, ...TIME_PARTS]);
  const needsTime = defaults === 'timeOnly' ? !any(TIME_PARTS) : defaults !== 'dateOnly' && !any([...DATE_PARTS, ...TIME_PARTS]);
  const date = { year: 'numeric', month: 'numeric', day: 'numeric' };
  const time = { hour: 'numeric', minute: '2-digit', second: '2-digit' };
  const added = {
    ...(needsDate && defaults !== 'time' ? date : {}),
    ...(needsTime && (defaults === 'all' || defaults === 'time' || defaults === 'timeOnly') ? time : {}),
  };
  const all = { ...added, ...asked };
  const order = [...Object.keys(COMPONENTS), 'fractionalSecondDigits', 'timeZoneName'];
  return Object.fromEntries(order.filter((name) => name in all).map((name) => [name, all[name]]));
}

/** Works with and without `new`, as scripts call it. */
const Callable = new Proxy(DateTimeFormat, { apply: (Class, _self, [locales, options]) => new Class(locales, options) });
Object.defineProperty(DateTimeFormat.prototype, 'constructor', { value: Callable });

module.exports = { DateTimeFormat: Callable };
