'use strict';
/**
 * QueryParam and FormParam: what query strings and forms are lists of.
 */
const { has } = own('./lang');
const { Property, toJSON } = own('./base');
const { PropertyList } = own('./property-list');

/** @type {Record<string, string>} */
const ESCAPES = { '&': '%26', '#': '%23', '=': '%3D' };

/**
 * Escapes what would end a parameter; text inside `{{…}}` stays.
 * @param {string} text
 * @param {boolean} isKey
 */
function escapeParam(text, isKey) {
  return text.replace(isKey ? /\{\{[^{}]*\}\}|[&#=]/g : /\{\{[^{}]*\}\}|[&#]/g, (found) => ESCAPES[found] ?? found);
}

class QueryParam extends Property {
  static name = 'PostmanQueryParam';

  constructor(/** @type {any} */ options) {
    super(options);
    this.update(options);
  }

  static parse(/** @type {any} */ query) {
    return typeof query === 'string' ? query.split('&').map(QueryParam.parseSingle) : [];
  }

  /** As a callback of `map`, an empty parameter that is not the last has a null key. */
  static parseSingle(param, index, all) {
    if (param === '' && typeof index === 'number' && Array.isArray(all) && index !== all.length - 1) {
      return { key: null, value: null };
    }
    const equals = param.indexOf('=');
    if (equals < 0) return { key: param, value: null };
    return { key: param.slice(0, equals), value: param.slice(equals + 1) };
  }

  static unparse(/** @type {any} */ params) {
    if (!params) return '';
    if (!Array.isArray(params) && !PropertyList.isPropertyList(params)) {
      return Object.keys(params).map((key) => QueryParam.unparseSingle({ key, value: params[key] })).join('&');
    }
    return params.filter((/** @type {any} */ param) => param.disabled !== true)
      .map(QueryParam.unparseSingle).join('&');
  }

  static unparseSingle(/** @type {any} */ param) {
    if (!param) return '';
    const { key, value } = param;
    const name = typeof key === 'string' ? escapeParam(key, true) : '';
    return typeof value === 'string' ? `${name}=${escapeParam(value, false)}` : name;
  }

  update(/** @type {any} */ param) {
    const { key, value } = typeof param === 'string' ? QueryParam.parseSingle(param) : param ?? {};
    this.key = key;
    this.value = value;
    if (has(param, 'system')) this.system = param.system;
  }

  toString() {
    return QueryParam.unparseSingle(this);
  }

  valueOf() {
    return typeof this.value === 'string' ? this.value : '';
  }
}
QueryParam._postman_propertyName = 'QueryParam';
QueryParam._postman_propertyIndexKey = 'key';
QueryParam._postman_propertyAllowsMultipleValues = true;

class FormParam extends Property {
  static name = 'PostmanFormParam';

  constructor(/** @type {any} */ options = {}) {
    super(options);
    this.key = options.key || '';
    this.value = options.value || '';
    this.type = options.type;
    this.src = options.src;
    this.contentType = options.contentType;
    this.fileName = options.fileName;
  }

  static parse() {}

  toString() {
    return `${this.key}=${this.value}`;
  }

  valueOf() {
    return this.value;
  }

  toJSON() {
    const json = toJSON(this);
    if (json.type === 'file' && (typeof json.value !== 'string' || !json.value)) delete json.value;
    return json;
  }
}
FormParam._postman_propertyName = 'FormParam';
FormParam._postman_propertyIndexKey = 'key';
FormParam._postman_propertyAllowsMultipleValues = true;

module.exports = { QueryParam, FormParam };
