'use strict';
/**
 * The cookie jar of `pm.cookies.jar()`. It keeps nothing: it asks the runner's store, in the terms of Postman's
 * `execution.cookies.<id>` messages (`eventId, 'store', method, arguments`), and applies RFC 6265 to the answers.
 */
const { Cookie, CookieList } = own('./cookie');
const { Url } = own('./url');
const rules = own('./cookie-rules');

/** What scripts see of a jar cookie. @param {any} cookie */
function toPostman(cookie) {
  if (!cookie) return undefined;
  const { key, value, expires = 'Infinity', maxAge = null, domain = null, path = null, extensions } = cookie;
  const { secure = false, httpOnly = false, hostOnly = null } = cookie;
  return new Cookie({
    name: key, value, expires: expires === 'Infinity' ? null : new Date(expires),
    maxAge, domain, path, secure, httpOnly, hostOnly, extensions,
  });
}

/** A script's cookie object as a jar cookie. @param {any} cookie */
function fromPostman({ name, key, value, expires, ...rest }) {
  /** @type {Record<string, any>} */
  const jarred = { key: name || key || '', value: value ?? '' };
  if (expires !== undefined) {
    jarred.expires = expires === null || expires === 'Infinity' ? expires : new Date(expires).toISOString();
  }
  for (const attribute of ['maxAge', 'domain', 'path', 'secure', 'httpOnly', 'hostOnly', 'extensions']) {
    if (rest[attribute] !== undefined && rest[attribute] !== null) jarred[attribute] = rest[attribute];
  }
  return jarred;
}

/**
 * Runs `task`; its outcome goes to the callback, or becomes a promise when there is none.
 * A callback that throws is called again with what it threw, as in Postman.
 * @param {() => Promise<any>} task
 * @param {any} callback
 * @param {boolean=} callbackRequired
 */
function settle(task, callback, callbackRequired) {
  const outcome = () => new Promise((resolve) => resolve(task())).catch((error) => {
    throw error instanceof Error ? error : new Error(error);
  });
  if (callback === undefined) return outcome();
  if (typeof callback !== 'function') {
    if (callbackRequired) throw new TypeError('callback needs to be a function');
    callback = () => {};
  }
  outcome().then((result) => callback(null, result)).catch((error) => callback(asError(error)));
  return undefined;
}

/** @param {any} error */
const asError = (error) => (error instanceof Error ? error : new Error(error));

/** A cookie as the store is told of it: without an empty name or value. @param {any} cookie */
function stored({ key, value, ...rest }) {
  return { ...(key && { key }), ...(value && { value }), ...rest };
}

class CookieJar {
  static name = 'PostmanCookieJar';

  #execution;

  constructor(/** @type {any} */ execution) {
    this.#execution = execution;
  }

