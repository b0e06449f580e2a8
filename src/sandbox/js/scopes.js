'use strict';
/**
 * The variable scopes scripts see: lists of variables read through layers, every change tracked so that the runner can
 * replay it on the real scope.
 */
const { Property, isInstance } = own('./sdk/base');
const { cloneElement, isObject } = own('./sdk/lang');
const { VariableList } = own('./sdk/variable');
const { GivenVariables } = own('./given-variables');
const { replaceIn } = own('./replace');

/** Names of the scopes a script can change, in the order their layers are searched. */
const SCOPE_NAMES = ['_variables', 'environment', 'collectionVariables', 'globals'];

const enabled = (variable) => (variable && !variable.disabled ? variable : undefined);

/** A property that is what it would be anyway, from the moment somebody looks at it. */
function lazily(target, key, build) {
  const settle = (value) => Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  Object.defineProperty(target, key, {
    get: () => settle(build())[key],
    set(value) {
      build();
      settle(value);
    },
    enumerable: true,
    configurable: true,
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

  /** @param {PostmanVariableScope} target */
  applyOn(target) {
    for (const mutation of [...Object.values(this.compacted), ...this.stream]) {
      if (mutation && mutation.length <= 3) target.applyMutation(mutation.length > 1 ? 'set' : 'unset', ...mutation);
    }
  }
}

/** Names that may say that what they hold is secret; the runner knows better, and is told of more than it needs. */
const MAY_BE_SECRET = /token|secret|pass|key|cred|auth|bearer|session|jwt/i;

/** Who hears of values that may be secret as soon as they are set, by scope. @type {WeakMap<object, (key: string, value: any, options: any) => void>} */
const listeners = new WeakMap();

class PostmanVariableScope extends Property {
  /** The variables, until a script wants them as a list. @type {GivenVariables | undefined} */
  #given;

  /** Scopes read where this one has nothing, until a script wants them as lists. @type {(() => PostmanVariableScope[]) | undefined} */
  #behind = () => [];

  /**
   * @param {any} [definition] `{ id, name, prefix, values }`, or the values alone
   * @param {any} [layers]
   */
  constructor(definition, layers) {
    const bare = Array.isArray(definition) || isInstance(definition, VariableList);
    const source = bare ? { values: definition } : definition;
    super(source);
    const { values, mutations, prefix } = source || {};
    this.#give(isInstance(values, VariableList) ? values.toJSON() : values || []);
    for (const layer of /** @type {any[]} */ ([]).concat(layers || [])) this.addLayer(layer);
    if (mutations) this.mutations = new MutationTracker(mutations);
    if (prefix) this.prefix = prefix;
  }

  #give(values) {
    if (!GivenVariables.suits(values)) {
      this.values = new VariableList(this, values);
      return;
    }
    this.#given = new GivenVariables(values);
    lazily(this, 'values', () => {
      const list = new VariableList(this, this.#given.definitions);
      this.#given = undefined;
      return list;
    });
  }

  /** @returns {{ valueOf(): *, toString(): string } | undefined} the enabled variable of this scope alone */
  #own(name) {
    if (this.#given) return this.#given.find(name);
    return enabled(this.values.oneNormalizedVariable(name));
  }

  /** @returns {{ valueOf(): *, toString(): string } | undefined} the enabled variable a read of `name` finds */
  #find(name) {
    let found = this.#own(name);
    if (found) return found;
    const behind = this.#behind;
    if (behind) {
      for (const scope of behind()) if ((found = scope.#own(name))) return found;
    } else {
      for (const layer of this._layers) if ((found = enabled(layer.oneNormalizedVariable(name)))) return found;
    }
    return undefined;
  }

  has(key) {
    return this.#find((this.prefix || '') + key) !== undefined;
  }

  get(key) {
    return this.#find((this.prefix || '') + key)?.valueOf();
  }

  /**
   * Updates the enabled variable of that name, or adds one: a disabled variable is never touched.
   * @param {string} key
   * @param {*} value
   * @param {any} [options] `{ type, secret }`; a string is the type
   */
  set(key, value, options) {
    const name = (this.prefix || '') + key;
    if (options || !this.#given?.set(name, value)) this.#update(name, value, options);
    listeners.get(this)?.(name, value, options);
    if (!this._postman_enableTracking) return;
    const hasSecret = isObject(options) && 'secret' in options;
    this.mutations?.track('set', key, value, hasSecret ? { secret: options.secret } : {});
  }

  #update(name, value, options) {
    const { type, secret } = (typeof options === 'string' ? { type: options } : options) || {};
    /** @type {any} */
    const update = { key: name, value };
    if (typeof type === 'string') update.type = type;
    if (typeof secret === 'boolean') update.secret = secret;
    const known = enabled(this.values.oneNormalizedVariable(name));
    if (known) known.update(update);
    else this.values.add(update);
  }

  /** Removes every enabled variable of that name. */
  unset(key) {
    const name = (this.prefix || '') + key;
    if (this.#given) {
      this.#given.unset(name);
    } else {
      this.values.remove((variable) => variable.key === name && !variable.disabled);
      const disabled = this.values.members.findLast((variable) => variable.key === name);
      if (disabled) this.values.reference[name] = disabled;
    }
    if (this._postman_enableTracking) this.mutations?.track('unset', key);
  }

  clear() {
    const keys = this.#given ? this.#given.keys() : this.values.members.map(({ key }) => key);
    if (this._postman_enableTracking) for (const key of keys) this.mutations?.track('unset', key);
    (this.#given || this.values).clear();
  }

  toObject(excludeDisabled, caseSensitive) {
    const lists = [this.values, ...(this._layers || [])].reverse();
    return Object.assign({}, ...lists.map((list) => list.toObject(excludeDisabled, caseSensitive)));
  }

  /** @param {string | Array | Object} template */
  replaceIn(template) {
    return replaceIn(template, (name) => this.#find(name));
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
    this._layers = [...(this._layers || []), list];
    this.#behind = undefined;
  }

  /**
   * As `addLayer` of the lists of scopes, without making them, nor lists of them, before they are read.
   * @param {() => PostmanVariableScope[]} scopes
   */
  readThrough(scopes) {
    this.#behind = scopes;
    lazily(this, '_layers', () => {
      this.#behind = undefined;
      return scopes().map((scope) => scope.values);
    });
  }

  variables() {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  toJSON() {
    return cloneElement(PostmanVariableScope.describe(this));
  }

  /**
   * What `toJSON` says, for who will not change it. Layers belong to other scopes and tracking to this session: neither
   * is told.
   * @param {PostmanVariableScope} scope
   */
  static describe(scope) {
    const json = {};
    for (const key of Object.keys(scope)) {
      if (key === 'values' || key === '_layers' || (key === '_postman_enableTracking' && scope[key])) continue;
      json[key] = scope[key];
    }
    json.values = (scope.#given || scope.values).toJSON();
    return json;
  }

  static isVariableScope(object) {
    return isInstance(object, PostmanVariableScope);
  }
}
PostmanVariableScope._postman_propertyName = 'VariableScope';
PostmanVariableScope.prototype._postman_propertyRequiresId = true;

/**
 * The scope of that name, its changes tracked.
 * @param {Object} context the `context` of the `execute` message
 * @param {string} name
 * @param {false | ((key: string, value: any, known: boolean) => void)} [secretSet] told what is set and may be secret, or
 *   is known to be, while the script goes on
 */
function createScope(context, name, secretSet) {
  const scope = new PostmanVariableScope(context[name]);
  scope.enableTracking({ autoCompact: true });
  if (secretSet) {
    const values = context[name]?.values;
    const typed = (key) => Array.isArray(values) && values.some((known) => known?.key === key && known.type === 'secret');
    listeners.set(scope, (key, value, options) => {
      const declared = options === 'secret' || options?.secret === true || options?.type === 'secret';
      const known = declared || typed(key);
      if (known || MAY_BE_SECRET.test(key)) secretSet(key, value, known);
    });
  }
  return scope;
}

/** The data row as a scope. */
function createIterationData({ data }) {
  const row = isObject(data) ? data : {};
  return new PostmanVariableScope(Object.keys(row).map((key) => ({ key, value: row[key] })));
}

module.exports = { SCOPE_NAMES, MutationTracker, VariableScope: PostmanVariableScope, createScope, createIterationData };
