'use strict';

/**
 * Console arguments as one line of text, in the format of `teleport-javascript` 1.0.0, which Postman's sandbox sends:
 * a JSON array of values in which every string and nested object is the index of another value, and what JSON has no
 * word for is `_n`, an index into the list of typed texts that comes last.
 */

const is = own('./kinds');

const NUMBERED = {
  Int8Array: 'H',
  Uint8Array: 'I',
  Uint8ClampedArray: 'J',
  Int16Array: 'P',
  Uint16Array: 'Q',
  Int32Array: 'F',
  Uint32Array: 'G',
  Float32Array: 'K',
  Float64Array: 'L',
};

/** What Postman puts in place of values that cannot travel. */
function standIn(value) {
  if (typeof value === 'function') {
    const type = (value.constructor && value.constructor.name) || 'Function';
    return value.name ? `[${type}: ${value.name}]` : `[${type}]`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof WeakMap) return '[WeakMap]';
  if (value instanceof WeakSet) return '[WeakSet]';
  if (value instanceof ArrayBuffer) return `[ArrayBuffer { byteLength: ${value.byteLength} }]`;
  return value;
}

/** @returns {string | undefined} the typed text of a value that JSON has no word for */
function typedText(value, original) {
  switch (typeof value) {
    case 'undefined':
      return 'u';
    case 'bigint':
      return `b${value}`;
    case 'symbol':
      return `s${value.description ?? ''}`;
    case 'number':
      return Number.isFinite(value) ? undefined : `n${value}`;
    case 'string':
      return original instanceof Date ? `D${value}` : undefined;
    case 'object':
      return value === null ? undefined : typedObject(value, original);
    default:
      return undefined;
  }
}

function typedObject(value, original) {
  if (value.type === 'Buffer' && value.data && original instanceof Uint8Array) return `B${JSON.stringify(value.data)}`;
  if (value instanceof RegExp) return `R${value}`;
  if (value instanceof Map) return `M${stringify([...value])}`;
  if (value instanceof Set) return `S${stringify([...value])}`;
  const letter = NUMBERED[is.typedArrayName(value)];
  return letter && `${letter}${JSON.stringify(Array.from(value))}`;
}

/**
 * @param {unknown} root
 * @returns {string}
 */
function stringify(root) {
  const values = [];
  const indexes = new Map();
  const references = [];
  const referenceIndexes = new Map();
  const indexOf = (value) => {
    let index = indexes.get(value);
    if (index === undefined) {
      index = String(values.push(value) - 1);
      indexes.set(value, index);
    }
    return index;
  };
  const referenceOf = (text) => {
    let index = referenceIndexes.get(text);
    if (index === undefined) {
      index = `_${references.push(text) - 1}`;
      referenceIndexes.set(text, index);
    }
    return index;
  };
  let outermost;
  function replace(key, value) {
    const stood = standIn(value);
    const text = typedText(stood, this[key]);
    if (text !== undefined) return referenceOf(text);
    if (outermost) {
      outermost = false;
      return value;
    }
    return (typeof stood === 'object' && stood !== null) || typeof stood === 'string' ? indexOf(stood) : stood;
  }
  indexOf(standIn(root));
  const written = [];
    // `values` grows while its members are written.
  for (let at = 0; at < values.length; at++) {
    outermost = true;
    written.push(JSON.stringify(values[at], replace));
  }
  if (references.length > 0) written.push(JSON.stringify(references));
  return `[${written.join(',')}]`;
}

module.exports = { stringify };
