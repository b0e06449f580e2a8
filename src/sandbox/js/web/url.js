'use strict';

/** `URL` and `URLSearchParams`: the library's, with errors and console output as in Node. */

const { URL: Base, URLSearchParams } = own('./library')('internal/url');

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const PARTS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'searchParams', 'hash'];

class URL extends Base {
  constructor(input, ...base) {
    if (arguments.length === 0) throw coded(new TypeError('The "url" argument must be specified'), { code: 'ERR_MISSING_ARGS' });
    try {
      super(input, ...base);
    } catch (error) {
      if (!/^Invalid /.test(error?.message)) throw error;
      const about = base[0] === undefined ? {} : { base: String(base[0]) };
      throw coded(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: String(input), ...about });
    }
  }

  [INSPECT](_depth, options, inspect) {
    return `URL ${inspect(Object.fromEntries(PARTS.map((name) => [name, this[name]])), options)}`;
  }
}

function coded(error, members) {
  return Object.assign(error, members);
}

Object.defineProperty(URLSearchParams.prototype, INSPECT, {
  value(_depth, options, inspect) {
    const pairs = Array.from(this, ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    return pairs.length ? `URLSearchParams { ${pairs.join(', ')} }` : 'URLSearchParams {}';
  },
  configurable: true,
  writable: true,
});

module.exports = { URL, URLSearchParams };
