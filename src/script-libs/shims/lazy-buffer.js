// For libraries that ask of whatever they meet whether it is a Buffer: before `buffer` is loaded, nothing is.
const marked = (value) => Boolean(value) && value._isBuffer === true;
const real = () => require("buffer").Buffer;

export class Buffer {
  static [Symbol.hasInstance](value) {
    return marked(value) && value instanceof real();
  }

  static isBuffer(value) {
    return marked(value) && real().isBuffer(value);
  }

  static allocUnsafe(size) {
    return real().allocUnsafe(size);
  }
}
