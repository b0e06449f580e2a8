'use strict';

/** `DOMException`: the engine's own, or this one. https://webidl.spec.whatwg.org/#idl-DOMException */

const CODES = {
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

class Fallback extends Error {
  #name;

  constructor(message = '', options = /** @type {any} */ ('Error')) {
    super(message);
    this.#name = String(typeof options === 'object' ? (options?.name ?? 'Error') : options);
    if (typeof options === 'object' && options !== null && 'cause' in options) this.cause = options.cause;
  }

  get name() {
    return this.#name;
  }

  get code() {
    return CODES[this.#name] ?? 0;
  }

  get [Symbol.toStringTag]() {
    return 'DOMException';
  }
}

Object.defineProperty(Fallback, 'name', { value: 'DOMException' });

module.exports = typeof DOMException === 'function' ? DOMException : Fallback;
