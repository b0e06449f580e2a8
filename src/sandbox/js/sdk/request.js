'use strict';
/**
 * Request: what pm.request and pm.sendRequest speak of.
 */
const { has, isObject } = own('./lang');
const { Property, isInstance, toJSON } = own('./base');
const { HeaderList } = own('./header');
const { Url } = own('./url');

/** @param {any} method */
const methodOf = (method) => (method === null || method === undefined ? 'GET' : String(method).toUpperCase());

class Request extends Property {
  static name = 'PostmanRequest';

  constructor(/** @type {any} */ options) {
    super(options);
    const definition = typeof options === 'string' ? { url: options } : options;
    this.url = new Url(definition && has(definition, 'url') ? definition.url : undefined);
    // Metadata beside a request's address is dropped, as the SDK does by filling an empty Url.
    delete this.url._;
    this.headers = new HeaderList(this, definition && definition.header);
    this.method = has(definition, 'method') ? methodOf(definition.method) : 'GET';
    if (definition) this.#attach(definition);
  }

  static isRequest(/** @type {any} */ object) {
    return isInstance(object, Request);
  }

  update(/** @type {any} */ options) {
    if (!options) return;
    if (has(options, 'url')) this.url.update(options.url);
    if (options.header) this.headers.repopulate(options.header);
    if (has(options, 'method')) this.method = methodOf(options.method);
    this.#attach(options);
  }

  /** Body, auth, proxy and certificate, where given. */
  #attach(/** @type {any} */ options) {
    if (has(options, 'body')) this.body = new (own('./request-body').RequestBody)(options.body);
    if (options.auth) this.auth = new (own('./request-auth').RequestAuth)(options.auth);
    for (const [name, type] of [['proxy', 'ProxyConfig'], ['certificate', 'Certificate']]) {
      if (options[name]) this[name] = new (own('./library').sdk()[type])(options[name]);
    }
  }

  authorizeUsing(/** @type {any} */ type, /** @type {any} */ options) {
    if (isObject(type) && (options === null || options === undefined)) ({ type, ...options } = type);
    if (type === null) {
      delete this.auth;
      return;
    }
    const { RequestAuth } = own('./request-auth');
    if (!RequestAuth.isValidType(type)) return;
    if (this.auth) this.auth.clear(type);
    else this.auth = new RequestAuth(null, this);
    this.auth.use(type, options);
  }

  getHeaders(/** @type {any} */ options) {
    const { enabled, ignoreCase, multiValue, sanitizeKeys } = options || {};
    return this.headers.toObject(enabled, !ignoreCase, multiValue, sanitizeKeys);
  }

  forEachHeader(/** @type {(header: any, request: any) => void} */ callback) {
    for (const header of this.headers.all()) callback(header, this);
  }

  addHeader(/** @type {any} */ header) {
    this.headers.add(header);
  }

  removeHeader(/** @type {any} */ toRemove, /** @type {any} */ options) {
    const ignoreCase = Boolean(options && options.ignoreCase);
    const fold = (/** @type {string} */ key) => (ignoreCase ? key.toLowerCase() : key);
    const name = typeof toRemove === 'string' ? toRemove : toRemove.key;
    if (name) this.headers.remove((/** @type {any} */ header) => fold(header.key) === fold(name));
  }

  /** Unlike the list's own upsert this one minds case. */
  upsertHeader(/** @type {any} */ header) {
    if (!(header && header.key)) return undefined;
    const existing = this.headers.find((/** @type {any} */ each) => each.key === header.key);
    if (!existing) return this.headers.add(header);
    existing.value = header.value;
    return undefined;
  }

  addQueryParams(/** @type {any} */ params) {
    this.url.addQueryParams(params);
  }

  removeQueryParams(/** @type {any} */ params) {
    this.url.removeQueryParams(params);
  }

  /** Bytes of body and header block; the body's come from Content-Length where there is one. */
  size() {
    const length = this.headers.get('Content-Length');
    const declared = length && isNumeric(length);
    const line = `${this.method} ${this.url.getPathWithQuery()} HTTP/X.X\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    const body = declared ? parseInt(length, 10)
      : this.body ? own('./bytes').utf8Length(this.body.toString()) : 0;
    return { body, header, total: body + header, source: declared ? 'CONTENT-LENGTH' : 'COMPUTED' };
  }

  toJSON() {
    const json = toJSON(this);
    if (Array.isArray(json.header) && !json.header.length) delete json.header;
    return json;
  }

  clone() {
    return new Request(this.toJSON());
  }
}
Request._postman_propertyName = 'Request';

/** @param {any} value */
function isNumeric(value) {
  return !Number.isNaN(parseFloat(value)) && isFinite(value);
}

module.exports = { Request, isNumeric };
