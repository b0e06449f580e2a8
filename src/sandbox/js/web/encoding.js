'use strict';

/** `TextEncoder` and `TextDecoder` over the host's decoders. https://encoding.spec.whatwg.org */

const EMPTY = new Uint8Array(0);

/** @returns {Uint8Array} the bytes a buffer or a view shows, not copied */
function bytesOf(source) {
  if (source === undefined) return EMPTY;
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer || Object.prototype.toString.call(source) === '[object SharedArrayBuffer]') {
    return new Uint8Array(source);
  }
  const error = new TypeError('The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.');
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

const encode = (text) => host.utf8Encode(String(text).toWellFormed());

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }

  encode(text = '') {
    return encode(text);
  }

    /** Writes as many whole characters as the target holds. */
  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    for (const char of String(text)) {
      const bytes = encode(char);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      read += char.length;
      written += bytes.length;
    }
    return { read, written };
  }

  get [Symbol.toStringTag]() {
    return 'TextEncoder';
  }
}

/** How many bytes at the end start a character that is not whole yet. @param {Uint8Array} bytes */
function openUtf8(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** @param {boolean} bigEndian */
function openUtf16(bytes, bigEndian) {
  const odd = bytes.length % 2;
  if (bytes.length - odd < 2) return odd;
  const high = bytes[bytes.length - odd - (bigEndian ? 2 : 1)];
  return odd + (high >= 0xd8 && high < 0xdc ? 2 : 0);
}

/** Encodings that keep state between characters: read as a whole once the stream ends. */
const STATEFUL = /^(gb|big5|euc|iso-2022|shift)/;

function openBytes(encoding, bytes) {
  if (encoding === 'utf-8') return openUtf8(bytes);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return openUtf16(bytes, encoding === 'utf-16be');
  return STATEFUL.test(encoding) ? bytes.length : 0;
}

function joined(first, second) {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function coded(error, code) {
  error.code = code;
  return error;
}

/** Encodings whose byte order mark is no part of the text. */
const MARKED = ['utf-8', 'utf-16le', 'utf-16be'];

/** Text of bytes, its byte order mark with it. */
function decodeAll(bytes, encoding, fatal) {
  const text = host.utf8Decode(bytes, encoding, fatal);
  if (text !== undefined) return text;
  const message = `The encoded data was not valid for encoding ${encoding}`;
  throw coded(new TypeError(message), 'ERR_ENCODING_INVALID_ENCODED_DATA');
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
    /** Bytes of a character that is not whole yet. */
  #open = EMPTY;
  #started = false;

  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.#encoding = host.encodingName(String(label));
    if (this.#encoding === undefined) {
      throw coded(new RangeError(`The "${label}" encoding is not supported`), 'ERR_ENCODING_NOT_SUPPORTED');
    }
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(source, { stream = false } = {}) {
    const bytes = joined(this.#open, bytesOf(source));
    const keep = stream ? openBytes(this.#encoding, bytes) : 0;
    const continued = this.#started;
    this.#open = EMPTY;
    this.#started = false;
    const text = decodeAll(bytes.subarray(0, bytes.length - keep), this.#encoding, this.#fatal);
    this.#open = bytes.slice(bytes.length - keep);
    this.#started = stream && (continued || text !== '');
    const marked = !continued && !this.#ignoreBOM && MARKED.includes(this.#encoding) && text.startsWith('\ufeff');
    return marked ? text.slice(1) : text;
  }

  get [Symbol.toStringTag]() {
    return 'TextDecoder';
  }
}

module.exports = { TextDecoder, TextEncoder, bytesOf };
