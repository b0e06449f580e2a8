'use strict';

/** Keys of `crypto.subtle`: made, imported and exported in all formats. */

const DOMException = own('./dom-exception');
const { AES, DERIVATIONS, RSA } = own('./subtle-algorithms');

/** Bits of the blocks of hash functions: as long is an HMAC key that names no length. */
const BLOCK_BITS = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };

/** What keys of an algorithm may do: `[secret or private, public]`. */
function usagesOf(name) {
  if (AES.includes(name)) {
    const secret = name === 'AES-KW' ? ['wrapKey', 'unwrapKey'] : ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
    return [secret, []];
  }
  if (name === 'HMAC') return [['sign', 'verify'], []];
  if (name === 'RSA-OAEP') return [['decrypt', 'unwrapKey'], ['encrypt', 'wrapKey']];
  if (name === 'ECDH' || DERIVATIONS.includes(name)) return [['deriveKey', 'deriveBits'], []];
  return [['sign'], ['verify']];
}

const base64url = {
    /** @param {Uint8Array} bytes */
  encode: (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, ''),
    /** @param {string} text */
  decode: (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0)),
};

const invalid = (message) => new DOMException(message, 'DataError');

/** The name JWK has for an algorithm. RFC 7518 §3.1, §4.1 */
function jwkAlgorithm({ name, hash, length }) {
  const digits = hash?.name.slice('SHA-'.length);
  switch (name) {
    case 'HMAC':
      return `HS${digits}`;
    case 'RSASSA-PKCS1-v1_5':
      return `RS${digits}`;
    case 'RSA-PSS':
      return `PS${digits}`;
    case 'RSA-OAEP':
      return digits === '1' ? 'RSA-OAEP' : `RSA-OAEP-${digits}`;
    default:
      return AES.includes(name) ? `A${length}${name.slice('AES-'.length)}` : undefined;
  }
}

