'use strict';

/** `Blob` and `File`, held in memory. https://w3c.github.io/FileAPI */

const { bytesOf } = own('./encoding');

const contents = new WeakMap();

/** @returns {Uint8Array} the bytes of one part a Blob is made of */
function partBytes(part, endings) {
  if (contents.has(part)) return contents.get(part);
  if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return bytesOf(part);
  const text = String(part);
  return host.utf8Encode((endings === 'native' ? text.replace(/\r\n?/g, '\n') : text).toWellFormed());
}

function concatenate(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A type with characters outside printable ASCII counts for nothing. */
const mediaType = (type) => (/^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : '');

class Blob {
  #type;

  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== 'object' || typeof parts[Symbol.iterator] !== 'function') {
      const error = new TypeError('The "sources" argument must be a sequence');
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    const { type = '', endings = 'transparent' } = options ?? {};
    this.#type = mediaType(String(type));
    contents.set(this, concatenate(Array.from(parts, (part) => partBytes(part, endings))));
  }

  get size() {
    return contents.get(this).length;
  }

  get type() {
    return this.#type;
  }

  slice(start = 0, end = this.size, type = '') {
    return new Blob([contents.get(this).slice(start, end)], { type });
  }

  async arrayBuffer() {
    return contents.get(this).slice().buffer;
  }

  async text() {
    return host.utf8Decode(contents.get(this), 'utf-8', false).replace(/^\ufeff/, '');
  }

  stream() {
    const bytes = contents.get(this).slice();
    const { ReadableStream } = own('./streams');
    return new ReadableStream({
      type: 'bytes',
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  }

  get [Symbol.toStringTag]() {
    return 'Blob';
  }
}

class File extends Blob {
  #name;
  #lastModified;

  constructor(parts, name, options = {}) {
    if (arguments.length < 2) {
      const error = new TypeError('The "fileBits" and "fileName" arguments must be specified');
      error.code = 'ERR_MISSING_ARGS';
      throw error;
    }
    super(parts, options);
    this.#name = String(name).toWellFormed();
    this.#lastModified = Math.trunc(Number(options?.lastModified ?? host.now())) || 0;
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get [Symbol.toStringTag]() {
    return 'File';
  }
}

module.exports = { Blob, File };
