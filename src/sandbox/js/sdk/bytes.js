'use strict';
/**
 * Bytes and text: base64, UTF-8 lengths, charsets.
 */

/** Bytes that `string` takes in UTF-8. @param {string} string */
function utf8Length(string) {
  let length = string.length;
  for (let i = 0; i < string.length; i++) {
    const unit = string.charCodeAt(i);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2;
    // A surrogate pair is four bytes for two units: the second unit adds nothing.
    if (unit >= 0xd800 && unit < 0xdc00 && (string.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return length;
}

/** One character a byte. @param {Uint8Array} bytes */
function latin1(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode.apply(null, /** @type {any} */ (bytes.subarray(at, at + 8192)));
  }
  return text;
}

/** Charsets that mean plain bytes here, though the web reads them as windows-1252. */
const LATIN1 = new Set(['iso-8859-1', 'iso8859-1', 'iso88591', 'latin1', 'l1', 'binary', 'cp819', 'ibm819', 'csisolatin1']);

/** Text without the byte order mark it may begin with. @param {string} text */
const withoutMark = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/**
 * The text of a body; a charset nobody knows is read as UTF-8, a byte order mark is dropped.
 * @param {Uint8Array} bytes
 * @param {string | undefined} charset
 */
function decode(bytes, charset) {
  if (!charset || charset === 'utf8' || charset === 'utf-8') return utf8(bytes);
  if (LATIN1.has(charset)) return latin1(bytes);
  if (charset === 'ascii' || charset === 'us-ascii') return latin1(bytes.map((byte) => byte & 0x7f));
  try {
    const text = host.utf8Decode(bytes, charset, false);
    return text === undefined ? utf8(bytes) : withoutMark(text);
  } catch {
    return utf8(bytes);
  }
}

/** @param {Uint8Array} bytes */
const utf8 = (bytes) => withoutMark(host.utf8Decode(bytes, 'utf-8', false));

/** @param {string} base64 */
function fromBase64(base64) {
  const { fromBase64: native } = /** @type {any} */ (Uint8Array);
  if (native) return native.call(Uint8Array, base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

module.exports = { utf8Length, decode, latin1, fromBase64 };