/** @param {{run: Function, makeKey: Function, material: WeakMap<object, {data: Uint8Array}>}} given */
module.exports = function keys({ run, makeKey, material }) {
  const kindOf = ({ name, namedCurve }) => (RSA.includes(name) ? 'RSA' : (namedCurve ?? name));

  function build(type, algorithm, extractable, usages, data) {
    const [ofSecret, ofPublic] = usagesOf(algorithm.name);
    const allowed = type === 'public' ? ofPublic : ofSecret;
    if (usages.some((usage) => !allowed.includes(usage))) {
      throw new DOMException(`Unsupported key usage for ${/^(EC|Ed)/.test(algorithm.name) || RSA.includes(algorithm.name) ? 'an' : 'a'} ${algorithm.name} key`, 'SyntaxError');
    }
    if (usages.length === 0 && type !== 'public') {
      throw new DOMException(`Usages cannot be empty when importing a ${type} key.`, 'SyntaxError');
    }
    const unique = [...new Set(usages)];
    return makeKey({ type, extractable: type === 'public' || extractable, algorithm, usages: unique }, { data });
  }

    /** Bits of a key that is derived: none where any will do. */
  function lengthOf({ name, length, hash }) {
    if (name === 'HMAC') return length ?? BLOCK_BITS[hash.name];
    return DERIVATIONS.includes(name) ? null : length;
  }

    /** The algorithm of a key as the key tells it. */
  function described(algorithm, type, data) {
    const { name, hash, namedCurve } = algorithm;
    if (AES.includes(name)) {
      const length = data.length * 8;
      if (![128, 192, 256].includes(length)) throw invalid('Invalid key length');
      return { name, length };
    }
    if (name === 'HMAC') {
      if (data.length === 0) throw invalid('Zero-length key is not supported');
      return { name, hash, length: algorithm.length ?? data.length * 8 };
    }
    if (!RSA.includes(name)) return namedCurve ? { name, namedCurve } : { name };
    const { n, e } = JSON.parse(run('export', 'RSA', `jwk-${type}`, data));
    return { name, modulusLength: bits(base64url.decode(n)), publicExponent: base64url.decode(e), hash };
  }

  const bits = (number) => number.length * 8 - Math.clz32(number[0]) + 24;

  function importKey(format, data, algorithm, extractable, usages) {
    const { name } = algorithm;
    const isSecret = AES.includes(name) || name === 'HMAC' || DERIVATIONS.includes(name);
    const [type, bytes] = isSecret ? ['secret', secretBytes(format, data, algorithm)] : pairBytes(format, data, algorithm);
    if (DERIVATIONS.includes(name) && extractable) throw new DOMException(`${name} keys are not extractable`, 'SyntaxError');
    return build(type, described(algorithm, type, bytes), extractable, usages, bytes);
  }

  function secretBytes(format, data, algorithm) {
    if (format === 'raw') return data;
    if (format !== 'jwk' || DERIVATIONS.includes(algorithm.name)) {
      throw new DOMException(`Unable to import ${algorithm.name} key using ${format} format`, 'NotSupportedError');
    }
    if (data?.kty !== 'oct' || typeof data.k !== 'string') throw invalid('Invalid JWK "kty" Parameter');
    return base64url.decode(data.k);
  }

  function pairBytes(format, data, algorithm) {
    const kind = kindOf(algorithm);
    if (format === 'jwk') {
      const kty = kind === 'RSA' ? 'RSA' : kind === 'Ed25519' ? 'OKP' : 'EC';
      if (data?.kty !== kty) throw invalid('Invalid JWK "kty" Parameter');
      if (data.crv !== undefined && data.crv !== kind) throw invalid('JWK "crv" does not match the requested algorithm');
      const type = data.d === undefined ? 'public' : 'private';
      return [type, run('import', kind, `jwk-${type}`, JSON.stringify(data))];
    }
    if (!['pkcs8', 'spki', 'raw'].includes(format)) throw new TypeError(`The argument 'format' is invalid. Received '${format}'`);
    return [format === 'pkcs8' ? 'private' : 'public', run('import', kind, format, data)];
  }

  function exportKey(format, key) {
    if (!key.extractable) throw new DOMException('key is not extractable', 'InvalidAccessException');
    const { data } = /** @type {{data: any}} */ (material.get(key));
    const { algorithm, type } = key;
    if (format === 'jwk') return toJwk(key, data);
    const fits = { raw: type === 'secret' || (type === 'public' && !RSA.includes(algorithm.name)), pkcs8: type === 'private', spki: type === 'public' };
    if (!fits[format]) throw new DOMException(`Unable to export a raw ${algorithm.name} ${type} key`.replace('raw', format), 'NotSupportedError');
    const bytes = format === 'raw' && type === 'public' ? run('export', kindOf(algorithm), 'raw', data) : data;
    return bytes.slice().buffer;
  }

  function toJwk({ algorithm, type, usages, extractable }, data) {
    const about = { key_ops: [...usages], ext: extractable };
    if (type === 'secret') return { ...about, kty: 'oct', k: base64url.encode(data), alg: jwkAlgorithm(algorithm) };
    const kind = kindOf(algorithm);
    const numbers = JSON.parse(run('export', kind, `jwk-${type}`, data));
    if (kind === 'RSA') return { ...about, kty: 'RSA', ...numbers, alg: jwkAlgorithm(algorithm) };
    const { d, ...point } = numbers;
    if (kind === 'Ed25519') return { ...about, crv: kind, ...point, ...(d && { d }), kty: 'OKP', alg: kind };
    return { ...about, kty: 'EC', ...point, crv: kind, ...(d && { d }) };
  }

  function generateKey(algorithm, extractable, usages) {
    const { name } = algorithm;
    if (AES.includes(name) || name === 'HMAC') {
      const data = host.random(Math.ceil(lengthOf(algorithm) / 8));
      const key = described({ ...algorithm, length: lengthOf(algorithm) }, 'secret', data);
      return build('secret', key, extractable, usages, data);
    }
    const kind = kindOf(algorithm);
    const privateData = kind === 'RSA' ? run('generate', kind, algorithm.modulusLength, algorithm.publicExponent) : run('generate', kind);
    const publicData = run('public', kind, privateData);
    const [ofPrivate, ofPublic] = usagesOf(name);
    if (usages.some((usage) => !ofPrivate.includes(usage) && !ofPublic.includes(usage))) {
      throw new DOMException(`Unsupported key usage for a ${name} key`, 'SyntaxError');
    }
    const only = (allowed) => usages.filter((usage) => allowed.includes(usage));
    const own = described(algorithm, 'private', privateData);
    return {
      publicKey: build('public', own, true, only(ofPublic), publicData),
      privateKey: build('private', own, extractable, only(ofPrivate), privateData),
    };
  }

  return { exportKey, generateKey, importKey, lengthOf };
};
