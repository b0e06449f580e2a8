'use strict';

/**
 * SugarJS, which Postman puts on the built-in prototypes: hundreds of methods, most of which no script ever calls.
 * Those whose names a script spells stand as accessors that load the library; the library then replaces them all.
 */

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday';
const MONTHS = 'January February March April May June July August September October November December';
const SCRIPTS = 'Arabic Cyrillic Devanagari Greek Hangul Han Kanji Hebrew Hiragana Kana Katakana Latin Thai';

const words = (text) => text.split(' ');
const titled = (word) => word[0].toUpperCase() + word.slice(1);
/** Every pairing of a base with an ending. */
const pairs = (bases, pair) => bases.flatMap((base) => pair(base).split(' '));

/** @returns {[object, string[]][]} what Sugar adds, by the object it adds it to */
function additions() {
  return [
    [Array, words('extend create')],
    [Array.prototype, words('findAll count removeAt include exclude clone unique flatten union intersect subtract first last from to min max least most sum average inGroups inGroupsOf isEmpty sortBy randomize zip sample each add remove compact groupBy none all any insert')],
    [String, words('extend Inflector')],
    [String.prototype, [
      ...words('escapeRegExp escapeURL unescapeURL escapeHTML unescapeHTML encodeBase64 decodeBase64 each shift codes chars words lines paragraphs isBlank has add remove reverse compact from to dasherize underscore camelize spacify stripTags removeTags truncate pad padLeft padRight first last toNumber capitalize assign insert pluralize singularize humanize titleize parameterize hankaku zenkaku hiragana katakana'),
      ...pairs(words(SCRIPTS), (script) => `is${script} has${script}`),
    ]],
    [Number, words('extend random')],
    [Number.prototype, [
      ...words('duration log abbr metric bytes isInteger isOdd isEven isMultipleOf format hex upto downto times chr pad ordinalize toNumber round floor ceil abs pow sin asin cos acos tan atan exp sqrt'),
      ...pairs(UNITS, (unit) => `${unit} ${unit}s ${unit}Before ${unit}sBefore ${unit}Ago ${unit}sAgo ${unit}After ${unit}sAfter ${unit}FromNow ${unit}sFromNow`),
    ]],
    [Date, words('extend create past future addLocale setLocale getLocale addFormat utc RFC1123 RFC1036 ISO8601_DATE ISO8601_DATETIME range')],
    [Date.prototype, [
      ...words('set setWeekday setISOWeek getISOWeek getUTCOffset utc isUTC advance rewind isValid isAfter isBefore isBetween isLeapYear daysInMonth format relative is reset clone iso getWeekday getUTCWeekday short long full isToday isYesterday isTomorrow isWeekday isWeekend isFuture isPast beginningOfDay endOfDay'),
      ...pairs(UNITS, (unit) => `${unit}sAgo ${unit}sUntil ${unit}sSince ${unit}sFromNow add${titled(unit)}s`),
      ...pairs(['Year', 'Month', 'Week'], (unit) => `isLast${unit} isThis${unit} isNext${unit} beginningOf${unit} endOf${unit}`),
      ...words(`${DAYS} ${MONTHS}`).map((name) => `is${name}`),
    ]],
    [Function, ['extend']],
    [Function.prototype, words('lazy delay throttle debounce cancel after once fill')],
    [RegExp, words('extend escape')],
    [RegExp.prototype, words('getFlags setFlags addFlag removeFlag')],
    [Object, words('extend map reduce each size any all none count find findAll isEmpty sum average min max least most watch isObject isNaN equal extended merge clone fromQueryString toQueryString tap has select reject isArray isBoolean isDate isFunction isNumber isString isRegExp')],
  ];
}

/** What no script has named yet: the objects that get a method, by its name. @type {Map<string, object[]>} */
let unnamed;

/** The accessors in place, to be taken away again when the library comes. @type {[object, string, () => unknown][]} */
let standing = [];

/** Every name in a text, whatever it stands for there. */
const NAME = /[\w$]+/g;

/** Code that can come by a method whose name it does not spell. */
const UNSPELT_USE = /\]\s*\(|\b(?:getOwnProperty\w+|ownKeys|eval|Function)\b/;

/** Methods the engine has too, which Sugar extends to more kinds of arguments: `[{a: 1}].map('a')`. */
const EXTENDED_USE = /\.(?:map|filter|every|some|find|findIndex)\(\s*(?:['"{\d/]|null\b)|\.(?:starts|ends)With\(\s*\/|\bObject\.keys\([^()]*,/;

function load() {
  for (const [target, name, get] of standing) {
    if (Object.getOwnPropertyDescriptor(target, name)?.get === get) delete target[name];
  }
  standing = [];
  unnamed.clear();
  own('./library')('internal/sugar');
}

/** What assigning to a property does where nothing stands yet. */
function assign(holder, target, name, value) {
  if (typeof holder !== 'object' && typeof holder !== 'function') return;
  const enumerable = holder !== target;
  Object.defineProperty(holder, name, { value, enumerable, writable: true, configurable: true });
}

function stand(target, name) {
  const get = function () {
    load();
    return this[name];
  };
  const set = function (value) {
    assign(this, target, name, value);
  };
  Object.defineProperty(target, name, { get, set, enumerable: false, configurable: true });
  standing.push([target, name, get]);
}

/** @returns {Map<string, object[]>} */
function byName() {
  const targets = new Map();
  for (const [target, names] of additions()) {
    for (const name of names) {
      if (!Object.hasOwn(target, name)) targets.set(name, [...(targets.get(name) ?? []), target]);
    }
  }
  return targets;
}

/**
 * Puts up the accessors for the methods that some code may call, or loads Sugar for what no accessor can tell.
 * @param {string} code
 */
function prepareFor(code) {
  unnamed ??= byName();
  if (unnamed.size === 0 && standing.length === 0) return;
  const names = UNSPELT_USE.test(code) ? [...unnamed.keys()] : code.match(NAME) ?? [];
  for (const name of names) {
    for (const target of unnamed.get(name) ?? []) stand(target, name);
    unnamed.delete(name);
  }
  if (EXTENDED_USE.test(code)) load();
}

module.exports = { prepareFor };
