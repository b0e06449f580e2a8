'use strict';

/** The streams of the web platform: the library's, and those that encode, decode and compress. */

const { TextDecoder, TextEncoder, bytesOf } = own('./encoding');
const streams = own('./library')('internal/streams');

const { TransformStream } = streams;

/** A class whose two ends are those of a TransformStream. */
class Piped {
  #stream;

  constructor(transformer) {
    this.#stream = new TransformStream(transformer);
  }

  get readable() {
    return this.#stream.readable;
  }

  get writable() {
    return this.#stream.writable;
  }
}

class TextEncoderStream extends Piped {
  constructor() {
    const encoder = new TextEncoder();
        // A surrogate pair may come in two chunks.
    let high = '';
    super({
      transform(chunk, controller) {
        let text = high + String(chunk);
        high = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
        if (high) text = text.slice(0, -1);
        if (text) controller.enqueue(encoder.encode(text));
      },
      flush(controller) {
        if (high) controller.enqueue(encoder.encode(high));
      },
    });
  }

  get encoding() {
    return 'utf-8';
  }
}

class TextDecoderStream extends Piped {
  #decoder;

  constructor(label, options) {
    const decoder = new TextDecoder(label, options);
    super({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
    this.#decoder = decoder;
  }

  get encoding() {
    return this.#decoder.encoding;
  }

  get fatal() {
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }
}

const FORMATS = ['gzip', 'deflate', 'deflate-raw'];

/** Gathers all chunks: the host packs and unpacks whole texts. */
function packing(format, pack) {
  if (!FORMATS.includes(format)) {
    const error = new TypeError(`The argument 'format' must be one of: '${FORMATS.join("', '")}'. Received '${format}'`);
    error.code = 'ERR_INVALID_ARG_VALUE';
    throw error;
  }
  const chunks = [];
  return {
    transform(chunk) {
      chunks.push(bytesOf(chunk).slice());
    },
    flush(controller) {
      const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      const packed = pack(format, whole);
      if (packed === undefined) throw new TypeError('The compressed data was not valid');
      controller.enqueue(packed);
    },
  };
}

class CompressionStream extends Piped {
  constructor(format) {
    super(packing(String(format), host.compress));
  }
}

class DecompressionStream extends Piped {
  constructor(format) {
    super(packing(String(format), host.decompress));
  }
}

for (const type of [TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream]) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
}

module.exports = { ...streams, CompressionStream, DecompressionStream, TextDecoderStream, TextEncoderStream };
