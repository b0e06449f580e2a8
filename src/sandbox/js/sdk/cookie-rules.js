'use strict';
/**
 * RFC 6265 as the cookie jar needs it: Set-Cookie texts, domain and path matching, lifetimes, order.
 * A jar cookie is plain JSON: `{key, value, expires, maxAge, domain, path, secure, httpOnly, hostOnly, …}`.
 */
const { parseUrl } = own('./url-parse');

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * RFC 6265 §5.1.1. Undefined when the text names no moment.
 * @param {string} text
 * @returns {Date | undefined}
 */
function parseDate(text) {
  let time, day, month = -1, year;
  for (const token of text.split(/[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/)) {
    /** @type {RegExpExecArray | null} */
    let match;
    if (!time && (match = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/.exec(token))) time = match.slice(1).map(Number);
    else if (day === undefined && (match = /^(\d{1,2})(?!\d)/.exec(token))) day = Number(match[1]);
    else if (month < 0 && MONTHS.includes(token.slice(0, 3).toLowerCase())) {
      month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    } else if (year === undefined && (match = /^(\d{2,4})(?!\d)/.exec(token))) {
      year = Number(match[1]);
      if (year < 70) year += 2000;
      else if (year < 100) year += 1900;
    }
  }
  if (!time || day === undefined || month < 0 || year === undefined) return undefined;
  const [hour, minute, second] = time;
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Date(Date.UTC(year, month, day, hour, minute, second));
}

/** @param {any} domain */
function canonicalDomain(domain) {
  if (domain === null || domain === undefined) return null;
  const bare = domain.trim().replace(/^\./, '').replace(/^\[(.*)\]$/, '$1');
  return bare.toLowerCase();
}

/** §5.1.3, on canonical names. @param {string} host @param {any} domain */
function domainMatches(host, domain) {
  if (host === domain) return true;
  if (!domain || !host.endsWith(`.${domain}`)) return false;
  return !/^\d{1,3}(\.\d{1,3}){3}$/.test(host) && !host.includes(':');
}

/** §5.1.4. @param {string} path @param {any} cookiePath */
function pathMatches(path, cookiePath) {
  if (path === cookiePath) return true;
  if (!cookiePath || !path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}

/** The directory of a path: a cookie's path when it names none. @param {string} path */
function defaultPath(path) {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** What of an address decides about cookies. @param {string} address */
function contextOf(address) {
  try {
    address = decodeURI(address);
  } catch {
    // Not an encoded address: it is read as it stands.
  }
  const { protocol, host, path } = parseUrl(address);
  const name = canonicalDomain((host || []).join('.')) || '';
  const scheme = String(protocol || '').toLowerCase();
  const local = name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
  return { host: name, path: `/${(path || []).join('/')}`, secure: scheme === 'https' || scheme === 'wss' || local };
}

/** Sets one attribute of a Set-Cookie text. @param {any} cookie @param {string} attribute */
function applyAttribute(cookie, attribute) {
  const equals = attribute.indexOf('=');
  const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
  const value = equals < 0 ? '' : attribute.slice(equals + 1).trim();
  if (name === 'expires') cookie.expires = (value && parseDate(value)?.toISOString()) || cookie.expires;
  else if (name === 'max-age') {
    if (/^-?[0-9]+$/.test(value)) cookie.maxAge = parseInt(value, 10);
  } else if (name === 'domain') cookie.domain = value.replace(/^\./, '').toLowerCase() || cookie.domain;
  else if (name === 'path') cookie.path = value[0] === '/' ? value : undefined;
  else if (name === 'secure') cookie.secure = true;
  else if (name === 'httponly') cookie.httpOnly = true;
  else if (name === 'samesite') {
    cookie.sameSite = ['strict', 'lax', 'none'].find((level) => level === value.toLowerCase());
  } else (cookie.extensions ??= []).push(attribute);
}

/**
 * A Set-Cookie text as a jar cookie; undefined when it is none. Nameless cookies are let in.
 * @param {string} text
 */
function parseSetCookie(text) {
  text = text.trim();
  if (!text) return undefined;
  const [first, ...attributes] = text.split(';');
  const pair = first.split(/[\n\r\0]/)[0].replace(/^=/, '');
  const equals = pair.indexOf('=');
  const key = equals <= 0 ? '' : pair.slice(0, equals).trim();
  const value = equals <= 0 ? pair.trim() : pair.slice(equals + 1).trim();

  if (/[\x00-\x1f]/.test(key + value)) return undefined;
  /** @type {Record<string, any>} */
  const cookie = { key, value };
  for (const attribute of attributes) if (attribute.trim()) applyAttribute(cookie, attribute.trim());
  return cookie;
}

/** When a cookie dies, in ms since the epoch. @param {any} cookie */
function expiryTime({ maxAge, expires, creation }) {
  if (maxAge !== null && maxAge !== undefined) {
    return maxAge <= 0 ? -Infinity : (creation ? Date.parse(creation) : Date.now()) + maxAge * 1000;
  }
  // eslint-disable-next-line eqeqeq
  if (!expires || expires == Infinity) return Infinity;
  return Date.parse(expires);
}

/** Longer paths first, then older cookies (§5.4). @param {any} a @param {any} b */
function compare(a, b) {
  const age = (/** @type {any} */ cookie) => (cookie.creation ? Date.parse(cookie.creation) : 2147483647000);
  return (b.path || '').length - (a.path || '').length || age(a) - age(b);
}

/** `__Secure-` and `__Host-` names demand attributes; without them the cookie is dropped silently. @param {any} cookie */
function prefixAllows(cookie) {
  if (cookie.key.startsWith('__Secure-')) return Boolean(cookie.secure);
  return !cookie.key.startsWith('__Host-') || Boolean(cookie.secure && cookie.hostOnly && cookie.path === '/');
}

module.exports = {
  canonicalDomain, compare, contextOf, defaultPath, domainMatches, expiryTime, parseSetCookie, pathMatches, prefixAllows,
};
