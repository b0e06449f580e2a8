'use strict';
/**
 * Url: the parts of a request's address.
 */
const { isObject } = own('./lang');
const { PropertyBase, isInstance } = own('./base');
const { PropertyList } = own('./property-list');
const { QueryParam } = own('./params');
const { VariableList } = own('./variable');
const { parseUrl } = own('./url-parse');

/** The name in a `:name` path segment; a dot ends it. @param {any} segment */
function pathVariable(segment) {
  const text = String(segment);
  if (!text.startsWith(':')) return null;
  const dot = text.indexOf('.');
  return text.slice(1, dot === -1 ? undefined : dot) || null;
}

/** @param {string} protocol */
const withSlashes = (protocol) => (protocol.endsWith('://') ? protocol : `${protocol}://`);

/** A query as a list: from text, from a list, or from a map. @param {any} query */
function queryList(query) {
  if (typeof query === 'string') query = query && QueryParam.parse(query);
  if (query && !Array.isArray(query)) {
    const keys = Object.keys(query);
    if (keys.length) return keys.map((key) => ({ key, value: query[key] }));
  }
  return query || [];
}

/** @param {any} path */
function pathSegments(path) {
  if (typeof path !== 'string') return path;
  path = path.replace(/^\/(.+)$/, '$1');
  if (!path) return undefined;
  return path === '/' ? [''] : path.split('/');
}

class Url extends PropertyBase {
  static name = 'PostmanUrl';

  constructor(/** @type {any} */ options) {
    super(options);
    this.update(options);
  }

  static isUrl(/** @type {any} */ object) {
    return isInstance(object, Url);
  }

  static parse(/** @type {any} */ text) {
    const url = parseUrl(text);
    if (url.auth) url.auth = { user: url.auth[0], password: url.auth[1] };
    if (url.query) url.query = url.query.map(QueryParam.parseSingle);
    const names = new Set((url.path || []).map(pathVariable).filter(Boolean));
    url.variable = names.size ? Array.from(names, (key) => ({ key })) : undefined;
    return url;
  }

  update(/** @type {any} */ url) {
    const parts = typeof (url || '') === 'string' ? Url.parse(url || '') : url;
    const { auth, protocol, port, hash, host, variable } = parts;
    if (Array.isArray(variable)) {
      for (const each of variable) if (isObject(each)) each.key = each.key || each.id;
    }
    this.auth = auth;
    this.protocol = protocol;
    this.port = port;
    this.path = pathSegments(parts.path);
    this.hash = hash;
    // A dot inside `{{…}}` does not part a host.
    this.host = typeof host === 'string' ? host.split(/\.(?![^{]*\}{2})/g) : host;
    this.query = new PropertyList(QueryParam, this, queryList(parts.query));
    this.variables = new VariableList(this, variable || []);
  }

  addQueryParams(/** @type {any} */ params) {
    this.query.populate(typeof params === 'string' ? QueryParam.parse(params) : params);
  }

  removeQueryParams(/** @type {any} */ params) {
    const keys = Array.isArray(params) ? params.map((param) => (param.key ? param.key : param)) : [params];
    this.query.remove((/** @type {any} */ param) => keys.includes(param.key));
  }

  getRaw() {
    throw new Error('`Url#getRaw` has been discontinued, use `Url#toString` instead.');
  }

  toString(forceProtocol) {
    const protocol = this.protocol || (forceProtocol ? 'http://' : '');
    let text = protocol ? withSlashes(protocol) : '';
    text += this.#authText();
    if (this.host) text += this.getHost();
    if (this.port !== null && this.port !== undefined && typeof this.port.toString === 'function') {
      text += `:${this.port.toString()}`;
    }
    if (this.path) text += this.getPath();
    text += this.#queryText();
    return typeof this.hash === 'string' ? `${text}#${this.hash}` : text;
  }

  #authText() {
    const { user, password } = this.auth || {};
    if (typeof password === 'string') return `${typeof user === 'string' ? user : ''}:${password}@`;
    return typeof user === 'string' ? `${user}@` : '';
  }

  /** A question mark stays when an enabled parameter is there, be it empty. */
  #queryText() {
    if (!this.query || !this.query.count()) return '';
    const query = this.getQueryString();
    const any = query || this.query.find((/** @type {any} */ param) => !(param && param.disabled));
    return any ? `?${query}` : '';
  }

  getPath(unresolved) {
    if (unresolved) return `/${this.path ? this.path.join('/') : ''}`;
    const segments = Array.isArray(this.path) ? this.path : Object.values(this.path || {});
    return `/${segments.map((segment) => {
      const name = pathVariable(segment);
      const value = name === null ? undefined : this.variables.get(name);
      return value && typeof value === 'string' ? value + segment.slice((name ?? '').length + 1) : segment;
    }).join('/')}`;
  }

  getQueryString() {
    return this.query.count() ? QueryParam.unparse(this.query.all()) : '';
  }

  getPathWithQuery() {
    const query = this.getQueryString();
    return query ? `${this.getPath()}?${query}` : this.getPath();
  }

  getHost() {
    if (!this.host) return '';
    return Array.isArray(this.host) ? this.host.join('.') : this.host.toString();
  }

  getRemote(/** @type {any} */ forcePort) {
    const host = this.getHost();
    const port = (this.port && this.port.toString()) || (forcePort && (this.protocol === 'https' ? '443' : '80'));
    return port ? `${host}:${port}` : host;
  }

  getOAuth1BaseUrl() {
    const port = this.port ? this.port.toString() : undefined;
    const host = this.host.join('.');
    const remote = host && (port === '80' || port === '443' || port === undefined) ? host : `${host}:${port}`;
    return withSlashes(this.protocol || 'http').toLowerCase() + remote.toLowerCase() + this.getPath();
  }
}
Url._postman_propertyName = 'Url';

module.exports = { Url };
