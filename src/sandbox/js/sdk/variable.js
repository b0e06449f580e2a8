'use strict';
/**
 * Variable and VariableList: path variables and auth parameters.
 */
const { has, isObject } = own('./lang');
const { Property, isInstance } = own('./base');
const { PropertyList } = own('./property-list');

/**
 * Objects and arrays are kept as JSON and read back only as what they claim to be.
 * @param {(value: any) => boolean} isType
 */
const json = (isType) => ({
  in(/** @type {any} */ value) {
    if (typeof value === 'string') return value;
    try {
      return JSON.stringify(value);
    } catch {
      return 'null';
    }
  },
  out(/** @type {any} */ value) {
    try {
      const parsed = JSON.parse(value);
      return isType(parsed) ? parsed : undefined;
    } catch {
      return undefined;
    }
  },
});

/** @type {Record<string, any>} */
const types = {
  string: String,
  boolean: Boolean,
  number: Number,
  array: json(Array.isArray),
  object: json((value) => value instanceof Object && !Array.isArray(value)),
  any: { in: (/** @type {any} */ value) => value, out: (/** @type {any} */ value) => value },
};

class Variable extends Property {
  static name = 'PostmanVariable';

  constructor(/** @type {any} */ definition) {
    super(definition);
    this.type = 'any';
    this.value = undefined;
    this.source = undefined;
    if (definition === null || definition === undefined) return;
    if (has(definition, 'key')) this.key = definition.key;
    this.update(definition);
  }

  static isVariable(/** @type {any} */ object) {
    return isInstance(object, Variable);
  }

  get() {
    return this.castOut(typeof this.value === 'function' ? this.value() : this.value);
  }

  set(/** @type {any} */ value) {
    this.value = typeof value === 'function' ? value : this.castIn(value);
  }

  valueOf(value) {
    if (arguments.length) this.set(value);
    return this.get();
  }

  toString() {
    const value = this.valueOf();
    if (value === null) return 'null';
    return value !== undefined && typeof value.toString === 'function' ? value.toString() : '';
  }

  cast(/** @type {any} */ value) {
    return this.castOut(value);
  }

  castIn(/** @type {any} */ value) {
    const handler = types[this.type] || types.any;
    return typeof handler === 'function' ? handler(value) : handler.in(value);
  }

  castOut(/** @type {any} */ value) {
    const handler = types[this.type] || types.any;
    return typeof handler === 'function' ? handler(value) : handler.out(value);
  }

  valueType(/** @type {any} */ typeName, noCast) {
    const name = typeName === null || typeName === undefined ? typeName : typeName.toString().toLowerCase();
    if (!types[name]) return this.type || 'any';
    this.type = name;
    if (!noCast && typeof this.value !== 'function') this.set(this.get());
    return this.type;
  }

  update(/** @type {any} */ options) {
    if (!isObject(options)) return;
    if (has(options, 'type')) this.valueType(options.type, has(options, 'value'));
    if (has(options, 'value')) this.set(options.value);
    for (const name of ['system', 'secret', 'disabled']) if (has(options, name)) this[name] = options[name];
    if (has(options, 'description')) this.describe(options.description);
    if (has(options, 'source')) this.source = options.source;
  }
}
Variable._postman_propertyName = 'Variable';
Variable._postman_propertyIndexKey = 'key';
Variable.types = types;

class VariableList extends PropertyList {
  static name = 'PostmanVariableList';

  constructor(/** @type {any} */ parent, populate) {
    super(Variable, parent, populate);
  }

  static isVariableList(/** @type {any} */ object) {
    return isInstance(object, VariableList);
  }

  replace(/** @type {any} */ text, /** @type {any} */ overrides) {
    return own('./library').sdk().VariableList.prototype.replace.call(this, text, overrides);
  }

  substitute(/** @type {any} */ object, /** @type {any} */ overrides, /** @type {any} */ mutate) {
    return own('./library').sdk().VariableList.prototype.substitute.call(this, object, overrides, mutate);
  }

  /** Sets or adds a variable for each key; unless `prune` is false, removes those the object lacks. */
  syncFromObject(/** @type {any} */ object, /** @type {any} */ track, /** @type {any} */ prune) {
    const changes = track && { created: /** @type {string[]} */ ([]), updated: /** @type {string[]} */ ([]), deleted: /** @type {string[]} */ ([]) };
    if (!isObject(object)) return changes;
    for (const key of Object.keys(object)) {
      const known = this.has(key);
      if (known) this.one(key).set(object[key]);
      else this.add({ value: object[key], [this._postman_listIndexKey]: key });
      if (changes) changes[known ? 'updated' : 'created'].push(key);
    }
    if (prune === false) return changes;
    for (const key of Object.keys(this.reference)) {
      if (has(object, key)) continue;
      this.remove(key);
      if (changes) changes.deleted.push(key);
    }
    return changes;
  }

  syncToObject(/** @type {any} */ object) {
    if (!isObject(object)) object = {};
    for (const key of Object.keys(object)) if (!has(this.reference, key)) delete object[key];
    for (const variable of this.members) object[variable.key] = variable.valueOf();
    return object;
  }

  /** The last enabled variable of that name, else the last one. @param {string} name */
  oneNormalizedVariable(name) {
    const known = this.reference[name];
    if (known && !known.disabled) return known;
    const enabled = this.members.findLast((member) => member.key === name && !member.disabled);
    if (enabled) this.reference[name] = enabled;
    return this.reference[name];
  }
}
VariableList._postman_propertyName = 'VariableList';

module.exports = { Variable, VariableList };
