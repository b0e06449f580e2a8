'use strict';
/**
 * The few lodash behaviours the SDK classes lean on, without lodash (which costs 1.6 ms to load).
 */

/** @param {unknown} value */
function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

/** @param {unknown} value @param {string} key */
function has(value, key) {
  return value !== null && value !== undefined && Object.hasOwn(Object(value), key);
}

/** True for object literals and what JSON.parse makes. @param {unknown} value */
function isPlainObject(value) {
  if (value === null || typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** lodash's isEmpty: numbers and booleans are empty too. @param {any} value */
function isEmpty(value) {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' && typeof value !== 'function') return true;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return Object.keys(value).length === 0;
}

/** The first of two values that is not empty. @param {any} first @param {any} second */
function choose(first, second) {
  if (!isEmpty(first)) return first;
  return isEmpty(second) ? undefined : second;
}

/** @param {any} target @param {string} name @param {unknown} value */
function assignHidden(target, name, value) {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: false, writable: true });
  return target;
}

/**
 * An own property made when first read; setting it settles it too.
 * @param {any} target
 * @param {string} name
 * @param {() => any} make
 */
function lazily(target, name, make) {
  const settle = (/** @type {any} */ value) => {
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
    return value;
  };
  Object.defineProperty(target, name, { configurable: true, enumerable: true, get: () => settle(make()), set: settle });
}

/** Copies what is defined: `null` and `false` are values, `undefined` is not. */
function mergeDefined(/** @type {any} */ target, /** @type {any} */ source) {
  for (const key of Object.keys(source)) {
    if (source[key] !== undefined) target[key] = source[key];
  }
  return target;
}

/** What lodash can copy key by key: the rest it passes on as it is. */
const COPIED = ['[object Object]', '[object Array]', '[object Arguments]'];

/** A deep copy in which whatever knows `toJSON` is replaced by what it says; of a function only its properties stay. */
function cloneElement(/** @type {any} */ value, /** @type {Map<any, any>=} */ seen = undefined) {
  if (typeof value === 'function' && !seen) return { ...value };
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.toJSON === 'function') return value.toJSON();
  if (seen?.has(value)) return seen.get(value);
  const copies = seen ?? new Map();
  const clone = (/** @type {any} */ part) => cloneElement(part, copies);
  const keep = (/** @type {any} */ copy) => {
    copies.set(value, copy);
    return copy;
  };
  if (value instanceof Map) return fill(keep(new Map()), value, (copy, [key, part]) => copy.set(key, clone(part)));
  if (value instanceof Set) return fill(keep(new Set()), value, (copy, part) => copy.add(clone(part)));
  if (!COPIED.includes(Object.prototype.toString.call(value))) return value;
  const copy = keep(Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value)));
  return fill(copy, Object.keys(value), (_copy, key) => { copy[key] = clone(value[key]); });
}

/** @template T @param {T} copy @param {Iterable<any>} parts @param {(copy: T, part: any) => void} add @returns {T} */
function fill(copy, parts, add) {
  for (const part of parts) add(copy, part);
  return copy;
}

/** `a.b[0]` as its steps. @param {string} path */
function steps(path) {
  return path.replace(/\[(?:'([^']*)'|"([^"]*)"|([^\]]*))\]/g, '.$1$2$3').replace(/^\./, '').split('.');
}

/** @param {any} value @param {any} path */
function read(value, path) {
  if (value === null || value === undefined) return undefined;
  if (typeof path !== 'string' || path in Object(value)) return value[path];
  return steps(path).reduce((/** @type {any} */ at, step) => (at === null || at === undefined ? undefined : at[step]), value);
}

/** lodash's partial deep comparison: `value` has at least what `source` has. */
function matches(/** @type {any} */ value, /** @type {any} */ source) {
  if (source === value || (source !== source && value !== value)) return true;
  if (!isObject(source) || !isObject(value)) return false;
  if (Array.isArray(source)) {
    return Array.isArray(value) && source.every((wanted) => value.some((each) => matches(each, wanted)));
  }
  return Object.keys(source).every((key) => key in value && matches(value[key], source[key]));
}

/**
 * What lodash takes for a function: a function, a property path, `[path, value]` or an object to match.
 * @param {any} rule
 * @returns {(value: any, key?: any, all?: any) => any}
 */
function iteratee(rule) {
  if (typeof rule === 'function') return rule;
  if (rule === null || rule === undefined) return (value) => value;
  if (Array.isArray(rule)) return (value) => matches(read(value, rule[0]), rule[1]);
  if (typeof rule === 'object') return (value) => matches(value, rule);
  return (value) => read(value, rule);
}

/** Walks an array or an object's own keys until the visitor says `false`. */
function forEach(/** @type {any} */ items, /** @type {(value: any, key: any, all: any) => any} */ visit) {
  if (items === null || items === undefined) return;
  if (Array.isArray(items)) {
    for (let i = 0; i < items.length; i++) if (visit(items[i], i, items) === false) return;
    return;
  }
  for (const key of Object.keys(items)) if (visit(items[key], key, items) === false) return;
}

module.exports = {
  assignHidden, choose, cloneElement, forEach, has, isEmpty, isObject, isPlainObject, iteratee, lazily, mergeDefined,
};
