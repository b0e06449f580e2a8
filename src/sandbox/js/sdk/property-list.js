'use strict';
/**
 * PropertyList: an ordered list of properties, indexed by key.
 */
const { assignHidden, cloneElement, forEach, has, isEmpty, isObject, isPlainObject, iteratee } = own('./lang');
const { PropertyBase, isInstance, toJSON } = own('./base');

/** Serialises a member that has no `toJSON` of its own. @param {any} member */
function plain(member) {
  return isObject(member) ? toJSON(member) : {};
}

/** @param {any} item */
function unlink(item) {
  delete item.__parent;
  if (PropertyBase.hasParent(item)) item.__parent = undefined;
}

class PropertyList extends PropertyBase {
  static name = 'PostmanPropertyList';

  constructor(/** @type {any} */ Type, /** @type {any} */ parent, /** @type {any} */ populate) {
    super(undefined);
    this.setParent(parent);
    this.members = [];
    this.reference = {};
    this.Type = Type;
    const { _postman_propertyIndexKey: key, _postman_propertyIndexCaseInsensitive: caseless } = Type;
    const { _postman_propertyAllowsMultipleValues: multiple } = Type;
    if (key !== undefined) this._postman_listIndexKey = key;
    if (caseless !== undefined) this._postman_listIndexCaseInsensitive = caseless;
    if (multiple !== undefined) this._postman_listAllowsMultipleValues = multiple;
    if (populate) this.populate(populate);
  }

  static isPropertyList(/** @type {any} */ object) {
    return isInstance(object, PropertyList);
  }

