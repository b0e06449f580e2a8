// @ts-check
/**
 * Messages as JSON text. What JSON cannot say becomes text rather than an error of ours: cycles, BigInt.
 */
'use strict';

const { stringify } = JSON;

/**
 * @param {any[]} message
 * @param {boolean} [trace] errors carry their `stack` (Postman's never do)
 */
function encode(message, trace = false) {
  try {
    return stringify(message, trace ? withStack : undefined);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return stringify(message, tolerant());
  }
}

/** @this {any} @param {string} key @param {any} value */
function withStack(key, value) {
  const original = this[key];
  if (!(original instanceof Error) || typeof value !== 'object' || value === null || value.stack) return value;
  return { ...value, stack: String(original.stack) };
}

function tolerant() {
  /** @type {any[]} objects around the value being written */
  const around = [];
  /** @this {any} @param {string} _key @param {any} value */
  return function (_key, value) {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    while (around.length > 0 && around.at(-1) !== this) around.pop();
    if (around.includes(value)) return '[Circular]';
    around.push(value);
    return value;
  };
}

module.exports = { encode };
