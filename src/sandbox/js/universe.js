// @ts-check
/**
 * Makes the engine's global object the one scripts may see: standard names only, errors that speak as Postman's.
 */
'use strict';

/** Names Postman leaves on the global object. Web APIs come from `globals.js` through the scope of each script. */
const ALLOWED = new Set(`
  Array ArrayBuffer Atomics BigInt Boolean DataView Date Function Infinity Intl JSON Map Math NaN Number Object
  Promise Proxy Reflect RegExp Set SharedArrayBuffer String Symbol WeakMap WeakSet decodeURI decodeURIComponent
  encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt undefined unescape eval queueMicrotask
  AggregateError Error EvalError RangeError ReferenceError SyntaxError TypeError URIError
  BigInt64Array BigUint64Array Float32Array Float64Array Int16Array Int32Array Int8Array Uint16Array Uint32Array
  Uint8Array Uint8ClampedArray atob btoa DOMException
`.match(/\S+/g));

/**
 * Removes what scripts must not see, and settles what errors look like.
 * @returns {() => void} lets the engine make errors by itself from now on
 */
function clean() {
  const universe = (0, eval)('this');
  for (const name of Object.getOwnPropertyNames(universe)) {
    if (!ALLOWED.has(name)) delete universe[name];
  }
  // Sugar has one that scripts were written with.
  delete /** @type {any} */ (RegExp).escape;
  const { set } = /** @type {any} */ (Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace'));
  Reflect.apply(set, Error, [own('./wording').prepare]);
  // The engine keeps it; a script could read the functions of our own frames through it.
  Object.defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
  heading();
  Object.defineProperty(Error.prototype, 'toJSON', {
    value() {
      return { type: 'Error', name: this.name, message: this.message };
    },
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return () => Reflect.apply(set, Error, [undefined]);
}

/** Stacks begin with the message, as scripts expect them to. */
function heading() {
  const { get, set } = /** @type {any} */ (Object.getOwnPropertyDescriptor(Error.prototype, 'stack'));
  Object.defineProperty(Error.prototype, 'stack', {
    get() { return headed(this, Reflect.apply(get, this, [])); },
    set,
    enumerable: false,
    configurable: true,
  });
  const capture = /** @type {any} */ (Error).captureStackTrace;
  Object.defineProperty(Error, 'captureStackTrace', {
    /** @param {any} target @param {any} [above] */
    value: function captureStackTrace(target, above) {
      capture(target, typeof above === 'function' ? above : captureStackTrace);
      const { stack } = target;
      Object.defineProperty(target, 'stack', {
        value: headed(target, stack), writable: true, enumerable: false, configurable: true,
      });
    },
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** @param {any} error @param {any} stack */
function headed(error, stack) {
  if (typeof stack !== 'string') return stack;
  return stack === '' ? `Error: ${error.message}` : `Error: ${error.message}\n${stack}`;
}

module.exports = { clean };