  /** The index of an item: a non-empty string, or undefined when it has none. @param {any} item */
  #index(item) {
    const key = item[this._postman_listIndexKey];
    const index = key ? String(key) : '';
    if (!index) return undefined;
    return this._postman_listIndexCaseInsensitive ? index.toLowerCase() : index;
  }

  insert(item, before) {
    if (!isObject(item)) return;
    const { members } = this;
    const duplicate = this.indexOf(item);
    const owner = item.__parent;
    if (owner && owner !== this && PropertyList.isPropertyList(owner)) owner.remove(item);
    if (duplicate > -1) members.splice(duplicate, 1);
    if (before) before = this.indexOf(before);
    this.#admit(item);
    if (before > -1) members.splice(before, 0, item);
    else members.push(item);
  }

  /** Makes an item this list's and puts it into the index. @param {any} item */
  #admit(item) {
    const { reference } = this;
    if (PropertyBase.hasParent(item)) item.__parent = this;
    else assignHidden(item, '__parent', this);
    const index = this.#index(item);
    if (index === undefined) return;
    if (this._postman_listAllowsMultipleValues && Object.hasOwn(reference, index)) {
      if (!Array.isArray(reference[index])) reference[index] = [reference[index]];
      reference[index].push(item);
    } else reference[index] = item;
  }

  insertAfter(/** @type {any} */ item, /** @type {any} */ after) {
    return this.insert(item, this.idx(this.indexOf(after) + 1));
  }

  append(/** @type {any} */ item) {
    return this.insert(item);
  }

  prepend(/** @type {any} */ item) {
    return this.insert(item, this.idx(0));
  }

  add(item, name) {
    if (item === null || item === undefined || Number.isNaN(item)) return;
    const { Type } = this;
    if (item.constructor === Type) {
      this.insert(item);
      return;
    }
    const made = Object.hasOwn(Type, 'create') ? Type.create(item, name) : new Type(item);
    // What was made just now is in no list yet.
    this.#admit(made);
    this.members.push(made);
  }

  upsert(/** @type {any} */ item) {
    if (item === null || item === undefined || Number.isNaN(item)) return null;
    const existing = this.one(item[this._postman_listIndexKey]);
    if (!existing) {
      this.add(item);
      return true;
    }
    if (typeof existing.update !== 'function') {
      throw new Error('collection: unable to upsert into a list of Type that does not support .update()');
    }
    existing.update(item);
    return false;
  }

  /** Turns an id, a member or a function into the function that says what to remove. @param {any} predicate */
  #removal(predicate) {
    const key = this._postman_listIndexKey;
    if (typeof predicate === 'string') {
      if (!this._postman_listIndexCaseInsensitive) return (/** @type {any} */ item) => item[key] === predicate;
      const wanted = predicate.toLowerCase();
      return (/** @type {any} */ item) => item[key].toLowerCase() === wanted;
    }
    if (predicate instanceof this.Type) return (/** @type {any} */ item) => item === predicate;
    return typeof predicate === 'function' ? predicate : undefined;
  }

  remove(predicate, context) {
    const unwanted = this.#removal(predicate);
    if (!unwanted) return;
    const { members } = this;
    const kept = members.filter((item, i) => {
      if (!unwanted.call(context || this, item, i, members)) return true;
      this.#forget(item);
      return false;
    });
    if (kept.length === members.length) return;
    members.length = 0;
    for (const item of kept) members.push(item);
  }

  #forget(/** @type {any} */ item) {
    const { reference } = this;
    const index = this.#index(item);
    if (index !== undefined) {
      const known = reference[index];
      if (this._postman_listAllowsMultipleValues && Array.isArray(known)) {
        const at = known.indexOf(item);
        if (at > -1) known.splice(at, 1);
        if (known.length === 1) reference[index] = known[0];
        else if (!known.length) delete reference[index];
      } else delete reference[index];
    }
    unlink(item);
  }

  clear() {
    this.members.forEach(unlink);
    this.members.length = 0;
    for (const key of Object.keys(this.reference)) delete this.reference[key];
  }

  populate(/** @type {any} */ items) {
    const { Type } = this;
    if (typeof items === 'string' && typeof Type.parse === 'function') items = Type.parse(items);
    const keyed = isPlainObject(items) && has(Type, 'create');
    if (keyed) forEach(items, (value, key) => this.add(value, key));
    else if (Array.isArray(items)) for (let i = 0; i < items.length; i++) this.add(items[i], i);
    else this.add(items, 0);
  }

  repopulate(/** @type {any} */ items) {
    this.clear();
    this.populate(items);
  }

  assimilate(/** @type {any} */ source, prune) {
    const members = PropertyList.isPropertyList(source) ? source.members : source;
    if (!Array.isArray(members)) return;
    const indexer = this._postman_listIndexKey;
    const seen = new Set();
    for (const item of members) {
      if (!item || !has(item, indexer)) continue;
      this.upsert(item);
      seen.add(String(item[indexer]));
    }
    if (!prune) return;
    for (const key of Object.keys(this.reference)) if (!seen.has(key)) this.remove(key);
  }

  all() {
    return this.members.slice();
  }

  one(/** @type {any} */ id) {
    const found = this.reference[this._postman_listIndexCaseInsensitive ? String(id).toLowerCase() : id];
    if (this._postman_listAllowsMultipleValues && Array.isArray(found)) return found[found.length - 1];
    return found;
  }

  get(/** @type {any} */ key) {
    const member = this.one(key);
    return member ? member.valueOf() : undefined;
  }

  each(/** @type {any} */ iterator, /** @type {any} */ context) {
    forEach(this.members, typeof iterator === 'function' ? iterator.bind(context || this.__parent) : iteratee(iterator));
  }

  filter(/** @type {any} */ rule, /** @type {any} */ context) {
    return this.members.filter(bound(rule, context));
  }

  find(/** @type {any} */ rule, /** @type {any} */ context) {
    return this.members.find(bound(rule, context));
  }

  map(/** @type {any} */ iterator, /** @type {any} */ context) {
    return this.members.map(typeof iterator === 'function' ? iterator.bind(context || this) : iteratee(iterator));
  }

  reduce(/** @type {any} */ iterator, /** @type {any} */ accumulator, /** @type {any} */ context) {
    const step = typeof iterator === 'function' ? iterator.bind(context || this) : iteratee(iterator);
    const { members } = this;
    // A list reduced without a start begins with `undefined`, as in the SDK, never with its first member.
    return members.reduce((value, member, i) => step(value, member, i, members), accumulator);
  }

  count() {
    return this.members.length;
  }

  idx(/** @type {number} */ index) {
    return this.members[index];
  }

  indexOf(/** @type {any} */ item) {
    return this.members.indexOf(typeof item === 'string' ? this.one(item) : item);
  }

  has(/** @type {any} */ item, /** @type {any} */ value) {
    let match = typeof item === 'string'
      ? this.reference[this._postman_listIndexCaseInsensitive ? item.toLowerCase() : item]
      : this.members.filter((member) => member === item);
    if (!match) return false;
    if (arguments.length === 1) return Boolean(Array.isArray(match) ? match.length : match);
    if (this._postman_listAllowsMultipleValues && Array.isArray(match)) {
      return match.some((each) => (typeof each.valueOf === 'function' ? each.valueOf() : each) === value);
    }
    if (typeof match.valueOf === 'function') match = match.valueOf();
    return match === value;
  }

  eachParent(/** @type {any} */ iterator, /** @type {any} */ context) {
    if (typeof iterator !== 'function') return;
    let previous;
    for (let parent = this.__parent; parent; parent = parent.__parent) {
      iterator.call(context || this, parent, previous);
      previous = parent;
    }
  }

  toObject(
    /** @type {any} */ excludeDisabled, /** @type {any} */ caseSensitive,
    /** @type {any} */ multiValue, /** @type {any} */ sanitizeKeys,
  ) {
    const key = this._postman_listIndexKey;
    const sanitise = this._postman_sanitizeKeys || sanitizeKeys;
    const sensitive = !this._postman_listIndexCaseInsensitive || caseSensitive;
    const multi = this._postman_listAllowsMultipleValues || multiValue;
    /** @type {Record<string, any>} */
    const object = {};
    for (const member of this.members) {
      if (!member || !has(member, key) || (excludeDisabled && member.disabled) || (sanitise && !member[key])) continue;
      const name = sensitive ? member[key] : String(member[key]).toLowerCase();
      if (multi && Object.hasOwn(object, name)) {
        if (!Array.isArray(object[name])) object[name] = [object[name]];
        object[name].push(member.valueOf());
      } else object[name] = member.valueOf();
    }
    return object;
  }

  toString() {
    return this.Type.unparse ? this.Type.unparse(this.members) : '';
  }

  toJSON() {
    return this.members.map((member) => (
      !isEmpty(member) && typeof member.toJSON === 'function' ? member.toJSON() : cloneElement(plain(member))
    ));
  }
}
PropertyList._postman_propertyName = 'PropertyList';
Object.assign(PropertyList.prototype, {
  _postman_propertyIsList: true,
  _postman_listIndexKey: 'id',
  _postman_listIndexCaseInsensitive: false,
  _postman_listAllowsMultipleValues: false,
});

/** @param {any} rule @param {any} context */
function bound(rule, context) {
  return typeof rule === 'function' && isObject(context) ? rule.bind(context) : iteratee(rule);
}

module.exports = { PropertyList };
