'use strict';
/**
 * Header and HeaderList.
 */
const { isObject } = own('./lang');
const { Property, isInstance } = own('./base');
const { PropertyList } = own('./property-list');

class Header extends Property {
  static name = 'PostmanHeader';

  constructor(/** @type {any} */ options, name) {
    const definition = typeof options !== 'string' ? options
      : typeof name === 'string' ? { key: name, value: options } : Header.parseSingle(options);
    super(definition);
    this.update(definition);
  }

  static create(/** @type {any[]} */ ...args) {
    return new Header(args[0], args[1]);
  }

  static isHeader(/** @type {any} */ object) {
    return isInstance(object, Header);
  }

  /** Header lines as `{key, value}`; folded lines are joined. @param {any} text */
  static parse(text) {
    const line = /^(\S+):(.*)$/gm;
    const headers = [];
    // The first line is matched before unfolding, the others after: the SDK's order, which scripts can see.
    let match = line.exec(text);
    const unfolded = text.toString().replace(/\r\n([ \t])/g, '$1');
    for (; match; match = line.exec(unfolded)) headers.push({ key: match[1], value: match[2].trim() });
    return headers;
  }

  static parseSingle(/** @type {any} */ header) {
    if (typeof header !== 'string') return { key: '', value: '' };
    const colon = header.indexOf(':');
    if (colon < 0) return { key: header.trim(), value: '' };
    return { key: header.slice(0, colon).trim(), value: header.slice(colon + 1).trim() };
  }

  static unparse(/** @type {any} */ headers, separator = '\r\n') {
    if (!Array.isArray(headers) && !PropertyList.isPropertyList(headers)) return '';
    return headers.reduce((/** @type {string} */ text, /** @type {any} */ header) => (
      header && !header.disabled ? text + Header.unparseSingle(header) + separator : text
    ), '');
  }

  static unparseSingle(/** @type {any} */ header) {
    return isObject(header) ? `${header.key}: ${header.value}` : '';
  }

  update(/** @type {any} */ options) {
    this.key = (options && options.key) || '';
    this.value = options && options.value !== undefined ? options.value : '';
    if (!options || typeof options !== 'object') return;
    if (Object.hasOwn(options, 'system')) this.system = options.system;
    if (Object.hasOwn(options, 'disabled')) this.disabled = options.disabled;
  }

  toString() {
    return `${this.key}: ${this.value}`;
  }

  valueOf() {
    return this.value;
  }
}
Header._postman_propertyName = 'Header';
Header._postman_propertyIndexKey = 'key';
Header._postman_propertyIndexCaseInsensitive = true;
Header._postman_propertyAllowsMultipleValues = true;

class HeaderList extends PropertyList {
  constructor(/** @type {any} */ parent, /** @type {any} */ headers) {
    super(Header, parent, headers);
  }

  static isHeaderList(/** @type {any} */ object) {
    return isInstance(object, HeaderList);
  }

  /** Length of the header block, a line end after each header included. */
  contentSize() {
    return this.count() ? Header.unparse(this).length : 0;
  }
}
HeaderList._postman_propertyName = 'HeaderList';

module.exports = { Header, HeaderList };
