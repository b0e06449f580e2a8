'use strict';

/**
 * `crypto.subtle`: which keys may do what, and their formats; the host computes. https://w3c.github.io/webcrypto
 *
 * A key's material is `{data}`: raw bytes of a secret key, PKCS#8 of a private one, SPKI of a public one.
 */

const DOMException = own('./dom-exception');
const { bytesOf } = own('./encoding');
const { DERIVATIONS, algorithmOf, hashOf } = own('./subtle-algorithms');

/** Runs an operation of the host, whose errors say which DOMException they are. */
function run(operation, ...args) {
  const [outcome, failure] = host.subtle(operation, ...args);
  if (failure === undefined) return outcome;
  const [, name, message] = /^(\w+): ([^]*)$/.exec(failure) ?? [undefined, 'OperationError', failure];
  throw name === 'TypeError' ? new TypeError(message) : new DOMException(message, name);
}

/** A buffer of its own, as every method gives. @param {Uint8Array} bytes */
const bufferOf = (bytes) => bytes.slice().buffer;

/** Arguments each method needs, and the places of those that are data. @type {Record<string, [number, ...number[]]>} */
const NEEDED = {
  digest: [2, 2], encrypt: [3, 3], decrypt: [3, 3], sign: [3, 3], verify: [4, 3, 4], deriveBits: [2], deriveKey: [5],
  generateKey: [3], importKey: [5], exportKey: [2], wrapKey: [4], unwrapKey: [7, 2],
};

const FORMATS = ['raw', 'pkcs8', 'spki', 'jwk'];
const ORDINALS = ['', '1st', '2nd', '3rd', '4th'];

/** @param {string} method @param {string} why @param {string} [code] */
function refused(method, why, code = 'ERR_INVALID_ARG_TYPE') {
  return Object.assign(new TypeError(`Failed to execute '${method}' on 'SubtleCrypto': ${why}`), { code });
}

