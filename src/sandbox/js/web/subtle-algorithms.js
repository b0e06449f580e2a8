'use strict';

/** The algorithms of `crypto.subtle`: what each may be used for and how its parameters are read. */

const DOMException = own('./dom-exception');
const { bytesOf } = own('./encoding');

const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const CURVES = ['P-256', 'P-384', 'P-521'];
const RSA_SIGNATURES = ['RSASSA-PKCS1-v1_5', 'RSA-PSS'];
const RSA = [...RSA_SIGNATURES, 'RSA-OAEP'];
const AES = ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW'];
const DERIVATIONS = ['PBKDF2', 'HKDF'];
const EC = ['ECDSA', 'ECDH'];

/** What can be done with which algorithm. */
const OPERATIONS = {
  encrypt: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW', 'RSA-OAEP'],
  sign: ['HMAC', ...RSA_SIGNATURES, 'ECDSA', 'Ed25519'],
  derive: ['ECDH', ...DERIVATIONS],
  generate: [...AES, ...RSA, ...EC, 'HMAC', 'Ed25519'],
  import: [...AES, ...RSA, ...EC, ...DERIVATIONS, 'HMAC', 'Ed25519'],
  derived: [...AES, 'HMAC'],
};

const unknown = () => new DOMException('Unrecognized algorithm name', 'NotSupportedError');

/** Names are matched whatever their case. */
function named(name, names) {
  const found = names.find((one) => one.toLowerCase() === String(name).toLowerCase());
  if (found === undefined) throw unknown();
  return found;
}

/** @returns {{name: string}} */
function hashOf(algorithm) {
  return { name: named(typeof algorithm === 'object' && algorithm ? algorithm.name : algorithm, HASHES) };
}

/** What the standard calls the parameters of an algorithm, by operation. */
function dictionary(name, operation) {
  if (operation === 'generate' || operation === 'import' || operation === 'derived') {
    const ending = operation === 'generate' ? 'KeyGenParams' : 'ImportParams';
    if (RSA.includes(name)) return `RsaHashed${ending}`;
    if (EC.includes(name)) return `EcKey${ending.replace('Key', '')}`;
    return name === 'HMAC' ? `Hmac${ending}` : operation === 'derived' ? 'AesDerivedKeyParams' : 'AesKeyGenParams';
  }
  const words = { ECDSA: 'Ecdsa', ECDH: 'EcdhKeyDerive', PBKDF2: 'Pbkdf2', HKDF: 'Hkdf', Algorithm: undefined };
  if (name in words) return words[name] ? `${words[name]}Params` : name;
  return `${name.split('-').map((word) => word[0] + word.slice(1).toLowerCase()).join('')}Params`;
}

function missing(member, name, operation) {
  const type = dictionary(name, operation);
  const error = new TypeError(
        `Failed to normalize algorithm: passed algorithm can not be converted to '${type}' because '${member}' is required in '${type}'.`,
  );
  error.code = 'ERR_MISSING_OPTION';
  return error;
}

function required(given, member, name, operation) {
  if (given[member] === undefined) throw missing(member, name, operation);
  return given[member];
}

const bytes = (given, member, name, operation) => bytesOf(required(given, member, name, operation)).slice();

function iv(given, name, length) {
  const value = bytes(given, 'iv', name);
  if (length && value.length !== length) throw new DOMException('algorithm.iv must contain exactly 16 bytes', 'OperationError');
  return value;
}

/** How the parameters of encryption are read. */
const ENCRYPTION = {
  'AES-CBC': (given, name) => ({ iv: iv(given, name, 16) }),
  'AES-GCM': (given, name) => {
    const { tagLength = 128, additionalData } = given;
    if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) {
      throw new DOMException(`${tagLength} is not a valid AES-GCM tag length`, 'OperationError');
    }
    return { iv: iv(given, name), tagLength, additionalData: additionalData && bytesOf(additionalData).slice() };
  },
  'AES-CTR': (given, name) => {
    const counter = bytes(given, 'counter', name);
    if (counter.length !== 16 || !(given.length > 0 && given.length <= 128)) {
      throw new DOMException('AES-CTR algorithm.length must be between 1 and 128', 'OperationError');
    }
    return { counter };
  },
  'AES-KW': () => ({}),
  'RSA-OAEP': ({ label }) => ({ label: label && bytesOf(label).slice() }),
};

const SIGNING = {
  ECDSA: (given, name) => ({ hash: hashOf(required(given, 'hash', name)) }),
  'RSA-PSS': (given, name) => ({ saltLength: Number(required(given, 'saltLength', name)) }),
};

const DERIVATION = {
  PBKDF2: (given, name) => ({
    hash: hashOf(required(given, 'hash', name)),
    salt: bytes(given, 'salt', name),
    iterations: Number(required(given, 'iterations', name)),
  }),
  HKDF: (given, name) => ({
    hash: hashOf(required(given, 'hash', name)),
    salt: bytes(given, 'salt', name),
    info: bytes(given, 'info', name),
  }),
  ECDH: (given, name) => ({ public: required(given, 'public', name) }),
};

/** The parameters of a key itself. */
function keyParameters(given, name, operation) {
  if (RSA.includes(name)) {
    const hash = { hash: hashOf(required(given, 'hash', name, operation)) };
    if (operation === 'import') return hash;
    const exponent = bytes(given, 'publicExponent', name, operation);
    return { modulusLength: Number(required(given, 'modulusLength', name, operation)), publicExponent: exponent, ...hash };
  }
  if (EC.includes(name)) {
    const curve = required(given, 'namedCurve', name, operation);
    if (!CURVES.includes(curve)) throw new DOMException('Unrecognized namedCurve', 'NotSupportedError');
    return { namedCurve: curve };
  }
  if (name === 'HMAC') return { hash: hashOf(required(given, 'hash', name, operation)), length: given.length };
  if (AES.includes(name) && operation !== 'import') {
    const length = Number(required(given, 'length', name, operation));
    if (![128, 192, 256].includes(length)) throw new DOMException('Invalid key length', 'OperationError');
    return { length };
  }
  return {};
}

/**
 * Checks and completes what a script gave as an algorithm.
 *
 * @param {string | object} given
 * @param {keyof typeof OPERATIONS} operation
 */
function algorithmOf(given, operation) {
  const options = typeof given === 'object' && given !== null ? given : { name: given };
  const name = named(required(options, 'name', 'Algorithm'), OPERATIONS[operation]);
  const readers = { encrypt: ENCRYPTION, sign: SIGNING, derive: DERIVATION }[operation];
  return { name, ...(readers ? readers[name]?.(options, name) : keyParameters(options, name, operation)) };
}

module.exports = { AES, DERIVATIONS, EC, RSA, algorithmOf, hashOf };
