'use strict';

/**
 * The globals of the web platform that Postman's scripts have, each built when a script first names it.
 *
 * Timers, `console`, `pm` and `require` are not here: they belong to one script, these to all.
 */

const library = own('./web/library');

/** @type {Record<string, (name: string) => unknown>} what each file of ours gives */
const from = {
  url: (name) => own('./web/url')[name],
  event: (name) => own('./web/events')[name],
  stream: (name) => own('./web/streams')[name],
  encoding: (name) => own('./web/encoding')[name],
  blob: (name) => own('./web/blob')[name],
  crypto: (name) => own('./web/crypto')[name],
};

const SOURCES = {
  url: ['URL', 'URLSearchParams'],
  event: ['Event', 'EventTarget', 'AbortController', 'AbortSignal'],
  stream: [
    'ReadableStream',
    'ReadableStreamDefaultReader',
    'ReadableStreamBYOBReader',
    'ReadableStreamBYOBRequest',
    'ReadableStreamDefaultController',
    'ReadableByteStreamController',
    'WritableStream',
    'WritableStreamDefaultController',
    'WritableStreamDefaultWriter',
    'TransformStream',
    'TransformStreamDefaultController',
    'ByteLengthQueuingStrategy',
    'CountQueuingStrategy',
    'TextEncoderStream',
    'TextDecoderStream',
    'CompressionStream',
    'DecompressionStream',
  ],
  encoding: ['TextEncoder', 'TextDecoder'],
  blob: ['Blob', 'File'],
  crypto: ['crypto', 'Crypto', 'CryptoKey', 'SubtleCrypto'],
};

/**
 * Prepares the built-in classes, once in a context, and tells how to build each global.
 *
 * @returns {Record<string, () => unknown>}
 */
module.exports = function globals() {
  own('./web/locale-methods').install();
  const getters = {
    Buffer: () => library('buffer').Buffer,
    Intl: () => own('./intl'),
    structuredClone: () => own('./web/structured-clone'),
  };
  for (const [source, names] of Object.entries(SOURCES)) {
    for (const name of names) getters[name] = () => from[source](name);
  }
  const base64 = own('./web/base64')(atob, btoa);
  getters.atob = () => base64.atob;
  getters.btoa = () => base64.btoa;
    // The engine's own where it has it.
  if (typeof DOMException !== 'function') getters.DOMException = () => own('./web/dom-exception');
  return getters;
};