  get(/** @type {any} */ url, /** @type {any} */ name, /** @type {any} */ callback) {
    return settle(async () => {
      const address = this.#address(url, 'get');
      requireName(name, 'get');
      const cookie = (await this.#cookies(address)).find((each) => each.key === name);
      return cookie ? toPostman(cookie)?.valueOf() : null;
    }, callback, true);
  }

  getAll(/** @type {any} */ url, /** @type {any} */ options, /** @type {any} */ callback) {
    if (typeof options === 'function' && !callback) [callback, options] = [options, {}];
    if (options === undefined && !callback) options = {};
    return settle(async () => {
      const address = this.#address(url, 'getAll');
      if (typeof options !== 'object') throw new TypeError('CookieJar.getAll() requires options to be an object');
      const http = Object.hasOwn(options, 'http') ? Boolean(options.http) : true;
      const secure = Object.hasOwn(options, 'secure') ? Boolean(options.secure) : undefined;
      return new CookieList(null, (await this.#cookies(address, http, secure)).map(toPostman));
    }, callback, true);
  }

  set(/** @type {any} */ url, /** @type {any} */ name, /** @type {any} */ value, /** @type {any} */ callback) {
    if (typeof value === 'function' && !callback) [callback, value] = [value, null];
    return settle(async () => {
      const address = this.#address(url, 'set');
      return toPostman(await this.#put(cookieToSet(name, value), address));
    }, callback);
  }

  unset(/** @type {any} */ url, /** @type {any} */ name, /** @type {any} */ callback) {
    return settle(async () => {
      const address = this.#address(url, 'unset');
      requireName(name, 'unset');
      const cookie = (await this.#cookies(address)).find((each) => each.key === name);
      if (cookie) await this.#remove(cookie);
    }, callback);
  }

  clear(/** @type {any} */ url, /** @type {any} */ callback) {
    return settle(async () => {
      const address = this.#address(url, 'clear');
      for (const cookie of await this.#cookies(address)) await this.#remove(cookie);
    }, callback);
  }

  /** @param {any} url @param {string} method */
  #address(url, method) {
    if (Url.isUrl(url)) return url.toString(true);
    if (url && typeof url === 'string') return new Url(url).toString(true);
    throw new TypeError(`CookieJar.${method}() requires a valid url`);
  }

  /** Asks the runner's store. @param {string} method @param {...any} args @returns {Promise<any>} */
  #store(method, ...args) {
    return new Promise((resolve, reject) => {
      this.#execution.ask('cookies', ['store', method, args], (/** @type {any} */ error, /** @type {any} */ result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  /** A cookie may have no name. @param {any} cookie */
  #remove({ domain, path, key = '' }) {
    return this.#store('removeCookie', domain, path, key);
  }

  /** The live cookies a request to the address would carry, in the order it would carry them. */
  async #cookies(/** @type {string} */ address, http = true, secure = /** @type {any} */ (undefined)) {
    const { host, path, ...context } = rules.contextOf(address);
    const found = (await this.#store('findCookies', host, path, true)) || [];
    const now = Date.now();
    return found.filter((/** @type {any} */ cookie) => {
      const { domain, hostOnly } = cookie;
      if (hostOnly ? domain !== host : !rules.domainMatches(host, domain)) return false;
      if (!rules.pathMatches(path, cookie.path)) return false;
      if ((cookie.secure && !(secure ?? context.secure)) || (cookie.httpOnly && !http)) return false;
      if (rules.expiryTime(cookie) > now) return true;
      this.#remove(cookie).catch(() => {});
      return false;
    }).sort(rules.compare);
  }

  /** Stores a cookie as if the address had sent it; undefined when its name forbids what it lacks. */
  async #put(/** @type {any} */ cookie, /** @type {string} */ address) {
    const { host, path } = rules.contextOf(address);
    if (cookie.domain) {
      const domain = rules.canonicalDomain(cookie.domain);
      if (!rules.domainMatches(host, domain)) {
        throw new Error(`Cookie not in this host's domain. Cookie:${domain} Request:${host}`);
      }
      cookie.hostOnly ??= false;
    } else Object.assign(cookie, { domain: host, hostOnly: true });
    if (!cookie.path || cookie.path[0] !== '/') {
      Object.assign(cookie, { path: rules.defaultPath(path), pathIsDefault: true });
    }
    if (!rules.prefixAllows(cookie)) return undefined;
    const now = new Date().toISOString();
    const old = await this.#store('findCookie', cookie.domain, cookie.path, cookie.key);
    Object.assign(cookie, { creation: (old && old.creation) || now, lastAccessed: now });
    if (old) await this.#store('updateCookie', old, stored(cookie));
    else await this.#store('putCookie', stored(cookie));
    return cookie;
  }
}

/** @param {any} name @param {string} method */
function requireName(name, method) {
  if (typeof name !== 'string') throw new TypeError(`CookieJar.${method}() requires cookie name to be a string`);
}

/** The three shapes of `set`: name and value, an object, a Set-Cookie text. @param {any} name @param {any} value */
function cookieToSet(name, value) {
  if (name && value) return fromPostman({ name, value });
  if (name === null) throw new Error('First argument to setCookie must be a Cookie object or string');
  if (typeof name === 'object') return fromPostman(name);
  if (typeof name !== 'string') throw new TypeError('CookieJar.set() requires a valid set cookie arguments');
  const cookie = rules.parseSetCookie(name);
  if (!cookie) throw new Error('Cookie failed to parse');
  return cookie;
}

module.exports = { CookieJar };
