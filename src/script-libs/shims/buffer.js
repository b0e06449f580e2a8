// Node's module `buffer`: npm's Buffer with the constants and web names Postman's sandbox puts beside it.
const { Buffer, SlowBuffer, INSPECT_MAX_BYTES, kMaxLength } = require("buffer/");

const kStringMaxLength = (1 << 28) - 16;

/** What Node calls a value that is no buffer's making. */
function received(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object") return `an instance of ${value.constructor?.name ?? "Object"}`;
  const text = typeof value === "bigint" ? `${value}n` : String(value);
  return `type ${typeof value} (${text})`;
}

// npm's knows no base64url but reads it as base64, which it does.
const isUrl = (encoding) => String(encoding).toLowerCase() === "base64url";
const known = (encoding) => (isUrl(encoding) ? "base64" : encoding);

const from = Buffer.from;
Buffer.from = function (value, encodingOrOffset, length) {
  try {
    return from(value, known(encodingOrOffset), length);
  } catch (thrown) {
    if (!/^The (first|"value") argument must/.test(thrown?.message)) throw thrown;
    const error = new TypeError(
      "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an " +
                `Array-like Object. Received ${received(value)}`,
    );
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }
};

const { isEncoding, byteLength } = Buffer;
Buffer.isEncoding = (encoding) => isUrl(encoding) || isEncoding(encoding);
Buffer.byteLength = (value, encoding) => byteLength(value, known(encoding));

const { toString, write } = Buffer.prototype;
Buffer.prototype.toString = function (encoding, start, end) {
  if (!isUrl(encoding)) return toString.call(this, encoding, start, end);
  return toString.call(this, "base64", start, end).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};
Buffer.prototype.write = function (text, ...where) {
  return write.call(this, text, ...where.map(known));
};

function notImplemented() {
  throw new Error("Not implemented");
}

module.exports = {
  Buffer,
  SlowBuffer,
  INSPECT_MAX_BYTES,
  kMaxLength,
  kStringMaxLength,
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
    // Looked up when asked for: the host defines them lazily.
  get File() {
    return globalThis.File;
  },
  get Blob() {
    return globalThis.Blob;
  },
  atob,
  btoa,
  isAscii: notImplemented,
  isUtf8: notImplemented,
  resolveObjectURL: notImplemented,
  transcode: notImplemented,
};
