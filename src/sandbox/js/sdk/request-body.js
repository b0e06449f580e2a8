'use strict';
/**
 * RequestBody: what a request carries, in one of five modes.
 */
const { isEmpty, isObject } = own('./lang');
const { PropertyBase, toJSON } = own('./base');
const { PropertyList } = own('./property-list');
const { QueryParam, FormParam } = own('./params');

const MODES = { file: 'file', formdata: 'formdata', graphql: 'graphql', raw: 'raw', urlencoded: 'urlencoded' };

class RequestBody extends PropertyBase {
  static name = 'PostmanRequestBody';

  constructor(/** @type {any} */ options) {
    super(options);
    if (options) this.update(options);
  }

  update(/** @type {any} */ options) {
    if (typeof options === 'string') options = { mode: 'raw', raw: options };
    if (!options.mode) return;
    const mode = /** @type {Record<string, string>} */ (MODES)[options.mode.toString().toLowerCase()] || MODES.raw;
    const { urlencoded, formdata, graphql, file, raw } = options;
    this.mode = mode;
    this.raw = mode === MODES.raw && !raw ? '' : raw;
    this.urlencoded = this.#list(QueryParam, mode === MODES.urlencoded,
      urlencoded && typeof urlencoded === 'string' ? QueryParam.parse(urlencoded) : urlencoded);
    this.formdata = this.#list(FormParam, mode === MODES.formdata, formdata);
    this.file = typeof file === 'string' ? { src: file } : file;
    this.graphql = graphql
      ? { query: graphql.query, operationName: graphql.operationName, variables: graphql.variables }
      : mode === MODES.graphql ? {} : graphql;
    this.options = isObject(options.options) ? options.options : undefined;
    this.disabled = options.disabled;
  }

  #list(/** @type {any} */ Type, /** @type {boolean} */ wanted, /** @type {any} */ items) {
    return items || wanted ? new PropertyList(Type, this, items || []) : items;
  }

  toString() {
    const content = this[/** @type {string} */ (this.mode)];
    if (this.mode === MODES.urlencoded && PropertyList.isPropertyList(content)) return QueryParam.unparse(content.all());
    if (this.mode !== MODES.urlencoded && this.mode !== MODES.raw) return '';
    return content && typeof content.toString === 'function' ? content.toString() : '';
  }

  isEmpty() {
    const content = this.mode && this[this.mode];
    if (!content) return true;
    if (this.mode === MODES.file) return !(content.src || content.content);
    if (typeof content === 'string') return content.length === 0;
    return typeof content.count === 'function' ? content.count() === 0 : isEmpty(content);
  }

  toJSON() {
    const json = toJSON(this);
    if (json.file && json.file.content && typeof json.file.content !== 'string') delete json.file.content;
    return json;
  }
}
RequestBody._postman_propertyName = 'RequestBody';
RequestBody.MODES = MODES;

module.exports = { RequestBody };
