'use strict';
/**
 * PropertyBase, Property and Description: what every SDK-shaped object is made of.
 */
const { cloneElement, has, isObject } = own('./lang');

/** Serialises own properties; a list's plural key turns singular, as in a collection file. */
function toJSON(/** @type {any} */ self) {
  /** @type {Record<string, any>} */
  const json = {};
  for (let key of Object.keys(self)) {
    const value = self[key];
    if (typeof value === 'string') {
      json[key] = value;
      continue;
    }
    if (value === undefined) continue;
    if (value && value._postman_propertyIsList && !value._postman_proprtyIsSerialisedAsPlural && key.endsWith('s')) {
      key = key.slice(0, -1);
    }
    json[key] = value && typeof value.toJSON === 'function' ? value.toJSON() : cloneElement(value);
  }
  return json;
}

class PropertyBase {
  /** What holds this: a list, or what a list belongs to. Private, so that it neither prints nor serialises. */
  #parent;

  constructor(/** @type {any} */ definition) {
    if (!definition || typeof definition === 'string') return;
    const source = definition.info || definition;
    for (const key of Object.keys(source)) {
      // Keys that start with an underscore are metadata.
      if (key.charCodeAt(0) === 95 && key !== '_') (/** @type {any} */ (this)._ ??= {})[key.replace(/^_+/, '')] = source[key];
    }
  }

  get __parent() {
    return this.#parent;
  }

  set __parent(parent) {
    this.#parent = parent;
  }

  /** Whether this is one of our objects, with a place for its parent. @param {any} object */
  static hasParent(object) {
    return #parent in object;
  }

  /** The SDK walks this chain to recognise a class across copies of itself. */
  static get super_() {
    return Object.getPrototypeOf(this);
  }

  toJSON() {
    return toJSON(this);
  }

  meta(/** @type {string[]} */ ...names) {
    const { _: metadata } = /** @type {any} */ (this);
    if (!names.length) return cloneElement(metadata);
    return Object.fromEntries(names.filter((name) => has(metadata, name)).map((name) => [name, metadata[name]]));
  }

  parent() {
    const parent = this.__parent;
    return (parent && parent._postman_propertyIsList ? parent.__parent || parent : parent) || undefined;
  }

  setParent(/** @type {any} */ parent) {
    this.__parent = parent;
  }

  forEachParent(/** @type {any} */ options, /** @type {any} */ iterator) {
    if (typeof options === 'function') [iterator, options] = [options, {}];
    if (typeof iterator !== 'function' || !isObject(options)) return;
    const above = (/** @type {any} */ of) => of && typeof of.parent === 'function' && of.parent();
    let parent = this.parent();
    let grandparent = above(parent);
    while (parent && (grandparent || options.withRoot)) {
      iterator(parent);
      parent = grandparent;
      grandparent = above(grandparent);
    }
  }

  findInParents(/** @type {string} */ property, /** @type {any} */ customizer) {
    const owner = this.findParentContaining(property, customizer);
    return owner ? owner[property] : undefined;
  }

  findParentContaining(/** @type {string} */ property, /** @type {any} */ customizer) {
    /** @type {any} */
    let candidate = this;
    do {
      if (customizer ? customizer.call(this, candidate) : candidate[property]) return candidate;
      candidate = candidate.__parent;
    } while (candidate);
    return undefined;
  }
}
PropertyBase._postman_propertyName = 'PropertyBase';

class Description {
  static name = 'PostmanPropertyDescription';

  constructor(definition) {
    if (typeof definition === 'string') definition = { content: definition, type: 'text/plain' };
    if (definition) this.update(definition);
  }

  static isDescription(/** @type {any} */ object) {
    return isInstance(object, Description);
  }

  update(content, type) {
    if (isObject(content)) ({ content, type } = content);
    this.content = content;
    this.type = type || 'text/plain';
  }

  toString() {
    return this.content || '';
  }

  toJSON() {
    return { content: this.content, type: this.type };
  }
}
Description._postman_propertyName = 'Description';

class Property extends PropertyBase {
  static name = 'PostmanProperty';

  constructor(/** @type {any} */ definition) {
    super(definition);
    const source = (definition && definition.info) || definition;
    const self = /** @type {any} */ (this);
    const id = (source && source.id) || (self._ && self._.postman_id) || (self._postman_propertyRequiresId && host.uuid());
    if (id) this.id = id;
    if (source && source.name) this.name = source.name;
    if (!definition || typeof definition !== 'object') return;
    if (Object.hasOwn(definition, 'disabled')) this.disabled = Boolean(definition.disabled);
    if (Object.hasOwn(source, 'description')) this.description = new Description(source.description);
  }

  describe(/** @type {any} */ content, type) {
    if (!Description.isDescription(this.description)) this.description = new Description();
    /** @type {any} */ (this.description).update(content, type);
  }

  /** Variable substitution is the real SDK's: rare enough to pay for loading it. */
  toObjectResolved(/** @type {any} */ scope, /** @type {any} */ overrides, /** @type {any} */ options) {
    return own('./library').sdk().Property.prototype.toObjectResolved.call(this, scope, overrides, options);
  }

  findSubstitutions() {
    return own('./library').sdk().Property.findSubstitutions(this.toJSON());
  }
}
Property._postman_propertyName = 'Property';

/**
 * True for our instances and for those of any other copy of the SDK.
 * @param {any} object
 * @param {any} type
 */
function isInstance(object, type) {
  if (!object) return false;
  if (object instanceof type) return true;
  for (let maker = object.constructor; maker; maker = maker.super_) {
    if (maker._postman_propertyName === type._postman_propertyName) return true;
  }
  return false;
}

module.exports = { PropertyBase, Property, Description, isInstance, toJSON };
