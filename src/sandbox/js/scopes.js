'use strict';
/**
 * The variable scopes scripts see: lists of variables read through layers, every change tracked so that the runner can
 * replay it on the real scope.
 */
const { PropertyList, Variable } = own('./sdk/index');
const { replaceIn } = own('./replace');

/** Names of the scopes a script can change, in the order their layers are searched. */
const SCOPE_NAMES = ['_variables', 'environment', 'collectionVariables', 'globals'];

const isObject = (value) => value !== null && typeof value === 'object';

/** A version 4 UUID; it only labels an anonymous scope, so a plain generator will do. */
function anonymousId() {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) => {
    const r = Math.floor(Math.random() * 16);
    return (c === 'x' ? r : (r & 3) | 8).toString(16);
  });
}

/** What was done to a scope. A mutation is `[key]` (unset) or `[key, value, metadata]` (set). */
class MutationTracker {
  /** @param {{ autoCompact?: boolean, stream?: Array, compacted?: Object }} [definition] */
  constructor(definition) {
    const { autoCompact, stream, compacted } = definition || {};
    this.autoCompact = Boolean(autoCompact);
    this.stream = Array.isArray(stream) ? stream : [];
    this.compacted = isObject(compacted) && !Array.isArray(compacted) ? compacted : {};
  }

  /** @param {'set' | 'unset'} instruction */
  track(instruction, ...mutation) {
    if (instruction !== 'set' && instruction !== 'unset') return;
    this.addMutation(mutation);
  }

  addMutation(mutation) {
    if (!mutation || mutation.length > 3) return;
    if (this.autoCompact) this.addAndCompact(mutation);
    else this.stream.push(mutation);
  }

  addAndCompact(mutation) {
    const [key] = mutation;
    this.compacted[Array.isArray(key) ? key.join('.') : key] = mutation;
  }

  compact() {
    for (const mutation of this.stream) this.addAndCompact(mutation);
    this.stream = [];
  }

  count() {
    return this.stream.length + Object.keys(this.compacted).length;
  }

  /** @param {VariableScope} target */
  applyOn(target) {
    for (const mutation of [...Object.values(this.compacted), ...this.stream]) {
      if (mutation && mutation.length <= 3) target.applyMutation(mutation.length > 1 ? 'set' : 'unset', ...mutation);
    }
  }
}

class VariableList extends PropertyList {
  constructor(parent, populate) {
    super(Variable, parent, populate);
  }

  /** The last enabled variable of that name; only without one, a disabled one. */
  oneNormalizedVariable(name) {
    const known = Object.hasOwn(this.reference, name) ? this.reference[name] : undefined;
    if (known && !known.disabled) return known;
    const enabled = this.members.findLast((variable) => variable.key === name && !variable.disabled);
    if (enabled) this.reference[name] = enabled;
    return enabled || known;
  }

  replace(text, overrides) {
    return replaceIn(text, overrides ? [this].concat(overrides) : [this]);
  }

  substitute(object, overrides) {
    return replaceIn(object, overrides ? [this].concat(overrides) : [this]);
  }

  /** Makes the list hold what the object holds. */
  syncFromObject(object, track, prune) {
    const changes = track && { created: [], updated: [], deleted: [] };
    if (!isObject(object)) return changes;
    for (const key of Object.keys(object)) {
      const known = this.has(key);
      if (known) this.one(key).set(object[key]);
      else this.add({ key, value: object[key] });
      if (changes) changes[known ? 'updated' : 'created'].push(key);
    }
    if (prune === false) return changes;
    for (const key of Object.keys(this.reference)) {
      if (Object.hasOwn(object, key)) continue;
      this.remove(key);
      if (changes) changes.deleted.push(key);
    }
    return changes;
  }

  /** Makes the object hold what the list holds. */
  syncToObject(object) {
    const target = isObject(object) ? object : {};
    for (const key of Object.keys(target)) if (!Object.hasOwn(this.reference, key)) delete target[key];
    for (const variable of this.members) target[variable.key] = variable.valueOf();
    return target;
  }
}
VariableList._postman_propertyName = 'VariableList';

/** Underscore keys of a definition are its metadata, kept under `_` without their underscores. */
function metadata(definition) {
  const meta = {};
  for (const key in definition) {
    if (key.startsWith('_') && key !== '_') meta[key.replace(/^_+/, '')] = definition[key];
  }
  return Object.keys(meta).length ? meta : undefined;
}

class VariableScope {
  /** @param {{ id?: string, name?: string, prefix?: string, values?: Array } | Array} [definition] */
  constructor(definition, layers) {
    const source = Array.isArray(definition) || definition instanceof VariableList ? { values: definition } : definition || {};
    const meta = metadata(source);
    if (meta) this._ = meta;
    this.id = source.id || (meta && meta.postman_id) || anonymousId();
    if (source.name) this.name = source.name;
    if (Object.hasOwn(source, 'disabled')) this.disabled = Boolean(source.disabled);
    this.values = new VariableList(this, source.values instanceof VariableList ? source.values.toJSON() : source.values);
    if (layers) this._layers = [].concat(layers).filter((layer) => layer instanceof VariableList);
    if (source.mutations) this.mutations = new MutationTracker(source.mutations);
    if (source.prefix) this.prefix = source.prefix;
  }

