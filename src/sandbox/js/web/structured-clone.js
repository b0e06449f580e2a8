'use strict';

/** `structuredClone`: plain data is copied here; what has a class goes through the library. */

const DOMException = own('./dom-exception');

const isPrimitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');

/** Values that were copied already, so that what was one stays one. @typedef {Map<object, object>} Seen */

/** Whether every class within is Object or Array. @param {Set<object>} seen */
function isPlain(value, seen) {
  if (isPrimitive(value)) return true;
  if (typeof value !== 'object') return false;
  if (seen.has(value)) return true;
  seen.add(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false;
  if (Object.prototype.toString.call(value) !== (Array.isArray(value) ? '[object Array]' : '[object Object]')) return false;
  return Object.keys(value).every((key) => isPlain(value[key], seen));
}

/** @param {Seen} seen */
function copy(value, seen) {
  if (isPrimitive(value)) return value;
  if (seen.has(value)) return seen.get(value);
  const twin = Array.isArray(value) ? new Array(value.length) : {};
  seen.set(value, twin);
  for (const key of Object.keys(value)) {
    Object.defineProperty(twin, key, { value: copy(value[key], seen), writable: true, enumerable: true, configurable: true });
  }
  return twin;
}

const notCloneable = (value) => new DOMException(`${describe(value)} could not be cloned.`, 'DataCloneError');

/** The text of functions and symbols, as V8 names what it cannot clone. */
const describe = (value) => (typeof value === 'object' ? `#<${value.constructor?.name ?? 'Object'}>` : String(value));

function structuredClone(...args) {
  if (args.length === 0) {
    const error = new TypeError('The "value" argument must be specified');
    error.code = 'ERR_MISSING_ARGS';
    throw error;
  }
  const [value, options] = args;
  if (typeof value === 'function' || typeof value === 'symbol') throw notCloneable(value);
  if (!options?.transfer && isPlain(value, new Set())) return copy(value, new Map());
  const found = uncloneable(value, new Set());
  if (found !== undefined) throw notCloneable(found);
  return own('./library')('internal/structured-clone')(value, options);
}

/** The first function or symbol within, which the library would name differently. */
function uncloneable(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol') return value;
  if (isPrimitive(value) || seen.has(value)) return undefined;
  seen.add(value);
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise) return value;
  const members = value instanceof Map || value instanceof Set ? [...value].flat() : ArrayBuffer.isView(value) ? [] : Object.values(value);
  for (const member of members) {
    const found = uncloneable(member, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

module.exports = structuredClone;
