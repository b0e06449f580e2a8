'use strict';
/**
 * The variables of a scope as they were sent. Most scripts read one and write one of them, which is no reason to make
 * objects of the two hundred others an environment may hold.
 */
const { Variable } = own('./sdk/variable');
const { isObject } = own('./sdk/lang');

/** Keys of a definition that need no Variable to make sense of them. */
const PLAIN = new Set(['key', 'value', 'type', 'enabled', 'disabled']);

/** Types that convert their values; whatever else is given as a type counts as `any`. */
const CONVERTING = new Set(['string', 'boolean', 'number', 'array', 'object']);

/** @returns {string | undefined} the type a plain definition has as a Variable, nothing for one that is not plain */
function plainType(definition) {
  for (const key in definition) if (!PLAIN.has(key)) return undefined;
  const { type, value } = definition;
  if (type === undefined || type === 'any') return 'any';
  const name = String(type).toLowerCase();
  if (!CONVERTING.has(name)) return 'any';
  return name === 'string' && typeof value === 'string' ? name : undefined;
}

/** What `toJSON` of the Variable made of the definition would say, its keys in the same order. */
function asJson(definition) {
  const type = plainType(definition);
  if (type === undefined) return { ...new Variable(definition) };
  const json = {};
  if ('disabled' in definition) json.disabled = definition.disabled;
  json.type = type;
  json.value = definition.value;
  if ('key' in definition) json.key = definition.key;
  return json;
}

/** A variable of type `any` being read: its value, and what `{{name}}` becomes. */
class Reading {
  #value;

  constructor(value) {
    this.#value = value;
  }

  valueOf() {
    return this.#value;
  }

  toString() {
    if (this.#value === null) return 'null';
    return typeof this.#value?.toString === 'function' ? this.#value.toString() : '';
  }
}

class GivenVariables {
  /** @returns {boolean} whether these are definitions, every one of them */
  static suits(values) {
    return Array.isArray(values) && values.every(isObject);
  }

  /** @param {Array<{ key?: string, value?: *, type?: string, disabled?: boolean }>} definitions */
  constructor(definitions) {
    this.definitions = definitions.slice();
  }

  /** @returns {number} position of the last enabled variable of that name, -1 without one */
  #position(name) {
    return this.definitions.findLastIndex((definition) => definition.key === name && !definition.disabled);
  }

  /** @returns {Reading | Variable | undefined} the last enabled variable of that name, to be read */
  find(name) {
    const position = this.#position(name);
    if (position === -1) return undefined;
    const definition = this.definitions[position];
    return plainType(definition) ? new Reading(definition.value) : new Variable(definition);
  }

  /** @returns {boolean} false when that takes a Variable */
  set(name, value) {
    if (typeof value === 'function') return false;
    const position = this.#position(name);
    if (position === -1) {
      this.definitions.push({ key: name, value });
      return true;
    }
    const known = this.definitions[position];
    if (plainType(known) !== 'any') return false;
    this.definitions[position] = { ...known, value };
    return true;
  }

  /** Removes every enabled variable of that name. */
  unset(name) {
    this.definitions = this.definitions.filter(({ key, disabled }) => key !== name || disabled);
  }

  clear() {
    this.definitions = [];
  }

  keys() {
    return this.definitions.map(({ key }) => key);
  }

  toJSON() {
    return this.definitions.map(asJson);
  }
}

module.exports = { GivenVariables };