/** Refuses arguments that are not there, or not what they must be. @param {string} method @param {any[]} args */
function check(method, args) {
  const [count, ...data] = NEEDED[method];
  if (args.length < count) throw refused(method, `${count} arguments required, but only ${args.length} present.`, 'ERR_MISSING_ARGS');
  if (['importKey', 'exportKey', 'wrapKey', 'unwrapKey'].includes(method) && !FORMATS.includes(args[0])) {
    throw refused(method, `1st argument value '${args[0]}' is not a valid enum value of type KeyFormat.`, 'ERR_INVALID_ARG_VALUE');
  }
  for (const place of data) {
    if (isData(args[place - 1])) continue;
    throw refused(method, `${ORDINALS[place]} argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
  }
}

const isData = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/** Data as it is now: scripts may change it while they await. */
function copyOf(data) {
  return bytesOf(data).slice();
}

/** @param {{CryptoKey: any, makeKey: Function, material: WeakMap<object, {data: Uint8Array}>}} keys */
module.exports = function createSubtle({ CryptoKey, makeKey, material }) {
  const keysOf = own('./subtle-keys')({ run, makeKey, material });

    /** What a key is made of, if it may be used so. */
  function use(key, usage, algorithm) {
    if (!(key instanceof CryptoKey)) {
      throw refused(usage, `${ORDINALS[/wrap/.test(usage) ? 3 : 2]} argument is not of type CryptoKey.`);
    }
    if (key.algorithm.name !== algorithm.name) throw new DOMException('Key algorithm mismatch', 'InvalidAccessError');
    if (!key.usages.includes(usage)) {
      throw new DOMException(`Unable to use this key to ${usage}`, 'InvalidAccessError');
    }
    return material.get(key)?.data;
  }

  function cipher(direction, algorithm, key, data, usage = direction) {
    const bytes = use(key, usage, algorithm);
    if (algorithm.name === 'RSA-OAEP') {
      return run(`RSA-OAEP-${direction}`, key.algorithm.hash.name, bytes, data, algorithm.label ?? new Uint8Array(0));
    }
    const { iv, counter, additionalData, tagLength = 128 } = algorithm;
    return run(direction, algorithm.name, bytes, counter ?? iv ?? new Uint8Array(0), data, additionalData, tagLength);
  }

  function sign(algorithm, key, data) {
    const bytes = use(key, 'sign', algorithm);
    switch (algorithm.name) {
      case 'HMAC':
        return host.hmac(key.algorithm.hash.name, bytes, data);
      case 'ECDSA':
        return run('sign', key.algorithm.namedCurve, algorithm.hash.name, bytes, data);
      case 'Ed25519':
        return run('sign', 'Ed25519', undefined, bytes, data);
      default:
        return run('sign', algorithm.name, key.algorithm.hash.name, bytes, data, algorithm.saltLength ?? 0);
    }
  }

  function verify(algorithm, key, signature, data) {
    const bytes = use(key, 'verify', algorithm);
    switch (algorithm.name) {
      case 'HMAC': {
        const expected = host.hmac(key.algorithm.hash.name, bytes, data);
        return expected.length === signature.length && expected.reduce((sum, byte, at) => sum | (byte ^ signature[at]), 0) === 0;
      }
      case 'ECDSA':
        return run('verify', key.algorithm.namedCurve, algorithm.hash.name, bytes, data, signature);
      case 'Ed25519':
        return run('verify', 'Ed25519', undefined, bytes, data, signature);
      default:
        return run('verify', algorithm.name, key.algorithm.hash.name, bytes, data, signature, algorithm.saltLength ?? 0);
    }
  }

    /** @param {number | null} bits */
  function derive(algorithm, key, bits, usage) {
    const bytes = use(key, usage, algorithm);
    if (algorithm.name === 'ECDH') return agreed(algorithm, key, bytes, bits);
    if (bits === null || bits === undefined || bits % 8 !== 0) {
      throw new DOMException('length cannot be null and must be a multiple of 8', 'OperationError');
    }
    const { hash, salt, info, iterations } = algorithm;
    if (algorithm.name === 'HKDF') return run('HKDF', hash.name, bytes, salt, info, bits / 8);
    if (iterations === 0) throw new DOMException('iterations cannot be zero', 'OperationError');
    return run('PBKDF2', hash.name, bytes, salt, iterations, bits / 8);
  }

  function agreed(algorithm, key, bytes, bits) {
    const { namedCurve } = key.algorithm;
    if (algorithm.public.algorithm.namedCurve !== namedCurve) throw new DOMException('Named curve mismatch', 'InvalidAccessError');
    const secret = run('ECDH', namedCurve, bytes, material.get(algorithm.public)?.data);
    if (bits === null || bits === undefined) return secret;
    if (bits > secret.length * 8) throw new DOMException('derived bit length is too small', 'OperationError');
    const kept = secret.slice(0, Math.ceil(bits / 8));
    if (bits % 8) kept[kept.length - 1] &= 0xff << (8 - (bits % 8));
    return kept;
  }

  function wrap(format, key, wrappingKey, algorithm) {
    const exported = keysOf.exportKey(format, key);
    const bytes = format === 'jwk' ? host.utf8Encode(JSON.stringify(exported)) : new Uint8Array(exported);
    return cipher('encrypt', algorithm, wrappingKey, bytes, 'wrapKey');
  }

  function unwrap({ format, wrapped, key, algorithm, keyAlgorithm, extractable, usages }) {
    const bytes = cipher('decrypt', algorithm, key, wrapped, 'unwrapKey');
    const data = format === 'jwk' ? JSON.parse(host.utf8Decode(bytes)) : bytes;
    return keysOf.importKey(format, data, keyAlgorithm, extractable, usages);
  }

  const methods = {
    digest: (algorithm, data) => bufferOf(host.digest(hashOf(algorithm).name, copyOf(data))),
    encrypt: (algorithm, key, data) => bufferOf(cipher('encrypt', algorithmOf(algorithm, 'encrypt'), key, copyOf(data))),
    decrypt: (algorithm, key, data) => bufferOf(cipher('decrypt', algorithmOf(algorithm, 'encrypt'), key, copyOf(data))),
    sign: (algorithm, key, data) => bufferOf(sign(algorithmOf(algorithm, 'sign'), key, copyOf(data))),
    verify: (algorithm, key, signature, data) =>
      verify(algorithmOf(algorithm, 'sign'), key, copyOf(signature), copyOf(data)),
    deriveBits: (algorithm, key, bits = null) => bufferOf(derive(algorithmOf(algorithm, 'derive'), key, bits, 'deriveBits')),
    deriveKey(algorithm, key, derived, extractable, usages) {
      const wanted = algorithmOf(derived, DERIVATIONS.includes(derived?.name ?? derived) ? 'import' : 'derived');
      const bits = derive(algorithmOf(algorithm, 'derive'), key, keysOf.lengthOf(wanted), 'deriveKey');
      return keysOf.importKey('raw', bits, wanted, extractable, usages);
    },
    generateKey: (algorithm, extractable, usages) =>
      keysOf.generateKey(algorithmOf(algorithm, 'generate'), Boolean(extractable), Array.from(usages)),
    importKey(format, data, algorithm, extractable, usages) {
      if (format !== 'jwk' && !isData(data)) {
        throw refused('importKey', '2nd argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.');
      }
      const given = format === 'jwk' ? data : copyOf(data);
      return keysOf.importKey(format, given, algorithmOf(algorithm, 'import'), Boolean(extractable), Array.from(usages));
    },
    exportKey: (format, key) => keysOf.exportKey(format, key),
    wrapKey: (format, key, wrappingKey, algorithm) => bufferOf(wrap(format, key, wrappingKey, algorithmOf(algorithm, 'encrypt'))),
    unwrapKey: (format, wrapped, key, algorithm, keyAlgorithm, extractable, usages) =>
      unwrap({
        format,
        wrapped: copyOf(wrapped),
        key,
        algorithm: algorithmOf(algorithm, 'encrypt'),
        keyAlgorithm: algorithmOf(keyAlgorithm, 'import'),
        extractable: Boolean(extractable),
        usages: Array.from(usages),
      }),
  };
    // Whatever goes wrong, goes wrong in the promise.
  const entries = Object.entries(methods).map(([name, method]) => {
    const wrapped = {
      async [name](...args) {
        check(name, args);
        return method(...args);
      },
    };
    return [name, wrapped[name]];
  });
  return Object.fromEntries(entries);
};
