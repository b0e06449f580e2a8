'use strict';
/**
 * RequestAuth: the chosen scheme and, a list each, the parameters of every scheme named.
 */
const { has, isObject } = own('./lang');
const { Property } = own('./base');
const { VariableList } = own('./variable');

class RequestAuth extends Property {
  static name = 'PostmanRequestAuth';

  constructor(options, parent) {
    super(options);
    if (parent) this.setParent(parent);
    if (has(options, 'type')) this.use(options.type);
    for (const type of Object.keys(options || {})) if (type !== 'type') this.update(options[type], type);
  }

  static isValidType(/** @type {any} */ type) {
    return typeof type === 'string' && type !== 'type';
  }

  /** The parameters of a scheme, made when missing. */
  #parameters(/** @type {string} */ type, /** @type {boolean} */ labelled) {
    if (!VariableList.isVariableList(this[type])) {
      this[type] = new VariableList(this);
      if (labelled) this[type]._postman_requestAuthType = type;
    }
    return this[type];
  }

  update(options, type) {
    if (!isObject(options)) return;
    const scheme = type || this.type;
    if (RequestAuth.isValidType(scheme)) fill(this.#parameters(scheme, true), options);
  }

  use(type, options) {
    if (!RequestAuth.isValidType(type)) return;
    this.type = type;
    fill(this.#parameters(type, false), options);
  }

  current() {
    throw new Error('`Request#current` has been discontinued, use `Request#parameters` instead.');
  }

  parameters() {
    return this[this.type];
  }

  clear(/** @type {any} */ type) {
    if (!(RequestAuth.isValidType(type) && VariableList.isVariableList(this[type]))) return;
    this[type].clear();
    if (type !== this.type) delete this[type];
  }
}
RequestAuth._postman_propertyName = 'RequestAuth';

/** @param {any} parameters @param {any} options */
function fill(parameters, options) {
  if (Array.isArray(options) || VariableList.isVariableList(options)) parameters.assimilate(options);
  else parameters.syncFromObject(options, false, false);
}

module.exports = { RequestAuth };
