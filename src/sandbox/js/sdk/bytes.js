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
const LATIN1 = new Set(['iso88591', 'latin1', 'l1', 'binary', 'cp819', 'ibm819', 'csisolatin1']);

/** The web takes these for windows-1252, too: here a byte above 0x7f is none of them. */
const ASCII = new Set(['ascii', 'usascii', 'csascii', 'us', 'iso646us', 'ansix341968', 'ansix341986', 'cp367', 'ibm367']);

/** What the web calls encodings that others name otherwise. @type {Record<string, string>} */
const NAMES = { utf8: 'utf-8', ucs2: 'utf-16le', utf16le: 'utf-16le', latin9: 'iso-8859-15', macroman: 'macintosh' };

/**
 * The web's name of a charset whose name is written without marks (`win1251`, `iso885915`).
 * @param {string} plain
 */
const nameOf = (plain) =>
  NAMES[plain] || plain.replace(/^(?:cp|win|windows)?(125\d)$/, 'windows-$1').replace(/^iso8859(\d+)$/, 'iso-8859-$1');

/** Text without the byte order mark it may begin with. @param {string} text */
const withoutMark = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/**
 * The text of a body; a charset nobody knows is read as UTF-8, a byte order mark is dropped.
 * @param {Uint8Array} bytes
 * @param {string | undefined} charset
 */
function decode(bytes, charset) {
  if (!charset || charset === 'utf8' || charset === 'utf-8') return utf8(bytes);
  // Marks do not count: `ISO_8859-1` is `iso88591`.
  const plain = charset.toLowerCase().replace(/:\d{4}$|[^0-9a-z]/g, '');
  if (LATIN1.has(plain)) return latin1(bytes);
  if (ASCII.has(plain)) return latin1(bytes).replace(/[\x80-\xff]/g, '\ufffd');
  try {
    const text = host.utf8Decode(bytes, nameOf(plain), false) ?? host.utf8Decode(bytes, charset, false);
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
