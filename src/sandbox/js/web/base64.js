// @ts-check
/** `atob` and `btoa` as Node words them, over the engine's. */
'use strict';

const FOREIGN = /[^A-Za-z0-9+/=\t\n\f\r ]/;

/** @param {string} name @param {(text: any) => string} native @param {(text: string) => string} why */
function wrap(name, native, why) {
  return {
    [name](/** @type {any} */ input) {
      if (arguments.length === 0) {
        const error = new TypeError('The "input" argument must be specified');
        throw Object.assign(error, { code: 'ERR_MISSING_ARGS' });
      }
      const text = String(input);
      try {
        return native(text);
      } catch {
        throw new DOMException(why(text), 'InvalidCharacterError');
      }
    },
  }[name];
}

/** @param {(text: any) => string} atob @param {(text: any) => string} btoa */
module.exports = (atob, btoa) => ({
  atob: wrap('atob', atob, (text) => (FOREIGN.test(text) ? 'Invalid character'
    : 'The string to be decoded is not correctly encoded.')),
  btoa: wrap('btoa', btoa, () => 'Invalid character'),
});
