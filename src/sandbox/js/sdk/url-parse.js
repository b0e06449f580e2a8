'use strict';
/**
 * Cuts a URL text into its parts the way Postman does: nothing is decoded, nothing is rejected, and `{{variables}}` are opaque.
 */

/** A character the text does not contain, to stand for variables. @param {string} text */
function absentFrom(text) {
  let code = 0xe000;
  while (text.includes(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}

/**
 * @param {any} text
 * @returns {any} raw, protocol, auth, host, port, path, query, hash; undefined where absent
 */
function parseUrl(text) {
  if (!(text && typeof text === 'string')) return { raw: text, ...cut('') };
  const raw = text.trimStart();
  const variables = raw.match(/\{\{[^{}]*\}\}/g);
  if (!variables) return { raw, ...cut(raw) };
  const mark = absentFrom(raw);
  const marks = new RegExp(mark, 'g');
  const parts = cut(raw.replace(/\{\{[^{}]*\}\}/g, mark));
  // The parts come in the order of the text, so the variables go back in order too.
  let next = 0;
  const restore = (/** @type {string} */ part) => part.replace(marks, () => variables[next++]);
  for (const name of Object.keys(parts)) {
    const part = parts[name];
    if (part) parts[name] = Array.isArray(part) ? part.map(restore) : restore(part);
  }
  return { raw, ...parts };
}

/** @param {string} rest */
function cut(rest) {
  /** @type {Record<string, any>} */
  const parts = {
    protocol: undefined, auth: undefined, host: undefined, port: undefined,
    path: undefined, query: undefined, hash: undefined,
  };
  let at = rest.indexOf('#');
  if (at !== -1) {
    parts.hash = rest.slice(at + 1);
    rest = rest.slice(0, at);
  }
  at = rest.indexOf('?');
  if (at !== -1) {
    parts.query = rest.slice(at + 1).split('&');
    rest = rest.slice(0, at);
  }
  rest = rest.replace(/\\/g, '/');
  at = rest.indexOf('://');
  if (at !== -1) {
    parts.protocol = rest.slice(0, at);
    rest = rest.slice(at + 3).replace(/^\/+/, parts.protocol.toLowerCase() === 'file' ? '/' : '');
  }
  at = rest.indexOf('/');
  if (at !== -1) {
    parts.path = rest.slice(at + 1).split('/');
    rest = rest.slice(0, at);
  }
  return authority(rest, parts);
}

/** @param {string} rest @param {Record<string, any>} parts */
function authority(rest, parts) {
  let at = rest.lastIndexOf('@');
  if (at !== -1) {
    const auth = rest.slice(0, at);
    const colon = auth.indexOf(':');
    parts.auth = colon === -1 ? [auth] : [auth.slice(0, colon), auth.slice(colon + 1)];
    rest = rest.slice(at + 1);
  }
  at = rest.lastIndexOf(':');
  if (at !== -1 && !rest.includes(']', at)) {
    parts.port = rest.slice(at + 1);
    rest = rest.slice(0, at);
  }
  if (rest) parts.host = rest.split('.');
  return parts;
}

module.exports = { parseUrl };
