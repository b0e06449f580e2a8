'use strict';
/**
 * The variable scopes scripts see: lists of variables read through layers, every change tracked so that the runner can
 * replay it on the real scope.
 */
const { Property, isInstance } = own('./sdk/base');
const { cloneElement, isObject } = own('./sdk/lang');
const { VariableList } = own('./sdk/variable');
const { replaceIn } = own('./replace');

/** Names of the scopes a script can change, in the order their layers are searched. */
const SCOPE_NAMES = ['_variables', 'environment', 'collectionVariables', 'globals'];

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

class PostmanVariableScope extends Property {
  /** @param {{ id?: string, name?: string, prefix?: string, values?: Array } | Array} [definition] */
  constructor(definition, layers) {
    const bare = Array.isArray(definition) || isInstance(definition, VariableList);
    const source = bare ? { values: definition } : definition;
    super(source);
    const { values, mutations, prefix } = source || {};
    this.values = new VariableList(this, isInstance(values, VariableList) ? values.toJSON() : values);
    if (layers) this._layers = [].concat(layers).filter((layer) => isInstance(layer, VariableList));
    if (mutations) this.mutations = new MutationTracker(mutations);
    if (prefix) this.prefix = prefix;
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
    if (!isInstance(list, VariableList)) return;
    this._layers = this._layers || [];
    this._layers.push(list);
  }

  variables() {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  /** Layers belong to other scopes and tracking to this session: neither is exported. */
  toJSON() {
    const json = {};
    for (const key of Object.keys(this)) {
      if (this[key] === undefined || key === 'values' || key === '_layers') continue;
      if (key === '_postman_enableTracking' && this[key]) continue;
      json[key] = cloneElement(this[key]);
    }
    json.values = this.values.toJSON();
    return json;
  }

  static isVariableScope(object) {
    return isInstance(object, PostmanVariableScope);
  }
}
PostmanVariableScope._postman_propertyName = 'VariableScope';
PostmanVariableScope.prototype._postman_propertyRequiresId = true;

/**
 * The four scopes of an execution with their changes tracked, and the data row; `_variables` reads through all of them.
 * @param {Object} context the `context` of the `execute` message
 * @returns {Object<string, VariableScope>} by name, `iterationData` among them
 */
function createScopes(context) {
  const scopes = {};
  for (const name of SCOPE_NAMES) {
    scopes[name] = new PostmanVariableScope(context[name]);
    scopes[name].enableTracking({ autoCompact: true });
  }
  scopes.iterationData = new PostmanVariableScope();
  scopes.iterationData.syncVariablesFrom(context.data);
  for (const layer of ['iterationData', 'environment', 'collectionVariables', 'globals']) {
    scopes._variables.addLayer(scopes[layer].values);
  }
  return scopes;
}

module.exports = { SCOPE_NAMES, MutationTracker, VariableScope: PostmanVariableScope, createScopes };