  /** @returns {Variable | undefined} the enabled variable a read of `key` finds */
  #find(key) {
    const name = (this.prefix || '') + key;
    for (const list of [this.values, ...(this._layers || [])]) {
      const variable = list.oneNormalizedVariable(name);
      if (variable && variable.disabled !== true) return variable;
    }
    return undefined;
  }

  has(key) {
    return this.#find(key) !== undefined;
  }

  get(key) {
    const variable = this.#find(key);
    return variable && variable.valueOf();
  }

  /**
   * Updates the enabled variable of that name, or adds one: a disabled variable is never touched.
   * @param {string} key
   * @param {*} value
   * @param {string | { type?: string, secret?: boolean }} [options] a string is the type
   */
  set(key, value, options) {
    const name = (this.prefix || '') + key;
    const { type, secret } = (typeof options === 'string' ? { type: options } : options) || {};
    const update = { key: name, value };
    if (typeof type === 'string') update.type = type;
    if (typeof secret === 'boolean') update.secret = secret;
    const known = this.values.oneNormalizedVariable(name);
    if (known && !known.disabled) known.update(update);
    else this.values.add(update);
    if (!this._postman_enableTracking) return;
    const hasSecret = isObject(options) && 'secret' in options;
    this.mutations.track('set', key, value, hasSecret ? { secret: options.secret } : {});
  }

  /** Removes every enabled variable of that name. */
  unset(key) {
    const name = (this.prefix || '') + key;
    this.values.remove((variable) => variable.key === name && !variable.disabled);
    const disabled = this.values.members.findLast((variable) => variable.key === name);
    if (disabled) this.values.reference[name] = disabled;
    if (this._postman_enableTracking) this.mutations.track('unset', key);
  }

  clear() {
    if (this._postman_enableTracking) {
      for (const variable of this.values.members) this.mutations.track('unset', variable.key);
    }
    this.values.clear();
  }

  toObject(excludeDisabled, caseSensitive) {
    const lists = [this.values, ...(this._layers || [])].reverse();
    return Object.assign({}, ...lists.map((list) => list.toObject(excludeDisabled, caseSensitive)));
  }

  /** @param {string | Array | Object} template */
  replaceIn(template) {
    return replaceIn(template, [this.values, ...(this._layers || [])]);
  }

  /** Starts tracking anew, unless it runs already. */
  enableTracking(options) {
    if (this._postman_enableTracking) return;
    this._postman_enableTracking = true;
    this.mutations = new MutationTracker(options);
  }

  disableTracking() {
    this._postman_enableTracking = false;
  }

  applyMutation(instruction, key, value, meta) {
    if (this[instruction]) this[instruction](key, value, meta);
  }

  syncVariablesFrom(object, track) {
    return this.values.syncFromObject(object, track);
  }

  syncVariablesTo(object) {
    return this.values.syncToObject(object);
  }

  addLayer(list) {
    if (!(list instanceof VariableList)) return;
    this._layers = this._layers || [];
    this._layers.push(list);
  }

  variables() {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  meta(...keys) {
    const all = Object.entries(this._ || {});
    return Object.fromEntries(keys.length ? all.filter(([key]) => keys.includes(key)) : all);
  }

  /** Layers belong to other scopes and tracking to this session: neither is exported. */
  toJSON() {
    const json = {};
    for (const key of Object.keys(this)) {
      if (this[key] === undefined || key === 'values' || key === '_layers') continue;
      if (key === '_postman_enableTracking' && this[key]) continue;
      json[key] = key === 'mutations' ? { ...this.mutations } : this[key];
    }
    json.values = this.values.toJSON();
    return json;
  }

  static isVariableScope(object) {
    return object instanceof VariableScope;
  }
}
VariableScope._postman_propertyName = 'VariableScope';

/**
 * The four scopes of an execution with their changes tracked, and the data row; `_variables` reads through all of them.
 * @param {Object} context the `context` of the `execute` message
 * @returns {Object<string, VariableScope>} by name, `iterationData` among them
 */
function createScopes(context) {
  const scopes = {};
  for (const name of SCOPE_NAMES) {
    scopes[name] = new VariableScope(context[name]);
    scopes[name].enableTracking({ autoCompact: true });
  }
  scopes.iterationData = new VariableScope();
  scopes.iterationData.syncVariablesFrom(context.data);
  for (const layer of ['iterationData', 'environment', 'collectionVariables', 'globals']) {
    scopes._variables.addLayer(scopes[layer].values);
  }
  return scopes;
}

module.exports = { SCOPE_NAMES, MutationTracker, VariableList, VariableScope, createScopes };
