'use strict';

/** `URL` and `URLSearchParams`: the library's, with errors and console output as in Node. */

const { URL: Base, URLSearchParams: BaseParams } = own('./library')('internal/url');

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

/** Node takes null for nothing, and words it its own way that a pair is none. */
class URLSearchParams extends BaseParams {
  constructor(init) {
    try {
      super(init ?? undefined);
    } catch (error) {
      if (!/exactly two elements/.test(error?.message)) throw error;
      throw coded(new TypeError('Each query pair must be an iterable [name, value] tuple'), { code: 'ERR_INVALID_TUPLE' });
    }
  }
}

function coded(error, members) {
  return Object.assign(error, members);
}

Object.defineProperty(BaseParams.prototype, INSPECT, {
  value(_depth, options, inspect) {
    const pairs = Array.from(this, ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    return pairs.length ? `URLSearchParams { ${pairs.join(', ')} }` : 'URLSearchParams {}';
  },
  configurable: true,
  writable: true,
});

module.exports = { URL, URLSearchParams };
