'use strict';
/**
 * Cookie and CookieList.
 */
const { choose, has, isObject, mergeDefined } = own('./lang');
const { PropertyBase, isInstance } = own('./base');
const { PropertyList } = own('./property-list');

/** @type {Record<string, string>} */
const ATTRIBUTES = {
  httponly: 'httpOnly', secure: 'secure', domain: 'domain', path: 'path',
  'max-age': 'maxAge', session: 'session', expires: 'expires',
};

/** Percent-encoded once, whether or not it already was. @param {any} text */
function ensureEncoded(text) {
  try {
    text = decodeURIComponent(text);
  } catch {
    // A lone percent sign: it is encoded as it stands.
  }
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {any} options @param {string} name */
const flag = (options, name) => (has(options, name) ? Boolean(options[name]) : undefined);

class Cookie extends PropertyBase {
  static name = 'PostmanCookie';

  constructor(/** @type {any} */ options) {
    super(options);
    const definition = typeof options === 'string' ? Cookie.parse(options) : options;
    if (definition) this.update(definition);
  }

  static isCookie(/** @type {any} */ object) {
    return isInstance(object, Cookie);
  }

  static unparse(/** @type {any} */ cookies) {
    if (!Array.isArray(cookies) && !PropertyList.isPropertyList(cookies)) return '';
    return cookies.map((/** @type {any} */ cookie) => Cookie.unparseSingle(cookie)).join('; ');
  }

  static unparseSingle(/** @type {any} */ cookie) {
    if (!isObject(cookie)) return '';
    const value = cookie.value ?? '';
    return cookie.name ? `${cookie.name}=${value}` : value;
  }

  static parse(/** @type {any} */ text) {
    if (typeof text !== 'string') return text;
    const [first, ...attributes] = text.split(/; */).map(Cookie.splitParam);
    /** @type {Record<string, any>} */
    const cookie = { key: first.key, value: first.value };
    for (const attribute of attributes) {
      const name = ATTRIBUTES[attribute.key.toLowerCase()];
      if (name) cookie[name] = attribute.value;
      else (cookie.extensions ??= []).push(attribute);
    }
    if (!cookie.domain) cookie.hostOnly = true;
    return cookie;
  }

  static stringify(/** @type {any} */ cookie) {
    return Cookie.prototype.toString.call(cookie);
  }

  /** What follows a second equals sign is lost: the SDK's way, which scripts see. */
  static splitParam(/** @type {string} */ param) {
    const [key, second] = param.split('=');
    /** @type {string | true} */
    let value = typeof second === 'string' ? second.trim() : true;
    if (value !== true && value[0] === '"') value = value.slice(1, -1);
    return { key: key.trim(), value };
  }

  update(/** @type {any} */ options) {
    mergeDefined(this, {
      name: choose(options.name, options.key),
      expires: typeof options.expires === 'string' ? new Date(options.expires) : options.expires,
      maxAge: has(options, 'maxAge') ? Number(options.maxAge) : undefined,
      domain: options.domain,
      path: options.path,
      secure: flag(options, 'secure'),
      httpOnly: flag(options, 'httpOnly'),
      hostOnly: flag(options, 'hostOnly'),
      session: flag(options, 'session'),
      value: options.value ? ensureEncoded(options.value) : undefined,
      extensions: options.extensions || undefined,
    });
  }

  valueOf() {
    try {
      return decodeURIComponent(this.value);
    } catch {
      return this.value;
    }
  }

  toString() {
    const { expires, maxAge, extensions } = this;
    let text = Cookie.unparseSingle(this);
    if (expires instanceof Date) {
      if (!Number.isNaN(expires.getTime())) text += `; Expires=${expires.toUTCString()}`;
    } else if (expires) text += `; Expires=${expires}`;
    if (maxAge && maxAge !== Infinity) text += `; Max-Age=${maxAge}`;
    if (this.domain && !this.hostOnly) text += `; Domain=${this.domain}`;
    if (this.path) text += `; Path=${this.path}`;
    if (this.secure) text += '; Secure';
    if (this.httpOnly) text += '; HttpOnly';
    for (const { key, value } of extensions || []) text += value === true ? `; ${key}` : `; ${key}=${value}`;
    return text;
  }
}
Cookie._postman_propertyName = 'Cookie';
Cookie._postman_propertyIndexKey = 'name';
Cookie._postman_propertyIndexCaseInsensitive = true;
Cookie._postman_propertyAllowsMultipleValues = true;

class CookieList extends PropertyList {
  constructor(/** @type {any} */ parent, /** @type {any} */ cookies) {
    super(Cookie, parent, cookies);
  }

  static isCookieList(/** @type {any} */ object) {
    return isInstance(object, CookieList);
  }
}
CookieList._postman_propertyName = 'CookieList';

module.exports = { Cookie, CookieList };
