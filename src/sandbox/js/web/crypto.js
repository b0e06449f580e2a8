'use strict';

/** The global `crypto` and its classes; `crypto.subtle` loads on first use. https://w3c.github.io/webcrypto */

const DOMException = own('./dom-exception');
const kinds = own('./kinds');

/** Only these may construct what scripts may not. */
const key = Symbol('crypto');

/** Most bytes one call fills. */
const QUOTA = 65536;

function illegal() {
  const error = new TypeError('Illegal constructor');
  error.code = 'ERR_ILLEGAL_CONSTRUCTOR';
  return error;
}

class Crypto {
  constructor(token) {
    if (token !== key) throw illegal();
  }

  get subtle() {
    return subtle();
  }

  getRandomValues(array) {
    if (arguments.length === 0) {
      throw new TypeError("Failed to execute 'getRandomValues' on 'Crypto': 1 argument required, but only 0 present.");
    }
    const name = kinds.typedArrayName(array);
    if (!name || name.startsWith('Float')) {
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (array.byteLength > QUOTA) {
      throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
    }
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(host.random(array.byteLength));
    return array;
  }

  randomUUID() {
    return host.uuid();
  }

  get [Symbol.toStringTag]() {
    return 'Crypto';
  }
}

/** What a key is made of: seen by `subtle` alone. @type {WeakMap<CryptoKey, {type: string, data: Uint8Array}>} */
const material = new WeakMap();

class CryptoKey {
  #fields;

  constructor(token, fields, data) {
    if (token !== key) throw illegal();
    this.#fields = fields;
    material.set(this, data);
  }

  get type() {
    return this.#fields.type;
  }

  get extractable() {
    return this.#fields.extractable;
  }

  get algorithm() {
    return this.#fields.algorithm;
  }

  get usages() {
    return this.#fields.usages;
  }

  get [Symbol.toStringTag]() {
    return 'CryptoKey';
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `CryptoKey ${inspect({ ...this.#fields }, options)}`;
  }
}

/** Its methods are put on it by `subtle.js`. */
class SubtleCrypto {
  constructor(token) {
    if (token !== key) throw illegal();
  }

  get [Symbol.toStringTag]() {
    return 'SubtleCrypto';
  }
}

let instance;

function subtle() {
  if (!instance) {
    instance = new SubtleCrypto(key);
    const makeKey = (fields, data) => new CryptoKey(key, fields, data);
    const methods = own('./subtle')({ CryptoKey, makeKey, material });
    for (const name of Object.keys(methods)) {
      Object.defineProperty(SubtleCrypto.prototype, name, { value: methods[name], writable: true, enumerable: true, configurable: true });
    }
  }
  return instance;
}

module.exports = { Crypto, CryptoKey, SubtleCrypto, crypto: new Crypto(key) };
